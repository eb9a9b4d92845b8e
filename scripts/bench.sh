#!/usr/bin/env bash
# Measures shops of several sizes on a PostgreSQL of its own that really writes to the disk: each call at 8
# connections and at one with wrk, and beside it, in the same run, the same statements at 8 clients with
# pgbench. What is left of pgbench's rate is what the server itself costs: load, server and database share
# the machine in both. Also how long seeding, verifying and starting take, the server's peak memory, and at
# the end how each call grows from one size to the next.
# Usage: scripts/bench.sh [orders,orders,…] [seconds per measure]     (by default 10000,100000,1000000 and 5)
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

IFS=, read -r -a sizes <<<"${1:-10000,100000,1000000}"
seconds="${2:-5}"
target="${CARGO_TARGET_DIR:-$PWD/target}"
binary="$target/release/dashboard-fb"
bin="$(postgres_bin)"
# Consecutive products and clients that the writing calls take at random.
rows=50
listeners=200
work="$(mktemp -d)"
server='' keeper='' listening=''
stop() {
    if [ -n "$1" ]; then
        kill "$1" 2>/dev/null || true
        wait "$1" 2>/dev/null || true
    fi
}
cleanup() {
    stop "$listening"
    stop "$keeper"
    stop "$server"
    testdb_stop
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

psql_bench() { "$bin/psql" -X -q -A -t -v ON_ERROR_STOP=1 "$@" "$DATABASE_URL"; }

# wrk_run SECONDS CONNECTIONS LUA PATH: one run; sets requests, elapsed, p50, p99.
wrk_run() {
    local refused broken script=()
    script=(-t1 "-c$2" --timeout 60s --latency -s "scripts/bench/$3.lua" -H "$credentials" "$url$4")
    wrk "-d${1}s" "${script[@]}" >"$work/wrk.log" || { cat "$work/wrk.log" >&2; die "wrk a échoué."; }
    read -r requests elapsed p50 p99 refused broken < <(sed -n 's/^RESULT //p' "$work/wrk.log")
    if [ "${refused:-1}" -gt 0 ] || [ "$broken" -gt 0 ]; then
        warn "$4 : ${refused:-?} réponses en erreur, $broken connexions rompues ; la première réponse :"
        BENCH_SHOW=1 wrk -d1s "${script[@]}" 2>&1 >/dev/null | head -c 2000 >&2
        exit 1
    fi
}

# One call alone, with its statements in PostgreSQL's log: $work/statements.log.
log_call() {
    local before method=GET path="$2" body=''
    case "$1" in
        create) method=POST body="{\"client_id\": $client, \"client_nom\": \"Banc\", \"items\": [{\"product_id\": $product, \"quantity\": 1}]}" ;;
        confirm) method=POST path="$2/$BENCH_DRAFT/confirm" ;;
    esac
    psql_bench -c "alter system set log_line_prefix = '%m [%p] %a '" -c "alter system set log_statement = 'all'" \
        -c 'select pg_reload_conf()' >/dev/null
    sleep 0.5
    before="$(wc -c <"$_testdb_dir/log")"
    node -e '
        const [method, url, credentials, body] = process.argv.slice(1);
        const [name, value] = credentials.split(/: (.*)/s);
        const headers = { [name]: value, ...(body && { "content-type": "application/json" }) };
        fetch(url, { method, headers, body: body || undefined }).then(async (answer) => {
            if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
        });' "$method" "$url$path" "$credentials" "$body"
    sleep 0.2
    tail -c "+$((before + 1))" "$_testdb_dir/log" >"$work/statements.log"
    psql_bench -c 'alter system reset log_statement' -c 'select pg_reload_conf()' >/dev/null
    sleep 0.5
}

# drafts COUNT PRODUCTS: so many drafts, on so many products in turn, with consecutive ids from $draft on.
drafts() {
    draft="$(psql_bench -v "count=$1" -v "client=$client" -v "product=$product" -v "rows=$2" <<'SQL'
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

short() { awk -v a="$1" -v b="$2" 'BEGIN { r = (b > 0) ? a / b : 0; printf ((r < 100) ? "%.1f" : "%.0f"), r }'; }

# printf counts bytes: letters with accents would shift the columns.
row() {
    local label="$1"
    shift
    printf '%s%*s' "$label" $((34 - ${#label})) ''
    printf ' %8s %8s %8s %8s %12s %8s\n' "$@"
}

# measure LABEL LUA PATH [SCRIPT [OPTION OF PGBENCH]…]: without a script, pgbench sends what the server sent.
measure() {
    local label="$1" lua="$2" path="$3" script="${4:-}" rate tps alone='-' options=()
    shift 3
    if [ -n "$script" ]; then
        shift
        # Before the load: what wrk leaves unfinished at its end is rolled back in the same log.
        log_call "$lua" "$path"
        script="scripts/bench/$script.sql"
        node scripts/bench/same.mjs "$work/statements.log" "$script" ||
            die "$script n'est plus ce que le serveur envoie : mettez-le à jour."
        BENCH_DRAFT=$((BENCH_DRAFT + 1))
        wrk_run 1 8 "$lua" "$path"
        BENCH_DRAFT=$((BENCH_DRAFT + requests + 100))
    else
        wrk_run 1 8 "$lua" "$path"
        log_call "$lua" "$path"
        script="$work/statements.sql"
        node scripts/bench/capture.mjs "$work/statements.log" "$script" >"$work/options"
        mapfile -t options <"$work/options"
        wrk_run "$seconds" 1 "$lua" "$path"
        alone="$p50"
    fi
    wrk_run "$seconds" 8 "$lua" "$path"
    BENCH_DRAFT=$((BENCH_DRAFT + requests + 100))
    rate="$(short "$requests" "$elapsed")"
    "$bin/pgbench" -n -M prepared -c 8 -j 1 -T "$seconds" -f "$script" -D "session=$session" "${options[@]}" "$@" \
        "$DATABASE_URL" >"$work/pgbench.log" 2>&1 ||
        { tail -n 20 "$work/pgbench.log" >&2; die "pgbench a échoué : $script"; }
    tps="$(sed -n 's/^tps = \([0-9.]*\).*/\1/p' "$work/pgbench.log")"
    tps="$(short "$tps" 1)"
    processed="$(sed -n 's/^number of transactions actually processed: \([0-9]*\).*/\1/p' "$work/pgbench.log")"
    row "$label" "$rate" "$p50" "$p99" "$alone" "$tps" "$(awk -v a="$rate" -v b="$tps" 'BEGIN { printf "%.2f", (b > 0) ? a / b : 0 }')"
    if [ "$alone" = - ]; then alone="$p50"; fi
    printf '%s\t%s\t%s\t%s\n' "$label" "$orders" "$alone" "$rate" >>"$work/results"
    wrote=$((requests + processed))
}

# measure_confirm LABEL PRODUCTS: confirmations of drafts on so many products.
measure_confirm() {
    local half confirmed
    # Confirming takes as long as creating, about: twice as many for the server with its warm-up, as many for pgbench,
    # and some more for a machine that was slow a moment ago.
    drafts $((wrote * 4 + 4000)) "$2"
    BENCH_DRAFT="$draft"
    half=$((draft + wrote * 2 + 2000))
    measure "$1" confirm /api/v1/orders confirm -D turn=-1 -D "draft=$half" -D statut=confirmee
    confirmed="$(psql_bench -c "select count(*) from orders where id >= $half and statut = 'confirmee'")"
    [ "$BENCH_DRAFT" -lt "$half" ] && [ "$confirmed" -ge "$processed" ] || die "Pas assez de brouillons à confirmer."
}

# A second server over the same shop, as one is served by default: its dashboard's answers are kept while they hold.
measure_kept() {
    local url port
    port="$(free_port)"
    url="http://127.0.0.1:$port"
    "$binary" serve --listen "127.0.0.1:$port" >"$work/keeper.log" 2>&1 &
    keeper=$!
    wait_for "$url/readyz" "$keeper" || { tail -n 20 "$work/keeper.log" >&2; die "Le second serveur ne répond pas."; }
    credentials="Authorization: Bearer $token"
    measure "synthèse, un an, gardée" report "/api/v1/dashboard/summary?start_date=$year_start"
    credentials="Cookie: $cookie"
    measure "page du tableau de bord, gardée" report /
    stop "$keeper"
    keeper=''
}

bench_size() {
    local started seed_time verify_time port ready session_cookie
    orders="$1"
    unset PGOPTIONS
    DATABASE_URL="$(testdb_create "dashboard_fb_bench_$orders")"
    export DATABASE_URL
    title "Graine : $orders commandes"
    "$binary" seed >/dev/null
    started=$SECONDS
    "$binary" seed --orders "$orders" 2>"$work/seed.log" || { cat "$work/seed.log" >&2; exit 1; }
    seed_time="$(human_time $((SECONDS - started)))"
    started=$SECONDS
    "$binary" verify >"$work/verify.log" || { cat "$work/verify.log" >&2; exit 1; }
    verify_time="$(human_time $((SECONDS - started)))"
    # The state of a shop that has been running: pages written, plans known.
    psql_bench -c 'vacuum analyze' -c checkpoint

    port="$(free_port)"
    url="http://127.0.0.1:$port"
    started="$(date +%s%N)"
    # What is read is measured: nothing is kept.
    "$binary" serve --listen "127.0.0.1:$port" --cache-mib 0 >"$work/server.log" 2>&1 &
    server=$!
    ready="$(node scripts/bench/ready.mjs "$url/readyz" "$started")" || { tail -n 20 "$work/server.log" >&2; die "Le serveur ne répond pas."; }
    found="$(node scripts/bench/shop.mjs "$url" "$rows")" || die "La boutique du banc n'a pas pu être préparée."
    eval "$found"
    credentials="Authorization: Bearer $token"
    export BENCH_CLIENT="$client" BENCH_PRODUCT="$product" BENCH_ROWS="$rows" BENCH_DRAFT=0
    # Sessions of pgbench hold what the server's hold; what they seal with the key is never verified.
    PGOPTIONS="-c TimeZone=UTC -c jit=off -c app.user_id=2 -c app.request_id=pgbench -c app.audit_key=$(printf '%064d' 0)"
    export PGOPTIONS

    title "Charge : $orders commandes, 8 connexions puis une seule, $seconds s par mesure"
    row appel req/s 'p50 ms' 'p99 ms' 'seul p50' 'pgbench tps' rapport
    measure "produits (20)" report /api/v1/products
    measure "une commande" report "/api/v1/orders/$order"
    measure "commandes, première page" report /api/v1/orders
    measure "commandes, page $cursor_page au curseur" report "/api/v1/orders?cursor=$cursor"
    measure "commandes, recherche" report "/api/v1/orders?search=$search"
    measure "commandes, recherche rare" report "/api/v1/orders?search=$rare"
    measure "commandes, un statut" report "/api/v1/orders?statut=en_livraison"
    measure "commandes, sans livreur" report "/api/v1/orders?livreur_id=none"
    measure "commandes, un produit" report "/api/v1/orders?product_id=1"
    measure "synthèse, 30 jours" report /api/v1/dashboard/summary
    measure "synthèse, un an" report "/api/v1/dashboard/summary?start_date=$year_start"
    credentials="Cookie: $cookie"
    measure "page du tableau de bord (HTML)" report /
    measure_kept
    credentials="Authorization: Bearer $token"
    measure "création d'une commande" create /api/v1/orders create -D "first_product=$product" -D "first_client=$client" \
        -D "rows=$rows" -D "client_nom=Banc d’essai"
    node scripts/bench/listen.mjs "$url" "$listeners" >"$work/listen.log" &
    listening=$!
    until grep -q ouverts "$work/listen.log"; do
        kill -0 "$listening" 2>/dev/null || die "Les flux n'ont pas pu être ouverts."
        sleep 0.1
    done
    measure "création, $listeners pages à l'écoute" create /api/v1/orders create -D "first_product=$product" \
        -D "first_client=$client" -D "rows=$rows" -D "client_nom=Banc d’essai"
    stop "$listening"
    listening=''
    measure_confirm "confirmation, $rows produits" "$rows"
    measure_confirm "confirmation, un seul produit" 1
    say "graine : $seed_time ; verify : $verify_time ; du lancement à /readyz : $ready ms"
    say "mémoire du serveur, au plus : $(awk '/VmHWM/ { printf "%.0f Mo", $2 / 1024 }' "/proc/$server/status")"
    say ''
    stop "$server"
    server=''
}

unset DATABASE_URL
testdb_start durable
server_url="$DATABASE_URL"
export DASHBOARD_FB_DATA="$work/data" LEPTOS_SITE_ROOT="$target/site-release" DASHBOARD_FB_RATE_LIMIT=0
mkdir "$work/data"
for size in "${sizes[@]}"; do
    DATABASE_URL="$server_url"
    bench_size "$size"
    DATABASE_URL="$server_url" psql_bench -c "drop database dashboard_fb_bench_$size with (force)"
done

title "Croissance : p50 en ms (seul ; à 8 connexions pour ce qui écrit), et d'une taille à la suivante"
node -e '
    const { readFileSync } = require("fs");
    const rows = readFileSync(process.argv[1], "utf8").trim().split("\n").map((line) => line.split("\t"));
    const sizes = [...new Set(rows.map((row) => row[1]))];
    const name = (label) => label.replace(/page \d+ au/, "loin au");
    const cell = (label, size) => rows.find((row) => name(row[0]) === label && row[1] === size)?.[2];
    console.log("appel".padEnd(36) + sizes.map((size) => size.padStart(18)).join(""));
    for (const label of new Set(rows.map((row) => name(row[0])))) {
        const cells = sizes.map((size, at) => {
            const [now, before] = [cell(label, size), at > 0 && cell(label, sizes[at - 1])];
            return `${now}${before > 0 ? ` (×${(now / before).toFixed(2)})` : ""}`.padStart(18);
        });
        console.log(label.padEnd(36) + cells.join(""));
    }' "$work/results"
