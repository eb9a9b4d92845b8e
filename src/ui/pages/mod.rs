//! The pages, by domain.

pub mod dashboard;
pub mod errors;
pub mod journal;
pub mod orders;
pub mod sign_in;
pub mod stocks;
