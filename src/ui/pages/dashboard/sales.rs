//! Turnover through the period: the chart and the table behind it.

use chrono::Datelike;
use leptos::prelude::*;

use super::breakdown::figure;
use super::links;
use super::why::Rules;
use crate::dashboard::model::{DaySales, SalesByDay, Turnover};
use crate::shared::{Day, Money, Period};
use crate::ui::components::chart::{ChartSlot, SalesChart};
use crate::ui::components::{ButtonKind, EmptyState, Glyph, Icon, LinkButton, TableFrame, Why};
use crate::ui::format;

/// More days than these are drawn and listed by month.
const DRAWN_DAYS: usize = 400;
/// With more rows than these only the day itself is a link: three for each would be most of the page.
const LINKED_ROWS: usize = 92;

/// What was sold in some days that follow each other.
#[derive(Debug, Clone, PartialEq)]
struct Stretch {
    period: Period,
    amount: Money,
    orders: i64,
    units: i64,
    /// The part of the amount that was handed over.
    handed: Money,
}

/// Each day alone; `handed`: what was handed over of each.
fn by_day(days: &[DaySales], handed: &[Money]) -> Vec<Stretch> {
    let one = |(day, handed): (&DaySales, &Money)| Stretch {
        period: Period { start: day.date, end: day.date },
        amount: day.chiffre_affaires,
        orders: day.nombre_commandes,
        units: day.articles_vendus,
        handed: *handed,
    };
    days.iter().zip(handed).map(one).collect()
}

/// The days of each month together.
fn by_month(days: Vec<Stretch>) -> Vec<Stretch> {
    let mut months: Vec<Stretch> = Vec::new();
    for day in days {
        match months.last_mut().filter(|month| same_month(month.period.start, day.period.start)) {
            Some(month) => {
                month.period.end = day.period.end;
                month.amount = month.amount + day.amount;
                month.orders += day.orders;
                month.units += day.units;
                month.handed = month.handed + day.handed;
            }
            None => months.push(day),
        }
    }
    months
}

fn same_month(a: Day, b: Day) -> bool {
    (a.0.year(), a.0.month()) == (b.0.year(), b.0.month())
}

impl Stretch {
    fn name(&self, monthly: bool) -> String {
        if monthly { format::month(self.period.start) } else { format::day_with_weekday(self.period.start) }
    }

    fn slot(&self, monthly: bool) -> ChartSlot {
        ChartSlot {
            short: if monthly { format::short_month(self.period.start) } else { self.period.start.display_short() },
            name: self.name(monthly),
            amount: self.amount,
            more: format!(
                "{} · {}",
                format::count(self.orders, "commande", "commandes"),
                format::count(self.units, "article", "articles")
            ),
            href: links::sold(self.period),
        }
    }
}

/// The card.
#[component]
pub fn SalesCard(
    /// Turnover day by day.
    sales: SalesByDay,
    /// What was handed over of each day's.
    handed: Vec<Money>,
    /// And in all.
    turnover: Turnover,
    /// The definitions.
    rules: Rules,
    /// Whoever looks may write orders.
    writes: bool,
) -> impl IntoView {
    let period = Period { start: sales.start_date, end: sales.end_date };
    let monthly = sales.items.len() > DRAWN_DAYS;
    let title = if monthly { "Chiffre d'affaires par mois" } else { "Chiffre d'affaires par jour" };
    let total = turnover.chiffre_affaires.display();
    let content = if turnover.nombre_commandes == 0 {
        view! { <NothingSold writes/> }.into_any()
    } else {
        let days = by_day(&sales.items, &handed);
        let stretches = if monthly { by_month(days) } else { days };
        let slots = stretches.iter().map(|stretch| stretch.slot(monthly)).collect();
        let mean = Money(turnover.chiffre_affaires.0).divided_by(period.days());
        let summary = format!(
            "{title}, {} : {total} en tout. Le tableau sous le graphique donne chaque valeur.",
            format::period(period)
        );
        let idle = format!("{total} en tout, {} par jour en moyenne", mean.display());
        view! {
            <SalesChart slots summary idle/>
            <SalesTable stretches monthly/>
        }
        .into_any()
    };
    view! {
        <section class="card" aria-labelledby="titre-ventes">
            <div class="card-head">
                <h2 class="card-title" id="titre-ventes">
                    {title}
                </h2>
                <Why id="jours" title=title text=rules.sold()/>
            </div>
            <div class="card-body">{content}</div>
        </section>
    }
}

/// The same in figures.
#[component]
fn SalesTable(stretches: Vec<Stretch>, monthly: bool) -> impl IntoView {
    let linked = stretches.len() <= LINKED_ROWS;
    let rows: Vec<_> = stretches
        .into_iter()
        .rev()
        .map(|stretch| {
            let (href, name, any) = (links::sold(stretch.period), stretch.name(monthly), stretch.orders > 0);
            let part = |value: String| match any && linked {
                true => figure(&href, value, &name).into_any(),
                false => value.into_any(),
            };
            let handed = match stretch.handed != Money(0) && linked {
                true => figure(&links::delivered(stretch.period), stretch.handed.display(), &name).into_any(),
                false => stretch.handed.display().into_any(),
            };
            let head = match any && !linked {
                true => view! { <a class="quiet-link" href=href.clone()>{name.clone()}</a> }.into_any(),
                false => name.clone().into_any(),
            };
            view! {
                <tr>
                    <th scope="row">{head}</th>
                    <td class="number">{part(stretch.amount.display())}</td>
                    <td class="number">{part(format::number(stretch.orders))}</td>
                    <td class="number">{part(format::number(stretch.units))}</td>
                    <td class="number">{part(stretch.amount.divided_by(stretch.orders).display())}</td>
                    <td class="number">{handed}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <details class="chart-table">
            <summary class="chart-table-summary">
                <Icon of=Glyph::ChevronRight size=14/>
                {if monthly { "Les chiffres, mois par mois" } else { "Les chiffres, jour par jour" }}
            </summary>
            <TableFrame label="Chiffre d'affaires de la période" dense=true tall=true>
                <thead>
                    <tr>
                        <th scope="col">{if monthly { "Mois" } else { "Jour" }}</th>
                        <th scope="col" class="number">"Chiffre d'affaires"</th>
                        <th scope="col" class="number">"Commandes"</th>
                        <th scope="col" class="number">"Articles"</th>
                        <th scope="col" class="number">"Panier moyen"</th>
                        <th scope="col" class="number">"Livré"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </TableFrame>
        </details>
    }
}

/// No sale in the period, and what to do about it.
#[component]
fn NothingSold(writes: bool) -> impl IntoView {
    view! {
        <div class="chart-nothing">
            <EmptyState
                icon=Glyph::Orders
                title="Rien de vendu sur cette période"
                text="Une commande compte dès qu'elle est confirmée, au jour de sa confirmation."
            >
                {writes
                    .then(|| {
                        view! {
                            <LinkButton
                                href="/commandes/nouvelle"
                                kind=ButtonKind::Primary
                                icon=Glyph::Plus
                                text="Nouvelle commande"
                            />
                        }
                    })}
                <LinkButton href="/commandes?statut=brouillon" text="Voir les brouillons"/>
            </EmptyState>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_add_up() {
        let day = |date: &str, cents| DaySales {
            date: Day::parse(date).expect("day"),
            chiffre_affaires: Money(cents),
            nombre_commandes: 1,
            articles_vendus: 2,
        };
        let days = [day("2026-10-31", 100), day("2026-11-01", 200), day("2026-11-02", 300)];
        let months = by_month(by_day(&days, &[Money(100), Money(50), Money(0)]));
        assert_eq!(months.len(), 2);
        assert_eq!((months[1].amount, months[1].orders, months[1].units), (Money(500), 2, 4));
        assert_eq!((months[1].handed, months[1].period.days()), (Money(50), 2));
        assert_eq!(months[1].name(true), "novembre 2026");
    }
}
