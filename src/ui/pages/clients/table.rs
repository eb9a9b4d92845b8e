//! The rows of the list: a table on a desk, cards on a phone.

use leptos::prelude::*;

use super::{PATH, address};
use crate::auth::server_functions::PageContext;
use crate::clients::model::ClientSheet;
use crate::shared::Day;
use crate::ui::components::{Button, ButtonSize, Glyph, SortHeader, TableFrame, VisuallyHidden};
use crate::ui::format::{count, number};
use crate::ui::query::QueryPairs;
use crate::ui::reach;

const DEFAULT_SORT: &str = "nom";

/// Clients, one a row.
#[component]
pub fn ClientTable(
    /// The rows.
    rows: Vec<ClientSheet>,
    /// The URL's parameters.
    query: QueryPairs,
) -> impl IntoView {
    // Rows of their own: drawn over in place, the one that has the focus would become another client.
    let rows = view! { <For each=move || rows.clone() key=|sheet| sheet.client.id let:sheet><Row sheet/></For> };
    view! {
        <TableFrame label="Clients" cards=true class="table-people">
            <thead>
                <tr>
                    <SortHeader label="Nom" field="nom" path=PATH query=query.clone() default_sort=DEFAULT_SORT/>
                    <th scope="col">"Téléphone"</th>
                    <th scope="col">"E-mail"</th>
                    <SortHeader label="Ville" field="ville" path=PATH query default_sort=DEFAULT_SORT/>
                    <th scope="col" class="number">"Commandes"</th>
                    <th scope="col" class="number">"Chiffre d'affaires"</th>
                    <th scope="col">"Dernière commande"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableFrame>
    }
}

/// One client; the whole row opens it.
#[component]
fn Row(sheet: ClientSheet) -> impl IntoView {
    let zone = expect_context::<PageContext>().zone;
    let ClientSheet { client, figures } = sheet;
    let none = || view! { <span class="text-ink-faint">"–"</span> }.into_any();
    let phone = client.telephone.clone().map_or_else(none, |text| {
        view! { <a class="link" href=reach::tel(&text)>{reach::phone(&text)}</a> }.into_any()
    });
    let email = client
        .email
        .clone()
        .map_or_else(none, |text| view! { <a class="link" href=reach::mail(&text)>{text.clone()}</a> }.into_any());
    // In a card on a phone there is nothing that a dash would stand under.
    let never = || view! { <span class="text-ink-faint people-only-desk">"–"</span> }.into_any();
    let last = figures.derniere_commande.map_or_else(never, |at| {
        view! {
            <span class="people-only-phone">"Dernière : "</span>
            {Day(zone.local(at).date()).display()}
        }
        .into_any()
    });
    let restore = (client.deletion.is_deleted && !client.is_erased()).then(|| {
        view! {
            <form class="people-restore" method="post" action=address(client.id)>
                <input type="hidden" name="action" value="restaurer"/>
                <Button submit=true size=ButtonSize::Small icon=Glyph::Undo text="Restaurer"/>
            </form>
        }
    });
    view! {
        <tr class="row-link">
            <th scope="row" class="cell-title truncate-cell">
                <a class="row-target" href=address(client.id)>
                    {client.nom.clone()}
                </a>
                {restore}
            </th>
            <td class="shrink cell-second figures">{phone}</td>
            <td class="cell-desk truncate-cell">{email}</td>
            <td class="cell-start truncate-cell">{client.ville.clone().map_or_else(none, |ville| ville.into_any())}</td>
            <td class="number cell-state">
                <span class="people-only-desk" aria-hidden="true">{number(figures.commandes)}</span>
                <span class="people-only-phone" aria-hidden="true">{count(figures.commandes, "commande", "commandes")}</span>
                <VisuallyHidden>{count(figures.commandes, "commande", "commandes")}</VisuallyHidden>
            </td>
            <td class="number cell-figure">{figures.chiffre_affaires.display()}</td>
            <td class="shrink cell-end people-last">{last}</td>
        </tr>
    }
}
