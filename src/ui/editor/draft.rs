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

/// What somebody else, who was faster, made of the fields of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theirs {
    /// It has not been read yet.
    Unread,
    /// Nothing: what they changed is not in the form.
    Nothing,
    /// Something, which has been taken over or waits for a choice.
    Something,
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
            Open { name, label, kind, text, base, theirs }
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
        let (both, changed) = self.each(|fields| {
            let (mut both, mut changed) = (false, false);
            for open in fields {
                let value = theirs(&open.name);
                let (mine, base) = (open.text.get_untracked(), open.base.get_untracked());
                changed |= value != base;
                if mine == base || mine == value {
                    open.text.set(value.clone());
                    open.theirs.set(None);
                } else if value != base {
                    open.theirs.set(Some(value.clone()));
                    both = true;
                }
                open.base.set(value);
            }
            (both, changed)
        });
        // What was met before is still unsaved: it counts until then.
        if changed {
            self.theirs.set(Theirs::Something);
        } else if self.theirs.get_untracked() != Theirs::Something {
            self.theirs.set(Theirs::Nothing);
        }
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
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::ui::editor::Kind;
    use serde_json::json;

    const FIELDS: [FormField; 3] = [
        FormField::new("nom", "Nom", Kind::Text),
        FormField::new("prix", "Prix", Kind::Decimal),
        FormField::new("seuil", "Seuil", Kind::Integer),
    ];

    fn values(nom: &str, prix: &str, seuil: &str) -> impl Fn(&str) -> String {
        let all = [("nom", nom.to_owned()), ("prix", prix.to_owned()), ("seuil", seuil.to_owned())];
        move |name| all.iter().find(|(n, _)| *n == name).map(|(_, v)| v.clone()).unwrap_or_default()
    }

    #[test]
    fn only_what_was_changed_is_sent() {
        let _owner = Owner::new();
        _owner.with(|| {
            let draft = Draft::new(&FIELDS, values("Thé", "4,50", "3"), None);
            assert!(!draft.is_touched());
            draft.text("prix").set("5".into());
            assert!(draft.is_touched());
            assert_eq!(Value::Object(draft.changes()), json!({"prix": "5"}));
            assert_eq!(Value::Object(draft.body()), json!({"nom": "Thé", "prix": "5", "seuil": 3}));
        });
    }

    #[test]
    fn what_was_typed_since_it_was_sent_is_still_to_be_saved() {
        let _owner = Owner::new();
        _owner.with(|| {
            let draft = Draft::new(&FIELDS, values("Thé", "4,50", "3"), None);
            draft.text("prix").set("5".into());
            let sent = draft.texts();
            draft.text("nom").set("Thé vert".into());
            draft.settle(sent);
            assert_eq!(Value::Object(draft.changes()), json!({"nom": "Thé vert"}));
            draft.settle(draft.texts());
            assert!(!draft.is_touched());
        });
    }

    #[test]
    fn a_faster_colleague_costs_nothing_that_was_typed() {
        let _owner = Owner::new();
        _owner.with(|| {
            let draft = Draft::new(&FIELDS, values("Thé", "4,50", "3"), None);
            draft.text("prix").set("5".into());
            draft.text("nom").set("Thé vert".into());
            // They changed the price too, and the threshold, which nobody here touched.
            assert!(draft.meet(values("Thé", "6", "8")));
            assert_eq!(draft.text("seuil").get_untracked(), "8", "theirs, untouched here");
            assert_eq!(draft.text("nom").get_untracked(), "Thé vert", "mine, untouched there");
            let conflicts: Vec<_> =
                draft.conflicts().into_iter().map(|c| (c.name, c.mine.get_untracked(), c.theirs)).collect();
            assert_eq!(conflicts, [("prix".into(), "5".to_owned(), "6".to_owned())]);
            assert_eq!(Value::Object(draft.changes()), json!({"nom": "Thé vert", "prix": "5"}));
        });
    }

    #[test]
    fn what_somebody_else_did_beside_the_form_is_told_from_what_they_did_to_it() {
        let _owner = Owner::new();
        _owner.with(|| {
            let theirs = |draft: Draft| draft.theirs.get_untracked();
            let draft = Draft::new(&FIELDS, values("Thé", "4,50", "3"), None);
            draft.text("prix").set("5".into());
            assert_eq!(theirs(draft), Theirs::Unread);
            assert!(!draft.meet(values("Thé", "4,50", "3")));
            assert_eq!(theirs(draft), Theirs::Nothing);
            assert!(!draft.meet(values("Thé", "4,50", "8")));
            assert!(!draft.meet(values("Thé", "4,50", "8")));
            assert_eq!(theirs(draft), Theirs::Something, "until it is saved");
            draft.settle(draft.texts());
            assert_eq!(theirs(draft), Theirs::Unread);
        });
    }

    #[test]
    fn a_plain_form_that_was_too_late_shows_both_values() {
        let _owner = Owner::new();
        _owner.with(|| {
            let error = Some(crate::error::AppError::new(ErrorCode::StaleVersion, "trop tard"));
            let values = vec![("nom".into(), "Thé".into()), ("prix".into(), "5".into())];
            let draft = Draft::new(&FIELDS, values_now, Some(&FormReturn { values, error }));
            let conflicts: Vec<_> = draft.conflicts().into_iter().map(|c| (c.name, c.theirs)).collect();
            assert_eq!(conflicts, [("prix".into(), "4,50".to_owned())]);
        });
    }

    fn values_now(name: &str) -> String {
        values("Thé", "4,50", "3")(name)
    }

    #[test]
    fn what_came_back_from_a_plain_form_counts() {
        let _owner = Owner::new();
        _owner.with(|| {
            let back = FormReturn { values: vec![("prix".into(), "abc".into())], error: None };
            let draft = Draft::new(&FIELDS, values("Thé", "4,50", "3"), Some(&back));
            assert_eq!(draft.text("prix").get_untracked(), "abc");
            assert!(draft.is_touched());
            let late = Draft::new(&FIELDS, values("Thé", "4,50", "3"), None);
            late.came_back(&back, true);
            let both: Vec<_> = late.conflicts().into_iter().map(|c| (c.name, c.mine.get(), c.theirs)).collect();
            assert_eq!(both, [("prix".into(), "abc".to_owned(), "4,50".to_owned())]);
        });
    }

    #[test]
    fn a_plain_form_that_came_too_late_shows_both_values() {
        let owner = Owner::new();
        owner.with(|| {
            let error = Some(crate::error::AppError::new(ErrorCode::StaleVersion, "…"));
            let values = vec![("prix".into(), "5".into()), ("seuil".into(), "3".into())];
            let draft = Draft::new(&FIELDS, values_of_now(), Some(&FormReturn { values, error }));
            let conflicts: Vec<_> = draft.conflicts().into_iter().map(|c| (c.name, c.theirs)).collect();
            assert_eq!(conflicts, [("prix".into(), "6".to_owned())]);
        });
    }

    fn values_of_now() -> impl Fn(&str) -> String {
        values("Thé", "6", "3")
    }
}
