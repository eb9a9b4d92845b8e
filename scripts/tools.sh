# shellcheck shell=bash
# The tools beside Rust: for each, is it there, and how to get it. Sourced by setup.sh.
# "Is it there" runs at the start of every command, so it costs milliseconds.

CARGO_LEPTOS_VERSION=0.3.11
NODE_MINIMUM=20
NODE_FALLBACK=22
POSTGRES_MINIMUM=15
PYTHON_MINIMUM=3.10

# --no-remove: what was installed before stays.
apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-remove --no-install-recommends \
        -o DPkg::Lock::Timeout=300 "$@"
}

install_apt_lists() { as_root apt-get update -q -o DPkg::Lock::Timeout=300; }

compiler_ready() { have cc && have git && [ -r /etc/ssl/certs/ca-certificates.crt ]; }
install_compiler() { apt_install build-essential git ca-certificates; }

# --- PostgreSQL -------------------------------------------------------------------------

# Prints the folder of a PostgreSQL server that is recent enough, the newest first.
postgres_bin() {
    local dir major
    while IFS= read -r dir; do
        [ -x "$dir/initdb" ] && [ -x "$dir/postgres" ] || continue
        # The major number is the whole of "15" in "postgres (PostgreSQL) 15.20".
        major="$("$dir/postgres" --version | sed -n 's/^[^0-9]*\([0-9]*\).*/\1/p')"
        if [ "${major:-0}" -ge "$POSTGRES_MINIMUM" ]; then
            printf '%s\n' "$dir"
            return 0
        fi
    done < <(
        ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql@*/bin 2>/dev/null | sort -Vr
        have postgres && dirname "$(readlink -f "$(command -v postgres)")"
    )
    return 1
}

postgres_ready() { postgres_bin >/dev/null; }

# The package would start a server of its own on the machine. Where none was installed
# before, it is told not to: this project starts private ones only.
install_postgres() {
    local drop_in=/etc/postgresql-common/createcluster.d/dashboard-fb.conf status=0
    if ! dpkg-query -W -f '${db:Status-Abbrev}' 'postgresql-[0-9]*' 2>/dev/null | grep -q ii; then
        apt_install postgresql-common
        as_root mkdir -p "$(dirname "$drop_in")"
        printf 'create_main_cluster = false\n' | as_root tee "$drop_in" >/dev/null
    fi
    apt_install postgresql || status=$?
    as_root rm -f "$drop_in"
    return "$status"
}

# --- Node -------------------------------------------------------------------------------

node_ready() {
    local version
    have node && have npm || return 1
    version="$(node --version 2>/dev/null)"
    version="${version#v}"
    [ "${version%%.*}" -ge "$NODE_MINIMUM" ] 2>/dev/null
}

# Distributions may ship an older one; then npm brings a newer one into the cache.
install_node() {
    local arch home="$DASHBOARD_FB_CACHE/node"
    if ! have npm; then apt_install nodejs npm; fi
    if node_ready; then return 0; fi
    case "$(uname -m)" in
        x86_64) arch=x64 ;;
        aarch64) arch=arm64 ;;
        *) echo "Need: Node $NODE_MINIMUM or newer."; return 1 ;;
    esac
    rm -rf "$home"
    mkdir -p "$home/bin"
    printf '{"private":true}\n' >"$home/package.json"
    (cd "$home" && npm install --no-audit --no-fund "node-linux-$arch@$NODE_FALLBACK" npm@11)
    ln -s "../node_modules/node-linux-$arch/bin/node" "$home/bin/node"
    ln -s ../node_modules/npm/bin/npm-cli.js "$home/bin/npm"
    ln -s ../node_modules/npm/bin/npx-cli.js "$home/bin/npx"
    PATH="$home/bin:$PATH"
    hash -r
    node_ready
}

npm_root_ready() { npm_ready .; }
npm_e2e_ready() { npm_ready end2end; }
install_npm_root() { install_npm .; }
install_npm_e2e() { install_npm end2end; }

# node_modules of a folder is what its package-lock.json says.
npm_stamp() { sha256sum "$1/package-lock.json" | cut -d' ' -f1; }
npm_ready() { [ "$(cat "$1/node_modules/.stamp" 2>/dev/null)" = "$(npm_stamp "$1")" ]; }
# No package's install script is needed, so none is run.
install_npm() {
    (cd "$1" && npm ci --ignore-scripts --no-audit --no-fund)
    npm_stamp "$1" >"$1/node_modules/.stamp"
}

# --- Cargo's tools ----------------------------------------------------------------------

# The command line tool must be of exactly the version of the library.
wasm_bindgen_version() {
    local version=''
    if [ -r "$DASHBOARD_FB_ROOT/Cargo.lock" ]; then
        version="$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/[^0-9.]/, ""); print; exit }' "$DASHBOARD_FB_ROOT/Cargo.lock")"
    fi
    if [ -z "$version" ]; then
        version="$(sed -n 's/^wasm-bindgen = .*"=\([0-9.]*\)".*/\1/p' "$DASHBOARD_FB_ROOT/Cargo.toml")"
    fi
    printf '%s' "$version"
}

wasm_bindgen_ready() { [ "$(wasm-bindgen --version 2>/dev/null)" = "wasm-bindgen $(wasm_bindgen_version)" ]; }
cargo_leptos_ready() { [ "$(cargo-leptos --version 2>/dev/null)" = "cargo-leptos $CARGO_LEPTOS_VERSION" ]; }
# The tool is ours, its library the registry's.
wasm_split_stamp() { cat "$DASHBOARD_FB_ROOT"/scripts/wasm-split/{Cargo.lock,src/main.rs} | sha256sum | cut -d' ' -f1; }
wasm_split_ready() { [ "$(cat "$DASHBOARD_FB_CACHE/wasm-split.stamp" 2>/dev/null)" = "$(wasm_split_stamp)" ] && have wasm-split; }
nextest_ready() { have cargo-nextest; }

# cargo_tool_settings OPT_LEVEL: tools are compiled apart from any project's settings, with a profile that takes
# minutes off their build.
cargo_tool_settings() {
    cd "$DASHBOARD_FB_CACHE"
    unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_BUILD_TARGET
    export CARGO_TARGET_DIR="$DASHBOARD_FB_CACHE/build/tools"
    export CARGO_PROFILE_RELEASE_OPT_LEVEL="$1" CARGO_PROFILE_RELEASE_LTO=off \
        CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_DEBUG=0 CARGO_PROFILE_RELEASE_STRIP=symbols
}

# cargo_tool OPT_LEVEL NAME@VERSION [OPTION…]: a prebuilt one where cargo-binstall is at hand, otherwise compiled.
cargo_tool() {
    local opt_level="$1" crate="$2"
    shift 2
    cargo_tool_settings "$opt_level"
    if have cargo-binstall && cargo binstall --no-confirm --disable-strategies compile --install-path "$DASHBOARD_FB_CACHE/bin" "$crate"; then
        return 0
    fi
    # A mirror of the registry may lag behind the versions that the tool was locked to.
    cargo install --locked --force --root "$DASHBOARD_FB_CACHE" "$crate" "$@" ||
        cargo install --force --root "$DASHBOARD_FB_CACHE" "$crate" "$@"
}

# Its default features are for running tests in a browser, and bring a TLS stack.
install_wasm_bindgen() { cargo_tool 1 "wasm-bindgen-cli@$(wasm_bindgen_version)" --no-default-features --bin wasm-bindgen; }
install_wasm_split() {
    cargo_tool_settings 2
    cargo install --locked --force --root "$DASHBOARD_FB_CACHE" --path "$DASHBOARD_FB_ROOT/scripts/wasm-split"
    wasm_split_stamp >"$DASHBOARD_FB_CACHE/wasm-split.stamp"
}
install_cargo_leptos() { cargo_tool 0 "cargo-leptos@$CARGO_LEPTOS_VERSION" --features no_downloads; }
install_nextest() { cargo_tool 0 cargo-nextest@0.9; }

# --- Browser ----------------------------------------------------------------------------

# Prints the Chromium that the browser tests drive.
chromium_path() {
    local name
    if [ -n "${CHROMIUM_PATH:-}" ]; then
        printf '%s\n' "$CHROMIUM_PATH"
        return 0
    fi
    for name in chromium chromium-browser google-chrome-stable google-chrome; do
        if have "$name"; then
            command -v "$name"
            return 0
        fi
    done
    return 1
}
chromium_ready() { chromium_path >/dev/null; }
install_chromium() { apt_install chromium fonts-dejavu-core; }

# --- Redis ------------------------------------------------------------------------------

# Its package would start a server of its own on the machine. The package of its tools holds
# the same program under another name: what it does depends on the name it is called by.
redis_ready() { have redis-server; }
install_redis() {
    apt_install redis-tools
    ln -sf "$(command -v redis-check-rdb)" "$DASHBOARD_FB_CACHE/bin/redis-server"
    redis-server --version
}

# --- Load and contract ------------------------------------------------------------------

# pgbench comes with the server's package, in a folder that is in nobody's PATH.
wrk_ready() { have wrk; }
install_wrk() { apt_install wrk; }

# schemathesis in a Python environment of its own, in the versions that the repository names.
schemathesis_stamp() { sha256sum "$DASHBOARD_FB_ROOT/scripts/api-check/requirements.txt" | cut -d' ' -f1; }
schemathesis_ready() { [ "$(cat "$DASHBOARD_FB_CACHE/schemathesis/.stamp" 2>/dev/null)" = "$(schemathesis_stamp)" ]; }
python_with_venv() { python3 -c "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, ${PYTHON_MINIMUM#3.}))" 2>/dev/null; }
install_schemathesis() {
    local home="$DASHBOARD_FB_CACHE/schemathesis"
    if ! python_with_venv && have apt-get; then
        install_apt_lists
        apt_install python3 python3-venv
    fi
    if ! python_with_venv; then
        echo "Need: Python $PYTHON_MINIMUM or newer, with venv and pip."
        return 1
    fi
    rm -rf "$home"
    python3 -m venv "$home"
    "$home/bin/pip" install --quiet --disable-pip-version-check --requirement "$DASHBOARD_FB_ROOT/scripts/api-check/requirements.txt"
    schemathesis_stamp >"$home/.stamp"
}

# Lighthouse apart from the tests: it brings a hundred packages that nothing else needs.
LIGHTHOUSE_VERSION=13.5.0
lighthouse_ready() { [ "$(cat "$DASHBOARD_FB_CACHE/lighthouse/.version" 2>/dev/null)" = "$LIGHTHOUSE_VERSION" ]; }
install_lighthouse() {
    local home="$DASHBOARD_FB_CACHE/lighthouse"
    rm -rf "$home"
    mkdir -p "$home"
    printf '{"private": true}\n' >"$home/package.json"
    (cd "$home" && npm install --no-audit --no-fund --ignore-scripts "lighthouse@$LIGHTHOUSE_VERSION")
    printf '%s' "$LIGHTHOUSE_VERSION" >"$home/.version"
}
