//! What changes products.

use serde_json::Value;

use super::model::{Product, ValidProduct, read_change, read_new};
use crate::auth::context::{Ctx, Opened, Saved, WriteTx};
use crate::auth::permission::Permission;
use crate::error::{AppError, AppResult, ErrorCode, Member};
use crate::shared::references::{Named, References};
use crate::shared::resource::{self, lock, reread};
use crate::shared::{CategoryId, ProductId};
use crate::stocks::model::MoveKind;
use crate::stocks::operations::{Move, record};

/// Creates a product; what is on the shelf already is written as an `entree` in the same transaction.
pub async fn create_product(ctx: &Ctx, body: Value) -> AppResult<Saved<Product>> {
    ctx.require(Permission::WriteProducts)?;
    let named = References::of(&body);
    let (product, on_shelf) = named.checked(ctx, read_new(body, ctx.shop.default_vat)).await?;
    let mut tx = match ctx.open_write::<Product>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(saved) => return Ok(saved),
    };
    hold_category(&mut tx, product.category_id).await?;
    let id = insert(&mut tx, &product).await?;
    if on_shelf > 0 {
        record(&mut tx, Move::of(id, MoveKind::Entree, on_shelf).because("Stock initial")).await?;
    }
    let product = reread(&mut *tx, ctx, id.0).await?;
    tx.commit(product).await
}

/// Changes a product; what is not sent stays. Its stock changes by movements alone.
pub async fn update_product(ctx: &Ctx, id: ProductId, body: Value) -> AppResult<Saved<Product>> {
    ctx.require(Permission::WriteProducts)?;
    let sent = References::of(&body).checked(ctx, read_change(body)).await?;
    let mut tx = match ctx.open_write::<Product>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(saved) => return Ok(saved),
    };
    // 422 before 404, as everywhere: the category first, whatever becomes of the product.
    if let Some(category) = sent.category() {
        hold_category(&mut tx, category).await?;
    }
    let now: Product = lock(&mut tx, ctx, id.0).await?;
    save(&mut tx, id, &sent.over(&now)).await?;
    let product = reread(&mut *tx, ctx, id.0).await?;
    tx.commit(product).await
}

/// Puts a product on sale, or takes it off.
pub async fn toggle_product(ctx: &Ctx, id: ProductId) -> AppResult<Saved<Product>> {
    ctx.require(Permission::WriteProducts)?;
    let mut tx = match ctx.open_write::<Product>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(saved) => return Ok(saved),
    };
    lock::<Product>(&mut tx, ctx, id.0).await?;
    sqlx::query!("update products set is_active = not is_active where id = $1", id.0).execute(&mut *tx).await?;
    let product = reread(&mut *tx, ctx, id.0).await?;
    tx.commit(product).await
}

/// Deletes a product that no order under way holds.
pub async fn delete_product(ctx: &Ctx, id: ProductId) -> AppResult<()> {
    resource::delete::<Product>(ctx, Permission::DeleteProducts, id.0, async |tx, _| {
        let holding = sqlx::query_scalar!(
            "select o.numero from orders o where not o.is_deleted
               and o.statut in ('brouillon', 'confirmee', 'en_preparation', 'en_livraison')
               and exists (select 1 from order_items i where i.order_id = o.id and i.product_id = $1)
             order by o.id limit 20",
            id.0
        )
        .fetch_all(&mut **tx)
        .await?;
        if holding.is_empty() { Ok(()) } else { Err(on_orders(holding)) }
    })
    .await
}

/// The refusal that names the orders that hold a product.
pub fn on_orders(holding: Vec<String>) -> AppError {
    let detail = format!("Des commandes en cours contiennent ce produit : {}.", holding.join(", "));
    AppError::new(ErrorCode::StateConflict, detail).with(Member::Orders, holding)
}

/// Brings a deleted product back, if its category lives and nobody took its reference.
pub async fn restore_product(ctx: &Ctx, id: ProductId) -> AppResult<Saved<Product>> {
    resource::restore::<Product>(ctx, id.0, async |tx, product| {
        let category = product.category_id;
        match find_category(tx, category).await? {
            true => Ok(()),
            false => Err(AppError::new(
                ErrorCode::StateConflict,
                "Sa catégorie est supprimée : restaurez-la d'abord, ou recréez le produit ailleurs.",
            )
            .with(Member::Category, category)),
        }
    })
    .await
}

/// Held, so that the category is not deleted before the product stands in it.
pub async fn hold_category(tx: &mut WriteTx, id: CategoryId) -> AppResult<()> {
    match find_category(tx, id).await? {
        true => Ok(()),
        false => Err(AppError::invalid(vec![Named::Category.unknown("category_id")])),
    }
}

async fn find_category(tx: &mut WriteTx, id: CategoryId) -> AppResult<bool> {
    let found = sqlx::query_scalar!("select id from categories where id = $1 and not is_deleted for share", id.0)
        .fetch_optional(&mut **tx)
        .await?;
    Ok(found.is_some())
}

/// Writes a new product and its threshold.
pub async fn insert(tx: &mut WriteTx, product: &ValidProduct) -> AppResult<ProductId> {
    let id = sqlx::query_scalar!(
        "insert into products (reference, nom, description, prix, taux_tva, prix_achat, category_id, is_active)
         values ($1, $2, $3, $4, $5, $6, $7, $8) returning id",
        product.reference,
        product.nom,
        product.description,
        product.prix.0,
        product.taux_tva.0,
        product.prix_achat.map(|p| p.0),
        product.category_id.0,
        product.is_active
    )
    .fetch_one(&mut **tx)
    .await?;
    if product.seuil_alerte > 0 {
        set_threshold(tx, ProductId(id), product.seuil_alerte).await?;
    }
    Ok(ProductId(id))
}

/// Writes a product over itself. What did not change makes no new version.
pub async fn save(tx: &mut WriteTx, id: ProductId, product: &ValidProduct) -> AppResult<()> {
    sqlx::query!(
        "update products set reference = $2, nom = $3, description = $4, prix = $5, taux_tva = $6, prix_achat = $7,
                category_id = $8, is_active = $9 where id = $1",
        id.0,
        product.reference,
        product.nom,
        product.description,
        product.prix.0,
        product.taux_tva.0,
        product.prix_achat.map(|p| p.0),
        product.category_id.0,
        product.is_active
    )
    .execute(&mut **tx)
    .await?;
    set_threshold(tx, id, product.seuil_alerte).await
}

/// Sets the threshold below which a product is named.
pub async fn set_threshold(tx: &mut WriteTx, id: ProductId, threshold: i64) -> AppResult<()> {
    sqlx::query!("update stocks set seuil_alerte = $2 where product_id = $1 and seuil_alerte <> $2", id.0, threshold)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
