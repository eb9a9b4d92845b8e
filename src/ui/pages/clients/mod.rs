//! Clients: the list, one client, entering and changing one.

mod contact;
mod detail;
mod edit;
mod form;
mod list;
mod orders;
mod table;

pub use detail::ClientPage;
pub use edit::{EditClientPage, NewClientPage};
pub use form::FIELDS;
pub use list::ClientList;

use crate::shared::ClientId;

/// Where the list lives.
pub const PATH: &str = "/clients";
/// Where one enters a client.
pub const NEW: &str = "/clients/nouveau";

/// The page of a client.
pub fn address(id: ClientId) -> String {
    format!("{PATH}/{id}")
}

/// Where one changes a client.
pub fn edit_address(id: ClientId) -> String {
    format!("{PATH}/{id}/modifier")
}
