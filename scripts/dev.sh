#!/usr/bin/env bash
# Rebuilds and restarts at each saved file, and reloads the page in the browser.
# A target directory of its own: leptos is compiled with live reload in it, and so neither
# `make test` nor `make run` has to compile it again after, nor waits for the watcher.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scripts/setup.sh dev
# shellcheck source=scripts/env.sh
. scripts/env.sh
CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}/dev"
export CARGO_TARGET_DIR LEPTOS_SITE_ROOT="$CARGO_TARGET_DIR/site" SQLX_OFFLINE="${SQLX_OFFLINE:-true}"
exec cargo leptos watch -- serve --demo "$@"
