//! Who delivers the order.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::actions::address;
use super::moves::{Doing, Moves};
use crate::orders::model::Order;
use crate::orders::workflow::OrderStatus;
use crate::ui::components::{Button, Card, Choice, SelectField};
use crate::users::model::CourierBrief;

/// Chooses a livreur.
#[component]
pub fn CourierForm(
    /// The order.
    order: Order,
    /// Who may deliver it.
    couriers: Vec<CourierBrief>,
    /// Carries it out.
    moves: Moves,
) -> impl IntoView {
    let (id, version) = (order.id, order.audit.version);
    let current = order.livreur_id.map(|id| id.to_string()).unwrap_or_default();
    let model = RwSignal::new(moves.courier.get_untracked().unwrap_or_else(|| current.clone()));
    // What was chosen outlives a reload of the order.
    let kept = current.clone();
    Effect::new(move |_| moves.courier.set(Some(model.get()).filter(|chosen| *chosen != kept)));
    let busy = Signal::derive(move || moves.doing.get() == Some(Doing::Assigning));
    let on_submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        moves.assign(id, version, model.get_untracked().parse().ok());
    };
    let choices = choices(&order, &couriers);
    let words = if order.livreur_id.is_some() { "Changer" } else { "Assigner" };
    view! {
        <Card title="Assignation">
            <form class="order-courier-form" method="post" action=address(&order) on:submit=on_submit>
                <input type="hidden" name="action" value="livreur"/>
                <input type="hidden" name="version" value=version.to_string()/>
                <SelectField name="livreur_id" label="Livreur" label_hidden=true choices model/>
                <Button submit=true busy text=words/>
            </form>
        </Card>
    }
}

/// Nobody (until it has left), those who deliver now, and whoever is on it even if they no longer do.
fn choices(order: &Order, couriers: &[CourierBrief]) -> Vec<Choice> {
    let nobody = order.statut != OrderStatus::EnLivraison || order.livreur_id.is_none();
    let former = order.livreur.as_ref().filter(|current| couriers.iter().all(|courier| courier.id != current.id));
    let nobody = nobody.then(|| Choice::new("", "Non assignée"));
    let people =
        former.into_iter().chain(couriers).map(|courier| Choice::new(courier.id.to_string(), courier.display()));
    nobody.into_iter().chain(people).collect()
}
