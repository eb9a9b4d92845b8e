//! What is shown, as a file: the same filters and order, all pages.

use leptos::prelude::*;

use super::spec::ListSpec;
use crate::ui::components::{Glyph, Icon};
use crate::ui::query::{QueryPairs, href};

/// The file of the list at `path`, whose URL has the parameters `query`: the same filters and order, all pages.
/// `format`: `csv` or `xlsx`.
pub fn export_address(path: &str, query: &[(String, String)], format: &str) -> String {
    // What says how the page shows the list, or what is open in it.
    let of_page = |name: &str| matches!(name, "page" | "cursor" | "per_page" | "vue" | "modifier");
    let kept = query.iter().filter(|(name, _)| !of_page(name));
    let kept = kept.map(|(name, value)| (name.as_str(), value.as_str())).chain([("format", format)]);
    href(&format!("/exports{path}"), &kept.collect::<Vec<_>>())
}

/// CSV and XLSX of the list as the URL says it. Plain links: the browser downloads them with its cookie.
#[component]
pub fn ExportMenu(
    /// The list.
    spec: &'static ListSpec,
    /// The URL's parameters.
    query: Memo<QueryPairs>,
) -> impl IntoView {
    let address = move |format: &str| query.with(|query| export_address(spec.path, query, format));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_the_filters_and_the_order_of_its_page_and_all_of_its_pages() {
        let pairs = |list: &[(&str, &str)]| -> QueryPairs {
            list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let query = pairs(&[
            ("statut", "brouillon"),
            ("search", "thé"),
            ("sort", "-total"),
            ("page", "3"),
            ("per_page", "50"),
            ("modifier", "4"),
        ]);
        assert_eq!(
            export_address("/commandes", &query, "csv"),
            "/exports/commandes?statut=brouillon&search=th%C3%A9&sort=-total&format=csv"
        );
        assert_eq!(export_address("/stocks/mouvements", &[], "xlsx"), "/exports/stocks/mouvements?format=xlsx");
    }
}
