//! What changes products.

use serde_json::Value;

use super::model::{Product, ValidNewProduct};
use super::queries::product_in_tx;
use crate::auth::context::{Ctx, Opened, Saved};
use crate::auth::permission::Permission;
use crate::error::{AppError, AppResult};
use crate::shared::ProductId;

/// Creates a product; what is on the shelf already is written as an `entree` in the same transaction.
pub async fn create_product(ctx: &Ctx, body: Value) -> AppResult<Saved<Product>> {
    ctx.require(Permission::WriteProducts)?;
    let product = ValidNewProduct::read(body)?;
    let mut tx = match ctx.open_write::<Product>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(saved) => return Ok(saved),
    };
    // Held, so that the category is not deleted before the product stands in it.
    let category = sqlx::query_scalar!(
        "select id from categories where id = $1 and not is_deleted for share",
        product.category_id.0
    )
    .fetch_optional(&mut *tx)
    .await?;
    if category.is_none() {
        return Err(AppError::field("category_id", "inconnu", "Cette catégorie n'existe pas."));
    }
    let id = sqlx::query_scalar!(
        "insert into products (reference, nom, description, prix, taux_tva, prix_achat, category_id, is_active)
         values ($1, $2, $3, $4, $5, $6, $7, $8) returning id",
        product.reference,
        product.nom,
        product.description,
        product.prix.0,
        product.taux_tva.unwrap_or(ctx.shop.default_vat).0,
        product.prix_achat.map(|p| p.0),
        product.category_id.0,
        product.is_active
    )
    .fetch_one(&mut *tx)
    .await?;
    if product.seuil_alerte > 0 {
        sqlx::query!("update stocks set seuil_alerte = $2 where product_id = $1", id, product.seuil_alerte)
            .execute(&mut *tx)
            .await?;
    }
    if product.stock_initial > 0 {
        sqlx::query!(
            "insert into stock_movements (product_id, type, quantite, motif) values ($1, 'entree', $2, 'Stock initial')",
            id,
            product.stock_initial
        )
        .execute(&mut *tx)
        .await?;
    }
    let product = product_in_tx(&mut tx, ctx, ProductId(id)).await?;
    tx.commit(product).await
}
