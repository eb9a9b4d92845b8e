# shellcheck shell=bash
# Environment of every command of this project. Source it, from any directory:
#     . scripts/env.sh
# It only sets variables: the tools that set-up installed come first in PATH, and
# the Rust toolchain that set-up chose is selected. Nothing outside the process changes.

_dfb_here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
DASHBOARD_FB_ROOT="$(dirname "$_dfb_here")"
DASHBOARD_FB_CACHE="${DASHBOARD_FB_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/dashboard-fb}"
export DASHBOARD_FB_ROOT DASHBOARD_FB_CACHE

# Puts a directory first in PATH, and takes out the place it had before.
_dfb_path_first() {
    local rest=":$PATH:"
    rest="${rest//:$1:/:}"
    rest="${rest#:}"
    PATH="$1:${rest%:}"
}

# cargo looks for its subcommands in CARGO_HOME/bin first unless PATH holds that
# directory already; then the order of PATH counts, which is what is wanted here.
_dfb_cargo_bin="${CARGO_HOME:-${HOME:-/tmp}/.cargo}/bin"
case ":$PATH:" in
    *":$_dfb_cargo_bin:"*) ;;
    *) PATH="$PATH:$_dfb_cargo_bin" ;;
esac

# The toolchain that set-up chose (see scripts/toolchain.sh); absent while the
# machine's own one will do.
if [ -r "$DASHBOARD_FB_CACHE/toolchain.env" ]; then
    # shellcheck disable=SC1091
    . "$DASHBOARD_FB_CACHE/toolchain.env"
fi

_dfb_path_first "$DASHBOARD_FB_ROOT/node_modules/.bin"
if [ -d "$DASHBOARD_FB_CACHE/node/bin" ]; then
    _dfb_path_first "$DASHBOARD_FB_CACHE/node/bin"
fi
if [ -d "$DASHBOARD_FB_CACHE/toolchain/bin" ]; then
    _dfb_path_first "$DASHBOARD_FB_CACHE/toolchain/bin"
fi
_dfb_path_first "$DASHBOARD_FB_CACHE/bin"
export PATH

# The server asks for files of this name; it is read when the server is compiled.
export LEPTOS_OUTPUT_NAME="${LEPTOS_OUTPUT_NAME:-dashboard-fb}"

unset _dfb_here _dfb_cargo_bin
unset -f _dfb_path_first
