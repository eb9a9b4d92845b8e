//! A form whose answer is a page: what it sends stands in the URL.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::{ev, web_sys};
use leptos_router::hooks::use_navigate;

/// A plain GET form; where the page has woken up it changes the URL without reloading, and leaves empty fields out.
#[component]
pub fn QueryForm(
    /// Path of the page.
    action: &'static str,
    children: Children,
) -> impl IntoView {
    let navigate = use_navigate();
    let submit = move |event: ev::SubmitEvent| {
        if let Some(query) = event.target().and_then(query_of) {
            event.prevent_default();
            navigate(&format!("{action}{query}"), Default::default());
        }
    };
    view! {
        <form method="get" action=action on:submit=submit>
            {children()}
        </form>
    }
}

/// `?name=value&…` of the fields that are filled in; nothing when the browser cannot tell, which then sends the form.
fn query_of(target: web_sys::EventTarget) -> Option<String> {
    let form = target.dyn_into::<web_sys::HtmlFormElement>().ok()?;
    let data = web_sys::FormData::new_with_form(&form).ok()?;
    let sent = web_sys::UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?;
    Some(without_empty(&String::from(sent.to_string())))
}

fn without_empty(sent: &str) -> String {
    let kept = sent.split('&').filter(|pair| pair.split_once('=').is_some_and(|(_, value)| !value.is_empty()));
    let kept = kept.collect::<Vec<_>>().join("&");
    if kept.is_empty() { kept } else { format!("?{kept}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_fields_are_left_out() {
        assert_eq!(without_empty("a=1&b=&c=x+y"), "?a=1&c=x+y");
        assert_eq!(without_empty("a="), "");
        assert_eq!(without_empty(""), "");
    }
}
