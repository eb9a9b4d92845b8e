#!/usr/bin/env bash
# Sets up what is missing, builds what changed, and serves the demonstration shop on
# http://127.0.0.1:3000. Arguments replace "serve --demo".
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scripts/setup.sh run
scripts/build.sh "${PROFILE:-release}"
# shellcheck source=scripts/env.sh
. scripts/env.sh
profile="${PROFILE:-release}"
target="${CARGO_TARGET_DIR:-$PWD/target}"
export LEPTOS_OUTPUT_NAME=dashboard-fb LEPTOS_SITE_ROOT="$target/site-$profile"
if [ $# -eq 0 ]; then set -- serve --demo; fi
# exec: Ctrl-C and SIGTERM reach the server itself, which finishes its requests.
exec "$target/$profile/dashboard-fb" "$@"
