//! The rows of the list: a table on a desk, cards on a phone. On a row, a letter opens its form.

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;

use super::kinds::mark;
use super::list::{PATH, SPEC};
use super::quick::{Quick, Shown};
use crate::products::model::StockBrief;
use crate::stocks::model::{MoveKind, PricedStock};
use crate::ui::components::{Icon, SortHeader, StockBadge, StockBar, TableFrame, VisuallyHidden};
use crate::ui::format::number;
use crate::ui::query::{QueryPairs, param};
use crate::ui::shortcuts::keys::STOCK_LETTERS;

/// Stocks, one a row.
#[component]
pub fn StockTable(
    /// The rows.
    stocks: Vec<PricedStock>,
    /// The URL's parameters.
    query: QueryPairs,
) -> impl IntoView {
    let writes = expect_context::<Quick>().writes;
    // Rows of their own: drawn over in place, the one that has the focus would become another stock.
    let rows = view! { <For each=move || stocks.clone() key=|row| row.stock.product_id let:priced><Row priced/></For> };
    // Sorted by their values, they are shown on every screen.
    let by_value = param(&query, "sort").is_some_and(|sort| sort.trim_start_matches('-') == "valeur");
    let class = if by_value { "table-stocks by-value" } else { "table-stocks" };
    let head = move |label: &'static str, field: &'static str, number: bool| {
        view! { <SortHeader label field path=PATH query=query.clone() default_sort=SPEC.default_sort number/> }
    };
    view! {
        <TableFrame label="Stocks" cards=true class=class>
            <thead>
                <tr>
                    {head("Produit", "nom", false)} {head("Catégorie", "categorie", false)}
                    {head("En stock", "quantite", true)} {head("Réservé", "reservee", true)}
                    {head("Disponible", "disponible", true)} {head("Seuil", "seuil", true)}
                    {head("Valeur", "valeur", true)}
                    <th scope="col" class="stock-level">"Niveau"</th>
                    {head("État", "urgence", false)}
                    {writes
                        .then(|| {
                            view! {
                                <th scope="col">
                                    <VisuallyHidden>"Mouvements"</VisuallyHidden>
                                </th>
                            }
                        })}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableFrame>
    }
}

/// One stock; the whole row opens it.
#[component]
fn Row(priced: PricedStock) -> impl IntoView {
    let PricedStock { stock, prix } = priced;
    let quick = expect_context::<Quick>();
    let address = format!("{PATH}/{}", stock.product_id);
    let (name, reference) = (stock.product.nom.clone(), stock.product.reference.clone());
    let category = stock.product.category.nom.clone();
    let row = quick.row(stock);
    let figure = move |read: fn(&StockBrief) -> i64| move || row.with(|shown| number(read(&shown.stock.figures)));
    let value = move || row.with(|shown| prix.times(shown.stock.figures.quantite).map(|value| value.display()));
    let on_key = move |ev: KeyboardEvent| {
        if ev.ctrl_key() || ev.meta_key() || ev.alt_key() {
            return;
        }
        let deed = STOCK_LETTERS.iter().find(|(_, letter)| quick.writes && letter.eq_ignore_ascii_case(&ev.key()));
        if let Some((kind, _)) = deed {
            ev.prevent_default();
            quick.begin(*kind, row.get_untracked().stock);
        }
    };
    let actions = quick.writes.then(|| {
        let links = STOCK_LETTERS
            .map(|(kind, letter)| view! { <Act quick row kind letter name=name.clone() to=address.clone()/> });
        view! { <td class="shrink stock-acts">{links}</td> }
    });
    let lit = move |parity: u32| row.with(|shown| shown.times > 0 && shown.times % 2 == parity);
    view! {
        <tr class="row-link" class:stock-lit=move || lit(1) class:stock-lit-again=move || lit(0) on:keydown=on_key>
            <th scope="row" class="cell-title stock-name truncate-cell">
                <a class="row-target" href=address.clone()>
                    {name.clone()}
                </a>
            </th>
            <td class="cell-second stock-category truncate-cell">
                {category} {reference.map(|reference| view! { <span class="stock-reference">{reference}</span> })}
            </td>
            <td class="number cell-desk">{figure(|f| f.quantite)}</td>
            <td class="number cell-desk">{figure(|f| f.quantite_reservee)}</td>
            <td class="number cell-figure stock-available">{figure(|f| f.quantite_disponible)}</td>
            <td class="number cell-desk">{figure(|f| f.seuil_alerte)}</td>
            <td class="number stock-value">{value}</td>
            <td class="cell-wide stock-level">
                {move || {
                    let StockBrief { quantite, quantite_reservee, seuil_alerte, .. } = row.get().stock.figures;
                    view! { <StockBar quantite reservee=quantite_reservee seuil=seuil_alerte/> }
                }}
            </td>
            <td class="shrink cell-state">
                {move || {
                    let figures = row.get().stock.figures;
                    view! { <StockBadge status=figures.statut available=figures.quantite_disponible/> }
                }}
            </td>
            {actions}
        </tr>
    }
}

/// One of the three things one does with a row. Without JavaScript it leads to the form on the stock's page.
#[component]
fn Act(
    quick: Quick,
    row: RwSignal<Shown>,
    kind: MoveKind,
    letter: &'static str,
    name: String,
    to: String,
) -> impl IntoView {
    let (_, icon) = mark(kind);
    let on_click = move |ev: MouseEvent| {
        if !(ev.ctrl_key() || ev.meta_key() || ev.shift_key()) {
            ev.prevent_default();
            quick.begin(kind, row.get_untracked().stock);
        }
    };
    view! {
        <a
            class="btn btn-quiet btn-small stock-act"
            href=format!("{to}?mouvement={}#mouvement", kind.as_str())
            title=format!("{} ({})", kind.label(), letter.to_uppercase())
            aria-label=format!("{} : {name}", kind.label())
            on:click=on_click
        >
            <Icon of=icon/>
            <span class="stock-act-word">{kind.label()}</span>
        </a>
    }
}
