//! The dashboard's figures beside a plain recount of the orders, read in one snapshot: at every instant the same,
//! however much was added up beforehand and whatever is being written.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use sqlx::{PgConnection, PgPool};

use super::App;
use super::dashboard_shop::Shop;
use crate::auth::permission::Role;
use crate::dashboard::model::Summary;
use crate::dashboard::operations::summary_in;
use crate::dashboard::percent::change_pct;
use crate::dashboard::rollups;
use crate::server::database::settle;
use crate::shared::{Day, Period};

/// Both nights on which the clocks change in Paris, the hours that come twice after midnight in the Azores and in Cuba, the
/// year's end, the ends of months, ordinary days.
const INSTANTS: [&str; 18] = [
    "2025-12-31 22:59:59.999999+00",
    "2025-12-31 23:00:00+00",
    "2026-01-31 22:59:59+00",
    "2026-01-31 23:00:00+00",
    "2026-02-10 09:00:00+00",
    "2026-03-28 22:59:59.999999+00",
    "2026-03-28 23:00:00+00",
    "2026-03-29 00:59:59+00",
    "2026-03-29 01:00:00+00",
    "2026-03-29 22:00:00+00",
    "2026-04-15 12:00:00+00",
    "2026-10-24 22:00:00+00",
    "2026-10-25 00:30:00+00",
    "2026-10-25 01:30:00+00",
    "2026-10-25 23:00:00+00",
    "2026-11-01 04:30:00+00",
    "2026-11-01 05:30:00+00",
    "2026-12-31 23:00:00+00",
];

/// Whole months and parts of them, days alone, across the year's end.
const PERIODS: [(&str, &str); 7] = [
    ("2026-01-01", "2026-12-31"),
    ("2025-12-31", "2026-03-29"),
    ("2026-02-10", "2026-04-15"),
    ("2026-03-29", "2026-03-29"),
    ("2026-10-25", "2026-10-26"),
    ("2026-02-01", "2026-02-28"),
    ("2026-12-01", "2027-01-31"),
];

const STATUSES: [&str; 6] = ["brouillon", "confirmee", "en_preparation", "en_livraison", "livree", "annulee"];

/// Something that happens to an order; numbers are taken modulo what exists.
#[derive(Debug, Clone)]
enum Deed {
    Place { statut: usize, created: usize, confirmed: usize, lines: Vec<(usize, i64)> },
    Turn { order: usize, statut: usize, handed: i64 },
    Lines { order: usize, lines: Vec<(usize, i64)> },
    Correct { order: usize, handed: i64 },
    Remove { order: usize },
    Restore { order: usize },
    Move { order: usize, confirmed: usize },
}

fn deed() -> impl Strategy<Value = Deed> {
    let lines = || prop::collection::vec((0..4usize, 1..9i64), 1..4);
    prop_oneof![
        6 => (0..6usize, 0..16usize, 0..16usize, lines())
            .prop_map(|(statut, created, confirmed, lines)| Deed::Place { statut, created, confirmed, lines }),
        6 => (0..64usize, 0..6usize, 0..9i64).prop_map(|(order, statut, handed)| Deed::Turn { order, statut, handed }),
        3 => (0..64usize, lines()).prop_map(|(order, lines)| Deed::Lines { order, lines }),
        2 => (0..64usize, 0..9i64).prop_map(|(order, handed)| Deed::Correct { order, handed }),
        2 => (0..64usize).prop_map(|order| Deed::Remove { order }),
        2 => (0..64usize).prop_map(|order| Deed::Restore { order }),
        1 => (0..64usize, 0..16usize).prop_map(|(order, confirmed)| Deed::Move { order, confirmed }),
    ]
}

// The lines of an order, the quantities handed over, and what follows from both.
const NO_LINES: &str = "delete from order_items where order_id = $1";
const NEW_LINES: &str = "
    insert into order_items (order_id, product_id, product_nom, category_id, quantity, prix_unitaire, taux_tva)
    select $1, p.id, p.nom, (select min(id) + (p.id + sum(t.q)) % 2 from categories), sum(t.q), p.prix, p.taux_tva
    from unnest($2::bigint[], $3::bigint[]) as t(p, q) join products p on p.id = t.p group by p.id";
const HANDED: &str = "
    update order_items i set quantite_livree = case when o.statut = 'livree' then least(i.quantity, $2) end
    from orders o where o.id = i.order_id and o.id = $1";
const TOTALS: &str = "
    update orders o set total = l.total,
           total_livre = case when o.statut = 'livree' then l.livre end
    from (select coalesce(sum(total), 0)::bigint as total, coalesce(sum(quantite_livree * prix_unitaire), 0)::bigint as livre
          from order_items where order_id = $1) l
    where o.id = $1";

/// Does it, in a transaction of its own.
async fn perform(db: &PgPool, deed: &Deed, products: &[i64], orders: &Mutex<Vec<i64>>) {
    let pick = |n: &usize| {
        let orders = orders.lock().expect("orders");
        (!orders.is_empty()).then(|| orders[n % orders.len()])
    };
    let columns =
        |lines: &[(usize, i64)]| -> (Vec<i64>, Vec<i64>) { lines.iter().map(|(p, q)| (products[*p], *q)).unzip() };
    let mut tx = db.begin_with("begin; set local app.user_id = '1'").await.expect("begin");
    let id = match deed {
        Deed::Place { statut, created, confirmed, lines } => {
            let statut = STATUSES[*statut];
            let id: i64 = sqlx::query_scalar(
                "insert into orders (numero, statut, client_id, client_nom, total_livre, livreur_id, confirmed_at, shipped_at,
                                     delivered_at, cancelled_at)
                 select next_order_numero(), $1, (select min(id) from clients), 'Jean Dupont', case when $1 = 'livree' then 0 end,
                        (select min(id) from users where role = 'livreur'),
                        case when $1 <> 'brouillon' then $2::timestamptz end, now(),
                        case when $1 = 'livree' then now() end, case when $1 = 'annulee' then now() end returning id",
            )
            .bind(statut)
            .bind(INSTANTS[*confirmed])
            .fetch_one(&mut *tx)
            .await
            .expect("an order");
            let (p, q) = columns(lines);
            sqlx::query(NEW_LINES).bind(id).bind(p).bind(q).execute(&mut *tx).await.expect("lines");
            sqlx::query(HANDED).bind(id).bind(2_i64).execute(&mut *tx).await.expect("handed over");
            sqlx::query("update orders set created_at = $2::timestamptz where id = $1")
                .bind(id)
                .bind(INSTANTS[*created])
                .execute(&mut *tx)
                .await
                .expect("a day");
            id
        }
        Deed::Turn { order, .. }
        | Deed::Lines { order, .. }
        | Deed::Correct { order, .. }
        | Deed::Remove { order }
        | Deed::Restore { order }
        | Deed::Move { order, .. } => {
            let Some(id) = pick(order) else { return };
            sqlx::query("select 1 from orders where id = $1 for update")
                .bind(id)
                .execute(&mut *tx)
                .await
                .expect("lock");
            id
        }
    };
    match deed {
        Deed::Place { .. } => {}
        Deed::Turn { statut, handed, .. } => {
            sqlx::query(
                "update orders set statut = $2, total_livre = case when $2 = 'livree' then 0 end,
                        confirmed_at = case when $2 <> 'brouillon' then coalesce(confirmed_at, created_at) end,
                        delivered_at = case when $2 = 'livree' then now() end,
                        cancelled_at = case when $2 = 'annulee' then now() end
                 where id = $1 and not is_deleted",
            )
            .bind(id)
            .bind(STATUSES[*statut])
            .execute(&mut *tx)
            .await
            .expect("a status");
            sqlx::query(HANDED).bind(id).bind(handed).execute(&mut *tx).await.expect("handed over");
        }
        Deed::Lines { lines, .. } => {
            let (p, q) = columns(lines);
            sqlx::query(NO_LINES).bind(id).execute(&mut *tx).await.expect("no lines");
            sqlx::query(NEW_LINES).bind(id).bind(p).bind(q).execute(&mut *tx).await.expect("lines");
            sqlx::query(HANDED).bind(id).bind(1_i64).execute(&mut *tx).await.expect("handed over");
        }
        Deed::Correct { handed, .. } => {
            sqlx::query(HANDED).bind(id).bind(handed).execute(&mut *tx).await.expect("handed over");
        }
        Deed::Remove { .. } => {
            let sql = "update orders set is_deleted = true, deleted_at = now(), deleted_by = 1
                       where id = $1 and statut in ('brouillon', 'annulee')";
            sqlx::query(sql).bind(id).execute(&mut *tx).await.expect("removed");
        }
        Deed::Restore { .. } => {
            let sql = "update orders set is_deleted = false, deleted_at = null, deleted_by = null where id = $1";
            sqlx::query(sql).bind(id).execute(&mut *tx).await.expect("restored");
        }
        Deed::Move { confirmed, .. } => {
            let sql = "update orders set confirmed_at = $2::timestamptz where id = $1 and confirmed_at is not null";
            sqlx::query(sql).bind(id).bind(INSTANTS[*confirmed]).execute(&mut *tx).await.expect("moved");
        }
    }
    sqlx::query(TOTALS).bind(id).execute(&mut *tx).await.expect("totals");
    tx.commit().await.expect("commit");
    // Not before: nobody could lock it, and whoever changed its lines first would wait for whoever holds it.
    if matches!(deed, Deed::Place { .. }) {
        orders.lock().expect("orders").push(id);
    }
}

/// An order as it is stored, with the days of the clocks on the wall.
#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    statut: String,
    total: i64,
    created: Day,
    confirmed: Option<Day>,
}

/// The figures of a period, counted row by row as the contract defines them.
#[derive(Debug, PartialEq, Default)]
struct Recount {
    turnover: i64,
    delivered: i64,
    orders: i64,
    units: i64,
    before: (i64, i64),
    days: BTreeMap<Day, (i64, i64, i64)>,
    statuses: BTreeMap<String, (i64, i64)>,
    products: Vec<(i64, i64, i64)>,
    categories: Vec<(i64, i64, i64)>,
}

async fn recount(db: &mut PgConnection, period: Period) -> Recount {
    let rows: Vec<Row> = sqlx::query_as(
        "select id, statut, total, (created_at at time zone (select fuseau from settings))::date as created,
                (confirmed_at at time zone (select fuseau from settings))::date as confirmed
         from orders where not is_deleted",
    )
    .fetch_all(&mut *db)
    .await
    .expect("orders");
    let lines: Vec<(i64, i64, i64, i64, Option<i64>, i64)> = sqlx::query_as(
        "select order_id, product_id, category_id, quantity, quantite_livree, prix_unitaire from order_items",
    )
    .fetch_all(db)
    .await
    .expect("lines");
    let within = |period: Period, day: Day| period.start <= day && day <= period.end;
    let mut found = Recount::default();
    let (mut products, mut categories) = (BTreeMap::new(), BTreeMap::new());
    for row in rows {
        if within(period, row.created) {
            let share = found.statuses.entry(row.statut.clone()).or_default();
            *share = (share.0 + 1, share.1 + row.total);
        }
        let Some(day) = row.confirmed.filter(|_| row.statut != "brouillon" && row.statut != "annulee") else {
            continue;
        };
        let mut amount = 0;
        for (_, product, category, ordered, handed, price) in lines.iter().filter(|line| line.0 == row.id) {
            let units = if row.statut == "livree" { handed.unwrap_or(0) } else { *ordered };
            amount += units * price;
            if within(period, day) {
                found.units += units;
                found.days.entry(day).or_default().2 += units;
                for (sums, id) in [(&mut products, product), (&mut categories, category)] {
                    let sum: &mut (i64, i64) = sums.entry(*id).or_default();
                    *sum = (sum.0 + units, sum.1 + units * price);
                }
            }
        }
        if within(period, day) {
            found.turnover += amount;
            found.orders += 1;
            found.delivered += if row.statut == "livree" { amount } else { 0 };
            let sales = found.days.entry(day).or_default();
            *sales = (sales.0 + amount, sales.1 + 1, sales.2);
        } else if within(period.before(), day) {
            found.before = (found.before.0 + amount, found.before.1 + 1);
        }
    }
    let ranked = |sums: BTreeMap<i64, (i64, i64)>| {
        let mut ranked: Vec<_> = sums.into_iter().map(|(id, (units, amount))| (id, units, amount)).collect();
        ranked.sort_by_key(|(id, _, amount)| (-amount, *id));
        ranked
    };
    (found.products, found.categories) = (ranked(products), ranked(categories));
    found
}

/// The same figures out of an answer.
fn told(summary: &Summary) -> Recount {
    let sales = &summary.chiffre_affaires;
    let items = summary.ventes_par_jour.items.iter();
    let statuses = summary.commandes.items.iter().filter(|share| share.nombre > 0);
    let products = summary.ventes_par_article.items.iter();
    let categories = summary.ventes_par_categorie.items.iter();
    Recount {
        turnover: sales.chiffre_affaires.0,
        delivered: sales.chiffre_affaires_livre.0,
        orders: sales.nombre_commandes,
        units: summary.ventes_par_jour.items.iter().map(|day| day.articles_vendus).sum(),
        before: (sales.periode_precedente.chiffre_affaires.0, sales.periode_precedente.nombre_commandes),
        days: items
            .filter(|day| day.nombre_commandes > 0)
            .map(|day| (day.date, (day.chiffre_affaires.0, day.nombre_commandes, day.articles_vendus)))
            .collect(),
        statuses: statuses.map(|s| (s.statut.as_str().to_owned(), (s.nombre, s.montant.0))).collect(),
        products: products.map(|p| (p.product_id.0, p.quantite, p.chiffre_affaires.0)).collect(),
        categories: categories.map(|c| (c.category_id.0, c.quantite, c.chiffre_affaires.0)).collect(),
    }
}

fn periods() -> impl Iterator<Item = Period> {
    let day = |text: &str| Day::parse(text).expect("a day");
    PERIODS.into_iter().map(move |(start, end)| Period { start: day(start), end: day(end) })
}

/// Reads figures and orders in one snapshot, and tells where they differ.
async fn compare(db: &PgPool) -> Result<(), String> {
    for period in periods() {
        let mut tx = db.begin_with("begin isolation level repeatable read, read only").await.expect("begin");
        let summary = summary_in(&mut tx, period).await.expect("a summary");
        let expected = recount(&mut tx, period).await;
        if told(&summary) != expected {
            let touched: i64 =
                sqlx::query_scalar("select count(*) from rollup_touched").fetch_one(&mut *tx).await.expect("touches");
            return Err(format!("{period:?}, {touched} touches:\n{:?}\n{expected:?}", told(&summary)));
        }
        let basket = &summary.panier_moyen;
        let per_order = |amount: i64, orders: i64| if orders == 0 { 0 } else { (2 * amount + orders) / (2 * orders) };
        let averages = (per_order(expected.turnover, expected.orders), per_order(expected.before.0, expected.before.1));
        assert_eq!((basket.panier_moyen.0, basket.periode_precedente.panier_moyen.0), averages, "{period:?}");
        assert_eq!(summary.chiffre_affaires.evolution_pct, change_pct(expected.turnover, expected.before.0));
    }
    Ok(())
}

/// Writers, the adding up and readers, all at once; in the end each route says the same as the summary.
async fn live_through(deeds: Vec<Deed>) -> Result<(), String> {
    let shop = Shop::with(&[1590, 450, 333, 1999]).await;
    shop.app.category("Cave").await;
    let products: Arc<Vec<i64>> = Arc::new(shop.products.iter().map(|product| product.0).collect());
    let (db, orders, done) = (shop.app.db.clone(), Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
    let adder = tokio::spawn({
        let (db, done) = (db.clone(), done.clone());
        async move {
            while !done.load(Ordering::Relaxed) {
                rollups::refresh(&db).await.expect("added up");
            }
        }
    });
    let reader = tokio::spawn({
        let (db, done) = (db.clone(), done.clone());
        async move {
            while !done.load(Ordering::Relaxed) {
                compare(&db).await?;
            }
            Ok::<_, String>(())
        }
    });
    let mut writers = tokio::task::JoinSet::new();
    for part in deeds.chunks(deeds.len().div_ceil(3)) {
        let (db, products, orders, part) = (db.clone(), products.clone(), orders.clone(), part.to_vec());
        writers.spawn(async move {
            for deed in &part {
                perform(&db, deed, &products, &orders).await;
            }
        });
    }
    while let Some(writer) = writers.join_next().await {
        writer.map_err(|error| error.to_string())?;
    }
    done.store(true, Ordering::Relaxed);
    adder.await.map_err(|error| error.to_string())?;
    reader.await.map_err(|error| error.to_string())??;
    compare(&db).await?;
    rollups::refresh(&db).await.expect("added up");
    compare(&db).await?;
    let wrong = rollups::compare_all(&db).await.expect("compared");
    if !wrong.is_empty() {
        return Err(format!("{wrong:?} were not what the orders are"));
    }
    shop.app.assert_figures_agree().await;
    Ok(())
}

impl App {
    /// No day that counts as added up differs from its orders.
    pub(super) async fn assert_figures_agree(&self) {
        let mut db = self.db.acquire().await.expect("a connection");
        let wrong = rollups::differing(&mut db, None).await.expect("compared");
        assert!(wrong.is_empty(), "{wrong:?} are not what the orders are");
    }
}

#[test]
fn figures_are_those_of_the_orders_at_every_instant() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(3).enable_all().build().expect("a runtime");
    let config = Config { cases: 4, max_shrink_iters: 20, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&prop::collection::vec(deed(), 60..90), |deeds| {
            runtime.block_on(live_through(deeds)).map_err(TestCaseError::fail)
        })
        .expect("always the same figures");
}

#[tokio::test]
async fn another_time_zone_makes_other_days() {
    let shop = Shop::with(&[100, 250]).await;
    shop.app.category("Cave").await;
    let products: Vec<i64> = shop.products.iter().map(|product| product.0).collect();
    let orders = Mutex::new(Vec::new());
    for at in 0..INSTANTS.len() {
        let deed = Deed::Place { statut: at % 6, created: at, confirmed: at, lines: vec![(at % 2, 3)] };
        perform(&shop.app.db, &deed, &products, &orders).await;
    }
    rollups::refresh(&shop.app.db).await.expect("added up");
    compare(&shop.app.db).await.expect("in Paris");
    for zone in ["Pacific/Auckland", "America/St_Johns", "Atlantic/Azores", "America/Havana", "Europe/Paris"] {
        settle(&shop.app.db, None, Some(zone)).await.expect("settled");
        compare(&shop.app.db).await.expect("from the orders");
        assert!(rollups::refresh(&shop.app.db).await.expect("added up") > 0, "{zone}");
        compare(&shop.app.db).await.expect("added up");
        shop.app.assert_figures_agree().await;
    }
}

#[tokio::test]
async fn nobody_waits_for_the_adding_up_and_nothing_is_lost_to_it() {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    let product = app.product(&admin, "Miel", 800, 100).await;
    let sold = async || {
        let today = app.get(&admin, "/dashboard/chiffre-affaires").await.expect(200).json();
        today["nombre_commandes"].as_i64()
    };
    // Somebody is adding up, and has been for a while.
    let mut busy = app.db.begin().await.expect("begin");
    sqlx::raw_sql("lock table rollup_state in exclusive mode").execute(&mut *busy).await.expect("lock");
    let order = app.order(&admin, &[(product, 2)]).await["id"].clone();
    app.post(&admin, &format!("/orders/{order}/confirm"), &serde_json::json!({})).await.expect(200);
    assert_eq!(sold().await, Some(1));
    busy.rollback().await.expect("rollback");
    // A change that is not committed yet when a day is added up.
    let mut late = app.as_system().await;
    sqlx::query("update orders set statut = 'annulee', cancelled_at = now() where id = $1")
        .bind(order.as_i64())
        .execute(&mut *late)
        .await
        .expect("cancelled");
    rollups::refresh(&app.db).await.expect("added up");
    let untouched = "select not exists (select from rollup_touched)";
    assert!(sqlx::query_scalar::<_, bool>(untouched).fetch_one(&app.db).await.expect("touches"), "all is added up");
    assert_eq!(sold().await, Some(1));
    late.commit().await.expect("commit");
    assert_eq!(sold().await, Some(0), "what came late counts at once");
}
