//! What narrows the list: a plain GET form, which the page takes over once it has woken up.

use std::time::Duration;

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlInputElement;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::list::{NARROWING, PATH};
use crate::auth::permission::Permission;
use crate::auth::server_functions::PageContext;
use crate::orders::filter::DateField;
use crate::shared::Day;
use crate::ui::components::{
    Button, ButtonSize, Choice, FilterChip, Glyph, Icon, KeepParams, SearchBox, SelectField, TextField,
};
use crate::ui::query::{QueryPairs, href, href_with, param};
use crate::users::model::CourierBrief;
use crate::users::server_functions::couriers;

/// The fields of the form, in this order in the URL.
const FIELDS: [&str; 5] = ["search", "livreur_id", "date_champ", "start_date", "end_date"];
/// Those that it does not carry along.
const NOT_KEPT: &[&str] = &["search", "livreur_id", "date_champ", "start_date", "end_date", "page", "cursor"];

/// The signals of the form's fields.
#[derive(Clone, Copy)]
struct Fields([RwSignal<String>; 5]);

impl Fields {
    fn of(query: &QueryPairs) -> Self {
        Self(FIELDS.map(|name| RwSignal::new(param(query, name).unwrap_or_default().to_owned())))
    }

    fn get(self, name: &str) -> RwSignal<String> {
        self.0[FIELDS.iter().position(|field| *field == name).unwrap_or_default()]
    }

    fn values(self) -> [String; 5] {
        self.0.map(|field| field.get_untracked())
    }

    /// Follows the URL: a link or the way back may have changed it.
    fn take(self, query: &QueryPairs) {
        for (name, field) in FIELDS.iter().zip(self.0) {
            let wanted = param(query, name).unwrap_or_default();
            if field.with_untracked(|now| now.trim() != wanted) {
                field.set(wanted.to_owned());
            }
        }
    }
}

/// The URL that the fields ask for; `None` while a day is half typed.
fn wanted(query: &QueryPairs, values: [String; 5]) -> Option<String> {
    let [.., start, end] = &values;
    if [start, end].into_iter().any(|day| !day.is_empty() && Day::parse(day).is_none()) {
        return None;
    }
    let no_days = start.is_empty() && end.is_empty();
    let kept = query.iter().filter(|(name, _)| !NOT_KEPT.contains(&name.as_str())).cloned();
    let fields = FIELDS.iter().zip(values).filter_map(|(name, value)| {
        let value = value.trim();
        // Which date counts only matters with a day; the first one is meant anyway.
        let idle = *name == "date_champ" && (no_days || value == DateField::default().as_str());
        (!value.is_empty() && !idle).then(|| ((*name).to_owned(), value.to_owned()))
    });
    Some(href(PATH, &kept.chain(fields).collect::<Vec<_>>()))
}

/// Search, livreur and period.
#[component]
pub fn Filters(
    /// The URL's parameters.
    query: Memo<QueryPairs>,
) -> impl IntoView {
    let context = expect_context::<PageContext>();
    let all = context.user.is_some_and(|user| user.may(Permission::ReadAllOrders));
    let fields = query.with_untracked(Fields::of);
    let navigate = use_navigate();
    let go = Callback::new(move |()| {
        if let Some(address) = wanted(&query.get_untracked(), fields.values()) {
            let quiet = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
            navigate(&address, quiet);
        }
    });
    Effect::new(move |first: Option<()>| {
        let query = query.get();
        // What was typed before the page woke up counts more than the URL.
        if first.is_some() {
            fields.take(&query);
            show_search(&fields.get("search").get_untracked());
        }
    });
    let typed = StoredValue::new(0_u32);
    let on_input = move |ev: leptos::ev::Event| {
        let Some(text) = search_text(&ev) else { return };
        fields.get("search").set(text);
        typed.update_value(|n| *n += 1);
        let mine = typed.get_value();
        set_timeout(
            move || {
                if typed.try_get_value() == Some(mine) {
                    go.run(());
                }
            },
            Duration::from_millis(250),
        );
    };
    let on_change = move |ev: leptos::ev::Event| {
        if search_text(&ev).is_none() {
            go.run(());
        }
    };
    let on_submit = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        typed.update_value(|n| *n += 1);
        go.run(());
    };
    let people = Resource::new(
        || (),
        move |()| async move { if all { couriers().await.unwrap_or_default() } else { Vec::new() } },
    );
    view! {
        <form
            class="filter-bar"
            method="get"
            action=PATH
            role="search"
            aria-label="Filtrer les commandes"
            on:input=on_input
            on:change=on_change
            on:submit=on_submit
        >
            {move || view! { <KeepParams query=query.get() except=NOT_KEPT/> }}
            <SearchBox
                label="Rechercher une commande"
                placeholder="Numéro, client ou téléphone"
                value=fields.get("search").get_untracked()
            />
            <Suspense fallback=|| ()>
                {move || Suspend::new(async move {
                    let people = people.await;
                    all.then(|| view! { <CourierSelect people model=fields.get("livreur_id")/> })
                })}
            </Suspense>
            <Period fields query/>
            <Button submit=true icon=Glyph::Filter text="Filtrer"/>
        </form>
        <Suspense fallback=|| ()>
            {move || Suspend::new(async move {
                let people = people.await;
                view! { <Chips query people/> }
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
fn Period(fields: Fields, query: Memo<QueryPairs>) -> impl IntoView {
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

/// The filters that hold, each with the way out of it.
#[component]
fn Chips(query: Memo<QueryPairs>, people: Vec<CourierBrief>) -> impl IntoView {
    let people = StoredValue::new(people);
    move || {
        let query = query.get();
        if NARROWING.iter().all(|name| param(&query, name).is_none()) {
            return None;
        }
        let without = |names: &[&str]| {
            let gone: Vec<_> = names.iter().chain(&["page", "cursor"]).map(|name| (*name, None)).collect();
            href_with(PATH, &query, &gone)
        };
        let courier = param(&query, "livreur_id").map(|id| {
            let name = people.with_value(|people| {
                people.iter().find(|person| person.id.to_string() == id).map(CourierBrief::display)
            });
            match (name, id) {
                (Some(name), _) => format!("Livreur : {name}"),
                (None, "none") => "Non assignée".to_owned(),
                (None, id) => format!("Livreur n° {id}"),
            }
        });
        let of = |name: &str, words: &str| param(&query, name).map(|id| format!("{words} n° {id}"));
        let chips = [
            (param(&query, "search").map(|text| format!("« {text} »")), without(&["search"])),
            (courier, without(&["livreur_id"])),
            (of("client_id", "Client"), without(&["client_id"])),
            (of("product_id", "Article"), without(&["product_id"])),
            (of("category_id", "Catégorie"), without(&["category_id"])),
            (period_words(&query), without(&["start_date", "end_date", "date_champ"])),
        ];
        let chips = chips
            .into_iter()
            .filter_map(|(text, href)| text.map(|text| view! { <FilterChip text href/> }))
            .collect_view();
        Some(view! {
            <div class="orders-chips" role="group" aria-label="Filtres actifs">
                {chips}
                <a class="link" href=without(&NARROWING)>
                    "Tout effacer"
                </a>
            </div>
        })
    }
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

/// What stands in the search box, when the event comes from there.
fn search_text(ev: &leptos::ev::Event) -> Option<String> {
    let input = ev.target()?.dyn_into::<HtmlInputElement>().ok()?;
    (input.name() == "search").then(|| input.value())
}

/// Writes the search of the URL into its box, but never under somebody's fingers.
fn show_search(text: &str) {
    let input = document().get_element_by_id("search").and_then(|e| e.dyn_into::<HtmlInputElement>().ok());
    if let Some(input) = input
        && !document().active_element().is_some_and(|active| input.is_same_node(Some(&active)))
        && input.value() != text
    {
        input.set_value(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(list: &[(&str, &str)]) -> QueryPairs {
        list.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn the_url_says_what_the_fields_say_from_the_first_page() {
        let query = pairs(&[("statut", "livree"), ("page", "4"), ("search", "old")]);
        let values = [" Anne ", "none", "created_at", "", ""].map(str::to_owned);
        assert_eq!(wanted(&query, values).as_deref(), Some("/commandes?statut=livree&search=Anne&livreur_id=none"));
        let values = ["", "", "delivered_at", "2026-11-01", ""].map(str::to_owned);
        assert_eq!(
            wanted(&query, values).as_deref(),
            Some("/commandes?statut=livree&date_champ=delivered_at&start_date=2026-11-01")
        );
        assert_eq!(wanted(&query, ["", "", "", "0002-11-01", ""].map(str::to_owned)), None);
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
