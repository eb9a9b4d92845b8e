//! The screens: a page combines several domains, so they live apart from them.

pub mod browser;
pub mod components;
pub mod editor;
pub mod format;
#[cfg(feature = "ssr")]
pub mod forms;
pub mod layouts;
pub mod list;
pub mod pages;
pub mod palette;
pub mod preferences;
pub mod query;
pub mod reach;
pub mod sections;
pub mod session;
pub mod session_list;
pub mod shortcuts;
pub mod status;

/// What the product calls itself, and the business on paper as long as it has no other name.
pub const PRODUCT_NAME: &str = "Dashboard FB";
pub mod window_title;
