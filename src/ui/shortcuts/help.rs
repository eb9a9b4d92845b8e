//! The list of keys.

use leptos::prelude::*;

use super::keys::{Place, Shortcut, shortcuts_of};
use crate::auth::server_functions::SignedIn;
use crate::ui::components::Dialog;

/// All keys, for those who asked.
#[component]
pub fn KeysHelp(
    /// Open or not.
    open: RwSignal<bool>,
    /// Who asks.
    user: SignedIn,
) -> impl IntoView {
    let places = Place::ALL
        .into_iter()
        .map(|place| (place, shortcuts_of(&user, place)))
        .filter(|(_, shortcuts)| !shortcuts.is_empty())
        .map(|(place, shortcuts)| {
            let rows = shortcuts.into_iter().map(row).collect_view();
            view! {
                <h3 class="key-place">{place.label()}</h3>
                <dl class="key-list">{rows}</dl>
            }
        })
        .collect_view();
    view! {
        <Dialog id="raccourcis" open title=Signal::stored("Raccourcis clavier".to_owned())>
            // It scrolls: by keys too.
            <div role="group" aria-labelledby="raccourcis-titre" tabindex="0">
                {places}
            </div>
        </Dialog>
    }
}

fn row(shortcut: &'static Shortcut) -> impl IntoView {
    let keys = shortcut.keys.iter().enumerate().map(|(at, keys)| {
        let pressed = keys.iter().map(|key| view! { <kbd>{*key}</kbd> }).collect_view();
        view! {
            {(at > 0).then(|| view! { <span class="key-or">"ou"</span> })}
            {pressed}
        }
    });
    view! {
        <div class="key-row">
            <dt>{keys.collect_view()}</dt>
            <dd>{shortcut.words}</dd>
        </div>
    }
}
