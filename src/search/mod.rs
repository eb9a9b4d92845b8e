//! Jumping somewhere by typing a few letters: orders, products and clients, whichever the person may see.

pub mod model;
#[cfg(feature = "ssr")]
pub mod operations;
pub mod server_functions;
