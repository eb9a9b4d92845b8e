//! What changes categories: admin alone.

use serde_json::Value;

use super::model::{Category, MAX_PLACE, read_change, read_new};
use super::queries::in_order;
use crate::auth::context::{Ctx, Opened, Saved};
use crate::auth::permission::Permission;
use crate::error::{AppError, AppResult, ErrorCode, Member};
use crate::shared::resource::{self, lock, reread};
use crate::shared::text::count;
use crate::shared::{CategoryId, Fields};

/// `{nom, description?, ordre?}`; without a place it comes last.
pub async fn create_category(ctx: &Ctx, body: Value) -> AppResult<Saved<Category>> {
    ctx.require(Permission::WriteCategories)?;
    let (nom, sent) = read_new(body)?;
    let mut tx = match ctx.open_write::<Category>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(saved) => return Ok(saved),
    };
    let id = sqlx::query_scalar!(
        "insert into categories (nom, description, ordre)
         values ($1, $2, coalesce($3::int, (select least(coalesce(max(ordre), 0) + 1, $4) from categories where not is_deleted)))
         returning id",
        nom,
        sent.description.value(),
        sent.ordre.value().and_then(|place| i32::try_from(place).ok()),
        MAX_PLACE as i32
    )
    .fetch_one(&mut *tx)
    .await?;
    let category = reread(&mut *tx, ctx, id).await?;
    tx.commit(category).await
}

/// Changes a category; what is not sent stays.
pub async fn update_category(ctx: &Ctx, id: CategoryId, body: Value) -> AppResult<Saved<Category>> {
    ctx.require(Permission::WriteCategories)?;
    let sent = read_change(body)?;
    let mut tx = match ctx.open_write::<Category>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(saved) => return Ok(saved),
    };
    let now: Category = lock(&mut tx, ctx, id.0).await?;
    sqlx::query!(
        "update categories set nom = $2, description = $3, ordre = $4 where id = $1",
        id.0,
        sent.nom.or(now.nom),
        sent.description.or_cleared(now.description),
        i32::try_from(sent.ordre.or(i64::from(now.ordre))).unwrap_or(i32::MAX)
    )
    .execute(&mut *tx)
    .await?;
    let category = reread(&mut *tx, ctx, id.0).await?;
    tx.commit(category).await
}

/// Deletes a category that no living product is in.
pub async fn delete_category(ctx: &Ctx, id: CategoryId) -> AppResult<()> {
    resource::delete::<Category>(ctx, Permission::WriteCategories, id.0, async |tx, _| {
        // Under the lock: whoever puts a product in it holds it FOR SHARE, and has come before or waits.
        let products = sqlx::query_scalar!(
            r#"select count(*) as "n!" from products where category_id = $1 and not is_deleted"#,
            id.0
        )
        .fetch_one(&mut **tx)
        .await?;
        match products {
            0 => Ok(()),
            n => Err(not_empty(n)),
        }
    })
    .await
}

/// The refusal of deleting a category that holds so many products.
pub fn not_empty(products: i64) -> AppError {
    let them = if products < 2 { "déplacez-le" } else { "déplacez-les" };
    let products_told = count(products, "produit", "produits");
    let detail = format!("Cette catégorie contient encore {products_told} : {them} d'abord.");
    AppError::new(ErrorCode::StateConflict, detail).with(Member::ProductCount, products)
}

/// Brings a deleted category back, if nobody took its name.
pub async fn restore_category(ctx: &Ctx, id: CategoryId) -> AppResult<Saved<Category>> {
    resource::restore::<Category>(ctx, id.0, async |_, _| Ok(())).await
}

/// `{ids}`: every living category exactly once.
pub async fn reorder_categories(ctx: &Ctx, body: Value) -> AppResult<Saved<Vec<Category>>> {
    ctx.require(Permission::WriteCategories)?;
    let mut f = Fields::of_body(body)?;
    let ids = f.ids::<CategoryId>("ids", 10_000);
    let ids = f.required("ids", ids).unwrap_or_default();
    f.finish()?;
    let mut tx = match ctx.open_write::<Vec<Category>>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(saved) => return Ok(saved),
    };
    let mut living = sqlx::query_scalar!("select id from categories where not is_deleted order by id for update")
        .fetch_all(&mut *tx)
        .await?;
    let mut wanted: Vec<i64> = ids.iter().map(|id| id.0).collect();
    wanted.sort_unstable();
    living.sort_unstable();
    if wanted != living {
        return Err(AppError::field(
            "ids",
            "liste_incomplete",
            "Nommez chaque catégorie existante exactement une fois.",
        ));
    }
    let ordered: Vec<i64> = ids.iter().map(|id| id.0).collect();
    sqlx::query!(
        "update categories c set ordre = t.place::int
         from unnest($1::bigint[]) with ordinality as t(id, place) where c.id = t.id and c.ordre <> t.place",
        &ordered
    )
    .execute(&mut *tx)
    .await?;
    let categories = in_order(&mut *tx, ctx).await?;
    tx.commit(categories).await
}
