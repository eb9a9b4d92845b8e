//! Runs a plan of orders: stage tables, then the real ones, in the transaction of the caller.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::indexes;
use super::{Progress, SeedError, orders, stock, trail};

/// What to make, and how.
pub(super) struct Plan {
    pub orders: u64,
    /// Business days over which they are spread, the one of `until` being the last.
    pub days: i32,
    pub random_seed: u64,
    pub until: DateTime<Utc>,
    /// The trail tells the whole life of each order; else it has one entry for each row.
    pub whole: bool,
    /// Indexes and foreign keys are taken away meanwhile.
    pub bulk: bool,
}

/// The triggers that would stamp, count and refuse what is written here in its final state.
const SLEEP: &str = "
    alter table orders disable trigger user;
    alter table order_items disable trigger user;
    alter table stock_movements disable trigger user;
    alter table stocks disable trigger user;
    alter sequence order_numero_seq increment by 1";
const WAKE: &str = "
    alter table orders enable trigger user;
    alter table order_items enable trigger user;
    alter table stock_movements enable trigger user;
    alter table stocks enable trigger user";

/// Two processes, and memory for sorts; only until the transaction ends. All of it was written a moment
/// ago: reading it costs nothing next to computing, which is what the planner is to share out.
const GENEROUS: &str = "
    set local jit = off;
    set local work_mem = '192MB';
    set local maintenance_work_mem = '512MB';
    set local max_parallel_workers_per_gather = 2;
    set local max_parallel_maintenance_workers = 2;
    set local seq_page_cost = 0;
    set local parallel_setup_cost = 0;
    set local parallel_tuple_cost = 0;
    set local min_parallel_table_scan_size = '1MB'";

/// Where there were no orders yet, their tables get fresh files, of which no journal need be kept
/// (wal_level=minimal). The tables are locked since their triggers were put to sleep.
const FRESH_FILES: &str = "
    do $$ begin
        if not exists (select from orders) and not exists (select from order_items) then
            truncate orders, order_items;
        end if;
    end $$";

const CLEAR: &str = "
    drop table seed_plan, seed_products, seed_clients, seed_hours, seed_draft, seed_times, seed_orders,
               seed_lines, seed_totals, seed_flows, seed_weeks, seed_openings, seed_trail;
    drop table if exists seed_trail_items;
    drop function pg_temp.uniform";

/// Takes `count` numbers from a sequence; the first of them.
async fn reserve(conn: &mut PgConnection, sequence: &str, count: i64) -> Result<i64, SeedError> {
    let first: i64 =
        sqlx::query_scalar("select nextval($1::text::regclass)").bind(sequence).fetch_one(&mut *conn).await?;
    sqlx::query("select setval($1::text::regclass, $2)").bind(sequence).bind(first + count - 1).execute(conn).await?;
    Ok(first)
}

/// Spreads a seed over all 64 bits, so that neighbours have nothing in common.
fn mixed(seed: u64) -> i64 {
    let mut x = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    // The lowest bits are left to the questions.
    ((x ^ (x >> 31)) & !0xFF) as i64
}

async fn run(conn: &mut PgConnection, statement: &'static str) -> Result<(), SeedError> {
    let started = std::time::Instant::now();
    sqlx::raw_sql(statement).execute(conn).await?;
    let what = statement.trim_start().lines().next().unwrap_or_default();
    tracing::debug!(what, elapsed = ?started.elapsed(), "done");
    Ok(())
}

/// Makes the orders of a plan.
pub(super) async fn fill(conn: &mut PgConnection, plan: &Plan, progress: &mut Progress<'_>) -> Result<(), SeedError> {
    let count = i64::try_from(plan.orders).map_err(|_| SeedError::TooMany)?;
    progress.step("Préparation");
    run(conn, GENEROUS).await?;
    run(conn, SLEEP).await?;
    run(conn, orders::HELPERS).await?;
    run(conn, orders::PLAN).await?;
    sqlx::query(orders::PLAN_ROW)
        .bind(count)
        .bind(mixed(plan.random_seed))
        .bind(plan.days)
        .bind(plan.until)
        .bind(plan.whole)
        .execute(&mut *conn)
        .await?;
    for statement in orders::CAST {
        run(conn, statement).await?;
    }
    let (products, clients, livreurs, auteurs): (i64, i64, i64, i64) =
        sqlx::query_as(
            "select products, clients, coalesce(cardinality(livreurs), 0)::bigint, coalesce(cardinality(auteurs), 0)::bigint
             from seed_plan",
        )
       .fetch_one(&mut *conn).await?;
    for (number, what) in [
        (products, "produit en vente"),
        (clients, "client"),
        (livreurs, "livreur actif"),
        (auteurs, "contrôleur ou administrateur actif"),
    ] {
        if number == 0 {
            return Err(SeedError::Nobody(what));
        }
    }

    progress.step("Commandes");
    for statement in orders::DRAFT {
        run(conn, statement).await?;
    }
    let lines: i64 = sqlx::query_scalar("select sum(lines)::bigint from seed_draft").fetch_one(&mut *conn).await?;
    let first_order = reserve(conn, "orders_id_seq", count).await?;
    let first_item = reserve(conn, "order_items_id_seq", lines).await?;
    let first_numero = reserve(conn, "order_numero_seq", count).await?;
    sqlx::query("update seed_plan set first_order = $1, first_numero = $2, first_item = $3")
        .bind(first_order)
        .bind(first_numero)
        .bind(first_item)
        .execute(&mut *conn)
        .await?;
    run(conn, "analyze seed_plan, seed_products, seed_clients, seed_draft").await?;
    run(conn, orders::TIMES).await?;
    run(conn, "analyze seed_times").await?;
    run(conn, orders::ORDERS).await?;
    run(conn, "analyze seed_orders").await?;
    if plan.whole {
        run(conn, orders::ROUNDS).await?;
    }
    run(conn, orders::LINES).await?;
    run(conn, "analyze seed_lines").await?;
    run(conn, orders::TOTALS).await?;
    run(conn, "analyze seed_totals").await?;
    let shelved = if plan.bulk { Some(indexes::shelve(conn).await?) } else { None };
    if plan.bulk {
        run(conn, FRESH_FILES).await?;
    }
    run(conn, orders::WRITE_ORDERS).await?;
    progress.step("Lignes");
    run(conn, orders::WRITE_LINES).await?;

    progress.step("Stock");
    run(conn, stock::FLOWS).await?;
    run(conn, "analyze seed_flows").await?;
    for statement in stock::SUPPLIES {
        run(conn, statement).await?;
    }
    let flows: i64 = sqlx::query_scalar("select count(*) from seed_flows").fetch_one(&mut *conn).await?;
    if flows > 0 {
        let first = reserve(conn, "stock_movements_id_seq", flows).await?;
        sqlx::query(stock::WRITE_MOVEMENTS).bind(first - 1).execute(&mut *conn).await?;
    }
    run(conn, stock::WRITE_STOCKS).await?;

    progress.step("Historique");
    if plan.whole {
        run(conn, trail::WHOLE).await?;
        run(conn, "analyze seed_trail").await?;
        let (entries, longest): (i64, i32) =
            sqlx::query_as("select count(*), max(seq) from seed_trail").fetch_one(&mut *conn).await?;
        let first = reserve(conn, "history_id_seq", entries).await?;
        for seq in 1..=longest {
            sqlx::query(trail::WHOLE_WRITE).bind(seq).bind(first - 1).execute(&mut *conn).await?;
        }
    } else {
        for statement in trail::SHORT {
            run(conn, statement).await?;
        }
        for statement in trail::SHORT_WRITE {
            run(conn, statement).await?;
        }
    }

    progress.step("Index");
    run(conn, CLEAR).await?;
    if let Some(shelved) = shelved {
        shelved.restore(conn).await?;
    }
    run(conn, WAKE).await?;
    // The triggers that say which days changed were asleep too.
    run(conn, "select rollup_touch_all()").await?;
    run(conn, "analyze orders, order_items, stock_movements, stocks, history").await
}
