//! What pointers and keys do with charts. The charts themselves are the server's drawing and carry what can be
//! read of them, so that the browser needs no code to draw them: one listener around them all reads it.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, Event, KeyboardEvent, MouseEvent, PointerEvent};
use leptos::{ev, html};
use leptos_router::hooks::use_navigate;

use crate::live::use_live;
use crate::ui::query::QueryPairs;

/// Around charts: a pointer over one, or the arrow keys on it, read a slot; a click or Enter opens what it counts.
#[component]
pub fn Readable(
    /// Follows each new drawing of the charts.
    #[prop(optional, into)]
    drawn: Signal<u32>,
    /// What the charts are about: with another, what was read is no longer.
    #[prop(optional, into)]
    of: Signal<QueryPairs>,
    children: Children,
) -> impl IntoView {
    let around = NodeRef::<html::Div>::new();
    let active = StoredValue::new(None::<usize>);
    let live = use_live();
    let navigate = use_navigate();
    let read = move |chart: &Element, slot: Option<usize>| {
        active.set_value(slot);
        Slots::of(chart).show(slot);
    };
    // What only works with JavaScript is hidden until then.
    Effect::new(move |before: Option<QueryPairs>| {
        drawn.track();
        let about = of.get();
        if before.is_some_and(|before| before != about) {
            active.set_value(None);
        }
        let Some(around) = around.get().filter(|_| live.awake()) else { return about };
        if let Some(chart) = around.query_selector(".chart-reader").ok().flatten() {
            let _ = chart.remove_attribute("hidden");
            Slots::of(&chart).show(active.get_value());
        }
        about
    });

    let over = move |event: &PointerEvent| {
        if let Some(chart) = hit(event, ".chart-reader") {
            read(&chart, Slots::of(&chart).under(event));
        } else if let Some(part) = hit(event, ".donut-part") {
            read_part(&part, true);
        }
    };
    let out = move |event: &Event| {
        if let Some(chart) = hit(event, ".chart-reader") {
            read(&chart, None);
        } else if let Some(part) = hit(event, ".donut-part") {
            read_part(&part, false);
        }
    };
    let focused = move |event: &Event| {
        if let Some(chart) = hit(event, ".chart-reader") {
            let last = Slots::of(&chart).last();
            read(&chart, active.get_value().or(Some(last)));
        } else if let Some(part) = hit(event, ".donut-part") {
            read_part(&part, true);
        }
    };
    let open = move |href: Option<String>| {
        if let Some(href) = href {
            navigate(&href, Default::default());
        }
    };
    let slot_of = move |chart: &Element| active.get_value().and_then(|slot| Slots::of(chart).href(slot));
    let open_by_key = open.clone();
    let key = move |event: KeyboardEvent| {
        let Some(chart) = hit(&event, ".chart-reader") else { return };
        let slots = Slots::of(&chart);
        let (last, now) = (slots.last(), active.get_value().unwrap_or(slots.last()));
        let next = match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" => now.saturating_sub(1),
            "ArrowRight" | "ArrowUp" => (now + 1).min(last),
            "PageDown" => now.saturating_sub(7),
            "PageUp" => (now + 7).min(last),
            "Home" => 0,
            "End" => last,
            "Enter" => return open_by_key(slot_of(&chart)),
            _ => return,
        };
        event.prevent_default();
        read(&chart, Some(next));
    };
    view! {
        <div
            node_ref=around
            class="contents"
            on:pointermove=move |event| over(&event)
            on:pointerdown=move |event| over(&event)
            on:pointerout=move |event: ev::PointerEvent| out(&event)
            on:focusin=move |event| focused(&event)
            on:focusout=move |event| out(&event)
            on:keydown=key
            on:click=move |event| {
                if let Some(chart) = hit(&event, ".chart-reader") {
                    open(slot_of(&chart));
                } else if let Some(part) = hit(&event, ".donut-part").filter(|_| !elsewhere(&event)) {
                    // The router does not know links of a drawing.
                    event.prevent_default();
                    open(part.get_attribute("href"));
                }
            }
        >
            {children()}
        </div>
    }
}

/// Whether a click asks for another tab or window.
fn elsewhere(click: &MouseEvent) -> bool {
    click.ctrl_key() || click.meta_key() || click.shift_key() || click.button() != 0
}

/// What an event happened in, when it is one of these.
fn hit(event: &Event, selector: &str) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest(selector).ok().flatten()
}

/// The slots that a chart carries.
struct Slots<'a>(&'a Element);

impl<'a> Slots<'a> {
    fn of(chart: &'a Element) -> Self {
        Self(chart)
    }

    fn attribute(&self, name: &str) -> String {
        self.0.get_attribute(name).unwrap_or_default()
    }

    fn line(&self, name: &str, slot: usize) -> Option<String> {
        self.attribute(name).lines().nth(slot).map(str::to_owned)
    }

    fn href(&self, slot: usize) -> Option<String> {
        self.line("data-hrefs", slot)
    }

    fn last(&self) -> usize {
        self.attribute("data-words").lines().count().saturating_sub(1)
    }

    /// The slot under a pointer.
    fn under(&self, event: &PointerEvent) -> Option<usize> {
        let (last, width) = (self.last(), self.0.client_width());
        let place = f64::from(event.offset_x()) * (last + 1) as f64 / f64::from(width.max(1));
        (width > 0).then(|| (place.max(0.0) as usize).min(last))
    }

    /// Reads one in the line above, and marks it; none: what stands there otherwise.
    fn show(&self, slot: Option<usize>) {
        let slot = slot.map(|slot| slot.min(self.last()));
        let words = slot.and_then(|slot| self.line("data-words", slot));
        let read = words.clone().unwrap_or_else(|| self.attribute("data-idle"));
        let part = |selector| self.0.closest(".chart").ok().flatten()?.query_selector(selector).ok().flatten();
        if let Some(line) = part(".chart-reading") {
            line.set_text_content(Some(&read));
        }
        if let Some(marks) = part(".chart-marks") {
            marks.set_inner_html(&slot.and_then(|slot| self.line("data-marks", slot)).unwrap_or_default());
        }
        // For the keyboard and screen readers a slider, which always stands somewhere.
        let stands = slot.unwrap_or(self.last());
        let words = words.or_else(|| self.line("data-words", stands)).unwrap_or_default();
        let _ = self.0.set_attribute("aria-valuenow", &(stands + 1).to_string());
        let _ = self.0.set_attribute("aria-valuetext", &words);
    }
}

/// Reads a part of a ring in its middle, or what stands there otherwise.
fn read_part(part: &Element, read: bool) {
    let Some(ring) = part.closest(".donut").ok().flatten() else { return };
    let from = if read { Some(part.clone()) } else { ring.query_selector(".donut-reading").ok().flatten() };
    for (selector, attribute) in [(".donut-name", "data-name"), (".donut-value", "data-value")] {
        if let (Some(from), Ok(Some(shown))) = (&from, ring.query_selector(selector)) {
            shown.set_text_content(from.get_attribute(attribute).as_deref());
        }
    }
}
