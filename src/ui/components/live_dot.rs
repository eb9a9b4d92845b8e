//! The quiet dot of the top bar: what others do appears by itself, or does not just now.

use leptos::prelude::*;

use crate::live::{Connection, use_live};

/// The dot of this page.
#[component]
pub fn LiveDot() -> impl IntoView {
    view! { <LiveMark connection=use_live().connection_signal()/> }
}

/// The dot of a page that stands so with the server. In words only while something is wrong, so that nobody hears of it
/// otherwise.
#[component]
pub fn LiveMark(
    /// How the page stands.
    connection: Signal<Connection>,
) -> impl IntoView {
    let state = move || match connection.get() {
        Connection::Asleep => "endormi",
        Connection::Live => "direct",
        Connection::Reconnecting => "reconnexion",
        Connection::Ended => "fin",
        Connection::OtherRole => "droits",
    };
    let words = move || match connection.get() {
        Connection::Asleep | Connection::Live => "",
        Connection::Reconnecting => "Reconnexion…",
        Connection::Ended => "Session terminée",
        Connection::OtherRole => "Droits changés",
    };
    let title = move || match connection.get() {
        Connection::Asleep => "",
        Connection::Live => "En direct : ce que font les autres apparaît tout seul.",
        Connection::Reconnecting => "Le serveur ne répond pas. La page se remettra à jour toute seule.",
        Connection::Ended => "Connectez-vous à nouveau pour continuer.",
        Connection::OtherRole => "Rechargez la page pour continuer.",
    };
    let named = move || (connection.get() == Connection::Live).then_some("En direct");
    view! {
        <span class="live" data-live=state title=title>
            <span class="live-dot" role="img" aria-label=named aria-hidden=move || named().is_none().then_some("true")></span>
            <span class="live-words" role="status">
                {words}
            </span>
        </span>
    }
}
