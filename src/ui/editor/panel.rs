//! A form in a panel beside what it is about. Its link leads to a page of its own, where the same form
//! works without JavaScript.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use crate::ui::components::Dialog;

/// Told to the forms of a panel, so that closing it asks before what was typed is lost.
#[derive(Debug, Clone, Copy)]
pub struct InPanel {
    /// Something differs from what was read.
    pub touched: RwSignal<bool>,
}

/// A form at the right edge, made anew each time it is opened.
#[component]
pub fn EditPanel(
    /// Id, unique on the page.
    id: &'static str,
    /// Open or not.
    open: RwSignal<bool>,
    /// What it is about.
    #[prop(into)]
    title: Signal<String>,
    children: ChildrenFn,
) -> impl IntoView {
    let touched = RwSignal::new(false);
    let children = StoredValue::new(children);
    Effect::new(move |_| {
        if !open.get() {
            touched.set(false);
        }
    });
    view! {
        <Dialog id open title side=true unsaved=touched>
            <Show when=move || open.get()>
                {
                    provide_context(InPanel { touched });
                    children.with_value(|children| children())
                }
            </Show>
        </Dialog>
    }
}

/// What a link does that leads to a form: where the page has woken up, it opens the panel instead. Asked for
/// in another tab or window, it stays a link.
pub fn opens(open: RwSignal<bool>) -> impl Fn(MouseEvent) + Clone + 'static {
    move |ev: MouseEvent| {
        if !(ev.ctrl_key() || ev.meta_key() || ev.shift_key() || ev.alt_key()) && ev.button() == 0 {
            ev.prevent_default();
            open.set(true);
        }
    }
}
