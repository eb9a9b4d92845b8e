//! Stocks: what there is, what moved it, and moving it.

mod balance;
mod counter;
mod detail;
mod kinds;
mod list;
mod list_filters;
mod list_table;
mod movement_form;
mod movement_table;
mod movements;
mod mover;
mod quick;
mod settings;

pub use detail::StockPage;
pub use list::StockList;
pub use movements::MovementList;
pub use mover::FIELDS as MOVEMENT_FIELDS;
pub use settings::FIELDS as SETTING_FIELDS;
