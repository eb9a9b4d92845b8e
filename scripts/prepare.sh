#!/usr/bin/env bash
# Regenerates .sqlx, the answers of PostgreSQL that the query macros need when they compile
# without a database. Run it after a change to a query or to a migration.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/env.sh
. scripts/env.sh
# shellcheck source=scripts/lib.sh
. scripts/lib.sh
# shellcheck source=scripts/toolchain.sh
. scripts/toolchain.sh
# shellcheck source=scripts/tools.sh
. scripts/tools.sh
# shellcheck source=scripts/testdb.sh
. scripts/testdb.sh

out="$(mktemp -d)"
cleanup() {
    testdb_stop
    rm -rf "$out"
}
trap cleanup EXIT
trap 'exit 130' INT TERM
testdb_start
DATABASE_URL="$(testdb_create dashboard_fb_prepare)"
export DATABASE_URL
export SQLX_OFFLINE=false

psql="$(postgres_bin)/psql"
for migration in migrations/*.sql; do
    "$psql" -X -q -v ON_ERROR_STOP=1 -1 -f "$migration" "$DATABASE_URL" >/dev/null
done

# The macros write what they learn while they expand, so every target is compiled again.
touch src/lib.rs src/main.rs
find tests benches examples -maxdepth 1 -name '*.rs' -exec touch {} + 2>/dev/null || true
SQLX_OFFLINE_DIR="$out" cargo check --all-targets --no-default-features --features ssr

mkdir -p .sqlx
rm -f .sqlx/query-*.json
find "$out" -name 'query-*.json' -exec cp {} .sqlx/ \;
say "$(find .sqlx -name 'query-*.json' | wc -l) requêtes dans .sqlx"
