//! Draws the figures.

use leptos::prelude::*;

use super::breakdown::{ByCategory, ByProduct, ByStatus};
use super::deliveries::DeliveriesCard;
use super::kpis::Kpis;
use super::sales::SalesCard;
use super::stocks::StockCard;
use super::why::Rules;
use crate::dashboard::model::{DayDeliveries, Figures};
use crate::shared::{Period, ZoneTable};

/// HTML of all that was read, for whoever may write orders or not (`writes`). `zone`: the business time zone.
pub fn draw(figures: Figures, day: DayDeliveries, zone: &ZoneTable, writes: bool) -> String {
    // Whatever a component keeps ends with the drawing.
    let owner = Owner::new();
    let zone = zone.clone();
    let html = owner.with(|| view! { <Drawing figures day zone writes/> }.to_html());
    owner.cleanup();
    html
}

#[component]
fn Drawing(figures: Figures, day: DayDeliveries, zone: ZoneTable, writes: bool) -> impl IntoView {
    let (summary, handed) = (figures.summary.clone(), figures.livre_par_jour.clone());
    let period = Period { start: summary.start_date, end: summary.end_date };
    let agreed = summary.concordance_le.map(|at| zone.display(at));
    let rules = Rules {
        zone: zone.name,
        period,
        sold: summary.chiffre_affaires.nombre_commandes,
        entered: summary.commandes.total,
    };
    view! {
        <Kpis figures rules=rules.clone()/>
        <SalesCard sales=summary.ventes_par_jour handed turnover=summary.chiffre_affaires rules=rules.clone() writes/>
        <div class="dash-columns">
            <div class="dash-column">
                <ByProduct sales=summary.ventes_par_article period rules=rules.clone()/>
                <ByCategory sales=summary.ventes_par_categorie period rules=rules.clone()/>
            </div>
            <div class="dash-column">
                <DeliveriesCard day writes/>
                <ByStatus orders=summary.commandes period rules=rules.clone()/>
                <StockCard stocks=summary.etat_stocks rules/>
            </div>
        </div>
        <p class="dash-agreed">
            {match agreed {
                Some(at) => format!("Chiffres de chaque jour comparés aux commandes le {at} : ils concordent."),
                None => "Les chiffres de chaque jour n'ont pas encore été comparés aux commandes.".to_owned(),
            }}
        </p>
    }
}
