//! The deliveries of a day in figures: one statement.

use sqlx::{AssertSqlSafe, PgConnection};

use super::kept::{Answer, Moment};
use super::model::DayDeliveries;
use crate::auth::context::Ctx;
use crate::auth::permission::Permission;
use crate::deliveries::outcome::{ON_TIME, WENT_WRONG};
use crate::error::AppResult;
use crate::server::replica::{self, Least};
use crate::shared::{Day, Fields};

/// Of the living orders planned for the day `$1`, one figure each; the last one is of earlier days.
fn figures() -> String {
    format!(
        "with planned as (
             select o.statut, {WENT_WRONG} as wrong, {ON_TIME} as on_time from orders o
             where not o.is_deleted and o.date_livraison_prevue = $1
               and (o.statut in ('confirmee', 'en_preparation', 'en_livraison', 'livree')
                    or o.statut = 'annulee' and o.shipped_at is not null)
         )
         select $1 as date, count(*) filter (where statut <> 'annulee') as prevues,
                count(*) filter (where statut = 'livree') as livrees,
                count(*) filter (where statut in ('confirmee', 'en_preparation', 'en_livraison')) as restantes,
                count(*) filter (where wrong) as problemes, count(*) filter (where on_time) as a_l_heure,
                (select count(*) from orders o where not o.is_deleted and o.date_livraison_prevue < $1
                    and o.statut in ('confirmee', 'en_preparation', 'en_livraison')) as en_retard
         from planned"
    )
}

/// `?date=`: the deliveries of a day, today unless said otherwise.
pub async fn of_day(ctx: &Ctx, query: Vec<(String, String)>) -> AppResult<Answer<DayDeliveries>> {
    ctx.require(Permission::ReadDashboard)?;
    let mut f = Fields::of_pairs(query);
    let day = f.day("date").value();
    f.finish()?;
    let moment = ctx.reads.read(Moment::read).await?;
    let day = day.unwrap_or(moment.today);
    let read = async || {
        if let Some(mut there) = Box::pin(replica::begin(ctx, Least::Now)).await
            && let Some(counted) = replica::attempt(ctx, Box::pin(count(there.db(), day))).await
        {
            there.end().await;
            return counted;
        }
        ctx.reads.read(async |db| count(db, day).await).await
    };
    ctx.answers.of(&moment, &format!("livraisons-du-jour {day}"), read).await
}

async fn count(db: &mut PgConnection, day: Day) -> AppResult<DayDeliveries> {
    Ok(sqlx::query_as(AssertSqlSafe(figures())).bind(day).fetch_one(db).await?)
}
