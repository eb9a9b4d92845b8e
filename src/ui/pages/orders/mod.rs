//! Orders: the list, one order, a new one.

mod actions;
mod cancel;
mod courier;
mod delivery;
mod detail;
pub mod entry;
mod items;
mod list;
mod list_filters;
mod list_table;
mod moves;
mod story;

pub use detail::OrderPage;
pub use entry::NewOrderPage;
pub use list::OrderList;
pub use list_table::names;
