//! The reads of deliveries: those of a day, the attempts and corrections of orders.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use sqlx::{AssertSqlSafe, PgPool};

use super::model::{
    Attempt, AttemptLine, AttemptResult, CorrectedLine, Correction, Deliveries, Delivery, Items, Reason, is_suspect,
};
use super::outcome::ON_THE_DAY;
use crate::auth::context::Ctx;
use crate::auth::permission::{Permission, Role};
use crate::error::{AppError, AppResult};
use crate::orders::model::Order;
use crate::orders::rounds::{MAX_STOPS, is_open, to_collect};
use crate::shared::resource::{self, Resource};
use crate::shared::{CorrectionId, Day, Fields, Money, OrderId, UserId, Uuid};
use crate::users::model::full_name;

/// Deliveries of the business day `$1` that somebody has (`$2`: who, null for everybody): open ones planned for it,
/// today also those of earlier days and of none; and what was handed over or came back on it.
fn of_the_day() -> String {
    format!(
        "with wanted as (
        select o.id from orders o
        where not o.is_deleted and o.livreur_id is not null and ($2::bigint is null or o.livreur_id = $2)
          and o.statut in ('confirmee', 'en_preparation', 'en_livraison')
          and (o.date_livraison_prevue = $1
               or $1 = business_day(now()) and (o.date_livraison_prevue is null or o.date_livraison_prevue < $1))
        union
        select o.id from orders o
        where not o.is_deleted and ($2::bigint is null or o.livreur_id = $2) and {ON_THE_DAY}
        union
        select o.id from orders o
        where not o.is_deleted and o.livreur_id is not null and ($2::bigint is null or o.livreur_id = $2)
          and o.shipped_at is not null and o.cancelled_at >= day_start($1) and o.cancelled_at < day_start($1 + 1))"
    )
}

/// Deliveries in the order of the round, then what is done, the last first.
const IN_ORDER: &str =
    "order by o.statut in ('livree', 'annulee'), coalesce(o.delivered_at, o.cancelled_at) desc nulls first,
    o.position_tournee nulls last, o.date_livraison_prevue nulls last, o.creneau_debut nulls last, o.id";

/// `?date=&livreur_id=`: the deliveries of a day, today unless said otherwise. A livreur gets their own.
pub async fn deliveries(ctx: &Ctx, query: Vec<(String, String)>) -> AppResult<Deliveries> {
    ctx.require(Permission::ReadOrders)?;
    let mut f = Fields::of_pairs(query);
    let day = f.day("date").value();
    let asked = f.id::<UserId>("livreur_id").value();
    f.finish()?;
    let courier = match ctx.actor.role {
        Role::Livreur if asked.is_some_and(|asked| asked != ctx.actor.user_id) => return Err(AppError::forbidden()),
        Role::Livreur => Some(ctx.actor.user_id),
        _ => asked,
    };
    let (today, lu_le): (Day, DateTime<Utc>) =
        sqlx::query_as("select business_day(now()), now()").fetch_one(&ctx.db).await?;
    let date = day.unwrap_or(today);
    // What a livreur sees of the past ends after a week, here as everywhere.
    let own = match ctx.actor.role {
        Role::Livreur => " and (o.statut <> 'livree' or o.delivered_at > now() - interval '7 days')",
        _ => "",
    };
    let sql = AssertSqlSafe(format!(
        "{} select {} from orders o where o.id in (select id from wanted){own} {IN_ORDER} limit $3",
        of_the_day(),
        Order::COLUMNS
    ));
    let mut rows: Vec<<Order as Resource>::Row> =
        sqlx::query_as(sql).bind(date).bind(courier).bind(MAX_STOPS as i64 + 1).fetch_all(&ctx.db).await?;
    let plafonne = rows.len() > MAX_STOPS;
    rows.truncate(MAX_STOPS);
    let orders = rows.into_iter().map(|row| Order::build(row, ctx)).collect::<AppResult<Vec<_>>>()?;
    let ids: Vec<i64> = orders.iter().map(|order| order.id.0).collect();
    let mut attempts = BTreeMap::<OrderId, Vec<Attempt>>::new();
    for attempt in attempts_of(&ctx.db, &ids).await? {
        attempts.entry(attempt.order_id).or_default().push(attempt);
    }
    let items = orders.into_iter().map(|order| Delivery {
        montant_a_encaisser: to_collect(&order),
        en_retard: is_open(&order) && order.date_livraison_prevue.is_some_and(|planned| planned < today),
        tentatives: attempts.remove(&order.id).unwrap_or_default(),
        order,
    });
    Ok(Deliveries { date, lu_le, items: items.collect(), plafonne })
}

/// What was told of an attempt, whoever reads it; its columns are [`TOLD`].
#[derive(sqlx::FromRow)]
pub struct ToldRow {
    /// Given by the phone, or by the server.
    pub id: Uuid,
    /// See [`AttemptResult`].
    pub resultat: String,
    /// See [`Reason`].
    pub motif: Option<String>,
    /// What the livreur wrote.
    pub note: Option<String>,
    /// Who received it.
    pub receveur: Option<String>,
    /// Cash collected.
    pub montant_encaisse: Option<Money>,
    /// When, by the phone.
    pub survenu_le: DateTime<Utc>,
    /// When the server heard of it.
    pub synchronise_le: DateTime<Utc>,
    /// How far the phone is behind, in seconds.
    pub decalage_s: i64,
}

/// The columns of a [`ToldRow`], of `tentatives t`.
pub const TOLD: &str = "t.id::text as id, t.resultat, t.motif, t.note, t.receveur, t.montant_encaisse, t.survenu_le,
                        t.synchronise_le, t.decalage_s";

#[derive(sqlx::FromRow)]
struct AttemptRow {
    #[sqlx(flatten)]
    told: ToldRow,
    order_id: OrderId,
    livreur_id: UserId,
    lignes: Json<Vec<AttemptLine>>,
}

/// The attempts of some orders, oldest first.
pub async fn attempts_of(db: &PgPool, orders: &[i64]) -> AppResult<Vec<Attempt>> {
    let sql = AssertSqlSafe(format!(
        "select {TOLD}, t.order_id, t.livreur_id,
                (select coalesce(json_agg(json_build_object('item_id', l.item_id, 'remis', l.remis, 'refuse', l.refuse,
                                                            'abime', l.abime, 'manquant', l.manquant) order by l.item_id), '[]')
                 from tentative_lignes l where l.tentative = t.num) as lignes
         from tentatives t where t.order_id = any($1) order by t.num"
    ));
    let rows: Vec<AttemptRow> = sqlx::query_as(sql).bind(orders).fetch_all(db).await?;
    rows.into_iter()
        .map(|row| {
            let told = row.told;
            Ok(Attempt {
                id: told.id,
                order_id: row.order_id,
                livreur_id: row.livreur_id,
                resultat: AttemptResult::parse(&told.resultat).ok_or_else(|| AppError::internal("unknown result"))?,
                motif: told.motif.as_deref().and_then(Reason::parse),
                note: told.note,
                receveur: told.receveur,
                montant_encaisse: told.montant_encaisse,
                survenu_le: told.survenu_le,
                synchronise_le: told.synchronise_le,
                decalage_s: told.decalage_s,
                horloge_suspecte: is_suspect(told.decalage_s),
                lignes: row.lignes.0,
            })
        })
        .collect()
}

/// The attempts of an order that the caller may see.
pub async fn attempts(ctx: &Ctx, order: OrderId) -> AppResult<Items<Attempt>> {
    resource::get::<Order>(ctx, order.0, false).await?;
    Ok(Items { items: attempts_of(&ctx.db, &[order.0]).await? })
}

#[derive(sqlx::FromRow)]
struct CorrectionRow {
    id: CorrectionId,
    order_id: OrderId,
    motif: String,
    created_at: DateTime<Utc>,
    created_by: UserId,
    nom: String,
    prenom: Option<String>,
    lignes: Json<Vec<CorrectedLine>>,
}

/// The corrections of an order, oldest first.
pub async fn corrections_of(db: &PgPool, order: OrderId) -> AppResult<Vec<Correction>> {
    let rows: Vec<CorrectionRow> = sqlx::query_as(
        "select c.id, c.order_id, c.motif, c.created_at, c.created_by, u.nom, u.prenom,
                (select coalesce(json_agg(json_build_object(
                     'avant', json_build_object('item_id', l.item_id, 'remis', l.remis_avant, 'refuse', l.refuse_avant,
                                                'abime', l.abime_avant, 'manquant', l.manquant_avant),
                     'apres', json_build_object('item_id', l.item_id, 'remis', l.remis, 'refuse', l.refuse,
                                                'abime', l.abime, 'manquant', l.manquant)) order by l.item_id), '[]')
                 from correction_lignes l where l.correction_id = c.id) as lignes
         from corrections c join users u on u.id = c.created_by where c.order_id = $1 order by c.id",
    )
    .bind(order)
    .fetch_all(db)
    .await?;
    let told = |row: CorrectionRow| Correction {
        id: row.id,
        order_id: row.order_id,
        motif: row.motif,
        lignes: row.lignes.0,
        created_at: row.created_at,
        created_by: row.created_by,
        auteur: full_name(row.prenom.as_deref(), &row.nom),
    };
    Ok(rows.into_iter().map(told).collect())
}

/// The same, for those who may see what was changed of it.
pub async fn corrections(ctx: &Ctx, order: OrderId) -> AppResult<Items<Correction>> {
    ctx.require(Permission::ReadHistory)?;
    resource::get::<Order>(ctx, order.0, false).await?;
    Ok(Items { items: corrections_of(&ctx.db, order).await? })
}
