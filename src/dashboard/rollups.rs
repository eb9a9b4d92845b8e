//! Adds up the days that were touched, a few at a time, and compares what was added up with the orders.
//!
//! A batch sees one snapshot: it takes away the touches that it sees and writes the days as they are there. Whoever
//! changes an order after that leaves a touch that the batch does not see and that stays. Batches come one after the
//! other, whichever server runs them; one that dies leaves everything as it was.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use sqlx::{AssertSqlSafe, PgConnection, PgPool};

use super::sold::{articles_from_orders, days_from_orders, statuses_from_orders};
use super::sources::month_of;
use crate::shared::{Day, Period};

/// Days added up in one transaction.
const BATCH: i64 = 31;
/// How often it is looked whether something was touched.
const LOOK: Duration = Duration::from_secs(1);
/// After a batch, so many times as long as it took nothing is added up: reads are exact meanwhile, only not as quick.
const REST: u32 = 9;
/// After a failure.
const PATIENCE: Duration = Duration::from_secs(5);
/// Every day is compared with the orders so often.
const COMPARED_EVERY: &str = "24 hours";
/// A server that has just started has other things to do first.
const FIRST_COMPARED: Duration = Duration::from_secs(60);

/// Adds up and compares until it is dropped.
pub async fn run(db: PgPool) {
    let mut next_look = Instant::now() + FIRST_COMPARED;
    loop {
        let rest = match work(&db, &mut next_look).await {
            Ok(rest) => rest,
            Err(error) => {
                tracing::warn!(%error, "figures could not be added up; it is tried again");
                PATIENCE
            }
        };
        tokio::time::sleep(rest).await;
    }
}

/// One batch, then the comparing where it is due; how long to rest then. A shop that is written to all day has days to
/// add up all day: the comparing leaves those out, and waits for a backlog alone.
pub async fn work(db: &PgPool, next_look: &mut Instant) -> Result<Duration, sqlx::Error> {
    let begun = Instant::now();
    let days = match sqlx::query_scalar("select exists (select from rollup_touched)").fetch_one(db).await? {
        true => batch(db, Turn::Pass).await?.unwrap_or(0),
        false => 0,
    };
    let took = begun.elapsed();
    if days as i64 >= BATCH {
        // A backlog makes every read slow: half of the time is given to it.
        return Ok(took);
    }
    if begun >= *next_look {
        *next_look = begun + Duration::from_secs(600);
        let due =
            format!("select coalesce(concordance_le < now() - interval '{COMPARED_EVERY}', true) from rollup_state");
        if sqlx::query_scalar(AssertSqlSafe(due)).fetch_one(db).await? {
            compare_all(db).await?;
        }
    }
    Ok(LOOK.max(took * REST))
}

/// What to do when somebody else is adding up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// Leave it to them.
    Pass,
    /// Wait for them to finish.
    Wait,
}

/// Adds up everything that is touched now; the days that this made.
pub async fn refresh(db: &PgPool) -> Result<usize, sqlx::Error> {
    let mut all = 0;
    loop {
        let days = batch(db, Turn::Wait).await?.unwrap_or(0);
        all += days;
        if (days as i64) < BATCH {
            return Ok(all);
        }
    }
}

/// Adds up some of the touched days, the latest first; `None` when somebody else is at it.
async fn batch(db: &PgPool, turn: Turn) -> Result<Option<usize>, sqlx::Error> {
    let mut tx = db.begin_with("begin isolation level repeatable read").await?;
    // A lock on a table takes no snapshot: what the batch before wrote is seen.
    let lock = match turn {
        Turn::Pass => "lock table rollup_state in exclusive mode nowait",
        Turn::Wait => "lock table rollup_state in exclusive mode",
    };
    match sqlx::raw_sql(lock).execute(&mut *tx).await {
        Err(sqlx::Error::Database(error)) if turn == Turn::Pass && error.code().as_deref() == Some("55P03") => {
            return Ok(None);
        }
        locked => locked?,
    };
    let days: Vec<Day> = sqlx::query_scalar(
        "select distinct business_day(at, (select business_zone())) from rollup_touched order by 1 desc limit $1",
    )
    .bind(BATCH)
    .fetch_all(&mut *tx)
    .await?;
    if !days.is_empty() {
        write(&mut tx, &days).await?;
        tx.commit().await?;
    }
    Ok(Some(days.len()))
}

/// Writes the days as their orders are, and the months that they are in.
async fn write(db: &mut PgConnection, days: &[Day]) -> Result<(), sqlx::Error> {
    let statements = [
        "delete from rollup_touched where business_day(at, (select business_zone())) = any($1)".to_owned(),
        "delete from rollup_days where jour = any($1)".to_owned(),
        "delete from rollup_statuts where jour = any($1)".to_owned(),
        "delete from rollup_articles where jour = any($1)".to_owned(),
        format!("insert into rollup_days (jour, montant, livre, commandes, articles) {}", days_from_orders("$1")),
        format!("insert into rollup_statuts (jour, statut, nombre, montant) {}", statuses_from_orders("$1")),
        format!(
            "insert into rollup_articles (jour, product_id, category_id, quantite, montant) {}",
            articles_from_orders("$1")
        ),
    ];
    for statement in statements {
        sqlx::query(AssertSqlSafe(statement)).bind(days).execute(&mut *db).await?;
    }
    let mut months: Vec<_> = days.iter().map(|day| month_of(*day)).collect();
    months.sort_by_key(|month| month.start);
    months.dedup();
    for month in months {
        sqlx::query("delete from rollup_articles_mois where mois = $1").bind(month.start).execute(&mut *db).await?;
        sqlx::query(
            "insert into rollup_articles_mois (mois, product_id, category_id, quantite, montant)
             select $1, product_id, category_id, sum(quantite)::bigint, sum(montant)::bigint
             from rollup_articles where jour between $1 and $2 group by product_id, category_id",
        )
        .bind(month.start)
        .bind(month.end)
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// A comparison of what was added up with the orders; days that are touched are read from the orders anyway.
pub struct Comparison {
    /// Stable name.
    pub name: &'static str,
    /// What must be true, for people.
    pub label: &'static str,
    /// The table that was added up.
    pub table: &'static str,
    /// Returns (day and what of it, expected, found) as text for each row that is off; the day comes first.
    pub sql: String,
}

/// What was added up of a period, or of all time, beside a plain count of the orders: other statements than those
/// that added it up, over whole tables rather than day by day.
pub fn comparisons(period: Option<Period>) -> [Comparison; 4] {
    // Days print as YYYY-MM-DD, which needs no quoting beyond this.
    let within = |column: &str| {
        period.map_or(String::new(), |Period { start, end }| format!(" and {column} between '{start}' and '{end}'"))
    };
    let instants = |column: &str| {
        period.map_or(String::new(), |Period { start, end }| {
            format!(" and {column} >= day_start('{start}') and {column} < day_start('{}')", end.plus(1))
        })
    };
    let day = |column: &str| format!("business_day({column}, (select business_zone()))");
    let untouched = |column: &str| {
        format!(
            "{column} not in (select business_day(at, (select business_zone())) from rollup_touched){}",
            within(column)
        )
    };
    let sold = format!(
        "select {} as jour, o.id, o.statut = 'livree' as livree, coalesce(o.total_livre, o.total) as montant
         from orders o where not o.is_deleted and o.statut not in ('brouillon', 'annulee'){}",
        day("o.confirmed_at"),
        instants("o.confirmed_at")
    );
    let lines = format!(
        "select s.jour, i.product_id, i.category_id, coalesce(i.quantite_livree, i.quantity) as quantite, i.prix_unitaire
         from ({sold}) s join order_items i on i.order_id = s.id"
    );
    [
        Comparison {
            name: "chiffres_jours",
            label: "Les ventes de chaque jour sont celles de ses commandes",
            table: "rollup_days",
            sql: format!(
                "select coalesce(e.jour, r.jour)::text, e.figures, r.figures
                 from (select jour, concat_ws(' / ', montant, livre, commandes, coalesce(articles, 0)) as figures
                       from (select jour, sum(montant) as montant, coalesce(sum(montant) filter (where livree), 0) as livre,
                                    count(*) as commandes from ({sold}) s group by jour) o
                       left join (select jour, sum(quantite) as articles from ({lines}) l group by jour) l using (jour)) e
                 full join (select jour, concat_ws(' / ', montant, livre, commandes, articles) as figures from rollup_days
                            where true{}) r on r.jour = e.jour
                 where e.figures is distinct from r.figures and {}",
                within("jour"),
                untouched("coalesce(e.jour, r.jour)")
            ),
        },
        Comparison {
            name: "chiffres_statuts",
            label: "Les commandes créées chaque jour, par statut, sont comptées juste",
            table: "rollup_statuts",
            sql: format!(
                "select coalesce(e.jour, r.jour)::text || ', ' || coalesce(e.statut, r.statut), e.figures, r.figures
                 from (select {} as jour, o.statut, concat_ws(' / ', count(*), sum(o.total)) as figures
                       from orders o where not o.is_deleted{} group by 1, 2) e
                 full join (select jour, statut, concat_ws(' / ', nombre, montant) as figures from rollup_statuts
                            where true{}) r on r.jour = e.jour and r.statut = e.statut
                 where e.figures is distinct from r.figures and {}",
                day("o.created_at"),
                instants("o.created_at"),
                within("jour"),
                untouched("coalesce(e.jour, r.jour)")
            ),
        },
        Comparison {
            name: "chiffres_articles",
            label: "Les ventes de chaque article, jour par jour, sont celles des lignes",
            table: "rollup_articles",
            sql: format!(
                "select coalesce(e.jour, r.jour)::text || ', produit ' || coalesce(e.product_id, r.product_id)::text
                            || ', catégorie ' || coalesce(e.category_id, r.category_id)::text, e.figures, r.figures
                 from (select jour, product_id, category_id,
                              concat_ws(' / ', sum(quantite), sum(quantite * prix_unitaire)) as figures
                       from ({lines}) l group by 1, 2, 3) e
                 full join (select jour, product_id, category_id, concat_ws(' / ', quantite, montant) as figures
                            from rollup_articles where true{}) r
                     on r.jour = e.jour and r.product_id = e.product_id and r.category_id = e.category_id
                 where e.figures is distinct from r.figures and {}",
                within("jour"),
                untouched("coalesce(e.jour, r.jour)")
            ),
        },
        Comparison {
            name: "chiffres_mois",
            label: "Les ventes d'un mois sont celles de ses jours",
            table: "rollup_articles_mois",
            sql: format!(
                "select coalesce(e.mois, r.mois)::text || ' et son mois, produit '
                            || coalesce(e.product_id, r.product_id)::text || ', catégorie '
                            || coalesce(e.category_id, r.category_id)::text, e.figures, r.figures
                 from (select date_trunc('month', jour::timestamp)::date as mois, product_id, category_id,
                              concat_ws(' / ', sum(quantite), sum(montant)) as figures
                       from rollup_articles where true{} group by 1, 2, 3) e
                 full join (select mois, product_id, category_id, concat_ws(' / ', quantite, montant) as figures
                            from rollup_articles_mois where true{}) r
                     on r.mois = e.mois and r.product_id = e.product_id and r.category_id = e.category_id
                 where e.figures is distinct from r.figures
                   and coalesce(e.mois, r.mois) not in (
                       select date_trunc('month', business_day(at, (select business_zone()))::timestamp)::date
                       from rollup_touched)",
                within("jour"),
                within("mois")
            ),
        },
    ]
}

/// The days of a period, or of all time, whose figures are not those of the orders. A month that is off is told by
/// its first day.
pub async fn differing(db: &mut PgConnection, period: Option<Period>) -> Result<Vec<Day>, sqlx::Error> {
    let parts = comparisons(period).map(|comparison| {
        format!("select left(place, 10)::date from ({}) as f (place, expected, found)", comparison.sql)
    });
    let sql = format!("{} order by 1", parts.join(" union "));
    sqlx::query_scalar(AssertSqlSafe(sql)).persistent(false).fetch_all(db).await
}

/// Adds up these days anew; the orders are read for them until that is done.
pub async fn repair(db: &PgPool, days: &[Day]) -> Result<(), sqlx::Error> {
    sqlx::query("insert into rollup_touched (at) select day_start(jour) from unnest($1::date[]) as jour")
        .bind(days)
        .execute(db)
        .await?;
    refresh(db).await.map(drop)
}

/// The figures of every day were compared with the orders as they were at `at`, and agreed.
pub async fn agreed(db: &PgPool, at: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query("update rollup_state set concordance_le = $1").bind(at).execute(db).await.map(drop)
}

/// Compares month after month, each in a snapshot of its own, with rests between them. Days that are off are added
/// up anew and told in the log: then it did not agree.
pub async fn compare_all(db: &PgPool) -> Result<Vec<Day>, sqlx::Error> {
    let (begun_at, first, last): (DateTime<Utc>, Option<Day>, Option<Day>) = sqlx::query_as(
        "select now(), min(jour), max(jour) from (
             select jour from rollup_days union all select jour from rollup_statuts union all select mois from rollup_articles_mois
             union all select business_day(min(created_at)) from orders union all select business_day(max(created_at)) from orders
             union all select business_day(min(confirmed_at)) from orders where not is_deleted and confirmed_at is not null
             union all select business_day(max(confirmed_at)) from orders where not is_deleted and confirmed_at is not null) days",
    )
    .fetch_one(db)
    .await?;
    let (mut wrong, mut next) = (Vec::new(), first.map(Day::first_of_month));
    while let (Some(day), Some(last)) = (next, last)
        && day <= last
    {
        let begun = Instant::now();
        let month = month_of(day);
        let mut tx = db.begin_with("begin isolation level repeatable read, read only").await?;
        wrong.extend(differing(&mut tx, Some(month)).await?);
        tx.commit().await?;
        tokio::time::sleep(begun.elapsed() * REST).await;
        next = Some(month.end.plus(1));
    }
    if wrong.is_empty() {
        agreed(db, begun_at).await?;
    } else {
        let days = wrong.iter().map(Day::to_string).collect::<Vec<_>>().join(", ");
        tracing::error!(days, "figures were not those of the orders; they are added up anew");
        repair(db, &wrong).await?;
    }
    Ok(wrong)
}
