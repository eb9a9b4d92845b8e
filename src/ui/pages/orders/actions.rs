//! What one may do with the order now, each with what it will do. Every action is a plain form too.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::cancel::Cancel;
use super::courier::CourierForm;
use super::moves::{Doing, Moves};
use crate::auth::permission::Permission;
use crate::auth::server_functions::PageContext;
use crate::orders::model::Order;
use crate::orders::workflow::{OrderStatus, transition};
use crate::ui::components::{Button, ButtonKind, ButtonSize, Card, Glyph};
use crate::users::model::CourierBrief;

/// The address that an order's forms are sent to.
pub fn address(order: &Order) -> String {
    format!("/commandes/{}", order.id)
}

/// Everything one may do now.
#[component]
pub fn Actions(
    /// The order.
    order: Order,
    /// Who may deliver it.
    couriers: Vec<CourierBrief>,
    /// Carries it out.
    moves: Moves,
) -> impl IntoView {
    let (id, statut) = (order.id, order.statut);
    Effect::new(move |_| moves.shows(id, statut));
    let shown = StoredValue::new(order.clone());
    Effect::new(move |_| moves.order.set(Some(shown.get_value())));
    let user = expect_context::<PageContext>().user;
    let writes = user.is_some_and(|user| user.may(Permission::WriteOrders));
    let onward: Vec<_> =
        order.transitions_permises.iter().copied().filter(|status| *status != OrderStatus::Annulee).collect();
    let assigns = writes && order.statut.takes_courier();
    let cancels = order.transitions_permises.contains(&OrderStatus::Annulee);
    let idle = onward.is_empty() && !assigns && !cancels;
    let steps = onward.into_iter().map(|status| view! { <Onward order=order.clone() status moves/> }).collect_view();
    let why_idle = match order.statut {
        OrderStatus::Livree => "Cette commande est livrée.",
        OrderStatus::Annulee => "Cette commande est annulée : elle ne change plus.",
        _ => "Votre rôle permet de suivre cette commande, pas de la faire avancer.",
    };
    view! {
        {idle.then(|| view! { <p class="order-idle">{why_idle}</p> })}
        {steps}
        {assigns.then(|| view! { <CourierForm order=order.clone() couriers moves/> })}
        {cancels.then(|| view! { <Cancel order=order.clone() moves/> })}
    }
}

/// The next step.
#[component]
fn Onward(order: Order, status: OrderStatus, moves: Moves) -> impl IntoView {
    let Some(step) = transition(order.statut, status) else {
        return ().into_any();
    };
    let (id, version) = (order.id, order.audit.version);
    // Known beforehand: the server would refuse.
    let lacks = match status {
        OrderStatus::EnLivraison if order.livreur_id.is_none() => Some("Assignez d'abord un livreur."),
        OrderStatus::Confirmee if order.items.is_empty() => Some("Ajoutez d'abord un article."),
        _ => None,
    };
    let hint = lacks.unwrap_or(step.hint);
    let busy = Signal::derive(move || moves.doing.get() == Some(Doing::Moving(status)));
    let on_submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        moves.to(id, version, status);
    };
    view! {
        <Card title="Prochaine étape">
            <form class="order-next" method="post" action=address(&order) on:submit=on_submit>
                <input type="hidden" name="action" value="statut"/>
                <input type="hidden" name="statut" value=status.as_str()/>
                <input type="hidden" name="version" value=version.to_string()/>
                <Button
                    kind=ButtonKind::Primary
                    size=ButtonSize::Large
                    icon=Glyph::of_status(status)
                    submit=true
                    busy
                    disabled=lacks.is_some()
                    text=step.action
                    attr:aria-describedby="prochaine-etape"
                />
                <p class="field-hint" id="prochaine-etape">
                    {hint}
                </p>
            </form>
        </Card>
    }
    .into_any()
}
