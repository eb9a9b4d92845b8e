//! What waits: each action, why it waits, and what the person can do about it.

use leptos::prelude::*;

use super::header::{BackToRound, now_utc};
use super::parts::{Press, When, live, rows};
use crate::phone::outbox::{Row, waits_for_refused};
use crate::phone::state::{Link, Phone, Session, Sheet};
use crate::phone::sync;
use crate::ui::components::{Glyph, Icon};

/// The page.
#[component]
pub fn OutboxPage() -> impl IntoView {
    let phone = Phone::here();
    let keys = Memo::new(move |_| phone.rows.with(|rows| rows.iter().map(|row| row.key).collect::<Vec<_>>()));
    // What was said the last time is said no more.
    phone.asked.set(None);
    view! {
        <BackToRound/>
        <When is=move || phone.looked.get() && keys.with(Vec::is_empty)>
            <div class="empty">
                <Icon of=Glyph::Check size=40/>
                <p class="empty-title">"Tout est envoyé"</p>
            </div>
        </When>
        <When is=move || !keys.with(Vec::is_empty)>
            <button
                type="button"
                class="btn btn-primary btn-wide"
                disabled=live(move || phone.session.get() != Session::Open)
                on:click=move |_| sync::send_now(phone)
            >
                <Icon of=Glyph::Refresh size=22/>
                "Envoyer maintenant"
            </button>
            <p role="status">{live(move || outcome(phone))}</p>
            <ul class="stops">
                {rows(move || keys.get(), |key| view! { <WaitingRow key_of_row=key/> }.into_any())}
            </ul>
        </When>
    }
    .into_any()
}

/// What comes of asking, as long as something waits.
fn outcome(phone: Phone) -> &'static str {
    let asked = phone.asked.get().filter(|_| phone.session.get() == Session::Open);
    let Some(under_way) = asked else { return "" };
    match (under_way, phone.link.get()) {
        (true, _) => "Envoi en cours…",
        (_, Link::Offline) => "Le serveur ne répond pas : nouvel essai sous peu.",
        _ if !phone.rows.with(|rows| sync::can_leave(rows, phone.now.get())) => {
            "Rien ne peut partir pour l'instant : chaque action dit pourquoi."
        }
        _ if phone.elsewhere.get() => "Une autre page de ce téléphone est en train d'envoyer.",
        _ => "Tout n'est pas parti : nouvel essai sous peu.",
    }
}

fn state_of(phone: Phone, row: &Row, now: f64) -> String {
    match &row.ennui {
        Some(trouble) => trouble.detail.clone(),
        None if phone.rows.with(|rows| waits_for_refused(rows, row)) => {
            "Attend votre décision : l'action d'avant a été refusée.".to_owned()
        }
        None if row.recue => "Enregistrée ; ses photos restent à envoyer.".to_owned(),
        None if phone.session.get() != Session::Open => "Attend que vous soyez reconnecté.".to_owned(),
        None if phone.link.get() == Link::Offline => "Attend le réseau.".to_owned(),
        None if row.held(now) > 0.0 => "Part dans quelques secondes.".to_owned(),
        None if phone.sending.get() => "En cours d'envoi.".to_owned(),
        None if phone.elsewhere.get() => "Une autre page de ce téléphone l'envoie.".to_owned(),
        None => "Attend : le téléphone l'envoie de lui-même.".to_owned(),
    }
}

#[component]
fn WaitingRow(key_of_row: u32) -> impl IntoView {
    let phone = Phone::here();
    let row = Memo::new(move |_| phone.rows.with(|rows| rows.iter().find(|row| row.key == key_of_row).cloned()));
    let kind = move || row.with(|row| row.as_ref().and_then(Row::kind).map(|kind| kind.label()).unwrap_or("Action"));
    let troubled = Memo::new(move |_| row.with(|row| row.as_ref().is_some_and(|row| row.ennui.is_some())));
    let readable = Memo::new(move |_| row.with(|row| row.as_ref().is_some_and(|row| !row.action.is_null())));
    let held = Memo::new(move |_| {
        let now = phone.now.get();
        row.with(|row| row.as_ref().is_some_and(|row| row.can_be_undone(now)))
    });
    let told = move || {
        let (at, told) = row.with(|row| row.as_ref().and_then(Row::told))?;
        let now = now_utc()?;
        let at = phone.data.with(|data| data.as_ref().map(|data| data.fuseau.display_near(at, now)));
        Some(at.into_iter().chain(told).collect::<Vec<_>>().join(" · "))
    };
    // The client, and the number of the order.
    let title = move || {
        let title = row.with(|row| row.as_ref().map(|row| row.titre.clone()).unwrap_or_default());
        title
            .rsplit_once(' ')
            .map_or((title.clone(), String::new()), |(client, number)| (client.to_owned(), number.to_owned()))
    };
    let retry = move || {
        if let Some(row) = row.get_untracked() {
            leptos::task::spawn_local(phone.retry(row));
        }
    };
    view! {
        <li class="stop" class:stop-refused=live(move || troubled.get())>
            <p class="stop-who">{live(kind)}</p>
            <p class="stop-where">
                {live(move || title().0)} " " <span class="whole">{live(move || title().1)}</span>
            </p>
            <p class="stop-where">{live(told)}</p>
            <p class="stop-state">
                {live(move || {
                    let now = phone.now.get();
                    row.with(|row| row.as_ref().map(|row| state_of(phone, row, now)))
                })}
            </p>
            <When is=move || troubled.get()>
                <div class="acts">
                    <Press
                        class="btn btn-danger"
                        icon=Glyph::Trash
                        words="Abandonner"
                        on_press=move || phone.open_sheet(Sheet::Discard(key_of_row))
                    />
                    <When is=move || readable.get()>
                        <Press class="btn" icon=Glyph::Refresh words="Réessayer" on_press=retry/>
                    </When>
                </div>
            </When>
            <When is=move || held.get()>
                <Press
                    class="btn btn-wide"
                    icon=Glyph::Undo
                    words="Annuler"
                    on_press=move || leptos::task::spawn_local(phone.undo(vec![key_of_row]))
                />
            </When>
        </li>
    }
    .into_any()
}
