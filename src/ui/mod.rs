//! The screens: a page combines several domains, so they live apart from them.

#[cfg(not(feature = "phone"))]
pub mod browser;
#[cfg(not(feature = "phone"))]
pub mod components;
#[cfg(not(feature = "phone"))]
pub mod editor;
pub mod format;
#[cfg(feature = "ssr")]
pub mod forms;
mod href;
#[cfg(not(feature = "phone"))]
pub mod layouts;
#[cfg(not(feature = "phone"))]
pub mod list;
#[cfg(not(feature = "phone"))]
pub mod pages;
#[cfg(not(feature = "phone"))]
pub mod palette;
#[cfg(not(feature = "phone"))]
pub mod preferences;
#[cfg(not(feature = "phone"))]
pub mod query;
pub mod reach;
#[cfg(not(feature = "phone"))]
pub mod sections;
#[cfg(not(feature = "phone"))]
pub mod session;
#[cfg(not(feature = "phone"))]
pub mod session_list;
#[cfg(not(feature = "phone"))]
pub mod shortcuts;
#[cfg(not(feature = "phone"))]
pub mod status;
#[cfg(not(feature = "phone"))]
pub mod window_title;

/// Of the components, the phone has the icons.
#[cfg(feature = "phone")]
pub mod components {
    mod icon;

    pub use icon::{Glyph, Icon};
}

/// What the product calls itself, and the business on paper as long as it has no other name.
pub const PRODUCT_NAME: &str = "Dashboard FB";
