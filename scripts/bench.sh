#!/usr/bin/env bash
# Measures a shop of its own on a PostgreSQL of its own that really writes to the disk: each call at 8
# connections with wrk, and beside it, in the same run, the same statements at 8 clients with pgbench.
# What is left of pgbench's rate is what the server itself costs: load, server and database share the
# machine in both. Also how long seeding and verifying take, and the server's peak memory.
# Usage: scripts/bench.sh [orders] [seconds per measure]     (by default 100000 and 5)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scripts/build.sh release
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

orders="${1:-100000}"
seconds="${2:-5}"
target="${CARGO_TARGET_DIR:-$PWD/target}"
binary="$target/release/dashboard-fb"
bin="$(postgres_bin)"
# Consecutive products and clients that the writing calls take at random.
rows=50
work="$(mktemp -d)"
server=''
cleanup() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    testdb_stop
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

psql_bench() { "$bin/psql" -X -q -A -t -v ON_ERROR_STOP=1 "$@" "$DATABASE_URL"; }

unset DATABASE_URL
testdb_start durable
DATABASE_URL="$(testdb_create dashboard_fb_bench)"
export DATABASE_URL DASHBOARD_FB_DATA="$work/data" LEPTOS_SITE_ROOT="$target/site-release" DASHBOARD_FB_RATE_LIMIT=0
mkdir "$work/data"

title "Graine : $orders commandes"
"$binary" seed >/dev/null
started=$SECONDS
"$binary" seed --orders "$orders"
seed_time="$(human_time $((SECONDS - started)))"
started=$SECONDS
"$binary" verify >"$work/verify.log" || { cat "$work/verify.log" >&2; exit 1; }
verify_time="$(human_time $((SECONDS - started)))"
# The state of a shop that has been running: pages written, plans known.
psql_bench -c 'vacuum analyze' -c checkpoint

port="$(free_port)"
url="http://127.0.0.1:$port"
"$binary" serve --demo --listen "127.0.0.1:$port" >"$work/server.log" 2>&1 &
server=$!
wait_for "$url/readyz" "$server" || { tail -n 20 "$work/server.log" >&2; die "Le serveur ne répond pas."; }
found="$(node scripts/bench/shop.mjs "$url" "$rows")" || die "La boutique du banc n'a pas pu être préparée."
eval "$found"
export BENCH_CLIENT="$client" BENCH_PRODUCT="$product" BENCH_ROWS="$rows" BENCH_DRAFT=0

# Sessions of pgbench hold what the server's hold; what they seal with the key is never verified.
export PGOPTIONS="-c TimeZone=UTC -c app.user_id=2 -c app.request_id=pgbench -c app.audit_key=$(printf '%064d' 0)"

# load SECONDS LUA PATH: one run of wrk; sets requests, elapsed, p50, p99.
load() {
    local refused broken script=()
    script=(-t1 -c8 --timeout 60s --latency -s "scripts/bench/$2.lua" -H "Authorization: Bearer $token" "$url/api/v1$3")
    wrk "-d${1}s" "${script[@]}" >"$work/wrk.log" || { cat "$work/wrk.log" >&2; die "wrk a échoué."; }
    read -r requests elapsed p50 p99 refused broken < <(sed -n 's/^RESULT //p' "$work/wrk.log")
    if [ "${refused:-1}" -gt 0 ] || [ "$broken" -gt 0 ]; then
        warn "$3 : ${refused:-?} réponses en erreur, $broken connexions rompues ; la première réponse :"
        BENCH_SHOW=1 wrk -d1s "${script[@]}" 2>&1 >/dev/null | head -c 2000 >&2
        exit 1
    fi
}

# One call alone with its statements in PostgreSQL's log: pgbench must send the same.
check_statements() {
    local before method=GET path="$3" body=''
    case "$2" in
        create) method=POST body="{\"client_id\": $client, \"client_nom\": \"Banc\", \"items\": [{\"product_id\": $product, \"quantity\": 1}]}" ;;
        confirm) method=POST path="/orders/$BENCH_DRAFT/confirm" ;;
    esac
    psql_bench -c "alter system set log_line_prefix = '%m [%p] %a '" -c "alter system set log_statement = 'all'" \
        -c 'select pg_reload_conf()' >/dev/null
    sleep 0.5
    before="$(wc -c <"$_testdb_dir/log")"
    node -e '
        const [method, url, token, body] = process.argv.slice(1);
        const headers = { authorization: `Bearer ${token}`, ...(body && { "content-type": "application/json" }) };
        fetch(url, { method, headers, body: body || undefined }).then(async (answer) => {
            if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
        });' "$method" "$url/api/v1$path" "$token" "$body"
    sleep 0.2
    tail -c "+$((before + 1))" "$_testdb_dir/log" >"$work/statements.log"
    psql_bench -c 'alter system reset log_statement' -c 'select pg_reload_conf()' >/dev/null
    sleep 0.5
    node scripts/bench/same.mjs "$work/statements.log" "$1" || die "$1 n'est plus ce que le serveur envoie : mettez-le à jour."
}

# drafts COUNT: that many drafts with consecutive ids from $draft on.
drafts() {
    draft="$(psql_bench -v "count=$1" -v "client=$client" -v "product=$product" -v "rows=$rows" <<'SQL'
with made as (
    insert into orders (numero, client_id, client_nom, total, total_tva)
    select next_order_numero(), :client + n % :rows, 'Banc d’essai', 0, 0 from generate_series(1, :count) n
    returning id
), lines as (
    insert into order_items (order_id, product_id, product_nom, category_id, quantity, prix_unitaire, taux_tva)
    select made.id, p.id, p.nom, p.category_id, 1, p.prix, p.taux_tva
    from made join products p on p.id = :product + made.id % :rows
)
select min(id) from made;
SQL
)"
}

# How long one measure lasts.
span="$seconds"

# measure LABEL LUA PATH SCRIPT [OPTION OF PGBENCH]…
measure() {
    local label="$1" lua="$2" path="$3" script="scripts/bench/$4.sql" rate tps
    shift 4
    # Before the load: what wrk leaves unfinished at its end is rolled back in the same log.
    check_statements "$script" "$lua" "$path"
    BENCH_DRAFT=$((BENCH_DRAFT + 1))
    load 1 "$lua" "$path"
    BENCH_DRAFT=$((BENCH_DRAFT + requests + 100))
    load "$span" "$lua" "$path"
    BENCH_DRAFT=$((BENCH_DRAFT + requests + 100))
    rate="$(awk -v n="$requests" -v t="$elapsed" 'BEGIN { printf ((n < 100 * t) ? "%.1f" : "%.0f"), n / t }')"
    "$bin/pgbench" -n -M prepared -c 8 -j 1 -T "$span" -f "$script" -D "session=$session" -D limit=21 -D offset=0 \
        -D cap=10001 -D "order=$order" "$@" "$DATABASE_URL" >"$work/pgbench.log" 2>&1 ||
        { tail -n 20 "$work/pgbench.log" >&2; die "pgbench a échoué : $script"; }
    tps="$(sed -n 's/^tps = \([0-9.]*\).*/\1/p' "$work/pgbench.log" | awk '{ printf (($1 < 100) ? "%.1f" : "%.0f"), $1 }')"
    processed="$(sed -n 's/^number of transactions actually processed: \([0-9]*\).*/\1/p' "$work/pgbench.log")"
    row "$label" "$rate" "$p50" "$p99" "$tps" "$(awk -v a="$rate" -v b="$tps" 'BEGIN { printf "%.2f", (b > 0) ? a / b : 0 }')"
    wrote=$((requests + processed))
}

# printf counts bytes: letters with accents would shift the columns.
row() {
    local label="$1"
    shift
    printf '%s%*s' "$label" $((34 - ${#label})) ''
    printf ' %8s %8s %8s %12s %8s\n' "$@"
}

title "Charge : 8 connexions, $seconds s par mesure"
row appel req/s 'p50 ms' 'p99 ms' 'pgbench tps' rapport
measure "produits (20)" report /products products
measure "commandes (20, avec lignes)" report /orders orders
measure "une commande" report "/orders/$order" order
# Some of these take a second each at 8 connections: a rate needs more than a handful.
span=$((seconds * 4))
measure "synthèse, 30 jours" report /dashboard/summary summary -D "start=$month_start" -D "end=$month_end" \
    -D "before=$month_before" -D "until=$month_until" -D top=10
measure "synthèse, un an" report "/dashboard/summary?start_date=$year_start" summary -D "start=$year_start" \
    -D "end=$year_end" -D "before=$year_before" -D "until=$year_until" -D top=10
span="$seconds"
measure "création d'une commande" create /orders create -D "first_product=$product" -D "first_client=$client" \
    -D "rows=$rows" -D "client_nom=Banc d’essai"
# Confirming takes as long as creating, about; three times as many, and twice the warm-up.
drafts $((wrote * 3 + 1000))
BENCH_DRAFT="$draft"
half=$((draft + wrote + wrote / 2))
measure "confirmation d'une commande" confirm /orders confirm -D turn=-1 -D "draft=$half" -D statut=confirmee
confirmed="$(psql_bench -c "select count(*) from orders where id >= $half and statut = 'confirmee'")"
[ "$BENCH_DRAFT" -lt "$half" ] && [ "$confirmed" -ge "$processed" ] || die "Pas assez de brouillons à confirmer."
say ''
say "graine : $seed_time ; verify : $verify_time"
say "mémoire du serveur, au plus : $(awk '/VmHWM/ { printf "%.0f Mo", $2 / 1024 }' "/proc/$server/status")"
