//! The form as a page of its own: what the panels' links lead to, and all there is without JavaScript.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map};

use super::form::ProductForm;
use super::{PATH, address, read_id};
use crate::auth::permission::Permission;
use crate::auth::server_functions::FormReturn;
use crate::error::{AppError, ErrorCode};
use crate::products::model::{Product, ProductFormData};
use crate::products::server_functions::{one_product, product_form};
use crate::ui::components::{Card, Guarded, PageHeader, Refusal, Skeleton, use_toasts};
use crate::ui::editor::form_key;
use crate::ui::pages::errors::NotFoundPage;
use crate::ui::status;

/// `/produits/nouveau`
#[component]
pub fn NewProductPage() -> impl IntoView {
    view! {
        <div class="page page-narrow">
            <Guarded permission=Permission::WriteProducts>
                <PageHeader title="Nouveau produit" back=(PATH.to_owned(), "Produits".to_owned())/>
                <NewForm/>
            </Guarded>
        </div>
    }
}

/// Goes on to a product that was saved; going back does not lead to the form again.
fn goes_on(said: &'static str) -> Callback<Product> {
    let (navigate, toasts) = (use_navigate(), use_toasts());
    Callback::new(move |product: Product| {
        toasts.done(format!("{} {said}.", product.nom));
        navigate(&address(product.id), NavigateOptions { replace: true, ..NavigateOptions::default() });
    })
}

#[component]
fn NewForm() -> impl IntoView {
    let back = SharedValue::new(|| use_context::<FormReturn>().unwrap_or_default()).into_inner();
    let key = form_key(&back);
    let data = Resource::new(|| (), |()| product_form());
    let on_saved = goes_on("est ajouté");
    view! {
        <Suspense fallback=|| view! { <FormPlace/> }>
            {move || {
                let (back, key) = (back.clone(), key.clone());
                Suspend::new(async move {
                    match data.await {
                        Ok(data) => {
                            view! {
                                <Card title="Fiche">
                                    <ProductForm product=None data back key leave=PATH on_saved/>
                                </Card>
                            }
                                .into_any()
                        }
                        Err(error) => refused(error),
                    }
                })
            }}
        </Suspense>
    }
}

/// `/produits/{id}/modifier`
#[component]
pub fn EditProductPage() -> impl IntoView {
    view! {
        <div class="page page-narrow">
            <Guarded permission=Permission::WriteProducts>
                <EditForm/>
            </Guarded>
        </div>
    }
}

/// The product and what its form needs; one that is deleted has no form.
async fn read(id: Option<crate::shared::ProductId>) -> Result<(Product, ProductFormData), AppError> {
    let missing = || AppError::not_found("Ce produit");
    let product = one_product(id.ok_or_else(missing)?).await?;
    if product.deletion.is_deleted {
        return Err(missing());
    }
    Ok((product, product_form().await?))
}

#[component]
fn EditForm() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").and_then(|id| read_id(&id))));
    let back = SharedValue::new(|| use_context::<FormReturn>().unwrap_or_default()).into_inner();
    let key = form_key(&back);
    let data = Resource::new(move || id.get(), read);
    let on_saved = goes_on("est enregistré");
    view! {
        <Suspense fallback=|| view! { <FormPlace/> }>
            {move || {
                let (back, key) = (back.clone(), key.clone());
                Suspend::new(async move {
                    match data.await {
                        Ok((product, data)) => {
                            let leave = address(product.id);
                            view! {
                                <PageHeader
                                    title=format!("Modifier {}", product.nom)
                                    back=(leave.clone(), product.nom.clone())
                                />
                                <Card title="Fiche">
                                    <ProductForm product=Some(product) data back key leave on_saved/>
                                </Card>
                            }
                                .into_any()
                        }
                        Err(error) if error.code == ErrorCode::NotFound => view! { <NotFoundPage/> }.into_any(),
                        Err(error) => refused(error),
                    }
                })
            }}
        </Suspense>
    }
}

fn refused(error: AppError) -> AnyView {
    status::set(error.code.status());
    view! { <Refusal error/> }.into_any()
}

/// The form's place while it is on its way.
#[component]
fn FormPlace() -> impl IntoView {
    view! {
        <section class="card p-4" aria-busy="true">
            <Skeleton class="h-96 w-full"/>
        </section>
    }
}
