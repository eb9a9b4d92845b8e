//! The pages, by domain.

pub mod categories;
pub mod dashboard;
pub mod errors;
pub mod orders;
pub mod products;
pub mod sign_in;
