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
pub mod preferences;
pub mod query;
pub mod reach;
pub mod session;
pub mod session_list;
pub mod status;
pub mod window_title;
