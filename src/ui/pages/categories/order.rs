//! Puts the categories in another order: at once on the page, then on the server; a refusal puts them back.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys::Element;

use super::deeds::Deeds;
use crate::categories::model::{Category, moved};
use crate::categories::server_functions::reorder_categories;
use crate::shared::CategoryId;
use crate::ui::browser::{Drag, focus};

/// What outlasts the rows: they are drawn anew when they are read again.
#[derive(Clone, Copy)]
pub struct Dragging {
    /// The row that is being dragged.
    pub dragged: RwSignal<Option<CategoryId>>,
    /// Where it would be put: before that row, or after it.
    pub target: RwSignal<Option<(CategoryId, bool)>>,
    /// An order is on its way to the server.
    busy: RwSignal<bool>,
}

impl Default for Dragging {
    fn default() -> Self {
        Self { dragged: RwSignal::new(None), target: RwSignal::new(None), busy: RwSignal::new(false) }
    }
}

impl Dragging {
    /// A row is being dragged, or its new place saved: what is shown stays.
    pub fn held(self) -> Signal<bool> {
        Signal::derive(move || self.dragged.get().is_some() || self.busy.get())
    }
}

/// The rows in the order that is shown.
#[derive(Clone, Copy)]
pub struct Ordering {
    /// As shown.
    pub rows: RwSignal<Vec<Category>>,
    /// What is done to them.
    pub dragging: Dragging,
    /// As the server has it.
    saved: StoredValue<Vec<CategoryId>>,
    deeds: Deeds,
}

impl Ordering {
    /// As the server gave them.
    pub fn new(categories: Vec<Category>, dragging: Dragging, deeds: Deeds) -> Self {
        Self {
            saved: StoredValue::new(categories.iter().map(|category| category.id).collect()),
            rows: RwSignal::new(categories),
            dragging,
            deeds,
        }
    }

    fn ids(self) -> Vec<CategoryId> {
        // Drawn anew meanwhile: these rows are gone.
        self.rows.try_with_untracked(|rows| rows.iter().map(|row| row.id).collect()).unwrap_or_default()
    }

    fn show(self, ids: &[CategoryId]) {
        self.rows.try_update(|rows| rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id)));
    }

    /// Moves one so many places down (up, when negative), keeps the cursor on `button`, and says where it is.
    pub fn step(self, id: CategoryId, by: i64, button: String) {
        if let Some(ids) = moved(&self.ids(), id, by) {
            self.put(&ids, id);
            focus(button);
        }
    }

    fn put(self, ids: &[CategoryId], id: CategoryId) {
        self.show(ids);
        self.say(id);
        self.save();
    }

    fn say(self, id: CategoryId) {
        let said = self.rows.with_untracked(|rows| {
            let at = rows.iter().position(|row| row.id == id)?;
            Some(format!("{} : place {} sur {}", rows[at].nom, at + 1, rows.len()))
        });
        self.deeds.said.set(said.unwrap_or_default());
    }

    /// One sending at a time: what changes meanwhile is sent when it is back.
    fn save(self) {
        let busy = self.dragging.busy;
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        self.deeds.refusal.set(None);
        spawn_local(async move {
            loop {
                let wanted = self.ids();
                let answer = reorder_categories(wanted.clone()).await;
                // The page may be gone by then.
                if busy.try_get_untracked().is_none() {
                    return;
                }
                // So may the rows, which were read again by something else: what they show is what there is.
                let saved = self.saved.try_get_value();
                match answer {
                    Ok(_) => {
                        if saved.is_none() {
                            break;
                        }
                        self.saved.set_value(wanted.clone());
                        if self.ids() == wanted {
                            break;
                        }
                    }
                    Err(error) => {
                        if let Some(saved) = saved {
                            self.show(&saved);
                        }
                        self.deeds.said.set("L'ordre n'a pas été enregistré.".to_owned());
                        self.deeds.refusal.set(Some(error));
                        break;
                    }
                }
            }
            busy.set(false);
        });
    }
}

/// A row that is dragged by its handle.
#[derive(Clone, Copy)]
pub struct DraggedRow(pub Ordering, pub CategoryId);

impl Drag for DraggedRow {
    fn begin(self) {
        self.0.dragging.dragged.set(Some(self.1));
    }

    /// The row under the pointer: one further down makes room above itself, one further up below.
    fn over(self, hit: Option<Element>) {
        let Self(ordering, id) = self;
        let row = hit.and_then(|hit| hit.closest("[data-categorie]").ok().flatten());
        let over = row.and_then(|row| row.get_attribute("data-categorie")?.parse::<i64>().ok()).map(CategoryId);
        let ids = ordering.ids();
        let place = |id: Option<CategoryId>| ids.iter().position(|other| Some(*other) == id);
        let target = match (place(Some(id)), place(over)) {
            (Some(from), Some(to)) if from != to => Some((ids[to], from < to)),
            _ => None,
        };
        if ordering.dragging.target.try_get_untracked().is_some_and(|now| now != target) {
            ordering.dragging.target.set(target);
        }
    }

    fn end(self, dropped: bool) {
        let Self(ordering, id) = self;
        // The page may be gone by then.
        let Some(target) = ordering.dragging.target.try_get_untracked() else { return };
        ordering.dragging.dragged.set(None);
        ordering.dragging.target.set(None);
        if let Some((beside, after)) = target.filter(|_| dropped)
            && let Some(ids) = beside_of(&ordering.ids(), id, beside, after)
        {
            ordering.put(&ids, id);
        }
    }
}

/// The ids with one of them put right before or after another; `None` where nothing would change.
fn beside_of(ids: &[CategoryId], id: CategoryId, beside: CategoryId, after: bool) -> Option<Vec<CategoryId>> {
    let mut put: Vec<_> = ids.iter().copied().filter(|other| *other != id).collect();
    let at = put.iter().position(|other| *other == beside)?;
    put.insert(if after { at + 1 } else { at }, id);
    (put != ids).then_some(put)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_put_beside_another() {
        let ids = |list: &[i64]| list.iter().copied().map(CategoryId).collect::<Vec<_>>();
        let put = |id: i64, beside: i64, after: bool| {
            beside_of(&ids(&[1, 2, 3, 4]), CategoryId(id), CategoryId(beside), after)
        };
        assert_eq!(put(4, 2, false), Some(ids(&[1, 4, 2, 3])));
        assert_eq!(put(1, 3, true), Some(ids(&[2, 3, 1, 4])));
        assert_eq!(put(2, 1, true), None, "it is there already");
        assert_eq!(put(2, 9, true), None);
    }
}
