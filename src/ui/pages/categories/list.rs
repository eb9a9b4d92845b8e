//! The list of categories, in the order in which one sees them everywhere.

use leptos::prelude::*;

use super::deeds::Deeds;
use super::form::FormPlace;
use super::order::Dragging;
use super::rows::Rows;
use super::{EDIT, PATH, new_address};
use crate::auth::permission::Permission;
use crate::auth::server_functions::{FormReturn, PageContext};
use crate::categories::model::Category;
use crate::categories::server_functions::list_categories;
use crate::live::{Topic, live_resource};
use crate::ui::components::{ButtonKind, Glyph, Guarded, LinkButton, LiveRegion, PageHeader, Refusal, Tab, Tabs};
use crate::ui::list::{ExportMenu, FilterFields, FilterForm, ListBody, ListSpec, Nothing, as_typed};
use crate::ui::query::{QueryPairs, href_with, param, use_query_pairs};

/// The list.
pub static SPEC: ListSpec = ListSpec {
    path: PATH,
    one: "catégorie",
    many: "catégories",
    fields: &["search"],
    narrowing: &["search", "include_deleted", "is_deleted"],
    default_sort: "ordre",
    tidy: as_typed,
};

/// `/categories`
#[component]
pub fn CategoryList() -> impl IntoView {
    view! {
        <div class="page">
            <Guarded permission=Permission::ReadCatalogue>
                <Content/>
            </Guarded>
        </div>
    }
}

/// What the list is asked for: all on one page where that will do, so that they can be put in order.
fn asked(mut query: QueryPairs) -> QueryPairs {
    query.retain(|(name, _)| name != EDIT);
    if param(&query, "per_page").is_none() {
        query.push(("per_page".to_owned(), "100".to_owned()));
    }
    query
}

#[component]
fn Content() -> impl IntoView {
    let user = expect_context::<PageContext>().user;
    let may = |permission| user.as_ref().is_some_and(|user| user.may(permission));
    let (writes, restores) = (may(Permission::WriteCategories), may(Permission::Restore));
    let query = use_query_pairs();
    let reload = RwSignal::new(0_u32);
    let listed = Memo::new(move |_| asked(query.get()));
    let back = SharedValue::new(|| use_context::<FormReturn>().unwrap_or_default()).into_inner();
    let deeds = Deeds::new(&back, reload);
    provide_context(deeds);
    // Outlasts the rows: they may be drawn again while one of them is dragged.
    let dragging = Dragging::default();
    provide_context(dragging);
    let categories = live_resource(move || (listed.get(), reload.get()), |(query, _)| list_categories(query))
        .follow_unless(&[Topic::Categories, Topic::Products], dragging.held());
    let add = move || {
        writes.then(|| {
            view! {
                <LinkButton
                    href=new_address()
                    kind=ButtonKind::Primary
                    icon=Glyph::Plus
                    text="Nouvelle catégorie"
                />
            }
        })
    };
    let actions = move || view! { <ExportMenu spec=&SPEC query/> {add()} };
    let nothing = Nothing {
        title: "Aucune catégorie",
        text: if writes {
            "Chaque produit est dans une catégorie : créez la première."
        } else {
            "Elles apparaîtront ici."
        },
        actions: add.into(),
    };
    view! {
        <PageHeader title="Catégories" actions=actions/>
        {restores.then(|| view! { <Sides query/> })}
        <FilterForm spec=&SPEC query fields=FilterFields::of(&SPEC, query) placeholder="Nom de la catégorie"/>
        {move || deeds.refusal.get().map(|error| view! { <Refusal error/> })}
        <LiveRegion text=deeds.said/>
        {writes.then(|| view! { <FormPlace query back deeds/> })}
        <ListBody spec=&SPEC query=listed rows=categories.answer quiet=categories.quiet columns=4 table=table nothing/>
    }
}

fn table(categories: Vec<Category>, query: QueryPairs) -> AnyView {
    view! { <Rows categories query/> }.into_any()
}

/// Living ones, and deleted ones for those who may bring them back.
#[component]
fn Sides(query: Memo<QueryPairs>) -> impl IntoView {
    move || {
        let query = query.get();
        let deleted = param(&query, "is_deleted") == Some("true");
        let to = |only: Option<&str>| {
            href_with(PATH, &query, &[("is_deleted", only), ("page", None), ("cursor", None), (EDIT, None)])
        };
        let (living, gone) = (to(None), to(Some("true")));
        view! {
            <Tabs label="Catégories">
                <Tab href=living label="En usage" current=!deleted count=None/>
                <Tab href=gone label="Supprimées" current=deleted count=None/>
            </Tabs>
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_does_not_narrow_the_list() {
        let pairs = |list: &[(&str, &str)]| -> QueryPairs {
            list.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
        };
        assert_eq!(asked(pairs(&[(EDIT, "3"), ("search", "thé")])), pairs(&[("search", "thé"), ("per_page", "100")]));
        assert_eq!(asked(pairs(&[("per_page", "20")])), pairs(&[("per_page", "20")]));
    }
}
