//! Categories: the list in its order, and the form of one.

mod deeds;
mod detail;
mod form;
mod list;
mod order;
mod rows;

pub use detail::CategoryPage;
pub use form::FIELDS;
pub use list::CategoryList;

use crate::shared::CategoryId;

/// Where the list lives.
pub const PATH: &str = "/categories";
/// The parameter of the URL that opens the form: an id, or [`NEW`].
pub const EDIT: &str = "modifier";
/// Opens the form of a new category.
pub const NEW: &str = "nouvelle";

/// The page of one.
fn address(id: CategoryId) -> String {
    format!("{PATH}/{id}")
}

/// The address that opens the form of one.
fn edit_address(id: CategoryId) -> String {
    format!("{PATH}?{EDIT}={id}")
}

/// The address that opens the form of a new one.
fn new_address() -> String {
    format!("{PATH}?{EDIT}={NEW}")
}
