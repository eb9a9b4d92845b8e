//! Somebody else was faster: both values side by side, and a choice for each.

use leptos::prelude::*;

use super::sending::Editor;
use crate::error::ErrorCode;
use crate::ui::components::{Button, ButtonSize, Notice, Tone};

/// Shows what both changed, once saving was refused because of it. Nothing typed is lost: what only the
/// other changed stands in the form already, and what both changed waits for a choice.
#[component]
pub fn ConflictNotice(
    /// The form.
    editor: Editor,
) -> impl IntoView {
    let stale = move || editor.refusal.with(|r| r.as_ref().is_some_and(|e| e.code == ErrorCode::StaleVersion));
    move || {
        if !stale() {
            return None;
        }
        let conflicts = editor.draft.conflicts();
        let lead = if conflicts.is_empty() {
            "Leurs modifications sont reprises ci-dessous et les vôtres gardées. Vérifiez, puis enregistrez."
        } else {
            "Ces champs ont changé des deux côtés. Choisissez, puis enregistrez ; le reste de votre saisie est gardé."
        };
        let rows = conflicts
            .into_iter()
            .map(|(field, mine, theirs)| {
                let typed = mine.get_untracked();
                let (keep, take) = (typed.clone(), theirs.clone());
                let chosen = Memo::new(move |_| mine.get());
                let is_mine = { let typed = typed.clone(); Signal::derive(move || chosen.get() == typed) };
                let is_theirs = { let theirs = theirs.clone(); Signal::derive(move || chosen.get() == theirs) };
                view! {
                    <tr>
                        <th scope="row">{field.label}</th>
                        <td>
                            <Button size=ButtonSize::Small text=shown(&typed) attr:aria-pressed=move || is_mine.get().to_string() on:click=move |_| mine.set(keep.clone())/>
                        </td>
                        <td>
                            <Button size=ButtonSize::Small text=shown(&theirs) attr:aria-pressed=move || is_theirs.get().to_string() on:click=move |_| mine.set(take.clone())/>
                        </td>
                    </tr>
                }
            })
            .collect_view();
        let any = !editor.draft.conflicts().is_empty();
        Some(view! {
            <Notice tone=Tone::Amber title="Quelqu'un a enregistré entre-temps" alert=true>
                <p>{lead}</p>
                {any
                    .then(|| {
                        view! {
                            <table class="table table-dense conflict">
                                <thead>
                                    <tr>
                                        <th scope="col">"Champ"</th>
                                        <th scope="col">"Votre saisie"</th>
                                        <th scope="col">"Enregistré par l'autre"</th>
                                    </tr>
                                </thead>
                                <tbody>{rows}</tbody>
                            </table>
                        }
                    })}
            </Notice>
        })
    }
}

fn shown(text: &str) -> String {
    if text.trim().is_empty() { "(vide)".to_owned() } else { text.to_owned() }
}
