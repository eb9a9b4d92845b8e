//! What the turnover is made of: products, categories, statuses.

use leptos::prelude::*;

use super::links;
use super::why::Rules;
use crate::dashboard::model::{CategorySales, OrdersByStatus, SalesByCategory, SalesByProduct};
use crate::dashboard::percent::share_pct;
use crate::shared::{Money, Period};
use crate::ui::components::chart::{Donut, HUES, ShareBar, Slice, at_most, hue};
use crate::ui::components::{Card, EmptyState, Glyph, StatusBadge, Tone, Why};
use crate::ui::format;

/// A figure that opens what it counts; `of`: what it is a figure of, read aloud with it.
pub fn figure(href: &str, value: String, of: &str) -> impl IntoView + use<> {
    let spoken = format!("{value}, {of}");
    view! {
        <a class="quiet-link" href=href.to_owned() aria-label=spoken>
            {value}
        </a>
    }
}

/// A row: name, units, turnover and share, each of which leads to its orders. `part`: of the ring, where there is one.
fn sales_row(name: String, href: String, units: i64, amount: Money, share: f64, part: Option<usize>) -> impl IntoView {
    view! {
        <tr>
            <th scope="row" class="truncate-cell">
                {part.map(|part| view! { <span class=format!("donut-key {}", hue(part)) aria-hidden="true"></span> })}
                <a class="quiet-link" href=href.clone() title=name.clone()>
                    {name.clone()}
                </a>
            </th>
            <td class="number">{figure(&href, format::number(units), &name)}</td>
            <td class="number">{figure(&href, amount.display(), &name)}</td>
            <td class="share-cell wide-only">
                <ShareBar percent=share/>
                {figure(&href, format::percent(share), &name)}
            </td>
        </tr>
    }
}

/// The table around such rows.
#[component]
fn SalesTable(label: &'static str, first: &'static str, children: Children) -> impl IntoView {
    view! {
        <div class="card-table" role="group" aria-label=label tabindex="0">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{first}</th>
                        <th scope="col" class="number">"Quantité"</th>
                        <th scope="col" class="number">"Chiffre d'affaires"</th>
                        <th scope="col" class="wide-only">
                            "Part"
                        </th>
                    </tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}

/// The products that sold best, and the rest, so that it adds up.
#[component]
pub fn ByProduct(
    /// What was sold of each.
    sales: SalesByProduct,
    /// The days counted.
    period: Period,
    /// The definitions.
    rules: Rules,
) -> impl IntoView {
    let others = (sales.autres.quantite > 0).then(|| {
        sales_row(
            "Autres articles".to_owned(),
            links::sold_without(period, "hors_product_id", sales.items.iter().map(|item| item.product_id.0)),
            sales.autres.quantite,
            sales.autres.chiffre_affaires,
            sales.autres.part_pct,
            None,
        )
    });
    let empty = sales.items.is_empty();
    let rows: Vec<_> = sales
        .items
        .into_iter()
        .map(|item| {
            let href = links::sold_with(period, "product_id", item.product_id.0);
            sales_row(item.nom, href, item.quantite, item.chiffre_affaires, item.part_pct, None)
        })
        .collect();
    let text = format!(
        "Lignes de ces commandes, par article, sous son nom d'aujourd'hui ; quantités livrées une fois livrées, sinon commandées. {}",
        rules.sold()
    );
    let why = move || view! { <Why id="articles" title="Meilleures ventes" text=text.clone()/> };
    view! {
        <Card title="Meilleures ventes" flush=true actions=why>
            {if empty {
                view! { <EmptyState icon=Glyph::Package title="Aucun article vendu sur cette période"/> }.into_any()
            } else {
                view! {
                    <SalesTable label="Meilleures ventes" first="Article">
                        {rows}
                        {others}
                    </SalesTable>
                }
                    .into_any()
            }}
        </Card>
    }
}

/// The categories as a ring, where there are several; the small ones put together.
fn ring(sales: &SalesByCategory, period: Period) -> Option<AnyView> {
    let total: Money = sales.items.iter().map(|item| item.chiffre_affaires).sum();
    if sales.items.len() < 2 || total.0 <= 0 {
        return None;
    }
    let slice = |name: String, amount: Money, part: f64, href: String| {
        let value = format!("{} · {}", amount.display(), format::percent(part));
        Slice { name, value, share: amount.0 as f64 / total.0 as f64, href }
    };
    let own = |item: &CategorySales| links::sold_with(period, "category_id", item.category_id.0);
    let of = |item: &CategorySales| slice(item.nom.clone(), item.chiffre_affaires, item.part_pct, own(item));
    let all = sales.items.iter().map(of).collect();
    let rest = |kept: usize| {
        let rest = sales.items.iter().skip(kept).map(|item| item.chiffre_affaires).sum();
        let part = sales.items.iter().skip(kept).map(|item| item.part_pct).sum();
        let named = sales.items.iter().take(kept).map(|item| item.category_id.0);
        slice("Autres catégories".to_owned(), rest, part, links::sold_without(period, "hors_category_id", named))
    };
    let slices = at_most(all, HUES, rest);
    let summary = "Chiffre d'affaires par catégorie. Le tableau dessous donne chaque valeur.";
    let idle = ("En tout".to_owned(), total.display());
    Some(view! { <Donut slices summary idle/> }.into_any())
}

/// The categories.
#[component]
pub fn ByCategory(
    /// What was sold of each.
    sales: SalesByCategory,
    /// The days counted.
    period: Period,
    /// The definitions.
    rules: Rules,
) -> impl IntoView {
    let empty = sales.items.is_empty();
    let ring = ring(&sales, period);
    let drawn = ring.is_some();
    let rows: Vec<_> = sales
        .items
        .into_iter()
        .enumerate()
        .map(|(place, item)| {
            let href = links::sold_with(period, "category_id", item.category_id.0);
            // Those that the ring puts together have its last hue.
            let part = drawn.then_some(place.min(HUES - 1));
            sales_row(item.nom, href, item.quantite, item.chiffre_affaires, item.part_pct, part)
        })
        .collect();
    let text = format!(
        "Lignes de ces commandes, par la catégorie que l'article avait quand il a été commandé. {}",
        rules.sold()
    );
    let why = move || view! { <Why id="categories" title="Catégories" text=text.clone()/> };
    view! {
        <Card title="Catégories" flush=true actions=why>
            {if empty {
                view! { <EmptyState icon=Glyph::Tag title="Aucune vente sur cette période"/> }.into_any()
            } else {
                view! {
                    {ring}
                    <SalesTable label="Ventes par catégorie" first="Catégorie">
                        {rows}
                    </SalesTable>
                }
                    .into_any()
            }}
        </Card>
    }
}

/// The orders entered in the period, by where they stand now.
#[component]
pub fn ByStatus(
    /// How many stand where.
    orders: OrdersByStatus,
    /// The days counted.
    period: Period,
    /// The definitions.
    rules: Rules,
) -> impl IntoView {
    let total = orders.total;
    let rows: Vec<_> = orders
        .items
        .into_iter()
        .map(|item| {
            let share = share_pct(item.nombre, total);
            let (href, any) = (links::entered(period, item.statut), item.nombre > 0);
            // What counts nothing opens nothing.
            let part = |value: String| match any {
                true => figure(&href, value, &item.libelle).into_any(),
                false => view! { <span class="text-ink-faint">{value}</span> }.into_any(),
            };
            view! {
                <tr class=Tone::of_status(item.statut).class()>
                    <th scope="row">
                        <StatusBadge status=item.statut/>
                    </th>
                    <td class="number">{part(format::number(item.nombre))}</td>
                    <td class="number">{part(item.montant.display())}</td>
                    <td class="share-cell wide-only">
                        <ShareBar percent=share/>
                        {part(format::percent(share))}
                    </td>
                </tr>
            }
        })
        .collect();
    let title = format!("{} sur la période", format::count(total, "commande saisie", "commandes saisies"));
    let text = rules.entered();
    let why = move || view! { <Why id="statuts" title="Commandes par statut" text=text.clone()/> };
    view! {
        <Card title="Commandes par statut" flush=true actions=why>
            <p class="card-lead">
                <a class="quiet-link" href=links::all_entered(period)>
                    {title}
                </a>
            </p>
            <div class="card-table" role="group" aria-label="Commandes par statut" tabindex="0">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">"Statut"</th>
                            <th scope="col" class="number">"Nombre"</th>
                            <th scope="col" class="number">"Montant"</th>
                            <th scope="col" class="wide-only">
                            "Part"
                        </th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </Card>
    }
}
