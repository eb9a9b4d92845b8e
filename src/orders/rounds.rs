//! The rounds of a day: which orders each livreur takes, and in which order. Pure: the board in the browser
//! and the plain forms of the server move orders by the same rules.

use serde::{Deserialize, Serialize};

use super::model::Order;
use super::sets::Seen;
use super::workflow::OrderStatus;
use crate::deliveries::model::Reason;
use crate::shared::{Day, Money, OrderId, UserId};
use crate::users::model::CourierBrief;

/// The most orders of one day.
pub const MAX_STOPS: usize = 500;

/// The orders of a day with those who deliver.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DayRounds {
    /// The day.
    pub day: Day,
    /// Everybody who delivers, also those who do no longer but have orders of the day.
    pub couriers: Vec<CourierBrief>,
    /// The orders.
    pub orders: Vec<Order>,
    /// Which of them went wrong, by the definition of the dashboard.
    pub problems: Vec<Problem>,
    /// There are more than are shown.
    pub plafonne: bool,
}

/// An order that went wrong: given up on the way, delivered in part, or still on its way after an attempt that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Which order.
    pub id: OrderId,
    /// Why, as its last attempt told.
    pub motif: Option<Reason>,
}

/// One livreur's round as it is to be, first stop first; without a livreur: orders taken off their rounds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundWanted {
    /// Whose.
    pub livreur_id: Option<UserId>,
    /// The orders, as they were seen.
    pub orders: Vec<Seen>,
}

/// Where an order is to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// One earlier.
    Up,
    /// One later.
    Down,
    /// To the end of a round.
    To(Option<UserId>),
    /// To a place in a round, from 0.
    At(Option<UserId>, usize),
}

/// Still to be delivered: it can be moved.
pub fn is_open(order: &Order) -> bool {
    order.statut.takes_courier()
}

/// What went wrong with an order, where something did.
pub fn problem_of(problems: &[Problem], id: OrderId) -> Option<Problem> {
    problems.iter().find(|problem| problem.id == id).copied()
}

/// What is still to be collected at the door; nothing once the order has ended.
pub fn to_collect(order: &Order) -> Money {
    let left = order.total.0 - order.montant_encaisse.unwrap_or_default().0;
    if is_open(order) { Money(left.max(0)) } else { Money::ZERO }
}

/// What is still to be delivered of a round, first stop first: by place, then the most overdue (those of no day last), then by slot.
pub fn stops(orders: &[Order], lane: Option<UserId>) -> Vec<&Order> {
    let mut stops: Vec<_> = orders.iter().filter(|order| is_open(order) && order.livreur_id == lane).collect();
    stops.sort_by_key(|order| {
        (
            order.position_tournee.unwrap_or(i32::MAX),
            order.date_livraison_prevue.is_none(),
            order.date_livraison_prevue,
            order.creneau_debut.clone().unwrap_or_else(|| "99".to_owned()),
            order.id,
        )
    });
    stops
}

/// What is done with, the last delivered first.
pub fn done(orders: &[Order], lane: Option<UserId>) -> Vec<&Order> {
    let mut done: Vec<_> = orders.iter().filter(|order| !is_open(order) && order.livreur_id == lane).collect();
    done.sort_by_key(|order| (std::cmp::Reverse(order.delivered_at.or(order.cancelled_at)), order.id));
    done
}

/// What a livreur has to do, and has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Load {
    /// Still to be delivered.
    pub left: i64,
    /// Pieces on these orders.
    pub articles: i64,
    /// What is to be collected for them.
    pub to_collect: Money,
    /// Handed over.
    pub delivered: i64,
    /// All of the day.
    pub total: i64,
    /// That went wrong so far.
    pub problems: i64,
}

/// The load of a round.
pub fn load(orders: &[Order], problems: &[Problem], lane: Option<UserId>) -> Load {
    let mut load = Load::default();
    for order in orders.iter().filter(|order| order.livreur_id == lane) {
        load.total += 1;
        load.delivered += i64::from(order.statut == OrderStatus::Livree);
        load.problems += i64::from(problem_of(problems, order.id).is_some());
        if is_open(order) {
            load.left += 1;
            load.articles += order.items.iter().map(|item| item.quantity).sum::<i64>();
            load.to_collect = load.to_collect + to_collect(order);
        }
    }
    load
}

/// A round as it is sent.
pub fn wanted(orders: &[Order], lane: Option<UserId>) -> RoundWanted {
    let seen = |order: &&Order| Seen { id: order.id, version: order.audit.version };
    RoundWanted { livreur_id: lane, orders: stops(orders, lane).iter().map(seen).collect() }
}

/// Moves an order, and says which round is to be saved. `None`: it stays where it is.
pub fn move_order(orders: &mut [Order], couriers: &[CourierBrief], id: OrderId, step: Step) -> Option<Option<UserId>> {
    let order = orders.iter().find(|order| order.id == id).filter(|order| is_open(order))?;
    let lane = order.livreur_id;
    let here: Vec<_> = stops(orders, lane).iter().map(|order| order.id).collect();
    let at = here.iter().position(|other| *other == id)?;
    let (to, place) = match step {
        Step::Up => (lane, at.checked_sub(1)?),
        Step::Down => (lane, Some(at + 1).filter(|next| *next < here.len())?),
        Step::To(to) if to == lane => return None,
        Step::To(to) => (to, usize::MAX),
        Step::At(to, place) => (to, place),
    };
    // What is on the road keeps a livreur; the places of what nobody has yet are not kept.
    if to.is_none() && (lane.is_none() || order.statut == OrderStatus::EnLivraison) {
        return None;
    }
    let mut there: Vec<_> = stops(orders, to).iter().map(|order| order.id).filter(|other| *other != id).collect();
    let place = place.min(there.len());
    if to == lane && place == at {
        return None;
    }
    there.insert(place, id);
    for order in orders.iter_mut() {
        if order.id == id {
            order.livreur_id = to;
            order.livreur = couriers.iter().find(|courier| Some(courier.id) == to).cloned();
            order.position_tournee = None;
        }
        if to.is_some()
            && let Some(place) = there.iter().position(|other| *other == order.id)
        {
            order.position_tournee = i32::try_from(place + 1).ok();
        }
    }
    Some(to)
}
