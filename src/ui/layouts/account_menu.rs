//! Who am I, which colours, and the way out.

use leptos::prelude::*;

use crate::auth::server_functions::SignedIn;
use crate::ui::components::{Glyph, Icon};
use crate::ui::preferences::{ChosenTheme, Theme};
use crate::ui::session::Me;

/// A button with the person's initials, and what unfolds under it. The browser opens and closes it (popover), so
/// that one can sign out before the page has woken up and without JavaScript.
#[component]
pub fn AccountMenu(
    /// Who looks at the page.
    user: SignedIn,
) -> impl IntoView {
    let me = Me::here();
    let role = user.role.label();
    view! {
        <button type="button" class="account-button" popovertarget="menu-compte">
            // Drawn by the style sheet: the name next to it is read, not its letters.
            <span class="avatar" data-initials=move || me.initials()></span>
            <span class="account-name">
                <span class="visually-hidden">"Compte : "</span>
                {move || me.display()}
            </span>
            <Icon of=Glyph::ChevronDown size=14/>
        </button>
        <div id="menu-compte" class="account-panel" popover="auto">
            <div class="account-who">
                <p class="font-semibold">{move || me.display()}</p>
                <p class="text-ink-soft text-sm">{user.email}</p>
                <p class="text-ink-faint text-sm">{role}</p>
            </div>
            <ThemeSwitch id="choix-theme"/>
            // Loaded anew, so that this panel is gone.
            <a class="account-item" href="/profil" rel="external">
                <Icon of=Glyph::User/>
                "Mon profil"
            </a>
            <form method="post" action="/deconnexion">
                <button type="submit" class="account-item">
                    <Icon of=Glyph::SignOut/>
                    "Se déconnecter"
                </button>
            </form>
        </div>
    }
}

/// Light, dark, or as the machine.
#[component]
pub fn ThemeSwitch(
    /// Id of its words, unique on the page.
    id: &'static str,
) -> impl IntoView {
    let ChosenTheme(chosen) = expect_context();
    Effect::new(move |_| chosen.set(Some(Theme::chosen())));
    let choice = move |theme: Theme| {
        view! {
            <button
                type="button"
                class="segment"
                aria-pressed=move || if chosen.get() == Some(theme) { "true" } else { "false" }
                on:click=move |_| {
                    theme.choose();
                    chosen.set(Some(theme));
                }
            >
                <Icon of=theme.icon() size=14/>
                {theme.label()}
            </button>
        }
    };
    // Without JavaScript the colours are those of the machine, and there is nothing to choose.
    view! {
        <div class="account-theme" class:invisible=move || chosen.get().is_none()>
            <p class="text-ink-faint text-xs" id=id>
                "Thème"
            </p>
            <div class="segments" role="group" aria-labelledby=id>
                {Theme::ALL.map(choice)}
            </div>
        </div>
    }
}
