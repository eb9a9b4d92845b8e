//! The list of orders. Everything it shows is in the URL; tabs, filters, headings and pages are links
//! and one plain form, so that it works before the page has woken up and without JavaScript.

use leptos::prelude::*;

use super::list_filters::Filters;
use super::list_table::OrderTable;
use crate::auth::permission::Permission;
use crate::auth::server_functions::PageContext;
use crate::error::AppError;
use crate::live::{Topic, live_resource};
use crate::orders::model::{Order, StatusCounts};
use crate::orders::server_functions::{count_orders, list_orders};
use crate::orders::workflow::OrderStatus;
use crate::shared::Page;
use crate::shared::text::count;
use crate::ui::components::{
    ButtonKind, EmptyState, Glyph, Guarded, LinkButton, LiveRegion, PageHeader, PageInfo, Pager, Refusal, SkeletonRows,
    Tab, TableFrame, Tabs,
};
use crate::ui::query::{QueryPairs, href_with, param, params, use_query_pairs};
use crate::ui::status;

/// Where the list lives.
pub const PATH: &str = "/commandes";
/// Where one enters an order.
const NEW: &str = "/commandes/nouvelle";
/// What narrows the list, besides the status.
pub const NARROWING: [&str; 8] =
    ["search", "livreur_id", "client_id", "product_id", "category_id", "start_date", "end_date", "date_champ"];
/// What says how the list is shown, not what is in it.
const SHOWING: [&str; 5] = ["page", "cursor", "per_page", "sort", "statut"];
/// How many rows one may ask for.
const ROWS_A_PAGE: [i64; 3] = [20, 50, 100];

/// `/commandes`
#[component]
pub fn OrderList() -> impl IntoView {
    view! {
        <div class="page">
            <Guarded permission=Permission::ReadOrders>
                <Content/>
            </Guarded>
        </div>
    }
}

#[component]
fn Content() -> impl IntoView {
    let user = expect_context::<PageContext>().user;
    let writes = user.is_some_and(|user| user.may(Permission::WriteOrders));
    let query = use_query_pairs();
    let orders = live_resource(move || query.get(), list_orders).follow(&[Topic::Orders]);
    // A page, a heading or a tab does not change what the tabs count.
    let counted = Memo::new(move |_| query.with(|query| counted(query)));
    let counts = live_resource(move || counted.get(), count_orders).follow(&[Topic::Orders]);
    let (pending, set_pending) = signal(false);
    let refreshing = move || pending.get() && !orders.quiet.get();
    let enter = move || {
        writes.then(
            || view! { <LinkButton href=NEW kind=ButtonKind::Primary icon=Glyph::Plus text="Nouvelle commande"/> },
        )
    };
    view! {
        <PageHeader title="Commandes" actions=enter/>
        <Transition fallback=move || view! { <StatusTabs query counts=StatusCounts::default()/> }>
            {move || Suspend::new(async move {
                // Without figures the tabs still lead somewhere; the list says what is wrong.
                let counts = counts.answer.await.unwrap_or_default();
                view! { <StatusTabs query counts/> }
            })}
        </Transition>
        <Filters query/>
        <div class="orders-list" class:refreshing=refreshing>
            <Transition fallback=Placeholder set_pending>
                <Found orders=orders.answer query writes/>
            </Transition>
        </div>
    }
}

/// The parameters that the tabs' figures depend on.
fn counted(query: &[(String, String)]) -> QueryPairs {
    query.iter().filter(|(name, _)| !SHOWING.contains(&name.as_str())).cloned().collect()
}

/// The statuses with their figures.
#[component]
fn StatusTabs(query: Memo<QueryPairs>, counts: StatusCounts) -> impl IntoView {
    move || {
        let query = query.get();
        let chosen: Vec<_> = params(&query, "statut").map(str::to_owned).collect();
        let to =
            |status: Option<&str>| href_with(PATH, &query, &[("statut", status), ("page", None), ("cursor", None)]);
        let figure = |status: OrderStatus| counts.counts.iter().find(|(s, _)| *s == status).map(|(_, n)| *n);
        let all = (!counts.counts.is_empty()).then(|| counts.counts.iter().map(|(_, n)| n).sum::<i64>());
        let (all_href, all_current) = (to(None), chosen.is_empty());
        let tabs = OrderStatus::ALL
            .into_iter()
            .map(|status| {
                let current = chosen == [status.as_str()];
                view! { <Tab href=to(Some(status.as_str())) label=tab_label(status) current count=figure(status)/> }
            })
            .collect_view();
        view! {
            <Tabs label="Commandes par statut">
                <Tab href=all_href label="Toutes" current=all_current count=all/>
                {tabs}
            </Tabs>
        }
    }
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

/// What there is to show.
#[derive(Clone, PartialEq)]
enum Outcome {
    Waiting,
    Refused(AppError),
    Nothing { narrowed: bool },
    Rows,
}

/// What was found, or why nothing was. Rows keep their place in the page while the list is read again: somebody
/// may be about to press one.
#[component]
fn Found(orders: Resource<Result<Page<Order>, AppError>>, query: Memo<QueryPairs>, writes: bool) -> impl IntoView {
    // With the query that it answers: the URL is ahead of it.
    let found = Memo::new(move |_| orders.get().map(|page| (query.get_untracked(), page)));
    let outcome = Memo::new(move |_| {
        found.with(|found| match found {
            None => Outcome::Waiting,
            Some((_, Err(error))) => Outcome::Refused(error.clone()),
            Some((query, Ok(page))) if page.items.is_empty() => Outcome::Nothing { narrowed: is_narrowed(query) },
            Some(_) => Outcome::Rows,
        })
    });
    move || match outcome.get() {
        Outcome::Waiting => ().into_any(),
        Outcome::Refused(error) => {
            status::set(error.code.status());
            view! {
                <Refusal error/>
                <div class="form-actions">
                    <LinkButton href=PATH text="Voir toutes les commandes"/>
                </div>
            }
            .into_any()
        }
        Outcome::Nothing { narrowed } => view! { <Nothing narrowed writes/> }.into_any(),
        Outcome::Rows => view! { <Rows found/> }.into_any(),
    }
}

/// A list's query and its answer.
type Answered = Option<(QueryPairs, Result<Page<Order>, AppError>)>;

/// The table and the way to the other rows.
#[component]
fn Rows(found: Memo<Answered>) -> impl IntoView {
    let orders = Memo::new(move |_| {
        found.with(|found| match found {
            Some((_, Ok(page))) => page.items.clone(),
            _ => Vec::new(),
        })
    });
    let query =
        Memo::new(move |_| found.with(|found| found.as_ref().map(|(query, _)| query.clone()).unwrap_or_default()));
    // Said of a search, not of what others add to it meanwhile.
    let spoken = Memo::new(move |before: Option<&(QueryPairs, String)>| {
        let query = query.get();
        match before {
            Some((last, words)) if *last == query => (query, words.clone()),
            _ => (query, found.with_untracked(in_words)),
        }
    });
    let foot = move || {
        found.with(|found| match found {
            Some((query, Ok(page))) => Some(view! { <Foot page=page.clone() query=query.clone()/> }),
            _ => None,
        })
    };
    view! {
        <LiveRegion text=Signal::derive(move || spoken.get().1)/>
        <OrderTable orders query/>
        {foot}
    }
}

fn in_words(found: &Answered) -> String {
    let Some((_, Ok(page))) = found else { return String::new() };
    count(page.total.unwrap_or(page.items.len() as i64), "commande", "commandes")
}

fn is_narrowed(query: &[(String, String)]) -> bool {
    NARROWING.iter().chain(&["statut", "page", "cursor"]).any(|name| param(query, name).is_some())
}

/// No order: what to do next.
#[component]
fn Nothing(narrowed: bool, writes: bool) -> impl IntoView {
    let (title, text) = match (narrowed, writes) {
        (true, _) => {
            ("Aucune commande ne correspond", "Changez la recherche ou les filtres, ou repartez de la liste entière.")
        }
        (false, true) => ("Aucune commande", "La première se saisit au clavier en moins d'une minute."),
        (false, false) => ("Aucune commande", "Elles apparaîtront ici dès qu'il y en aura pour vous."),
    };
    view! {
        <section class="card" aria-label="Résultat">
            <LiveRegion text=Signal::derive(move || title.to_owned())/>
            <EmptyState icon=if narrowed { Glyph::NotFound } else { Glyph::Inbox } title=title text=text>
                {narrowed.then(|| view! { <LinkButton href=PATH text="Voir toutes les commandes"/> })}
                {(writes && !narrowed)
                    .then(|| {
                        view! { <LinkButton href=NEW kind=ButtonKind::Primary icon=Glyph::Plus text="Nouvelle commande"/> }
                    })}
            </EmptyState>
        </section>
    }
}

/// The way to the other rows.
#[component]
fn Foot(page: Page<Order>, query: QueryPairs) -> impl IntoView {
    let after = |cursor: &str| href_with(PATH, &query, &[("page", None), ("cursor", Some(cursor))]);
    let last_page = page.page.is_none() || page.page == page.pages;
    let beyond = page.next_cursor.as_deref().filter(|_| last_page).map(after);
    let by_cursor = page.total.is_none();
    let start = href_with(PATH, &query, &[("cursor", None)]);
    let info = PageInfo::of(&page);
    let sizes = ROWS_A_PAGE
        .into_iter()
        .map(|rows| {
            let value = rows.to_string();
            let href = href_with(PATH, &query, &[("per_page", Some(&value)), ("page", None), ("cursor", None)]);
            let current = (rows == page.per_page).then_some("true");
            view! {
                <a class="segment" href=href aria-current=current aria-label=format!("{rows} lignes par page")>
                    {rows}
                </a>
            }
        })
        .collect_view();
    let pager_query = query.clone();
    view! {
        <div class="orders-foot">
            {if by_cursor {
                view! { <a class="link" href=start>"Revenir au début de la liste"</a> }.into_any()
            } else {
                view! { <Pager info path=PATH query=pager_query/> }.into_any()
            }}
            {beyond
                .map(|href| view! { <LinkButton href icon=Glyph::ArrowRight text="Commandes suivantes"/> })}
            <nav class="segments" aria-label="Lignes par page">
                {sizes}
            </nav>
        </div>
    }
}

/// The table's place while it is on its way.
#[component]
fn Placeholder() -> impl IntoView {
    view! {
        <TableFrame label="Commandes">
            <tbody>
                <SkeletonRows rows=12 columns=7/>
            </tbody>
        </TableFrame>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tabs_count_under_the_other_filters_only() {
        let query: QueryPairs = [("statut", "livree"), ("search", "anne"), ("page", "3"), ("sort", "total")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
        assert_eq!(counted(&query), [("search".to_owned(), "anne".to_owned())]);
    }
}
