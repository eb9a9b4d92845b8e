//! What a form keeps, sends and takes over.

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

#[test]
fn what_is_taken_over_is_named_with_what_it_was() {
    let owner = Owner::new();
    owner.with(|| {
        let told = |draft: Draft| -> Vec<_> {
            draft.taken_over().into_iter().map(|t| (t.label.into_owned(), t.before, t.after, t.alike)).collect()
        };
        let one = |before: &str, after: &str, alike| ("Seuil".to_owned(), before.to_owned(), after.to_owned(), alike);
        let draft = Draft::new(&FIELDS, values("Thé", "4,50", "3"), None);
        draft.text("nom").set("Thé vert".into());
        draft.meet(values("Thé", "4,50", "8"));
        assert_eq!(told(draft), [one("3", "8", false)]);
        draft.meet(values("Thé", "4,50", "9"));
        assert_eq!(told(draft), [one("3", "9", false)], "from what was read here first");
        // What waits for a choice is not told as taken over.
        draft.text("seuil").set("5".into());
        assert!(draft.meet(values("Thé", "4,50", "10")));
        assert!(told(draft).is_empty());
        draft.settle(draft.texts());
        draft.meet(values("Thé vert", "4,50", "6"));
        assert_eq!(told(draft), [one("5", "6", false)]);
        draft.reset(values("Thé", "4,50", "3"));
        assert!(told(draft).is_empty());
    });
}

#[test]
fn where_both_typed_the_same_nothing_is_left_to_save() {
    let owner = Owner::new();
    owner.with(|| {
        let theirs = |draft: Draft| draft.theirs.get_untracked();
        let alike = |draft: Draft| draft.taken_over().into_iter().map(|taken| taken.alike).collect::<Vec<_>>();
        let draft = Draft::new(&FIELDS, values("Thé", "4,50", "3"), None);
        draft.text("prix").set("5".into());
        assert!(!draft.meet(values("Thé", "5", "3")));
        assert_eq!((theirs(draft), alike(draft)), (Theirs::Alike, vec![true]));
        assert!(!draft.is_touched() && draft.changes().is_empty());
        // Something of one's own is left as well.
        draft.reset(values("Thé", "4,50", "3"));
        draft.text("prix").set("5".into());
        draft.text("nom").set("Thé vert".into());
        assert!(!draft.meet(values("Thé", "5", "3")));
        assert_eq!((theirs(draft), alike(draft)), (Theirs::Something, vec![true]));
        assert_eq!(Value::Object(draft.changes()), json!({"nom": "Thé vert"}));
    });
}
