//! Imports: a spreadsheet of products becomes products, all of it or nothing, and can be taken back.

pub mod model;
pub mod server_functions;

#[cfg(feature = "ssr")]
pub mod columns;
#[cfg(feature = "ssr")]
pub mod file;
#[cfg(feature = "ssr")]
pub mod known;
#[cfg(feature = "ssr")]
pub mod lines;
#[cfg(feature = "ssr")]
pub mod operations;
#[cfg(feature = "ssr")]
pub mod plan;
#[cfg(feature = "ssr")]
pub mod queries;
#[cfg(feature = "ssr")]
pub mod rest;
#[cfg(feature = "ssr")]
pub mod undo;
#[cfg(feature = "ssr")]
pub mod workbook;
#[cfg(feature = "ssr")]
pub mod write;
