//! Idempotency-Key: sent twice, done once.

use http::Method;
use serde_json::{Value, json};

use super::conventions::{new_order, shop};
use super::{Answer, App};
use crate::auth::permission::Role;

async fn orders(app: &App) -> i64 {
    sqlx::query_scalar("select count(*) from orders").fetch_one(&app.db).await.expect("orders")
}

/// POST with an idempotency key.
async fn keyed(app: &App, token: &str, path: &str, key: &str, body: &Value) -> Answer {
    let call = app.call(Method::POST, &format!("/api/v1{path}")).bearer(token).header("idempotency-key", key);
    call.json(body).send().await
}

#[tokio::test]
async fn a_key_gives_the_first_answer_again_and_writes_nothing_new() {
    let (app, admin) = shop().await;
    let product = app.product(&admin, "Miel", 800, 50).await;
    let first = keyed(&app, &admin, "/orders", "k1", &new_order(product)).await.expect(201);
    assert_eq!(first.header("idempotency-replayed"), "");
    let again = keyed(&app, &admin, "/orders", "k1", &new_order(product)).await.expect(201);
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.text, first.text);
    for name in ["location", "etag"] {
        assert_eq!(again.header(name), first.header(name));
    }
    assert_eq!(orders(&app).await, 1);

    // Actions too: the second confirmation is no illegal transition.
    let path = format!("/orders/{}/confirm", first.json()["id"]);
    let done = keyed(&app, &admin, &path, "k2", &json!({})).await.expect(200);
    let again = keyed(&app, &admin, &path, "k2", &json!({})).await.expect(200);
    assert_eq!((again.header("idempotency-replayed"), &again.text), ("true", &done.text));
    assert_eq!(app.stock(product).await, (50, 1));

    // And products, whose hidden or empty cost must come back as it was.
    let body = json!({"nom": "Thé", "prix": 15.9, "category_id": 1, "stock_initial": 3});
    let made = keyed(&app, &admin, "/products", "k3", &body).await.expect(201);
    assert!(made.text.contains("\"prix_achat\":null"), "{}", made.text);
    assert_eq!(keyed(&app, &admin, "/products", "k3", &body).await.expect(201).text, made.text);
}

#[tokio::test]
async fn a_key_stands_for_one_request_of_one_user() {
    let (app, admin) = shop().await;
    let product = app.product(&admin, "Miel", 800, 50).await;
    let order = keyed(&app, &admin, "/orders", "k", &new_order(product)).await.expect(201).json()["id"].clone();
    let mut other = new_order(product);
    other["client_nom"] = json!("Jeanne Dupont");
    keyed(&app, &admin, "/orders", "k", &other).await.refused(409, "idempotence_conflit");
    keyed(&app, &admin, &format!("/orders/{order}/confirm"), "k", &new_order(product))
        .await
        .refused(422, "champs_invalides");
    keyed(&app, &admin, &format!("/orders/{order}/confirm"), "k", &json!({})).await.refused(409, "idempotence_conflit");
    let colleague = app.token(Role::Controleur).await;
    let theirs = keyed(&app, &colleague, "/orders", "k", &new_order(product)).await.expect(201);
    assert_eq!(theirs.header("idempotency-replayed"), "");
    assert_eq!(orders(&app).await, 2);
    app.run("update idempotency_keys set created_at = now() - interval '25 hours'").await;
    keyed(&app, &admin, "/orders", "k", &other).await.expect(201);
    for wrong in ["", &"k".repeat(256)] {
        keyed(&app, &admin, "/orders", wrong, &new_order(product)).await.refused(422, "champs_invalides");
    }
    let two = app.call(Method::POST, "/api/v1/orders").bearer(&admin).header("idempotency-key", "a");
    let two = two.header("idempotency-key", "b").json(&new_order(product)).send().await;
    assert_eq!(two.refused(422, "champs_invalides").fields(), ["Idempotency-Key"]);
    keyed(&app, &admin, "/orders", &"k".repeat(255), &new_order(product)).await.expect(201);
}

#[tokio::test]
async fn a_refusal_frees_the_key_and_a_lost_permission_ends_the_replay() {
    let (app, admin) = shop().await;
    let (user, token) = app.user(Role::Controleur).await;
    let product = app.product(&admin, "Miel", 800, 5).await;
    let mut large = new_order(product);
    large["items"][0]["quantity"] = json!(9);
    large["confirmer"] = json!(true);
    keyed(&app, &token, "/orders", "k", &large).await.refused(409, "stock_insuffisant");
    keyed(&app, &token, "/orders", "k", &json!({})).await.refused(422, "champs_invalides");
    keyed(&app, &token, "/orders", "k", &new_order(product)).await.expect(201);
    app.run(format!("update users set role = 'simple_utilisateur' where id = {user}")).await;
    keyed(&app, &token, "/orders", "k", &new_order(product)).await.refused(403, "acces_refuse");
}

#[tokio::test]
async fn twins_sent_at_once_make_one_order() {
    let (app, admin) = shop().await;
    let product = app.product(&admin, "Miel", 800, 50).await;
    let body = new_order(product);
    let send = || keyed(&app, &admin, "/orders", "twin", &body);
    let (a, b, c, d) = tokio::join!(send(), send(), send(), send());
    let answers = [a.expect(201), b.expect(201), c.expect(201), d.expect(201)];
    assert!(answers.iter().all(|answer| answer.text == answers[0].text));
    assert_eq!(answers.iter().filter(|answer| answer.header("idempotency-replayed") == "true").count(), 3);
    assert_eq!(orders(&app).await, 1);
}
