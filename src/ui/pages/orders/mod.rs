//! Orders: the list, one order, a new one.

mod actions;
mod bulk;
mod bulk_words;
mod cancel;
pub mod correct;
mod correct_form;
mod courier;
mod day;
pub mod delivery;
mod detail;
pub mod edit_delivery;
pub mod entry;
mod items;
mod list;
mod list_filters;
mod list_sum;
mod list_table;
mod moves;
pub mod print;
mod remove;
mod story;

pub use correct::CorrectionPage;
pub use day::{DayPicker, day_of, of_day};
pub use detail::OrderPage;
pub use edit_delivery::EditDeliveryPage;
pub use entry::{EditLinesPage, NewOrderPage};
pub use list::OrderList;
pub use list_table::{is_late, names, slot};
pub use print::{DeliveryNotePage, PICKING, PickingPage};
