//! The four figures at the top: the figure, its change, its course, and why it is what it is.

use leptos::prelude::*;

use super::links;
use super::why::Rules;
use crate::dashboard::model::{DaySales, Figures};
use crate::dashboard::percent::{change_pct, share_pct};
use crate::shared::{Money, Period};
use crate::ui::components::chart::Sparkline;
use crate::ui::components::{Change, Kpi};
use crate::ui::format;

/// A large figure: to the cent while it fits.
fn large(amount: Money) -> String {
    if amount.to_decimal().len() > 9 { amount.display_whole() } else { amount.display() }
}

/// The row of figures.
#[component]
pub fn Kpis(
    /// What was read.
    figures: Figures,
    /// The definitions.
    rules: Rules,
) -> impl IntoView {
    let Figures { summary, livre_par_jour, livre_avant } = figures;
    let period = Period { start: summary.start_date, end: summary.end_date };
    let turnover = summary.chiffre_affaires;
    let basket = summary.panier_moyen;
    let days = summary.ventes_par_jour.items;
    let before = Period { start: turnover.periode_precedente.start_date, end: turnover.periode_precedente.end_date };
    let rule = rules.sold();
    let delivered = share_pct(turnover.chiffre_affaires_livre.0, turnover.chiffre_affaires.0);

    let against = |value, href| Change::Percent { value, before: format::period(before), href };
    let versus = |value| against(value, links::sold(before));
    let course = |of: fn(&DaySales) -> f64| days.iter().map(|day| (day.date, of(day))).collect::<Vec<_>>();
    let handed = days.iter().zip(livre_par_jour).map(|(day, amount)| (day.date, amount.0 as f64)).collect::<Vec<_>>();
    let sales = course(|day| day.chiffre_affaires.0 as f64);
    let orders = course(|day| day.nombre_commandes as f64);
    let baskets = course(|day| day.chiffre_affaires.divided_by(day.nombre_commandes).0 as f64);
    let money = |cents: f64| Money(cents.round() as i64).display();
    let amount = |n: f64| format::decimal(n, if n.fract() == 0.0 { 0 } else { 1 });
    view! {
        <div class="kpis">
            <Kpi
                id="kpi-ca"
                title="Chiffre d'affaires"
                value=large(turnover.chiffre_affaires)
                href=links::sold(period)
                change=versus(turnover.evolution_pct)
                why=format!("Somme des lignes, TVA comprise ; quantités livrées une fois livrées, sinon commandées. {rule}")
            >
                <Sparkline days=sales read=money/>
            </Kpi>
            <Kpi
                id="kpi-commandes"
                title="Commandes"
                value=format::number(turnover.nombre_commandes)
                href=links::sold(period)
                change=versus(change_pct(turnover.nombre_commandes, turnover.periode_precedente.nombre_commandes))
                why=rule.clone()
            >
                <Sparkline days=orders read=amount/>
            </Kpi>
            <Kpi
                id="kpi-panier"
                title="Panier moyen"
                value=large(basket.panier_moyen)
                href=links::sold(period)
                change=versus(change_pct(basket.panier_moyen.0, basket.periode_precedente.panier_moyen.0))
                why=format!(
                    "Chiffre d'affaires divisé par le nombre de commandes, {} articles par commande. {rule}",
                    format::decimal(basket.articles_par_commande, 2),
                )
            >
                <Sparkline days=baskets read=money/>
            </Kpi>
            <Kpi
                id="kpi-livre"
                title="Livré"
                value=large(turnover.chiffre_affaires_livre)
                href=links::delivered(period)
                change=against(
                    change_pct(turnover.chiffre_affaires_livre.0, livre_avant.0),
                    links::delivered(before),
                )
                why=format!(
                    "La part du chiffre d'affaires des commandes maintenant livrées : {}. {rule}",
                    format::percent(delivered),
                )
            >
                <Sparkline days=handed read=money/>
            </Kpi>
        </div>
    }
}
