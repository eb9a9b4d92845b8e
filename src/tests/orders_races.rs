//! Races on orders, with real concurrency on a real database.

use std::sync::Arc;

use serde_json::json;

use super::App;
use crate::auth::permission::Role;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_confirmations_for_the_last_ten_units_sell_exactly_ten() {
    let app = Arc::new(App::new().await);
    let admin = app.token(Role::Admin).await;
    let product = app.product(&admin, "Dernières bouteilles", 1200, 10).await;
    let mut orders = Vec::new();
    for _ in 0..50 {
        orders.push(app.order(&admin, &[(product, 1)]).await["id"].as_i64().expect("id"));
    }
    let mut racing = tokio::task::JoinSet::new();
    for id in orders {
        let (app, admin) = (app.clone(), admin.clone());
        racing.spawn(async move { app.post(&admin, &format!("/orders/{id}/confirm"), &json!({})).await });
    }
    let mut sold = 0;
    while let Some(answer) = racing.join_next().await {
        let answer = answer.expect("a task");
        match answer.status.as_u16() {
            200 => sold += 1,
            _ => {
                answer.refused(409, "stock_insuffisant");
            }
        }
    }
    assert_eq!(sold, 10);
    assert_eq!(app.stock(product).await, (10, 10));
    app.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn orders_of_the_same_products_in_any_order_never_block_each_other_for_good() {
    let app = Arc::new(App::new().await);
    let admin = app.token(Role::Admin).await;
    let mut products = Vec::new();
    for i in 0..6 {
        products.push(app.product(&admin, &format!("Produit {i}"), 100, 1000).await);
    }
    let mut racing = tokio::task::JoinSet::new();
    for i in 0..24 {
        let (app, admin, mut products) = (app.clone(), admin.clone(), products.clone());
        products.rotate_left(i % 6);
        if i % 2 == 0 {
            products.reverse();
        }
        racing.spawn(async move {
            let items: Vec<_> = products.iter().map(|p| json!({"product_id": p, "quantity": 2})).collect();
            let body =
                json!({"client_nom": "Course", "client_telephone": "0639981111", "confirmer": true, "items": items});
            let order = app.post(&admin, "/orders", &body).await.expect(201).json();
            app.post(&admin, &format!("/orders/{}/cancel", order["id"]), &json!({})).await.expect(200);
        });
    }
    while let Some(done) = racing.join_next().await {
        done.expect("no deadlock, no refusal");
    }
    for product in products {
        assert_eq!(app.stock(product).await, (1000, 0));
    }
    let clients: i64 = sqlx::query_scalar("select count(*) from clients").fetch_one(&app.db).await.expect("clients");
    assert_eq!(clients, 1, "first orders of one new client at once make one client");
    app.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twins_with_one_key_make_one_order() {
    let app = Arc::new(App::new().await);
    let admin = app.token(Role::Admin).await;
    let product = app.product(&admin, "Thé", 700, 100).await;
    let body = json!({"client_nom": "Zoé", "confirmer": true, "items": [{"product_id": product, "quantity": 5}]});
    let mut racing = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (app, admin, body) = (app.clone(), admin.clone(), body.clone());
        racing.spawn(async move {
            app.call(http::Method::POST, "/api/v1/orders")
                .bearer(&admin)
                .header("idempotency-key", "k1")
                .json(&body)
                .send()
                .await
        });
    }
    let (mut ids, mut first) = (std::collections::BTreeSet::new(), 0);
    while let Some(answer) = racing.join_next().await {
        let answer = answer.expect("a task").expect(201);
        ids.insert(answer.json()["id"].as_i64());
        first += i32::from(answer.header("idempotency-replayed").is_empty());
    }
    assert_eq!((ids.len(), first), (1, 1));
    assert_eq!(app.stock(product).await, (100, 5));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_changes_of_one_version_one_wins() {
    let app = Arc::new(App::new().await);
    let admin = app.token(Role::Admin).await;
    let product = app.product(&admin, "Thé", 700, 100).await;
    for _ in 0..5 {
        let id = app.order(&admin, &[(product, 1)]).await["id"].as_i64().expect("id");
        let send = |action: &'static str| {
            let (app, admin) = (app.clone(), admin.clone());
            tokio::spawn(async move {
                let path = format!("/api/v1/orders/{id}/{action}");
                app.call(http::Method::POST, &path)
                    .bearer(&admin)
                    .header("if-match", "\"1\"")
                    .send()
                    .await
                    .status
                    .as_u16()
            })
        };
        let (confirm, cancel) = (send("confirm"), send("cancel"));
        let mut statuses = [confirm.await.expect("a task"), cancel.await.expect("a task")];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412]);
    }
    app.assert_sound().await;
}
