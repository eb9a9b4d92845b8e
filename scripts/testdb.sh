# shellcheck shell=bash
# A private PostgreSQL to throw away, for tests and for `make prepare`. Source it after
# lib.sh and tools.sh, call testdb_start, and testdb_stop in a trap:
#     trap testdb_stop EXIT
#     testdb_start
# `testdb_start durable` writes to the disk what it says it wrote: for `make bench`.
# It exports DATABASE_URL, whose role is superuser. A DATABASE_URL that is set already is
# used as it is, and no server is started.

_testdb_dir=''
_testdb_as=()

# PostgreSQL refuses to run as root: somebody without privileges runs it then.
_testdb_user() {
    local user
    for user in postgres nobody; do
        if id "$user" >/dev/null 2>&1; then
            printf '%s' "$user"
            return 0
        fi
    done
    return 1
}

testdb_start() {
    local bin password port user try durability="${1:-}"
    if [ -n "${DATABASE_URL:-}" ]; then return 0; fi
    bin="$(postgres_bin)" || die "PostgreSQL $POSTGRES_MINIMUM ou plus récent est introuvable."
    # Short, because a socket's path may not exceed some hundred characters.
    _testdb_dir="$(mktemp -d /tmp/dfb-testdb.XXXXXX)"
    if [ "$(id -u)" -eq 0 ]; then
        user="$(_testdb_user)" || die "Aucun compte sans privilèges pour PostgreSQL (postgres, nobody)."
        _testdb_as=(setpriv --reuid "$user" --regid "$(id -gn "$user")" --clear-groups)
        chown "$user" "$_testdb_dir"
    fi
    password="$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
    printf '%s\n' "$password" >"$_testdb_dir/password"
    chmod 644 "$_testdb_dir/password"
    # "password" rather than scram: on loopback, and a test suite connects very often.
    (cd "$_testdb_dir" && "${_testdb_as[@]}" "$bin/initdb" -D "$_testdb_dir/data" -U postgres --no-sync --encoding=UTF8 \
        --locale=C.UTF-8 --auth=password --pwfile="$_testdb_dir/password") >"$_testdb_dir/initdb.log" 2>&1 ||
        { cat "$_testdb_dir/initdb.log" >&2; die "initdb a échoué."; }
    rm -f "$_testdb_dir/password"
    cat >>"$_testdb_dir/data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = '$_testdb_dir'
max_connections = 300
shared_buffers = 256MB
max_wal_size = 4GB
jit = off
CONF
    if [ "$durability" != durable ]; then
        printf '%s = off\n' fsync synchronous_commit full_page_writes >>"$_testdb_dir/data/postgresql.conf"
    fi
    for try in 1 2 3 4 5 6 7 8 9 10; do
        port=$((20000 + (RANDOM % 10000)))
        if (cd "$_testdb_dir" && "${_testdb_as[@]}" "$bin/pg_ctl" -D "$_testdb_dir/data" -o "-p $port" -l "$_testdb_dir/log" -w -t 30 start) >/dev/null 2>&1; then
            break
        fi
        [ "$try" -lt 10 ] || { cat "$_testdb_dir/log" >&2; die "PostgreSQL ne démarre pas."; }
    done
    export DATABASE_URL="postgres://postgres:$password@127.0.0.1:$port/postgres"
    # Should this shell be killed outright, the server still goes.
    (
        trap '' INT HUP
        while kill -0 $$ 2>/dev/null; do sleep 3; done
        _testdb_down
    ) </dev/null >/dev/null 2>&1 9>&- &
    _testdb_watch=$!
}

_testdb_down() {
    local bin
    [ -n "$_testdb_dir" ] && [ -d "$_testdb_dir" ] || return 0
    bin="$(postgres_bin)"
    (cd "$_testdb_dir" && "${_testdb_as[@]}" "$bin/pg_ctl" -D "$_testdb_dir/data" -m immediate -w -t 20 stop) >/dev/null 2>&1 || true
    rm -rf "$_testdb_dir"
}

testdb_stop() {
    [ -n "$_testdb_dir" ] || return 0
    kill "$_testdb_watch" 2>/dev/null || true
    _testdb_down
    _testdb_dir=''
    unset DATABASE_URL
}

# testdb_create NAME prints the address of a new, empty database.
testdb_create() {
    local bin
    bin="$(postgres_bin)"
    PGOPTIONS="-c client_min_messages=warning" "$bin/psql" -q -X "$DATABASE_URL" -c "drop database if exists \"$1\" with (force)" -c "create database \"$1\"" >/dev/null
    printf '%s\n' "$DATABASE_URL" | sed -E "s#^([^?]*/)[^/?]*(\?.*)?\$#\1$1\2#"
}
