//! The list of products. Everything it shows is in the URL.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use super::bulk::{Bulk, BulkActions};
use super::list_filters::{Filters, tidy};
use super::list_table::ProductTable;
use super::panel::{ProductPanel, opens};
use super::{NEW, PATH, address};
use crate::auth::permission::Permission;
use crate::auth::server_functions::PageContext;
use crate::live::{Topic, live_resource};
use crate::products::model::{Product, ProductCounts};
use crate::products::server_functions::{count_products, list_products, product_form};
use crate::ui::components::{ButtonKind, Glyph, Guarded, LinkButton, PageHeader, Tab, Tabs, use_toasts};
use crate::ui::list::{ExportMenu, ListBody, ListSpec, Nothing};
use crate::ui::query::{QueryPairs, href_with, param, use_query_pairs};

/// The list.
pub static SPEC: ListSpec = ListSpec {
    path: PATH,
    one: "produit",
    many: "produits",
    fields: &["search", "category_id", "stock_statut", "prix_min", "prix_max"],
    narrowing: &[
        "search",
        "category_id",
        "stock_statut",
        "prix_min",
        "prix_max",
        "is_active",
        "include_deleted",
        "is_deleted",
    ],
    default_sort: "nom",
    tidy,
};

/// What changes its rows and figures.
const FOLLOWED: &[Topic] = &[Topic::Products, Topic::Stocks, Topic::Categories];

/// What the tabs set.
const SIDES: [&str; 3] = ["is_active", "include_deleted", "is_deleted"];

/// `/produits`
#[component]
pub fn ProductList() -> impl IntoView {
    view! {
        <div class="page">
            <Guarded permission=Permission::ReadCatalogue>
                <Content/>
            </Guarded>
        </div>
    }
}

#[component]
fn Content() -> impl IntoView {
    let user = expect_context::<PageContext>().user;
    let may = |permission| user.as_ref().is_some_and(|user| user.may(permission));
    let (writes, stocks) = (may(Permission::WriteProducts), may(Permission::ReadStocks));
    let query = use_query_pairs();
    let reload = RwSignal::new(0_u32);
    let products =
        live_resource(move || (query.get(), reload.get()), |(query, _)| list_products(query)).follow(FOLLOWED);
    let counted = Memo::new(move |_| query.with(|query| SPEC.counted(query, &SIDES)));
    let counts =
        live_resource(move || (counted.get(), reload.get()), |(query, _)| count_products(query)).follow(FOLLOWED);
    let data = Resource::new(|| (), |()| product_form());
    let bulk = Bulk::new(query, reload);
    provide_context(bulk);
    let adding = RwSignal::new(false);
    let (navigate, toasts) = (use_navigate(), use_toasts());
    let on_saved = Callback::new(move |product: Product| {
        toasts.done(format!("{} est ajouté.", product.nom));
        navigate(&address(product.id), leptos_router::NavigateOptions::default());
    });
    let add = move || {
        let button = move || {
            view! {
                <LinkButton
                    href=NEW
                    kind=ButtonKind::Primary
                    icon=Glyph::Plus
                    text="Nouveau produit"
                    on:click=opens(adding)
                />
            }
        };
        writes.then(button)
    };
    let actions = move || {
        view! {
            {writes
                .then(|| view! { <LinkButton href="/produits/import" icon=Glyph::Upload text="Importer"/> })}
            {stocks.then(|| view! { <ExportMenu spec=&SPEC query/> })}
            {add()}
        }
    };
    let nothing = Nothing {
        title: "Aucun produit",
        text: if writes {
            "Ajoutez le premier, ou importez votre catalogue d'un tableur."
        } else {
            "Ils apparaîtront ici dès qu'il y en aura."
        },
        actions: add.into(),
    };
    view! {
        <PageHeader title="Produits" actions=actions/>
        <Transition fallback=move || view! { <Sides query counts=None/> }>
            {move || Suspend::new(async move {
                let counts = counts.answer.await.ok();
                view! { <Sides query counts/> }
            })}
        </Transition>
        <Filters query data/>
        <ListBody spec=&SPEC query rows=products.answer quiet=products.quiet columns=6 table=table nothing/>
        {writes
            .then(|| {
                view! {
                    <BulkActions bulk/>
                    <ProductPanel open=adding data leave=PATH on_saved/>
                }
            })}
    }
}

fn table(products: Vec<Product>, query: QueryPairs) -> AnyView {
    view! { <ProductTable products query/> }.into_any()
}

/// On sale, off sale, all; deleted ones for those who may bring them back.
#[component]
fn Sides(query: Memo<QueryPairs>, counts: Option<ProductCounts>) -> impl IntoView {
    let restores = expect_context::<PageContext>().user.is_some_and(|user| user.may(Permission::Restore));
    move || {
        let query = query.get();
        let to = |name: &str, value: &str| {
            let mut changes: Vec<(&str, Option<&str>)> = vec![("page", None), ("cursor", None)];
            changes.extend(SIDES.iter().map(|side| (*side, (*side == name).then_some(value))));
            href_with(PATH, &query, &changes)
        };
        let chosen = param(&query, "is_active");
        let deleted = param(&query, "is_deleted") == Some("true");
        let all = (to("", ""), !deleted && chosen.is_none());
        let active = (to("is_active", "true"), !deleted && chosen == Some("true"));
        let inactive = (to("is_active", "false"), !deleted && chosen == Some("false"));
        let gone = restores.then(|| to("is_deleted", "true")).map(|href| {
            view! { <Tab href label="Supprimés" current=deleted count=counts.and_then(|c| c.deleted)/> }
        });
        view! {
            <Tabs label="Produits">
                <Tab href=all.0 label="Tous" current=all.1 count=counts.map(|c| c.all)/>
                <Tab href=active.0 label="En vente" current=active.1 count=counts.map(|c| c.active)/>
                <Tab href=inactive.0 label="Retirés" current=inactive.1 count=counts.map(|c| c.inactive)/>
                {gone}
            </Tabs>
        }
    }
}
