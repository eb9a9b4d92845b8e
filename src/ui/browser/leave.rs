//! Asks before what was typed is thrown away.

use std::cell::RefCell;

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use leptos::web_sys::{Element, MouseEvent};

/// What holds something typed, and how it forgets it.
type Holder = (Signal<bool>, Callback<()>);

thread_local! {
    // Of the page that is shown: keys and the palette lead away from it too, and are no links.
    static HOLDERS: RefCell<Vec<Holder>> = const { RefCell::new(Vec::new()) };
}

/// Whether one may go to another page: nothing typed is lost by it, or the person is sure. Browser only.
pub fn may_leave() -> bool {
    let held: Vec<_> = HOLDERS.with_borrow(|holders| {
        let touched = |(touched, _): &&Holder| touched.try_get_untracked() == Some(true);
        holders.iter().filter(touched).map(|(_, forget)| *forget).collect()
    });
    if held.is_empty() {
        return true;
    }
    let sure = sure_to_leave();
    if sure {
        held.into_iter().for_each(|forget| forget.run(()));
    }
    sure
}

/// Guards the page while `touched` holds: against closing it, against following one of its links, and against whatever
/// asks whether it [`may_leave`]. `forget`: the person is sure.
pub fn guard(touched: Signal<bool>, forget: Callback<()>) {
    Effect::new(move |_| {
        HOLDERS.with_borrow_mut(|holders| holders.push((touched, forget)));
        let closing = window_event_listener(ev::beforeunload, move |ev| {
            if touched.try_get_untracked() == Some(true) {
                ev.prevent_default();
            }
        });
        let following = Closure::<dyn FnMut(MouseEvent)>::new(move |ev: MouseEvent| {
            if touched.try_get_untracked() == Some(true) && leaves(&ev) {
                if sure_to_leave() {
                    forget.run(());
                } else {
                    ev.prevent_default();
                }
            }
        });
        // On the document, so that it comes before the router, which listens on the window.
        let listen = document().add_event_listener_with_callback("click", following.as_ref().unchecked_ref());
        let following = StoredValue::new_local(listen.is_ok().then_some(following));
        on_cleanup(move || {
            closing.remove();
            HOLDERS.with_borrow_mut(|holders| holders.retain(|(signal, _)| *signal != touched));
            following.try_update_value(|following| {
                if let Some(following) = following.take() {
                    let _ = document().remove_event_listener_with_callback("click", following.as_ref().unchecked_ref());
                }
            });
        });
    });
}

/// Asks whether what was typed may be thrown away. Browser only.
pub fn sure_to_leave() -> bool {
    window().confirm_with_message("Quitter sans enregistrer ce que vous avez saisi ?") == Ok(true)
}

/// Whether a click follows a link away from this page, in this tab.
fn leaves(ev: &MouseEvent) -> bool {
    if ev.default_prevented() || ev.button() != 0 || ev.ctrl_key() || ev.meta_key() || ev.shift_key() {
        return false;
    }
    let target = ev.target().and_then(|target| target.dyn_into::<Element>().ok());
    let link = target.and_then(|target| target.closest("a[href]:not([target])").ok().flatten());
    link.and_then(|link| link.get_attribute("href")).is_some_and(|href| !href.starts_with('#'))
}
