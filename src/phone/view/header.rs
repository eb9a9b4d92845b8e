//! Always in sight: what page this is, whether there is a network, how much waits, and since when.

use leptos::prelude::*;

use super::parts::{Press, live};
use crate::phone::state::{Link, Phone, Session};
use crate::ui::components::Glyph;
use crate::ui::format;

/// The bar at the top.
#[component]
pub fn Header() -> impl IntoView {
    let phone = Phone::here();
    let day = move || {
        phone
            .data
            .with(|data| data.as_ref().map(|data| format::day_with_weekday(data.tournee.date)))
            .unwrap_or_default()
    };
    let synced = move || {
        phone.data.with(|data| {
            let data = data.as_ref()?;
            let (zone, at) = (&data.fuseau, data.tournee.lu_le);
            Some(if zone.same_day(at, now_utc()?) {
                format!("À jour à {}", zone.time(at))
            } else {
                format!("À jour : {}", zone.display_short(at))
            })
        })
    };
    let waiting = Memo::new(move |_| phone.rows.with(Vec::len));
    let refused = Memo::new(move |_| phone.rows.with(|rows| rows.iter().any(|row| row.ennui.is_some())));
    let state = move || (phone.link.get(), phone.session.get());
    view! {
        <header class="bar">
            <div class="bar-title">
                <h1>{live(move || if phone.outbox_shown.get() { "À envoyer" } else { "Ma tournée" })}</h1>
                <p class="bar-day">{live(day)}</p>
            </div>
            <button
                type="button"
                class="state"
                class:state-offline=live(move || !matches!(state(), (Link::Online | Link::Unknown, Session::Open)))
                class:state-unknown=live(move || state() == (Link::Unknown, Session::Open))
                class:state-refused=live(move || refused.get())
                aria-expanded=live(move || phone.outbox_shown.get().to_string())
                on:click=move |_| phone.outbox_shown.update(|shown| *shown = !*shown)
            >
                <span class="state-line">
                    <span class="state-dot" aria-hidden="true"></span>
                    <span role="status">
                        {live(move || match state() {
                            (Link::Offline, _) => "Hors ligne",
                            (Link::Unknown, Session::Open) => "Connexion…",
                            (Link::Online, Session::Open) => "En ligne",
                            (_, Session::Ended | Session::Refused) => "Non connecté",
                        })}
                    </span>
                </span>
                <span class="state-count" data-attente=live(move || waiting.get().to_string())>
                    {live(move || match (waiting.get(), refused.get()) {
                        (0, _) if !phone.looked.get() => String::new(),
                        (0, _) => "Tout est envoyé".to_owned(),
                        (n, false) => format!("{n} à envoyer"),
                        (n, true) => format!("{n} à envoyer, à voir"),
                    })}
                </span>
                <span class="state-sync">{live(move || synced().unwrap_or_else(|| "Pas encore à jour".to_owned()))}</span>
            </button>
        </header>
    }
    .into_any()
}

/// The phone's clock.
pub fn now_utc() -> Option<chrono::DateTime<chrono::Utc>> {
    chrono::DateTime::from_timestamp_millis(crate::phone::host::now() as i64)
}

/// Back to the round.
#[component]
pub fn BackToRound() -> impl IntoView {
    let phone = Phone::here();
    view! {
        <Press
            class="btn btn-wide"
            icon=Glyph::ArrowLeft
            words="Retour à la tournée"
            on_press=move || phone.outbox_shown.set(false)
        />
    }
}
