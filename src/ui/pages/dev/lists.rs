//! Tables, tabs, pages, filters, empty and waiting states.

use leptos::prelude::*;

use crate::orders::workflow::OrderStatus;
use crate::ui::components::{
    Card, EmptyState, FilterChip, Glyph, LinkButton, PageInfo, Pager, SearchBox, Skeleton, SkeletonRows, SortHeader,
    StatusBadge, Tab, TableFrame, Tabs,
};
use crate::ui::list::{BulkBar, SelectAll, SelectRow, Selection};

const ROWS: [(i64, &str, &str, OrderStatus, &str); 3] = [
    (1, "CMD-20261125-000400", "Émilie Gourdon", OrderStatus::Brouillon, "167,20 €"),
    (2, "CMD-20261125-000399", "Fatima Marchand", OrderStatus::Confirmee, "24,70 €"),
    (
        3,
        "CMD-20261125-000398",
        "Cave Saint-Serge et associés, réception des marchandises",
        OrderStatus::Annulee,
        "58,60 €",
    ),
];

#[component]
fn Table(dense: bool, selection: Selection) -> impl IntoView {
    let rows = ROWS.map(|(id, number, client, status, total)| {
        view! {
            <tr class="row-link">
                <SelectRow selection id name=number/>
                <th scope="row" class="shrink cell-second">
                    <a class="row-target" href="/dev/composants">
                        {number}
                    </a>
                </th>
                <td class="truncate-cell cell-title">{client}</td>
                <td class="shrink cell-state">
                    <StatusBadge status/>
                </td>
                <td class="number cell-figure">{total}</td>
            </tr>
        }
    });
    view! {
        <TableFrame label=if dense { "Lignes serrées" } else { "Lignes" } dense cards=true>
            <thead>
                <tr>
                    <SelectAll selection ids=vec![1, 2, 3]/>
                    <SortHeader label="Numéro" field="numero" path="/dev/composants" query=Vec::new() default_sort="-numero"/>
                    <th scope="col">"Client"</th>
                    <th scope="col">"Statut"</th>
                    <SortHeader label="Total" field="total" path="/dev/composants" query=Vec::new() number=true/>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableFrame>
    }
}

/// What lists are made of.
#[component]
pub fn Lists() -> impl IntoView {
    let selection = Selection::new();
    let info = PageInfo { page: 5, pages: 10, rows: 20, per_page: 20, total: 200, capped: false };
    view! {
        <Card title="Listes">
            <div class="grid gap-4">
                <Tabs label="Onglets">
                    <Tab href="/dev/composants" label="Toutes" current=true count=Some(12_345)/>
                    <Tab href="/dev/composants" label="Brouillons" current=false count=Some(9)/>
                    <Tab href="/dev/composants" label="Sans compte" current=false count=None/>
                </Tabs>
                <div class="filter-bar">
                    <SearchBox label="Rechercher" placeholder="Numéro, client ou téléphone" value=""/>
                    <FilterChip text="Livreur : Karim Haddad" href="/dev/composants"/>
                </div>
                <Table dense=false selection/>
                <Table dense=true selection/>
                <BulkBar selection one="commande" many="commandes">
                    <LinkButton href="/dev/composants" text="Confirmer"/>
                </BulkBar>
                <Pager info path="/dev/composants" query=Vec::new()/>
            </div>
        </Card>
        <Card title="Liste vide">
            <EmptyState icon=Glyph::Inbox title="Aucune commande" text="La première se saisit au clavier en moins d'une minute.">
                <LinkButton href="/commandes/nouvelle" icon=Glyph::Plus text="Nouvelle commande"/>
            </EmptyState>
        </Card>
        <Card title="En attente">
            <div class="grid gap-4">
                <Skeleton class="h-8 w-64"/>
                <TableFrame label="Lignes en attente">
                    <tbody>
                        <SkeletonRows rows=3 columns=5/>
                    </tbody>
                </TableFrame>
            </div>
        </Card>
    }
}
