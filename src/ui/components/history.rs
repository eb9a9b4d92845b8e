//! What changed in something, field by field: who, when, from what to what. Of any resource: it draws a
//! page of its history as the server gives it.

use leptos::prelude::*;

use super::badge::Tone;
use super::icon::{Glyph, Icon};
use crate::auth::server_functions::PageContext;
use crate::history::labels::{label, written};
use crate::history::model::{Action, Change};
use crate::shared::Page;
use crate::ui::query::{QueryPairs, href_with};

/// The parameter of the URL that says which page of the history is shown.
pub const HISTORY_PAGE: &str = "historique";

/// What an id in the history is called: field, id, name.
pub type Named = (&'static str, i64, String);

/// The changes of one version of one row: one thing that somebody did.
fn gathered(changes: Vec<Change>) -> Vec<Vec<Change>> {
    let mut deeds: Vec<Vec<Change>> = Vec::new();
    for change in changes {
        match deeds.last_mut() {
            Some(deed) if same_deed(&deed[0], &change) => deed.push(change),
            _ => deeds.push(vec![change]),
        }
    }
    deeds
}

fn same_deed(a: &Change, b: &Change) -> bool {
    (&a.table, a.row_id, a.version) == (&b.table, b.row_id, b.version)
}

fn mark(action: Action) -> (Tone, Glyph) {
    match action {
        Action::Creation => (Tone::Teal, Glyph::Plus),
        Action::Modification => (Tone::Slate, Glyph::Pencil),
        Action::Suppression => (Tone::Rose, Glyph::Trash),
        Action::Restauration => (Tone::Green, Glyph::Undo),
    }
}

/// A page of a history, with the way to older and newer ones.
#[component]
pub fn History(
    /// Newest first, as the server gives it.
    page: Page<Change>,
    /// Where it is shown.
    #[prop(into)]
    path: String,
    /// The URL's parameters.
    query: QueryPairs,
    /// What ids in it are called, where the page knows.
    #[prop(optional)]
    names: Vec<Named>,
) -> impl IntoView {
    let (number, pages) = (page.page.unwrap_or(1), page.pages.unwrap_or(1));
    let to = |page: i64| {
        let page = page.to_string();
        href_with(&path, &query, &[(HISTORY_PAGE, (page != "1").then_some(page.as_str()))])
    };
    let newer = (number > 1).then(|| to(number - 1));
    let older = (number < pages).then(|| to(number + 1));
    let empty = page.items.is_empty();
    let deeds = gathered(page.items).into_iter().map(|deed| view! { <Deed deed names=names.clone()/> }).collect_view();
    view! {
        {empty.then(|| view! { <p class="text-ink-soft">"Rien n'a changé."</p> })}
        <ol class="timeline" aria-label="Historique">
            {deeds}
        </ol>
        {(pages > 1)
            .then(|| {
                view! {
                    <nav class="history-pages" aria-label="Pages de l'historique">
                        {newer.map(|href| view! { <a class="link" href=href rel="prev">"Plus récent"</a> })}
                        <span>{format!("Page {number} sur {pages}")}</span>
                        {older.map(|href| view! { <a class="link" href=href rel="next">"Plus ancien"</a> })}
                    </nav>
                }
            })}
    }
}

/// One thing that somebody did.
#[component]
fn Deed(deed: Vec<Change>, names: Vec<Named>) -> impl IntoView {
    let zone = expect_context::<PageContext>().zone;
    let first = deed.into_iter().collect::<Vec<_>>();
    let Some(head) = first.first().cloned() else { return ().into_any() };
    let (tone, icon) = mark(head.action);
    let erased = first.iter().any(|change| change.efface);
    let fields = first
        .into_iter()
        .filter(|change| change.champ.as_deref().is_some_and(|champ| champ != "is_deleted"))
        .map(|change| view! { <Field change names=names.clone()/> })
        .collect_view();
    view! {
        <li class=format!("timeline-entry {}", tone.class())>
            <span class="timeline-mark">
                <Icon of=icon size=14/>
            </span>
            <div>
                <p class="timeline-text">{head.action.label()}</p>
                <p class="timeline-meta">
                    {head.auteur} " · " <time datetime=head.at.to_rfc3339()>{zone.display(head.at)}</time>
                </p>
                <dl class="changes">{fields}</dl>
                {erased.then(|| view! { <p class="timeline-detail">"Le contenu a été effacé."</p> })}
            </div>
        </li>
    }
    .into_any()
}

/// One field: before, after.
#[component]
fn Field(change: Change, names: Vec<Named>) -> impl IntoView {
    let zone = expect_context::<PageContext>().zone;
    let champ = change.champ.clone().unwrap_or_default();
    let told = |value: Option<&serde_json::Value>| {
        let id = value.and_then(serde_json::Value::as_i64);
        let name = names.iter().find(|(field, of, _)| *field == champ && Some(*of) == id);
        name.map_or_else(|| written(&change.table, &champ, value, &zone), |(_, _, name)| name.clone())
    };
    let (before, after) = (told(change.avant.as_ref()), told(change.apres.as_ref()));
    view! {
        <div class="change">
            <dt>{label(&change.table, &champ)}</dt>
            <dd>
                <Values before after/>
            </dd>
        </div>
    }
}

/// `before → after`, each left out where there is nothing.
#[component]
pub fn Values(
    /// What it was; empty for nothing.
    before: String,
    /// What it is; empty for nothing.
    after: String,
) -> impl IntoView {
    let cleared = after.is_empty();
    view! {
        {(!before.is_empty())
            .then(|| {
                view! {
                    <del>{before}</del>
                    <span class="change-arrow" aria-hidden="true">
                        " → "
                    </span>
                }
            })}
        {if cleared { view! { <span class="text-ink-faint">"vide"</span> }.into_any() } else { view! { <ins>{after}</ins> }.into_any() }}
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::shared::UserId;

    fn change(version: i32, champ: &str) -> Change {
        Change {
            parent_id: None,
            id: 1,
            table: "products".into(),
            row_id: 7,
            version,
            action: Action::Modification,
            champ: Some(champ.into()),
            avant: None,
            apres: None,
            efface: false,
            at: chrono::DateTime::UNIX_EPOCH,
            user_id: UserId(1),
            auteur: "Anne".into(),
            request_id: None,
        }
    }

    #[test]
    fn what_was_done_at_once_is_told_at_once() {
        let deeds = gathered(vec![change(3, "nom"), change(3, "prix"), change(2, "prix")]);
        let versions: Vec<_> = deeds.iter().map(|deed| (deed[0].version, deed.len())).collect();
        assert_eq!(versions, [(3, 2), (2, 1)]);
    }
}
