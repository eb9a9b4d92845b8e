//! The way to the other rows of a list.

use leptos::prelude::*;

use super::spec::ListSpec;
use crate::ui::components::{Glyph, Icon, PageInfo, Pager};
use crate::ui::query::{QueryPairs, href_with};

/// How many rows one may ask for.
const ROWS_A_PAGE: [i64; 3] = [20, 50, 100];

/// Where a page of a list is, without its rows.
#[derive(Debug, Clone)]
pub struct Where {
    /// Where one is.
    pub info: PageInfo,
    /// Asked for by cursor: nobody knows which page it is.
    pub by_cursor: bool,
    /// The list is never read by pages.
    pub no_pages: bool,
    /// The cursor of the rows beyond what pages reach.
    pub beyond: Option<String>,
}

/// Pages, what lies beyond them, and how many rows a page.
#[component]
pub fn Foot(
    /// The list.
    spec: &'static ListSpec,
    /// Where one is.
    place: Where,
    /// The URL's parameters.
    query: QueryPairs,
) -> impl IntoView {
    let Where { info, by_cursor, no_pages, beyond } = place;
    let after = |cursor: &str| href_with(spec.path, &query, &[("page", None), ("cursor", Some(cursor))]);
    let beyond = beyond.as_deref().map(after);
    let start = href_with(spec.path, &query, &[("cursor", None)]);
    let more = format!("{} suivants", capitalised(spec.many));
    let sizes = ROWS_A_PAGE
        .into_iter()
        .map(|rows| {
            let value = rows.to_string();
            let href = href_with(spec.path, &query, &[("per_page", Some(&value)), ("page", None), ("cursor", None)]);
            let current = (rows == info.per_page).then_some("true");
            view! {
                <a class="segment" href=href aria-current=current aria-label=format!("{rows} lignes par page")>
                    {rows}
                </a>
            }
        })
        .collect_view();
    // A choice of how many is worth its place only where there are more.
    let several = by_cursor || info.pages > 1 || info.per_page != ROWS_A_PAGE[0];
    let pager_query = query.clone();
    view! {
        <div class="list-foot">
            {if by_cursor {
                view! { <a class="link" href=start>"Revenir au début de la liste"</a> }.into_any()
            } else if no_pages {
                view! { <p class="pager figures">{info.summary()}</p> }.into_any()
            } else {
                view! { <Pager info path=spec.path query=pager_query/> }.into_any()
            }}
            {beyond
                .map(|href| {
                    view! {
                        <a class="btn btn-secondary" href=href>
                            <span>{more}</span>
                            <Icon of=Glyph::ArrowRight/>
                        </a>
                    }
                })}
            {several
                .then(|| {
                    view! {
                        <nav class="segments" aria-label="Lignes par page">
                            {sizes}
                        </nav>
                    }
                })}
        </div>
    }
}

/// The first letter in upper case.
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
