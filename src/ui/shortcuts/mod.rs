//! Keys that work on every page of the desk: one listener, one table, one list of them to read.

mod help;
pub mod keys;
pub mod rows;

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};
use leptos_router::ChooseView;
use leptos_router::hooks::use_navigate;

use self::help::KeysHelp;
use self::keys::{Command, command_of};
use crate::auth::permission::Permission;
use crate::auth::server_functions::{PageContext, SignedIn};
use crate::ui::browser::may_leave;
use crate::ui::palette::Palette;
use crate::ui::sections::overlays;

/// What stands in front of the page; in the context of the desk, whose top bar has a button for the palette.
#[derive(Clone, Copy)]
pub struct Opened {
    /// The palette.
    pub palette: RwSignal<bool>,
    /// The list of the keys.
    pub keys: RwSignal<bool>,
}

impl Opened {
    /// Both closed.
    pub fn provide() -> Self {
        let opened = Self { palette: RwSignal::new(false), keys: RwSignal::new(false) };
        provide_context(opened);
        opened
    }
}

/// Listens, and draws what the keys open. Once, in the layout. What they open has code of its own, which comes
/// when one of them is first pressed, or before, when the browser has nothing else to do.
#[component]
pub fn Shortcuts(
    /// Who looks at the page.
    user: SignedIn,
) -> impl IntoView {
    let Opened { palette, keys: help } = expect_context::<Opened>();
    let writes = user.may(Permission::WriteOrders);
    let wanted = RwSignal::new(false);
    Effect::new(move |_| {
        // Once: set again, it would draw them anew.
        if (palette.get() || help.get()) && !wanted.get_untracked() {
            wanted.set(true);
        }
    });
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
                    if may_leave() {
                        navigate("/commandes/nouvelle", Default::default());
                    }
                    true
                }
                Command::NewOrder => false,
                Command::NextRow => rows::step(1),
                Command::PreviousRow => rows::step(-1),
                // Elsewhere they scroll.
                Command::Down => rows::on_row() && rows::step(1),
                Command::Up => rows::on_row() && rows::step(-1),
                Command::Choose => rows::choose(),
            };
            if done {
                ev.prevent_default();
            }
        });
        on_cleanup(move || listener.remove());
    });
    move || wanted.get().then(|| Suspend::new(async { overlays::Page::All.choose().await }))
}

/// What the keys open.
#[component]
pub fn Overlays() -> impl IntoView {
    let keys = expect_context::<Opened>().keys;
    let user = expect_context::<PageContext>().user;
    user.map(|user| {
        view! {
            <KeysHelp open=keys user=user.clone()/>
            <Palette user/>
        }
    })
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
