//! The history of what a page is about, under it: read apart from the page, so that neither waits for the
//! other. Folded where it is long.

use leptos::prelude::*;

use super::history::{HISTORY_PAGE, History, use_history_page};
use super::icon::{Glyph, Icon};
use super::notice::Refusal;
use crate::auth::server_functions::PageContext;
use crate::error::{AppError, ErrorCode};
use crate::history::labels::address;
use crate::history::model::{HistoryOf, ToldChange};
use crate::history::server_functions::row_history;
use crate::live::{Topic, live_resource};
use crate::shared::Page;
use crate::ui::query::{QueryPairs, param, use_query_pairs};

/// Fields that are shown without being asked for.
const SHORT: usize = 6;

/// What changes it.
fn topic(what: HistoryOf) -> (&'static [Topic], Topic) {
    match what {
        HistoryOf::Order => (&[Topic::Orders], Topic::Orders),
        HistoryOf::Client => (&[Topic::Clients], Topic::Clients),
        HistoryOf::Category => (&[Topic::Categories], Topic::Categories),
        HistoryOf::User => (&[Topic::Users], Topic::Users),
        HistoryOf::Stock => (&[Topic::Stocks], Topic::Stocks),
    }
}

/// What changed, field by field, for those who may read it; nothing for others, nor where there is no such row.
#[component]
pub fn HistoryCard(
    /// What the page is about.
    what: HistoryOf,
    /// Its id; none where the URL has none.
    #[prop(into)]
    id: Signal<Option<i64>>,
) -> impl IntoView {
    let reads = expect_context::<PageContext>().user.is_some_and(|user| user.may(what.permission()));
    reads.then(|| view! { <Read what id/> })
}

#[component]
fn Read(what: HistoryOf, id: Signal<Option<i64>>) -> impl IntoView {
    let (query, page) = (use_query_pairs(), use_history_page());
    let (topics, topic) = topic(what);
    let history = live_resource(
        move || (id.get(), page.get()),
        move |(id, page)| async move {
            match id {
                Some(id) => row_history(what, id, page).await,
                None => Err(AppError::not_found("Cet historique")),
            }
        },
    )
    .follow_when(topics, move |changes| id.get_untracked().is_some_and(|id| changes.touches(topic, id)));
    // Outlasts what is drawn again when somebody changes something.
    let unfolded = RwSignal::new(None::<bool>);
    view! {
        <Transition fallback=|| ()>
            {move || Suspend::new(async move {
                let query = query.get_untracked();
                match history.answer.await {
                    Ok(page) => {
                        let path = id.get_untracked().and_then(|id| address(what.table(), id, None)).unwrap_or_default();
                        view! { <Folded page path query unfolded/> }.into_any()
                    }
                    // The page itself says so.
                    Err(error) if error.code == ErrorCode::NotFound => ().into_any(),
                    Err(error) => view! { <Refusal error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Folded(page: Page<ToldChange>, path: String, query: QueryPairs, unfolded: RwSignal<Option<bool>>) -> impl IntoView {
    let short = page.items.len() <= SHORT || param(&query, HISTORY_PAGE).is_some();
    view! {
        <details
            class="card history-card"
            open=move || unfolded.get().unwrap_or(short)
            on:toggle:target=move |ev| unfolded.set(Some(ev.target().open()))
        >
            <summary class="history-summary">
                <Icon of=Glyph::ChevronRight size=14/>
                <h2 class="card-title">"Historique, champ par champ"</h2>
            </summary>
            <div class="card-body">
                <History page path query/>
            </div>
        </details>
    }
}
