//! The pages, by domain.

pub mod dashboard;
pub mod errors;
pub mod orders;
pub mod rounds;
pub mod sign_in;
