//! Products: the list, one product, its form, and files of them.

mod bulk;
mod deeds;
mod detail;
mod facts;
mod form;
mod form_fields;
mod form_pages;
pub mod import;
mod list;
mod list_filters;
mod list_table;
mod panel;

pub use detail::ProductPage;
pub use form_fields::{CHANGE_FIELDS, NEW_FIELDS};
pub use form_pages::{EditProductPage, NewProductPage};
pub use import::ImportPage;
pub use list::ProductList;

use crate::shared::ProductId;

/// Where the list lives.
pub const PATH: &str = "/produits";
/// Where one enters a product.
pub const NEW: &str = "/produits/nouveau";

/// Where one product lives.
pub fn address(id: ProductId) -> String {
    format!("{PATH}/{id}")
}

/// An id as it stands in the URL.
fn read_id(text: &str) -> Option<ProductId> {
    text.parse::<i64>().ok().filter(|id| *id > 0).map(ProductId)
}
