//! Somebody else was faster: both values side by side, and a choice for each.

use std::borrow::Cow;

use leptos::prelude::*;

use super::draft::{Conflict, TakenOver, Theirs};
use super::sending::Editor;
use crate::error::ErrorCode;
use crate::live::use_live;
use crate::ui::components::{Button, ButtonSize, Notice, Tone, Values};

/// A field, a value of it, and what that is called.
pub type ValueName = (&'static str, String, String);

/// What happened and what to do, where nothing waits for a choice.
pub fn lead(theirs: Theirs) -> &'static str {
    match theirs {
        Theirs::Unread => "Votre saisie est gardée.",
        Theirs::Nothing => "Rien de ce formulaire n'a été changé : enregistrez à nouveau.",
        Theirs::Something => {
            "Ses modifications sont reprises ci-dessous et les vôtres gardées. Vérifiez, puis enregistrez."
        }
        Theirs::Alike | Theirs::Compared => {
            "Ce qui est enregistré maintenant est aussi ce que vous avez saisi\u{a0}: il n'y a plus rien à enregistrer."
        }
    }
}

/// What each of the two values is called.
const YOURS: &str = "Votre saisie";
const OTHERS: &str = "Enregistré par l'autre";

/// Said where what was typed is what is saved.
const SAVED: &str = "C'est déjà enregistré";

/// Shows what both changed, once saving was refused because of it. Nothing typed is lost: what only the
/// other changed stands in the form already and is named, and what both changed waits for a choice.
#[component]
pub fn ConflictNotice(
    /// The form.
    editor: Editor,
    /// What values that are not read as they stand are called: field, value, name.
    #[prop(optional)]
    names: Vec<ValueName>,
) -> impl IntoView {
    let names = StoredValue::new(names);
    let live = use_live();
    let awake = Signal::derive(move || live.awake());
    let stale = move || editor.refusal.with(|r| r.as_ref().is_some_and(|e| e.code == ErrorCode::StaleVersion));
    move || {
        if !stale() {
            return None;
        }
        let conflicts = editor.draft.conflicts();
        let lead = if conflicts.is_empty() {
            lead(editor.draft.theirs())
        } else {
            "Ces champs ont changé des deux côtés. Choisissez, puis enregistrez\u{a0}; le reste de votre saisie est gardé."
        };
        let rows = conflicts
            .into_iter()
            .map(|Conflict { name, label, mine, theirs }| {
                let typed = mine.get_untracked();
                view! { <Choice name label mine typed theirs names awake/> }.into_any()
            })
            .collect();
        let taken = editor.draft.taken_over();
        if editor.draft.theirs() == Theirs::Alike && taken.iter().all(|field| field.alike) {
            // Somebody else's change, or one's own whose answer got lost on the way: either way there is nothing to do.
            return Some(view! { <Notice title=SAVED alert=true>{lead}</Notice> }.into_any());
        }
        let taken = taken.into_iter().map(|field| taken_over(field, names)).collect();
        Some(view! { <BothValues lead of="Champ" rows taken/> }.into_any())
    }
}

/// That somebody else was faster, with a row for each thing that both changed: its name, one value, the other.
#[component]
pub fn BothValues(
    /// What happened and what to do.
    lead: &'static str,
    /// What the rows are about.
    of: &'static str,
    /// The rows; without any, there is nothing to choose.
    rows: Vec<AnyView>,
    /// What stands in the form as the other left it: terms and what they were and are.
    #[prop(optional)]
    taken: Vec<AnyView>,
) -> impl IntoView {
    let table = (!rows.is_empty()).then(|| {
        view! {
            <table class="table table-dense conflict">
                <thead>
                    <tr>
                        <th scope="col">{of}</th>
                        <th scope="col">{YOURS}</th>
                        <th scope="col">{OTHERS}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        }
    });
    let taken = (!taken.is_empty()).then(|| {
        view! {
            <p class="conflict-taken">"Ce que l'autre a changé et qui est déjà dans le formulaire\u{a0}:"</p>
            <dl class="changes">{taken}</dl>
        }
    });
    view! {
        <Notice tone=Tone::Amber title="Quelqu'un a enregistré entre-temps" alert=true>
            <p>{lead}</p>
            {table}
            {taken}
        </Notice>
    }
}

/// The cells of a row, each with what its value is called where there is no room for them side by side.
pub fn both_cells(mine: AnyView, theirs: AnyView) -> AnyView {
    view! {
        <td data-whose=YOURS>{mine}</td>
        <td data-whose=OTHERS>{theirs}</td>
    }
    .into_any()
}

/// What a value of a field is called, where it is not read as it stands.
fn called(names: StoredValue<Vec<ValueName>>, field: &str, value: &str) -> Option<String> {
    names.with_value(|names| names.iter().find(|(f, v, _)| *f == field && v == value).map(|name| name.2.clone()))
}

/// A field that was taken over: what it was, what it is, and whether the same was typed here.
fn taken_over(field: TakenOver, names: StoredValue<Vec<ValueName>>) -> AnyView {
    let TakenOver { name, label, before, after, alike } = field;
    let shown = |value: String| called(names, &name, &value).unwrap_or(value);
    taken_row(label, shown(before), shown(after), alike)
}

/// What was taken over, by what people call it: what it was, what it is, and whether the same was typed here.
pub fn taken_row(label: Cow<'static, str>, before: String, after: String, alike: bool) -> AnyView {
    view! {
        <div class="change">
            <dt>{label}</dt>
            <dd>
                <Values before after/>
                {alike.then_some(", comme vous")}
            </dd>
        </div>
    }
    .into_any()
}

/// The two values of a field: pressed, where the page has woken up; else a part of the form, which
/// [`choose`] reads.
#[component]
fn Choice(
    name: Cow<'static, str>,
    label: Cow<'static, str>,
    mine: RwSignal<String>,
    typed: String,
    theirs: String,
    names: StoredValue<Vec<ValueName>>,
    awake: Signal<bool>,
) -> impl IntoView {
    let field = StoredValue::new(name);
    let shown = move |value: &str| {
        field
            .with_value(|field| called(names, field, value))
            .unwrap_or_else(|| if value.trim().is_empty() { "(vide)".to_owned() } else { value.to_owned() })
    };
    let press = move |value: String| {
        let kept = value.clone();
        let pressed = move || (mine.get() == kept).to_string();
        let text = shown(&value);
        view! {
            <Button
                size=ButtonSize::Small
                text
                attr:aria-pressed=pressed
                on:click=move |_| mine.set(value.clone())
            />
        }
    };
    let radio = move |value: &'static str, text: String| {
        let first = value == MINE;
        view! {
            <label class="conflict-choice">
                <input type="radio" name=format!("{CHOICE}{}", field.get_value()) value=value checked=first/>
                <span>{text}</span>
            </label>
        }
    };
    view! {
        <tr>
            <th scope="row">{label}</th>
            {move || {
                let (typed, theirs) = (typed.clone(), theirs.clone());
                if awake.get() {
                    both_cells(press(typed).into_any(), press(theirs).into_any())
                } else {
                    let other = view! {
                        {radio(THEIRS, shown(&theirs))}
                        <input type="hidden" name=format!("{VALUE}{}", field.get_value()) value=theirs/>
                    };
                    both_cells(radio(MINE, shown(&typed)).into_any(), other.into_any())
                }
            }}
        </tr>
    }
}

/// Names of a plain form that was too late: what was chosen for a field, and the other's value of it.
const CHOICE: &str = "garder.";
const VALUE: &str = "autre.";
const MINE: &str = "moi";
const THEIRS: &str = "autre";

/// What a plain form chose between both values stands in its fields; the choices themselves are taken out.
pub fn choose(sent: Vec<(String, String)>) -> Vec<(String, String)> {
    let (choices, mut fields): (Vec<_>, Vec<_>) =
        sent.into_iter().partition(|(name, _)| name.starts_with(CHOICE) || name.starts_with(VALUE));
    let theirs = choices.iter().filter(|(_, chosen)| chosen == THEIRS).filter_map(|(n, _)| n.strip_prefix(CHOICE));
    for name in theirs {
        let value = choices.iter().find(|(n, _)| n.strip_prefix(VALUE) == Some(name)).map(|(_, value)| value);
        let field = fields.iter_mut().find(|(n, _)| n == name);
        if let (Some(value), Some((_, typed))) = (value, field) {
            typed.clone_from(value);
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_form_chooses_between_both_values() {
        let pairs = |list: &[(&str, &str)]| -> Vec<(String, String)> {
            list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let sent = pairs(&[
            ("garder.nom", "autre"),
            ("autre.nom", "Thé noir"),
            ("garder.prix", "moi"),
            ("autre.prix", "6"),
            ("nom", "Thé vert"),
            ("prix", "5"),
        ]);
        assert_eq!(choose(sent), pairs(&[("nom", "Thé noir"), ("prix", "5")]));
        assert_eq!(choose(pairs(&[("garder.nom", "autre"), ("nom", "Thé")])), pairs(&[("nom", "Thé")]));
    }
}
