//! The picking list: what to take from the shelves in all, then order by order, with boxes to tick.

use std::collections::BTreeSet;

use leptos::prelude::*;

use super::{PrintButton, RunningHead};
use crate::auth::permission::Permission;
use crate::auth::server_functions::PageContext;
use crate::error::AppError;
use crate::live::{Topic, live_resource};
use crate::orders::model::Order;
use crate::orders::server_functions::picking_list;
use crate::orders::sets::{PickLine, PickList, PickWanted};
use crate::orders::workflow::OrderStatus;
use crate::shared::{Day, OrderId};
use crate::ui::components::{
    EmptyState, Glyph, Guarded, LinkButton, Notice, PageHeader, Refusal, Skeleton, StatusBadge, Tone,
};
use crate::ui::format::{count, day_with_weekday, number};
use crate::ui::pages::orders::day::{DayPicker, day_of};
use crate::ui::pages::orders::list_table::slot;
use crate::ui::query::{QueryPairs, address_faults, param, params, use_query_pairs};
use crate::ui::status;

/// Where it lives.
pub const PATH: &str = "/commandes/preparation";

/// `/commandes/preparation?jour=…` or `?ids=1,2,3`
#[component]
pub fn PickingPage() -> impl IntoView {
    view! {
        <div class="page print-page">
            <Guarded permission=Permission::ReadAllOrders>
                <Content/>
            </Guarded>
        </div>
    }
}

/// Which orders the URL asks for; ids that are none, and days that do not exist, are left out.
fn wanted(query: &QueryPairs, today: Day) -> PickWanted {
    match param(query, "ids") {
        Some(_) => {
            let ids =
                params(query, "ids").flat_map(|ids| ids.split(',')).filter_map(|id| id.trim().parse::<i64>().ok());
            let ids = ids.filter(|id| *id > 0);
            // One that stands there twice is one.
            let ids: BTreeSet<_> = ids.collect();
            PickWanted::Orders(ids.into_iter().map(OrderId).collect())
        }
        None => PickWanted::Day(day_of(query, today)),
    }
}

#[component]
fn Content() -> impl IntoView {
    let today = expect_context::<PageContext>().today;
    let query = use_query_pairs();
    let asked = Memo::new(move |_| query.with(|query| wanted(query, today)));
    let list =
        live_resource(move || asked.get(), picking_list).follow(&[Topic::Orders, Topic::Products, Topic::Categories]);
    let lead = move || match asked.get() {
        PickWanted::Day(day) => format!("Commandes à livrer le {}", day.display()),
        PickWanted::Orders(ids) => {
            count(i64::try_from(ids.len()).unwrap_or(0), "commande choisie", "commandes choisies")
        }
    };
    view! {
        <PageHeader
            title="Liste de préparation"
            back=("/commandes".to_owned(), "Commandes".to_owned())
            lead=Signal::derive(lead)
            actions=|| view! { <PrintButton/> }
        />
        {move || match asked.get() {
            PickWanted::Day(_) => view! { <DayPicker path=PATH query today/> }.into_any(),
            PickWanted::Orders(_) => ().into_any(),
        }}
        <Transition fallback=|| view! { <Skeleton class="h-96 w-full"/> }>
            {move || Suspend::new(async move {
                let list = list.answer.await;
                let asked = asked.get_untracked();
                drawn(list, date(&asked, today), nothing(&asked))
            })}
        </Transition>
    }
}

/// The date that a sheet bears, with what happens then.
fn date(asked: &PickWanted, today: Day) -> (&'static str, String) {
    match asked {
        PickWanted::Day(day) => ("À livrer le", day.display()),
        PickWanted::Orders(_) => ("Établie le", today.display()),
    }
}

/// Said where there is nothing to gather.
fn nothing(asked: &PickWanted) -> &'static str {
    match asked {
        PickWanted::Day(_) => "Les commandes confirmées apparaissent ici le jour prévu de leur livraison.",
        PickWanted::Orders(_) => "Seules les commandes confirmées et en préparation attendent des articles.",
    }
}

fn drawn(list: Result<PickList, AppError>, date: (&'static str, String), nothing: &'static str) -> AnyView {
    match list {
        Ok(list) if list.orders.is_empty() => view! {
            {left_out(&list)}
            <section class="card" aria-label="Résultat">
                <EmptyState icon=Glyph::Checklist title="Rien à préparer" text=nothing>
                    <LinkButton href="/commandes?statut=confirmee" text="Voir les commandes confirmées"/>
                </EmptyState>
            </section>
        }
        .into_any(),
        Ok(list) => view! { <Sheet list date/> }.into_any(),
        Err(error) => {
            status::set(error.code.status());
            let error = AppError::new(error.code, address_faults(&error).unwrap_or(error.detail));
            view! {
                <Refusal error/>
                <div class="form-actions">
                    <LinkButton href="/commandes" text="Choisir des commandes"/>
                </div>
            }
            .into_any()
        }
    }
}

/// The orders that were chosen and are not on the list.
fn left_out(list: &PickList) -> Option<AnyView> {
    let named = |(numero, statut): &(String, OrderStatus)| format!("{numero} ({})", statut.label().to_lowercase());
    let gone = (list.absentes > 0).then(|| count(list.absentes, "commande introuvable", "commandes introuvables"));
    let all: Vec<_> = list.laissees.iter().map(named).chain(gone).collect();
    (!all.is_empty()).then(|| {
        let text = format!("{}.", all.join(", "));
        view! {
            <Notice tone=Tone::Amber title="Hors de cette liste, rien n'y est à préparer">
                <p>{text}</p>
            </Notice>
        }
        .into_any()
    })
}

#[component]
fn Sheet(list: PickList, date: (&'static str, String)) -> impl IntoView {
    let (occasion, day) = date;
    let running = format!("Liste de préparation, {} {day}", occasion.to_lowercase());
    let business = expect_context::<PageContext>().business;
    let orders = i64::try_from(list.orders.len()).unwrap_or(0);
    let pieces: i64 = list.articles.iter().map(|line| line.quantite).sum();
    let shelves = by_category(&list.articles);
    let many = list.plafonne;
    let groups = shelves
        .into_iter()
        .map(|(category, lines)| {
            let rows = lines.into_iter().map(|line| view! { <Article line/> }).collect_view();
            view! {
                <tbody>
                    <tr class="pick-category">
                        <th scope="rowgroup" colspan="5">
                            {category}
                        </th>
                    </tr>
                    {rows}
                </tbody>
            }
        })
        .collect_view();
    let left = left_out(&list);
    let each = list.orders.into_iter().map(|order| view! { <OneOrder order/> }).collect_view();
    view! {
        {many
            .then(|| {
                view! {
                    <Notice tone=Tone::Amber title="Cette liste est incomplète">
                        <p>"Il y a plus de commandes qu'une liste n'en contient. Choisissez-les dans la liste des commandes."</p>
                    </Notice>
                }
            })}
        {left}
        <RunningHead text=running/>
        <article class="paper" aria-label="Liste de préparation">
            <header class="paper-head">
                <div>
                    <p class="paper-shop">{business}</p>
                    <p class="paper-kind">"Liste de préparation"</p>
                </div>
                <dl class="paper-facts">
                    <div>
                        <dt>{occasion}</dt>
                        <dd>{day}</dd>
                    </div>
                </dl>
            </header>
            <h2 class="paper-title">"À prendre en rayon"</h2>
            <p class="paper-label">
                {format!("{}, {}", count(pieces, "article", "articles"), count(orders, "commande", "commandes"))}
            </p>
            <div class="paper-scroll" role="region" aria-label="Articles à prendre" tabindex="0">
                <table class="paper-table pick-table">
                    <caption class="visually-hidden">"Articles à prendre, par catégorie"</caption>
                    <thead>
                        <tr>
                            <td class="pick-tick"></td>
                            <th scope="col" class="number">"Quantité"</th>
                            <th scope="col">"Article"</th>
                            <th scope="col">"Référence"</th>
                            <th scope="col" class="number">"Commandes"</th>
                        </tr>
                    </thead>
                    {groups}
                </table>
            </div>
            <h2 class="paper-title pick-orders">"Commande par commande"</h2>
            {each}
        </article>
    }
}

/// The articles, category by category, in the order in which they came.
fn by_category(articles: &[PickLine]) -> Vec<(String, Vec<PickLine>)> {
    let mut shelves: Vec<(String, Vec<PickLine>)> = Vec::new();
    let mut last = None;
    for line in articles {
        match shelves.last_mut().filter(|_| last == Some(line.category_id)) {
            Some((_, lines)) => lines.push(line.clone()),
            None => shelves.push((line.categorie.clone(), vec![line.clone()])),
        }
        last = Some(line.category_id);
    }
    shelves
}

#[component]
fn Article(line: PickLine) -> impl IntoView {
    view! {
        <tr>
            <td class="pick-tick">
                <span class="tick" aria-hidden="true"></span>
            </td>
            <td class="number pick-count">{number(line.quantite)}</td>
            <th scope="row">{line.nom}</th>
            <td>{line.reference}</td>
            <td class="number">{number(line.commandes)}</td>
        </tr>
    }
}

#[component]
fn OneOrder(order: Order) -> impl IntoView {
    let when = order.date_livraison_prevue.map(|day| match slot(&order) {
        Some(slot) => format!("{}, {slot}", day_with_weekday(day)),
        None => day_with_weekday(day),
    });
    let who = order.livreur.as_ref().map(|courier| courier.display());
    let place =
        [Some(order.client_nom.clone()), order.ville.clone()].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let told = [when, who].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let lines = order
        .items
        .iter()
        .map(|item| {
            view! {
                <li>
                    <span class="tick" aria-hidden="true"></span>
                    <strong class="pick-count">{number(item.quantity)}</strong>
                    <span>{item.product_nom.clone()}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="pick-order" aria-label=order.numero.clone()>
            <header>
                <h3>
                    <a href=format!("/commandes/{}", order.id)>{order.numero.clone()}</a>
                    " "
                    <span class="pick-client">{place}</span>
                </h3>
                <span class="pick-told">{told} " " <StatusBadge status=order.statut/></span>
            </header>
            <ul>{lines}</ul>
            {order.notes.clone().map(|notes| view! { <p class="pick-notes">{notes}</p> })}
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_says_which_orders() {
        let today = Day::parse("2026-11-22").expect("day");
        let of = |name: &str, value: &str| wanted(&vec![(name.to_owned(), value.to_owned())], today);
        assert_eq!(of("ids", "3, 1,x,-2,3"), PickWanted::Orders(vec![OrderId(1), OrderId(3)]));
        assert_eq!(of("jour", "2026-11-30"), PickWanted::Day(Day::parse("2026-11-30").expect("day")));
        assert_eq!((of("jour", "hier"), wanted(&Vec::new(), today)), (PickWanted::Day(today), PickWanted::Day(today)));
    }

    #[test]
    fn a_sheet_bears_the_day_of_delivery_or_that_of_today() {
        let day = |text: &str| Day::parse(text).expect("day");
        let of = |asked: PickWanted| date(&asked, day("2026-11-22"));
        assert_eq!(of(PickWanted::Day(day("2026-11-30"))), ("À livrer le", "30 novembre 2026".to_owned()));
        assert_eq!(of(PickWanted::Orders(vec![OrderId(3)])), ("Établie le", "22 novembre 2026".to_owned()));
    }

    #[test]
    fn shelves_keep_their_order() {
        let line = |category: i64, nom: &str| PickLine {
            product_id: 1.into(),
            nom: nom.into(),
            reference: None,
            category_id: category.into(),
            categorie: format!("C{category}"),
            quantite: 1,
            commandes: 1,
        };
        let shelves = by_category(&[line(2, "a"), line(2, "b"), line(1, "c")]);
        let told: Vec<_> = shelves.iter().map(|(name, lines)| (name.as_str(), lines.len())).collect();
        assert_eq!(told, [("C2", 2), ("C1", 1)]);
    }
}
