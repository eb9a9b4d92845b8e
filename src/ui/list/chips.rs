//! The filters that hold, each with the way out of it.

use leptos::prelude::*;

use super::spec::ListSpec;
use crate::ui::components::FilterChip;
use crate::ui::query::QueryPairs;

/// A filter that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    /// What it narrows to.
    pub text: String,
    /// The parameters that say so.
    pub names: &'static [&'static str],
}

impl Chip {
    /// A chip, if there is something to say.
    pub fn new(text: Option<String>, names: &'static [&'static str]) -> Option<Self> {
        text.map(|text| Self { text, names })
    }
}

/// A link for each filter, and one out of all of them.
#[component]
pub fn Chips(
    /// The list.
    spec: &'static ListSpec,
    /// The URL's parameters.
    query: Memo<QueryPairs>,
    /// What holds now.
    #[prop(into)]
    chips: Signal<Vec<Chip>>,
) -> impl IntoView {
    move || {
        let (query, chips) = (query.get(), chips.get());
        if chips.is_empty() {
            return None;
        }
        let all = spec.without(&query, spec.narrowing);
        let chips = chips
            .into_iter()
            .map(|chip| view! { <FilterChip text=chip.text href=spec.without(&query, chip.names)/> })
            .collect_view();
        Some(view! {
            <div class="list-chips" role="group" aria-label="Filtres actifs">
                {chips}
                <a class="link" href=all>
                    "Tout effacer"
                </a>
            </div>
        })
    }
}
