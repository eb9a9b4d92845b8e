//! The form that moves a stock: which way, how many, why; and what will be there then.

use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;

use super::kinds::mark;
use super::mover::{FORM, Mover};
use crate::stocks::input::BY_HAND;
use crate::stocks::model::MoveKind;
use crate::ui::browser::follow_tick;
use crate::ui::components::{Button, ButtonKind, Icon, TextField};
use crate::ui::editor::RefusalNotice;
use crate::ui::format::number;

/// Fields that show their own faults.
const OWN_FAULTS: &[&str] = &["quantite", "motif"];

/// The form; without JavaScript it posts to the page of the stock.
#[component]
pub fn MovementForm(
    /// What it moves.
    mover: Mover,
) -> impl IntoView {
    let editor = mover.editor;
    let action = move || mover.stock.with(|stock| stock.as_ref().map(|stock| format!("/stocks/{}", stock.product_id)));
    let on_submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        mover.send();
    };
    let label = move || match mover.kind.get() {
        MoveKind::Ajustement => "Enregistrer le comptage",
        MoveKind::Sortie => "Enregistrer la sortie",
        MoveKind::Retour => "Enregistrer le retour",
        _ => "Enregistrer l'entrée",
    };
    view! {
        <form id=FORM class="stock-form" method="post" action=action novalidate on:submit=on_submit>
            <input type="hidden" name="action" value="mouvement"/>
            <input type="hidden" name="cle" value=move || editor.key.get()/>
            <RefusalNotice editor fields=OWN_FAULTS/>
            <fieldset class="stock-kinds">
                <legend class="visually-hidden">"Mouvement"</legend>
                <div class="segments">{BY_HAND.map(|kind| view! { <KindChoice mover kind/> })}</div>
            </fieldset>
            <p class="field-hint">{move || explained(mover.kind.get())}</p>
            <div class="stock-form-row">
                <TextField
                    name="quantite"
                    label="Quantité"
                    inputmode="numeric"
                    autocomplete="off"
                    model=editor.draft.text("quantite")
                    error=editor.fault("quantite")
                />
                <TextField
                    name="motif"
                    label="Motif"
                    optional=true
                    autocomplete="off"
                    model=editor.draft.text("motif")
                    error=editor.fault("motif")
                />
            </div>
            <Preview mover/>
            <div class="form-actions">
                <Button
                    kind=ButtonKind::Primary
                    submit=true
                    busy=editor.busy
                    busy_text="Enregistrement…"
                    text=Signal::derive(move || label().to_owned())
                />
            </div>
        </form>
    }
}

/// One of the ways, as a part of the switch.
#[component]
fn KindChoice(mover: Mover, kind: MoveKind) -> impl IntoView {
    let (_, icon) = mark(kind);
    let node = NodeRef::<html::Input>::new();
    follow_tick(node, Signal::derive(move || mover.kind.get() == kind));
    view! {
        <label class="segment">
            <input
                node_ref=node
                type="radio"
                class="visually-hidden"
                name="type"
                value=kind.as_str()
                checked=mover.kind.get_untracked() == kind
                on:change=move |_| mover.kind.set(kind)
            />
            <Icon of=icon size=14/>
            <span>{kind.label()}</span>
        </label>
    }
}

/// What the quantity means.
fn explained(kind: MoveKind) -> &'static str {
    match kind {
        MoveKind::Sortie | MoveKind::Vente => "Ce qui quitte l'étagère sans commande : casse, don, usage interne.",
        MoveKind::Ajustement => "Ce que vous avez compté sur l'étagère : l'écart est calculé.",
        MoveKind::Retour => "Ce qu'un client a rapporté et qui se revend.",
        MoveKind::Entree => "Ce qui arrive : livraison d'un fournisseur, production.",
    }
}

/// What is there, and what will be.
#[component]
fn Preview(mover: Mover) -> impl IntoView {
    let reserved = move || mover.stock.with(|s| s.as_ref().map_or(0, |s| s.figures.quantite_reservee));
    let line = move |name: &'static str, less: i64, now: i64| {
        let after = mover.after().map(|after| after - less);
        let short = after.is_some_and(|after| after < 0);
        view! {
            <div>
                <dt>{name}</dt>
                <dd class:text-danger=short>
                    {number(now)}
                    {after.map(|after| view! { <span class="stock-then">" → "</span> <strong>{number(after)}</strong> })}
                </dd>
            </div>
        }
    };
    view! {
        <dl class="stock-preview figures" aria-live="polite">
            {move || {
                let figures = mover.stock.with(|stock| stock.as_ref().map(|stock| stock.figures.clone()))?;
                Some(view! {
                    {line("En stock", 0, figures.quantite)}
                    {line("Disponible", reserved(), figures.quantite_disponible)}
                })
            }}
        </dl>
    }
}
