//! One stop of a round: what it is, and how it is moved: dragged, up and down, or over to somebody else.

use leptos::ev::{KeyboardEvent, MouseEvent, SubmitEvent};
use leptos::html;
use leptos::prelude::*;

use super::address;
use super::board::Board;
use super::dragging::grab;
use crate::deliveries::model::{AttemptResult, Reason};
use crate::orders::model::Order;
use crate::orders::rounds::{Problem, Step, problem_of, stops};
use crate::orders::workflow::OrderStatus;
use crate::shared::{OrderId, UserId};
use crate::ui::browser::{focus, focused, follow};
use crate::ui::components::{Badge, Glyph, Icon, StatusBadge, Tone};
use crate::ui::format::count;
use crate::ui::pages::orders::delivery::address_of;
use crate::ui::pages::orders::slot;
use crate::ui::reach;

/// The ids by which the focus finds a stop's link and arrows again.
fn link_id(id: OrderId) -> String {
    format!("arret-{id}")
}

fn up_id(id: OrderId) -> String {
    format!("monter-{id}")
}

fn down_id(id: OrderId) -> String {
    format!("descendre-{id}")
}

/// An order that is still to be delivered.
#[component]
pub fn Stop(
    /// The board.
    board: Board,
    /// Which order.
    id: OrderId,
    /// In whose round.
    lane: Option<UserId>,
) -> impl IntoView {
    let order = Memo::new(move |_| board.orders.with(|orders| orders.iter().find(|order| order.id == id).cloned()));
    let place =
        Memo::new(move |_| board.orders.with(|orders| stops(orders, lane).iter().position(|order| order.id == id)));
    let problem = Memo::new(move |_| board.problems.with(|problems| problem_of(problems, id)));
    let beside = move |behind: bool| {
        board.target.get().and_then(|target| target.beside).is_some_and(|beside| beside == (id, behind))
    };
    let keys = move |ev: KeyboardEvent| {
        let (step, button) = match ev.key().as_str() {
            "ArrowUp" if ev.alt_key() => (Step::Up, up_id(id)),
            "ArrowDown" if ev.alt_key() => (Step::Down, down_id(id)),
            _ => return,
        };
        ev.prevent_default();
        let from = focused().map(|element| element.id()).filter(|from| *from == link_id(id));
        board.step(id, step);
        // The stop moved in the page: the cursor goes along.
        focus(from.unwrap_or(button));
    };
    view! {
        <li
            class="stop"
            class:stop-dragged=move || board.dragged.get() == Some(id)
            class:stop-before=move || beside(false)
            class:stop-behind=move || beside(true)
            data-arret=id.to_string()
            on:pointerdown=move |ev| grab(&ev, board, id)
            on:keydown=keys
        >
            {move || {
                let (place, problem) = (lane.and(place.get()), problem.get());
                order.get().map(|order| view! { <Facts board order place problem/> })
            }}
            <Moves board order lane/>
        </li>
    }
}

#[component]
fn Facts(board: Board, order: Order, place: Option<usize>, problem: Option<Problem>) -> impl IntoView {
    let late = order.date_livraison_prevue.filter(|day| board.day.get_untracked().is_some_and(|today| *day < today));
    let pieces: i64 = order.items.iter().map(|item| item.quantity).sum();
    let address = address_of(&order);
    let map = reach::map(order.latitude.zip(order.longitude), &address);
    let where_to = address.join(", ");
    view! {
        <div class="stop-head">
            {place.map(|place| view! { <span class="stop-place figures">{place + 1}</span> })}
            <a id=link_id(order.id) class="stop-name row-here" href=format!("/commandes/{}", order.id)>
                {order.client_nom.clone()}
                <span class="stop-number">{order.numero.clone()}</span>
            </a>
            <span class="stop-grip" aria-hidden="true" title="Glisser pour déplacer">
                <Icon of=Glyph::Grip/>
            </span>
        </div>
        <p class="stop-where">
            {match map {
                Some(to) => {
                    view! {
                        <a class="link" href=to target="_blank" rel="noreferrer">
                            <Icon of=Glyph::MapPin size=14/>
                            {where_to}
                        </a>
                    }
                        .into_any()
                }
                None => view! { <span class="text-warning">"Adresse inconnue"</span> }.into_any(),
            }}
        </p>
        <p class="stop-facts figures">
            {slot(&order).map(|slot| view! { <span>{slot}</span> })}
            <span>{count(pieces, "article", "articles")}</span>
            <span>{order.total.display()}</span>
        </p>
        <p class="stop-marks">
            <StatusBadge status=order.statut/>
            {problem
                .map(|problem| {
                    let text = problem.motif.map_or(AttemptResult::Echec.label(), Reason::label);
                    view! { <Badge tone=Tone::Rose icon=Glyph::Alert text/> }
                })}
            {late
                .map(|day| {
                    let text = format!("En retard, prévue {}", day.display_short());
                    view! { <Badge tone=Tone::Rose icon=Glyph::Warning text/> }
                })}
        </p>
    }
}

/// Up, down and over: a plain form that the board takes over.
#[component]
fn Moves(board: Board, order: Memo<Option<Order>>, lane: Option<UserId>) -> impl IntoView {
    // Drawn once: saving must not take the cursor's button away. Only the version follows.
    let shown = order.get_untracked()?;
    let id = shown.id;
    let numero = shown.numero.clone();
    let version = move || order.get().map(|order| order.audit.version.to_string());
    let (up, down) = (up_id(id), down_id(id));
    let select = format!("confier-{id}");
    let go = move |step: Step, back_to: String| {
        board.step(id, step);
        // The stop moved in the page: the cursor goes along.
        focus(back_to);
    };
    let press = move |step: Step, back_to: String| {
        move |ev: MouseEvent| {
            ev.prevent_default();
            go(step, back_to.clone());
        }
    };
    let chosen = NodeRef::<html::Select>::new();
    follow(chosen, None);
    let choose = {
        let select = select.clone();
        move |value: String| {
            if board.step(id, Step::To(value.parse().ok())) {
                return focus(select.clone());
            }
            // It stayed where it is, and so says its box.
            if let Some(chosen) = chosen.get_untracked() {
                chosen.set_value(&lane.map(|lane| lane.to_string()).unwrap_or_default());
            }
        }
    };
    // What is on the road keeps a livreur.
    let keeps =
        Memo::new(move |_| order.with(|order| order.as_ref().is_some_and(|o| o.statut == OrderStatus::EnLivraison)));
    let people = board.couriers.get_untracked();
    let options = people
        .into_iter()
        .map(|courier| {
            let mine = Some(courier.id) == lane;
            view! { <option value=courier.id.to_string() selected=mine>{courier.display()}</option> }
        })
        .collect_view();
    let action = board.day.get_untracked().map(address).unwrap_or_default();
    Some(view! {
        <form
            class="stop-moves"
            method="post"
            action=action
            aria-label=format!("Déplacer {numero}")
            on:submit=move |ev: SubmitEvent| ev.prevent_default()
        >
            <input type="hidden" name="commande" value=id.to_string()/>
            <input type="hidden" name="version" value=version/>
            <select
                node_ref=chosen
                class="control control-small"
                name="livreur"
                id=select
                aria-label=format!("Confier {numero} à")
                on:change:target=move |ev| choose(ev.target().value())
            >
                {move || (!keeps.get()).then(|| view! { <option value="" selected=lane.is_none()>"Non assignée"</option> })}
                {options}
            </select>
            <button type="submit" class="btn btn-secondary btn-small without-script" name="sens" value="confier">
                "Confier"
            </button>
            {lane
                .map(|_| {
                    view! {
                        <button
                            type="submit"
                            class="btn btn-quiet btn-small btn-icon"
                            id=up.clone()
                            name="sens"
                            value="haut"
                            aria-label=format!("Monter {numero}")
                            aria-keyshortcuts="Alt+ArrowUp"
                            on:click=press(Step::Up, up.clone())
                        >
                            <Icon of=Glyph::ChevronUp/>
                        </button>
                        <button
                            type="submit"
                            class="btn btn-quiet btn-small btn-icon"
                            id=down.clone()
                            name="sens"
                            value="bas"
                            aria-label=format!("Descendre {numero}")
                            aria-keyshortcuts="Alt+ArrowDown"
                            on:click=press(Step::Down, down.clone())
                        >
                            <Icon of=Glyph::ChevronDown/>
                        </button>
                    }
                })}
        </form>
    })
}

/// What is done with, folded away.
#[component]
pub fn Done(
    /// Delivered or come back.
    orders: Vec<Order>,
    /// Which went wrong.
    problems: Vec<Problem>,
) -> impl IntoView {
    let n = i64::try_from(orders.len()).unwrap_or(0);
    let rows = orders
        .into_iter()
        .map(|order| {
            let problem = problem_of(&problems, order.id).is_some();
            view! {
                <li class="done-stop">
                    <a class="link" href=format!("/commandes/{}", order.id)>
                        {order.client_nom.clone()}
                    </a>
                    <span class="stop-marks">
                        {(problem && order.statut == OrderStatus::Livree)
                            .then(|| view! { <Badge tone=Tone::Rose icon=Glyph::Alert text="Incomplète"/> })}
                        <StatusBadge status=order.statut/>
                    </span>
                </li>
            }
        })
        .collect_view();
    view! {
        <details class="lane-done">
            <summary>{count(n, "terminée", "terminées")}</summary>
            <ul>{rows}</ul>
        </details>
    }
}
