//! The rows of the list: a table on a desk, cards on a phone.

use leptos::prelude::*;

use super::bulk::Bulk;
use super::{PATH, address};
use crate::auth::permission::Permission;
use crate::auth::server_functions::PageContext;
use crate::products::model::{Product, StockStatus};
use crate::ui::components::{Badge, Glyph, SortHeader, StockBadge, StockFigures, TableFrame, Tone};
use crate::ui::list::{SelectAll, SelectRow};
use crate::ui::query::QueryPairs;

/// Products, one a row.
#[component]
pub fn ProductTable(
    /// The rows.
    products: Vec<Product>,
    /// The URL's parameters.
    query: QueryPairs,
) -> impl IntoView {
    let bulk = expect_context::<Bulk>();
    let user = expect_context::<PageContext>().user;
    let may = |permission| user.as_ref().is_some_and(|user| user.may(permission));
    let (writes, stocks) = (may(Permission::WriteProducts), may(Permission::ReadStocks));
    bulk.remember(&products);
    let ids = products.iter().map(|product| product.id.0).collect::<Vec<_>>();
    // Rows of their own: drawn over in place, the one that has the focus would become another product.
    let rows = view! { <For each=move || products.clone() key=|product| product.id let:product><Row product bulk writes stocks/></For> };
    view! {
        <TableFrame label="Produits" cards=true class="table-products">
            <thead>
                <tr>
                    {writes.then(|| view! { <SelectAll selection=bulk.selection ids/> })}
                    <SortHeader label="Nom" field="nom" path=PATH query=query.clone() default_sort="nom"/>
                    <th scope="col">"Référence"</th>
                    <th scope="col">"Catégorie"</th>
                    <SortHeader label="Prix TTC" field="prix" path=PATH query=query.clone() default_sort="nom" number=true/>
                    {stocks
                        .then(|| {
                            view! { <SortHeader label="Stock" field="stock" path=PATH query=query.clone() default_sort="nom"/> }
                        })}
                    <th scope="col">"Statut"</th>
                    <SortHeader label="Ajouté" field="created_at" path=PATH query default_sort="nom"/>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableFrame>
    }
}

/// One product; the whole row opens it.
#[component]
fn Row(product: Product, bulk: Bulk, writes: bool, stocks: bool) -> impl IntoView {
    let zone = expect_context::<PageContext>().zone;
    let id = product.id.0;
    view! {
        <tr class="row-link">
            {writes.then(|| view! { <SelectRow selection=bulk.selection id name=product.nom.clone()/> })}
            <th scope="row" class="cell-title product-name">
                <a class="row-target" href=address(product.id)>
                    {product.nom.clone()}
                </a>
            </th>
            <td class="shrink cell-desk product-second">{product.reference.clone()}</td>
            <td class="cell-second truncate-cell product-second">{product.category.nom.clone()}</td>
            <td class="number cell-figure product-price">{product.prix.display()}</td>
            {stocks
                .then(|| {
                    view! {
                        <td class="cell-start product-stock">
                            <StockFigures stock=product.stock.clone()/>
                        </td>
                    }
                })}
            <td class="shrink cell-state product-state">
                <SaleBadge product=product.clone()/>
                {(stocks && product.stock.statut != StockStatus::Ok)
                    .then(|| {
                        view! {
                            <StockBadge
                                status=product.stock.statut
                                available=product.stock.quantite_disponible
                            />
                        }
                    })}
            </td>
            <td class="shrink cell-desk product-second product-added">{zone.display_short(product.audit.created_at)}</td>
        </tr>
    }
}

/// Whether it can be ordered.
#[component]
pub fn SaleBadge(
    /// The product.
    product: Product,
) -> impl IntoView {
    let (tone, icon, text) = if product.deletion.is_deleted {
        (Tone::Rose, Glyph::Trash, "Supprimé")
    } else if product.is_active {
        (Tone::Teal, Glyph::Check, "En vente")
    } else {
        (Tone::Slate, Glyph::EyeOff, "Retiré")
    };
    view! { <Badge tone icon text/> }
}
