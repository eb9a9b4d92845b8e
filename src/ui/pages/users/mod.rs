//! Accounts: the list, one account, opening and changing one.

mod account;
mod detail;
mod edit;
mod form;
mod list;
mod password;
mod table;

pub use detail::UserPage;
pub use edit::{EditUserPage, NewUserPage};
pub use form::{CHANGED, FIELDS};
pub use list::UserList;
pub use password::{HANDED, HANDED_ID, HANDED_NAME};

use crate::shared::UserId;

/// Where the list lives.
pub const PATH: &str = "/utilisateurs";
/// Where one opens an account.
pub const NEW: &str = "/utilisateurs/nouveau";

/// The page of a user.
pub fn address(id: UserId) -> String {
    format!("{PATH}/{id}")
}

/// Where one changes a user.
pub fn edit_address(id: UserId) -> String {
    format!("{PATH}/{id}/modifier")
}
