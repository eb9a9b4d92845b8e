//! The form in a panel, beside what it is about.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use super::form::ProductForm;
use crate::auth::server_functions::FormReturn;
use crate::error::AppError;
use crate::products::model::{Product, ProductFormData};
use crate::ui::browser::{fresh_key, sure_to_leave};
use crate::ui::components::{Dialog, Refusal, Skeleton};

/// A panel with the form; opened anew, it begins anew.
#[component]
pub fn ProductPanel(
    /// Open or not.
    open: RwSignal<bool>,
    /// The product as it is now; none for a new one.
    #[prop(optional, into)]
    product: Signal<Option<Product>>,
    /// What there is to choose from.
    data: Resource<Result<ProductFormData, AppError>>,
    /// Where one goes without saving.
    #[prop(into)]
    leave: Signal<String>,
    /// What comes after saving.
    on_saved: Callback<Product>,
) -> impl IntoView {
    let touched = RwSignal::new(false);
    let title = Signal::derive(move || {
        product.with(|product| product.as_ref().map_or_else(|| "Nouveau produit".to_owned(), |p| p.nom.clone()))
    });
    let saved = Callback::new(move |product| {
        open.set(false);
        on_saved.run(product);
    });
    // The way out of the form closes the panel.
    let on_leave = move |ev: MouseEvent| {
        if left_by_link(&ev) {
            ev.prevent_default();
            if !touched.get_untracked() || sure_to_leave() {
                open.set(false);
            }
        }
    };
    view! {
        <Dialog id="panneau-produit" open side=true unsaved=touched title>
            <Show when=move || open.get()>
                <div on:click=on_leave>
                    <Suspense fallback=|| view! { <Skeleton class="h-64 w-full"/> }>
                        {move || Suspend::new(async move {
                            match data.await {
                                Ok(data) => {
                                    view! {
                                        <ProductForm
                                            product=product.get_untracked()
                                            data
                                            back=FormReturn::default()
                                            key=fresh_key()
                                            touched
                                            leave=leave.get_untracked()
                                            on_saved=saved
                                        />
                                    }
                                        .into_any()
                                }
                                Err(error) => view! { <Refusal error/> }.into_any(),
                            }
                        })}
                    </Suspense>
                </div>
            </Show>
        </Dialog>
    }
}

/// Whether a link was clicked, in this tab.
fn left_by_link(ev: &MouseEvent) -> bool {
    use leptos::wasm_bindgen::JsCast;
    let plain = ev.button() == 0 && !(ev.ctrl_key() || ev.meta_key() || ev.shift_key());
    let target = ev.target().and_then(|target| target.dyn_into::<leptos::web_sys::Element>().ok());
    plain && target.is_some_and(|target| target.closest("a[href]").ok().flatten().is_some())
}

/// A click that opens the panel instead of following its link; with a key held down it follows it.
pub fn opens(open: RwSignal<bool>) -> impl Fn(MouseEvent) + Copy {
    move |ev: MouseEvent| {
        if left_by_link(&ev) {
            ev.prevent_default();
            open.set(true);
        }
    }
}
