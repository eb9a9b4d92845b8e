//! What is copied here, and what was copied elsewhere.

use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::ClipboardEvent;
use leptos::web_sys::js_sys::{Function, Reflect};

/// Puts a text on the clipboard. Browser only; says whether the browser has one for this page.
pub fn copy(text: &str) -> bool {
    let member = |of: &JsValue, name: &str| Reflect::get(of, &JsValue::from_str(name)).ok();
    let clipboard = member(window().as_ref(), "navigator").and_then(|navigator| member(&navigator, "clipboard"));
    let Some(clipboard) = clipboard.filter(|clipboard| !clipboard.is_undefined()) else { return false };
    let write = member(&clipboard, "writeText").and_then(|write| write.dyn_into::<Function>().ok());
    // Its promise fails only where the person has forbidden it: the text is still there to select.
    write.is_some_and(|write| write.call1(&clipboard, &JsValue::from_str(text)).is_ok())
}

/// The text that is being pasted.
pub fn copied(paste: &ClipboardEvent) -> Option<String> {
    paste.clipboard_data()?.get_data("text/plain").ok()
}
