//! The list of stocks, what runs short first. Everything it shows is in the URL.

use leptos::prelude::*;

use super::list_filters::Filters;
use super::list_table::StockTable;
use super::quick::{Quick, QuickDialog};
use crate::auth::permission::Permission;
use crate::auth::server_functions::PageContext;
use crate::error::AppError;
use crate::live::{Topic, live_resource};
use crate::products::model::StockStatus;
use crate::stocks::model::{PricedStock, StockCounts, StockSum};
use crate::stocks::server_functions::{count_stocks, list_stocks, sum_stocks};
use crate::ui::components::{Glyph, Guarded, LinkButton, PageHeader, Tab, Tabs};
use crate::ui::format::count;
use crate::ui::list::{ExportMenu, ListBody, ListSpec, Nothing, as_typed};
use crate::ui::query::{QueryPairs, href_with, params, use_query_pairs};

/// Where the list lives.
pub const PATH: &str = "/stocks";

/// The list.
pub static SPEC: ListSpec = ListSpec {
    path: PATH,
    one: "stock",
    many: "stocks",
    fields: &["search", "category_id"],
    narrowing: &["search", "category_id", "statut"],
    default_sort: "urgence",
    tidy: as_typed,
};

/// What changes its rows and figures.
const FOLLOWED: &[Topic] = &[Topic::Stocks, Topic::Products, Topic::Categories];

/// `/stocks`
#[component]
pub fn StockList() -> impl IntoView {
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
    let user = expect_context::<PageContext>().user;
    let may = |permission| user.as_ref().is_some_and(|user| user.may(permission));
    let (writes, adds) = (may(Permission::WriteStocks), may(Permission::WriteProducts));
    let query = use_query_pairs();
    let stocks = live_resource(move || query.get(), list_stocks).follow(FOLLOWED);
    let counted = Memo::new(move |_| query.with(|query| SPEC.counted(query, &["statut"])));
    let counts = live_resource(move || counted.get(), count_stocks).follow(FOLLOWED);
    let sum = live_resource(move || query.with(|query| SPEC.counted(query, &[])), sum_stocks).follow(FOLLOWED);
    let quick = Quick::new(
        writes,
        Callback::new(move |()| {
            counts.answer.refetch();
            sum.answer.refetch();
        }),
    );
    provide_context(quick);
    let actions = move || {
        view! {
            <LinkButton href="/stocks/mouvements" icon=Glyph::Journal text="Mouvements"/>
            <ExportMenu spec=&SPEC query/>
        }
    };
    let nothing = Nothing {
        title: "Aucun stock",
        text: "Chaque produit a son stock : il apparaît ici dès que le produit existe.",
        actions: (move || adds.then(|| view! { <LinkButton href="/produits" text="Voir les produits"/> })).into(),
    };
    view! {
        <PageHeader title="Stocks" actions=actions/>
        <Transition fallback=move || view! { <StatusTabs query counts=None/> }>
            {move || Suspend::new(async move {
                // Without figures the tabs still lead somewhere; the list says what is wrong.
                let counts = counts.answer.await.ok();
                view! { <StatusTabs query counts/> }
            })}
        </Transition>
        <Filters query/>
        {writes.then(|| view! { <Keys/> })}
        <ListBody spec=&SPEC query rows=stocks.answer quiet=stocks.quiet columns=9 table=table nothing/>
        <Sum sum=sum.answer/>
        {writes.then(|| view! { <QuickDialog quick/> })}
    }
}

fn table(stocks: Vec<PricedStock>, query: QueryPairs) -> AnyView {
    view! { <StockTable stocks query/> }.into_any()
}

/// What the whole list comes to: not the page alone, everything that the filters match.
#[component]
fn Sum(sum: Resource<Result<StockSum, AppError>>) -> impl IntoView {
    view! {
        <Transition fallback=|| view! { <p class="list-sum">" "</p> }>
            {move || Suspend::new(async move {
                // Without it the list is as good; what is wrong with the filters the list says itself.
                let sum = sum.await.ok().filter(|sum| sum.nombre > 0)?;
                let (value, products) = (sum.valeur.display(), count(sum.nombre, "produit", "produits"));
                Some(view! { <p class="list-sum figures">{format!("Valeur en stock de la liste : {value} pour {products}")}</p> })
            })}
        </Transition>
    }
}

/// What the keyboard does on a row.
#[component]
fn Keys() -> impl IntoView {
    let keys = [("↑ ↓", "d'une ligne à l'autre"), ("E", "entrée"), ("S", "sortie"), ("C", "comptage")];
    let keys = keys.map(|(key, what)| view! { <span><kbd class="kbd">{key}</kbd> " " {what}</span> });
    view! { <p class="stock-keys">"Au clavier, sur une ligne :" {keys}</p> }
}

/// All, what is to be ordered, and of that what runs short and what is gone.
#[component]
fn StatusTabs(query: Memo<QueryPairs>, counts: Option<StockCounts>) -> impl IntoView {
    move || {
        let query = query.get();
        let sides: [(_, &[StockStatus], _); 4] = [
            ("Tous", &[], counts.map(|c| c.tous)),
            ("À réapprovisionner", &StockStatus::SHORT, counts.map(|c| c.alertes + c.ruptures)),
            ("Alertes", &[StockStatus::Alerte], counts.map(|c| c.alertes)),
            ("Ruptures", &[StockStatus::Rupture], counts.map(|c| c.ruptures)),
        ];
        let mut chosen: Vec<&str> = params(&query, "statut").collect();
        chosen.sort_unstable();
        let tabs = sides.map(|(label, statuses, count)| {
            let mut names: Vec<&str> = statuses.iter().map(|status| status.as_str()).collect();
            names.sort_unstable();
            let said = names.iter().map(|name| ("statut", Some(*name)));
            let changes: Vec<_> =
                [("statut", None), ("page", None), ("cursor", None)].into_iter().chain(said).collect();
            view! { <Tab href=href_with(PATH, &query, &changes) label current=chosen == names count/> }
        });
        view! { <Tabs label="Stocks par état">{tabs}</Tabs> }
    }
}
