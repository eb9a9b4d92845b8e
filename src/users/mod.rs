//! People: who they are, what they may do, and who delivers.

pub mod input;
pub mod model;
pub mod rules;
pub mod server_functions;

#[cfg(feature = "ssr")]
pub mod operations;
#[cfg(feature = "ssr")]
pub mod queries;
#[cfg(feature = "ssr")]
pub mod rest;
