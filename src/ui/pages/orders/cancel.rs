//! Giving an order up: apart from everything else, and only after a question.

use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;

use super::actions::address;
use super::moves::{Doing, Moves};
use crate::live::use_live;
use crate::orders::model::Order;
use crate::orders::workflow::{OrderStatus, transition};
use crate::ui::browser::takes_over;
use crate::ui::components::{Button, ButtonKind, Dialog, Glyph, Icon, TextArea};

/// The way to it: a button, or without JavaScript a part of the page that unfolds.
#[component]
pub fn Cancel(
    /// The order.
    order: Order,
    /// Carries it out.
    moves: Moves,
) -> impl IntoView {
    let order = StoredValue::new(order);
    let part = NodeRef::<html::Details>::new();
    let asks = takes_over(part);
    view! {
        <section class="order-cancel" aria-label="Annulation">
            {move || {
                if asks.get() {
                    view! {
                        <Button
                            kind=ButtonKind::Danger
                            icon=Glyph::Ban
                            text="Annuler la commande"
                            on:click=move |_| moves.asking.set(true)
                        />
                    }
                        .into_any()
                } else {
                    view! {
                        <details node_ref=part class="order-cancel-plain" open=moves.reason.with_untracked(|reason| !reason.is_empty())>
                            <summary class="btn btn-danger">
                                <Icon of=Glyph::Ban/>
                                <span>"Annuler la commande"</span>
                            </summary>
                            <CancelForm order=Signal::stored(Some(order.get_value())) moves/>
                        </details>
                    }
                        .into_any()
                }
            }}
        </section>
    }
}

/// Asks for the reason. Beside what is read again when others change the order: nobody is interrupted.
#[component]
pub fn CancelDialog(
    /// Carries it out.
    moves: Moves,
) -> impl IntoView {
    let live = use_live();
    let title = Signal::derive(move || {
        moves
            .order
            .with(|order| order.as_ref().map_or_else(String::new, |o| format!("Annuler la commande {}", o.numero)))
    });
    view! {
        <Show when=move || live.awake()>
            <Dialog id="annulation" open=moves.asking title>
                <CancelForm order=moves.order.into() moves/>
            </Dialog>
        </Show>
    }
}

#[component]
fn CancelForm(order: Signal<Option<Order>>, moves: Moves) -> impl IntoView {
    let live = use_live();
    let hint = move || {
        order.with(|order| {
            let step = order.as_ref().and_then(|order| transition(order.statut, OrderStatus::Annulee));
            step.map_or("", |step| step.hint)
        })
    };
    let busy = Signal::derive(move || moves.doing.get() == Some(Doing::Moving(OrderStatus::Annulee)));
    let on_submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        if let Some((id, version)) = order.with_untracked(|o| o.as_ref().map(|o| (o.id, o.audit.version))) {
            moves.to(id, version, OrderStatus::Annulee);
        }
    };
    let keep = move |_| {
        moves.reason.set(String::new());
        moves.asking.set(false);
    };
    let place = move || order.with(|order| order.as_ref().map(address));
    let version = move || order.with(|order| order.as_ref().map(|order| order.audit.version.to_string()));
    view! {
        <form class="order-cancel-form" method="post" action=place on:submit=on_submit>
            <input type="hidden" name="action" value="statut"/>
            <input type="hidden" name="statut" value="annulee"/>
            <input type="hidden" name="version" value=version/>
            <p>{hint} " Une commande annulée ne revient pas."</p>
            <TextArea name="motif" label="Motif" optional=true hint="Il reste dans l'historique." rows=2 model=moves.reason autofocus=true/>
            <div class="dialog-actions">
                {move || {
                    live
                        .awake()
                        .then(|| {
                            view! { <Button text="Garder la commande" on:click=keep/> }
                        })
                }}
                <Button kind=ButtonKind::DangerSolid submit=true busy text="Annuler la commande"/>
            </div>
        </form>
    }
}
