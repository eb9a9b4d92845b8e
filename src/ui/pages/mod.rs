//! The pages, by domain.

pub mod clients;
pub mod dashboard;
pub mod errors;
pub mod orders;
pub mod profile;
pub mod sign_in;
pub mod users;
