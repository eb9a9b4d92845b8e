//! One round: its load, how far it is, its stops in order.

use leptos::prelude::*;

use super::board::Board;
use super::stop::{Done, Stop};
use crate::orders::rounds::{done, load, stops};
use crate::shared::UserId;
use crate::ui::components::{Badge, Glyph, Icon, Tone};
use crate::ui::format::count;
use crate::ui::reach::tel;

/// A livreur's round, or the orders that nobody has yet.
#[component]
pub fn Lane(
    /// The board.
    board: Board,
    /// Whose.
    lane: Option<UserId>,
    /// Their name.
    name: String,
    /// Their phone.
    phone: Option<String>,
) -> impl IntoView {
    let ids = Memo::new(move |_| {
        board.orders.with(|orders| stops(orders, lane).iter().map(|order| order.id).collect::<Vec<_>>())
    });
    let id = lane.map_or_else(|| "tournee-sans".to_owned(), |lane| format!("tournee-{lane}"));
    let title = id.clone();
    let empty = if lane.is_some() { "Aucun arrêt. Confiez-lui une commande." } else { "Tout est confié." };
    view! {
        <section
            class="lane"
            class:lane-over=move || board.target.get().is_some_and(|target| target.lane == lane)
            aria-labelledby=id
            data-tournee=lane.map(|lane| lane.to_string()).unwrap_or_default()
        >
            <header class="lane-head">
                <h2 class="lane-name" id=title>
                    {name.clone()}
                </h2>
                {phone
                    .map(|phone| {
                        view! {
                            <a
                                class="btn btn-quiet btn-small btn-icon"
                                href=tel(&phone)
                                aria-label=format!("Appeler {name}")
                            >
                                <Icon of=Glyph::Phone/>
                            </a>
                        }
                    })}
            </header>
            <LaneLoad board lane/>
            <ol class="lane-stops" aria-label=move || if lane.is_some() { "Arrêts, dans l'ordre" } else { "À confier" }>
                <For each=move || ids.get() key=|id| *id let:order>
                    <Stop board id=order lane/>
                </For>
            </ol>
            {move || ids.with(Vec::is_empty).then(|| view! { <p class="lane-empty">{empty}</p> })}
            {move || {
                let done: Vec<_> = board
                    .orders
                    .with(|orders| done(orders, lane).into_iter().cloned().collect());
                (!done.is_empty()).then(|| view! { <Done orders=done problems=board.problems.get()/> })
            }}
        </section>
    }
}

/// What is left, what is to be collected, how far it is.
#[component]
fn LaneLoad(board: Board, lane: Option<UserId>) -> impl IntoView {
    let load =
        Memo::new(move |_| board.problems.with(|problems| board.orders.with(|orders| load(orders, problems, lane))));
    let left = move || {
        let load = load.get();
        let orders = if lane.is_some() {
            count(load.left, "arrêt", "arrêts")
        } else {
            count(load.left, "commande", "commandes")
        };
        format!("{orders} · {}", count(load.articles, "article", "articles"))
    };
    let share = move || {
        let load = load.get();
        let share = if load.total == 0 { 0 } else { load.delivered * 100 / load.total };
        share.to_string()
    };
    view! {
        <div class="lane-load figures">
            <p>{left}</p>
            <p class="lane-collect">{move || format!("{} à encaisser", load.get().to_collect.display())}</p>
        </div>
        {lane
            .map(|_| {
                view! {
                    <div class="lane-progress">
                        <progress class="lane-bar" aria-hidden="true" max="100" value=share></progress>
                        <span class="figures">
                            {move || {
                                let load = load.get();
                                format!("{}/{} livrées", load.delivered, load.total)
                            }}
                        </span>
                        {move || {
                            let problems = load.get().problems;
                            (problems > 0)
                                .then(|| {
                                    let text = count(problems, "problème", "problèmes");
                                    view! { <Badge tone=Tone::Rose icon=Glyph::Alert text/> }
                                })
                        }}
                    </div>
                }
            })}
    }
}
