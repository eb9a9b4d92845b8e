//! What narrows the journal.

use leptos::prelude::*;

use super::page::SPEC;
use crate::history::labels::table_label;
use crate::history::model::{Action, Author, TABLES};
use crate::history::server_functions::authors;
use crate::ui::components::{Choice, SelectField};
use crate::ui::list::{Chip, Chips, FilterFields, FilterForm, PeriodFilter, period_words};
use crate::ui::query::{QueryPairs, param};

/// What it is about, what was done, by whom and when.
#[component]
pub fn Filters(
    /// The URL's parameters.
    query: Memo<QueryPairs>,
) -> impl IntoView {
    let fields = FilterFields::of(&SPEC, query);
    let people = Resource::new(|| (), |()| async { authors().await.unwrap_or_default() });
    let mut tables = vec![Choice::new("", "Tout")];
    tables.extend(TABLES.map(|table| Choice::new(table, table_label(table))));
    let mut actions = vec![Choice::new("", "Toutes les actions")];
    actions.extend(Action::ALL.map(|action| Choice::new(action.as_str(), action.label())));
    view! {
        <FilterForm spec=&SPEC query fields>
            <SelectField name="table" label="Objet" label_hidden=true choices=tables model=fields.get("table")/>
            <SelectField name="action" label="Action" label_hidden=true choices=actions model=fields.get("action")/>
            <Suspense fallback=|| ()>
                {move || Suspend::new(async move {
                    let mut choices = vec![Choice::new("", "Tout le monde")];
                    choices.extend(people.await.into_iter().map(|p| Choice::new(p.id.to_string(), p.name)));
                    view! {
                        <SelectField
                            name="user_id"
                            label="Auteur"
                            label_hidden=true
                            choices
                            model=fields.get("user_id")
                        />
                    }
                })}
            </Suspense>
            <PeriodFilter fields query/>
        </FilterForm>
        <Suspense fallback=|| ()>
            {move || Suspend::new(async move {
                let people = people.await;
                view! { <Chips spec=&SPEC query chips=Signal::derive(move || chips(&query.get(), &people))/> }
            })}
        </Suspense>
    }
}

/// The filters that hold.
fn chips(query: &QueryPairs, people: &[Author]) -> Vec<Chip> {
    let row = param(query, "row_id").map(|id| format!("N° {id}"));
    let action = param(query, "action")
        .map(|text| Action::parse(text).map_or_else(|| text.to_owned(), |action| action.label().to_owned()));
    let user = param(query, "user_id").map(|id| {
        let found = people.iter().find(|person| person.id.to_string() == id);
        found.map_or_else(|| format!("Auteur n° {id}"), |person| format!("Par {}", person.name))
    });
    let all = [
        Chip::new(param(query, "table").map(|table| table_label(table).to_owned()), &["table", "row_id"]),
        Chip::new(row, &["row_id"]),
        Chip::new(action, &["action"]),
        Chip::new(user, &["user_id"]),
        Chip::new(period_words(query), &["start_date", "end_date"]),
    ];
    all.into_iter().flatten().collect()
}
