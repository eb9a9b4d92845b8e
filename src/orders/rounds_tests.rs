//! How orders move between rounds.

use super::model::Order;
use super::rounds::*;
use super::workflow::OrderStatus;
use crate::shared::{Day, Money, OrderId, UserId};

fn order(id: i64, courier: Option<i64>, place: Option<i32>, day: &str) -> Order {
    let at = "2026-11-22T10:00:00Z";
    let mut order: Order = serde_json::from_value(serde_json::json!({
        "id": id, "numero": format!("CMD-{id}"), "statut": "confirmee", "statut_libelle": "Confirmée", "client_id": 1,
        "client_nom": "Anne", "date_livraison_prevue": day, "position_tournee": place, "total": 10, "total_ht": 8,
        "total_tva": 2, "livreur_id": courier, "items": [], "transitions_permises": [], "created_at": at,
        "updated_at": at, "created_by": 1, "updated_by": 1, "version": 1, "is_deleted": false
    }))
    .expect("an order");
    order.audit.version = i32::try_from(id).expect("small");
    order
}

fn ids(orders: &[Order], lane: Option<i64>) -> Vec<i64> {
    stops(orders, lane.map(UserId)).iter().map(|order| order.id.0).collect()
}

fn day() -> Vec<Order> {
    vec![
        order(1, None, None, "2026-11-22"),
        order(2, None, None, "2026-11-20"),
        order(3, Some(7), Some(2), "2026-11-22"),
        order(4, Some(7), Some(1), "2026-11-22"),
        order(5, Some(8), None, "2026-11-22"),
    ]
}

#[test]
fn late_orders_come_first_where_no_place_is_chosen() {
    assert_eq!(ids(&day(), None), [2, 1]);
    assert_eq!(ids(&day(), Some(7)), [4, 3]);
}

#[test]
fn an_order_goes_up_down_and_over() {
    let mut orders = day();
    let mut go = |id, step| move_order(&mut orders, &[], OrderId(id), step);
    assert_eq!(go(4, Step::Up), None, "it is first already");
    assert_eq!(go(4, Step::Down), Some(Some(UserId(7))));
    assert_eq!(go(4, Step::Down), None, "it is last now");
    assert_eq!(go(1, Step::To(Some(UserId(7)))), Some(Some(UserId(7))));
    assert_eq!(go(5, Step::At(Some(UserId(7)), 1)), Some(Some(UserId(7))));
    assert_eq!(go(3, Step::At(Some(UserId(7)), 0)), None, "dropped where it was");
    assert_eq!(go(2, Step::Up), None, "nobody's orders have no places");
    assert_eq!(ids(&orders, Some(7)), [3, 5, 4, 1]);
    assert_eq!(ids(&orders, Some(8)), [0; 0]);
    let sent = wanted(&orders, Some(UserId(7)));
    assert_eq!(
        sent.orders.iter().map(|seen| (seen.id.0, seen.version)).collect::<Vec<_>>(),
        [(3, 3), (5, 5), (4, 4), (1, 1)]
    );
}

#[test]
fn what_is_on_the_road_keeps_a_livreur_and_what_is_done_stays() {
    let mut orders = day();
    orders[2].statut = OrderStatus::EnLivraison;
    orders[3].statut = OrderStatus::Livree;
    assert_eq!(move_order(&mut orders, &[], OrderId(3), Step::To(None)), None);
    assert_eq!(move_order(&mut orders, &[], OrderId(4), Step::To(Some(UserId(8)))), None);
    assert_eq!(move_order(&mut orders, &[], OrderId(3), Step::To(Some(UserId(8)))), Some(Some(UserId(8))));
    assert_eq!(move_order(&mut orders, &[], OrderId(5), Step::To(None)), Some(None));
}

#[test]
fn the_load_counts_what_is_left_and_what_went_wrong() {
    let mut orders = day();
    orders[3].statut = OrderStatus::Livree;
    orders[3].total_livre = Some(Money(400));
    // One that is still on its way went wrong as well; what happens on another round does not count here.
    let wrong = |id| Problem { id: OrderId(id), motif: None };
    let load = load(&orders, &[wrong(3), wrong(4), wrong(5)], Some(UserId(7)));
    assert_eq!((load.left, load.delivered, load.total, load.problems), (1, 1, 2, 2));
    assert_eq!(load.to_collect, Money(1000));
    assert_eq!(Day::parse("2026-11-22"), orders[0].date_livraison_prevue);
}
