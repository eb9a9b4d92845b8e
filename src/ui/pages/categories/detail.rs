//! One category: what it is, and what became of it.

use leptos::prelude::*;

use super::{PATH, edit_address};
use crate::auth::permission::Permission;
use crate::auth::server_functions::PageContext;
use crate::categories::model::Category;
use crate::categories::server_functions::show_category;
use crate::error::{AppError, ErrorCode};
use crate::history::model::HistoryOf;
use crate::live::{Topic, live_resource};
use crate::shared::CategoryId;
use crate::ui::components::{
    Badge, Card, Glyph, Guarded, HistoryCard, LinkButton, PageHeader, Refusal, Skeleton, Tone,
};
use crate::ui::format::count;
use crate::ui::pages::errors::NotFoundPage;
use crate::ui::query::{href, use_id};
use crate::ui::status;

/// `/categories/{id}`
#[component]
pub fn CategoryPage() -> impl IntoView {
    view! {
        <div class="page page-narrow">
            <Guarded permission=Permission::ReadHistory>
                <Content/>
            </Guarded>
        </div>
    }
}

#[component]
fn Content() -> impl IntoView {
    let id = use_id::<CategoryId>();
    let category = live_resource(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => show_category(id).await,
                None => Err(AppError::not_found("Cette catégorie")),
            }
        },
    )
    .follow(&[Topic::Categories, Topic::Products]);
    view! {
        <Transition fallback=|| view! { <Skeleton class="h-40 w-full"/> }>
            {move || Suspend::new(async move {
                match category.answer.await {
                    Ok(category) => view! { <Found category/> }.into_any(),
                    Err(error) if error.code == ErrorCode::NotFound => view! { <NotFoundPage/> }.into_any(),
                    Err(error) => {
                        status::set(error.code.status());
                        view! { <Refusal error/> }.into_any()
                    }
                }
            })}
        </Transition>
        <HistoryCard what=HistoryOf::Category id=Signal::derive(move || id.get().map(|id| id.0))/>
    }
}

#[component]
fn Found(category: Category) -> impl IntoView {
    let user = expect_context::<PageContext>().user;
    let deleted = category.deletion.is_deleted;
    let writes = user.is_some_and(|user| user.may(Permission::WriteCategories)) && !deleted;
    let id = category.id;
    let change =
        move || writes.then(|| view! { <LinkButton href=edit_address(id) icon=Glyph::Pencil text="Modifier"/> });
    let gone = move || deleted.then(|| view! { <Badge tone=Tone::Rose icon=Glyph::Trash text="Supprimée"/> });
    let products = href("/produits", &[("category_id", id.to_string())]);
    view! {
        <PageHeader
            title=category.nom.clone()
            back=(PATH.to_owned(), "Catégories".to_owned())
            aside=gone
            actions=change
        />
        <Card title="Catégorie">
            <dl class="facts">
                <dt>"Description"</dt>
                <dd>{category.description.clone().unwrap_or_else(|| "–".to_owned())}</dd>
                <dt>"Produits"</dt>
                <dd>
                    <a class="link" href=products>
                        {count(category.nombre_produits, "produit", "produits")}
                    </a>
                </dd>
            </dl>
        </Card>
    }
}
