//! Stocks: what is on the shelf, what moved it, and what runs short.

pub mod model;

#[cfg(feature = "ssr")]
pub mod operations;
#[cfg(feature = "ssr")]
pub mod queries;
#[cfg(feature = "ssr")]
pub mod rest;
