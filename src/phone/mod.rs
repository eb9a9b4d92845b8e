//! The livreur's phone: a small program of its own (feature `phone`), which starts and works without a network.
//! What is to be delivered and what was done live in the phone's database; the outbox sends when it can.
//!
//! What decides is here in Rust, and tested with the server: [`outbox`], [`round`]. What only browsers have is in
//! `host.js`; `sw.js` is the service worker, which the server stamps with the version.

pub mod data;
pub mod outbox;
pub mod round;

#[cfg(feature = "phone")]
mod act;
#[cfg(feature = "phone")]
mod draft;
#[cfg(feature = "phone")]
mod host;
#[cfg(feature = "phone")]
mod state;
#[cfg(feature = "phone")]
mod sync;
#[cfg(feature = "phone")]
mod view;

/// Entry point in the browser: replaces the skeleton that the server sent.
#[cfg(feature = "phone")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn start() {
    console_error_panic_hook::set_once();
    let body = leptos::tachys::dom::body();
    body.set_inner_html("");
    leptos::mount::mount_to(body, view::Phone).forget();
}
