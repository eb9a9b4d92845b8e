//! What a box proposes while one types in it: a combobox with a list, as WAI-ARIA describes it.
//! The focus stays in the box; the arrows move the choice, Enter takes it, Escape closes.

use std::future::Future;
use std::time::Duration;

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What a key does to an open list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The choice is now this one.
    To(usize),
    /// This one is taken.
    Take(usize),
    /// The list closes.
    Close,
    /// Nothing: the key belongs to the box.
    None,
}

/// The step for a key, with `count` proposals of which `active` is chosen.
pub fn step(key: &str, active: usize, count: usize) -> Step {
    if count == 0 {
        return Step::None;
    }
    match key {
        "ArrowDown" => Step::To((active + 1) % count),
        "ArrowUp" => Step::To((active + count - 1) % count),
        "Enter" => Step::Take(active.min(count - 1)),
        "Escape" => Step::Close,
        _ => Step::None,
    }
}

/// The proposals of one box.
#[derive(Debug)]
pub struct Suggestions<T: Send + Sync + 'static> {
    /// What is proposed, best first.
    pub options: RwSignal<Vec<T>>,
    /// Whether the list is open.
    pub open: RwSignal<bool>,
    /// Which one Enter takes.
    pub active: RwSignal<usize>,
    /// How often was asked: an answer that was overtaken is dropped.
    asked: StoredValue<u64>,
}

impl<T: Send + Sync + 'static> Clone for Suggestions<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Suggestions<T> {}

impl<T: Clone + Send + Sync + 'static> Default for Suggestions<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Clone + Send + Sync + 'static> Suggestions<T> {
    /// Nothing proposed yet.
    pub fn new() -> Self {
        Self {
            options: RwSignal::new(Vec::new()),
            open: RwSignal::new(false),
            active: RwSignal::new(0),
            asked: StoredValue::new(0),
        }
    }

    /// Proposes these, the first one chosen.
    pub fn show(self, options: Vec<T>) {
        self.active.set(0);
        self.open.set(!options.is_empty());
        self.options.set(options);
    }

    /// Closes the list and drops answers that are still on their way.
    pub fn close(self) {
        self.asked.try_update_value(|n| *n += 1);
        self.open.try_set(false);
    }

    /// Asks after a pause in typing; `take` gets the answer unless the box asked again or closed since.
    pub fn ask<A: 'static, F: Future<Output = A> + 'static>(
        self,
        pause: Duration,
        question: impl FnOnce() -> F + 'static,
        take: impl FnOnce(A) + 'static,
    ) {
        let Some(mine) = self.asked.try_update_value(|n| {
            *n += 1;
            *n
        }) else {
            return;
        };
        let current = move || self.asked.try_get_value() == Some(mine);
        set_timeout(
            move || {
                if current() {
                    spawn_local(async move {
                        let answer = question().await;
                        if current() {
                            take(answer);
                        }
                    });
                }
            },
            pause,
        );
    }

    /// The proposal that Enter would take.
    pub fn chosen(self) -> Option<T> {
        if !self.open.get_untracked() {
            return None;
        }
        let active = self.active.get_untracked();
        self.options.with_untracked(|options| options.get(active).cloned())
    }

    /// Handles a key of the box: the proposal that was taken, if one was.
    pub fn key(self, ev: &KeyboardEvent) -> Option<T> {
        if ev.is_composing() || ev.ctrl_key() || ev.meta_key() || ev.alt_key() {
            return None;
        }
        let count = self.options.with_untracked(Vec::len);
        if !self.open.get_untracked() {
            // An arrow opens a list that Escape had closed.
            if ev.key() == "ArrowDown" && count > 0 {
                ev.prevent_default();
                self.open.set(true);
            }
            return None;
        }
        match step(&ev.key(), self.active.get_untracked(), count) {
            Step::To(index) => {
                ev.prevent_default();
                self.active.set(index);
                None
            }
            Step::Take(_) => {
                ev.prevent_default();
                let taken = self.chosen();
                self.close();
                taken
            }
            Step::Close => {
                ev.prevent_default();
                self.close();
                None
            }
            Step::None => None,
        }
    }

    /// Whether the list is open; tracked. A box that loses the focus with its page may ask once more: no longer.
    fn is_open(self) -> bool {
        self.open.try_get() == Some(true)
    }

    /// `aria-expanded` of the box.
    pub fn expanded(self) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
        move || if self.is_open() { "true" } else { "false" }
    }

    /// `aria-activedescendant` of the box; `list`: the id of its list.
    pub fn descendant(self, list: String) -> impl Fn() -> Option<String> + Clone + Send + Sync + 'static {
        move || {
            let active = self.active.try_get()?;
            let there = self.is_open() && self.options.try_with(|options| active < options.len()) == Some(true);
            there.then(|| option_id(&list, active))
        }
    }
}

fn option_id(list: &str, index: usize) -> String {
    format!("{list}-{index}")
}

/// The list under a box. Put it right after the box, both in an element of class `suggest`.
#[component]
pub fn SuggestionList<T>(
    /// Its id, named by the box's `aria-controls`.
    id: String,
    /// What it is a list of.
    label: &'static str,
    /// The proposals.
    suggestions: Suggestions<T>,
    /// Draws one.
    draw: fn(&T) -> AnyView,
    /// One was taken with the mouse or a finger.
    on_take: Callback<T>,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
{
    let row_id = id.clone();
    let rows = move || {
        let list = row_id.clone();
        suggestions
            .options
            .get()
            .into_iter()
            .enumerate()
            .map(|(index, option)| {
                let drawn = draw(&option);
                let chosen = move || suggestions.active.get() == index;
                view! {
                    <li
                        id=option_id(&list, index)
                        role="option"
                        class="suggest-option"
                        aria-selected=move || if chosen() { "true" } else { "false" }
                        // The box must not lose the focus before the click counts.
                        on:mousedown=move |ev| ev.prevent_default()
                        on:mousemove=move |_| suggestions.active.set(index)
                        on:click=move |_| {
                            suggestions.close();
                            on_take.run(option.clone());
                        }
                    >
                        {drawn}
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <ul id=id role="listbox" aria-label=label class="suggest-list" hidden=move || !suggestions.is_open()>
            {rows}
        </ul>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_go_round_the_list() {
        assert_eq!(step("ArrowDown", 2, 3), Step::To(0));
        assert_eq!(step("ArrowUp", 0, 3), Step::To(2));
        assert_eq!(step("Enter", 1, 3), Step::Take(1));
        assert_eq!(step("Enter", 0, 0), Step::None);
        assert_eq!(step("Escape", 0, 1), Step::Close);
        assert_eq!(step("a", 0, 1), Step::None);
    }
}
