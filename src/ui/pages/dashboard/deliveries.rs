//! The deliveries of today: whatever period the rest of the page is about.

use leptos::prelude::*;

use crate::dashboard::model::DayDeliveries;
use crate::orders::filter::DateField;
use crate::orders::workflow::OrderStatus;
use crate::shared::Day;
use crate::ui::components::Card;
use crate::ui::format;
use crate::ui::pages::rounds;
use crate::ui::query::href;

/// Orders planned for these days, in these statuses.
fn planned(from: Option<Day>, to: Day, statuses: &[OrderStatus]) -> String {
    let mut query = vec![("date_champ", DateField::DateLivraisonPrevue.as_str().to_owned())];
    query.extend(from.map(|from| ("start_date", from.to_string())));
    query.push(("end_date", to.to_string()));
    query.extend(statuses.iter().map(|status| ("statut", status.as_str().to_owned())));
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
    let figure = |label: &'static str, value: i64, href: Option<String>| {
        let shown = match href {
            Some(href) => view! { <a href=href>{format::number(value)}</a> }.into_any(),
            None => format::number(value).into_any(),
        };
        view! {
            <div>
                <dt>{label}</dt>
                <dd>{shown}</dd>
            </div>
        }
    };
    let on_time = format!("{} sur {}", format::number(day.a_l_heure), format::number(day.livrees));
    view! {
        <Card title="Livraisons du jour" flush=true actions=to_rounds>
            <dl class="stock-facts delivery-facts figures">
                {figure("Prévues", day.prevues, Some(planned(Some(date), date, &OrderStatus::SOLD)))}
                {figure("Livrées", day.livrees, Some(planned(Some(date), date, &[OrderStatus::Livree])))}
                {figure("Restantes", day.restantes, Some(planned(Some(date), date, &OPEN)))}
                {figure("Problèmes", day.problemes, writes.then(|| rounds::address(date)))}
                <div>
                    <dt>"À l'heure"</dt>
                    <dd>{on_time}</dd>
                </div>
                {figure("En retard d'un jour ou plus", day.en_retard, Some(planned(None, date.plus(-1), &OPEN)))}
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
            planned(Some(day), day, &[OrderStatus::Livree]),
            "/commandes?date_champ=date_livraison_prevue&start_date=2026-11-26&end_date=2026-11-26&statut=livree"
        );
        assert!(
            planned(None, day.plus(-1), &OPEN)
                .starts_with("/commandes?date_champ=date_livraison_prevue&end_date=2026-11-25")
        );
    }
}
