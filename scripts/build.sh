#!/usr/bin/env bash
# Builds the server and the client with cargo-leptos, unless nothing changed since.
# Usage: scripts/build.sh release|debug
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
export LEPTOS_SITE_ROOT="$target/site-$profile"
export SQLX_OFFLINE=true
case "$profile" in
    release) flags=(--release) ;;
    debug) flags=() ;;
    *) die "Usage : scripts/build.sh release|debug" ;;
esac

# Names, sizes and times of all that the build reads, and what compiles it.
fingerprint() {
    {
        find Cargo.toml Cargo.lock build.rs .cargo src style public migrations .sqlx package-lock.json \
            -type f -printf '%p %s %T@\n' 2>/dev/null | LC_ALL=C sort
        rustc -vV
        printf '%s\n' "$PWD" "$profile" "${RUSTFLAGS:-}"
    } | sha256sum | cut -d' ' -f1
}

stamp="$target/built-$profile"
now="$(fingerprint)"
if [ "$(cat "$stamp" 2>/dev/null)" = "$now" ] && [ -x "$target/$profile/dashboard-fb" ] &&
    [ -s "$LEPTOS_SITE_ROOT/pkg/dashboard-fb.wasm" ]; then
    exit 0
fi

mkdir -p "$target"
rm -f "$stamp"
started=$SECONDS
title "Compilation ($profile) : le serveur et le client WASM"
cargo leptos build "${flags[@]}"
# The fingerprint from before: a file saved meanwhile is built the next time.
printf '%s\n' "$now" >"$stamp"
note "Compilé en $(human_time $((SECONDS - started)))."
