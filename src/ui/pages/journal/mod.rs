//! The journal: every change of everything.

mod entries;
mod filters;
mod group;
mod page;

pub use page::JournalPage;
