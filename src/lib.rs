//! Orders, stock and deliveries of a small business: one crate, built for the server (`ssr`) and for
//! the browser (`hydrate`); the livreur's phone is a smaller one (`phone`), without the pages. Each folder answers one
//! question; the screens live apart in [`ui`].
#![recursion_limit = "256"]

#[cfg(not(feature = "phone"))]
pub mod app;
pub mod auth;
pub mod categories;
pub mod clients;
pub mod dashboard;
pub mod deliveries;
pub mod error;
pub mod history;
pub mod imports;
#[cfg(not(feature = "phone"))]
pub mod live;
pub mod orders;
pub mod phone;
pub mod products;
pub mod search;
pub mod shared;
pub mod stocks;
pub mod ui;
pub mod users;

#[cfg(feature = "ssr")]
pub mod server;

#[cfg(all(test, feature = "ssr"))]
mod tests;

/// Entry point in the browser: takes over the page that the server drew.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    ui::browser::guard_history();
    js_sys::futures::spawn_local(async {
        leptos::mount::hydrate_from_async(leptos::tachys::dom::body(), app::App).await.forget();
        live::page_taken_over();
    });
}
