//! Categories: how the catalogue is ordered.

pub mod model;
pub mod server_functions;

#[cfg(feature = "ssr")]
pub mod operations;
#[cfg(feature = "ssr")]
pub mod queries;
#[cfg(feature = "ssr")]
pub mod rest;
