#!/usr/bin/env bash
# Builds the server and the client, unless nothing changed since.
# Usage: scripts/build.sh release|debug|client   (client: the release client, no server)
#
# The steps are those of `cargo leptos build`, which `make dev` uses. Done here because cargo-leptos
# takes seven minutes to compile, which a first `make run` need not wait for, builds client and server
# one after the other, and repeats the steps after the compiler also when nothing changed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/env.sh
. scripts/env.sh
# shellcheck source=scripts/lib.sh
. scripts/lib.sh
# shellcheck source=scripts/client.sh
. scripts/client.sh

profile="${1:-release}"
target="${CARGO_TARGET_DIR:-$PWD/target}"
export SQLX_OFFLINE=true
site="$profile"
wasm_target=wasm32-unknown-unknown
case "$profile" in
    release | client) site=release server_flags=(--release) client_dir=wasm-release ;;
    debug) server_flags=() client_dir=debug ;;
    *) die "Usage : scripts/build.sh release|debug|client" ;;
esac
server="$target/$site/dashboard-fb"
if [ "$profile" = client ]; then server=/bin/sh; fi
site_root="$target/site-$site"
front="$target/front"

# Names, sizes and times of all that the build reads, and what compiles it.
fingerprint() {
    {
        find Cargo.toml Cargo.lock build.rs .cargo src style public migrations .sqlx package-lock.json scripts/build.sh \
            scripts/client.sh scripts/wasm-split scripts/finish-client.mjs -type f -printf "%p %s %T@\n" 2>/dev/null | LC_ALL=C sort || true
        rustc -vV
        printf '%s\n' "$PWD" "${RUSTFLAGS:-}"
    } | sha256sum | cut -d' ' -f1
}

stamp="$target/built-$profile"
now="$(fingerprint)"
# A whole release build has built the client too.
if [ "$profile" = client ] && [ "$now" = "$(cat "$target/built-release" 2>/dev/null)" ]; then exit 0; fi
if [ "$(cat "$stamp" 2>/dev/null)" = "$now" ] && [ -x "$server" ] && {
    compgen -G "$site_root/pkg/dashboard-fb.wasm" >/dev/null || compgen -G "$site_root/pkg/*/dashboard-fb.wasm" >/dev/null; } &&
    [ -r "$site_root/pkg/livreur-version" ]; then
    exit 0
fi

build_server() {
    cargo build --locked --bin dashboard-fb --no-default-features --features ssr "${server_flags[@]}"
}

# The client in a target directory of its own: cargo holds a lock on each, so both builds run at once.
build_client() {
    local wasm="$target/front/$wasm_target/$client_dir/dashboard_fb.wasm"
    if [ "$site" = debug ]; then
        cargo build --locked --lib --no-default-features --features hydrate --target "$wasm_target" \
            --target-dir "$target/front"
        wasm-bindgen --target web --no-typescript --out-name dashboard-fb --out-dir "$new/pkg" --debug "$wasm"
        # The page asks for the name without _bg.
        mv "$new/pkg/dashboard-fb_bg.wasm" "$new/pkg/dashboard-fb.wasm"
    else
        build_sections "$wasm"
    fi
}

# The client in sections (src/ui/sections.rs): the linker leaves in what the cut needs.
build_sections() {
    local main="$target/front/main.wasm" file
    cargo rustc --locked --lib --crate-type cdylib --no-default-features --features split --target "$wasm_target" \
        --target-dir "$target/front" --profile wasm-release -- -C link-args=--emit-relocs
    wasm-split "$1" "$main" "$new/pkg" dashboard-fb
    wasm-bindgen --target web --no-typescript --keep-lld-exports --no-demangle --out-name dashboard-fb \
        --out-dir "$new/pkg" "$main"
    mv "$new/pkg/dashboard-fb_bg.wasm" "$new/pkg/dashboard-fb.wasm"
}

# Made beside its place and moved there at the end: a stop in the middle leaves nothing half done.
new="$site_root.new"
mkdir -p "$target"
rm -rf "$stamp" "$new"
mkdir -p "$new/pkg" "$new/phone"
started=$SECONDS
if [ "$profile" = client ]; then
    title "Compilation : le client WASM de production"
    build_client
    build_phone
else
    title "Compilation ($profile) : le serveur et le client WASM"
    note "      journal du client : $target/client.log"
    { build_client && build_phone; } >"$target/client.log" 2>&1 &
    client=$!
    build_server || { kill "$client" 2>/dev/null || true; die "Le serveur n'a pas été compilé."; }
    wait "$client" || { cat "$target/client.log" >&2; die "Le client n'a pas été compilé."; }
fi
style main.css "$new/pkg/dashboard-fb.css"
if [ "$site" = release ]; then
    finish "$new/pkg"
    put_away "$new/pkg" version
fi
finish_phone
cp -R public/. "$new/"
rm -rf "$site_root"
mv "$new" "$site_root"
# The fingerprint from before: a file saved meanwhile is built the next time.
printf '%s\n' "$now" >"$stamp"
note "Compilé en $(human_time $((SECONDS - started)))."
