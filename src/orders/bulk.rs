//! One action on many orders: each in a transaction of its own, so that one refusal costs the others nothing.

use serde_json::json;

use super::moves;
use super::sets::{BulkAction, BulkAnswer, Seen};
use super::workflow::OrderStatus;
use crate::auth::context::Ctx;
use crate::auth::permission::Permission;
use crate::error::AppResult;
use crate::shared::OrderId;
use crate::shared::several::{each, key_of};

/// Does it to each, ids ascending, and tells how it went. `key`: one for each press of the button; with the
/// id it is the key of the order's own write.
pub async fn act(ctx: &Ctx, action: &BulkAction, orders: Vec<Seen>, key: &str) -> AppResult<Vec<BulkAnswer>> {
    ctx.require(Permission::WriteOrders)?;
    let answers = each(orders, "orders", "commandes", |id, version| one(ctx, action, id, version, key)).await?;
    let answer = |(id, answer)| match answer {
        Ok(order) => BulkAnswer { id, order: Some(order), refus: None },
        Err(error) => BulkAnswer { id, order: None, refus: Some(error) },
    };
    Ok(answers.into_iter().map(answer).collect())
}

async fn one(ctx: &Ctx, action: &BulkAction, id: OrderId, version: i32, key: &str) -> AppResult<super::model::Order> {
    let told = json!({ "id": id, "action": action });
    let ctx = ctx.clone().if_match(version).idempotent("act_on_orders", key_of(key, id.0), &told)?;
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
