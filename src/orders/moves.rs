//! What moves an order along: its status, by the table of transitions, and who delivers it.

use serde_json::Value;

use super::effects;
use super::model::Order;
use super::workflow::{OrderStatus, Transition, allowed_from, may_take, transition};
use crate::auth::context::{Ctx, Opened, Saved, WriteTx};
use crate::auth::permission::{Permission, Role};
use crate::error::{AppError, AppResult, ErrorCode, Member};
use crate::shared::fields::Sent;
use crate::shared::resource::{lock, reread};
use crate::shared::{Fields, Money, OrderId, UserId};

/// brouillon → confirmee, for an order that this transaction has made.
pub async fn confirm_new(tx: &mut WriteTx, id: OrderId) -> AppResult<()> {
    let (from, to) = (OrderStatus::Brouillon, OrderStatus::Confirmee);
    let rule = transition(from, to).ok_or_else(|| illegal(from, to, Vec::new()))?;
    take(tx, rule, id, None).await
}

/// The refusal of a transition that the table does not have for this caller.
pub fn illegal(from: OrderStatus, to: OrderStatus, allowed: Vec<OrderStatus>) -> AppError {
    let detail = if from == to {
        format!("La commande est déjà au statut « {} ».", from.label())
    } else {
        format!("Une commande au statut « {} » ne peut pas passer à « {} ».", from.label(), to.label())
    };
    AppError::new(ErrorCode::IllegalTransition, detail).with(Member::AllowedTransitions, allowed)
}

/// `{statut, motif?}`: takes an order to another status, by the table.
pub async fn change_status(ctx: &Ctx, id: OrderId, body: Value) -> AppResult<Saved<Order>> {
    ctx.require(Permission::MoveOrders)?;
    let mut f = Fields::of_body(body)?;
    let all = OrderStatus::ALL.map(OrderStatus::as_str).join(", ");
    let to = f.choice("statut", OrderStatus::parse, &all);
    let to = f.required("statut", to);
    let motif = f.paragraph("motif", 5_000).value();
    f.finish()?;
    let to = to.unwrap_or(OrderStatus::Brouillon);
    // What no livreur may do is refused before it is told whether the order is there.
    if ctx.actor.role == Role::Livreur && !TABLE_FOR_COURIERS.contains(&to) {
        return Err(AppError::forbidden());
    }
    move_order(ctx, id, to, motif).await
}

/// brouillon → confirmee.
pub async fn confirm_order(ctx: &Ctx, id: OrderId, body: Value) -> AppResult<Saved<Order>> {
    ctx.require(Permission::WriteOrders)?;
    Fields::of_body(body)?.finish()?;
    move_order(ctx, id, OrderStatus::Confirmee, None).await
}

/// `{motif?}`: gives an order up, wherever it stands before delivery.
pub async fn cancel_order(ctx: &Ctx, id: OrderId, body: Value) -> AppResult<Saved<Order>> {
    ctx.require(Permission::WriteOrders)?;
    let mut f = Fields::of_body(body)?;
    let motif = f.paragraph("motif", 5_000).value();
    f.finish()?;
    move_order(ctx, id, OrderStatus::Annulee, motif).await
}

async fn move_order(ctx: &Ctx, id: OrderId, to: OrderStatus, motif: Option<String>) -> AppResult<Saved<Order>> {
    let mut tx = match ctx.open_write::<Order>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(saved) => return Ok(saved),
    };
    let order: Order = lock(&mut tx, ctx, id.0).await?;
    move_locked(&mut tx, ctx, &order, to, motif).await?;
    let order = reread(&mut *tx, ctx, id.0).await?;
    tx.commit(order).await
}

/// Takes a locked order to another status, or says why not.
pub async fn move_locked(
    tx: &mut WriteTx,
    ctx: &Ctx,
    order: &Order,
    to: OrderStatus,
    motif: Option<String>,
) -> AppResult<()> {
    let rule = allowed_move(ctx, order, to)?;
    take(tx, rule, order.id, motif).await
}

/// The transition of an order to another status, if this caller may take it now.
pub fn allowed_move(ctx: &Ctx, order: &Order, to: OrderStatus) -> AppResult<&'static Transition> {
    let own = order.livreur_id == Some(ctx.actor.user_id);
    let allowed = || allowed_from(order.statut, ctx.actor.role, own);
    let rule = transition(order.statut, to).ok_or_else(|| illegal(order.statut, to, allowed()))?;
    if !may_take(rule, ctx.actor.role, own) {
        return Err(if ctx.actor.role == Role::Livreur {
            illegal(order.statut, to, allowed())
        } else {
            AppError::forbidden()
        });
    }
    if rule.to == OrderStatus::EnLivraison && order.livreur_id.is_none() {
        return Err(AppError::new(ErrorCode::CourierRequired, "Assignez d'abord un livreur à cette commande."));
    }
    Ok(rule)
}

/// Where a livreur may take orders at all: elsewhere the role is refused, here only the moment is wrong.
const TABLE_FOR_COURIERS: [OrderStatus; 2] = [OrderStatus::EnLivraison, OrderStatus::Livree];

/// The effect on the stock, then the new status with its instant.
async fn take(tx: &mut WriteTx, rule: &Transition, id: OrderId, motif: Option<String>) -> AppResult<()> {
    if rule.to == OrderStatus::Confirmee {
        require_lines(tx, id).await?;
    }
    effects::apply(tx, rule.effect, id).await?;
    set_status(tx, rule.to, id, motif, None).await
}

/// The new status with its instant, once its effect is there; once delivered, what was handed over and collected.
pub async fn set_status(
    tx: &mut WriteTx,
    to: OrderStatus,
    id: OrderId,
    motif: Option<String>,
    collected: Option<Money>,
) -> AppResult<()> {
    sqlx::query!(
        "update orders set statut = $2,
            confirmed_at = case when $2 = 'confirmee' then now() else confirmed_at end,
            prepared_at = case when $2 = 'en_preparation' then now() else prepared_at end,
            shipped_at = case when $2 = 'en_livraison' then now() else shipped_at end,
            delivered_at = case when $2 = 'livree' then now() else delivered_at end,
            cancelled_at = case when $2 = 'annulee' then now() else cancelled_at end,
            total_livre = case when $2 = 'livree'
                then (select coalesce(sum(quantite_livree * prix_unitaire), 0)::bigint from order_items where order_id = $1)
                else total_livre end,
            montant_encaisse = case when $2 = 'livree' then coalesce($4, montant_encaisse) else montant_encaisse end,
            motif_annulation = case when $2 = 'annulee' then $3 else motif_annulation end
         where id = $1",
        id.0,
        to.as_str(),
        motif,
        collected.map(|amount| amount.0)
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn require_lines(tx: &mut WriteTx, id: OrderId) -> AppResult<()> {
    let any = sqlx::query_scalar!(r#"select exists (select 1 from order_items where order_id = $1) as "any!""#, id.0)
        .fetch_one(&mut **tx)
        .await?;
    if any {
        Ok(())
    } else {
        Err(AppError::new(ErrorCode::StateConflict, "Ajoutez au moins un article avant de confirmer."))
    }
}

/// `{livreur_id}`: puts a livreur on an order from confirmee to en_livraison; `null` takes them off before it leaves.
pub async fn assign_courier(ctx: &Ctx, id: OrderId, body: Value) -> AppResult<Saved<Order>> {
    ctx.require(Permission::WriteOrders)?;
    let mut f = Fields::of_body(body)?;
    let sent = f.id::<UserId>("livreur_id");
    if sent == Sent::Absent {
        f.required("livreur_id", sent.clone());
    }
    f.finish()?;
    let courier = sent.value();
    let mut tx = match ctx.open_write::<Order>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(saved) => return Ok(saved),
    };
    // 422 before 404: the livreur is looked at first, and held so that their account cannot change meanwhile.
    if let Some(courier) = courier {
        require_courier(&mut tx, courier).await?;
    }
    let order: Order = lock(&mut tx, ctx, id.0).await?;
    if !order.statut.takes_courier() {
        return Err(AppError::new(
            ErrorCode::StateConflict,
            format!("Une commande au statut « {} » ne reçoit pas de livreur.", order.statut.label()),
        ));
    }
    if courier.is_none() && order.statut == OrderStatus::EnLivraison {
        return Err(AppError::new(ErrorCode::StateConflict, "Une commande en livraison garde un livreur."));
    }
    // The place was one in the round that it leaves.
    sqlx::query!(
        "update orders set livreur_id = $2,
                position_tournee = case when livreur_id is not distinct from $2 then position_tournee end
         where id = $1",
        id.0,
        courier.map(|c| c.0)
    )
    .execute(&mut *tx)
    .await?;
    let order = reread(&mut *tx, ctx, id.0).await?;
    tx.commit(order).await
}

/// Holds an active livreur, or says that there is none.
pub async fn require_courier(tx: &mut WriteTx, courier: UserId) -> AppResult<()> {
    let found = sqlx::query_scalar!(
        "select id from users where id = $1 and role = 'livreur' and is_active and not is_deleted for share",
        courier.0
    )
    .fetch_optional(&mut **tx)
    .await?;
    match found {
        Some(_) => Ok(()),
        None => Err(AppError::field("livreur_id", "livreur_inconnu", "Choisissez un livreur actif.")),
    }
}
