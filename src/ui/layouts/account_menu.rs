//! Who am I, which colours, and the way out.

use leptos::prelude::*;

use crate::auth::server_functions::SignedIn;
use crate::ui::components::{Glyph, Icon};
use crate::ui::preferences::Theme;

/// The first letters of a name: `KB`.
fn initials(user: &SignedIn) -> String {
    let first = |text: &str| text.chars().next();
    user.prenom.as_deref().and_then(first).into_iter().chain(first(&user.nom)).flat_map(char::to_uppercase).collect()
}

/// A button with the person's initials, and what unfolds under it. The browser opens and closes it (popover), so
/// that one can sign out before the page has woken up and without JavaScript.
#[component]
pub fn AccountMenu(
    /// Who looks at the page.
    user: SignedIn,
) -> impl IntoView {
    let name = user.display();
    let role = user.role.label();
    view! {
        <button type="button" class="account-button" popovertarget="menu-compte">
            // Drawn by the style sheet: the name next to it is read, not its letters.
            <span class="avatar" data-initials=initials(&user)></span>
            <span class="account-name">
                <span class="visually-hidden">"Compte : "</span>
                {name.clone()}
            </span>
            <Icon of=Glyph::ChevronDown size=14/>
        </button>
        <div id="menu-compte" class="account-panel" popover="auto">
            <div class="account-who">
                <p class="font-semibold">{name}</p>
                <p class="text-ink-soft text-sm">{user.email}</p>
                <p class="text-ink-faint text-sm">{role}</p>
            </div>
            <ThemeSwitch/>
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
fn ThemeSwitch() -> impl IntoView {
    let chosen = RwSignal::new(None::<Theme>);
    Effect::new(move |_| chosen.set(Some(Theme::chosen())));
    let choice = move |theme: Theme| {
        let icon = match theme {
            Theme::System => Glyph::Monitor,
            Theme::Light => Glyph::Sun,
            Theme::Dark => Glyph::Moon,
        };
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
                <Icon of=icon size=14/>
                {theme.label()}
            </button>
        }
    };
    // Without JavaScript the colours are those of the machine, and there is nothing to choose.
    view! {
        <div class="account-theme" class:invisible=move || chosen.get().is_none()>
            <p class="text-ink-faint text-xs" id="choix-theme">
                "Thème"
            </p>
            <div class="segments" role="group" aria-labelledby="choix-theme">
                {Theme::ALL.map(choice)}
            </div>
        </div>
    }
}
