//! Deleting an order, which one may take back, and bringing a deleted one back.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::actions::address;
use super::moves::{Doing, Moves};
use crate::auth::permission::Permission;
use crate::auth::server_functions::PageContext;
use crate::orders::model::Order;
use crate::orders::workflow::OrderStatus;
use crate::ui::components::{Button, ButtonKind, Glyph, Notice, Tone};

/// Deletes a draft or a cancelled order: nothing is asked, for it can be taken back.
#[component]
pub fn Remove(
    /// The order.
    order: Order,
    /// Carries it out.
    moves: Moves,
) -> impl IntoView {
    let may = expect_context::<PageContext>().user.is_some_and(|user| user.may(Permission::DeleteOrders));
    let fits = matches!(order.statut, OrderStatus::Brouillon | OrderStatus::Annulee) && !order.deletion.is_deleted;
    (may && fits).then(|| {
        let (id, version) = (order.id, order.audit.version);
        let action = address(&order);
        let on_submit = move |ev: SubmitEvent| {
            ev.prevent_default();
            moves.remove(&order);
        };
        let busy = Signal::derive(move || moves.doing.get() == Some(Doing::Deleting));
        view! {
            <form class="order-remove" method="post" action=action data-order=id.to_string() on:submit=on_submit>
                <input type="hidden" name="action" value="supprimer"/>
                <input type="hidden" name="version" value=version.to_string()/>
                <Button kind=ButtonKind::Quiet icon=Glyph::Trash submit=true busy text="Supprimer la commande"/>
            </form>
        }
    })
}

/// Says that the order was deleted, and brings it back.
#[component]
pub fn Deleted(
    /// The order.
    order: Order,
    /// Carries it out.
    moves: Moves,
) -> impl IntoView {
    let zone = expect_context::<PageContext>().zone;
    let when = order.deletion.deleted_at.map(|at| format!("Elle a été supprimée le {}.", zone.display(at)));
    let id = order.id;
    let on_submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        moves.restore(id);
    };
    let busy = Signal::derive(move || moves.doing.get() == Some(Doing::Restoring));
    view! {
        <Notice tone=Tone::Amber title="Commande supprimée">
            <p>{when} " Elle n'apparaît plus dans les listes ni dans les chiffres."</p>
            <form class="order-restore" method="post" action=address(&order) on:submit=on_submit>
                <input type="hidden" name="action" value="restaurer"/>
                <Button icon=Glyph::Undo submit=true busy text="Restaurer"/>
            </form>
        </Notice>
    }
}
