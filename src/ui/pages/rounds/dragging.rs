//! A stop that is dragged: to another place in its round, or into another round.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, PointerEvent};

use super::board::Board;
use crate::orders::rounds::{Step, stops};
use crate::shared::{OrderId, UserId};
use crate::ui::browser::{Drag, drag};

/// Where a stop would be put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// Into whose round.
    pub lane: Option<UserId>,
    /// Beside which stop, and whether behind it; at the end without one.
    pub beside: Option<(OrderId, bool)>,
}

/// Takes hold of a stop: a mouse anywhere but on what can be pressed, a finger at its handle.
pub fn grab(ev: &PointerEvent, board: Board, id: OrderId) {
    let Some(hit) = ev.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    let within = |what: &str| hit.closest(what).is_ok_and(|found| found.is_some());
    let held = within(".stop-grip") || (ev.pointer_type() == "mouse" && !within("a, button, select, summary"));
    if board.live.get_untracked() && held {
        drag(ev, DraggedStop(board, id));
    }
}

#[derive(Clone, Copy)]
struct DraggedStop(Board, OrderId);

impl Drag for DraggedStop {
    fn begin(self) {
        self.0.dragged.set(Some(self.1));
    }

    fn over(self, hit: Option<Element>) {
        let Self(board, id) = self;
        let read = |what: &str| {
            let found = hit.as_ref()?.closest(&format!("[{what}]")).ok().flatten()?;
            found.get_attribute(what)
        };
        let target = read("data-tournee").map(|lane| {
            let lane = lane.parse().ok().map(UserId);
            let beside = read("data-arret").and_then(|stop| stop.parse().ok()).map(OrderId).filter(|stop| *stop != id);
            // One further down in the same round makes room above itself.
            let behind = |stop: OrderId| {
                board.orders.with_untracked(|orders| {
                    let round = stops(orders, lane);
                    let place = |id: OrderId| round.iter().position(|order| order.id == id);
                    place(id).is_some_and(|from| place(stop).is_some_and(|to| from < to))
                })
            };
            Target { lane, beside: beside.map(|stop| (stop, behind(stop))) }
        });
        if board.target.try_get_untracked().is_some_and(|now| now != target) {
            board.target.set(target);
        }
    }

    fn end(self, dropped: bool) {
        let Self(board, id) = self;
        // The page may be gone by then.
        let Some(target) = board.target.try_get_untracked() else { return };
        board.dragged.set(None);
        board.target.set(None);
        let Some(Target { lane, beside }) = target.filter(|_| dropped) else { return };
        let place = board.orders.with_untracked(|orders| {
            let others: Vec<_> =
                stops(orders, lane).iter().map(|order| order.id).filter(|other| *other != id).collect();
            let (stop, behind) = beside?;
            others.iter().position(|other| *other == stop).map(|at| at + usize::from(behind))
        });
        board.step(id, Step::At(lane, place.unwrap_or(usize::MAX)));
    }
}
