//! Figures and what draws them.

use leptos::prelude::*;

use crate::auth::server_functions::PageContext;
use crate::products::model::StockBrief;
use crate::shared::{Day, Money};
use crate::ui::components::chart::{ChartSlot, Donut, Readable, SalesChart, ShareBar, Slice, Sparkline};
use crate::ui::components::{Card, Change, Kpi, StockBar, StockFigures};
use crate::ui::format;

const HERE: &str = "/dev/composants";

/// So many days up to one, with amounts that rise and fall.
fn slots(today: Day, days: i64) -> Vec<ChartSlot> {
    let slot = |n: i64| {
        let day = today.plus(n + 1 - days);
        ChartSlot {
            short: day.display_short(),
            name: format::day_with_weekday(day),
            amount: Money((n * 37 % 11 + 1) * 4_250),
            more: format::count(n % 5, "commande", "commandes"),
            href: HERE.to_owned(),
        }
    };
    (0..days).map(slot).collect()
}

#[component]
fn Sales(days: i64, title: &'static str) -> impl IntoView {
    let slots = slots(expect_context::<PageContext>().today, days);
    let summary = format!("Exemple : {title}.");
    view! {
        <h3 class="font-semibold">{title}</h3>
        <Readable>
            <SalesChart slots summary idle="Aucun jour lu".to_owned()/>
        </Readable>
    }
}

#[component]
fn Ring(parts: &'static [(&'static str, i64)], title: &'static str) -> impl IntoView {
    let total: i64 = parts.iter().map(|(_, cents)| cents).sum();
    let slice = |(name, cents): &(&str, i64)| Slice {
        name: (*name).to_owned(),
        value: Money(*cents).display(),
        share: *cents as f64 / total.max(1) as f64,
        href: HERE.to_owned(),
    };
    let slices = parts.iter().map(slice).collect();
    view! {
        <Readable>
            <Donut slices summary=title idle=("En tout".to_owned(), Money(total).display())/>
        </Readable>
    }
}

/// The last days, with these values.
fn course(today: Day, values: &[i64]) -> Vec<(Day, f64)> {
    let day = |(i, value): (usize, &i64)| (today.plus(i as i64 + 1 - values.len() as i64), *value as f64);
    values.iter().enumerate().map(day).collect()
}

/// Key figures, curves, bars, rings, shares, stocks.
#[component]
pub fn Charts() -> impl IntoView {
    let today = expect_context::<PageContext>().today;
    let words = |value: f64| format!("{value}");
    let percent = |value| Change::Percent { value, before: "du 1 au 31 octobre".to_owned(), href: HERE.to_owned() };
    let cards = [
        ("dev-kpi-plus", "En hausse", percent(Some(12.4))),
        ("dev-kpi-moins", "En baisse", percent(Some(-3.0))),
        ("dev-kpi-egal", "Inchangé", percent(Some(0.0))),
        ("dev-kpi-rien", "Sans avant", percent(None)),
        ("dev-kpi-mots", "En mots", Change::Words("42 % du chiffre d'affaires".to_owned())),
    ];
    let cards = cards.map(|(id, title, change)| {
        view! {
            <Kpi id title value="12 340,50 €" href=HERE change why="La définition, le fuseau, le nombre de commandes.">
                <Sparkline days=course(today, &[3, 8, 5, 9, 4, 12, 7]) read=words/>
            </Kpi>
        }
    });
    let stocks = [(40, 10, 5), (6, 2, 5), (3, 3, 5), (0, 0, 0)].map(|(quantite, reservee, seuil)| {
        let stock = StockBrief::new(quantite, reservee, seuil);
        view! {
            <StockBar quantite reservee seuil/>
            <StockFigures stock/>
        }
    });
    view! {
        <div class="kpis">{cards}</div>
        <Card title="Ventes">
            <Sales days=14 title="Barres"/>
            <Sales days=1 title="Une seule barre"/>
            <Sales days=120 title="Courbe"/>
        </Card>
        <Card title="Anneaux">
            <div class="form-actions">
                <Ring parts=&[("Vins", 420_000), ("Épicerie", 180_050), ("Thés et cafés", 9_900)] title="Trois parts"/>
                <Ring parts=&[("Vins", 420_000)] title="Une seule part"/>
                <Ring
                    parts=&[
                        ("Vins de Loire et d'ailleurs", 420_000),
                        ("Épicerie", 180_000),
                        ("Thés", 90_000),
                        ("Cafés", 60_000),
                        ("Huiles", 20_000),
                        ("Autres catégories", 500),
                    ]
                    title="Six parts, une minuscule"
                />
            </div>
        </Card>
        <Card title="Courbes, parts et stocks">
            <div class="grid gap-4 max-w-md">
                <Sparkline days=course(today, &[3, 8, 5, 9, 4, 12, 7]) read=words/>
                <Sparkline days=course(today, &[0, 0, 0]) read=words/>
                <Sparkline days=course(today, &[7]) read=words/>
                <ShareBar percent=0.0/>
                <ShareBar percent=42.0/>
                <ShareBar percent=100.0/>
                {stocks}
            </div>
        </Card>
    }
}
