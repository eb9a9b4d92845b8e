//! A question in front of the page: the browser's own `<dialog>`, which keeps the focus inside, closes on
//! Escape and gives the focus back.

use leptos::html;
use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::ui::browser::sure_to_leave;

/// Shows its content in front of the page while `open` holds.
#[component]
pub fn Dialog(
    /// Id, unique on the page.
    id: &'static str,
    /// Open or not; closing by Escape, the cross or a click beside sets it back.
    open: RwSignal<bool>,
    /// What it is about.
    #[prop(into)]
    title: Signal<String>,
    /// 704 px instead of 480.
    #[prop(optional)]
    wide: bool,
    /// A panel at the right edge, as high as the window: for forms beside what they are about.
    #[prop(optional)]
    side: bool,
    /// Something in it would be lost: closing asks first.
    #[prop(optional, into)]
    unsaved: Signal<bool>,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let (wanted, Some(dialog)) = (open.get(), node.get()) else { return };
        if wanted && !dialog.open() {
            // Fails only for an element outside the page, which cannot be pressed.
            let _ = dialog.show_modal();
        } else if !wanted && dialog.open() {
            dialog.close();
        }
    });
    let close = move || {
        if !unsaved.get_untracked() || sure_to_leave() {
            open.set(false);
            return true;
        }
        false
    };
    // Told after the fact: asked for again at once, it is open by then.
    let closed = move |_| {
        if node.get_untracked().is_none_or(|dialog| !dialog.open()) {
            open.set(false);
        }
    };
    // The dialog itself is hit only where its content is not: beside it.
    let beside = move |event: leptos::ev::MouseEvent| {
        if let (Some(dialog), Some(target)) = (node.get_untracked(), event.target())
            && leptos::wasm_bindgen::JsCast::dyn_ref::<leptos::web_sys::Element>(&target)
                .is_some_and(|hit| dialog.is_same_node(Some(hit)))
        {
            close();
        }
    };
    let title_id = format!("{id}-titre");
    let named_by = title_id.clone();
    view! {
        <dialog
            node_ref=node
            id=id
            class=match (side, wide) {
                (true, _) => "dialog dialog-side",
                (false, true) => "dialog dialog-wide",
                (false, false) => "dialog",
            }
            aria-labelledby=named_by
            on:close=closed
            on:cancel=move |event: leptos::ev::Event| if event.target() == event.current_target() && !close() { event.prevent_default() }
            on:mousedown=beside
        >
            <div class="dialog-head">
                <h2 class="dialog-title" id=title_id>
                    // Of what is read elsewhere on the page: drawn beforehand, it may have been read on one side only.
                    {move || if open.get() { title.get() } else { String::new() }}
                </h2>
                <button
                    type="button"
                    class="btn btn-quiet btn-small btn-icon"
                    aria-label="Fermer"
                    on:click=move |_| {
                        close();
                    }
                >
                    <Icon of=Glyph::Close/>
                </button>
            </div>
            <div class="dialog-body">{children()}</div>
        </dialog>
    }
}
