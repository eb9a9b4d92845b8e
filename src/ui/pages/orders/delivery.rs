//! For whom and where: every way to reach the client is a link.

use leptos::prelude::*;

use super::list_table::{is_late, slot};
use crate::auth::permission::Permission;
use crate::auth::server_functions::PageContext;
use crate::orders::model::Order;
use crate::ui::components::{Badge, Card, Glyph, Icon, Tone};
use crate::ui::reach;

/// Client, address and planned day.
#[component]
pub fn Delivery(
    /// The order.
    order: Order,
    /// Whether its client cannot be opened any more.
    client_gone: bool,
    /// At the right of the title.
    #[prop(into)]
    actions: ViewFn,
) -> impl IntoView {
    let context = expect_context::<PageContext>();
    let late = is_late(&order, context.today);
    let address = address_of(&order);
    let map = reach::map(order.latitude.zip(order.longitude), &address);
    let courier = order.livreur.clone();
    let planned = order.date_livraison_prevue.map(|day| match slot(&order) {
        Some(slot) => format!("{}, {slot}", day.display()),
        None => day.display(),
    });
    let fact = |name: &'static str, value: AnyView| view! { <dt>{name}</dt><dd>{value}</dd> };
    let opens = !client_gone && context.user.as_ref().is_some_and(|user| user.may(Permission::ReadClients));
    let name = if opens {
        let href = format!("/clients/{}", order.client_id);
        view! { <a class="link font-semibold" href=href>{order.client_nom.clone()}</a> }.into_any()
    } else {
        view! { <strong class="font-semibold">{order.client_nom.clone()}</strong> }.into_any()
    };
    let none = || view! { <span class="text-ink-faint">"–"</span> }.into_any();
    let phone = move |number: String| {
        view! {
            <a class="link" href=reach::tel(&number)>
                {reach::phone(&number)}
            </a>
        }
        .into_any()
    };
    view! {
        <Card title="Client et livraison" actions>
            <dl class="facts">
                {fact("Client", name)}
                {fact("Téléphone", order.client_telephone.clone().map_or_else(none, phone))}
                {order
                    .client_email
                    .clone()
                    .map(|email| {
                        fact("E-mail", view! { <a class="link" href=reach::mail(&email)>{email.clone()}</a> }.into_any())
                    })}
                {fact(
                    "Adresse",
                    if address.is_empty() {
                        none()
                    } else {
                        view! {
                            <address class="not-italic">
                                {address.into_iter().map(|line| view! { <span class="block">{line}</span> }).collect_view()}
                            </address>
                            {map
                                .map(|to| {
                                    view! {
                                        <a class="link order-map" href=to target="_blank" rel="noreferrer">
                                            <Icon of=Glyph::MapPin size=14/>
                                            "Voir sur la carte"
                                        </a>
                                    }
                                })}
                        }
                            .into_any()
                    },
                )}
                {fact(
                    "Prévue",
                    match planned {
                        Some(words) => {
                            view! {
                                {words}
                                " "
                                {late.then(|| view! { <Badge tone=Tone::Amber icon=Glyph::Warning text="En retard"/> })}
                            }
                                .into_any()
                        }
                        None => none(),
                    },
                )}
                {fact(
                    "Livreur",
                    match courier {
                        Some(courier) => {
                            let number = courier.telephone.clone();
                            view! {
                                {courier.display()}
                                {number.map(|number| view! { " · " {phone(number)} })}
                            }
                                .into_any()
                        }
                        None => none(),
                    },
                )}
                {order.motif_annulation.clone().map(|reason| fact("Annulée car", reason.into_any()))}
            </dl>
        </Card>
    }
}

/// Street, then town.
pub fn address_of(order: &Order) -> Vec<String> {
    reach::address_lines(order.adresse_livraison.as_deref(), order.code_postal.as_deref(), order.ville.as_deref())
}
