//! Giving an order up: apart from everything else, and only after a question.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::actions::address;
use super::moves::{Doing, Moves};
use crate::live::use_live;
use crate::orders::model::Order;
use crate::orders::workflow::{OrderStatus, transition};
use crate::ui::components::{Button, ButtonKind, Dialog, Glyph, Icon, TextArea};

/// Asks for the reason: in a dialog, or without JavaScript in a part of the page that unfolds.
#[component]
pub fn Cancel(
    /// The order.
    order: Order,
    /// Carries it out.
    moves: Moves,
) -> impl IntoView {
    let order = StoredValue::new(order);
    let live = use_live();
    let title = order.with_value(|order| format!("Annuler la commande {}", order.numero));
    view! {
        <section class="order-cancel" aria-label="Annulation">
            {move || {
                let order = order.get_value();
                if live.awake() {
                    let title = title.clone();
                    view! {
                        <Button
                            kind=ButtonKind::Danger
                            icon=Glyph::Ban
                            text="Annuler la commande"
                            on:click=move |_| moves.asking.set(true)
                        />
                        <Dialog id="annulation" open=moves.asking title=title>
                            <CancelForm order moves/>
                        </Dialog>
                    }
                        .into_any()
                } else {
                    view! {
                        <details class="order-cancel-plain" open=moves.reason.with_untracked(|reason| !reason.is_empty())>
                            <summary class="btn btn-danger">
                                <Icon of=Glyph::Ban/>
                                <span>"Annuler la commande"</span>
                            </summary>
                            <CancelForm order moves/>
                        </details>
                    }
                        .into_any()
                }
            }}
        </section>
    }
}

#[component]
fn CancelForm(order: Order, moves: Moves) -> impl IntoView {
    let live = use_live();
    let (id, version) = (order.id, order.audit.version);
    let hint = transition(order.statut, OrderStatus::Annulee).map_or("", |step| step.hint);
    let busy = Signal::derive(move || moves.doing.get() == Some(Doing::Moving(OrderStatus::Annulee)));
    let on_submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        moves.to(id, version, OrderStatus::Annulee);
    };
    view! {
        <form class="order-cancel-form" method="post" action=address(&order) on:submit=on_submit>
            <input type="hidden" name="action" value="statut"/>
            <input type="hidden" name="statut" value="annulee"/>
            <input type="hidden" name="version" value=version.to_string()/>
            <p>{hint} " Une commande annulée ne revient pas."</p>
            <TextArea name="motif" label="Motif" hint="Il reste dans l'historique." rows=2 model=moves.reason/>
            <div class="dialog-actions">
                {move || {
                    live
                        .awake()
                        .then(|| {
                            view! { <Button text="Garder la commande" on:click=move |_| moves.asking.set(false)/> }
                        })
                }}
                <Button kind=ButtonKind::DangerSolid submit=true busy text="Annuler la commande"/>
            </div>
        </form>
    }
}
