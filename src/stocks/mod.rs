//! Stocks: what is on the shelf, what moved it, and what runs short.

pub mod input;
pub mod model;
pub mod server_functions;
pub mod shortage;

#[cfg(feature = "ssr")]
pub mod movements;
#[cfg(feature = "ssr")]
pub mod operations;
#[cfg(feature = "ssr")]
pub mod queries;
#[cfg(feature = "ssr")]
pub mod rest;
