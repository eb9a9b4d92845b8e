//! The stock of one product: how it stands, what moved it, and moving it.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::balance::Balance;
use super::counter::{CounterDialog, Counters};
use super::list::PATH;
use super::movement_form::MovementForm;
use super::movement_table::MovementTable;
use super::mover::Mover;
use super::settings::{Settings, SettingsCard};
use crate::auth::permission::Permission;
use crate::auth::server_functions::{FormReturn, PageContext};
use crate::error::{AppError, ErrorCode};
use crate::history::model::HistoryOf;
use crate::live::{Changes, LiveResource, Topic, follow_beside, live_resource};
use crate::orders::workflow::OrderStatus;
use crate::shared::{Page, ProductId};
use crate::stocks::model::{MoveKind, Moved, Movement, Stock, StockProduct};
use crate::stocks::server_functions::{list_movements, read_stock};
use crate::ui::components::{
    Card, EmptyState, Glyph, Guarded, HistoryCard, LinkButton, PageHeader, PageInfo, Pager, Refusal, Skeleton,
    StockBadge, StockBar, Tab, Tabs,
};
use crate::ui::format::number;
use crate::ui::pages::errors::NotFoundPage;
use crate::ui::query::{QueryPairs, href, href_with, param, use_query_pairs};
use crate::ui::status;

/// `/stocks/{product_id}`
#[component]
pub fn StockPage() -> impl IntoView {
    view! {
        <div class="page">
            <Guarded permission=Permission::ReadStocks>
                <Content/>
            </Guarded>
        </div>
    }
}

type Movements = LiveResource<Page<Movement>>;

/// What changes what is shown of one stock.
const FOLLOWED: &[Topic] = &[Topic::Stocks, Topic::Products, Topic::Categories];

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Parts {
    stock: RwSignal<Option<Stock>>,
    mover: Mover,
    settings: Settings,
    counters: Counters,
    movements: Movements,
    query: Memo<QueryPairs>,
}

#[component]
fn Content() -> impl IntoView {
    let user = expect_context::<PageContext>().user;
    let writes = user.is_some_and(|user| user.may(Permission::WriteStocks));
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").and_then(|id| read_id(&id))));
    let asked = use_query_pairs();
    let query = Memo::new(move |_| asked.with(shown));
    let read = Resource::new(move || id.get(), |id| async move { read_stock(id.ok_or_else(missing)?).await });
    let concerns = move |changes: &Changes| {
        let touched = |id: ProductId| changes.touches(Topic::Stocks, id.0) || changes.touches(Topic::Products, id.0);
        changes.0.contains_key(&Topic::Categories) || id.get_untracked().is_some_and(touched)
    };
    let movements = live_resource(
        move || (id.get(), query.get()),
        |(id, mut query)| async move {
            query.push(("product_id".to_owned(), id.ok_or_else(missing)?.to_string()));
            list_movements(query).await
        },
    )
    .follow_when(FOLLOWED, concerns);
    let back = SharedValue::new(|| use_context::<FormReturn>().unwrap_or_default()).into_inner();
    let stock = RwSignal::new(None::<Stock>);
    let changed = Callback::new(move |moved: Moved| {
        stock.set(Some(moved.stock));
        movements.answer.refetch();
    });
    let wanted = Memo::new(move |_| asked.with(|asked| param(asked, "mouvement").and_then(MoveKind::parse)));
    let kind = wanted.get_untracked().unwrap_or(MoveKind::Entree);
    let mover = Mover::new(kind, &back.of_action("mouvement"), changed, Callback::new(|()| ())).of(stock);
    let settings = Settings::new(stock, &back.of_action("reglages"));
    let parts = Parts { stock, mover, settings, counters: Counters::new(writes, mover), movements, query };
    // Beside the page, which is not drawn anew: one types in it.
    follow_beside(
        FOLLOWED,
        Signal::stored(false),
        move |changes| id.get_untracked().filter(|_| concerns(changes)).map(read_stock),
        move |answer| match answer {
            Ok(now) if Some(now.product_id) == id.get_untracked() => {
                parts.settings.follow(&now);
                parts.stock.set(Some(now));
            }
            Ok(_) => {}
            // Gone, or no longer for this person: the page says so.
            Err(_) => read.refetch(),
        },
    );
    let refusal = back.of_action("contre-passer").error;
    let back = StoredValue::new(back.of_action("reglages"));
    view! {
        {refusal.map(|error| view! { <Refusal error/> })}
        <Transition fallback=Placeholder>
            {move || Suspend::new(async move {
                match read.await {
                    Ok(found) => {
                        parts.settings.arrive(&found, &back.get_value());
                        parts.stock.set(Some(found.clone()));
                        view! { <Found parts product=found/> }.into_any()
                    }
                    Err(error) if error.code == ErrorCode::NotFound => view! { <NotFoundPage/> }.into_any(),
                    Err(error) => {
                        status::set(error.code.status());
                        view! { <Refusal error/> }.into_any()
                    }
                }
            })}
        </Transition>
        <HistoryCard what=HistoryOf::Stock id=Signal::derive(move || id.get().map(|id| id.0))/>
    }
}

fn missing() -> AppError {
    AppError::not_found("Ce stock")
}

/// An id as it stands in the URL.
fn read_id(text: &str) -> Option<ProductId> {
    text.parse::<i64>().ok().filter(|id| *id > 0).map(ProductId)
}

/// The parameters that say which movements are shown.
fn shown(query: &QueryPairs) -> QueryPairs {
    let of_list = |name: &str| matches!(name, "page" | "per_page" | "sort" | "type");
    query.iter().filter(|(name, _)| of_list(name)).cloned().collect()
}

/// The orders that still hold the product.
fn open_orders(product: ProductId) -> String {
    let open = OrderStatus::ALL.into_iter().filter(|s| !matches!(s, OrderStatus::Livree | OrderStatus::Annulee));
    let statuses = open.map(|status| ("statut", status.as_str().to_owned()));
    href("/commandes", &statuses.chain([("product_id", product.to_string())]).collect::<Vec<_>>())
}

/// `product`: whose stock it is.
#[component]
fn Found(parts: Parts, product: Stock) -> impl IntoView {
    let Parts { stock, mover, settings, counters, .. } = parts;
    let id = product.product_id;
    let product = Memo::new(move |_| {
        stock.with(|stock| stock.as_ref().map(|stock| stock.product.clone())).unwrap_or_else(|| product.product.clone())
    });
    let title = Signal::derive(move || product.with(|product| product.nom.clone()));
    let lead = Signal::derive(move || {
        product.with(|StockProduct { category, reference, .. }| match reference {
            Some(reference) => format!("{} · {reference}", category.nom),
            None => category.nom.clone(),
        })
    });
    let badge = move || {
        let figures = stock.with(|stock| stock.as_ref().map(|stock| stock.figures.clone()))?;
        Some(view! { <StockBadge status=figures.statut available=figures.quantite_disponible/> })
    };
    let actions = move || {
        view! {
            <LinkButton href=open_orders(id) icon=Glyph::Orders text="Commandes en cours"/>
            <LinkButton href=format!("/produits/{id}") icon=Glyph::Package text="Fiche produit"/>
        }
    };
    view! {
        <PageHeader
            title=title
            lead=lead
            back=(PATH.to_owned(), "Stocks".to_owned())
            aside=move || view! { {badge} }
            actions=actions
        />
        <div class="order stock-page">
            <div class="order-main">
                <Figures stock/>
                <MovementCard parts id/>
            </div>
            {counters
                .writes
                .then(|| {
                    view! {
                        <div class="order-side">
                            <Card title="Mouvement">
                                <MovementForm mover/>
                            </Card>
                            <SettingsCard settings/>
                        </div>
                        <CounterDialog counters/>
                    }
                })}
        </div>
    }
}

/// The four figures, large, and the bar.
#[component]
fn Figures(stock: RwSignal<Option<Stock>>) -> impl IntoView {
    view! {
        <section class="card stock-now" aria-label="Niveau">
            {move || {
                let f = stock.with(|stock| stock.as_ref().map(|stock| stock.figures.clone()))?;
                let figure = |name: &'static str, n: i64| {
                    view! {
                        <div>
                            <dt>{name}</dt>
                            <dd>{number(n)}</dd>
                        </div>
                    }
                };
                Some(view! {
                    <dl class="figures" data-statut=f.statut.as_str()>
                        {figure("Disponible", f.quantite_disponible)} {figure("Réservé", f.quantite_reservee)}
                        {figure("En stock", f.quantite)} {figure("Seuil d'alerte", f.seuil_alerte)}
                    </dl>
                    <StockBar quantite=f.quantite reservee=f.quantite_reservee seuil=f.seuil_alerte/>
                })
            }}
        </section>
    }
}

/// What moved it, with the balance.
#[component]
fn MovementCard(parts: Parts, id: ProductId) -> impl IntoView {
    let all = href("/stocks/mouvements", &[("product_id", id.to_string())]);
    let path = format!("{PATH}/{id}");
    let tabs_path = path.clone();
    let path = StoredValue::new(path);
    view! {
        <section class="card" aria-label="Mouvements du produit">
            <div class="card-head">
                <h2 class="card-title">"Mouvements"</h2>
                <a class="link" href=all>
                    "Rechercher et exporter"
                </a>
            </div>
            <KindTabs path=tabs_path query=parts.query/>
            <Transition fallback=|| view! { <div class="card-body"><Skeleton class="h-56 w-full"/></div> }>
                {move || Suspend::new(async move {
                    match parts.movements.answer.await {
                        Ok(page) => view! { <Shown parts page path=path.get_value()/> }.into_any(),
                        Err(error) => {
                            status::set(error.code.status());
                            view! { <div class="card-body"><Refusal error/></div> }.into_any()
                        }
                    }
                })}
            </Transition>
        </section>
    }
}

/// All movements, or those of a kind.
#[component]
fn KindTabs(path: String, query: Memo<QueryPairs>) -> impl IntoView {
    move || {
        let query = query.get();
        let chosen = param(&query, "type");
        let kinds = [None].into_iter().chain(MoveKind::ALL.map(Some));
        let tabs = kinds.map(|kind| {
            let label = kind.map_or("Tous", MoveKind::label);
            let kind = kind.map(MoveKind::as_str);
            let href = href_with(&path, &query, &[("type", kind), ("page", None)]);
            view! { <Tab href label current=chosen == kind/> }
        });
        let tabs = tabs.collect_view();
        view! { <Tabs label="Mouvements par nature">{tabs}</Tabs> }
    }
}

#[component]
fn Shown(parts: Parts, page: Page<Movement>, path: String) -> impl IntoView {
    let query = parts.query.get_untracked();
    if page.items.is_empty() {
        let empty = view! { <EmptyState title="Aucun mouvement" text="La première entrée se saisit à côté, ou par un import."/> };
        return empty.into_any();
    }
    let info = PageInfo::of(&page);
    // Between movements of one kind the others are missing: no line through them.
    let whole = param(&query, "type").is_none() && param(&query, "sort").is_none_or(|sort| sort == "-created_at");
    let course = if whole { page.items.clone() } else { Vec::new() };
    let balance = move || {
        let threshold = parts.stock.with(|stock| stock.as_ref().map_or(0, |stock| stock.figures.seuil_alerte));
        view! { <Balance movements=course.clone() threshold/> }
    };
    view! {
        {balance}
        <MovementTable movements=page.items query=query.clone() path=path.clone() counters=parts.counters/>
        <div class="stock-pager">
            <Pager info path query/>
        </div>
    }
    .into_any()
}

/// The page's place while it is on its way.
#[component]
fn Placeholder() -> impl IntoView {
    view! {
        <div class="page-head" aria-busy="true">
            <Skeleton class="h-8 w-64"/>
        </div>
        <div class="order">
            <div class="order-main">
                <section class="card p-4">
                    <Skeleton class="h-24 w-full"/>
                </section>
                <section class="card p-4">
                    <Skeleton class="h-96 w-full"/>
                </section>
            </div>
            <div class="order-side">
                <section class="card p-4">
                    <Skeleton class="h-64 w-full"/>
                </section>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_orders_are_those_that_still_wait() {
        assert_eq!(
            open_orders(ProductId(4)),
            "/commandes?statut=brouillon&statut=confirmee&statut=en_preparation&statut=en_livraison&product_id=4"
        );
        assert_eq!((read_id("12"), read_id("0"), read_id("mouvements")), (Some(ProductId(12)), None, None));
    }
}
