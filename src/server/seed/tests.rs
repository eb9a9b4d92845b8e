//! The demo shop and seeded orders, in a database of their own each.

use chrono::{DateTime, Utc};
use sqlx::PgPool;

use super::fill::{self, Plan};
use super::{Progress, SeedError, SeedOptions, demo_until, seed_until};
use crate::tests::database;

/// A Sunday at dawn: hardly a sale yet, and everything must still be there.
fn dawn() -> DateTime<Utc> {
    "2026-03-29T03:10:00Z".parse().expect("an instant")
}

async fn shop() -> PgPool {
    let db = database().await;
    sqlx::query(
        "insert into settings (devise, exposant, fuseau) values ('EUR', 2, 'Europe/Paris') on conflict do nothing",
    )
    .execute(&db)
    .await
    .expect("settings");
    db
}

async fn number(db: &PgPool, question: &'static str) -> i64 {
    sqlx::query_scalar(question).fetch_one(db).await.expect(question)
}

async fn seed(db: &PgPool, orders: u64, random_seed: u64) {
    let options = SeedOptions { orders: Some(orders), random_seed };
    seed_until(db, &options, dawn(), |_| ()).await.expect("seed");
}

async fn assert_true(db: &PgPool) {
    let report = super::super::verify::verify(db).await.expect("verify");
    assert!(report.is_clean(), "{report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_shop_is_alive_and_true() {
    let db = shop().await;
    demo_until(&db, dawn()).await.expect("demo");
    assert_true(&db).await;

    assert_eq!(number(&db, "select count(*) from orders").await, 400);
    assert_eq!(number(&db, "select count(distinct statut) from orders").await, 6);
    assert!(number(&db, "select count(*) from orders where business_day(created_at) = '2026-03-29'").await >= 8);
    assert_eq!(number(&db, "select count(*) from orders where created_at > '2026-03-29T03:10:00Z'").await, 0);
    assert!(number(&db, "select count(*) from clients").await >= 150);
    let short = "select count(*) from stocks where quantite = quantite_reservee";
    let low = "select count(*) from stocks where quantite - quantite_reservee between 1 and seuil_alerte";
    assert!(number(&db, short).await > 0 && number(&db, low).await > 0);
    assert_eq!(
        number(
            &db,
            "select count(*) from users where is_active and password_hash like '$argon2id$%' and (email, role) in (
                ('admin@example.com', 'admin'), ('controleur@example.com', 'controleur'),
                ('livreur@example.com', 'livreur'), ('user@example.com', 'simple_utilisateur'))"
        )
        .await,
        4
    );
    // A delivered order tells its whole life.
    assert_eq!(
        number(
            &db,
            "select count(*) from orders o where statut = 'livree'
                and (select array_agg(coalesce(apres ->> 'statut', 'livreur') order by seq) from history
                     where table_name = 'orders' and row_id = o.id)
                    <> array['brouillon', 'confirmee', 'en_preparation', 'livreur', 'en_livraison', 'livree']"
        )
        .await,
        0
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_demo_changes_nothing_and_brings_nothing_back() {
    let db = shop().await;
    demo_until(&db, dawn()).await.expect("demo");
    sqlx::raw_sql(
        "begin; set local app.user_id = '2';
         update users set is_deleted = true, deleted_at = now(), deleted_by = 2 where email = 'user@example.com';
         update products set nom = 'Autre nom' where id = 1;
         commit",
    )
    .execute(&db)
    .await
    .expect("changes");
    let before = number(&db, "select max(id) from history").await;
    demo_until(&db, Utc::now()).await.expect("again");
    assert_eq!(number(&db, "select max(id) from history").await, before);
    assert_eq!(number(&db, "select count(*) from orders").await, 400);
    assert_true(&db).await;
}

/// Everything but secrets, salts, seals and ids that a sequence gives.
const CONTENT: &str = "
    select md5(string_agg(o.numero || ' ' || (orders_payload(o) - 'client_id')::text || concat_ws(' ', o.created_at, o.confirmed_at,
                          o.prepared_at, o.shipped_at, o.delivered_at, o.cancelled_at, o.updated_at)
                          || (select string_agg(concat_ws(' ', i.product_nom, i.quantity, i.quantite_livree, i.total), ';' order by i.id)
                              from order_items i where i.order_id = o.id), E'\\n' order by o.numero))
    from orders o";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_seed_gives_the_same_orders() {
    let mut contents: Vec<String> = Vec::new();
    for random_seed in [7, 7, 8] {
        let db = shop().await;
        seed(&db, 1_000, random_seed).await;
        assert_eq!(number(&db, "select count(*) from orders").await, 1_000);
        let lines = number(&db, "select count(*) from order_items").await;
        assert!((2_800..=3_200).contains(&lines), "{lines} lines");
        assert_eq!(number(&db, "select count(distinct statut) from orders").await, 6);
        contents.push(sqlx::query_scalar(CONTENT).fetch_one(&db).await.expect("content"));
    }
    assert_eq!(contents[0], contents[1]);
    assert_ne!(contents[0], contents[2]);
}

/// Indexes, constraints and triggers, as the database describes them.
const STRUCTURE: &str = "
    select string_agg(line, E'\\n' order by line) from (
        select pg_get_indexdef(indexrelid) as line from pg_index where indrelid::regclass::text !~ '^pg_'
        union all
        select conrelid::regclass::text || ' ' || conname || ' ' || pg_get_constraintdef(oid) || convalidated::text
        from pg_constraint where connamespace = 'public'::regnamespace
        union all
        select tgrelid::regclass::text || ' ' || tgname || ' ' || tgenabled::text from pg_trigger where not tgisinternal
    ) d";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_seed_puts_indexes_back_and_wakes_the_triggers() {
    let db = shop().await;
    let before: String = sqlx::query_scalar(STRUCTURE).fetch_one(&db).await.expect("structure");
    demo_until(&db, dawn()).await.expect("demo");
    let mut tx = db.begin().await.expect("begin");
    let mut progress = Progress { tell: &|_| (), started: std::time::Instant::now(), number: 0 };
    let plan = Plan { orders: 900, days: 365, random_seed: 3, until: dawn(), whole: false, bulk: true };
    fill::fill(&mut tx, &plan, &mut progress).await.expect("fill");
    tx.commit().await.expect("commit");

    let after: String = sqlx::query_scalar(STRUCTURE).fetch_one(&db).await.expect("structure");
    assert_eq!(before, after);
    assert_eq!(number(&db, "select count(*) from pg_class where relname like 'seed%'").await, 0);
    assert_true(&db).await;

    // Life goes on behind what was seeded.
    sqlx::raw_sql(
        "begin; set local app.user_id = '2';
         insert into stock_movements (product_id, type, quantite, stock_avant, stock_apres, created_by)
             values (1, 'entree', 5, 0, 5, 2);
         update orders set notes = 'Modifiée.' where id = (select max(id) from orders);
         update clients set notes = 'Fidèle.' where id = 1;
         commit",
    )
    .execute(&db)
    .await
    .expect("writes");
    assert_eq!(number(&db, "select max(version)::bigint from orders where notes = 'Modifiée.'").await, 2);
    assert_true(&db).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_few_orders_and_none() {
    let db = shop().await;
    seed(&db, 0, 1).await;
    assert_eq!(number(&db, "select count(*) from orders").await, 0);
    assert!(number(&db, "select count(*) from products").await > 100);
    seed(&db, 1, 1).await;
    seed(&db, 40, 1).await;
    assert_eq!(number(&db, "select count(*) from orders").await, 41);
    assert_true(&db).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_settings_nothing_is_written() {
    let db = database().await;
    sqlx::query("delete from settings").execute(&db).await.expect("settings");
    let refused = demo_until(&db, dawn()).await;
    assert!(matches!(refused, Err(SeedError::NoSettings)));
    assert_eq!(number(&db, "select count(*) from users").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_to_deliver_is_said_and_leaves_nothing() {
    let db = shop().await;
    seed(&db, 0, 1).await;
    sqlx::raw_sql(
        "begin; set local app.user_id = '2'; update users set is_active = false where role = 'livreur'; commit",
    )
    .execute(&db)
    .await
    .expect("deactivate");
    let options = SeedOptions { orders: Some(10), random_seed: 1 };
    let refused = seed_until(&db, &options, dawn(), |_| ()).await;
    assert!(matches!(refused, Err(SeedError::Nobody("livreur actif"))));
    assert_eq!(number(&db, "select count(*) from pg_class where relname like 'seed%'").await, 0);
    assert_true(&db).await;
}
