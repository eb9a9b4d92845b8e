//! Asks before what was typed is thrown away.

use std::cell::RefCell;

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
#[cfg(feature = "hydrate")]
use leptos::web_sys::Event;
use leptos::web_sys::{Element, MouseEvent};

/// What holds something typed, and how it forgets it.
type Holder = (Signal<bool>, Callback<()>);

thread_local! {
    // Of the page that is shown: keys and the palette lead away from it too, and are no links.
    static HOLDERS: RefCell<Vec<Holder>> = const { RefCell::new(Vec::new()) };
    // Where one typed: by the time the way back is heard of, the address is another one already.
    static TYPED_AT: RefCell<String> = const { RefCell::new(String::new()) };
}

/// How what is typed on this page is forgotten; empty when nothing is.
fn held() -> Vec<Callback<()>> {
    HOLDERS.with_borrow(|holders| {
        let touched = |(touched, _): &&Holder| touched.try_get_untracked() == Some(true);
        holders.iter().filter(touched).map(|(_, forget)| *forget).collect()
    })
}

/// Whether something typed would be lost with this page. Browser only.
pub fn is_typed_in() -> bool {
    !held().is_empty()
}

/// Whether one may go to another page: nothing typed is lost by it, or the person is sure. Browser only.
pub fn may_leave() -> bool {
    let held = held();
    if held.is_empty() {
        return true;
    }
    let sure = sure_to_leave();
    if sure {
        held.into_iter().for_each(|forget| forget.run(()));
    }
    sure
}

/// Guards the page while `touched` holds: against closing it, against following one of its links, against the browser's
/// way back and forth, and against whatever asks whether it [`may_leave`]. `forget`: the person is sure.
pub fn guard(touched: Signal<bool>, forget: Callback<()>) {
    Effect::new(move |_| {
        if touched.get() {
            TYPED_AT.set(address());
        }
    });
    Effect::new(move |_| {
        let held = move || touched.try_get_untracked() == Some(true);
        HOLDERS.with_borrow_mut(|holders| holders.push((touched, forget)));
        let closing = window_event_listener(ev::beforeunload, move |ev| {
            if held() {
                ev.prevent_default();
            }
        });
        let following = Closure::<dyn FnMut(MouseEvent)>::new(move |ev: MouseEvent| {
            if held() && leaves(&ev) && !may_leave() {
                ev.prevent_default();
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

/// Guards what stands in one box until it is sent.
pub fn guard_text(text: RwSignal<String>) {
    guard(Signal::derive(move || !text.read().trim().is_empty()), Callback::new(move |()| text.set(String::new())));
}

/// Guards the browser's way back and forth. Once, before the router is made: of those who listen for it, the first
/// one is asked first.
#[cfg(feature = "hydrate")]
pub fn guard_history() {
    let returning = Closure::<dyn FnMut(Event)>::new(move |ev: Event| {
        // A link within the page is told of as well.
        if address() != TYPED_AT.with_borrow(String::clone) && !may_leave() {
            ev.stop_immediate_propagation();
            put_back();
        }
    });
    // Fails for no listener of the window.
    let _ = window().add_event_listener_with_callback("popstate", returning.as_ref().unchecked_ref());
    returning.forget();
}

/// Where one is.
fn address() -> String {
    let at = window().location();
    at.pathname().unwrap_or_default() + &at.search().unwrap_or_default()
}

/// The entry that was left, over the one that was gone to: what lies before it is as it was.
#[cfg(feature = "hydrate")]
fn put_back() {
    if let Ok(history) = window().history() {
        let _ = TYPED_AT.with_borrow(|address| {
            history.push_state_with_url(&leptos::wasm_bindgen::JsValue::NULL, "", Some(address))
        });
    }
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
