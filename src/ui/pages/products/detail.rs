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
use crate::products::model::{ProductDetail, ProductFormData};
use crate::products::server_functions::{product_form, read_product};
use crate::ui::components::{Card, Guarded, HISTORY_PAGE, History, Notice, PageHeader, Refusal, Skeleton, Tone};
use crate::ui::pages::errors::NotFoundPage;
use crate::ui::query::{QueryPairs, param, use_query_pairs};
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
    let page = Memo::new(move |_| {
        query.with(|query| param(query, HISTORY_PAGE).and_then(|page| page.parse::<i64>().ok())).unwrap_or(1)
    });
    let reload = RwSignal::new(0_u32);
    let detail = Resource::new(
        move || (id.get(), page.get(), reload.get()),
        |(id, page, _)| async move {
            match id {
                Some(id) => read_product(id, page).await,
                None => Err(AppError::not_found("Ce produit")),
            }
        },
    );
    // Its categories also give their names to the ids in the history.
    let data = Resource::new(|| (), |()| product_form());
    let back = SharedValue::new(|| use_context::<FormReturn>().unwrap_or_default()).into_inner();
    let deeds = Deeds::new(back, reload);
    view! {
        <Transition fallback=Placeholder>
            {move || Suspend::new(async move {
                match detail.await {
                    Ok(detail) => {
                        let known = data.await;
                        view! { <Found detail known data deeds query=query.get_untracked()/> }.into_any()
                    }
                    Err(error) if error.code == ErrorCode::NotFound => view! { <NotFoundPage/> }.into_any(),
                    Err(error) => {
                        status::set(error.code.status());
                        view! { <Refusal error/> }.into_any()
                    }
                }
            })}
        </Transition>
    }
}

#[component]
fn Found(
    detail: ProductDetail,
    known: Result<ProductFormData, AppError>,
    data: Resource<Result<ProductFormData, AppError>>,
    deeds: Deeds,
    query: QueryPairs,
) -> impl IntoView {
    let writes = expect_context::<PageContext>().user.is_some_and(|user| user.may(Permission::WriteProducts));
    let ProductDetail { product, orders, history } = detail;
    let categories = known.map(|data| data.categories).unwrap_or_default();
    let names: Vec<_> = categories.into_iter().map(|category| ("category_id", category.id.0, category.nom)).collect();
    let path = address(product.id);
    let leave = path.clone();
    let deleted = product.deletion.is_deleted;
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
                <LastOrders id=product.id orders/>
            </div>
            <div class="product-column">
                <Stock product=product.clone()/>
                {history
                    .map(|page| {
                        view! {
                            <Card title="Historique">
                                <History page path query names/>
                            </Card>
                        }
                    })}
            </div>
        </div>
        {(writes && !deleted)
            .then(|| {
                let on_saved = Callback::new(move |product| deeds.saved(&product));
                view! { <ProductPanel open=deeds.editing product data leave on_saved/> }
            })}
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
