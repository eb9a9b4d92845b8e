//! Turnover through time: bars, or a line when there are many days.

use leptos::prelude::*;
use leptos::{ev, html};
use leptos_router::hooks::use_navigate;

use super::drawing;
use super::scale::Scale;
use crate::live::use_live;
use crate::shared::Money;
use crate::ui::browser::is_redrawn;

/// One day (or month) of the chart.
#[derive(Debug, Clone, PartialEq)]
pub struct ChartSlot {
    /// On the axis: `14 nov.`
    pub short: String,
    /// In full: `samedi 14 novembre`.
    pub name: String,
    /// How high.
    pub amount: Money,
    /// What is read of it besides the amount: `12 commandes · 34 articles`.
    pub more: String,
    /// Where its figure leads.
    pub href: String,
}

impl ChartSlot {
    fn words(&self) -> String {
        format!("{} : {} · {}", self.name, self.amount.display(), self.more)
    }
}

/// The chart. A pointer over it, or the arrow keys on it, read a slot in the line above; a click or Enter opens
/// what it counts. Without JavaScript it is a picture, and the table under it says the same.
#[component]
pub fn SalesChart(
    /// The slots, oldest first; not empty.
    slots: Vec<ChartSlot>,
    /// What it shows, in a sentence, for those who do not see it.
    summary: String,
    /// What stands in the line above while no slot is read.
    idle: String,
    /// The slot that is read: it outlives a new drawing of the same slots.
    active: RwSignal<Option<usize>>,
) -> impl IntoView {
    let scale = Scale::of(slots.iter().map(|slot| slot.amount).max().unwrap_or_default());
    let (plot, axis, amounts) = (drawing::plot(&slots, scale), drawing::axis(&slots, 8), drawing::amounts(scale));
    let count = slots.len();
    let slots = StoredValue::new(slots);

    let words = move |i: usize| slots.with_value(|slots| slots.get(i).map(ChartSlot::words).unwrap_or_default());
    let read = move || active.get().map_or_else(|| idle.clone(), words);
    // The slot that is read, marked over the picture.
    let mark = move || {
        active.get().map(|i| {
            let (left, width) = drawing::place(i, count);
            let y = 100.0 - slots.with_value(|slots| slots.get(i).map_or(0.0, |slot| scale.height(slot.amount)));
            let point = (!drawing::as_bars(count)).then(|| {
                view! { <circle class="chart-point" cx=format!("{:.3}%", left + width / 2.0) cy=format!("{y:.2}%") r="4"></circle> }
            });
            view! {
                <rect class="chart-band" x=format!("{left:.3}%") y="0" width=format!("{width:.3}%") height="100%"></rect>
                {point}
            }
        })
    };
    view! {
        <div class="chart">
            <p class="chart-reading figures">{read}</p>
            <div class="chart-frame">
                <svg class="chart-amounts" aria-hidden="true" inner_html=amounts></svg>
                <div class="chart-plot">
                    <svg width="100%" height="100%" role="img" aria-label=summary inner_html=plot></svg>
                    <svg class="chart-marks" width="100%" height="100%" aria-hidden="true">
                        {mark}
                    </svg>
                    <Reader count active words hrefs=slots/>
                </div>
                <svg class="chart-axis" aria-hidden="true" inner_html=axis></svg>
            </div>
        </div>
    }
}

/// What catches the pointer and the keys: for the keyboard and screen readers a slider through the slots.
#[component]
fn Reader<F: Fn(usize) -> String + Copy + Send + Sync + 'static>(
    count: usize,
    active: RwSignal<Option<usize>>,
    words: F,
    hrefs: StoredValue<Vec<ChartSlot>>,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let live = use_live();
    let navigate = use_navigate();
    let last = count.saturating_sub(1);
    let open = move || {
        if let Some(href) =
            active.get_untracked().and_then(|i| hrefs.with_value(|slots| slots.get(i).map(|s| s.href.clone())))
        {
            navigate(&href, Default::default());
        }
    };
    let open_by_key = open.clone();
    let under = move |event: &ev::PointerEvent| {
        let width = node.get_untracked().map_or(0, |node| node.offset_width());
        if width > 0 {
            let place = f64::from(event.offset_x()) / f64::from(width) * count as f64;
            active.set(Some((place.max(0.0) as usize).min(last)));
        }
    };
    let key = move |event: ev::KeyboardEvent| {
        let now = active.get_untracked().unwrap_or(last);
        let next = match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" => now.saturating_sub(1),
            "ArrowRight" | "ArrowUp" => (now + 1).min(last),
            "PageDown" => now.saturating_sub(7),
            "PageUp" => (now + 7).min(last),
            "Home" => 0,
            "End" => last,
            "Enter" => return open_by_key(),
            _ => return,
        };
        event.prevent_default();
        active.set(Some(next));
    };
    view! {
        <div
            node_ref=node
            class="chart-reader"
            // Not left out instead: what is put in later is drawn anew each time the figures change.
            hidden=move || !live.awake()
            role="slider"
            tabindex="0"
            aria-label="Lire le graphique jour par jour"
            aria-valuemin="1"
            aria-valuemax=count.to_string()
            aria-valuenow=move || (active.get().unwrap_or(last) + 1).to_string()
            aria-valuetext=move || words(active.get().unwrap_or(last))
            on:pointermove=move |event| under(&event)
            on:pointerdown=move |event| under(&event)
            on:pointerleave=move |_| active.set(None)
            on:focus=move |_| active.update(|active| *active = active.or(Some(last)))
            on:blur=move |event| {
                if !is_redrawn(&event) {
                    active.set(None);
                }
            }
            on:keydown=key
            on:click=move |_| open()
        ></div>
    }
}
