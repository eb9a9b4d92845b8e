//! Entering and changing a client on a page of its own: the same form as in the panel, without JavaScript too.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::form::ClientForm;
use super::{PATH, address};
use crate::auth::permission::Permission;
use crate::auth::server_functions::FormReturn;
use crate::clients::model::Client;
use crate::clients::server_functions::read_client;
use crate::error::{AppError, ErrorCode};
use crate::shared::ClientId;
use crate::ui::components::{Guarded, PageHeader, Refusal, Skeleton, use_toasts};
use crate::ui::editor::came_back;
use crate::ui::pages::errors::NotFoundPage;
use crate::ui::query::use_id;
use crate::ui::status;

/// `/clients/nouveau`
#[component]
pub fn NewClientPage() -> impl IntoView {
    view! {
        <div class="page page-narrow">
            <Guarded permission=Permission::WriteClients>
                <PageHeader title="Nouveau client" back=(PATH.to_owned(), "Clients".to_owned())/>
                <New/>
            </Guarded>
        </div>
    }
}

#[component]
fn New() -> impl IntoView {
    let back = came_back();
    let saved = saved();
    view! {
        <section class="card card-body" aria-label="Nouveau client">
            <ClientForm client=None back on_saved=saved/>
        </section>
    }
}

/// `/clients/{id}/modifier`
#[component]
pub fn EditClientPage() -> impl IntoView {
    view! {
        <div class="page page-narrow">
            <Guarded permission=Permission::WriteClients>
                <Edit/>
            </Guarded>
        </div>
    }
}

#[component]
fn Edit() -> impl IntoView {
    let id = use_id::<ClientId>();
    let back = came_back();
    let saved = saved();
    let sheet = Resource::new(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => read_client(id).await,
                None => Err(AppError::not_found("Ce client")),
            }
        },
    );
    view! {
        <Suspense fallback=|| view! { <Skeleton class="h-96 w-full"/> }>
            {move || {
                let back = back.clone();
                Suspend::new(async move {
                    match sheet.await {
                        Ok(sheet) if !sheet.client.deletion.is_deleted => {
                            view! { <Found client=sheet.client back saved/> }.into_any()
                        }
                        Ok(_) => view! { <NotFoundPage/> }.into_any(),
                        Err(error) if error.code == ErrorCode::NotFound => view! { <NotFoundPage/> }.into_any(),
                        Err(error) => {
                            status::set(error.code.status());
                            view! { <Refusal error/> }.into_any()
                        }
                    }
                })
            }}
        </Suspense>
    }
}

#[component]
fn Found(client: Client, back: FormReturn, saved: Callback<Client>) -> impl IntoView {
    view! {
        <PageHeader title=format!("Modifier {}", client.nom) back=(address(client.id), client.nom.clone())/>
        <section class="card card-body" aria-label="Client">
            <ClientForm client=Some(client) back on_saved=saved/>
        </section>
    }
}

/// On to the client's page.
fn saved() -> Callback<Client> {
    let (navigate, toasts) = (use_navigate(), use_toasts());
    Callback::new(move |client: Client| {
        toasts.done(format!("{} : enregistré.", client.nom));
        navigate(&address(client.id), NavigateOptions::default());
    })
}
