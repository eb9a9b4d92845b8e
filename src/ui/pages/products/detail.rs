//! One product in one place: what it is, its stock, who ordered it, what changed; and what one may do.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::deeds::{Actions, Deeds};
use super::facts::{Facts, LastOrders, Stock};
use super::list_table::SaleBadge;
use super::panel::ProductPanel;
use super::{PATH, address, read_id};
use crate::auth::permission::Permission;
use crate::auth::server_functions::{FormReturn, PageContext};
use crate::error::{AppError, ErrorCode};
use crate::live::{Topic, live_resource};
use crate::products::model::{Product, ProductDetail};
use crate::products::server_functions::{product_form, read_product};
use crate::shared::ProductId;
use crate::ui::components::{Card, Guarded, History, Notice, PageHeader, Refusal, Skeleton, Tone, use_history_page};
use crate::ui::pages::errors::NotFoundPage;
use crate::ui::query::{QueryPairs, use_query_pairs};
use crate::ui::status;

/// `/produits/{id}`
#[component]
pub fn ProductPage() -> impl IntoView {
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
    let params = use_params_map();
    let query = use_query_pairs();
    let id = Memo::new(move |_| params.with(|params| params.get("id").and_then(|id| read_id(&id))));
    let page = use_history_page();
    let reload = RwSignal::new(0_u32);
    let detail = live_resource(
        move || (id.get(), page.get(), reload.get()),
        |(id, page, _)| async move {
            match id {
                Some(id) => read_product(id, page).await,
                None => Err(AppError::not_found("Ce produit")),
            }
        },
    )
    // Any order may have it in it, and its category may be called otherwise.
    .follow_when(&[Topic::Products, Topic::Stocks, Topic::Orders, Topic::Categories], move |changes| {
        let touched = |id: ProductId| changes.touches(Topic::Products, id.0) || changes.touches(Topic::Stocks, id.0);
        let around = [Topic::Orders, Topic::Categories].iter().any(|topic| changes.0.contains_key(topic));
        around || id.get_untracked().is_some_and(touched)
    });
    let data = Resource::new(|| (), |()| product_form());
    let back = SharedValue::new(|| use_context::<FormReturn>().unwrap_or_default()).into_inner();
    let deeds = Deeds::new(back, reload);
    let shown = RwSignal::new(None::<Product>);
    let leave =
        Signal::derive(move || shown.with(|product| product.as_ref().map(|p| address(p.id)).unwrap_or_default()));
    let writes = expect_context::<PageContext>().user.is_some_and(|user| user.may(Permission::WriteProducts));
    view! {
        <Transition fallback=Placeholder>
            {move || Suspend::new(async move {
                match detail.answer.await {
                    Ok(detail) => {
                        shown.set(Some(detail.product.clone()));
                        view! { <Found detail deeds query=query.get_untracked()/> }.into_any()
                    }
                    Err(error) if error.code == ErrorCode::NotFound => view! { <NotFoundPage/> }.into_any(),
                    Err(error) => {
                        status::set(error.code.status());
                        view! { <Refusal error/> }.into_any()
                    }
                }
            })}
        </Transition>
        // Beside what is read again, so that what is being typed stays.
        {writes
            .then(|| {
                let on_saved = Callback::new(move |product| deeds.saved(&product));
                view! { <ProductPanel open=deeds.editing product=shown data leave on_saved/> }
            })}
    }
}

#[component]
fn Found(detail: ProductDetail, deeds: Deeds, query: QueryPairs) -> impl IntoView {
    let ProductDetail { product, orders, history } = detail;
    let path = address(product.id);
    let deleted = product.deletion.is_deleted;
    let user = expect_context::<PageContext>().user;
    let may = |permission| user.as_ref().is_some_and(|user| user.may(permission));
    let (stocks, moves) = (may(Permission::ReadStocks), may(Permission::WriteStocks));
    let all_orders = may(Permission::ReadAllOrders);
    let (badge, acted) = (StoredValue::new(product.clone()), StoredValue::new(product.clone()));
    view! {
        <PageHeader
            title=product.nom.clone()
            back=(PATH.to_owned(), "Produits".to_owned())
            aside=move || view! { <SaleBadge product=badge.get_value()/> }
            actions=move || view! { <Actions product=acted.get_value() deeds/> }
        />
        {move || deeds.refusal.get().map(|error| view! { <Refusal error/> })}
        {deleted
            .then(|| {
                view! {
                    <Notice tone=Tone::Amber title="Ce produit est supprimé">
                        <p>"Il n'est plus proposé à la vente et ne figure plus dans les listes."</p>
                    </Notice>
                }
            })}
        <div class="product">
            <div class="product-column">
                <Facts product=product.clone()/>
                {all_orders.then(|| view! { <LastOrders id=product.id orders/> })}
            </div>
            <div class="product-column">
                {stocks.then(|| view! { <Stock product=product.clone() moves/> })}
                {history
                    .map(|page| {
                        view! {
                            <Card title="Historique">
                                <History page path query/>
                            </Card>
                        }
                    })}
            </div>
        </div>
    }
}

/// The page's place while it is on its way.
#[component]
fn Placeholder() -> impl IntoView {
    let card = |class: &'static str| view! { <section class="card p-4"><Skeleton class/></section> };
    view! {
        <div class="page-head" aria-busy="true">
            <Skeleton class="h-8 w-64"/>
        </div>
        <div class="product">
            <div class="product-column">{card("h-56 w-full")} {card("h-40 w-full")}</div>
            <div class="product-column">{card("h-28 w-full")} {card("h-56 w-full")}</div>
        </div>
    }
}
