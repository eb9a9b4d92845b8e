//! What stands in a form: each field's text, what it was when the form was opened, and what somebody else
//! made of it meanwhile.

use std::borrow::Cow;

use leptos::prelude::*;
use serde_json::{Map, Value};

use super::field::{FormField, Kind};
use crate::auth::server_functions::FormReturn;
use crate::error::ErrorCode;

/// What a field is called, in the form and by people, and what it holds.
pub type Named = (Cow<'static, str>, Cow<'static, str>, Kind);

/// One field of an open form.
#[derive(Clone)]
struct Open {
    name: Cow<'static, str>,
    label: Cow<'static, str>,
    kind: Kind,
    text: RwSignal<String>,
    /// What it was when it was read.
    base: RwSignal<String>,
    /// What somebody else made of it, while both differ.
    theirs: RwSignal<Option<String>>,
    /// What it was before somebody else changed it to what stands in it; and whether the same was typed here.
    taken: RwSignal<Option<(String, bool)>>,
}

/// A field that both changed.
pub struct Conflict {
    /// Its name in the form.
    pub name: Cow<'static, str>,
    /// What people call it.
    pub label: Cow<'static, str>,
    /// What stands in it.
    pub mine: RwSignal<String>,
    /// What somebody else made of it.
    pub theirs: String,
}

/// A field that somebody else changed, and that stands in the form as they left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenOver {
    /// Its name in the form.
    pub name: Cow<'static, str>,
    /// What people call it.
    pub label: Cow<'static, str>,
    /// What it was when it was read.
    pub before: String,
    /// What it is saved as now.
    pub after: String,
    /// The same was typed here.
    pub alike: bool,
}

/// What somebody else, who was faster, made of the fields of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theirs {
    /// It has not been read yet.
    Unread,
    /// Nothing: what they changed is not in the form.
    Nothing,
    /// Something, which has been taken over or waits for a choice.
    Something,
    /// Something, and nothing that was typed here differs from what is saved any more.
    Alike,
    /// A plain form came back: whatever differs waits for a choice.
    Compared,
}

/// The fields of an open form.
#[derive(Clone, Copy)]
pub struct Draft {
    fields: StoredValue<Vec<Open>>,
    theirs: RwSignal<Theirs>,
}

impl Draft {
    /// With what `now` says of each field. `back`: a plain form that came back; what was typed there counts.
    /// When it came back because somebody was faster, whatever differs from `now` waits for a choice.
    pub fn new(fields: &[FormField], now: impl Fn(&str) -> String, back: Option<&FormReturn>) -> Self {
        let named = fields.iter().map(|field| (field.name.into(), field.label.into(), field.kind));
        Self::of(named, now, back)
    }

    /// The same, where what is shown decides which fields there are.
    pub fn of(
        fields: impl IntoIterator<Item = Named>,
        now: impl Fn(&str) -> String,
        back: Option<&FormReturn>,
    ) -> Self {
        // A plain form that was too late: what differs now was changed on both sides, as far as one can tell.
        let late = back.and_then(|back| back.error.as_ref()).is_some_and(|e| e.code == ErrorCode::StaleVersion);
        let open = |(name, label, kind): Named| {
            let base = now(&name);
            let typed = back.and_then(|back| back.value(&name)).map_or_else(|| base.clone(), str::to_owned);
            let theirs = (late && typed != base).then(|| base.clone());
            let (text, base, theirs) = (RwSignal::new(typed), RwSignal::new(base), RwSignal::new(theirs));
            Open { name, label, kind, text, base, theirs, taken: RwSignal::new(None) }
        };
        let theirs = RwSignal::new(if late { Theirs::Compared } else { Theirs::Unread });
        Self { fields: StoredValue::new(fields.into_iter().map(open).collect()), theirs }
    }

    fn each<T>(self, read: impl FnOnce(&[Open]) -> T) -> T {
        self.fields.with_value(|fields| read(fields))
    }

    /// The text of a field; one of its own for a name the form does not have.
    pub fn text(self, name: &str) -> RwSignal<String> {
        let found = self.each(|fields| fields.iter().find(|open| open.name == name).map(|open| open.text));
        found.unwrap_or_else(|| RwSignal::new(String::new()))
    }

    /// Whether the form has a field of this name.
    pub fn has(self, name: &str) -> bool {
        self.each(|fields| fields.iter().any(|open| open.name == name))
    }

    /// Whether anything differs from what was read; tracked.
    pub fn is_touched(self) -> bool {
        self.each(|fields| fields.to_vec()).iter().any(|open| open.text.get() != open.base.get())
    }

    /// Everything, as the contract takes it.
    pub fn body(self) -> Map<String, Value> {
        self.collect(|_| true)
    }

    /// What differs from what was read: the rest stays as it is.
    pub fn changes(self) -> Map<String, Value> {
        self.collect(|open| open.text.get_untracked() != open.base.get_untracked())
    }

    fn collect(self, wanted: impl Fn(&Open) -> bool) -> Map<String, Value> {
        self.each(|fields| {
            let sent = fields.iter().filter(|open| wanted(open));
            sent.map(|open| (open.name.to_string(), open.kind.value(&open.text.get_untracked()))).collect()
        })
    }

    /// What stands in it, in the order of its fields: for [`Draft::settle`].
    pub fn texts(self) -> Vec<String> {
        self.each(|fields| fields.iter().map(|open| open.text.get_untracked()).collect())
    }

    /// What was sent counts as saved; what was typed since does not.
    pub fn settle(self, sent: Vec<String>) {
        self.each(|fields| {
            for (open, sent) in fields.iter().zip(sent) {
                open.base.set(sent);
                open.theirs.set(None);
                open.taken.set(None);
            }
        });
        self.theirs.set(Theirs::Unread);
    }

    /// What is there now counts as read: after saving, or when the form is opened anew.
    pub fn reset(self, now: impl Fn(&str) -> String) {
        self.each(|fields| {
            for open in fields {
                let value = now(&open.name);
                open.base.set(value.clone());
                open.text.set(value);
                open.theirs.set(None);
                open.taken.set(None);
            }
        });
        self.theirs.set(Theirs::Unread);
    }

    /// What is there, once it has been read. What came back from a plain form still counts; was it refused
    /// because somebody else was faster, both values are kept.
    pub fn arrive(self, now: impl Fn(&str) -> String, back: &FormReturn) {
        let stale = back.error.as_ref().is_some_and(|error| error.code == ErrorCode::StaleVersion);
        self.reset(now);
        self.came_back(back, stale);
    }

    /// What a plain form brought back counts as typed. `stale`: somebody else was faster, and nobody knows what
    /// was there before: both values are kept wherever they differ.
    pub fn came_back(self, back: &FormReturn, stale: bool) {
        self.each(|fields| {
            for open in fields {
                let Some(typed) = back.value(&open.name) else { continue };
                let now = open.base.get_untracked();
                open.theirs.set((stale && typed != now).then_some(now));
                open.text.set(typed.to_owned());
            }
        });
        if stale {
            self.theirs.set(Theirs::Compared);
        }
    }

    /// Somebody else was faster. What only they changed is taken over; where both did, both are kept
    /// until one is chosen. Says whether there is anything to choose.
    pub fn meet(self, theirs: impl Fn(&str) -> String) -> bool {
        let (both, changed, left) = self.each(|fields| {
            let (mut both, mut changed, mut left) = (false, false, false);
            for open in fields {
                let value = theirs(&open.name);
                let (mine, base) = (open.text.get_untracked(), open.base.get_untracked());
                let kept = mine != base && mine != value;
                left |= kept;
                if value != base {
                    changed = true;
                    // What it was at first: they may have saved more than once.
                    let before = open.taken.get_untracked().map_or_else(|| base.clone(), |(before, _)| before);
                    let taken = (!kept && before != value).then_some((before, mine == value));
                    open.taken.set(taken);
                }
                if !kept {
                    open.text.set(value.clone());
                    open.theirs.set(None);
                } else if value != base {
                    open.theirs.set(Some(value.clone()));
                    both = true;
                }
                open.base.set(value);
            }
            (both, changed, left)
        });
        // What was met before is still unsaved: it counts until then.
        let met = changed || matches!(self.theirs.get_untracked(), Theirs::Something | Theirs::Alike);
        self.theirs.set(match (met, left) {
            (false, _) => Theirs::Nothing,
            (true, true) => Theirs::Something,
            (true, false) => Theirs::Alike,
        });
        both
    }

    /// What somebody else made of its fields since it was read or saved; tracked.
    pub fn theirs(self) -> Theirs {
        self.theirs.get()
    }

    /// Fields with two values; tracked.
    pub fn conflicts(self) -> Vec<Conflict> {
        let fields = self.each(|fields| fields.to_vec());
        let both = |open: Open| {
            let theirs = open.theirs.get()?;
            Some(Conflict { name: open.name, label: open.label, mine: open.text, theirs })
        };
        fields.into_iter().filter_map(both).collect()
    }

    /// Fields that stand as somebody else left them; tracked.
    pub fn taken_over(self) -> Vec<TakenOver> {
        let fields = self.each(|fields| fields.to_vec());
        let taken = |open: Open| {
            let (before, alike) = open.taken.get()?;
            Some(TakenOver { name: open.name, label: open.label, before, after: open.base.get_untracked(), alike })
        };
        fields.into_iter().filter_map(taken).collect()
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests;
