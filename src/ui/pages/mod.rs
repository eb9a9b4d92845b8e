//! The pages, by domain.

pub mod categories;
pub mod clients;
pub mod dashboard;
#[cfg(debug_assertions)]
pub mod dev;
pub mod errors;
pub mod journal;
pub mod orders;
pub mod products;
pub mod profile;
pub mod rounds;
pub mod sign_in;
pub mod stocks;
pub mod users;
