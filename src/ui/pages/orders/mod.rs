//! Orders: the list, one order, a new one.

pub mod entry;

pub use entry::NewOrderPage;
