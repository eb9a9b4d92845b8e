//! For whom and where: every way to reach the client is a link.

use leptos::prelude::*;

use super::list_table::{is_late, slot};
use crate::auth::server_functions::PageContext;
use crate::orders::model::Order;
use crate::ui::components::{Badge, Card, Glyph, Icon, Tone};
use crate::ui::query::href;

/// Client, address and planned day.
#[component]
pub fn Delivery(
    /// The order.
    order: Order,
    /// At the right of the title.
    #[prop(into)]
    actions: ViewFn,
) -> impl IntoView {
    let context = expect_context::<PageContext>();
    let late = is_late(&order, context.today);
    let address = address_lines(&order);
    let map = map_link(&order);
    let courier = order.livreur.clone();
    let planned = order.date_livraison_prevue.map(|day| match slot(&order) {
        Some(slot) => format!("{}, {slot}", day.display()),
        None => day.display(),
    });
    let fact = |name: &'static str, value: AnyView| view! { <dt>{name}</dt><dd>{value}</dd> };
    let none = || view! { <span class="text-ink-faint">"–"</span> }.into_any();
    let phone = move |number: String| {
        view! {
            <a class="link" href=tel(&number)>
                {number.clone()}
            </a>
        }
        .into_any()
    };
    view! {
        <Card title="Client et livraison" actions>
            <dl class="facts">
                {fact("Client", view! { <strong class="font-semibold">{order.client_nom.clone()}</strong> }.into_any())}
                {fact("Téléphone", order.client_telephone.clone().map_or_else(none, phone))}
                {order
                    .client_email
                    .clone()
                    .map(|email| {
                        let to = format!("mailto:{email}");
                        fact("E-mail", view! { <a class="link" href=to>{email}</a> }.into_any())
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
pub fn address_lines(order: &Order) -> Vec<String> {
    let town = [order.code_postal.as_deref(), order.ville.as_deref()];
    let town = town.into_iter().flatten().collect::<Vec<_>>().join(" ");
    [order.adresse_livraison.clone(), Some(town)].into_iter().flatten().filter(|line| !line.is_empty()).collect()
}

/// Where the address is: the point when it is known, else a search for it.
pub fn map_link(order: &Order) -> Option<String> {
    const MAP: &str = "https://www.openstreetmap.org";
    if let (Some(latitude), Some(longitude)) = (order.latitude, order.longitude) {
        return Some(format!("{MAP}/?mlat={latitude}&mlon={longitude}#map=18/{latitude}/{longitude}"));
    }
    let address = address_lines(order).join(", ");
    (!address.is_empty()).then(|| href(&format!("{MAP}/search"), &[("query", address)]))
}

/// A number as a phone dials it.
pub fn tel(number: &str) -> String {
    let dialled: String = number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    format!("tel:{dialled}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn phones_dial_digits() {
        assert_eq!(super::tel("06 12.34-56 78"), "tel:0612345678");
        assert_eq!(super::tel("+33 6 12 34 56 78"), "tel:+33612345678");
    }
}
