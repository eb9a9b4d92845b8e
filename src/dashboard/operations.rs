//! The dashboard's operations: the permission, the period, the reads in one snapshot.

use super::model::Summary;
use super::queries;
use crate::auth::context::Ctx;
use crate::auth::permission::Permission;
use crate::error::AppResult;
use crate::shared::{Day, Fields, Period};

/// Products listed under `ventes_par_article` of the summary.
const TOP_PRODUCTS: i64 = 10;

/// Takes `start_date` and `end_date` out of the parameters, with the contract's defaults.
fn read_period(mut f: Fields, today: Day) -> AppResult<Period> {
    let start = f.day("start_date").value();
    let end = f.day("end_date").value();
    let period = Period::with_defaults(start, end, today);
    if period.start > period.end {
        f.refuse("start_date", "periode_inversee", "Le début doit précéder la fin.");
    } else if period.days() > Period::MAX_DAYS {
        f.refuse("start_date", "periode_trop_longue", "Au plus 3 660 jours.");
    }
    f.finish()?;
    Ok(period)
}

/// All figures of a period, read in one snapshot.
pub async fn summary(ctx: &Ctx, query: Vec<(String, String)>) -> AppResult<Summary> {
    ctx.require(Permission::ReadDashboard)?;
    let fields = Fields::of_pairs(query);
    let mut tx = ctx.db.begin_with("begin isolation level repeatable read, read only").await?;
    let today = queries::today(&mut tx).await?;
    let period = read_period(fields, today)?;
    let devise = ctx.shop.currency.code.clone();
    let now = queries::totals(&mut tx, period).await?;
    let before = queries::totals(&mut tx, period.before()).await?;
    let summary = Summary {
        start_date: period.start,
        end_date: period.end,
        panier_moyen: queries::basket(period, &now, &before, &devise),
        ventes_par_jour: queries::sales_by_day(&mut tx, period, &devise).await?,
        commandes: queries::orders_by_status(&mut tx, period, &devise).await?,
        ventes_par_article: queries::sales_by_product(&mut tx, period, &devise, TOP_PRODUCTS).await?,
        ventes_par_categorie: queries::sales_by_category(&mut tx, period, &devise).await?,
        etat_stocks: queries::stock_state(&mut tx, period, &devise).await?,
        chiffre_affaires: queries::turnover(period, &now, &before, &devise),
        devise,
    };
    tx.commit().await?;
    Ok(summary)
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
        let code = |pairs: &[(&str, &str)]| period(pairs).expect_err("refused").errors[0].code.clone();
        assert_eq!(code(&[("start_date", "2026-02-30")]), "date_invalide");
        assert_eq!(code(&[("start_date", "2026-12-01")]), "periode_inversee");
        assert_eq!(code(&[("start_date", "2001-01-01")]), "periode_trop_longue");
        assert_eq!(code(&[("jour", "2026-01-01")]), "parametre_inconnu");
    }
}
