//! Random sequences of operations keep every invariant that `verify` knows.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;

use super::App;
use crate::auth::permission::Role;
use crate::dashboard::rollups;
use crate::orders::workflow::OrderStatus;

/// Something somebody does; numbers are taken modulo what exists.
#[derive(Debug, Clone)]
enum Step {
    Create { lines: Vec<(usize, i64)>, confirm: bool },
    Move { order: usize, to: usize, as_courier: bool },
    Assign { order: usize, courier: Option<usize> },
    Edit { order: usize, lines: Vec<(usize, i64)> },
    AddItem { order: usize, product: usize, quantity: i64 },
    RemoveItem { order: usize, line: usize },
    Deliver { order: usize, courier: usize, remis: i64, abime: i64, again: bool },
    Correct { order: usize, remis: i64, abime: i64 },
    Remove { order: usize },
    Restore { order: usize },
    Stock { product: usize, kind: usize, quantity: i64 },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (prop::collection::vec((0..4usize, 1..9i64), 0..4), any::<bool>())
            .prop_map(|(lines, confirm)| Step::Create { lines, confirm }),
        8 => (0..20usize, 0..6usize, any::<bool>()).prop_map(|(order, to, as_courier)| Step::Move { order, to, as_courier }),
        3 => (0..20usize, prop::option::weighted(0.8, 0..2usize)).prop_map(|(order, courier)| Step::Assign { order, courier }),
        3 => (0..20usize, prop::collection::vec((0..4usize, 1..9i64), 0..4)).prop_map(|(order, lines)| Step::Edit { order, lines }),
        2 => (0..20usize, 0..4usize, 1..9i64).prop_map(|(order, product, quantity)| Step::AddItem { order, product, quantity }),
        2 => (0..20usize, 0..4usize).prop_map(|(order, line)| Step::RemoveItem { order, line }),
        6 => (0..20usize, 0..2usize, 0..5i64, 0..2i64, any::<bool>())
            .prop_map(|(order, courier, remis, abime, again)| Step::Deliver { order, courier, remis, abime, again }),
        4 => (0..20usize, 0..6i64, 0..2i64).prop_map(|(order, remis, abime)| Step::Correct { order, remis, abime }),
        1 => (0..20usize).prop_map(|order| Step::Remove { order }),
        1 => (0..20usize).prop_map(|order| Step::Restore { order }),
        2 => (0..4usize, 0..4usize, 0..20i64).prop_map(|(product, kind, quantity)| Step::Stock { product, kind, quantity }),
    ]
}

struct World {
    app: App,
    admin: String,
    couriers: Vec<(crate::shared::UserId, String)>,
    products: Vec<i64>,
    orders: Vec<i64>,
}

impl World {
    async fn new() -> Self {
        let app = App::new().await;
        let admin = app.token(Role::Admin).await;
        let mut products = Vec::new();
        for (i, stock) in [0, 5, 12, 40].into_iter().enumerate() {
            products.push(app.product(&admin, &format!("Produit {i}"), 333 * (i as i64 + 1), stock).await);
        }
        let couriers = vec![app.user(Role::Livreur).await, app.user(Role::Livreur).await];
        Self { app, admin, couriers, products, orders: Vec::new() }
    }

    /// Takes a step; a refusal is an answer like any other, a failure of ours is not.
    async fn take(&mut self, step: &Step) {
        let order = |i: usize| (!self.orders.is_empty()).then(|| self.orders[i % self.orders.len()]);
        let answer = match step {
            Step::Create { lines, confirm } => {
                let items: Vec<_> =
                    lines.iter().map(|(p, q)| json!({"product_id": self.products[*p], "quantity": q})).collect();
                let body = json!({"client_nom": "Hasard", "items": items, "confirmer": confirm});
                let answer = self.app.post(&self.admin, "/orders", &body).await;
                if answer.status == 201 {
                    self.orders.push(answer.json()["id"].as_i64().expect("an id"));
                }
                answer
            }
            Step::Move { order: i, to, as_courier } => {
                let Some(id) = order(*i) else { return };
                let token = if *as_courier { &self.couriers[0].1 } else { &self.admin };
                let body = json!({"statut": OrderStatus::ALL[*to], "motif": "hasard"});
                self.app.patch(token, &format!("/orders/{id}/status"), &body).await
            }
            Step::Assign { order: i, courier } => {
                let Some(id) = order(*i) else { return };
                let body = json!({"livreur_id": courier.map(|c| self.couriers[c].0)});
                self.app.post(&self.admin, &format!("/orders/{id}/assign-livreur"), &body).await
            }
            Step::Edit { order: i, lines } => {
                let Some(id) = order(*i) else { return };
                let items: Vec<_> =
                    lines.iter().map(|(p, q)| json!({"product_id": self.products[*p], "quantity": q})).collect();
                self.app.put(&self.admin, &format!("/orders/{id}"), &json!({"items": items, "notes": "hasard"})).await
            }
            Step::AddItem { order: i, product, quantity } => {
                let Some(id) = order(*i) else { return };
                let body = json!({"product_id": self.products[*product], "quantity": quantity});
                self.app.post(&self.admin, &format!("/orders/{id}/items"), &body).await
            }
            Step::RemoveItem { order: i, line } => {
                let Some(id) = order(*i) else { return };
                let seen = self.app.get(&self.admin, &format!("/orders/{id}?include_deleted=true")).await.json();
                let item = seen["items"][*line]["id"].as_i64().unwrap_or(999_999);
                self.app.delete(&self.admin, &format!("/orders/{id}/items/{item}")).await
            }
            Step::Deliver { order: i, courier, remis, abime, again } => {
                let Some(id) = order(*i) else { return };
                let seen = self.app.get(&self.admin, &format!("/orders/{id}?include_deleted=true")).await.json();
                // Quantities that may not add up: then the action is invalid, and nothing happens.
                let lignes: Vec<_> = seen["items"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .take(2)
                    .map(|item| json!({"item_id": item["id"], "remis": remis, "abime": abime}))
                    .collect();
                let take = super::deliveries::action("prise_en_charge", id, &json!({}));
                let mut actions = vec![take];
                if *remis == 0 {
                    let failed: Vec<_> =
                        lignes.iter().map(|line| json!({"item_id": line["item_id"], "abime": abime})).collect();
                    let failed = json!({"motif": "refuse", "lignes": failed});
                    actions.push(super::deliveries::action("probleme", id, &failed));
                } else {
                    let given = json!({"lignes": lignes, "montant_encaisse": remis});
                    actions.push(super::deliveries::action("livraison", id, &given));
                }
                let batch = json!({"actions": actions});
                let token = &self.couriers[*courier].1;
                if *again {
                    self.app.post(token, "/livraisons/actions", &batch).await.expect(200);
                }
                let answer = self.app.post(token, "/livraisons/actions", &batch).await;
                assert!(!answer.text.contains("\"erreur\""), "{step:?}: {}", answer.text);
                answer
            }
            Step::Correct { order: i, remis, abime } => {
                let Some(id) = order(*i) else { return };
                let seen = self.app.get(&self.admin, &format!("/orders/{id}?include_deleted=true")).await.json();
                let lignes: Vec<_> = seen["items"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(|item| json!({"item_id": item["id"], "remis": remis, "abime": abime}))
                    .collect();
                let body = json!({"motif": "hasard", "lignes": lignes});
                self.app.post(&self.admin, &format!("/orders/{id}/corrections"), &body).await
            }
            Step::Remove { order: i } => {
                let Some(id) = order(*i) else { return };
                self.app.delete(&self.admin, &format!("/orders/{id}")).await
            }
            Step::Restore { order: i } => {
                let Some(id) = order(*i) else { return };
                self.app.post(&self.admin, &format!("/orders/{id}/restore"), &json!({})).await
            }
            Step::Stock { product, kind, quantity } => {
                let kind = ["entree", "sortie", "retour", "ajustement"][*kind];
                let body = json!({"product_id": self.products[*product], "type": kind, "quantite": quantity});
                self.app.post(&self.admin, "/stocks/movements", &body).await
            }
        };
        assert!(
            matches!(answer.status.as_u16(), 200 | 201 | 204 | 403 | 404 | 409 | 422),
            "{step:?}: {} {}",
            answer.status,
            answer.text
        );
    }
}

#[test]
fn no_sequence_of_operations_breaks_an_invariant() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let mut runner =
        TestRunner::new(Config { cases: 12, max_shrink_iters: 40, failure_persistence: None, ..Config::default() });
    runner
        .run(&prop::collection::vec(step(), 20..60), |steps| {
            runtime.block_on(async {
                let mut world = World::new().await;
                for (place, step) in steps.iter().enumerate() {
                    // Whoever changes an order says which days that touches: alone, so that no other change says it too.
                    let alone = place % 3 == 0;
                    if alone {
                        rollups::refresh(&world.app.db).await.expect("added up");
                    }
                    world.take(step).await;
                    if alone {
                        world.app.assert_figures_agree().await;
                    }
                }
                let report = crate::server::verify::verify(&world.app.db).await.expect("verify");
                prop_assert!(report.is_clean(), "{}", report);
                Ok(())
            })
        })
        .expect("every sequence is sound");
}
