//! Every movement, newest first.

use leptos::prelude::*;

use super::movement_table::MovementTable;
use crate::auth::permission::Permission;
use crate::live::{Topic, live_resource};
use crate::shared::ProductId;
use crate::stocks::model::{MoveKind, Movement};
use crate::stocks::server_functions::{list_movements, read_stock};
use crate::ui::components::{Choice, Guarded, LinkButton, PageHeader, SelectField};
use crate::ui::list::{
    Chip, Chips, ExportMenu, FilterFields, FilterForm, ListBody, ListSpec, Nothing, PeriodFilter, period_words,
    whole_days,
};
use crate::ui::query::{QueryPairs, param, use_query_pairs};

/// Where the list lives.
pub const PATH: &str = "/stocks/mouvements";

static SPEC: ListSpec = ListSpec {
    path: PATH,
    one: "mouvement",
    many: "mouvements",
    fields: &["search", "type", "start_date", "end_date"],
    narrowing: &["search", "type", "product_id", "order_id", "user_id", "start_date", "end_date"],
    default_sort: "-created_at",
    tidy: whole_days,
};

/// `/stocks/mouvements`
#[component]
pub fn MovementList() -> impl IntoView {
    view! {
        <div class="page">
            <Guarded permission=Permission::ReadStocks>
                <Content/>
            </Guarded>
        </div>
    }
}

#[component]
fn Content() -> impl IntoView {
    let query = use_query_pairs();
    let movements =
        live_resource(move || query.get(), list_movements).follow(&[Topic::Stocks, Topic::Products, Topic::Users]);
    let nothing = Nothing {
        title: "Aucun mouvement",
        text: "Une entrée, une sortie, un comptage ou une livraison en écrit un.",
        actions: (|| view! { <LinkButton href="/stocks" text="Voir les stocks"/> }).into(),
    };
    view! {
        <PageHeader
            title="Mouvements de stock"
            back=("/stocks".to_owned(), "Stocks".to_owned())
            actions=move || view! { <ExportMenu spec=&SPEC query/> }
        />
        <Filters query/>
        <ListBody spec=&SPEC query rows=movements.answer quiet=movements.quiet columns=7 table=table nothing/>
    }
}

fn table(movements: Vec<Movement>, query: QueryPairs) -> AnyView {
    view! { <MovementTable movements query path=PATH/> }.into_any()
}

/// Search, kind and period.
#[component]
fn Filters(query: Memo<QueryPairs>) -> impl IntoView {
    let fields = FilterFields::of(&SPEC, query);
    let mut choices = vec![Choice::new("", "Tous les mouvements")];
    choices.extend(MoveKind::ALL.map(|kind| Choice::new(kind.as_str(), kind.label())));
    // Only the product's id stands in the URL.
    let product = Memo::new(move |_| query.with(|query| param(query, "product_id").and_then(|id| id.parse().ok())));
    let name = Resource::new(
        move || product.get(),
        |id: Option<ProductId>| async move { Some(read_stock(id?).await.ok()?.product.nom) },
    );
    view! {
        <FilterForm spec=&SPEC query fields placeholder="Produit, motif, commande ou client">
            <SelectField name="type" label="Mouvement" label_hidden=true choices model=fields.get("type")/>
            <PeriodFilter fields query/>
        </FilterForm>
        <Transition fallback=|| ()>
            {move || Suspend::new(async move {
                let name = name.await;
                view! {
                    <Chips spec=&SPEC query chips=Signal::derive(move || chips(&query.get(), name.as_deref()))/>
                }
            })}
        </Transition>
    }
}

/// The filters that hold.
fn chips(query: &QueryPairs, product: Option<&str>) -> Vec<Chip> {
    let numbered = |name: &str, what: &str| param(query, name).map(|id| format!("{what} n° {id}"));
    let kind = param(query, "type")
        .map(|kind| MoveKind::parse(kind).map_or_else(|| kind.to_owned(), |kind| kind.label().to_owned()));
    let product = match product {
        Some(name) => param(query, "product_id").map(|_| name.to_owned()),
        None => numbered("product_id", "Produit"),
    };
    let all = [
        Chip::new(param(query, "search").map(|text| format!("« {text} »")), &["search"]),
        Chip::new(kind, &["type"]),
        Chip::new(product, &["product_id"]),
        Chip::new(numbered("order_id", "Commande"), &["order_id"]),
        Chip::new(numbered("user_id", "Auteur"), &["user_id"]),
        Chip::new(period_words(query), &["start_date", "end_date"]),
    ];
    all.into_iter().flatten().collect()
}
