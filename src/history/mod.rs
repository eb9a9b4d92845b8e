//! The trail: who changed what, when, from what to what. Triggers write it; this room tells it.

pub mod labels;
pub mod model;
pub mod server_functions;

#[cfg(feature = "ssr")]
pub mod erase;
#[cfg(feature = "ssr")]
pub mod names;
#[cfg(feature = "ssr")]
pub mod operations;
#[cfg(feature = "ssr")]
pub mod queries;
#[cfg(feature = "ssr")]
pub mod rest;
#[cfg(feature = "ssr")]
pub mod seals;
