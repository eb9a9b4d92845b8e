//! What narrows the list of stocks.

use leptos::prelude::*;

use super::list::SPEC;
use crate::products::model::CategoryBrief;
use crate::stocks::server_functions::stock_categories;
use crate::ui::components::{Choice, SelectField};
use crate::ui::list::{Chip, Chips, FilterFields, FilterForm};
use crate::ui::query::{QueryPairs, param};

/// Search and category.
#[component]
pub fn Filters(
    /// The URL's parameters.
    query: Memo<QueryPairs>,
) -> impl IntoView {
    let fields = FilterFields::of(&SPEC, query);
    let categories = Resource::new(|| (), |()| async { stock_categories().await.unwrap_or_default() });
    view! {
        <FilterForm spec=&SPEC query fields placeholder="Produit ou référence">
            <Suspense fallback=|| ()>
                {move || Suspend::new(async move {
                    let mut choices = vec![Choice::new("", "Toutes les catégories")];
                    let all = categories.await;
                    choices.extend(all.into_iter().map(|c| Choice::new(c.id.to_string(), c.nom)));
                    view! {
                        <SelectField
                            name="category_id"
                            label="Catégorie"
                            label_hidden=true
                            choices
                            model=fields.get("category_id")
                        />
                    }
                })}
            </Suspense>
        </FilterForm>
        <Suspense fallback=|| ()>
            {move || Suspend::new(async move {
                let categories = categories.await;
                view! { <Chips spec=&SPEC query chips=Signal::derive(move || chips(&query.get(), &categories))/> }
            })}
        </Suspense>
    }
}

/// The filters that hold; the tabs show theirs themselves.
fn chips(query: &QueryPairs, categories: &[CategoryBrief]) -> Vec<Chip> {
    let category = param(query, "category_id").map(|id| {
        let found = categories.iter().find(|category| category.id.to_string() == id);
        found.map_or_else(|| format!("Catégorie n° {id}"), |category| category.nom.clone())
    });
    let all = [
        Chip::new(param(query, "search").map(|text| format!("« {text} »")), &["search"]),
        Chip::new(category, &["category_id"]),
    ];
    all.into_iter().flatten().collect()
}
