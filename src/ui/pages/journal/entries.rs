//! What one reads: requests, the rows each changed, and their fields before and after.

use leptos::prelude::*;

use super::group::{Entry, Request};
use super::page::PATH;
use crate::auth::server_functions::PageContext;
use crate::history::labels::{address, label, shown, table_label};
use crate::history::model::{Action, ToldChange};
use crate::ui::components::{Badge, Glyph, Icon, Tone, VisuallyHidden};
use crate::ui::format::count;
use crate::ui::query::{QueryPairs, href, href_with};

/// The requests of a page, newest first.
#[component]
pub fn Requests(
    /// The requests.
    requests: Vec<Request>,
    /// The URL's parameters.
    query: QueryPairs,
) -> impl IntoView {
    let query = StoredValue::new(query);
    let items = requests.into_iter().map(|request| view! { <RequestItem request query/> }).collect_view();
    view! {
        <ol class="journal-list" aria-label="Changements">
            {items}
        </ol>
    }
}

#[component]
fn RequestItem(request: Request, query: StoredValue<QueryPairs>) -> impl IntoView {
    let zone = expect_context::<PageContext>().zone;
    let rows = i64::try_from(request.entries.len()).unwrap_or(0);
    let several = (rows > 1).then(|| count(rows, "objet", "objets"));
    let user = request.user_id.to_string();
    let by =
        query.with_value(|query| href_with(PATH, query, &[("user_id", Some(&user)), ("page", None), ("cursor", None)]));
    let entries = request.entries.into_iter().enumerate();
    let entries = entries.map(|(at, entry)| view! { <EntryItem entry first=at == 0/> }).collect_view();
    view! {
        <li class="journal-request">
            <div class="journal-head">
                <Icon of=Glyph::User/>
                <a class="quiet-link journal-who" href=by>
                    {request.auteur}
                </a>
                <time class="journal-when figures" datetime=request.at.to_rfc3339()>
                    {zone.display(request.at)}
                </time>
                {several.map(|several| view! { <span class="journal-several">{several} " en une fois"</span> })}
                {request.id.map(|id| view! { <span class="journal-id" title="Numéro de la requête">{id}</span> })}
            </div>
            {entries}
        </li>
    }
}

/// Hue and icon of an action.
fn mark(action: Action) -> (Tone, Glyph) {
    match action {
        Action::Creation => (Tone::Green, Glyph::Plus),
        Action::Modification => (Tone::Blue, Glyph::Pencil),
        Action::Suppression => (Tone::Rose, Glyph::Trash),
        Action::Restauration => (Tone::Violet, Glyph::Undo),
    }
}

#[component]
fn EntryItem(entry: Entry, first: bool) -> impl IntoView {
    let Entry { table, row_id, version, parent_id, action, about, fields } = entry;
    let (tone, icon) = mark(action);
    let kind = table_label(&table);
    let living = about.as_ref().is_none_or(|about| about.living);
    let name = about.map_or_else(|| format!("n° {row_id}"), |about| about.name);
    let spoken = format!("{} : {kind} {name}, version {version}", action.label());
    let subject = match address(&table, row_id, parent_id).filter(|_| living) {
        Some(address) => view! { <a class="link" href=address>{name}</a> }.into_any(),
        None => view! { <span class="journal-gone">{name}</span> }.into_any(),
    };
    let all = href(PATH, &[("table", table.clone()), ("row_id", row_id.to_string())]);
    // A new row has nothing before it, a deleted one nothing after.
    let both = action != Action::Creation;
    let rows = fields.into_iter().map(|told| view! { <FieldRow told both/> }).collect_view();
    view! {
        <div class="journal-entry">
            <p class="journal-subject">
                <Badge tone icon text=action.label()/>
                <span class="journal-kind">{kind}</span>
                {subject}
                <a class="quiet-link journal-all" class:row-here=first href=all>
                    "Tout l'historique" <VisuallyHidden>{format!(" : {kind} n° {row_id}")}</VisuallyHidden>
                </a>
            </p>
            <table class="table table-dense journal-fields">
                <caption class="visually-hidden">{spoken}</caption>
                <thead>
                    <tr>
                        <th scope="col">"Champ"</th>
                        {both.then(|| view! { <th scope="col">"Avant"</th> })}
                        <th scope="col">{if both { "Après" } else { "Valeur" }}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

#[component]
fn FieldRow(told: ToldChange, both: bool) -> impl IntoView {
    let zone = expect_context::<PageContext>().zone;
    let ToldChange { change, avant, apres, .. } = told;
    let Some(champ) = change.champ else {
        let width = if both { "3" } else { "2" };
        return view! {
            <tr>
                <td class="journal-gone" colspan=width>
                    "Contenu effacé à la demande de la personne"
                </td>
            </tr>
        }
        .into_any();
    };
    let told = |name: Option<String>, value: &Option<serde_json::Value>| {
        let value = value.clone().unwrap_or_default();
        name.unwrap_or_else(|| shown(&change.table, &champ, &value, &zone))
    };
    let (before, after) = (told(avant, &change.avant), told(apres, &change.apres));
    view! {
        <tr>
            <th scope="row">{label(&change.table, &champ)}</th>
            {both.then(|| view! { <td class="journal-before">{before}</td> })}
            <td class="journal-after">{after}</td>
        </tr>
    }
    .into_any()
}
