//! One action on many orders: each in a transaction of its own, so that one refusal costs the others nothing.

use std::collections::BTreeMap;

use serde_json::json;

use super::moves;
use super::sets::{BulkAction, BulkAnswer, MAX_AT_ONCE, Seen};
use super::workflow::OrderStatus;
use crate::auth::context::Ctx;
use crate::auth::permission::Permission;
use crate::error::{AppError, AppResult};
use crate::shared::OrderId;

/// Does it to each, ids ascending, and tells how it went. `key`: one for each press of the button; with the
/// id it is the key of the order's own write.
pub async fn act(ctx: &Ctx, action: &BulkAction, orders: Vec<Seen>, key: &str) -> AppResult<Vec<BulkAnswer>> {
    ctx.require(Permission::WriteOrders)?;
    let seen: BTreeMap<i64, i32> = orders.into_iter().map(|seen| (seen.id.0, seen.version)).collect();
    if seen.is_empty() || seen.len() > MAX_AT_ONCE {
        let message = format!("Choisissez de 1 à {MAX_AT_ONCE} commandes.");
        return Err(AppError::field("orders", "hors_limites", message));
    }
    let mut answers = Vec::with_capacity(seen.len());
    for (id, version) in seen {
        let id = OrderId(id);
        let (order, refus) = match one(ctx, action, id, version, key).await {
            Ok(order) => (Some(order), None),
            Err(error) => (None, Some(error)),
        };
        answers.push(BulkAnswer { id, order, refus });
    }
    Ok(answers)
}

async fn one(ctx: &Ctx, action: &BulkAction, id: OrderId, version: i32, key: &str) -> AppResult<super::model::Order> {
    let told = json!({ "id": id, "action": action });
    let own_key = if key.is_empty() { String::new() } else { format!("{key}-{id}") };
    let ctx = ctx.clone().if_match(version).idempotent("act_on_orders", own_key, &told)?;
    let saved = match action {
        BulkAction::Status { statut: OrderStatus::Annulee, motif } => {
            moves::cancel_order(&ctx, id, json!({ "motif": motif })).await?
        }
        BulkAction::Status { statut, motif } => {
            moves::change_status(&ctx, id, json!({ "statut": statut, "motif": motif })).await?
        }
        BulkAction::Courier { livreur_id } => {
            moves::assign_courier(&ctx, id, json!({ "livreur_id": livreur_id })).await?
        }
    };
    Ok(saved.value)
}
