//! The list of keys.

use leptos::prelude::*;

use super::keys::{Command, KEYS};
use crate::ui::components::Dialog;

/// All keys, for those who asked.
#[component]
pub fn KeysHelp(
    /// Open or not.
    open: RwSignal<bool>,
    /// Whether the person enters orders.
    writes: bool,
) -> impl IntoView {
    let rows = KEYS
        .iter()
        .filter(|(_, _, command)| writes || *command != Command::NewOrder)
        .map(|(keys, words, _)| {
            let keys = keys.iter().map(|key| view! { <kbd>{*key}</kbd> }).collect_view();
            view! {
                <div class="key-row">
                    <dt>{keys}</dt>
                    <dd>{*words}</dd>
                </div>
            }
        })
        .collect_view();
    view! {
        <Dialog id="raccourcis" open title=Signal::stored("Raccourcis clavier".to_owned())>
            <dl class="key-list">{rows}</dl>
        </Dialog>
    }
}
