//! Dragging something with whatever points: a mouse, a finger, a pen. Browser only: called from handlers.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use leptos::wasm_bindgen::JsValue;
use leptos::web_sys::{Element, PointerEvent};

/// How far the pointer goes before it drags, in pixels: less is a press.
const SLACK: i32 = 4;
/// How near the edge of the window the page begins to scroll, in pixels.
const EDGE: i32 = 72;
/// How far it scrolls at once, in pixels.
const SCROLLED: i32 = 10;
/// How often.
const EVERY: Duration = Duration::from_millis(16);

/// What a drag tells.
pub trait Drag: Copy + 'static {
    /// It begins.
    fn begin(self);
    /// The pointer is over this now.
    fn over(self, hit: Option<Element>);
    /// It is over. `dropped`: let go, not given up.
    fn end(self, dropped: bool);
}

/// Follows the pointer that was just pressed until it lets go, wherever it goes; Escape gives the drag up. What
/// a finger takes hold of needs `touch-action: none`, or the page scrolls instead.
pub fn drag(ev: &PointerEvent, told: impl Drag) {
    if ev.button() != 0 || !ev.is_primary() {
        return;
    }
    // No text is selected meanwhile.
    ev.prevent_default();
    let pointer = ev.pointer_id();
    let origin = (ev.client_x(), ev.client_y());
    let at = Rc::new(Cell::new(origin));
    let begun = Rc::new(Cell::new(false));
    let held = Rc::new(RefCell::new(Held::default()));
    let hover = {
        let at = Rc::clone(&at);
        move || told.over(under(at.get()))
    };
    let moving = {
        let (at, begun, held, hover) = (Rc::clone(&at), Rc::clone(&begun), Rc::clone(&held), hover.clone());
        move |ev: PointerEvent| {
            if ev.pointer_id() != pointer {
                return;
            }
            at.set((ev.client_x(), ev.client_y()));
            if !begun.get() {
                let (x, y) = at.get();
                if (x - origin.0).abs().max((y - origin.1).abs()) < SLACK {
                    return;
                }
                begun.set(true);
                told.begin();
                let (at, hover) = (Rc::clone(&at), hover.clone());
                let scrolling = set_interval_with_handle(
                    move || {
                        if scroll_at(at.get()) {
                            hover();
                        }
                    },
                    EVERY,
                );
                held.borrow_mut().scrolling = scrolling.ok();
            }
            hover();
        }
    };
    let stop = {
        let held = Rc::clone(&held);
        move |dropped: bool| {
            held.take().let_go();
            if begun.get() {
                told.end(dropped);
            }
        }
    };
    let (up, lost, escape) = (stop.clone(), stop.clone(), stop);
    held.borrow_mut().listeners = vec![
        window_event_listener(leptos::ev::pointermove, moving),
        window_event_listener(leptos::ev::pointerup, move |ev| {
            if ev.pointer_id() == pointer {
                up(true);
            }
        }),
        window_event_listener(leptos::ev::pointercancel, move |ev| {
            if ev.pointer_id() == pointer {
                lost(false);
            }
        }),
        window_event_listener(leptos::ev::keydown, move |ev| {
            if ev.key() == "Escape" {
                escape(false);
            }
        }),
    ];
}

/// What listens while something is dragged.
#[derive(Default)]
struct Held {
    listeners: Vec<WindowListenerHandle>,
    scrolling: Option<IntervalHandle>,
}

impl Held {
    fn let_go(self) {
        self.listeners.into_iter().for_each(WindowListenerHandle::remove);
        if let Some(scrolling) = self.scrolling {
            scrolling.clear();
        }
    }
}

fn under((x, y): (i32, i32)) -> Option<Element> {
    document().element_from_point(x as f32, y as f32)
}

/// Scrolls the page, or what scrolls sideways under the pointer, near an edge; says whether it tried.
fn scroll_at((x, y): (i32, i32)) -> bool {
    let size = |length: Result<JsValue, JsValue>| length.ok().and_then(|n| n.as_f64()).unwrap_or(0.0) as i32;
    let (across, down) = (towards(x, size(window().inner_width())), towards(y, size(window().inner_height())));
    if down != 0 {
        window().scroll_by_with_x_and_y(0.0, f64::from(down));
    }
    if across != 0
        && let Some(wide) = under((x, y)).and_then(|hit| hit.closest("[data-scrolls]").ok().flatten())
    {
        wide.set_scroll_left(wide.scroll_left() + across);
    }
    down != 0 || across != 0
}

/// Which way to scroll at a place along an edge of this length.
fn towards(at: i32, length: i32) -> i32 {
    if at < EDGE {
        -SCROLLED
    } else if at > length - EDGE {
        SCROLLED
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_scrolls_near_its_edges_alone() {
        assert_eq!((towards(10, 800), towards(400, 800), towards(790, 800)), (-SCROLLED, 0, SCROLLED));
    }
}
