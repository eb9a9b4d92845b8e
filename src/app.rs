//! The HTML shell and the table of routes.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};

use crate::auth::server_functions::PageContext;

/// The root of every page.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    // Drawn with the same context on both sides: the server's travels in the page.
    let context = SharedValue::new(PageContext::of_page).into_inner();
    context.currency.clone().choose();
    provide_context(context);
    view! { <Title text="Dashboard FB"/> }
}
