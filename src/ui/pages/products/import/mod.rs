//! Products from a file: what it would do, line by line, before it does it; and what was imported, to take back.

mod past;
mod preview;
mod upload;

use leptos::prelude::*;

use crate::auth::permission::Permission;
use crate::auth::server_functions::FormReturn;
use crate::imports::server_functions::list_imports;
use crate::products::server_functions::product_form;
use crate::ui::components::{Glyph, Guarded, Icon, PageHeader};
use crate::ui::editor::form_key;
use crate::ui::list::ListSpec;
use crate::ui::list::as_typed;
use crate::ui::query::use_query_pairs;
use past::Past;
use upload::Upload;

/// Where one imports.
pub const PATH: &str = "/produits/import";
/// Where the template is.
pub const TEMPLATE: &str = "/produits/import/modele";

/// The list of past imports.
pub static SPEC: ListSpec = ListSpec {
    path: PATH,
    one: "import",
    many: "imports",
    fields: &["search"],
    narrowing: &["search"],
    default_sort: "-created_at",
    tidy: as_typed,
};

/// `/produits/import`
#[component]
pub fn ImportPage() -> impl IntoView {
    view! {
        <div class="page">
            <Guarded permission=Permission::WriteProducts>
                <Content/>
            </Guarded>
        </div>
    }
}

#[component]
fn Content() -> impl IntoView {
    let query = use_query_pairs();
    let reload = RwSignal::new(0_u32);
    let imports = Resource::new(move || (query.get(), reload.get()), |(query, _)| list_imports(query));
    let data = Resource::new(|| (), |()| product_form());
    let back = SharedValue::new(|| use_context::<FormReturn>().unwrap_or_default()).into_inner();
    let key = form_key(&back);
    let actions = || {
        view! {
            <a class="btn btn-secondary" href=TEMPLATE download="" rel="external">
                <Icon of=Glyph::Download/>
                <span>"Modèle CSV"</span>
            </a>
        }
    };
    view! {
        <PageHeader
            title="Importer des produits"
            back=(super::PATH.to_owned(), "Produits".to_owned())
            actions=actions
        />
        <Upload back=back.clone() key data reload/>
        <Past back query imports reload/>
    }
}
