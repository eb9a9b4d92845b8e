//! The deliveries of a day in figures: one statement, one definition.

use super::model::DayDeliveries;
use crate::auth::context::Ctx;
use crate::auth::permission::Permission;
use crate::error::AppResult;
use crate::shared::{Day, Fields};

/// Of the living orders planned for the day `$1`, one figure each; the last one is of earlier days. When something
/// was handed over is told by the phone, set right by how far its clock is off.
const FIGURES: &str = "
    with planned as (
        select o.statut, o.total_livre < o.total as short, t.resultat,
               coalesce(least(t.survenu_le + make_interval(secs => t.decalage_s), t.synchronise_le), o.delivered_at)
                   at time zone (select business_zone()) as handed, o.creneau_fin
        from orders o
        left join lateral (select a.resultat, a.survenu_le, a.synchronise_le, a.decalage_s
                           from tentatives a where a.order_id = o.id order by a.num desc limit 1) t on true
        where not o.is_deleted and o.date_livraison_prevue = $1
          and (o.statut in ('confirmee', 'en_preparation', 'en_livraison', 'livree')
               or o.statut = 'annulee' and o.shipped_at is not null)
    )
    select $1 as date, count(*) filter (where statut <> 'annulee') as prevues,
           count(*) filter (where statut = 'livree') as livrees,
           count(*) filter (where statut in ('confirmee', 'en_preparation', 'en_livraison')) as restantes,
           count(*) filter (where statut = 'annulee' or (statut = 'livree' and short)
                               or (statut = 'en_livraison' and resultat = 'echec')) as problemes,
           count(*) filter (where statut = 'livree' and (handed::date < $1
                               or handed::date = $1 and (creneau_fin is null or handed::time <= creneau_fin))) as a_l_heure,
           (select count(*) from orders o where not o.is_deleted and o.date_livraison_prevue < $1
               and o.statut in ('confirmee', 'en_preparation', 'en_livraison')) as en_retard
    from planned";

/// `?date=`: the deliveries of a day, today unless said otherwise.
pub async fn of_day(ctx: &Ctx, query: Vec<(String, String)>) -> AppResult<DayDeliveries> {
    ctx.require(Permission::ReadDashboard)?;
    let mut f = Fields::of_pairs(query);
    let day = f.day("date").value();
    f.finish()?;
    let day = match day {
        Some(day) => day,
        None => sqlx::query_scalar::<_, Day>("select business_day(now())").fetch_one(&ctx.db).await?,
    };
    Ok(sqlx::query_as(FIGURES).bind(day).fetch_one(&ctx.db).await?)
}
