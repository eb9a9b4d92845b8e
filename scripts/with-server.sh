#!/usr/bin/env bash
# Serves the demo shop on a PostgreSQL to throw away while a command runs, with its address in BASE_URL.
# Usage: scripts/with-server.sh debug|release COMMAND…
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
profile="$1"
shift
scripts/setup.sh test
scripts/build.sh "$profile"
# shellcheck source=scripts/env.sh
. scripts/env.sh
# shellcheck source=scripts/lib.sh
. scripts/lib.sh
# shellcheck source=scripts/toolchain.sh
. scripts/toolchain.sh
# shellcheck source=scripts/tools.sh
. scripts/tools.sh
# shellcheck source=scripts/testdb.sh
. scripts/testdb.sh

target="${CARGO_TARGET_DIR:-$PWD/target}"
work="$(mktemp -d)"
server=''
cleanup() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    testdb_stop
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

testdb_start
port="$(free_port)"
DATABASE_URL="$(testdb_create dashboard_fb_pages)"
export DATABASE_URL DASHBOARD_FB_DATA="$work/data" LEPTOS_SITE_ROOT="$target/site-$profile" LEPTOS_OUTPUT_NAME=dashboard-fb
"$target/$profile/dashboard-fb" serve --demo --listen "127.0.0.1:$port" >"$work/server.log" 2>&1 &
server=$!
wait_for "http://127.0.0.1:$port/readyz" "$server" || { tail -n 20 "$work/server.log" >&2; die "Le serveur ne répond pas."; }
CHROMIUM_PATH="$(chromium_path)"
export BASE_URL="http://127.0.0.1:$port" CHROMIUM_PATH
"$@"
