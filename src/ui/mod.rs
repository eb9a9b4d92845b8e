//! The screens: a page combines several domains, so they live apart from them.

#[cfg(feature = "ssr")]
pub mod forms;
