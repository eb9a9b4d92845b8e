//! Carries out what one does with an order, and says how it went.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::auth::server_functions::FormReturn;
use crate::error::{AppError, ErrorCode, Member};
use crate::orders::model::Order;
use crate::orders::server_functions::{assign_courier, change_order_status, delete_order, restore_order};
use crate::orders::workflow::{OrderStatus, transition};
use crate::shared::{OrderId, UserId};
use crate::stocks::shortage;
use crate::ui::browser::{guard_text, show_refusal};
use crate::ui::components::{Toasts, use_toasts};

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    /// To another status.
    Moving(OrderStatus),
    /// Another livreur.
    Assigning,
    /// Away.
    Deleting,
    /// Back.
    Restoring,
}

/// What the page of an order keeps while its data is read again: what was typed, and how it went.
#[derive(Clone, Copy)]
pub struct Moves {
    /// What is being done right now.
    pub doing: RwSignal<Option<Doing>>,
    /// Why it was refused.
    pub refusal: RwSignal<Option<AppError>>,
    /// The reason of a cancellation, as typed.
    pub reason: RwSignal<String>,
    /// The livreur chosen; `None` until somebody chooses.
    pub courier: RwSignal<Option<String>>,
    /// Whether the cancellation's dialog is open.
    pub asking: RwSignal<bool>,
    /// The order as it was read last.
    pub order: RwSignal<Option<Order>>,
    toasts: Toasts,
    reload: Callback<()>,
    shown: StoredValue<Option<(OrderId, OrderStatus)>>,
    /// A change that this page made is on its way.
    expected: StoredValue<bool>,
    /// Until when presses are not meant for what the buttons say now.
    surprised: StoredValue<f64>,
}

/// Somebody about to press a button cannot stop sooner.
const SURPRISE: f64 = 600.0;

/// Milliseconds. Browser only.
fn now() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

impl Moves {
    /// For one page; `back`: a plain form that was refused, `reload`: reads the order again.
    pub fn new(back: FormReturn, reload: Callback<()>) -> Self {
        let reason = RwSignal::new(back.value("motif").unwrap_or_default().to_owned());
        guard_text(reason);
        Self {
            doing: RwSignal::new(None),
            reason,
            courier: RwSignal::new(back.value("livreur_id").map(str::to_owned)),
            refusal: RwSignal::new(back.error),
            asking: RwSignal::new(false),
            order: RwSignal::new(None),
            toasts: use_toasts(),
            reload,
            shown: StoredValue::new(None),
            expected: StoredValue::new(false),
            surprised: StoredValue::new(0.0),
        }
    }

    /// The buttons are those of this status now. Where somebody else has taken the order on, "Préparer" has become
    /// "Expédier" under the hand of whoever was about to press it. Browser only.
    pub fn shows(self, order: OrderId, status: OrderStatus) {
        let before = self.shown.get_value();
        if before == Some((order, status)) {
            return;
        }
        self.shown.set_value(Some((order, status)));
        if transition(status, OrderStatus::Annulee).is_none() {
            // Nothing is cancelled any more: nobody is asked about the reason that was typed.
            self.reason.set(String::new());
        }
        let expected = self.expected.get_value() || self.doing.get_untracked().is_some();
        self.expected.set_value(false);
        if !expected && before.is_some_and(|(before, _)| before == order) {
            self.surprised.set_value(now() + SURPRISE);
        }
    }

    /// Takes the order to another status.
    pub fn to(self, order: OrderId, version: i32, status: OrderStatus) {
        if !self.begin(Doing::Moving(status)) {
            return;
        }
        let reason =
            Some(self.reason.get_untracked()).filter(|r| status == OrderStatus::Annulee && !r.trim().is_empty());
        spawn_local(async move {
            let answer = change_order_status(order, status.as_str().to_owned(), reason, version).await;
            self.end(answer, move |order| format!("{} : {}.", order.numero, order.statut.label().to_lowercase()));
        });
    }

    /// Puts a livreur on the order, or takes them off.
    pub fn assign(self, order: OrderId, version: i32, courier: Option<UserId>) {
        if !self.begin(Doing::Assigning) {
            return;
        }
        spawn_local(async move {
            let answer = assign_courier(order, courier, version).await;
            self.end(answer, |order| match &order.livreur {
                Some(courier) => format!("{} est confiée à {}.", order.numero, courier.display()),
                None => format!("{} n'est plus assignée.", order.numero),
            });
        });
    }

    /// Deletes the order; the news let one take it back.
    pub fn remove(self, order: &Order) {
        if !self.begin(Doing::Deleting) {
            return;
        }
        let (id, version, numero) = (order.id, order.audit.version, order.numero.clone());
        spawn_local(async move {
            let answer = delete_order(id, version).await;
            self.finish(answer, move |()| {
                let undo = move || {
                    spawn_local(async move {
                        match restore_order(id).await {
                            Ok(order) => self.toasts.done(format!("{} est restaurée.", order.numero)),
                            Err(error) => self.toasts.failed(error.detail),
                        }
                        // The page may be gone by then.
                        self.reload.try_run(());
                    });
                };
                self.toasts.undoable_later(format!("{numero} est supprimée."), undo);
            });
        });
    }

    /// Brings the order back.
    pub fn restore(self, order: OrderId) {
        if !self.begin(Doing::Restoring) {
            return;
        }
        spawn_local(async move {
            let answer = restore_order(order).await;
            self.end(answer, |order| format!("{} est restaurée.", order.numero));
        });
    }

    /// Two presses are one.
    fn begin(self, what: Doing) -> bool {
        // Cancelling is asked for in words and stays what it is.
        let surprised =
            matches!(what, Doing::Moving(to) if to != OrderStatus::Annulee) && now() < self.surprised.get_value();
        if self.doing.get_untracked().is_some() || surprised {
            return false;
        }
        self.refusal.set(None);
        self.doing.set(Some(what));
        true
    }

    fn end(self, answer: Result<Order, AppError>, words: impl FnOnce(&Order) -> String) {
        self.finish(answer, move |order| {
            self.expected.set_value(self.shown.get_value() != Some((order.id, order.statut)));
            self.toasts.done(words(&order));
        });
    }

    fn finish<T>(self, answer: Result<T, AppError>, tell: impl FnOnce(T)) {
        // The page may be gone by then.
        if self.doing.try_set(None).is_some() {
            return;
        }
        match answer {
            Ok(done) => {
                tell(done);
                self.asking.set(false);
                self.reason.set(String::new());
                self.courier.set(None);
                self.reload.run(());
            }
            Err(error) => {
                self.asking.set(false);
                if matches!(error.code, ErrorCode::StaleVersion | ErrorCode::IllegalTransition) {
                    self.reload.run(());
                }
                if error.code == ErrorCode::Unauthenticated {
                    crate::ui::session::sign_in_again();
                }
                self.refusal.set(Some(error));
                show_refusal();
            }
        }
    }
}

/// A refusal in words that say what to do about it.
pub fn explain(error: &AppError) -> (String, Vec<String>) {
    let detail = match error.code {
        ErrorCode::StaleVersion => {
            "Quelqu'un l'a modifiée entre-temps : voici son état actuel. Vérifiez, puis recommencez s'il le faut."
                .to_owned()
        }
        ErrorCode::InsufficientStock => "Il manque :".to_owned(),
        ErrorCode::Invalid => String::new(),
        _ => error.detail.clone(),
    };
    let faults = error.errors.iter().map(|fault| fault.message.clone());
    let short =
        error.member(Member::ShortLines).and_then(|lines| lines.as_array()).into_iter().flatten().filter_map(|line| {
            let (left, wanted) = (line.get("disponible")?.as_i64()?, line.get("demande")?.as_i64()?);
            Some(format!("{} : {}", line.get("nom")?.as_str()?, shortage::beside(left, wanted)))
        });
    (detail, faults.chain(short).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shortage_names_every_short_line() {
        let lines = serde_json::json!([{"product_id": 1, "nom": "Thé vert", "disponible": 2, "demande": 4}]);
        let error = AppError::new(ErrorCode::InsufficientStock, "Stock insuffisant.").with(Member::ShortLines, lines);
        let (detail, more) = explain(&error);
        assert_eq!(detail, "Il manque :");
        assert_eq!(more, ["Thé vert : 2\u{a0}disponibles pour 4\u{a0}demandés"]);
    }
}
