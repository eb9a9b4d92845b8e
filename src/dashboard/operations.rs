//! The dashboard's operations: the permission, the period, the reads in one snapshot.

use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::PgConnection;

use super::kept::{Answer, Moment};
use super::model::{
    Basket, Figures, OrdersByStatus, SalesByCategory, SalesByDay, SalesByProduct, SoldOrders, StockState, Summary,
    Turnover,
};
use super::queries::{self, SoldDay, SoldFilter};
use super::sources::Standing;
use crate::auth::context::Ctx;
use crate::auth::permission::Permission;
use crate::error::AppResult;
use crate::server::replica::{self, Least};
use crate::server::transaction;
use crate::shared::{Day, Fields, Period, listing};

/// Products listed under `ventes_par_article` unless said otherwise.
const TOP_PRODUCTS: i64 = 10;

/// The parameters of a question: name and value.
pub type Query = Vec<(String, String)>;

/// Takes `start_date` and `end_date` out of the parameters, with the contract's defaults.
fn read_period(mut f: Fields, today: Day) -> AppResult<Period> {
    let start = f.day("start_date").value();
    let end = f.day("end_date").value();
    let period = Period::with_defaults(start, end, today);
    listing::check_period(&mut f, period, if end.is_some() { "end_date" } else { "start_date" });
    f.finish()?;
    Ok(period)
}

/// What a question is read with: a connection in one snapshot and what is known of that, the period, the currency.
struct Asked<'a> {
    db: &'a mut PgConnection,
    standing: &'a Standing,
    period: Period,
    devise: &'a str,
}

/// A period and the one before, which it is compared with.
fn with_before(period: Period) -> Period {
    Period { start: period.before().start, end: period.end }
}

/// Answers a question about a period: all of it is of one snapshot, of the database or of a replica that has as much.
/// `question` names it, with what it depends on beside the period.
async fn answer<T: Serialize + DeserializeOwned>(
    ctx: &Ctx,
    question: &str,
    f: Fields,
    read: impl AsyncFnOnce(Asked<'_>) -> AppResult<T> + Clone,
) -> AppResult<Answer<T>> {
    ctx.require(Permission::ReadDashboard)?;
    let moment = ctx.reads.read(Moment::read).await?;
    let period = read_period(f, moment.today)?;
    let read = async || {
        if let Some(mut there) = Box::pin(replica::begin(ctx, Least::Now)).await
            && let Some(answer) =
                replica::attempt(ctx, Box::pin(answer_on(there.db(), ctx, period, read.clone()))).await
        {
            there.end().await;
            return answer;
        }
        let mut tx = transaction::begin(&ctx.db, replica::SNAPSHOT).await?;
        let answer = Box::pin(answer_on(&mut tx, ctx, period, read)).await?;
        tx.commit().await?;
        Ok(answer)
    };
    ctx.answers.of(&moment, &format!("{question} {} {}", period.start, period.end), read).await
}

async fn answer_on<T>(
    db: &mut PgConnection,
    ctx: &Ctx,
    period: Period,
    read: impl AsyncFnOnce(Asked<'_>) -> AppResult<T>,
) -> AppResult<T> {
    let standing = Standing::read(&mut *db).await?;
    read(Asked { db, standing: &standing, period, devise: &ctx.shop.currency.code }).await
}

/// Turnover, beside that of the period before.
pub async fn turnover(ctx: &Ctx, query: Query) -> AppResult<Answer<Turnover>> {
    answer(ctx, "chiffre-affaires", Fields::of_pairs(query), async |Asked { db, standing, period, devise }| {
        let days = queries::sold_days(db, with_before(period), standing).await?;
        Ok(queries::turnover(period, &days, devise))
    })
    .await
}

/// Average basket, beside that of the period before.
pub async fn basket(ctx: &Ctx, query: Query) -> AppResult<Answer<Basket>> {
    answer(ctx, "panier-moyen", Fields::of_pairs(query), async |Asked { db, standing, period, devise }| {
        let days = queries::sold_days(db, with_before(period), standing).await?;
        Ok(queries::basket(period, &days, devise))
    })
    .await
}

/// Every day of the period.
pub async fn sales_by_day(ctx: &Ctx, query: Query) -> AppResult<Answer<SalesByDay>> {
    answer(ctx, "ventes-par-jour", Fields::of_pairs(query), async |Asked { db, standing, period, devise }| {
        let days = queries::sold_days(db, period, standing).await?;
        Ok(queries::sales_by_day(&days, period, devise))
    })
    .await
}

/// All six statuses, on the day of creation.
pub async fn orders_by_status(ctx: &Ctx, query: Query) -> AppResult<Answer<OrdersByStatus>> {
    answer(ctx, "commandes", Fields::of_pairs(query), async |Asked { db, standing, period, devise }| {
        queries::orders_by_status(db, period, standing, devise).await
    })
    .await
}

/// The best products; `limit` of them.
pub async fn sales_by_product(ctx: &Ctx, query: Query) -> AppResult<Answer<SalesByProduct>> {
    let mut f = Fields::of_pairs(query);
    let limit = f.integer("limit", 1, 100).value().unwrap_or(TOP_PRODUCTS);
    answer(ctx, &format!("ventes-par-article {limit}"), f, async |Asked { db, standing, period, devise }| {
        Ok(queries::sales_by_article(db, period, standing, devise, limit).await?.0)
    })
    .await
}

/// The categories.
pub async fn sales_by_category(ctx: &Ctx, query: Query) -> AppResult<Answer<SalesByCategory>> {
    answer(ctx, "ventes-par-categorie", Fields::of_pairs(query), async |Asked { db, standing, period, devise }| {
        Ok(queries::sales_by_article(db, period, standing, devise, 0).await?.1)
    })
    .await
}

/// Stocks, now.
pub async fn stock_state(ctx: &Ctx, query: Query) -> AppResult<Answer<StockState>> {
    answer(ctx, "etat-stocks", Fields::of_pairs(query), async |Asked { db, period, devise, .. }| {
        queries::stock_state(db, period, devise).await
    })
    .await
}

/// The same parameters with the period spelled out, and the period.
pub async fn with_period(ctx: &Ctx, query: Query) -> AppResult<(Query, Period)> {
    ctx.require(Permission::ReadDashboard)?;
    let is_period = |name: &str| matches!(name, "start_date" | "end_date");
    let (sent, mut rest): (Query, Query) = query.into_iter().partition(|(name, _)| is_period(name));
    let mut db = ctx.db.acquire().await?;
    let period = read_period(Fields::of_pairs(sent), queries::today(&mut db).await?)?;
    rest.push(("start_date".to_owned(), period.start.to_string()));
    rest.push(("end_date".to_owned(), period.end.to_string()));
    Ok((rest, period))
}

/// The sold orders themselves, with their lines; `statut` narrows.
pub async fn sold_orders(ctx: &Ctx, query: Query) -> AppResult<SoldOrders> {
    let (query, period) = with_period(ctx, query).await?;
    let page = listing::page::<SoldFilter>(ctx, query).await?;
    Ok(SoldOrders { start_date: period.start, end_date: period.end, devise: ctx.shop.currency.code.clone(), page })
}

/// All figures of a period.
pub async fn summary(ctx: &Ctx, query: Query) -> AppResult<Answer<Summary>> {
    answer(ctx, "summary", Fields::of_pairs(query), read_summary).await
}

/// What the dashboard's page shows of a period.
pub async fn figures(ctx: &Ctx, query: Query) -> AppResult<Answer<Figures>> {
    answer(ctx, "figures", Fields::of_pairs(query), async |mut asked| {
        let days = queries::sold_days(&mut *asked.db, with_before(asked.period), asked.standing).await?;
        let (livre_par_jour, livre_avant) = queries::delivered(asked.period, &days);
        Ok(Figures { summary: summary_of(&mut asked, &days).await?, livre_par_jour, livre_avant })
    })
    .await
}

/// All figures of a period, in the snapshot of a connection.
async fn read_summary(mut asked: Asked<'_>) -> AppResult<Summary> {
    let days = queries::sold_days(&mut *asked.db, with_before(asked.period), asked.standing).await?;
    summary_of(&mut asked, &days).await
}

/// The same, out of its days and those of the period before.
async fn summary_of(asked: &mut Asked<'_>, days: &[SoldDay]) -> AppResult<Summary> {
    let Asked { db, standing, period, devise } = asked;
    let (period, devise) = (*period, *devise);
    let (ventes_par_article, ventes_par_categorie) =
        queries::sales_by_article(db, period, standing, devise, TOP_PRODUCTS).await?;
    Ok(Summary {
        start_date: period.start,
        end_date: period.end,
        concordance_le: standing.agreed_at,
        panier_moyen: queries::basket(period, days, devise),
        ventes_par_jour: queries::sales_by_day(days, period, devise),
        commandes: queries::orders_by_status(db, period, standing, devise).await?,
        ventes_par_article,
        ventes_par_categorie,
        etat_stocks: queries::stock_state(db, period, devise).await?,
        chiffre_affaires: queries::turnover(period, days, devise),
        devise: devise.to_owned(),
    })
}

/// The same for tests, which read what it is made of in the same snapshot.
#[cfg(test)]
pub(crate) async fn summary_in(db: &mut PgConnection, period: Period) -> AppResult<Summary> {
    let standing = Standing::read(&mut *db).await?;
    read_summary(Asked { db, standing: &standing, period, devise: "EUR" }).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(pairs: &[(&str, &str)]) -> AppResult<Period> {
        let pairs = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        read_period(Fields::of_pairs(pairs), Day::parse("2026-11-22").expect("day"))
    }

    #[test]
    fn periods_that_make_no_sense_are_refused() {
        assert_eq!(period(&[]).expect("default").days(), 30);
        let fault = |pairs: &[(&str, &str)]| {
            let fault = period(pairs).expect_err("refused").errors.remove(0);
            (fault.champ, fault.code)
        };
        let told = |champ: &str, code: &str| (champ.to_owned(), code.to_owned());
        assert_eq!(fault(&[("start_date", "2026-02-30")]), told("start_date", "date_invalide"));
        // The day that was sent is told of it, the last one of two.
        assert_eq!(fault(&[("start_date", "2026-12-01")]), told("start_date", "periode_inversee"));
        assert_eq!(fault(&[("start_date", "2001-01-01")]), told("start_date", "periode_trop_longue"));
        let inverted = [("start_date", "2026-03-02"), ("end_date", "2026-03-01")];
        assert_eq!(fault(&inverted), told("end_date", "periode_inversee"));
        assert_eq!(fault(&[("jour", "2026-01-01")]), told("jour", "parametre_inconnu"));
    }
}
