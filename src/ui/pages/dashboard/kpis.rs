//! The four figures at the top: the figure, its change, its course, and why it is what it is.

use leptos::prelude::*;

use super::links;
use crate::auth::server_functions::PageContext;
use crate::dashboard::model::{Summary, change_pct, share_pct};
use crate::shared::{Money, Period};
use crate::ui::components::chart::{ShareBar, Sparkline};
use crate::ui::components::{Glyph, Icon, Tone};
use crate::ui::format;

/// A large figure: to the cent while it fits.
fn large(amount: Money) -> String {
    if amount.to_decimal().len() > 9 { amount.display_whole() } else { amount.display() }
}

/// The row of figures.
#[component]
pub fn Kpis(summary: Summary) -> impl IntoView {
    let period = Period { start: summary.start_date, end: summary.end_date };
    let turnover = summary.chiffre_affaires;
    let basket = summary.panier_moyen;
    let days = summary.ventes_par_jour.items;
    let before = Period { start: turnover.periode_precedente.start_date, end: turnover.periode_precedente.end_date };
    let zone = expect_context::<PageContext>().zone.name;
    let counted = format::count(turnover.nombre_commandes, "commande", "commandes");
    let rule = format!(
        "Commandes confirmées, en préparation, en livraison ou livrées, au jour de leur confirmation, heure de {zone}. {counted}, {}.",
        format::period(period)
    );
    let delivered = share_pct(turnover.chiffre_affaires_livre.0, turnover.chiffre_affaires.0);

    let sales = days.iter().map(|day| day.chiffre_affaires.0 as f64).collect::<Vec<_>>();
    let orders = days.iter().map(|day| day.nombre_commandes as f64).collect::<Vec<_>>();
    let baskets =
        days.iter().map(|day| day.chiffre_affaires.divided_by(day.nombre_commandes).0 as f64).collect::<Vec<_>>();
    view! {
        <div class="kpis">
            <Kpi
                id="kpi-ca"
                title="Chiffre d'affaires"
                value=large(turnover.chiffre_affaires)
                href=links::sold(period)
                change=Change::Percent(turnover.evolution_pct, before)
                why=format!("Somme des lignes, TVA comprise ; quantités livrées une fois livrées, sinon commandées. {rule}")
            >
                <Sparkline values=sales/>
            </Kpi>
            <Kpi
                id="kpi-commandes"
                title="Commandes"
                value=format::number(turnover.nombre_commandes)
                href=links::sold(period)
                change=Change::Percent(
                    change_pct(turnover.nombre_commandes, turnover.periode_precedente.nombre_commandes),
                    before,
                )
                why=rule.clone()
            >
                <Sparkline values=orders/>
            </Kpi>
            <Kpi
                id="kpi-panier"
                title="Panier moyen"
                value=large(basket.panier_moyen)
                href=links::sold(period)
                change=Change::Percent(change_pct(basket.panier_moyen.0, basket.periode_precedente.panier_moyen.0), before)
                why=format!(
                    "Chiffre d'affaires divisé par le nombre de commandes, {} articles par commande. {rule}",
                    format::decimal(basket.articles_par_commande, 2),
                )
            >
                <Sparkline values=baskets/>
            </Kpi>
            <Kpi
                id="kpi-livre"
                title="Livré"
                value=large(turnover.chiffre_affaires_livre)
                href=links::delivered(period)
                change=Change::Words(format!("{} du chiffre d'affaires", format::percent(delivered)))
                why=format!("La part du chiffre d'affaires des commandes maintenant livrées. {rule}")
            >
                <div class="kpi-share">
                    <ShareBar percent=delivered/>
                </div>
            </Kpi>
        </div>
    }
}

/// What stands under a figure.
enum Change {
    /// Against the period before.
    Percent(Option<f64>, Period),
    /// Anything else.
    Words(String),
}

impl Change {
    fn view(self) -> AnyView {
        let (value, before) = match self {
            Change::Words(words) => return view! { <span>{words}</span> }.into_any(),
            Change::Percent(None, _) => return view! { <span>"Aucune vente la période d'avant"</span> }.into_any(),
            Change::Percent(Some(value), before) => (value, before),
        };
        let (tone, icon) = if value > 0.0 {
            (Tone::Green, Glyph::TrendUp)
        } else if value < 0.0 {
            (Tone::Rose, Glyph::TrendDown)
        } else {
            (Tone::Slate, Glyph::Flat)
        };
        view! {
            <span class=format!("kpi-trend {}", tone.class())>
                <Icon of=icon size=14/>
                {format::change(value)}
            </span>
            <span class="kpi-before" title=format::period(before)>
                "sur la période précédente"
            </span>
        }
        .into_any()
    }
}

/// One figure.
#[component]
fn Kpi(
    id: &'static str,
    title: &'static str,
    value: String,
    href: String,
    change: Change,
    why: String,
    children: Children,
) -> impl IntoView {
    view! {
        <article class="kpi" aria-labelledby=id>
            <div class="kpi-head">
                <h2 class="kpi-title" id=id>
                    {title}
                </h2>
                <Why id title text=why/>
            </div>
            <a class="kpi-value figures" href=href title="Voir les commandes comptées">
                {value}
            </a>
            <p class="kpi-change figures">{change.view()}</p>
            {children()}
        </article>
    }
}

/// "Pourquoi ce chiffre ?": the browser opens and closes it by itself.
#[component]
fn Why(id: &'static str, title: &'static str, text: String) -> impl IntoView {
    let target = format!("{id}-pourquoi");
    view! {
        <button
            type="button"
            class="why-button"
            popovertarget=target.clone()
            aria-label=format!("Pourquoi ce chiffre ? {title}")
        >
            <Icon of=Glyph::Question size=14/>
        </button>
        <div class="why-panel" id=target popover="auto">
            <p class="font-semibold">"Pourquoi ce chiffre ?"</p>
            <p class="text-ink-soft">{text}</p>
        </div>
    }
}
