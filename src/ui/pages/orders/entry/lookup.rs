//! From what is typed on a line to the article that is meant.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::catalogue::exact;
use super::draft::Draft;
use super::line::{Line, UNRECOGNISED, article_id, quantity_id, read_quantity};
use super::pasted::pasted;
use super::quick_entry::quick_entry;
use crate::products::model::ProductChoice;
use crate::products::server_functions::product_choices;
use crate::ui::browser::focused;
use crate::ui::components::suggestions::Suggestions;

/// How many articles are proposed.
const PROPOSED: usize = 8;
/// How long after the last key the server is asked.
const PAUSE: Duration = Duration::from_millis(120);

/// The article's box now holds `text`.
pub fn typed(draft: Draft, line: Line, suggestions: Suggestions<ProductChoice>, text: String) {
    draft.touched.set(true);
    draft.clear_fault(&article_id(line.key));
    draft.clear_fault(&quantity_id(line.key));
    if line.product.with_untracked(Option::is_some) {
        line.product.set(None);
    }
    line.article.set(text.clone());
    draft.keep_blank_end();
    let article = quick_entry(&text).article.to_owned();
    if article.is_empty() {
        suggestions.show(Vec::new());
        suggestions.close();
        return;
    }
    let whole = draft.catalogue.with_value(|catalogue| {
        suggestions.show(catalogue.find(&article, PROPOSED));
        catalogue.is_whole()
    });
    suggestions.ask(
        PAUSE,
        move || product_choices(article, PROPOSED as i64 * 3),
        move |answer| {
            let Ok(mut found) = answer else { return };
            if whole {
                // Same proposals, today's stock: nothing moves under the fingers.
                suggestions.options.update(|options| {
                    for option in options {
                        if let Some(fresh) = found.iter().find(|choice| choice.id == option.id) {
                            *option = fresh.clone();
                        }
                    }
                });
            } else {
                found.truncate(PROPOSED);
                suggestions.show(found);
            }
        },
    );
}

/// Puts an article on a line, with the quantity typed in front of it if there was one.
/// Tells whether there was.
pub fn take(draft: Draft, line: Line, choice: ProductChoice) -> bool {
    put(draft, line, choice, Sure::Best)
}

fn put(draft: Draft, line: Line, choice: ProductChoice, sure: Sure) -> bool {
    let quantity = line.article.with_untracked(|text| quick_entry(text).quantity);
    match quantity {
        Some(quantity) => line.quantity.set(quantity.to_string()),
        // Whoever has left the box may be typing a quantity by now: an empty one is one piece.
        None if sure == Sure::Best && line.quantity.with_untracked(|q| q.trim().is_empty()) => {
            line.quantity.set("1".into());
        }
        None => {}
    }
    line.article.set(choice.nom.clone());
    draft.clear_fault(&article_id(line.key));
    draft.touched.set(true);
    refresh(line, choice.clone());
    line.product.set(Some(choice));
    draft.keep_blank_end();
    quantity.is_some()
}

/// Puts copied lines on the form, from this line on; gives the one after them, and how many found no place.
/// `None`: it is no table, the box takes it.
pub fn paste(draft: Draft, line: Line, text: &str) -> Option<(Option<Line>, usize)> {
    let found = draft.catalogue.with_value(|catalogue| {
        // A number that is somebody's id is more likely a quantity.
        let known = |article: &str| catalogue.exact(article).is_some_and(|found| found.id.to_string() != article);
        pasted(text, known).filter(|found| !found.is_empty())
    })?;
    draft.touched.set(true);
    let mut place = Some(line);
    let mut put = 0;
    for pasted in &found {
        // What stands on a line already stays.
        while let Some(taken) = place.filter(|line| !line.article.with_untracked(String::is_empty)) {
            draft.keep_blank_end();
            place = draft.line_after(taken.key);
        }
        let Some(line) = place else { break };
        line.article.set(pasted.article.clone());
        line.product.set(None);
        draft.clear_fault(&quantity_id(line.key));
        draft.clear_fault(&article_id(line.key));
        // What was copied stays in its box, and is told at once, as if one had typed it and left.
        if let Err(message) = read_quantity(&pasted.quantity) {
            draft.faults.update(|faults| faults.push((quantity_id(line.key), message)));
        }
        line.quantity.set(pasted.quantity.clone());
        resolve(draft, line, Sure::Exact);
        put += 1;
    }
    draft.keep_blank_end();
    let after = draft.lines.with_untracked(|lines| {
        lines.iter().rev().take_while(|line| line.article.with_untracked(String::is_empty)).last().copied()
    });
    Some((after, found.len() - put))
}

/// Asks for the stock of now of an article that was just put on a line.
fn refresh(line: Line, choice: ProductChoice) {
    let question = choice.reference.clone().unwrap_or(choice.nom);
    spawn_local(async move {
        let Ok(found) = product_choices(question, 50).await else {
            return;
        };
        let Some(fresh) = found.into_iter().find(|found| found.id == choice.id) else {
            return;
        };
        // The line may have gone, or have got another article since.
        let same = line.product.try_with_untracked(|p| p.as_ref().is_some_and(|p| p.id == fresh.id));
        if same == Some(true) {
            line.product.set(Some(fresh));
        }
    });
}

/// How sure one must be of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sure {
    /// Enter was pressed: the best match is meant.
    Best,
    /// The box was left: only what is named without any doubt.
    Exact,
}

/// Looks for the article of a text that was not recognised yet, on the page and then on the server.
/// The cursor does not wait for it.
pub fn resolve(draft: Draft, line: Line, sure: Sure) {
    let text = line.article.get_untracked();
    let settled = line.product.with_untracked(Option::is_some) || line.looking.get_untracked();
    let article = quick_entry(&text).article.to_owned();
    if article.is_empty() || settled {
        return;
    }
    let (found, whole) =
        draft.catalogue.with_value(|catalogue| (catalogue.find(&article, PROPOSED), catalogue.is_whole()));
    let known = draft.catalogue.with_value(|catalogue| catalogue.exact(&article).cloned());
    if known.is_some() || whole {
        settle(draft, line, known, found, sure);
        return;
    }
    line.looking.set(true);
    spawn_local(async move {
        let answer = product_choices(article.clone(), PROPOSED as i64).await;
        if line.looking.try_set(false).is_some() {
            return;
        }
        // Typed on meanwhile: the new text asks for itself.
        if line.article.with_untracked(|now| *now != text) {
            return;
        }
        match answer {
            Ok(found) => settle(draft, line, exact(&found, &article).cloned(), found, sure),
            Err(error) => fault(draft, line, error.detail),
        }
    });
}

fn settle(draft: Draft, line: Line, exact: Option<ProductChoice>, mut found: Vec<ProductChoice>, sure: Sure) {
    // The only one that suits is no guess.
    let meant = exact.or_else(|| (sure == Sure::Best || found.len() == 1).then(|| found.drain(..).next()).flatten());
    match meant {
        Some(choice) => {
            put(draft, line, choice, sure);
        }
        None if found.is_empty() => unknown(draft, line),
        None => fault(draft, line, UNRECOGNISED.into()),
    }
}

/// Looks for whatever was not recognised yet, before the order is sent.
pub fn resolve_all(draft: Draft) {
    for line in draft.lines.get_untracked() {
        resolve(draft, line, Sure::Exact);
    }
}

/// The same for what was typed before the page woke up, but for the box that one types in: `2` may become `2x REF`.
/// Left, it is looked for.
pub fn resolve_left(draft: Draft) {
    let typed_in = focused().map(|element| element.id());
    for line in draft.lines.get_untracked() {
        if typed_in.as_ref() != Some(&article_id(line.key)) {
            resolve(draft, line, Sure::Exact);
        }
    }
}

fn unknown(draft: Draft, line: Line) {
    let text = line.article.get_untracked();
    fault(draft, line, format!("Aucun article ne correspond à « {} ».", quick_entry(&text).article));
}

fn fault(draft: Draft, line: Line, message: String) {
    let id = article_id(line.key);
    draft.clear_fault(&id);
    draft.faults.update(|faults| faults.push((id, message)));
}
