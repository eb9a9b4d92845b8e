//! A session that has ended while a page was open.

use crate::ui::query::href;

/// Goes to the sign-in page, which leads back here. Browser only: call it from an effect or a handler.
pub fn sign_in_again() {
    let location = leptos::prelude::window().location();
    let here = format!("{}{}", location.pathname().unwrap_or_default(), location.search().unwrap_or_default());
    // Fails only for an address that is none.
    let _ = location.set_href(&href("/connexion", &[("suite", &here)]));
}
