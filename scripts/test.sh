#!/usr/bin/env bash
# Sets up what is missing and runs every test: Rust and HTTP with nextest against a
# PostgreSQL to throw away, then the browser tests against a debug client (which reports
# hydration faults) and against the release client (which is what people get).
# Ends in what failed, by name and with the first line of why, and in one line,
# "N passed, N failed"; exits 1 when anything failed.
#
# Usage: scripts/test.sh [rust|browser]…  (by default all)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scripts/setup.sh test
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

suites="${*:-rust browser}"
target="${CARGO_TARGET_DIR:-$PWD/target}"
work="$(mktemp -d)"
export SQLX_OFFLINE=true
passed=0
failed=0
server=''

cleanup() {
    stop_server
    testdb_stop
    rm -rf "$work"
}
stop_server() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
        server=''
    fi
}
trap cleanup EXIT
trap 'exit 130' INT TERM

# A suite that could not run at all counts as one failure.
count() { passed=$((passed + $1)) failed=$((failed + $2)); }

rust_tests() {
    local line run ok
    title "Tests Rust et HTTP"
    cargo nextest run --locked --no-default-features --features ssr 2>&1 | tee "$work/nextest.log" || true
    # "Summary [   1.2s] 12 tests run: 11 passed (1 slow), 1 failed, 0 skipped"
    line="$(grep -E '^ *Summary \[' "$work/nextest.log" | tail -n1 || true)"
    run="$(sed -nE 's/.*\] +([0-9]+)(\/[0-9]+)? tests? run:.*/\1/p' <<<"$line")"
    ok="$(sed -nE 's/.* ([0-9]+) passed.*/\1/p' <<<"$line")"
    if [ -z "$run" ]; then count 0 1; else count "${ok:-0}" $((run - ${ok:-0})); fi
    # What failed stands once more behind the summary.
    sed -n '/^ *Summary \[/,$p' "$work/nextest.log" | grep -E '^ *(FAIL|TIMEOUT|SIG[A-Z]+|ABORT) ' >>"$work/failures" || true
}

# browser_tests CLIENT: the walk through the shop, on a fresh database.
browser_tests() {
    local client="$1" port url settings
    title "Tests dans le navigateur, client $client"
    port="$(free_port)"
    url="http://127.0.0.1:$port"
    # The tests too know them: one of them starts a second server over the same database.
    settings=(DATABASE_URL="$(testdb_create "dashboard_fb_browser_$client")" DASHBOARD_FB_DATA="$work/data-$client"
        LEPTOS_OUTPUT_NAME=dashboard-fb LEPTOS_SITE_ROOT="$target/site-$client")
    env "${settings[@]}" "$target/debug/dashboard-fb" serve --demo --listen "127.0.0.1:$port" >"$work/server-$client.log" 2>&1 &
    server=$!
    if ! wait_for "$url/readyz" "$server"; then
        warn "Le serveur ne répond pas :"
        tail -n 40 "$work/server-$client.log" >&2
        stop_server
        count 0 1
        return 0
    fi
    (
        cd end2end
        env "${settings[@]}" CHROMIUM_PATH="$(chromium_path)" BASE_URL="$url" CLIENT="$client" \
            SERVER="$target/debug/dashboard-fb" RESULTS_JSON="$work/$client.json" npx playwright test
    ) || { tail -n 40 "$work/server-$client.log" | sed 's/^/serveur | /' >&2; }
    stop_server
    # shellcheck disable=SC2046
    count $(node scripts/playwright-results.mjs "$work/$client.json" "$client" "$work/failures")
}

started=$SECONDS
testdb_start
for suite in $suites; do
    case "$suite" in
        rust) rust_tests ;;
        browser)
            if scripts/build.sh debug; then browser_tests debug; else count 0 1; fi
            if scripts/build.sh client; then browser_tests release; else count 0 1; fi
            ;;
        *) die "Usage : scripts/test.sh [rust|browser]…" ;;
    esac
done

if [ -s "$work/failures" ]; then
    title "Ce qui a échoué"
    cat "$work/failures"
fi
note "Durée : $(human_time $((SECONDS - started)))"
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
