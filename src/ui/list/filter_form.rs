//! What narrows a list: a plain GET form, which the page takes over once it has woken up. A change goes
//! into the URL at once, typing in the search box after a pause.

use std::time::Duration;

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlInputElement;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::period::is_day;
use super::spec::ListSpec;
use crate::shared::Day;
use crate::ui::components::{Button, Glyph, SearchBox};
use crate::ui::query::{QueryPairs, param};

/// The signals of a filter form's fields, by name.
#[derive(Clone, Copy)]
pub struct FilterFields(StoredValue<Vec<(&'static str, RwSignal<String>)>>);

impl FilterFields {
    /// With what the URL says.
    pub fn of(spec: &ListSpec, query: Memo<QueryPairs>) -> Self {
        let of =
            |name: &&'static str| (*name, RwSignal::new(query.with_untracked(|query| wanted(query, name).to_owned())));
        Self(StoredValue::new(spec.fields.iter().map(of).collect()))
    }

    /// The signal of a field; one of its own for a name the form does not have.
    pub fn get(self, name: &str) -> RwSignal<String> {
        let found = self.0.with_value(|fields| fields.iter().find(|(n, _)| *n == name).map(|(_, signal)| *signal));
        found.unwrap_or_else(|| RwSignal::new(String::new()))
    }

    fn values(self) -> Vec<(&'static str, String)> {
        self.0.with_value(|fields| fields.iter().map(|(name, signal)| (*name, signal.get_untracked())).collect())
    }

    /// Follows the URL: a link or the way back may have changed it.
    fn take(self, query: &QueryPairs) {
        self.0.with_value(|fields| {
            for (name, field) in fields {
                let wanted = wanted(query, name);
                if field.with_untracked(|now| now.trim() != wanted) {
                    field.set(wanted.to_owned());
                }
            }
        });
    }
}

/// What the URL says of a field. A day that does not exist can stand in no box: the list says that there is none.
fn wanted<'a>(query: &'a [(String, String)], name: &str) -> &'a str {
    param(query, name).filter(|text| !is_day(name) || Day::parse(text).is_some()).unwrap_or_default()
}

/// The search box and, as children, the other fields.
#[component]
pub fn FilterForm(
    /// The list.
    spec: &'static ListSpec,
    /// The URL's parameters.
    query: Memo<QueryPairs>,
    /// The fields' signals.
    fields: FilterFields,
    /// What may be searched for; without it there is no search box.
    #[prop(optional)]
    placeholder: &'static str,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let navigate = use_navigate();
    let go = Callback::new(move |()| {
        if let Some(address) = spec.wanted(&query.get_untracked(), &fields.values()) {
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
    view! {
        <form
            class="filter-bar"
            method="get"
            action=spec.path
            role="search"
            // The URL says what it holds, not the browser's memory of another visit.
            autocomplete="off"
            aria-label=format!("Filtrer les {}", spec.many)
            on:input=on_input
            on:change=on_change
            on:submit=on_submit
        >
            {move || kept(spec, &query.get())}
            {(!placeholder.is_empty())
                .then(|| {
                    view! {
                        <SearchBox
                            label=format!("Rechercher dans les {}", spec.many)
                            placeholder=placeholder
                            value=fields.get("search").get_untracked()
                        />
                    }
                })}
            {children.map(|children| children())}
            <Button submit=true icon=Glyph::Filter text="Filtrer"/>
        </form>
    }
}

/// The URL's other parameters, carried along hidden.
fn kept(spec: &ListSpec, query: &QueryPairs) -> impl IntoView + use<> {
    let kept = query.iter().filter(|(name, _)| !spec.is_left_out(name)).cloned();
    kept.map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view()
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
