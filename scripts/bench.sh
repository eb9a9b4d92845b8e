#!/usr/bin/env bash
# Measures a shop of its own (embedded PostgreSQL, real durability): how long seeding and verifying
# take, what each call costs at 8 connections, and the server's peak memory.
# Usage: scripts/bench.sh [orders] [seconds per call]     (by default 100000 and 5)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scripts/build.sh release
# shellcheck source=scripts/env.sh
. scripts/env.sh
# shellcheck source=scripts/lib.sh
. scripts/lib.sh
target="${CARGO_TARGET_DIR:-$PWD/target}"
binary="$target/release/dashboard-fb"
work="$(mktemp -d)"
chmod 711 "$work"
server=''
cleanup() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM
unset DATABASE_URL
export DASHBOARD_FB_DATA="$work/data" LEPTOS_SITE_ROOT="$target/site-release" RUST_LOG=warn

title "Graine : ${1:-100000} commandes"
"$binary" seed >/dev/null
started=$SECONDS
"$binary" seed --orders "${1:-100000}"
say "seed --orders ${1:-100000} : $(human_time $((SECONDS - started)))"
started=$SECONDS
"$binary" verify >"$work/verify.log" || { cat "$work/verify.log" >&2; exit 1; }
say "verify : $(human_time $((SECONDS - started)))"

title "Charge : 8 connexions"
port="$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')"
"$binary" serve --demo --listen "127.0.0.1:$port" >"$work/server.log" 2>&1 &
server=$!
for _ in $(seq 1 240); do
    if node -e 'fetch(process.argv[1]).then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))' "http://127.0.0.1:$port/readyz"; then break; fi
    kill -0 "$server" || { tail -n 20 "$work/server.log" >&2; exit 1; }
    sleep 0.25
done
node scripts/bench.mjs "http://127.0.0.1:$port" "${2:-5}"
say "mémoire du serveur, au plus : $(awk '/VmHWM/ { printf "%.0f Mo", $2 / 1024 }' "/proc/$server/status")"
