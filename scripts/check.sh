#!/usr/bin/env bash
# What must hold before a commit lands: format, lints of the server with its tests, lints of
# the client, and a client that links. Needs no database.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scripts/setup.sh check
# shellcheck source=scripts/env.sh
. scripts/env.sh
# shellcheck source=scripts/lib.sh
. scripts/lib.sh
export SQLX_OFFLINE=true
target="${CARGO_TARGET_DIR:-$PWD/target}"
started=$SECONDS

title "Format"
cargo fmt --check
title "Scripts"
for script in scripts/*.sh .ci/run; do bash -n "$script"; done
if have shellcheck; then shellcheck -x scripts/*.sh .ci/run; fi
title "Lints du serveur et des tests"
cargo clippy --locked --no-default-features --features ssr --all-targets -- -D warnings
title "Lints des clients"
cargo clippy --locked --no-default-features --features hydrate --lib --target wasm32-unknown-unknown \
    --target-dir "$target/front" -- -D warnings
cargo clippy --locked --no-default-features --features phone --lib --target wasm32-unknown-unknown \
    --target-dir "$target/front" -- -D warnings
title "Client WASM"
cargo build --locked --no-default-features --features hydrate --lib --target wasm32-unknown-unknown \
    --target-dir "$target/front"
note "Tout est en ordre ($(human_time $((SECONDS - started))))."
