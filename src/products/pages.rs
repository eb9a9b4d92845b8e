//! What the screens of products read at once.

use super::model::{CategoryBrief, Product, ProductCounts, ProductDetail, ProductFormData};
use super::queries::ProductFilter;
use crate::auth::context::Ctx;
use crate::auth::permission::Permission;
use crate::categories::queries::all_categories;
use crate::error::AppResult;
use crate::history;
use crate::orders::filter::OrderFilter;
use crate::shared::resource::get;
use crate::shared::{ProductId, listing};

/// The parameters of a list: name and value.
type Query = Vec<(String, String)>;

/// Orders that the page of a product names.
const LAST_ORDERS: i64 = 5;

/// What the form of a product needs to know.
pub async fn form_data(ctx: &Ctx) -> AppResult<ProductFormData> {
    let categories = all_categories(ctx).await?;
    let brief = categories.into_iter().map(|category| CategoryBrief { id: category.id, nom: category.nom });
    Ok(ProductFormData { categories: brief.collect(), default_vat: ctx.shop.default_vat })
}

/// How many products are on each side of the list, under the other filters of the URL.
pub async fn counts(ctx: &Ctx, query: Query) -> AppResult<ProductCounts> {
    let count = async |name: &str, value: &str| -> AppResult<i64> {
        let side = (name.to_owned(), value.to_owned());
        let one = ("per_page".to_owned(), "1".to_owned());
        let query = query.iter().cloned().chain([side, one]).collect();
        Ok(listing::page::<ProductFilter>(ctx, query).await?.total.unwrap_or_default())
    };
    let (active, inactive) = (count("is_active", "true").await?, count("is_active", "false").await?);
    let deleted = match ctx.may(Permission::Restore) {
        true => Some(count("is_deleted", "true").await?),
        false => None,
    };
    Ok(ProductCounts { all: active + inactive, active, inactive, deleted })
}

/// A product, deleted too for those who may bring it back.
pub async fn one(ctx: &Ctx, id: ProductId) -> AppResult<Product> {
    get::<Product>(ctx, id.0, ctx.may(Permission::Restore)).await
}

/// A product with its last orders and a page of its history.
pub async fn detail(ctx: &Ctx, id: ProductId, page: i64) -> AppResult<ProductDetail> {
    let pair = |name: &str, value: String| (name.to_owned(), value);
    let product = one(ctx, id).await?;
    let orders = vec![pair("product_id", id.to_string()), pair("per_page", LAST_ORDERS.to_string())];
    let orders = listing::page::<OrderFilter>(ctx, orders).await?;
    let history = match ctx.may(Permission::ReadHistory) {
        true => Some(history::operations::told::<Product>(ctx, id.0, page).await?),
        false => None,
    };
    Ok(ProductDetail { product, orders, history })
}
