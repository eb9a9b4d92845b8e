//! What narrows the list of orders.

use leptos::prelude::*;

use super::list::SPEC;
use crate::orders::filter::{DateField, DeliveryOutcome};
use crate::orders::server_functions::name_filters;
use crate::orders::sets::FilterNames;
use crate::orders::workflow::OrderStatus;
use crate::shared::Day;
use crate::ui::components::{Button, ButtonSize, Choice, Glyph, Icon, SelectField, TextField};
use crate::ui::format;
use crate::ui::list::{Chip, Chips, FilterFields, FilterForm, is_day};
use crate::ui::query::{QueryPairs, param, params};
use crate::users::model::CourierBrief;
use crate::users::server_functions::couriers;

/// Which date counts only matters with a day; the first one is meant anyway. False while a day is half typed.
pub fn tidy(fields: &mut Vec<(String, String)>) -> bool {
    if fields.iter().any(|(name, value)| is_day(name) && Day::parse(value).is_none()) {
        return false;
    }
    let no_days = !fields.iter().any(|(name, _)| is_day(name));
    fields.retain(|(name, value)| name != "date_champ" || !(no_days || value == DateField::default().as_str()));
    true
}

/// Search, livreur and period.
#[component]
pub fn Filters(
    /// The URL's parameters.
    query: Memo<QueryPairs>,
) -> impl IntoView {
    let fields = FilterFields::of(&SPEC, query);
    let people = Resource::new(|| (), |()| async { couriers().await.unwrap_or_default() });
    let ids = Memo::new(move |_| {
        query.with(|query| ["product_id", "category_id", "client_id"].map(|name| id_of(query, name)))
    });
    let names = Resource::new(
        move || ids.get(),
        |ids| async move {
            let [product, category, client] = ids;
            if ids == [None; 3] {
                return FilterNames::default();
            }
            name_filters(product.map(Into::into), category.map(Into::into), client.map(Into::into))
                .await
                .unwrap_or_default()
        },
    );
    view! {
        <FilterForm spec=&SPEC query fields placeholder="Numéro, client ou téléphone">
            <Suspense fallback=|| ()>
                {move || Suspend::new(async move {
                    let people = people.await;
                    view! { <CourierSelect people model=fields.get("livreur_id")/> }
                })}
            </Suspense>
            <Period fields query/>
        </FilterForm>
        <Suspense fallback=|| ()>
            {move || Suspend::new(async move {
                let (people, names) = (people.await, names.await);
                view! { <Chips spec=&SPEC query chips=Signal::derive(move || chips(&query.get(), &people, &names))/> }
            })}
        </Suspense>
    }
}

/// Who delivers.
#[component]
fn CourierSelect(people: Vec<CourierBrief>, model: RwSignal<String>) -> impl IntoView {
    let mut choices = vec![Choice::new("", "Tous les livreurs"), Choice::new("none", "Non assignée")];
    choices.extend(people.iter().map(|courier| Choice::new(courier.id.to_string(), courier.display())));
    view! { <SelectField name="livreur_id" label="Livreur" label_hidden=true choices model/> }
}

/// From day to day, and which of an order's days is meant.
#[component]
fn Period(fields: FilterFields, query: Memo<QueryPairs>) -> impl IntoView {
    let choices = DateField::ALL.map(|field| Choice::new(field.as_str(), date_label(field))).to_vec();
    let words = move || query.with(period_words).unwrap_or_else(|| "Période".to_owned());
    view! {
        <details class="popover">
            <summary class="btn btn-secondary">
                <Icon of=Glyph::Calendar/>
                <span>{words}</span>
                <Icon of=Glyph::ChevronDown size=14/>
            </summary>
            <div class="popover-panel orders-period">
                <SelectField name="date_champ" label="Date" choices model=fields.get("date_champ")/>
                <TextField name="start_date" label="Du" kind="date" model=fields.get("start_date")/>
                <TextField name="end_date" label="Au" kind="date" model=fields.get("end_date")/>
                <Button submit=true size=ButtonSize::Small text="Appliquer"/>
            </div>
        </details>
    }
}

/// An id among the filters.
fn id_of(query: &QueryPairs, name: &str) -> Option<i64> {
    param(query, name).and_then(|id| id.parse().ok())
}

/// The filters that hold.
fn chips(query: &QueryPairs, people: &[CourierBrief], names: &FilterNames) -> Vec<Chip> {
    let courier = param(query, "livreur_id").map(|id| {
        let name = people.iter().find(|person| person.id.to_string() == id).map(CourierBrief::display);
        match (name, id) {
            (Some(name), _) => format!("Livreur : {name}"),
            (None, "none") => "Non assignée".to_owned(),
            (None, id) => format!("Livreur n° {id}"),
        }
    });
    let of = |name: &str, words: &str, known: &Option<String>| {
        param(query, name).map(|id| match known {
            Some(known) => format!("{words} : {known}"),
            None => format!("{words} n° {id}"),
        })
    };
    let all = [
        Chip::new(param(query, "search").map(|text| format!("« {text} »")), &["search"]),
        Chip::new(statuses(query), &["statut"]),
        Chip::new(courier, &["livreur_id"]),
        Chip::new(of("client_id", "Client", &names.client), &["client_id"]),
        Chip::new(of("product_id", "Article", &names.product), &["product_id"]),
        Chip::new(of("category_id", "Catégorie", &names.category), &["category_id"]),
        Chip::new(others(query, "hors_product_id", "article", "articles"), &["hors_product_id"]),
        Chip::new(others(query, "hors_category_id", "catégorie", "catégories"), &["hors_category_id"]),
        Chip::new(outcome(query), &["livraison"]),
        Chip::new(period_words(query), &["start_date", "end_date", "date_champ"]),
    ];
    all.into_iter().flatten().collect()
}

/// `Sauf 10 articles`
fn others(query: &QueryPairs, name: &str, one: &str, many: &str) -> Option<String> {
    let count = params(query, name).count();
    (count > 0).then(|| format!("Sauf {}", format::count(count as i64, one, many)))
}

/// `Confirmée, en livraison ou livrée`; a single status is a tab.
fn statuses(query: &QueryPairs) -> Option<String> {
    let chosen: Vec<_> = params(query, "statut").filter_map(OrderStatus::parse).map(OrderStatus::label).collect();
    let (last, first) = chosen.split_last().filter(|(_, first)| !first.is_empty())?;
    let words = format!("{} ou {}", first.join(", "), last);
    let mut letters = words.to_lowercase().chars().collect::<Vec<_>>();
    if let Some(head) = letters.first_mut() {
        *head = head.to_ascii_uppercase();
    }
    Some(letters.into_iter().collect())
}

fn outcome(query: &QueryPairs) -> Option<String> {
    let chosen = param(query, "livraison")?;
    DeliveryOutcome::ALL
        .into_iter()
        .find(|outcome| outcome.as_str() == chosen)
        .map(|outcome| outcome.label().to_owned())
}

fn date_label(field: DateField) -> &'static str {
    match field {
        DateField::CreatedAt => "Saisie",
        DateField::ConfirmedAt => "Confirmée",
        DateField::DeliveredAt => "Livrée",
        DateField::DateLivraisonPrevue => "Livraison prévue",
    }
}

/// `Livrée du 1er nov. au 22 nov.`
fn period_words(query: &QueryPairs) -> Option<String> {
    let day = |name: &str| param(query, name).map(|text| Day::parse(text).map_or(text.to_owned(), Day::display_short));
    let chosen = param(query, "date_champ");
    let field = DateField::ALL.into_iter().find(|field| Some(field.as_str()) == chosen).unwrap_or_default();
    let label = date_label(field);
    match (day("start_date"), day("end_date")) {
        (Some(start), Some(end)) if start == end => Some(format!("{label} le {start}")),
        (Some(start), Some(end)) => Some(format!("{label} du {start} au {end}")),
        (Some(start), None) => Some(format!("{label} depuis le {start}")),
        (None, Some(end)) => Some(format!("{label} jusqu'au {end}")),
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
    fn which_date_counts_only_matters_with_a_day() {
        let tidied = |list: &[(&str, &str)]| {
            let mut fields = pairs(list);
            tidy(&mut fields).then_some(fields)
        };
        assert_eq!(tidied(&[("search", "Anne"), ("date_champ", "delivered_at")]), Some(pairs(&[("search", "Anne")])));
        let dated = [("date_champ", "delivered_at"), ("start_date", "2026-11-01")];
        assert_eq!(tidied(&dated), Some(pairs(&dated)));
        assert_eq!(
            tidied(&[("date_champ", "created_at"), ("end_date", "2026-11-01")]),
            Some(pairs(&[("end_date", "2026-11-01")]))
        );
        assert_eq!(tidied(&[("start_date", "0002-11-01")]), None, "a year half typed");
    }

    #[test]
    fn several_statuses_are_told_and_left_at_once() {
        let of = |list: &[&str]| statuses(&list.iter().map(|s| ("statut".to_owned(), (*s).to_owned())).collect());
        assert_eq!(of(&["confirmee", "en_livraison", "livree"]).as_deref(), Some("Confirmée, en livraison ou livrée"));
        assert_eq!((of(&["livree"]), of(&[]), of(&["livree", "inconnu"])), (None, None, None), "a tab shows one");
        let query = pairs(&[("statut", "confirmee"), ("statut", "livree"), ("search", "Anne")]);
        let chips = chips(&query, &[], &FilterNames::default());
        let chip = chips.iter().find(|chip| chip.text == "Confirmée ou livrée").expect("a chip");
        assert_eq!(SPEC.without(&query, chip.names), "/commandes?search=Anne");
    }

    #[test]
    fn periods_in_words() {
        let words = |list: &[(&str, &str)]| period_words(&pairs(list));
        assert_eq!(words(&[("date_champ", "delivered_at")]), None);
        assert_eq!(
            words(&[("date_champ", "delivered_at"), ("start_date", "2026-11-01"), ("end_date", "2026-11-22")])
                .as_deref(),
            Some("Livrée du 1er nov. au 22 nov.")
        );
        assert_eq!(words(&[("end_date", "2026-11-22")]).as_deref(), Some("Saisie jusqu'au 22 nov."));
    }
}
