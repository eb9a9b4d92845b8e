//! Rows one has chosen, what one does to all of them, and how it went for each.

use std::collections::BTreeSet;

use leptos::html;
use leptos::prelude::*;

use crate::error::AppError;
use crate::shared::text::count;
use crate::ui::browser::follow_tick;
use crate::ui::components::{Button, ButtonKind, ButtonSize, Dialog, Glyph, Icon, Toasts};

/// The chosen rows of a list, by id. Kept while one pages through the list.
#[derive(Clone, Copy)]
pub struct Selection(RwSignal<BTreeSet<i64>>);

impl Default for Selection {
    fn default() -> Self {
        Self::new()
    }
}

impl Selection {
    /// Nothing chosen.
    pub fn new() -> Self {
        Self(RwSignal::new(BTreeSet::new()))
    }

    /// Whether a row is chosen; tracked.
    pub fn has(self, id: i64) -> bool {
        self.0.with(|chosen| chosen.contains(&id))
    }

    /// How many are; tracked.
    pub fn len(self) -> usize {
        self.0.with(BTreeSet::len)
    }

    /// Whether none is; tracked.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The ids, ascending.
    pub fn ids(self) -> Vec<i64> {
        self.0.with_untracked(|chosen| chosen.iter().copied().collect())
    }

    /// Chooses a row, or no longer.
    pub fn set(self, ids: &[i64], chosen: bool) {
        self.0.update(|set| {
            for id in ids {
                if chosen {
                    set.insert(*id)
                } else {
                    set.remove(id)
                };
            }
        });
    }

    /// Chooses nothing.
    pub fn clear(self) {
        self.0.set(BTreeSet::new());
    }
}

/// The head of the column of boxes: all rows of this page.
#[component]
pub fn SelectAll(
    /// The chosen rows.
    selection: Selection,
    /// The rows of this page.
    ids: Vec<i64>,
) -> impl IntoView {
    let ids = StoredValue::new(ids);
    let all = move || ids.with_value(|ids| !ids.is_empty() && ids.iter().all(|id| selection.has(*id)));
    let some = move || ids.with_value(|ids| ids.iter().any(|id| selection.has(*id))) && !all();
    let node = NodeRef::<html::Input>::new();
    follow_tick(node, Signal::derive(all));
    view! {
        <th scope="col" class="select-cell cell-desk">
            <input
                node_ref=node
                type="checkbox"
                class="checkbox"
                autocomplete="off"
                aria-label="Tout sélectionner sur cette page"
                prop:indeterminate=some
                on:change=move |ev| ids.with_value(|ids| selection.set(ids, event_target_checked(&ev)))
            />
        </th>
    }
}

/// The box of a row.
#[component]
pub fn SelectRow(
    /// The chosen rows.
    selection: Selection,
    /// This one.
    id: i64,
    /// What it is called.
    #[prop(into)]
    name: String,
) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    follow_tick(node, Signal::derive(move || selection.has(id)));
    view! {
        <td class="select-cell cell-desk">
            <input
                node_ref=node
                type="checkbox"
                class="checkbox"
                autocomplete="off"
                data-select=id.to_string()
                aria-label=format!("Sélectionner {name}")
                on:change=move |ev| selection.set(&[id], event_target_checked(&ev))
            />
        </td>
    }
}

/// Comes up while something is chosen, with buttons as children.
#[component]
pub fn BulkBar(
    /// The chosen rows.
    selection: Selection,
    /// One of them.
    one: &'static str,
    /// Several.
    many: &'static str,
    children: ChildrenFn,
) -> impl IntoView {
    let children = StoredValue::new(children);
    view! {
        <Show when=move || !selection.is_empty()>
            <div class="bulk-bar" role="region" aria-label="Actions sur la sélection">
                <span class="bulk-count" role="status">
                    {move || count(i64::try_from(selection.len()).unwrap_or(0), one, many)}
                </span>
                {children.with_value(|children| children())}
                <Button
                    kind=ButtonKind::Quiet
                    size=ButtonSize::Small
                    icon=Glyph::Close
                    text="Désélectionner"
                    on:click=move |_| selection.clear()
                />
            </div>
        </Show>
    }
}

/// How it went for one row.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// What it is called.
    pub name: String,
    /// What became of it, or why not.
    pub result: Result<String, AppError>,
}

/// How it went for each, refusals first.
#[component]
pub fn Outcomes(
    /// Shown or not.
    open: RwSignal<bool>,
    /// One for each row.
    outcomes: RwSignal<Vec<Outcome>>,
) -> impl IntoView {
    let title = Signal::derive(move || {
        let (done, all) = outcomes.with(|list| (list.iter().filter(|o| o.result.is_ok()).count(), list.len()));
        format!("Fait : {done} sur {all}")
    });
    let rows = move || {
        let mut list = outcomes.get();
        list.sort_by_key(|outcome| outcome.result.is_ok());
        let rows = list.into_iter().map(|outcome| {
            let (class, icon, text) = match outcome.result {
                Ok(text) => ("outcome text-success", Glyph::Check, text),
                Err(error) => ("outcome text-danger", Glyph::Alert, reason(&error)),
            };
            view! {
                <li class=class>
                    <Icon of=icon/>
                    <span>
                        <strong>{outcome.name}</strong>
                        " : "
                        {text}
                    </span>
                </li>
            }
        });
        rows.collect_view()
    };
    view! {
        <Dialog id="resultats" open title>
            <ul class="outcomes">{rows}</ul>
            <div class="dialog-actions">
                <Button kind=ButtonKind::Primary text="Fermer" on:click=move |_| open.set(false)/>
            </div>
        </Dialog>
    }
}

/// Says in short how it went, where the list itself is gone by now: one has moved on meanwhile.
pub fn told_elsewhere(toasts: Toasts, outcomes: &[Outcome]) {
    let refused: Vec<_> = outcomes.iter().filter_map(|o| Some((&o.name, o.result.as_ref().err()?))).collect();
    let done = format!("Fait : {} sur {}", outcomes.len() - refused.len(), outcomes.len());
    match refused.first() {
        None => toasts.done(format!("{done}.")),
        Some((name, error)) => toasts.failed(format!("{done}. {name} : {}", reason(error))),
    }
}

fn reason(error: &AppError) -> String {
    let faults: Vec<_> = error.errors.iter().map(|fault| fault.message.as_str()).collect();
    let words = if faults.is_empty() { error.detail.clone() } else { faults.join(" ") };
    // No line ends within a quotation's marks.
    words.replace("« ", "«\u{a0}").replace(" »", "\u{a0}»")
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn rows_are_chosen_and_given_up() {
        let owner = Owner::new();
        owner.with(|| {
            let selection = Selection::new();
            selection.set(&[3, 1, 2], true);
            selection.set(&[2], false);
            assert_eq!((selection.ids(), selection.len()), (vec![1, 3], 2));
            assert!(selection.has(3) && !selection.has(2));
            selection.clear();
            assert!(selection.is_empty());
        });
    }
}
