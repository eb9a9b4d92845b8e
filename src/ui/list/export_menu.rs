//! What is shown, as a file: the same filters and order, all pages.

use leptos::prelude::*;

use super::spec::ListSpec;
use crate::ui::components::{Glyph, Icon};
use crate::ui::query::{QueryPairs, href};

/// CSV and XLSX of the list as the URL says it. Plain links: the browser downloads them with its cookie.
#[component]
pub fn ExportMenu(
    /// The list.
    spec: &'static ListSpec,
    /// The URL's parameters.
    query: Memo<QueryPairs>,
) -> impl IntoView {
    let address = move |format: &str| {
        let mut query = query.get();
        query.retain(|(name, _)| !matches!(name.as_str(), "page" | "cursor" | "per_page" | "vue"));
        query.push(("format".to_owned(), format.to_owned()));
        href(&format!("/exports{}", spec.path), &query)
    };
    let csv = move || address("csv");
    let xlsx = move || address("xlsx");
    view! {
        <details class="popover popover-end">
            <summary class="btn btn-secondary">
                <Icon of=Glyph::Download/>
                <span>"Exporter"</span>
                <Icon of=Glyph::ChevronDown size=14/>
            </summary>
            <div class="popover-panel menu-panel">
                <a class="menu-item" href=csv download="" rel="external">
                    "CSV, pour un tableur"
                </a>
                <a class="menu-item" href=xlsx download="" rel="external">
                    "Classeur Excel (XLSX)"
                </a>
            </div>
        </details>
    }
}
