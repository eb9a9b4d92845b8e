//! Two servers on one database are one shop.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use super::browser::{page, signed_in};
use super::{Answer, App};
use crate::auth::permission::Role;
use crate::dashboard::rollups;

async fn create(app: &App, token: &str, key: &str, product: i64) -> Answer {
    let body = json!({"client_nom": "Jean Dupont", "items": [{"product_id": product, "quantity": 2}]});
    let call = app.call(Method::POST, "/api/v1/orders").bearer(token).header("idempotency-key", key);
    call.json(&body).send().await
}

async fn sold(app: &App, token: &str) -> Value {
    let mut summary = app.get(token, "/dashboard/summary").await.expect(200).json();
    summary["concordance_le"] = Value::Null;
    summary
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_keys_news_and_figures_are_those_of_both() {
    let one = App::new().await;
    let two = one.beside().await;
    let _live = (one.go_live().await, two.go_live().await);
    let adders = [&one, &two].map(|app| tokio::spawn(rollups::run(app.db.clone())));

    let token = one.token(Role::Admin).await;
    let (_, cookie) = signed_in(&one, Role::Controleur).await;
    two.get(&token, "/auth/me").await.expect(200);
    page(&two, "/commandes", &cookie).await.expect(200);
    let mut stream = two.listen(&cookie).await;

    // The same request reaches both at once: one carries it out, the other waits and says the same.
    let product = one.product(&token, "Miel", 800, 50).await;
    let (first, second) = tokio::join!(create(&one, &token, "clef", product), create(&two, &token, "clef", product));
    let (first, second) = (first.expect(201), second.expect(201));
    assert_eq!(first.text, second.text);
    let replayed = |answer: &Answer| answer.header("idempotency-replayed") == "true";
    assert!(replayed(&first) != replayed(&second), "one of them only");
    let order = first.json()["id"].as_i64().expect("an id");
    let count: i64 = sqlx::query_scalar("select count(*) from orders").fetch_one(&one.db).await.expect("orders");
    assert_eq!(count, 1);
    stream.hears_of("commandes", order).await;

    // What one writes the other one counts, at once and when it is added up.
    two.post(&token, &format!("/orders/{order}/confirm"), &json!({})).await.expect(200);
    let at_once = sold(&one, &token).await;
    assert_eq!(at_once["chiffre_affaires"]["nombre_commandes"], 1);
    let added_up = async {
        let untouched = "select not exists (select from rollup_touched)";
        while !sqlx::query_scalar::<_, bool>(untouched).fetch_one(&one.db).await.expect("touches") {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), added_up).await.expect("one of them adds up");
    assert_eq!((sold(&one, &token).await, sold(&two, &token).await), (at_once.clone(), at_once));
    one.assert_figures_agree().await;

    // Signed out here is signed out there, on the very next request.
    one.call(Method::POST, "/api/v1/auth/logout").bearer(&token).send().await.expect(204);
    two.get(&token, "/auth/me").await.expect(401);
    for adder in adders {
        adder.abort();
    }
}
