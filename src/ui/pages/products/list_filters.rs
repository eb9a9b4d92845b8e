//! What narrows the list of products.

use leptos::prelude::*;

use super::list::SPEC;
use crate::auth::permission::Permission;
use crate::auth::server_functions::PageContext;
use crate::error::AppError;
use crate::products::model::{CategoryBrief, ProductFormData, StockStatus};
use crate::shared::Money;
use crate::ui::components::{Button, ButtonSize, Choice, Glyph, Icon, SelectField, TextField};
use crate::ui::list::{Chip, Chips, FilterFields, FilterForm};
use crate::ui::query::{QueryPairs, param};

/// False while a price is half typed.
#[expect(clippy::ptr_arg, reason = "the shape that every list takes")]
pub fn tidy(fields: &mut Vec<(String, String)>) -> bool {
    let is_price = |name: &str| matches!(name, "prix_min" | "prix_max");
    !fields.iter().any(|(name, value)| is_price(name) && Money::parse(value).is_err())
}

/// Search, category, stock and price.
#[component]
pub fn Filters(
    /// The URL's parameters.
    query: Memo<QueryPairs>,
    /// The categories.
    data: Resource<Result<ProductFormData, AppError>>,
) -> impl IntoView {
    let stocks = expect_context::<PageContext>().user.is_some_and(|user| user.may(Permission::ReadStocks));
    let fields = FilterFields::of(&SPEC, query);
    let stock = StockStatus::ALL.map(|status| Choice::new(status.as_str(), stock_label(status)));
    let stock: Vec<_> = [Choice::new("", "Tous les stocks")].into_iter().chain(stock).collect();
    view! {
        <FilterForm spec=&SPEC query fields placeholder="Nom ou référence">
            <Suspense fallback=|| ()>
                {move || Suspend::new(async move {
                    let categories = data.await.map(|data| data.categories).unwrap_or_default();
                    let all = Choice::new("", "Toutes les catégories");
                    let choices = categories.into_iter().map(|c| Choice::new(c.id.to_string(), c.nom));
                    let choices = [all].into_iter().chain(choices).collect();
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
            {stocks
                .then(|| {
                    view! {
                        <SelectField
                            name="stock_statut"
                            label="Stock"
                            label_hidden=true
                            choices=stock.clone()
                            model=fields.get("stock_statut")
                        />
                    }
                })}
            <Price fields query/>
        </FilterForm>
        <Suspense fallback=|| ()>
            {move || Suspend::new(async move {
                let categories = data.await.map(|data| data.categories).unwrap_or_default();
                view! { <Chips spec=&SPEC query chips=Signal::derive(move || chips(&query.get(), &categories))/> }
            })}
        </Suspense>
    }
}

/// From a price to a price.
#[component]
fn Price(fields: FilterFields, query: Memo<QueryPairs>) -> impl IntoView {
    let words = move || query.with(price_words).unwrap_or_else(|| "Prix".to_owned());
    view! {
        <details class="popover">
            <summary class="btn btn-secondary">
                <Icon of=Glyph::Receipt/>
                <span>{words}</span>
                <Icon of=Glyph::ChevronDown size=14/>
            </summary>
            <div class="popover-panel orders-period">
                <TextField name="prix_min" label="Au moins" inputmode="decimal" model=fields.get("prix_min") autocomplete="off"/>
                <TextField name="prix_max" label="Au plus" inputmode="decimal" model=fields.get("prix_max") autocomplete="off"/>
                <Button submit=true size=ButtonSize::Small text="Appliquer"/>
            </div>
        </details>
    }
}

/// How a stock stands, as a filter.
fn stock_label(status: StockStatus) -> &'static str {
    match status {
        StockStatus::Ok => "Stock suffisant",
        StockStatus::Alerte => "À réapprovisionner",
        StockStatus::Rupture => "En rupture",
    }
}

/// The filters that hold.
fn chips(query: &QueryPairs, categories: &[CategoryBrief]) -> Vec<Chip> {
    let category = param(query, "category_id").map(|id| {
        let name = categories.iter().find(|category| category.id.to_string() == id);
        name.map_or_else(|| format!("Catégorie n° {id}"), |category| category.nom.clone())
    });
    let stock = param(query, "stock_statut")
        .map(|status| StockStatus::parse(status).map_or(status.to_owned(), |status| stock_label(status).to_owned()));
    let all = [
        Chip::new(param(query, "search").map(|text| format!("« {text} »")), &["search"]),
        Chip::new(category, &["category_id"]),
        Chip::new(stock, &["stock_statut"]),
        Chip::new(price_words(query), &["prix_min", "prix_max"]),
    ];
    all.into_iter().flatten().collect()
}

/// `De 5,00 € à 10,00 €`
fn price_words(query: &QueryPairs) -> Option<String> {
    let price = |name: &str| param(query, name).map(|text| Money::parse(text).map_or(text.to_owned(), Money::display));
    match (price("prix_min"), price("prix_max")) {
        (Some(min), Some(max)) => Some(format!("De {min} à {max}")),
        (Some(min), None) => Some(format!("Dès {min}")),
        (None, Some(max)) => Some(format!("Jusqu'à {max}")),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(list: &[(&str, &str)]) -> QueryPairs {
        list.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn a_price_that_is_half_typed_waits() {
        assert!(tidy(&mut pairs(&[("prix_min", "4,50"), ("search", "thé")])));
        assert!(!tidy(&mut pairs(&[("prix_max", "4,5x")])));
    }

    #[test]
    fn filters_in_words() {
        let five = Money(500).display();
        assert_eq!(price_words(&pairs(&[("prix_min", "5")])), Some(format!("Dès {five}")));
        let chips = chips(&pairs(&[("stock_statut", "rupture"), ("category_id", "9")]), &[]);
        let texts: Vec<_> = chips.into_iter().map(|chip| chip.text).collect();
        assert_eq!(texts, ["Catégorie n° 9", "En rupture"]);
    }
}
