//! The deliveries of today: whatever period the rest of the page is about.

use leptos::prelude::*;

use crate::dashboard::model::DayDeliveries;
use crate::orders::filter::{DateField, DeliveryOutcome};
use crate::orders::workflow::OrderStatus;
use crate::shared::Day;
use crate::ui::components::Card;
use crate::ui::format;
use crate::ui::pages::rounds;
use crate::ui::query::href;

/// Orders planned for these days, in these statuses, whose delivery went so.
fn planned(from: Option<Day>, to: Day, statuses: &[OrderStatus], outcome: Option<DeliveryOutcome>) -> String {
    let mut query = vec![("date_champ", DateField::DateLivraisonPrevue.as_str().to_owned())];
    query.extend(from.map(|from| ("start_date", from.to_string())));
    query.push(("end_date", to.to_string()));
    query.extend(statuses.iter().map(|status| ("statut", status.as_str().to_owned())));
    query.extend(outcome.map(|outcome| ("livraison", outcome.as_str().to_owned())));
    href("/commandes", &query)
}

const OPEN: [OrderStatus; 3] = [OrderStatus::Confirmee, OrderStatus::EnPreparation, OrderStatus::EnLivraison];

/// The card.
#[component]
pub fn DeliveriesCard(
    /// How they stand.
    day: DayDeliveries,
    /// Whoever looks may write orders.
    writes: bool,
) -> impl IntoView {
    let date = day.date;
    let to_rounds = move || {
        writes.then(|| view! { <a class="btn btn-quiet btn-small" href=rounds::address(date)>"Voir les tournées"</a> })
    };
    let figure = |label: &'static str, value: String, href: String| {
        view! {
            <div>
                <dt>{label}</dt>
                <dd>
                    <a href=href>{value}</a>
                </dd>
            </div>
        }
    };
    let count = move |label, value, statuses: &[OrderStatus], outcome| {
        figure(label, format::number(value), planned(Some(date), date, statuses, outcome))
    };
    let late = planned(None, date.plus(-1), &OPEN, None);
    let punctual = planned(Some(date), date, &[], Some(DeliveryOutcome::ALHeure));
    let on_time = format!("{} sur {}", format::number(day.a_l_heure), format::number(day.livrees));
    view! {
        <Card title="Livraisons du jour" flush=true actions=to_rounds>
            <dl class="stock-facts delivery-facts figures">
                {count("Prévues", day.prevues, &OrderStatus::SOLD, None)}
                {count("Livrées", day.livrees, &[OrderStatus::Livree], None)}
                {count("Restantes", day.restantes, &OPEN, None)}
                {count("Problèmes", day.problemes, &[], Some(DeliveryOutcome::Probleme))}
                {figure("À l'heure", on_time, punctual)}
                {figure("En retard d'un jour ou plus", format::number(day.en_retard), late)}
            </dl>
        </Card>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_leads_to_the_orders_that_it_counts() {
        let day = Day::parse("2026-11-26").expect("day");
        assert_eq!(
            planned(Some(day), day, &[OrderStatus::Livree], None),
            "/commandes?date_champ=date_livraison_prevue&start_date=2026-11-26&end_date=2026-11-26&statut=livree"
        );
        assert!(planned(Some(day), day, &[], Some(DeliveryOutcome::Probleme)).ends_with("&livraison=probleme"));
        assert!(
            planned(None, day.plus(-1), &OPEN, None)
                .starts_with("/commandes?date_champ=date_livraison_prevue&end_date=2026-11-25")
        );
    }
}
