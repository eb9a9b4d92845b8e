//! Brings what the server drew up to date without drawing it anew: what is focused, unfolded or being read stays.
//! Browser only.

use leptos::prelude::document;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, Node};

/// What the page itself sets on what the server drew.
const KEPT: [&str; 4] = ["open", "hidden", "aria-valuenow", "aria-valuetext"];

/// Makes the content of an element what `html` says, changing only what differs. `html` comes from the server.
pub fn bring_up_to_date(element: &Element, html: &str) {
    if let Ok(fresh) = document().create_element("div") {
        fresh.set_inner_html(html);
        children(element, &fresh);
    }
}

// Nothing here fails: what is moved, replaced or removed is where it was just read.
fn children(old: &Node, new: &Node) {
    let (mut current, mut wanted) = (old.first_child(), new.first_child());
    while let Some(next) = wanted {
        wanted = next.next_sibling();
        match current {
            Some(node) => {
                current = node.next_sibling();
                node_like(old, &node, &next);
            }
            None => drop(old.append_child(&next)),
        }
    }
    while let Some(extra) = current {
        current = extra.next_sibling();
        let _ = old.remove_child(&extra);
    }
}

fn node_like(parent: &Node, node: &Node, wanted: &Node) {
    if (node.node_type(), node.node_name()) != (wanted.node_type(), wanted.node_name()) {
        let _ = parent.replace_child(wanted, node);
        return;
    }
    match (node.dyn_ref::<Element>(), wanted.dyn_ref::<Element>()) {
        (Some(element), Some(wanted)) => {
            attributes(element, wanted);
            children(element, wanted);
        }
        _ => {
            if node.node_value() != wanted.node_value() {
                node.set_node_value(wanted.node_value().as_deref());
            }
        }
    }
}

fn attributes(element: &Element, wanted: &Element) {
    let names = |of: &Element| -> Vec<String> {
        let names = of.get_attribute_names().into_iter().filter_map(|name| name.as_string());
        names.filter(|name| !KEPT.contains(&name.as_str())).collect()
    };
    for name in names(wanted) {
        let value = wanted.get_attribute(&name).unwrap_or_default();
        if element.get_attribute(&name).as_deref() != Some(&value) {
            let _ = element.set_attribute(&name, &value);
        }
    }
    for name in names(element) {
        if !wanted.has_attribute(&name) {
            let _ = element.remove_attribute(&name);
        }
    }
}
