//! The trail: who changed what, when, from what to what. Triggers write it; this room tells it.

pub mod model;
pub mod words;

#[cfg(feature = "ssr")]
pub mod erase;
#[cfg(feature = "ssr")]
pub mod operations;
#[cfg(feature = "ssr")]
pub mod queries;
#[cfg(feature = "ssr")]
pub mod rest;
