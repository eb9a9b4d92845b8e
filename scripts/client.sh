# shellcheck shell=bash
# Building the browser's programs: what build.sh and dev.sh share. They set:
#   target, front   cargo's folders;  wasm_target, client_dir   where in `front` the code comes out
#   site            release or debug;  new                       the folder of the site that is being made

# style FILE OUT
style() {
    local css=()
    if [ "$site" = release ]; then css=(--minify); fi
    tailwindcss --input "style/$1" --output "$2" "${css[@]}" >"$target/css.log" 2>&1 ||
        { cat "$target/css.log" >&2; die "La feuille de style n'a pas été compilée."; }
}

# As small as it gets.
finish() {
    # It names each name it does not know; names are dropped anyway.
    node scripts/finish-client.mjs "$1" 2> >(grep -v 'unknown name subsection' >&2)
}

# put_away FOLDER VERSION: into a folder of pkg named after the content, so that no page meets code of another version
# (see src/server/serve.rs and phone.rs); its name goes to pkg/VERSION.
put_away() {
    local version
    version="$(cat "$1"/* | sha256sum | cut -c1-16)"
    mkdir -p "$new/pkg/$version"
    find "$1" -maxdepth 1 -type f -exec mv -t "$new/pkg/$version/" {} +
    printf '%s\n' "$version" >"$new/pkg/$2"
}

# The livreur's phone (src/phone): one file of code.
build_phone() {
    local profile=() wasm="$front/$wasm_target/$client_dir/dashboard_fb.wasm" bindgen=(--debug)
    if [ "$site" = release ]; then profile=(--profile wasm-release) bindgen=(--no-demangle); fi
    mkdir -p "$new/phone"
    cargo rustc --locked --lib --crate-type cdylib --no-default-features --features phone --target "$wasm_target" \
        --target-dir "$front" "${profile[@]}"
    wasm-bindgen --target web --no-typescript --out-name livreur --out-dir "$new/phone" "${bindgen[@]}" "$wasm"
    mv "$new/phone/livreur_bg.wasm" "$new/phone/livreur.wasm"
    cp src/phone/host.js src/phone/entree.js "$new/phone/"
}

# Its style, and all of it into its place.
finish_phone() {
    style phone.css "$new/phone/livreur.css"
    if [ "$site" = release ]; then finish "$new/phone"; fi
    put_away "$new/phone" livreur-version
    rm -r "$new/phone"
}
