//! Tables, tabs, pages, filters, empty and waiting states.

use leptos::prelude::*;

use crate::orders::workflow::OrderStatus;
use crate::ui::components::{
    Card, EmptyState, FilterChip, Glyph, LinkButton, PageInfo, Pager, Skeleton, SkeletonRows, SortHeader, StatusBadge,
    Tab, TableFrame, Tabs,
};
use crate::ui::list::{BulkBar, FilterFields, FilterForm, ListSpec, SelectAll, SelectRow, Selection, as_typed};
use crate::ui::query::use_query_pairs;

/// This page.
const HERE: &str = "/dev/composants";

/// A list that there is not: its filters stand in the URL of this page.
static SPEC: ListSpec = ListSpec {
    path: HERE,
    one: "exemple",
    many: "exemples",
    fields: &["search"],
    narrowing: &["search"],
    default_sort: "numero",
    tidy: as_typed,
};

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
    let sorted = match dense {
        true => vec![("sort".to_owned(), "numero".to_owned())],
        false => Vec::new(),
    };
    let rows = ROWS.map(|(id, number, client, status, total)| {
        view! {
            <tr class="row-link">
                <SelectRow selection id name=number/>
                <th scope="row" class="shrink cell-second">
                    <a class="row-target" href=HERE>
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
                    <SortHeader label="Numéro" field="numero" path=HERE query=sorted default_sort="-numero"/>
                    <th scope="col">"Client"</th>
                    <th scope="col">"Statut"</th>
                    <SortHeader label="Total" field="total" path=HERE query=Vec::new() number=true/>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableFrame>
    }
}

/// More rows than there is room for: its head stays in sight.
#[component]
fn Tall() -> impl IntoView {
    let rows =
        (1..=40).map(|n| view! { <tr><th scope="row">{format!("Ligne {n}")}</th><td class="number">{n * n}</td></tr> });
    let rows = rows.collect::<Vec<_>>();
    view! {
        <TableFrame label="Lignes qui défilent" dense=true tall=true>
            <thead>
                <tr>
                    <th scope="col">"Ligne"</th>
                    <th scope="col" class="number">"Valeur"</th>
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
    let middle = PageInfo { page: 5, pages: 10, rows: 20, per_page: 20, total: 200, capped: false };
    // A page has one of them: several need names of their own.
    let infos = [
        ("Au milieu", middle),
        ("Au début", PageInfo { page: 1, ..middle }),
        ("À la fin", PageInfo { page: 10, rows: 7, ..middle }),
        ("Plus que ce qui est compté", PageInfo { page: 3, pages: 500, total: 10_000, capped: true, ..middle }),
        ("Une seule page", PageInfo { page: 1, pages: 1, rows: 3, total: 3, ..middle }),
        ("Aucune ligne", PageInfo { page: 1, pages: 0, rows: 0, total: 0, ..middle }),
    ];
    let pagers = infos.map(|(name, info)| {
        let id = name.replace(' ', "-");
        view! {
            <p class="text-ink-soft" id=id.clone()>
                {name}
            </p>
            <Pager info path=HERE query=Vec::new() attr:aria-labelledby=id/>
        }
    });
    let query = use_query_pairs();
    view! {
        <Card title="Listes">
            <div class="grid gap-4">
                <Tabs label="Onglets">
                    <Tab href=HERE label="Toutes" current=true count=Some(12_345)/>
                    <Tab href=HERE label="Brouillons" current=false count=Some(9)/>
                    <Tab href=HERE label="Sans compte" current=false count=None/>
                </Tabs>
                <FilterForm spec=&SPEC query fields=FilterFields::of(&SPEC, query) placeholder="Numéro, client ou téléphone"/>
                <div class="filter-bar">
                    <FilterChip text="Livreur : Karim Haddad" href=HERE/>
                </div>
                <Table dense=false selection/>
                <Table dense=true selection/>
                <Tall/>
                <BulkBar selection one="commande" many="commandes">
                    <LinkButton href=HERE text="Confirmer"/>
                </BulkBar>
                {pagers}
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
