//! What changed in something, field by field: who, when, from what to what. Of any resource: it draws a
//! page of its history as the server gives it.

use leptos::prelude::*;

use super::badge::Tone;
use super::icon::{Glyph, Icon};
use crate::auth::server_functions::PageContext;
use crate::history::labels::{label, table_label, written};
use crate::history::model::{Action, Change, ToldChange};
use crate::shared::Page;
use crate::ui::query::{QueryPairs, href_with, param, use_query_pairs};

/// The parameter of the URL that says which page of the history is shown.
pub const HISTORY_PAGE: &str = "historique";

/// Told in what follows from it: the history of the lines themselves.
const TECHNICAL: [&str; 2] = ["is_deleted", "revision_lignes"];

/// Which page of the history the URL asks for, from 1.
pub fn use_history_page() -> Memo<i64> {
    let query = use_query_pairs();
    Memo::new(move |_| query.with(|query| param(query, HISTORY_PAGE).and_then(|page| page.parse().ok())).unwrap_or(1))
}

/// The changes of one version of one row: one thing that somebody did.
fn gathered(changes: Vec<ToldChange>) -> Vec<Vec<ToldChange>> {
    let mut deeds: Vec<Vec<ToldChange>> = Vec::new();
    for change in changes.into_iter().filter(|told| told.change.champ.as_deref() != Some("revision_lignes")) {
        match deeds.last_mut() {
            Some(deed) if same_deed(&deed[0].change, &change.change) => deed.push(change),
            _ => deeds.push(vec![change]),
        }
    }
    deeds
}

fn same_deed(a: &Change, b: &Change) -> bool {
    (&a.table, a.row_id, a.version) == (&b.table, b.row_id, b.version)
}

/// What a deed was done to, where that is only a part of what the page is about: a line of an order.
fn part(told: &ToldChange) -> Option<String> {
    told.change.parent_id?;
    let name = told.about.as_ref().map(|about| about.name.as_str()).unwrap_or_default();
    let name = name.split_once(" · ").map_or(name, |(_, line)| line);
    Some(format!("{} : {name}", table_label(&told.change.table)))
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
    page: Page<ToldChange>,
    /// Where it is shown.
    #[prop(into)]
    path: String,
    /// The URL's parameters.
    query: QueryPairs,
) -> impl IntoView {
    let (number, pages) = (page.page.unwrap_or(1), page.pages.unwrap_or(1));
    let to = |page: i64| {
        let page = page.to_string();
        href_with(&path, &query, &[(HISTORY_PAGE, (page != "1").then_some(page.as_str()))])
    };
    let newer = (number > 1).then(|| to(number - 1));
    let older = (number < pages).then(|| to(number + 1));
    let empty = page.items.is_empty();
    let deeds = gathered(page.items).into_iter().map(|deed| view! { <Deed deed/> }).collect_view();
    view! {
        {empty.then(|| view! { <p class="text-ink-soft">"Rien n'a changé."</p> })}
        <ol class="timeline" aria-label="Historique, champ par champ">
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
fn Deed(deed: Vec<ToldChange>) -> impl IntoView {
    let zone = expect_context::<PageContext>().zone;
    let Some(head) = deed.first().map(|told| told.change.clone()) else { return ().into_any() };
    let (tone, icon) = mark(head.action);
    let part = deed.first().and_then(part);
    let erased = deed.iter().any(|told| told.change.efface);
    let fields = deed
        .into_iter()
        .filter(|told| told.change.champ.as_deref().is_some_and(|champ| !TECHNICAL.contains(&champ)))
        .map(|told| view! { <Field told/> })
        .collect_view();
    view! {
        <li class=format!("timeline-entry {}", tone.class())>
            <span class="timeline-mark">
                <Icon of=icon size=14/>
            </span>
            <div>
                <p class="timeline-text">{head.action.label()} {part.map(|part| format!(" · {part}"))}</p>
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
fn Field(told: ToldChange) -> impl IntoView {
    let zone = expect_context::<PageContext>().zone;
    let ToldChange { change, avant, apres, .. } = told;
    let champ = change.champ.clone().unwrap_or_default();
    let told = |name: Option<String>, value: Option<&serde_json::Value>| {
        name.unwrap_or_else(|| written(&change.table, &champ, value, &zone))
    };
    let (before, after) = (told(avant, change.avant.as_ref()), told(apres, change.apres.as_ref()));
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
    use crate::history::model::Called;
    use crate::shared::UserId;

    fn told(version: i32, champ: &str) -> ToldChange {
        let change = Change {
            parent_id: None,
            id: 1,
            table: "orders".into(),
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
        };
        ToldChange { change, about: None, avant: None, apres: None }
    }

    #[test]
    fn what_was_done_at_once_is_told_at_once() {
        let deeds = gathered(vec![told(4, "revision_lignes"), told(3, "notes"), told(3, "total"), told(2, "total")]);
        let versions: Vec<_> = deeds.iter().map(|deed| (deed[0].change.version, deed.len())).collect();
        assert_eq!(versions, [(3, 2), (2, 1)]);
    }

    #[test]
    fn a_line_of_an_order_is_named() {
        let mut line = told(1, "quantity");
        assert_eq!(part(&line), None);
        line.change.table = "order_items".into();
        line.change.parent_id = Some(7);
        line.about = Some(Called { name: "CMD-20261126-000001 · Miel".into(), living: true });
        assert_eq!(part(&line).as_deref(), Some("Ligne de commande : Miel"));
    }
}
