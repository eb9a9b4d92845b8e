//! The list of orders. Everything it shows is in the URL; tabs, filters, headings and pages are links
//! and one plain form, so that it works before the page has woken up and without JavaScript.

use leptos::prelude::*;

use super::bulk::{Bulk, BulkActions};
use super::list_filters::{Filters, tidy};
use super::list_sum::{Sum, summed};
use super::list_table::OrderTable;
use crate::auth::permission::Permission;
use crate::auth::server_functions::PageContext;
use crate::live::{Topic, live_resource};
use crate::orders::model::{Order, StatusCounts};
use crate::orders::server_functions::{count_orders, list_orders, sum_orders};
use crate::orders::workflow::OrderStatus;
use crate::ui::components::{ButtonKind, Glyph, Guarded, LinkButton, PageHeader, Tab, Tabs};
use crate::ui::list::{ExportMenu, ListBody, ListSpec, Nothing};
use crate::ui::query::{QueryPairs, href_with, param, params, use_query_pairs};

/// Where the list lives.
pub const PATH: &str = "/commandes";
/// Where one enters an order.
const NEW: &str = "/commandes/nouvelle";

/// The list.
pub static SPEC: ListSpec = ListSpec {
    path: PATH,
    one: "commande",
    many: "commandes",
    fields: &["search", "livreur_id", "date_champ", "start_date", "end_date"],
    narrowing: &[
        "search",
        "statut",
        "livreur_id",
        "client_id",
        "product_id",
        "category_id",
        "hors_product_id",
        "hors_category_id",
        "livraison",
        "start_date",
        "end_date",
        "date_champ",
        "is_deleted",
    ],
    default_sort: "-created_at",
    tidy,
};

/// `/commandes`
#[component]
pub fn OrderList() -> impl IntoView {
    view! {
        <div class="page">
            <Guarded permission=Permission::ReadAllOrders>
                <Content/>
            </Guarded>
        </div>
    }
}

#[component]
fn Content() -> impl IntoView {
    let user = expect_context::<PageContext>().user;
    let may = |permission| user.as_ref().is_some_and(|user| user.may(permission));
    let (writes, exports) = (may(Permission::WriteOrders), may(Permission::ExportClients));
    let query = use_query_pairs();
    let orders = live_resource(move || query.get(), list_orders).follow(&[Topic::Orders]);
    // A page, a heading or a tab does not change what the tabs count.
    let counted = Memo::new(move |_| query.with(|query| SPEC.counted(query, &["statut"])));
    let counts = live_resource(move || counted.get(), count_orders).follow(&[Topic::Orders]);
    let sum = live_resource(move || query.with(summed), sum_orders).follow(&[Topic::Orders]);
    let bulk = writes.then(|| {
        Bulk::new(Callback::new(move |()| {
            orders.answer.refetch();
            counts.answer.refetch();
            sum.answer.refetch();
        }))
    });
    if let Some(bulk) = bulk {
        provide_context(bulk);
    }
    let enter = move || {
        writes.then(
            || view! { <LinkButton href=NEW kind=ButtonKind::Primary icon=Glyph::Plus text="Nouvelle commande"/> },
        )
    };
    let actions = move || view! { {exports.then(|| view! { <ExportMenu spec=&SPEC query/> })} {enter()} };
    let nothing = Nothing {
        title: "Aucune commande",
        text: if writes {
            "La première se saisit au clavier en moins d'une minute."
        } else {
            "Elles apparaîtront ici dès qu'il y en aura."
        },
        actions: enter.into(),
    };
    view! {
        <PageHeader title="Commandes" actions=actions/>
        <Transition fallback=move || view! { <StatusTabs query counts=StatusCounts::default()/> }>
            {move || Suspend::new(async move {
                // Without figures the tabs still lead somewhere; the list says what is wrong.
                let counts = counts.answer.await.unwrap_or_default();
                view! { <StatusTabs query counts/> }
            })}
        </Transition>
        <Filters query/>
        <ListBody spec=&SPEC query rows=orders.answer quiet=orders.quiet columns=7 table=table nothing/>
        <Sum query sum=sum.answer/>
        {bulk.map(|bulk| view! { <BulkActions bulk/> })}
    }
}

fn table(orders: Vec<Order>, query: QueryPairs) -> AnyView {
    view! { <OrderTable orders query/> }.into_any()
}

/// The statuses with their figures.
#[component]
fn StatusTabs(query: Memo<QueryPairs>, counts: StatusCounts) -> impl IntoView {
    let restores = expect_context::<PageContext>().user.is_some_and(|user| user.may(Permission::Restore));
    move || {
        let query = query.get();
        let chosen: Vec<_> = params(&query, "statut").map(str::to_owned).collect();
        let deleted = shows_deleted(&query);
        let to = |status: Option<&str>| {
            href_with(PATH, &query, &[("statut", status), ("is_deleted", None), ("page", None), ("cursor", None)])
        };
        let gone = restores.then(|| {
            let changes = [("statut", None), ("is_deleted", Some("true")), ("page", None), ("cursor", None)];
            view! { <Tab href=href_with(PATH, &query, &changes) label="Supprimées" current=deleted count=None/> }
        });
        let figure = |status: OrderStatus| counts.counts.iter().find(|(s, _)| *s == status).map(|(_, n)| *n);
        let all = (!counts.counts.is_empty()).then(|| counts.counts.iter().map(|(_, n)| n).sum::<i64>());
        let (all_href, all_current) = (to(None), chosen.is_empty() && !deleted);
        let tabs = OrderStatus::ALL
            .into_iter()
            .map(|status| {
                let current = chosen == [status.as_str()] && !deleted;
                view! { <Tab href=to(Some(status.as_str())) label=tab_label(status) current count=figure(status)/> }
            })
            .collect_view();
        view! {
            <Tabs label="Commandes par statut">
                <Tab href=all_href label="Toutes" current=all_current count=all/>
                {tabs}
                {gone}
            </Tabs>
        }
    }
}

/// Whether these are the deleted ones, which are looked at one by one.
pub fn shows_deleted(query: &QueryPairs) -> bool {
    param(query, "is_deleted") == Some("true")
}

/// A status as the heading of several orders.
fn tab_label(status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::Brouillon => "Brouillons",
        OrderStatus::Confirmee => "Confirmées",
        OrderStatus::EnPreparation => "En préparation",
        OrderStatus::EnLivraison => "En livraison",
        OrderStatus::Livree => "Livrées",
        OrderStatus::Annulee => "Annulées",
    }
}
