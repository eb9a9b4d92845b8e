//! What surrounds the pages.

mod account_menu;
mod desk;
mod menu;

pub use account_menu::{AccountMenu, ThemeSwitch};
pub use desk::Desk;
pub use menu::{MenuEntry, menu_of, round_of};

use leptos::prelude::*;

/// The mark and the name of the product.
#[component]
pub fn Brand() -> impl IntoView {
    view! {
        <span class="brand">
            <svg class="brand-mark" width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">
                <rect width="24" height="24" rx="6"></rect>
                <path d="M6.5 17v-4M12 17V7M17.5 17v-7"></path>
            </svg>
            <span class="brand-name">"Dashboard FB"</span>
        </span>
    }
}
