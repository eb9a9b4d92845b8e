//! One action on many products: each under the version that was seen.

use serde_json::json;

use super::model::Product;
use super::operations;
use super::sets::{BulkAnswer, BulkDeed};
use crate::auth::context::Ctx;
use crate::auth::permission::Permission;
use crate::error::AppResult;
use crate::shared::ProductId;
use crate::shared::resource::reread;
use crate::shared::several::{Seen, each, key_of};

/// Does it to each, and tells how it went. `key`: one for each press of the button; with the id it is the key of
/// the product's own write.
pub async fn act(ctx: &Ctx, deed: BulkDeed, products: Vec<Seen<ProductId>>, key: &str) -> AppResult<Vec<BulkAnswer>> {
    ctx.require(match deed {
        BulkDeed::Sell | BulkDeed::Withdraw => Permission::WriteProducts,
        BulkDeed::Delete => Permission::DeleteProducts,
        BulkDeed::Restore => Permission::Restore,
    })?;
    let answers = each(products, "products", "produits", |id, version| one(ctx, deed, id, version, key)).await?;
    let answer = |(id, answer): (ProductId, AppResult<i32>)| match answer {
        Ok(version) => BulkAnswer { id, version: Some(version), refus: None },
        Err(error) => BulkAnswer { id, version: None, refus: Some(error) },
    };
    Ok(answers.into_iter().map(answer).collect())
}

/// The version that it has then.
async fn one(ctx: &Ctx, deed: BulkDeed, id: ProductId, version: i32, key: &str) -> AppResult<i32> {
    let told = json!({ "id": id, "deed": deed });
    let ctx = ctx.clone().if_match(version).idempotent("act_on_products", key_of(key, id.0), &told)?;
    let saved = match deed {
        BulkDeed::Sell => operations::update_product(&ctx, id, json!({ "is_active": true })).await?.value,
        BulkDeed::Withdraw => operations::update_product(&ctx, id, json!({ "is_active": false })).await?.value,
        BulkDeed::Restore => operations::restore_product(&ctx, id).await?.value,
        BulkDeed::Delete => {
            operations::delete_product(&ctx, id).await?;
            reread::<Product>(&ctx.db, &ctx, id.0).await?
        }
    };
    Ok(saved.audit.version)
}
