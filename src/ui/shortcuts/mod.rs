//! Keys that work on every page of the desk: one listener, one table, one list of them to read.

mod help;
mod keys;
mod rows;

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};
use leptos_router::hooks::use_navigate;

use self::help::KeysHelp;
use self::keys::{Command, command_of};
use crate::auth::permission::Permission;
use crate::auth::server_functions::SignedIn;
use crate::ui::palette::Palette;

/// Listens, and draws what the keys open. Once, in the layout.
#[component]
pub fn Shortcuts(
    /// Who looks at the page.
    user: SignedIn,
    /// Whether the palette is open: the top bar has a button for it.
    palette: RwSignal<bool>,
) -> impl IntoView {
    let help = RwSignal::new(false);
    let writes = user.may(Permission::WriteOrders);
    let navigate = use_navigate();
    Effect::new(move |_| {
        let navigate = navigate.clone();
        let listener = window_event_listener(ev::keydown, move |ev| {
            let Some(command) = command_of(&ev.key(), ev.ctrl_key() || ev.meta_key(), ev.alt_key()) else { return };
            // Letters belong to whoever types, and to an open question.
            if command != Command::Palette && (ev.default_prevented() || is_typing() || is_asked()) {
                return;
            }
            let done = match command {
                Command::Palette => {
                    palette.update(|open| *open = !*open);
                    true
                }
                Command::Help => {
                    help.set(true);
                    true
                }
                Command::Search => focus_search(),
                Command::NewOrder if writes => {
                    navigate("/commandes/nouvelle", Default::default());
                    true
                }
                Command::NewOrder => false,
                Command::NextRow => rows::step(1),
                Command::PreviousRow => rows::step(-1),
                Command::Choose => rows::choose(),
            };
            if done {
                ev.prevent_default();
            }
        });
        on_cleanup(move || listener.remove());
    });
    view! {
        <Palette user open=palette help/>
        <KeysHelp open=help writes/>
    }
}

/// Whether the focus is where letters are typed.
fn is_typing() -> bool {
    let Some(active) = document().active_element() else { return false };
    let editable = active.dyn_ref::<HtmlElement>().is_some_and(HtmlElement::is_content_editable);
    let is_box = match active.tag_name().as_str() {
        "TEXTAREA" | "SELECT" => true,
        "INPUT" => !matches!(active.get_attribute("type").as_deref(), Some("checkbox" | "radio" | "button" | "submit")),
        _ => false,
    };
    editable || is_box
}

/// Whether a question stands in front of the page.
fn is_asked() -> bool {
    matches!(document().query_selector("dialog[open]"), Ok(Some(_)))
}

/// Puts the cursor in the page's search box, its text selected.
fn focus_search() -> bool {
    let found: Option<Element> = document().query_selector("main input[type=search]").ok().flatten();
    let Some(search) = found.and_then(|found| found.dyn_into::<leptos::web_sys::HtmlInputElement>().ok()) else {
        return false;
    };
    let _ = search.focus();
    search.select();
    true
}
