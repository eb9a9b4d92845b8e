//! Nothing was handed over: one press says why.

use leptos::prelude::*;
use serde_json::{Map, Value};

use super::parts::{Press, live};
use super::sheet::{Resumed, SheetHead};
use crate::deliveries::model::{ActionKind, Reason};
use crate::phone::state::{Phone, Sheet};
use crate::shared::OrderId;

/// The sheet.
#[component]
pub fn ProblemSheet(id: OrderId) -> impl IntoView {
    let phone = Phone::here();
    let order = phone.stop(id).get_untracked().map(|stop| stop.delivery);
    let Some(order) = order else { return ().into_any() };
    let draft = phone.take_draft();
    let (note, error, busy) =
        (RwSignal::new(draft.word("note").unwrap_or_default()), RwSignal::new(None::<String>), RwSignal::new(false));
    // Once the reason that demands a note was chosen.
    let demanded = RwSignal::new(false);
    // Told before: not every way here comes from handing over.
    let mut lines = phone.told_lines.try_update_value(std::mem::take).unwrap_or_default();
    if lines.is_empty() {
        lines = draft.words["lignes"].as_array().cloned().unwrap_or_default();
    }
    let kept = !lines.is_empty();
    let lines = StoredValue::new(lines);
    let resumed = draft.words.is_object();
    let told = move |note: &str| {
        let mut more = Map::new();
        if !note.trim().is_empty() {
            more.insert("note".into(), note.trim().into());
        }
        let lines = lines.get_value();
        if !lines.is_empty() {
            more.insert("lignes".into(), lines.into());
        }
        more
    };
    Effect::new(move |before: Option<Map<String, Value>>| {
        let words = told(&note.get());
        if before.is_some_and(|before| before != words) {
            phone.keep_words(id, ActionKind::Probleme, &words);
        }
        words
    });
    // Said in sight, however far below the reason was pressed.
    Effect::new(move |_| {
        if error.with(Option::is_some) {
            request_animation_frame(|| {
                if let Some(words) = document().get_element_by_id("erreur-probleme") {
                    words.scroll_into_view_with_bool(true);
                }
            });
        }
    });
    let who = order.client_nom.clone();
    let order = StoredValue::new(order);
    let tell = move |reason: Reason| {
        if busy.get_untracked() {
            return;
        }
        let text = note.get_untracked();
        if reason == Reason::Autre && text.trim().is_empty() {
            demanded.set(true);
            error.set(Some("Dites d'abord en quelques mots ce qui s'est passé.".to_owned()));
            let _ = document().get_element_by_id("note-probleme").map(|note| {
                use leptos::wasm_bindgen::JsCast;
                // Fails for what cannot have the focus; a text box can.
                note.dyn_into::<leptos::web_sys::HtmlElement>().map(|note| note.focus())
            });
            return;
        }
        busy.set(true);
        leptos::task::spawn_local(async move {
            let mut more = told(&text);
            more.insert("motif".into(), reason.as_str().into());
            let order = order.get_value();
            let said = format!("{} : {}", reason.label(), order.client_nom);
            let kept = phone.act(&order, ActionKind::Probleme, more, Vec::new(), said).await;
            busy.set(false);
            match kept {
                Ok(()) => phone.sheet.set(None),
                Err(not_kept) => error.set(Some(not_kept.text())),
            }
        });
    };
    view! {
        <SheetHead title="Que s'est-il passé ?" who/>
        {resumed.then(|| view! { <Resumed id sheet=Sheet::Problem(id)/> })}
        {kept.then(|| view! { <p>"Les quantités refusées, abîmées et manquantes sont gardées."</p> })}
        <p id="erreur-probleme" class="error" role="alert">{live(move || error.get())}</p>
        <label class="field">
            <span class="field-label">
                {live(move || if demanded.get() { "Note pour le bureau" } else { "Note pour le bureau (facultatif)" })}
            </span>
            <textarea
                id="note-probleme"
                class="input"
                rows="2"
                maxlength="5000"
                prop:value=live(move || note.get())
                on:input=move |event| {
                    note.set(event_target_value(&event));
                    error.set(None);
                }
            ></textarea>
        </label>
        <div class="reasons">
            {Reason::ALL
                .iter()
                .map(|reason| {
                    view! {
                        <Press class="btn btn-wide" words=reason.label() on_press=move || tell(*reason)/>
                    }
                })
                .collect_view()}
        </div>
    }
    .into_any()
}
