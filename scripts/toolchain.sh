# shellcheck shell=bash
# Finds, or makes, a Rust toolchain that can compile for the browser. Sourced by setup.sh.
#
# Tried in this order, and the machine's own default is never changed:
#   1. the rustc of the machine, if it is recent enough and has the target;
#   2. rustup: the target, then a toolchain beside the present ones;
#   3. the distribution's Rust packages, whose standard library is compiled once for the
#      target from the source package, in a folder of its own ("sysroot").
# DASHBOARD_FB_TOOLCHAIN=machine|rustup|packages takes that one only.
# The choice is written to $DASHBOARD_FB_CACHE/toolchain.env, which scripts/env.sh reads.

# cargo-leptos 0.3.11 compiles from this version on.
RUST_MINIMUM=1.96.0
WASM_TARGET=wasm32-unknown-unknown
TOOLCHAIN_DIR="$DASHBOARD_FB_CACHE/toolchain"
TOOLCHAIN_ENV="$DASHBOARD_FB_CACHE/toolchain.env"

rustc_release() { "$@" -vV 2>/dev/null | sed -n 's/^release: //p'; }

# toolchain_is_usable RUSTC… : recent enough, and its standard library for the browser is there.
toolchain_is_usable() {
    local release libdir
    release="$(rustc_release "$@")"
    [ -n "$release" ] && version_at_least "${release%%-*}" "$RUST_MINIMUM" || return 1
    libdir="$("$@" --print target-libdir --target "$WASM_TARGET" 2>/dev/null)" || return 1
    ls "$libdir"/libstd-*.rlib >/dev/null 2>&1
}

# The packages whose update makes the sysroot stale: "rustc-web 1.96.0+dfsg1-1 …".
debian_rust_version() {
    dpkg-query -W -f '${db:Status-Abbrev} ${Package} ${Version}\n' rustc-web rustc 2>/dev/null | sed -n 's/^ii *//p' | head -n1
}

# Nothing to do? Kept cheap: it runs at the start of every `make run`.
toolchain_ready() {
    have cargo && have rustfmt && have clippy-driver || return 1
    case "${DASHBOARD_FB_TOOLCHAIN:-}" in
        packages) [ -d "$TOOLCHAIN_DIR" ] || return 1 ;;
        machine | rustup) [ ! -d "$TOOLCHAIN_DIR" ] || return 1 ;;
    esac
    if [ -d "$TOOLCHAIN_DIR" ] && [ "$(cat "$TOOLCHAIN_DIR/made-from" 2>/dev/null)" != "$(debian_rust_version)" ]; then
        return 1
    fi
    toolchain_is_usable rustc
}

# Debian ships the compiler of its browsers under names of its own, fresher than `rustc`.
debian_rust_packages() {
    local suffix candidate
    have apt-cache || return 1
    for suffix in -web ''; do
        candidate="$(apt-cache policy "rustc$suffix" 2>/dev/null | sed -n 's/^ *Candidate: //p')"
        if [ -n "$candidate" ] && [ "$candidate" != '(none)' ] && version_at_least "${candidate%%[+-]*}" "$RUST_MINIMUM"; then
            if [ -n "$suffix" ]; then
                echo rustc-web cargo-web rustfmt-web rust-web-src rust-web-clippy
            else
                echo rustc cargo rustfmt rust-src rust-clippy
            fi
            return 0
        fi
    done
    return 1
}

# Compiles the standard library for the browser, and lays out a sysroot that borrows all the
# rest from /usr. Made beside its place and moved there at the end, so that a stop in the
# middle leaves nothing half done.
make_debian_sysroot() {
    local work="$DASHBOARD_FB_CACHE/build/std" new="$TOOLCHAIN_DIR.new" host llvm lld tool
    host="$(/usr/bin/rustc -vV | sed -n 's/^host: //p')"
    llvm="$(/usr/bin/rustc -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')"
    if ! [ -x "/usr/lib/llvm-$llvm/bin/lld" ]; then
        apt_install "lld-$llvm"
    fi
    lld="/usr/lib/llvm-$llvm/bin/lld"

    rm -rf "$work" "$new"
    mkdir -p "$work/src" "$new/bin" "$new/lib/rustlib/$host/bin" "$new/lib/rustlib/$WASM_TARGET/lib"
    printf '[package]\nname = "std-for-the-browser"\nversion = "0.0.0"\nedition = "2021"\n' >"$work/Cargo.toml"
    printf '#![no_std]\n' >"$work/src/lib.rs"
    # Both panic strategies are built (panic_unwind comes with std), so a profile may choose.
    (
        cd "$work"
        unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS RUSTC_WRAPPER CARGO_BUILD_TARGET
        RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR="$work/target" /usr/bin/cargo build --release \
            -Z build-std=std,panic_abort --target "$WASM_TARGET"
    )
    cp "$work/target/$WASM_TARGET/release/deps/"*.rlib "$new/lib/rustlib/$WASM_TARGET/lib/"
    rm -f "$new/lib/rustlib/$WASM_TARGET/lib/libstd_for_the_browser-"*.rlib
    ln -s "/usr/lib/rustlib/$host/lib" "$new/lib/rustlib/$host/lib"
    ln -s "$lld" "$new/lib/rustlib/$host/bin/rust-lld"
    ln -s "$lld" "$new/bin/ld.lld"
    ln -s /usr/lib/rustlib/src "$new/lib/rustlib/src"
    ln -s /usr/bin/cargo "$new/bin/cargo"
    ln -s /usr/bin/rustfmt "$new/bin/rustfmt"
    # The distribution's compiler takes /usr for its sysroot; these tell it the other one.
    for tool in rustc rustdoc; do
        printf '#!/bin/sh\nexec /usr/bin/%s --sysroot "%s" "$@"\n' "$tool" "$TOOLCHAIN_DIR" >"$new/bin/$tool"
    done
    printf '#!/bin/sh\nSYSROOT="%s" exec /usr/bin/clippy-driver "$@"\n' "$TOOLCHAIN_DIR" >"$new/bin/clippy-driver"
    chmod +x "$new/bin/rustc" "$new/bin/rustdoc" "$new/bin/clippy-driver"
    # Copies, not links: these two look for their driver beside their own file.
    cp /usr/bin/cargo-clippy /usr/bin/cargo-fmt "$new/bin/"
    debian_rust_version >"$new/made-from"
    rm -rf "$TOOLCHAIN_DIR"
    mv "$new" "$TOOLCHAIN_DIR"
    rm -rf "$work"
}

# A toolchain that rustup has already, then the target for the stable one, then a toolchain
# of its own. rustup's default stays what it is: toolchain.env selects for this project.
rustup_toolchain() {
    local name release
    while read -r name _; do
        if toolchain_is_usable rustup run "$name" rustc && rustup run "$name" cargo clippy --version &&
            rustup run "$name" rustfmt --version; then
            printf 'export RUSTUP_TOOLCHAIN=%s\n' "$name" >"$TOOLCHAIN_ENV"
            return 0
        fi
    done < <(rustup toolchain list | grep -vE 'nightly|beta')
    release="$(rustc_release rustup run stable rustc)"
    if [ -n "$release" ] && version_at_least "$release" "$RUST_MINIMUM"; then
        name=stable
        RUSTUP_MAX_RETRIES=1 rustup target add --toolchain stable "$WASM_TARGET" &&
            rustup component add --toolchain stable rustfmt clippy || return 1
    else
        name="$RUST_MINIMUM"
        RUSTUP_MAX_RETRIES=1 rustup toolchain install "$name" --profile minimal --component rustfmt,clippy \
            --target "$WASM_TARGET" --no-self-update || return 1
    fi
    printf 'export RUSTUP_TOOLCHAIN=%s\n' "$name" >"$TOOLCHAIN_ENV"
}

# Does the work, with its words going to the log of the step.
install_toolchain() {
    local packages wish="${DASHBOARD_FB_TOOLCHAIN:-}"
    rm -f "$TOOLCHAIN_ENV"
    # A sysroot made before is made again, unless another kind of toolchain is asked for.
    if [ -d "$TOOLCHAIN_DIR" ] && [ -z "$wish" ]; then wish=packages; fi
    if [ "$wish" != packages ]; then
        rm -rf "$TOOLCHAIN_DIR"
        # env.sh had put it first.
        hash -r
        if toolchain_is_usable rustc; then
            echo "Took: the machine's own Rust"
            return 0
        fi
        if [ "$wish" != machine ] && have rustup && rustup_toolchain; then
            echo "Took: rustup ($(cat "$TOOLCHAIN_ENV"))"
            return 0
        fi
    fi
    if [ -z "$wish" ] || [ "$wish" = packages ]; then
        if have apt-get; then install_apt_lists; fi
        if packages="$(debian_rust_packages)"; then
            # shellcheck disable=SC2086
            apt_install $packages
            make_debian_sysroot
            echo "Took: the distribution's packages ($packages)"
            return 0
        fi
        if have apt-get && ! have rustup && apt_install rustup && rustup_toolchain; then
            echo "Took: rustup, from the distribution"
            return 0
        fi
    fi
    echo "Need: Rust $RUST_MINIMUM or newer, with the target $WASM_TARGET, rustfmt and clippy."
    return 1
}
