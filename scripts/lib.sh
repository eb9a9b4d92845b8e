# shellcheck shell=bash
# What the scripts share: messages, numbered steps with their time, privileges.

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
    _bold=$'\e[1m' _dim=$'\e[2m' _red=$'\e[31m' _green=$'\e[32m' _off=$'\e[0m'
else
    _bold='' _dim='' _red='' _green='' _off=''
fi

say() { printf '%s\n' "$*"; }
title() { printf '%s%s%s\n' "$_bold" "$*" "$_off"; }
note() { printf '%s%s%s\n' "$_dim" "$*" "$_off"; }
warn() { printf '%s%s%s\n' "$_red" "$*" "$_off" >&2; }
die() {
    warn "$@"
    exit 1
}

# seconds -> "45 s" or "3 min 05 s"
human_time() {
    if [ "$1" -lt 60 ]; then printf '%d s' "$1"; else printf '%d min %02d s' $(($1 / 60)) $(($1 % 60)); fi
}

have() { command -v "$1" >/dev/null 2>&1; }

# version_at_least 1.96.1 1.96
version_at_least() {
    [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n1)" = "$2" ]
}

# Runs a command as root: directly, or through sudo. Returns 127 where neither is possible.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif have sudo && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
        sudo "$@"
    else
        return 127
    fi
}

can_be_root() {
    [ "$(id -u)" -eq 0 ] || { have sudo && { sudo -n true 2>/dev/null || [ -t 0 ]; }; }
}

# True when the log of a failed step reads like a machine without a network.
looks_offline() {
    grep -qiE 'could ?n.t resolve|temporary failure (in name resolution|resolving)|network is unreachable|ENOTFOUND|EAI_AGAIN|ENETUNREACH|ECONNREFUSED|failed to connect|could not connect|connection (refused|timed out)|dns error|failed to download|unable to fetch' "$1"
}

# run_step LABEL EXPECTED LOG COMMAND… runs COMMAND with its output in LOG, shows
# that it lives, and tells how long it took. STEP_NO and STEP_COUNT number the lines.
run_step() {
    local label="$1" expected="$2" log="$3" started pid elapsed status shown=0
    shift 3
    started=$SECONDS
    mkdir -p "$(dirname "$log")"
    printf '%s[%s/%s]%s %s%s\n' "$_bold" "$STEP_NO" "$STEP_COUNT" "$_off" "$label" "${expected:+ ${_dim}(environ $expected)$_off}"
    "$@" >"$log" 2>&1 &
    pid=$!
    while kill -0 "$pid" 2>/dev/null; do
        sleep 0.5
        elapsed=$((SECONDS - started))
        if [ -t 1 ]; then
            printf '\r      %s… %s ' "$_dim" "$(human_time $elapsed)$_off"
        elif [ $((elapsed / 60)) -gt "$shown" ]; then
            shown=$((elapsed / 60))
            say "      … toujours en cours après $(human_time $elapsed)"
        fi
    done
    if [ -t 1 ]; then printf '\r\e[K'; fi
    status=0
    wait "$pid" || status=$?
    elapsed=$((SECONDS - started))
    if [ "$status" -eq 0 ]; then
        say "      ${_green}fait${_off} en $(human_time $elapsed)"
        return 0
    fi
    warn "      échec après $(human_time $elapsed) ; fin du journal $log :"
    tail -n 25 "$log" | sed 's/^/      | /' >&2
    if looks_offline "$log"; then
        warn "      Le réseau ne répond pas : cette étape doit télécharger. Rétablissez la connexion, puis relancez la même commande."
    fi
    return "$status"
}

# A port of the loopback that nobody listens on.
free_port() {
    node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}

# wait_for URL PID: until the address answers 200, for at most a minute, as long as the process lives.
wait_for() {
    local try
    for ((try = 0; try < 240; try++)); do
        kill -0 "$2" 2>/dev/null || return 1
        node -e 'fetch(process.argv[1]).then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))' "$1" && return 0
        sleep 0.25
    done
    return 1
}
