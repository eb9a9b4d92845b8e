#!/usr/bin/env bash
# Builds the server and the client with cargo-leptos, unless nothing changed since.
# Usage: scripts/build.sh release|debug|client   (client: the release client, no server)
#
# The check is ours because cargo-leptos repeats the steps after the compiler (wasm-bindgen,
# wasm-opt, CSS) every time, also when their input is the same.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/env.sh
. scripts/env.sh
# shellcheck source=scripts/lib.sh
. scripts/lib.sh

profile="${1:-release}"
target="${CARGO_TARGET_DIR:-$PWD/target}"
export SQLX_OFFLINE=true
site="$profile"
case "$profile" in
    release) flags=(--release) server="$target/release/dashboard-fb" ;;
    debug) flags=() server="$target/debug/dashboard-fb" ;;
    client) flags=(--release --frontend-only) site=release server=/bin/sh ;;
    *) die "Usage : scripts/build.sh release|debug|client" ;;
esac
export LEPTOS_SITE_ROOT="$target/site-$site"

# Names, sizes and times of all that the build reads, and what compiles it.
fingerprint() {
    {
        find Cargo.toml Cargo.lock build.rs .cargo src style public migrations .sqlx package-lock.json \
            -type f -printf "%p %s %T@\n" 2>/dev/null | LC_ALL=C sort || true
        rustc -vV
        printf '%s\n' "$PWD" "${RUSTFLAGS:-}"
    } | sha256sum | cut -d' ' -f1
}

stamp="$target/built-$profile"
now="$(fingerprint)"
# A whole release build has built the client too.
if [ "$profile" = client ] && [ "$now" = "$(cat "$target/built-release" 2>/dev/null)" ]; then exit 0; fi
if [ "$(cat "$stamp" 2>/dev/null)" = "$now" ] && [ -x "$server" ] &&
    [ -s "$LEPTOS_SITE_ROOT/pkg/dashboard-fb.wasm" ]; then
    exit 0
fi

mkdir -p "$target"
rm -f "$stamp"
started=$SECONDS
if [ "$profile" = client ]; then
    title "Compilation : le client WASM de production"
else
    title "Compilation ($profile) : le serveur et le client WASM"
fi
cargo leptos build "${flags[@]}"
# The fingerprint from before: a file saved meanwhile is built the next time.
printf '%s\n' "$now" >"$stamp"
note "Compilé en $(human_time $((SECONDS - started)))."
