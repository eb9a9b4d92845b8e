//! The round as the phone shows it: what the server told, with what the outbox will make of it. Pure.

use super::data::{Attempt, Delivery, PhoneData};
use super::outbox::{Row, foresee};
use crate::deliveries::model::AttemptResult;
use crate::orders::workflow::OrderStatus;
use crate::shared::OrderId;

/// What is to be done at a stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The shop has not packed it yet.
    NotReady,
    /// It is to be taken along.
    ToLoad,
    /// It is in the van.
    OnTheWay,
    /// Nothing was handed over today; it can be tried again.
    Failed,
    /// Handed over.
    Done,
    /// Given up by the shop.
    GivenUp,
}

impl Step {
    /// Still to be visited.
    pub fn is_open(self) -> bool {
        matches!(self, Self::NotReady | Self::ToLoad | Self::OnTheWay)
    }
}

/// A delivery as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Stop {
    /// The order, and what happened so far.
    pub delivery: Delivery,
    /// What is to be done.
    pub step: Step,
    /// Something about it is still to be sent.
    pub waits: bool,
    /// Something about it was refused.
    pub refused: bool,
}

impl Stop {
    /// Which order.
    pub fn id(&self) -> OrderId {
        self.delivery.id
    }

    /// The last attempt.
    pub fn last(&self) -> Option<&Attempt> {
        self.delivery.tentatives.last()
    }
}

/// The stops: those still to be visited in the order of the round, or as the person put them (`by_hand`); then the rest.
pub fn stops(data: &PhoneData, rows: &[Row], by_hand: &[OrderId]) -> Vec<Stop> {
    let all = data.tournee.items.iter().map(|delivery| stop(data, delivery, rows));
    let (mut open, rest): (Vec<_>, Vec<_>) = all.partition(|stop| stop.step.is_open());
    // In place of a sort, which is several kilobytes of the phone's program.
    let mut stops = Vec::with_capacity(open.len() + rest.len());
    for id in by_hand {
        stops.extend(open.iter().position(|stop| stop.id() == *id).map(|at| open.remove(at)));
    }
    stops.extend(open);
    stops.extend(rest);
    stops
}

fn stop(data: &PhoneData, delivery: &Delivery, rows: &[Row]) -> Stop {
    let mut delivery = delivery.clone();
    let (mut waits, mut refused) = (false, false);
    let id = delivery.id;
    for row in rows.iter().filter(|row| row.order_id() == id) {
        waits = true;
        refused |= row.ennui.is_some();
        // Once something was refused, nothing that follows it is certain.
        if let (false, Some(action)) = (refused || row.recue, row.read()) {
            // Checked before it was kept; what the order has become since is for the server to judge.
            let _ = foresee(&mut delivery, &action);
        }
    }
    let failed_today = delivery.tentatives.last().is_some_and(|last| {
        last.resultat == AttemptResult::Echec && data.fuseau.local(last.survenu_le).date() == data.tournee.date.0
    });
    let step = match delivery.statut {
        OrderStatus::Brouillon | OrderStatus::Confirmee => Step::NotReady,
        OrderStatus::EnPreparation => Step::ToLoad,
        OrderStatus::EnLivraison if failed_today => Step::Failed,
        OrderStatus::EnLivraison => Step::OnTheWay,
        OrderStatus::Livree => Step::Done,
        OrderStatus::Annulee => Step::GivenUp,
    };
    Stop { delivery, step, waits, refused }
}

/// Which stop is next: the first that is in the van, else the first.
pub fn next(stops: &[Stop]) -> Option<OrderId> {
    let open = || stops.iter().filter(|stop| stop.step.is_open());
    open().find(|stop| stop.step == Step::OnTheWay).or_else(|| open().next()).map(Stop::id)
}

/// The stops still to be visited with one of them moved up or down among them.
pub fn moved(stops: &[Stop], id: OrderId, up: bool) -> Vec<OrderId> {
    let mut ids: Vec<OrderId> = stops.iter().filter(|stop| stop.step.is_open()).map(Stop::id).collect();
    if let Some(at) = ids.iter().position(|other| *other == id) {
        let to = if up { at.checked_sub(1) } else { Some(at + 1).filter(|to| *to < ids.len()) };
        if let Some(to) = to {
            ids.swap(at, to);
        }
    }
    ids
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn order(id: i64, statut: &str) -> Value {
        json!({
            "id": id, "numero": format!("CMD-{id}"), "statut": statut, "client_nom": format!("Client {id}"),
            "items": [{"id": id * 10, "product_nom": "Thé", "quantity": 4, "prix_unitaire": 5}], "montant_a_encaisser": 20.5,
            "en_retard": false, "tentatives": []
        })
    }

    fn data(orders: &[(i64, &str)]) -> PhoneData {
        let items: Vec<Value> = orders.iter().map(|(id, statut)| order(*id, statut)).collect();
        PhoneData::read(&json!({
            "personne": {"id": 5, "nom": "Karim"}, "monnaie": {"code": "EUR", "exponent": 2},
            "fuseau": {"name": "Europe/Paris", "offsets": [[0, 3600]]},
            "tournee": {"date": "2026-11-26", "lu_le": "2026-11-26T09:00:00Z", "items": items}
        }))
        .expect("what a phone is told")
    }

    fn row(key: u32, order: i64, kind: &str, more: Value) -> Row {
        let mut action = json!({"id": format!("0f8fad5b-d9cb-469f-a165-{key:012}"), "type": kind, "order_id": order,
                                "survenu_le": "2026-11-26T10:00:00Z"});
        action.as_object_mut().expect("object").extend(more.as_object().expect("object").clone());
        assert!(crate::deliveries::input::ValidAction::read(action.clone()).is_ok(), "{action}");
        Row { key, action, titre: String::new(), due: 0.0, recue: false, preuves: Vec::new(), ennui: None }
    }

    fn shown(data: &PhoneData, rows: &[Row], by_hand: &[i64]) -> Vec<(i64, Step)> {
        let by_hand: Vec<_> = by_hand.iter().copied().map(OrderId).collect();
        stops(data, rows, &by_hand).iter().map(|stop| (stop.id().0, stop.step)).collect()
    }

    #[test]
    fn what_waits_is_shown_as_done() {
        let data = data(&[(1, "en_preparation"), (2, "en_livraison"), (3, "en_livraison"), (4, "confirmee")]);
        assert_eq!(next(&stops(&data, &[], &[])), Some(OrderId(2)), "what is in the van comes before what is not");
        let mut rows = vec![
            row(1, 1, "prise_en_charge", json!({})),
            row(2, 2, "livraison", json!({"lignes": [{"item_id": 20, "remis": 3}], "montant_encaisse": 15})),
            row(3, 3, "probleme", json!({"motif": "absent"})),
            row(4, 1, "livraison", json!({})),
        ];
        let wanted = [(4, Step::NotReady), (1, Step::Done), (2, Step::Done), (3, Step::Failed)];
        assert_eq!(shown(&data, &rows, &[]), wanted);
        let two = &stops(&data, &rows, &[])[2];
        let last = two.last().expect("an attempt");
        assert_eq!(
            (last.resultat, last.montant_encaisse),
            (AttemptResult::Partielle, Some(crate::shared::Money(1500)))
        );
        assert_eq!((two.waits, two.delivery.montant_a_encaisser), (true, crate::shared::Money::ZERO));
        rows[0].ennui = Some(super::super::outbox::Trouble { code: "annulee".into(), detail: String::new() });
        let one = stops(&data, &rows, &[]).into_iter().find(|stop| stop.id() == OrderId(1)).expect("one");
        assert_eq!((one.step, one.refused), (Step::ToLoad, true), "refused: nothing is certain");
    }

    #[test]
    fn a_failure_of_another_day_is_tried_again() {
        let mut data = data(&[(1, "en_livraison")]);
        let rows = [row(1, 1, "probleme", json!({"motif": "absent", "note": "Volets fermés"}))];
        assert_eq!(shown(&data, &rows, &[]), [(1, Step::Failed)]);
        let note = stops(&data, &rows, &[])[0].last().and_then(|last| last.note.clone());
        assert_eq!(note.as_deref(), Some("Volets fermés"), "whoever comes next reads it");
        data.tournee.date = crate::shared::Day::parse("2026-11-27").expect("a day");
        assert_eq!(shown(&data, &rows, &[]), [(1, Step::OnTheWay)]);
    }

    #[test]
    fn the_hand_decides_on_the_order() {
        let data = data(&[(1, "en_livraison"), (2, "en_livraison"), (3, "en_livraison"), (9, "livree")]);
        let ids = |by_hand: &[i64]| shown(&data, &[], by_hand).into_iter().map(|(id, _)| id).collect::<Vec<_>>();
        assert_eq!(ids(&[]), [1, 2, 3, 9]);
        assert_eq!(ids(&[3, 1, 2]), [3, 1, 2, 9]);
        assert_eq!(ids(&[2]), [2, 1, 3, 9], "what came since is behind");
        let all = stops(&data, &[], &[]);
        assert_eq!(moved(&all, OrderId(3), true), [OrderId(1), OrderId(3), OrderId(2)]);
        assert_eq!(moved(&all, OrderId(1), true), [OrderId(1), OrderId(2), OrderId(3)]);
        assert_eq!(moved(&all, OrderId(1), false), [OrderId(2), OrderId(1), OrderId(3)]);
    }
}
