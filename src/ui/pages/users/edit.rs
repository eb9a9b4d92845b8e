//! Opening and changing an account on a page of its own: the same form as in the panel, without JavaScript too.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::form::UserForm;
use super::{PATH, address};
use crate::auth::permission::Permission;
use crate::auth::server_functions::FormReturn;
use crate::error::{AppError, ErrorCode};
use crate::shared::UserId;
use crate::ui::components::{Guarded, PageHeader, Refusal, Skeleton, use_toasts};
use crate::ui::editor::came_back;
use crate::ui::pages::errors::NotFoundPage;
use crate::ui::query::use_id;
use crate::ui::status;
use crate::users::model::{User, UserSheet};
use crate::users::server_functions::read_user;

/// `/utilisateurs/nouveau`
#[component]
pub fn NewUserPage() -> impl IntoView {
    view! {
        <div class="page page-narrow">
            <Guarded permission=Permission::ManageUsers>
                <PageHeader title="Nouvel utilisateur" back=(PATH.to_owned(), "Utilisateurs".to_owned())/>
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
        <section class="card card-body" aria-label="Nouvel utilisateur">
            <UserForm sheet=None back on_saved=saved/>
        </section>
    }
}

/// `/utilisateurs/{id}/modifier`
#[component]
pub fn EditUserPage() -> impl IntoView {
    view! {
        <div class="page page-narrow">
            <Guarded permission=Permission::ManageUsers>
                <Edit/>
            </Guarded>
        </div>
    }
}

#[component]
fn Edit() -> impl IntoView {
    let id = use_id::<UserId>();
    let back = came_back();
    let saved = saved();
    let sheet = Resource::new(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => read_user(id).await,
                None => Err(AppError::not_found("Cet utilisateur")),
            }
        },
    );
    view! {
        <Suspense fallback=|| view! { <Skeleton class="h-96 w-full"/> }>
            {move || {
                let back = back.clone();
                Suspend::new(async move {
                    match sheet.await {
                        Ok(sheet) if !sheet.user.deletion.is_deleted => {
                            view! { <Found sheet back saved/> }.into_any()
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
fn Found(sheet: UserSheet, back: FormReturn, saved: Callback<User>) -> impl IntoView {
    view! {
        <PageHeader title=format!("Modifier {}", sheet.user.display()) back=(address(sheet.user.id), sheet.user.display())/>
        <section class="card card-body" aria-label="Utilisateur">
            <UserForm sheet=Some(sheet) back on_saved=saved/>
        </section>
    }
}

/// On to the user's page.
fn saved() -> Callback<User> {
    let (navigate, toasts) = (use_navigate(), use_toasts());
    Callback::new(move |user: User| {
        toasts.done(format!("{} : enregistré.", user.display()));
        navigate(&address(user.id), NavigateOptions::default());
    })
}
