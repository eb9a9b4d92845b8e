//! People: who they are and who delivers.

pub mod model;

#[cfg(feature = "ssr")]
pub mod operations;
#[cfg(feature = "ssr")]
pub mod rest;
