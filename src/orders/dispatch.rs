//! The rounds of a day in the database: read, and saved one round at a time.

use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, QueryBuilder};

use super::model::Order;
use super::moves::require_courier;
use super::rounds::{DayRounds, MAX_STOPS, Problem, is_open};
use super::sets::Seen;
use super::workflow::OrderStatus;
use crate::auth::context::{Ctx, Opened, Saved, WriteTx};
use crate::auth::permission::Permission;
use crate::deliveries::model::Reason;
use crate::deliveries::outcome::{ON_THE_DAY, WENT_WRONG};
use crate::error::{AppError, AppResult, ErrorCode, Member};
use crate::shared::fields::Sent;
use crate::shared::resource::{Resource, not_found};
use crate::shared::{Day, Fields, OrderId, UserId};

/// Orders planned for the day; today also those that should have been delivered before and were not, and those of no
/// day that somebody has; and whatever of these was handed over or came back on that day. Each part by its own index:
/// what is under way is little, however many orders there are.
fn of_the_day() -> String {
    format!(
        "with under_way as materialized (
        select id, date_livraison_prevue, livreur_id from orders where not is_deleted and $1 = business_day(now())
            and statut in ('confirmee', 'en_preparation', 'en_livraison')), wanted as (
        (select id from orders where not is_deleted and date_livraison_prevue = $1
            and statut in ('confirmee', 'en_preparation', 'en_livraison', 'livree') order by id limit $2)
        union
        (select id from orders where not is_deleted and date_livraison_prevue = $1
            and statut = 'annulee' and shipped_at is not null order by id limit $2)
        union
        (select id from under_way where date_livraison_prevue < $1 order by date_livraison_prevue desc, id limit $2)
        union
        (select id from under_way where date_livraison_prevue is null and livreur_id is not null order by id limit $2)
        union
        (select id from orders o where not is_deleted and delivered_at is not null and {ON_THE_DAY}
            and (date_livraison_prevue < $1 or date_livraison_prevue is null and livreur_id is not null)
            order by id limit $2)
        union
        (select id from orders where not is_deleted and date_livraison_prevue is null and livreur_id is not null
            and shipped_at is not null and cancelled_at >= day_start($1) and cancelled_at < day_start($1 + 1)
            order by id limit $2))"
    )
}

/// The rounds of a day.
pub async fn read_rounds(ctx: &Ctx, day: Day) -> AppResult<DayRounds> {
    ctx.require(Permission::WriteOrders)?;
    let limit = MAX_STOPS as i64 + 1;
    let sql = format!(
        "{} select {} from orders o where o.id in (select id from wanted) order by o.date_livraison_prevue desc nulls last, o.id limit $2",
        of_the_day(),
        Order::COLUMNS
    );
    let mut rows: Vec<<Order as Resource>::Row> =
        sqlx::query_as(AssertSqlSafe(sql)).bind(day).bind(limit).fetch_all(&ctx.db).await?;
    let plafonne = rows.len() > MAX_STOPS;
    rows.truncate(MAX_STOPS);
    let orders = rows.into_iter().map(|row| Order::build(row, ctx)).collect::<AppResult<Vec<_>>>()?;
    let mut couriers = crate::users::queries::couriers(ctx).await?;
    for former in orders.iter().filter_map(|order| order.livreur.as_ref()) {
        if couriers.iter().all(|courier| courier.id != former.id) {
            couriers.push(former.clone());
        }
    }
    let problems = problems_of(ctx, &orders).await?;
    Ok(DayRounds { day, couriers, orders, problems, plafonne })
}

async fn problems_of(ctx: &Ctx, orders: &[Order]) -> AppResult<Vec<Problem>> {
    let ids: Vec<i64> = orders.iter().map(|order| order.id.0).collect();
    let sql = AssertSqlSafe(format!(
        "select o.id, (select a.motif from tentatives a where a.order_id = o.id order by a.num desc limit 1)
         from orders o where o.id = any($1) and {WENT_WRONG} order by o.id"
    ));
    let rows: Vec<(OrderId, Option<String>)> = sqlx::query_as(sql).bind(ids).fetch_all(&ctx.db).await?;
    let told = |(id, motif): (OrderId, Option<String>)| Problem { id, motif: motif.as_deref().and_then(Reason::parse) };
    Ok(rows.into_iter().map(told).collect())
}

/// `{livreur_id, orders: [{id, version}]}`: this livreur takes these orders in this order; with `null` they
/// are taken off their rounds. All or nothing; every refusal is named. An order that is where it should be
/// already is left alone, whatever else became of it meanwhile.
pub async fn save_round(ctx: &Ctx, body: Value) -> AppResult<Saved<Vec<Order>>> {
    ctx.require(Permission::WriteOrders)?;
    let mut f = Fields::of_body(body)?;
    let courier = f.id::<UserId>("livreur_id").value();
    let seen = f.list("orders", MAX_STOPS, read_seen);
    let seen = if seen == Sent::Absent { f.required("orders", seen) } else { seen.value() }.unwrap_or_default();
    let mut ids: Vec<i64> = seen.iter().map(|seen| seen.id.0).collect();
    ids.sort_unstable();
    if ids.windows(2).any(|pair| pair[0] == pair[1]) {
        f.refuse("orders", "doublon", "Chaque commande une seule fois.");
    }
    f.finish()?;
    let mut tx = match ctx.open_write::<Vec<Order>>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(saved) => return Ok(saved),
    };
    if let Some(courier) = courier {
        require_courier(&mut tx, courier).await?;
    }
    let locked = lock_all(&mut tx, ctx, &ids).await?;
    let (mut changed, mut places, mut refused) = (Vec::new(), Vec::new(), Vec::new());
    for (at, seen) in seen.iter().enumerate() {
        let place = courier.map(|_| i32::try_from(at + 1).unwrap_or(i32::MAX));
        match judge(locked.iter().find(|order| order.id == seen.id), *seen, courier, place) {
            Ok(true) => {
                changed.push(seen.id.0);
                places.push(place);
            }
            Ok(false) => {}
            Err(refusal) => refused.push(refusal),
        }
    }
    if !refused.is_empty() {
        return Err(refusal_of_all(refused));
    }
    sqlx::query(
        "update orders o set livreur_id = $3, position_tournee = t.place
         from unnest($1::bigint[], $2::int[]) as t(id, place) where o.id = t.id",
    )
    .bind(&changed)
    .bind(&places)
    .bind(courier)
    .execute(&mut *tx)
    .await?;
    let saved = select_all(&mut tx, ctx, &ids, "").await?;
    tx.commit(saved).await
}

fn read_seen(f: &mut Fields) -> Option<Seen> {
    let id = f.id::<OrderId>("id");
    let id = f.required("id", id);
    let version = f.integer("version", 1, i64::from(i32::MAX));
    let version = f.required("version", version);
    Some(Seen { id: id?, version: i32::try_from(version?).ok()? })
}

/// Locks orders in the order of their ids, as every writer does.
async fn lock_all(tx: &mut WriteTx, ctx: &Ctx, ids: &[i64]) -> AppResult<Vec<Order>> {
    select_all(tx, ctx, ids, " for update of o").await
}

async fn select_all(tx: &mut WriteTx, ctx: &Ctx, ids: &[i64], lock: &str) -> AppResult<Vec<Order>> {
    let mut sql =
        QueryBuilder::new(format!("select {} from orders o where not o.is_deleted and o.id = any(", Order::COLUMNS));
    sql.push_bind(ids.to_vec()).push(") order by o.id").push(lock);
    let rows: Vec<<Order as Resource>::Row> = sql.build_query_as().fetch_all(&mut **tx).await?;
    rows.into_iter().map(|row| Order::build(row, ctx)).collect()
}

/// An order, its number, and why it cannot be put there.
type Refusal = (OrderId, String, AppError);

/// Whether an order is to be changed, or why it cannot be.
fn judge(order: Option<&Order>, seen: Seen, courier: Option<UserId>, place: Option<i32>) -> Result<bool, Refusal> {
    let Some(order) = order else {
        return Err((seen.id, format!("n° {}", seen.id), not_found::<Order>()));
    };
    if order.livreur_id == courier && order.position_tournee == place {
        return Ok(false);
    }
    let refuse = |code, words: String| Err((order.id, order.numero.clone(), AppError::new(code, words)));
    if order.audit.version != seen.version {
        return refuse(ErrorCode::StaleVersion, "quelqu'un l'a modifiée entre-temps".into());
    }
    if !is_open(order) {
        return refuse(
            ErrorCode::StateConflict,
            format!("au statut « {} », elle ne change plus de tournée", order.statut.label()),
        );
    }
    if courier.is_none() && order.statut == OrderStatus::EnLivraison {
        return refuse(ErrorCode::StateConflict, "en livraison, elle garde un livreur".into());
    }
    Ok(true)
}

fn refusal_of_all(refused: Vec<Refusal>) -> AppError {
    let stale = refused.iter().any(|(_, _, error)| error.code == ErrorCode::StaleVersion);
    let code = if stale { ErrorCode::StaleVersion } else { refused[0].2.code };
    let words: Vec<_> = refused.iter().map(|(_, numero, error)| format!("{numero} : {}", error.detail)).collect();
    let named: Vec<_> = refused
        .iter()
        .map(|(id, numero, error)| json!({ "id": id, "numero": numero, "code": error.code, "detail": error.detail }))
        .collect();
    AppError::new(code, format!("{}.", words.join(" ; "))).with(Member::Refused, named)
}
