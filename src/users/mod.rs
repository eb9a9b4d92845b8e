//! People: who they are and who delivers.

pub mod model;
pub mod server_functions;

#[cfg(feature = "ssr")]
pub mod operations;
#[cfg(feature = "ssr")]
pub mod rest;
