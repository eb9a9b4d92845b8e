//! The rows of a list, or why there are none.

use leptos::prelude::*;

use super::foot::{Foot, Where, capitalised};
use super::spec::ListSpec;
use crate::error::AppError;
use crate::shared::Page;
use crate::ui::components::{
    EmptyState, Glyph, LinkButton, LiveRegion, Notice, PageInfo, Refusal, SkeletonRows, TableFrame, Tone,
};
use crate::ui::query::{QueryPairs, address_faults, href_with, param};
use crate::ui::shortcuts::rows::Place;
use crate::ui::status;

/// Said where the parameters of an address ask for what there is not.
const BAD_ADDRESS: &str = "Cette adresse ne mène à aucune liste";
/// The parameter of the tab with what was deleted.
const DELETED: &str = "is_deleted";

/// What an empty list says.
#[derive(Clone)]
pub struct Nothing {
    /// That there is nothing yet.
    pub title: &'static str,
    /// What to do next.
    pub text: &'static str,
    /// Buttons that do it.
    pub actions: ViewFn,
}

/// What was found, drawn by `table`; else what to do next.
#[component]
pub fn ListBody<T>(
    /// The list.
    spec: &'static ListSpec,
    /// The URL's parameters.
    query: Memo<QueryPairs>,
    /// What is read.
    rows: Resource<Result<Page<T>, AppError>>,
    /// It is read again because others changed it: nothing shows that it is under way.
    #[prop(optional, into)]
    quiet: Signal<bool>,
    /// Columns of the table, while it is on its way.
    columns: usize,
    /// Draws the rows.
    table: fn(Vec<T>, QueryPairs) -> AnyView,
    /// What is said when there is nothing at all.
    nothing: Nothing,
    /// From one part to the next by cursor alone: for what grows while one reads it.
    #[prop(optional)]
    by_cursor: bool,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
{
    let (pending, set_pending) = signal(false);
    let nothing = StoredValue::new(nothing);
    view! {
        <div class="list-body" class:refreshing=move || pending.get() && !quiet.get()>
            <Transition fallback=move || view! { <Placeholder spec columns/> } set_pending>
                {move || Suspend::new(async move {
                    let page = rows.await;
                    // The row that has the focus may have left the list: then it is gone with the next drawing.
                    if cfg!(feature = "hydrate")
                        && let Some(row) = Place::now()
                    {
                        row.hold();
                    }
                    let query = query.get_untracked();
                    match page {
                        Ok(page) if page.items.is_empty() => {
                            match page.pages.filter(|last| page.total > Some(0) && page.page > Some(*last)) {
                                Some(last) => view! { <Beyond spec query last/> }.into_any(),
                                None => view! { <Empty spec query nothing=nothing.get_value()/> }.into_any(),
                            }
                        }
                        Ok(page) => {
                            let place = place(&page, by_cursor);
                            let spoken = place.info.spoken(spec.one, spec.many);
                            let rows = table(page.items, query.clone());
                            view! {
                                <LiveRegion text=Signal::derive(move || spoken.clone())/>
                                {rows}
                                <Foot spec place query/>
                            }
                                .into_any()
                        }
                        Err(error) => view! { <Refused spec error/> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

fn place<T>(page: &Page<T>, by_cursor: bool) -> Where {
    let last_page = page.page.is_none() || page.page == page.pages;
    Where {
        info: PageInfo::of(page),
        by_cursor: page.total.is_none(),
        no_pages: by_cursor,
        beyond: page.next_cursor.clone().filter(|_| by_cursor || last_page),
    }
}

#[component]
fn Refused(spec: &'static ListSpec, error: AppError) -> impl IntoView {
    status::set(error.code.status());
    // An address is no form: its parameters are told by what they are on the page.
    let told = match address_faults(&error) {
        Some(faults) => view! { <Notice tone=Tone::Amber title=BAD_ADDRESS alert=true>{faults}</Notice> }.into_any(),
        None => view! { <Refusal error/> }.into_any(),
    };
    view! {
        {told}
        <div class="form-actions">
            <LinkButton href=spec.path text="Voir la liste entière"/>
        </div>
    }
}

/// The page that was asked for is behind the last one: its rows may have left the list meanwhile.
#[component]
fn Beyond(spec: &'static ListSpec, query: QueryPairs, last: i64) -> impl IntoView {
    let value = last.to_string();
    let href = href_with(spec.path, &query, &[("page", Some(&value))]);
    let title = "Il n'y a plus rien sur cette page";
    view! {
        <section class="card" aria-label="Résultat">
            <LiveRegion text=title/>
            <EmptyState icon=Glyph::Inbox title=title text="La liste s'est raccourcie.">
                <LinkButton href text="Voir la dernière page"/>
            </EmptyState>
        </section>
    }
}

#[component]
fn Empty(spec: &'static ListSpec, query: QueryPairs, nothing: Nothing) -> impl IntoView {
    let narrowed = spec.is_narrowed(&query);
    let bin = narrowed && param(&query, DELETED).is_some() && spec.counted(&query, &[DELETED]).is_empty();
    let (title, text) = match (bin, narrowed) {
        (true, _) => {
            ("Rien n'a été supprimé".to_owned(), "Ce qui est supprimé se retrouve ici, et peut être restauré.")
        }
        (_, true) => (
            format!("Rien ne correspond parmi les {}", spec.many),
            "Changez la recherche ou les filtres, ou repartez de la liste entière.",
        ),
        _ => (nothing.title.to_owned(), nothing.text),
    };
    let spoken = title.clone();
    view! {
        <section class="card" aria-label="Résultat">
            <LiveRegion text=Signal::derive(move || spoken.clone())/>
            <EmptyState icon=if narrowed { Glyph::NotFound } else { Glyph::Inbox } title=title text=text>
                {narrowed.then(|| view! { <LinkButton href=spec.path text="Voir la liste entière"/> })}
                {(!narrowed).then(|| nothing.actions.run())}
            </EmptyState>
        </section>
    }
}

/// The table's place while it is on its way.
#[component]
fn Placeholder(spec: &'static ListSpec, columns: usize) -> impl IntoView {
    view! {
        <TableFrame label=capitalised(spec.many)>
            <tbody>
                <SkeletonRows rows=12 columns=columns/>
            </tbody>
        </TableFrame>
    }
}
