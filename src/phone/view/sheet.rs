//! What lies over the page: one dialog for whatever is being told, and the bar that takes the last gesture back.

use leptos::html;
use leptos::prelude::*;

use super::deliver::DeliverSheet;
use super::parts::{Press, When, live};
use super::problem::ProblemSheet;
use crate::phone::state::{Phone, Sheet};
use crate::shared::OrderId;
use crate::ui::components::{Glyph, Icon};

/// The dialog.
#[component]
pub fn SheetView() -> impl IntoView {
    let phone = Phone::here();
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let wanted = phone.sheet.get().is_some();
        let Some(dialog) = dialog.get() else { return };
        match (wanted, dialog.open()) {
            // Fails for one that is not on the page.
            (true, false) => drop(dialog.show_modal()),
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    view! {
        <dialog node_ref=dialog class="sheet" aria-labelledby="feuille" on:close=move |_| phone.sheet.set(None)>
            {live(move || match phone.sheet.get() {
                Some(Sheet::Deliver(id)) => view! { <DeliverSheet id/> }.into_any(),
                Some(Sheet::Problem(id)) => view! { <ProblemSheet id/> }.into_any(),
                Some(Sheet::Discard(key)) => view! { <Discard key_of_row=key/> }.into_any(),
                None => ().into_any(),
            })}
        </dialog>
    }
}

/// The head of a sheet: what for, for whom, and back.
#[component]
pub fn SheetHead(title: &'static str, who: String) -> impl IntoView {
    let phone = Phone::here();
    view! {
        <div class="sheet-head">
            <div>
                <h2 id="feuille" class="sheet-title">{title}</h2>
                <p class="sheet-who">{who}</p>
            </div>
            <button type="button" class="btn btn-icon" aria-label="Fermer" on:click=move |_| phone.sheet.set(None)>
                <Icon of=Glyph::Close size=24/>
            </button>
        </div>
    }
}

/// Says that what is on the sheet was told before, and how to be rid of it.
#[component]
pub fn Resumed(id: OrderId, sheet: Sheet) -> impl IntoView {
    let phone = Phone::here();
    view! {
        <div class="resumed">
            <p>"Votre saisie a été gardée."</p>
            <Press class="btn" icon=Glyph::Undo words="Tout effacer" on_press=move || phone.begin_again(id, sheet)/>
        </div>
    }
}

/// Nothing is given up by one press.
#[component]
fn Discard(key_of_row: u32) -> impl IntoView {
    let phone = Phone::here();
    let (who, loss) = phone.rows.with_untracked(|rows| {
        let row = rows.iter().find(|row| row.key == key_of_row);
        row.map(|row| (row.titre.clone(), row.loss())).unwrap_or_default()
    });
    let give_up = move || {
        phone.sheet.set(None);
        leptos::task::spawn_local(phone.give_up(key_of_row));
    };
    view! {
        <SheetHead title="Abandonner cette action ?" who/>
        <p>{loss}</p>
        <div class="acts">
            <Press class="btn" words="Garder" on_press=move || phone.sheet.set(None)/>
            <Press class="btn btn-danger" words="Abandonner" on_press=give_up/>
        </div>
    }
}

/// What was just done, for as long as it can be taken back.
#[component]
pub fn UndoBar() -> impl IntoView {
    let phone = Phone::here();
    let left = move || {
        let until = phone.undo.with(|undo| undo.last().map(|undo| undo.until))?;
        Some(((until - phone.now.get()) / 1000.0).ceil().clamp(1.0, 10.0) as i64)
    };
    let undo = move |_| {
        if let Some(keys) = phone.undo.with_untracked(|undo| undo.last().map(|undo| undo.keys.clone())) {
            leptos::task::spawn_local(phone.undo(keys));
        }
    };
    view! {
        <div class="undo-place" role="status">
            <When is=move || phone.undo.with(|undo| !undo.is_empty())>
                <div class="undo">
                    <p>{live(move || phone.undo.with(|undo| undo.last().map(|undo| undo.text.clone())))}</p>
                    <button type="button" class="btn" on:click=undo>
                        <Icon of=Glyph::Undo size=22/>
                        "Annuler"
                        <span class="figures" aria-hidden="true">{live(move || left().map(|left| left.to_string()))}</span>
                    </button>
                </div>
            </When>
        </div>
    }
}
