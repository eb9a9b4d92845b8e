//! Small types with no invalid value, used by every room and by both builds.

pub mod audit;
pub mod day;
pub mod fields;
pub mod ids;
#[cfg(feature = "ssr")]
pub mod keyset;
#[cfg(feature = "ssr")]
pub mod listing;
pub mod local_time;
pub mod money;
#[cfg(feature = "ssr")]
pub mod narrowing;
pub mod page;
pub mod phone;
pub mod place;
#[cfg(feature = "ssr")]
pub mod references;
#[cfg(feature = "ssr")]
pub mod resource;
pub mod several;
pub mod text;
pub mod uuid;
pub mod vat;

pub use day::{Bounds, Day, Period};
pub use fields::Fields;
pub use ids::*;
pub use local_time::ZoneTable;
pub use money::Money;
pub use page::Page;
pub use uuid::Uuid;
pub use vat::VatRate;
