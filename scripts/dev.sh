#!/usr/bin/env bash
# Rebuilds and restarts at each saved file, and reloads the page in the browser.
# A target directory of its own: leptos is compiled with live reload in it, and so neither
# `make test` nor `make run` has to compile it again after, nor waits for the watcher.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scripts/setup.sh dev
# shellcheck source=scripts/env.sh
. scripts/env.sh
# shellcheck source=scripts/lib.sh
. scripts/lib.sh
# shellcheck source=scripts/client.sh
. scripts/client.sh
CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}/dev"
export CARGO_TARGET_DIR LEPTOS_SITE_ROOT="$CARGO_TARGET_DIR/site" SQLX_OFFLINE="${SQLX_OFFLINE:-true}"

# The livreur's phone, of which cargo-leptos knows nothing. In a folder of its own: both would write the same file.
target="$CARGO_TARGET_DIR" front="$CARGO_TARGET_DIR/phone" wasm_target=wasm32-unknown-unknown client_dir=debug site=debug
new="$LEPTOS_SITE_ROOT"
log="$target/phone.log"

phone_sources() {
    find Cargo.toml Cargo.lock src style -type f -printf '%p %s %T@\n' | LC_ALL=C sort | sha256sum
}

# For as long as what the last line starts lives. Where it is missing too: cargo-leptos empties the site when it starts.
watch_phone() {
    local seen='' now made=yes
    while sleep 1 && kill -0 "$$" 2>/dev/null; do
        [ -d "$new/pkg" ] || continue
        now="$(phone_sources)"
        # What could not be compiled waits for the next save.
        if [ "$now" = "$seen" ] && { [ "$made" = no ] || [ -r "$new/pkg/livreur-version" ]; }; then continue; fi
        seen="$now" made=yes
        rm -rf "$new/phone"
        # Not as a condition: then it would not stop at its first error.
        { build_phone; finish_phone; } >"$log" 2>&1 &
        wait "$!" || made=no
        if [ "$made" = yes ]; then
            note "Téléphone du livreur compilé : rechargez /livreur."
        else
            warn "Le téléphone du livreur n'a pas été compilé :"
            tail -n 40 "$log" >&2
        fi
    done
}

mkdir -p "$target"
watch_phone &
exec cargo leptos watch -- serve --demo "$@"
