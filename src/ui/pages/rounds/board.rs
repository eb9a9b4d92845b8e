//! The board: moves are shown at once, saved one round after the other, and taken back when refused.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::dragging::Target;
use crate::error::{AppError, ErrorCode};
use crate::live::{Topic, follow_beside};
use crate::orders::model::Order;
use crate::orders::rounds::{DayRounds, Problem, Step, move_order, stops, wanted};
use crate::orders::server_functions::{read_rounds, save_round};
use crate::orders::workflow::OrderStatus;
use crate::shared::{Day, OrderId, UserId};
use crate::ui::browser::fresh_key;
use crate::ui::format::of;
use crate::users::model::CourierBrief;

/// What the page keeps of a day.
#[derive(Clone, Copy)]
pub struct Board {
    /// The day.
    pub day: RwSignal<Option<Day>>,
    /// Its orders, as they are shown.
    pub orders: RwSignal<Vec<Order>>,
    /// Which of them went wrong.
    pub problems: RwSignal<Vec<Problem>>,
    /// Who delivers.
    pub couriers: RwSignal<Vec<CourierBrief>>,
    /// There are more than are shown.
    pub more: RwSignal<bool>,
    /// A round is being saved.
    pub saving: RwSignal<bool>,
    /// Read aloud.
    pub told: RwSignal<String>,
    /// Why the last move was refused.
    pub refusal: RwSignal<Option<AppError>>,
    /// The order under the pointer.
    pub dragged: RwSignal<Option<OrderId>>,
    /// Where it would be put.
    pub target: RwSignal<Option<Target>>,
    /// Whether the browser has taken the page over.
    pub live: RwSignal<bool>,
    /// The orders as the server has them.
    confirmed: StoredValue<Vec<Order>>,
    /// Rounds that were changed since they were saved.
    waiting: StoredValue<Vec<Option<UserId>>>,
}

impl Board {
    /// Nothing yet; `refusal`: of a plain form that came back.
    pub fn new(refusal: Option<AppError>) -> Self {
        let board = Self {
            day: RwSignal::new(None),
            orders: RwSignal::new(Vec::new()),
            problems: RwSignal::new(Vec::new()),
            couriers: RwSignal::new(Vec::new()),
            more: RwSignal::new(false),
            saving: RwSignal::new(false),
            told: RwSignal::new(String::new()),
            refusal: RwSignal::new(refusal),
            dragged: RwSignal::new(None),
            target: RwSignal::new(None),
            live: RwSignal::new(false),
            confirmed: StoredValue::new(Vec::new()),
            waiting: StoredValue::new(Vec::new()),
        };
        Effect::new(move |_| board.live.set(true));
        board
    }

    /// Shows a day as the server has it.
    pub fn take(self, rounds: DayRounds) {
        self.day.set(Some(rounds.day));
        self.more.set(rounds.plafonne);
        if self.couriers.with_untracked(|couriers| *couriers != rounds.couriers) {
            self.couriers.set(rounds.couriers);
        }
        self.problems.set(rounds.problems);
        self.confirmed.set_value(rounds.orders.clone());
        self.orders.set(rounds.orders);
    }

    /// Follows what others do, but not while something is dragged or saved.
    pub fn follow(self) {
        let held = Signal::derive(move || self.dragged.get().is_some() || self.saving.get());
        follow_beside(
            &[Topic::Orders, Topic::Users],
            held,
            move |_| self.day.get_untracked().map(read_rounds),
            move |answer| {
                // Another day is shown by now, or what came has no page any more: nothing to do.
                if let Ok(rounds) = answer
                    && self.day.get_untracked() == Some(rounds.day)
                {
                    self.take(rounds);
                }
            },
        );
    }

    /// Reads the day again, unless something is on its way to the server.
    pub fn reload(self) {
        let Some(day) = self.day.get_untracked() else { return };
        spawn_local(async move {
            if let Ok(rounds) = read_rounds(day).await
                && self.saving.try_get_untracked() == Some(false)
                && self.day.get_untracked() == Some(day)
            {
                self.take(rounds);
            }
        });
    }

    /// Moves an order; says whether it moved.
    pub fn step(self, id: OrderId, step: Step) -> bool {
        let mut orders = self.orders.get_untracked();
        let moved = self.couriers.with_untracked(|couriers| move_order(&mut orders, couriers, id, step));
        let Some(lane) = moved else {
            self.explain(&orders, id, step);
            return false;
        };
        self.refusal.set(None);
        self.told.set(self.place_in_words(&orders, id, lane));
        self.orders.set(orders);
        self.waiting.update_value(|waiting| {
            if !waiting.contains(&lane) {
                waiting.push(lane);
            }
        });
        self.save();
        true
    }

    /// Why an order stayed with its livreur, where somebody tried to take it away from them.
    fn explain(self, orders: &[Order], id: OrderId, step: Step) {
        let on_the_road = orders.iter().find(|order| order.id == id && order.statut == OrderStatus::EnLivraison);
        if let (Some(order), Step::To(None) | Step::At(None, _)) = (on_the_road, step) {
            let detail = format!("{} est en livraison : elle garde un livreur. Confiez-la à un autre.", order.numero);
            self.told.set(detail.clone());
            self.refusal.set(Some(AppError::new(ErrorCode::StateConflict, detail)));
        }
    }

    fn place_in_words(self, orders: &[Order], id: OrderId, lane: Option<UserId>) -> String {
        let round = stops(orders, lane);
        let Some(at) = round.iter().position(|order| order.id == id) else { return String::new() };
        let numero = &round[at].numero;
        match self.name_of(lane) {
            Some(name) => format!("{numero} : arrêt {} sur {}, tournée {}.", at + 1, round.len(), of(&name)),
            None => format!("{numero} n'est plus assignée."),
        }
    }

    fn name_of(self, lane: Option<UserId>) -> Option<String> {
        let lane = lane?;
        self.couriers.with_untracked(|list| list.iter().find(|c| c.id == lane).map(CourierBrief::display))
    }

    /// Saves what waits, one round at a time: each answer brings the versions that the next one needs.
    fn save(self) {
        if self.saving.get_untracked() {
            return;
        }
        let next =
            self.waiting.try_update_value(|waiting| if waiting.is_empty() { None } else { Some(waiting.remove(0)) });
        let Some(lane) = next.flatten() else { return };
        self.saving.set(true);
        let round = self.orders.with_untracked(|orders| wanted(orders, lane));
        spawn_local(async move {
            let answer = save_round(round, fresh_key()).await;
            // The page may be gone by then.
            if self.saving.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(saved) => {
                    self.keep(saved);
                    self.save();
                }
                Err(error) => self.roll_back(error),
            }
        });
    }

    /// What was saved counts as read. What was moved on meanwhile stays where it is shown.
    fn keep(self, saved: Vec<Order>) {
        self.confirmed.update_value(|confirmed| {
            for order in confirmed.iter_mut() {
                if let Some(now) = saved.iter().find(|now| now.id == order.id) {
                    *order = now.clone();
                }
            }
        });
        self.orders.update(|orders| {
            for order in orders.iter_mut() {
                let Some(now) = saved.iter().find(|now| now.id == order.id) else { continue };
                if (order.livreur_id, order.position_tournee) == (now.livreur_id, now.position_tournee) {
                    *order = now.clone();
                } else {
                    order.audit.version = now.audit.version;
                }
            }
        });
    }

    fn roll_back(self, error: AppError) {
        if error.code == ErrorCode::Unauthenticated {
            return crate::ui::session::sign_in_again();
        }
        self.waiting.set_value(Vec::new());
        self.orders.set(self.confirmed.get_value());
        self.told.set("La tournée n'a pas été enregistrée, la commande est revenue à sa place.".to_owned());
        self.refusal.set(Some(error));
        self.reload();
    }
}
