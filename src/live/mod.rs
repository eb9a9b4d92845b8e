//! Open pages follow what others do. Triggers write what changed with the change (migration 0010); the
//! [`sender`] of any server takes it out and notifies all servers, at most every 100 ms; each [`listener`]
//! hands it to the [`hub`], from where streams ([`sse`]) carry to each browser what its role may know of.
//! There the [`client`] has the pages read again. Only topics and ids travel, never what is in the rows.

pub mod client;
pub mod model;
mod pace;
mod tab;

#[cfg(feature = "ssr")]
pub mod hub;
#[cfg(feature = "ssr")]
pub mod listener;
#[cfg(feature = "ssr")]
pub mod notice;
#[cfg(feature = "ssr")]
pub mod sender;
#[cfg(feature = "ssr")]
pub mod sse;
#[cfg(feature = "ssr")]
pub mod tasks;

#[cfg(feature = "split")]
pub use client::is_page_taken_over;
pub use client::{
    Connection, Live, LiveResource, follow_beside, live_resource, page_taken_over, provide_live, use_live,
};
pub use model::{Changes, Topic};
