//! The rounds of a day: the page, moving orders by plain forms, saving rounds, two dispatchers at once.

use std::sync::Arc;

use serde_json::{Value, json};

use super::App;
use super::browser::{page, post_form, signed_in};
use super::orders_sets::call;
use crate::auth::permission::Role;
use crate::shared::UserId;

const DAY: &str = "2026-12-24";

async fn confirmed(app: &App, token: &str, product: i64) -> Value {
    let items = json!([{"product_id": product, "quantity": 1}]);
    let body = json!({"client_nom": "Anne Petit", "ville": "Lyon", "date_livraison_prevue": DAY, "items": items, "confirmer": true});
    app.post(token, "/orders", &body).await.expect(201).json()
}

fn round(courier: Option<UserId>, orders: &[&Value]) -> Value {
    let orders: Vec<_> = orders.iter().map(|order| json!({"id": order["id"], "version": order["version"]})).collect();
    json!({"round": {"livreur_id": courier, "orders": orders}, "key": ""})
}

async fn places(app: &App) -> Vec<(i64, Option<i64>, Option<i32>)> {
    sqlx::query_as("select id, livreur_id, position_tournee from orders order by id")
        .fetch_all(&app.db)
        .await
        .expect("orders")
}

#[tokio::test]
async fn a_round_is_saved_as_a_whole_or_not_at_all() {
    let app = App::new().await;
    let token = app.token(Role::Admin).await;
    let product = app.product(&token, "Huile", 1500, 50).await;
    let (courier, _) = app.user(Role::Livreur).await;
    let (_, cookie) = signed_in(&app, Role::Controleur).await;
    let a = confirmed(&app, &token, product).await;
    let b = confirmed(&app, &token, product).await;
    let saved = call(&app, "save_round", &cookie, &round(Some(courier), &[&b, &a])).await.expect(200).json();
    let (ida, idb) = (a["id"].as_i64().expect("id"), b["id"].as_i64().expect("id"));
    assert_eq!(places(&app).await, [(ida, Some(courier.0), Some(2)), (idb, Some(courier.0), Some(1))]);
    assert_eq!(saved.as_array().map(Vec::len), Some(2));
    let (a2, b2) = (&saved[0], &saved[1]);
    assert!(a2["version"].as_i64() > a["version"].as_i64());

    // Already so: nothing changes, whatever version was seen.
    let same = call(&app, "save_round", &cookie, &round(Some(courier), &[&b, &a])).await.expect(200).json();
    assert_eq!(same[0]["version"], a2["version"]);

    // One of them was changed meanwhile: neither moves, and the refusal says which.
    app.put(&token, &format!("/orders/{ida}"), &json!({"notes": "Sonner"})).await.expect(200);
    let refused = call(&app, "save_round", &cookie, &round(None, &[a2, b2])).await.expect(412).json();
    assert_eq!((&refused["code"], &refused["data"]["refus"][0]["id"]), (&json!("version_perimee"), &a["id"]));
    assert_eq!(refused["data"]["refus"].as_array().map(Vec::len), Some(1));
    assert!(refused["detail"].as_str().is_some_and(|text| text.contains(a["numero"].as_str().unwrap_or("?"))));
    assert_eq!(places(&app).await, [(ida, Some(courier.0), Some(2)), (idb, Some(courier.0), Some(1))]);

    let taken_off = call(&app, "save_round", &cookie, &round(None, &[b2])).await.expect(200).json();
    assert_eq!((&taken_off[0]["livreur_id"], &taken_off[0]["position_tournee"]), (&Value::Null, &Value::Null));
    app.assert_sound().await;
}

#[tokio::test]
async fn what_a_livreur_has_without_a_day_is_on_the_round_of_today() {
    let app = App::new().await;
    let token = app.token(Role::Admin).await;
    let product = app.product(&token, "Huile", 1500, 50).await;
    let (courier, livreur) = app.user(Role::Livreur).await;
    let (_, cookie) = signed_in(&app, Role::Controleur).await;
    let mut ids = Vec::new();
    for _ in 0..4 {
        let body = json!({"client_nom": "Anne", "confirmer": true, "items": [{"product_id": product, "quantity": 1}]});
        let id = app.post(&token, "/orders", &body).await.expect(201).json()["id"].as_i64().expect("id");
        ids.push(id);
    }
    // The last is nobody's; one is handed over, one given up on the way.
    for id in &ids[..3] {
        let path = format!("/orders/{id}");
        app.post(&token, &format!("{path}/assign-livreur"), &json!({"livreur_id": courier})).await.expect(200);
        for statut in ["en_preparation", "en_livraison"] {
            app.patch(&token, &format!("{path}/status"), &json!({"statut": statut})).await.expect(200);
        }
    }
    app.patch(&token, &format!("/orders/{}/status", ids[1]), &json!({"statut": "livree"})).await.expect(200);
    app.post(&token, &format!("/orders/{}/cancel", ids[2]), &json!({"motif": "Fermé"})).await.expect(200);
    let told = |answer: Value, list: &str| {
        let mut ids: Vec<_> = answer[list].as_array().expect("orders").iter().map(|o| o["id"].as_i64()).collect();
        ids.sort_unstable();
        ids
    };
    let phone = app.get(&livreur, "/livraisons").await.expect(200).json();
    let today = phone["date"].clone();
    let board = async |day: &Value| call(&app, "read_rounds", &cookie, &json!({ "day": day })).await.expect(200).json();
    let wanted: Vec<_> = ids[..3].iter().copied().map(Some).collect();
    assert_eq!(told(board(&today).await, "orders"), wanted);
    assert_eq!(told(phone, "items"), wanted, "as on the phone");
    assert_eq!(told(board(&json!("2020-01-01")).await, "orders"), []);
}

#[tokio::test]
async fn a_place_is_one_of_a_livreur_on_a_day() {
    let app = App::new().await;
    let token = app.token(Role::Admin).await;
    let product = app.product(&token, "Huile", 1500, 50).await;
    let ((one, _), (other, _)) = (app.user(Role::Livreur).await, app.user(Role::Livreur).await);
    let (_, cookie) = signed_in(&app, Role::Controleur).await;
    let order = confirmed(&app, &token, product).await;
    let path = format!("/orders/{}", order["id"]);
    let seen = async || app.get(&token, &path).await.expect(200).json();
    let on_round = async |courier: UserId| {
        call(&app, "save_round", &cookie, &round(Some(courier), &[&seen().await])).await.expect(200);
        assert_eq!(seen().await["position_tournee"], 1);
    };
    let assign = async |courier: Option<UserId>| {
        let assigned = app.post(&token, &format!("{path}/assign-livreur"), &json!({"livreur_id": courier})).await;
        assigned.expect(200).json()["position_tournee"].clone()
    };

    on_round(one).await;
    assert_eq!(assign(Some(one)).await, 1, "to the same livreur nothing changes");
    assert_eq!(assign(Some(other)).await, Value::Null, "a new one decides anew");
    on_round(other).await;
    assert_eq!(assign(None).await, Value::Null);

    on_round(one).await;
    let put = async |body: Value| app.put(&token, &path, &body).await.expect(200).json()["position_tournee"].clone();
    assert_eq!(put(json!({"notes": "Sonner"})).await, 1);
    assert_eq!(put(json!({"date_livraison_prevue": DAY})).await, 1);
    assert_eq!(put(json!({"date_livraison_prevue": "2026-12-26"})).await, Value::Null, "another day's round");
    app.assert_sound().await;
}

#[tokio::test]
async fn what_cannot_be_on_a_round_is_refused() {
    let app = App::new().await;
    let token = app.token(Role::Admin).await;
    let product = app.product(&token, "Huile", 1500, 50).await;
    let (courier, _) = app.user(Role::Livreur).await;
    let (clerk, _) = app.user(Role::Controleur).await;
    let (_, cookie) = signed_in(&app, Role::Admin).await;
    let draft = app.order(&token, &[(product, 1)]).await;
    let refused = call(&app, "save_round", &cookie, &round(Some(courier), &[&draft])).await.expect(409).json();
    assert_eq!(refused["data"]["refus"][0]["code"], "etat_incompatible");
    let order = confirmed(&app, &token, product).await;
    let refused = call(&app, "save_round", &cookie, &round(Some(clerk), &[&order])).await.expect(422).json();
    assert_eq!(refused["errors"][0]["champ"], "livreur_id");
    let twice = call(&app, "save_round", &cookie, &round(Some(courier), &[&order, &order])).await.expect(422).json();
    assert_eq!(twice["errors"][0]["code"], "doublon");
    let gone = call(&app, "save_round", &cookie, &round(Some(courier), &[&json!({"id": 999_999, "version": 1})])).await;
    assert_eq!(gone.expect(404).json()["data"]["refus"][0]["code"], "introuvable");
    // On the road, an order keeps a livreur.
    let id = &order["id"];
    app.post(&token, &format!("/orders/{id}/assign-livreur"), &json!({"livreur_id": courier})).await.expect(200);
    app.patch(&token, &format!("/orders/{id}/status"), &json!({"statut": "en_preparation"})).await.expect(200);
    let moving =
        app.patch(&token, &format!("/orders/{id}/status"), &json!({"statut": "en_livraison"})).await.expect(200).json();
    call(&app, "save_round", &cookie, &round(None, &[&moving])).await.expect(409);
    let (other, _) = app.user(Role::Livreur).await;
    call(&app, "save_round", &cookie, &round(Some(other), &[&moving])).await.expect(200);
    app.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_dispatchers_who_move_the_same_order_one_is_told() {
    let app = Arc::new(App::new().await);
    let token = app.token(Role::Admin).await;
    let product = app.product(&token, "Huile", 1500, 500).await;
    let mut couriers = Vec::new();
    for _ in 0..8 {
        couriers.push(app.user(Role::Livreur).await.0);
    }
    let mut orders = Vec::new();
    for _ in 0..4 {
        orders.push(confirmed(&app, &token, product).await);
    }
    let mut racing = tokio::task::JoinSet::new();
    for (n, courier) in couriers.into_iter().enumerate() {
        let (_, cookie) = signed_in(&app, Role::Controleur).await;
        let (app, mut orders) = (app.clone(), orders.clone());
        // Each takes the same orders in another sequence: locks in id order, or they would wait for each other.
        orders.rotate_left(n % 4);
        racing.spawn(async move {
            let all: Vec<_> = orders.iter().collect();
            (courier, call(&app, "save_round", &cookie, &round(Some(courier), &all)).await)
        });
    }
    let mut winner = None;
    while let Some(done) = racing.join_next().await {
        let (courier, answer) = done.expect("a task");
        if answer.status.as_u16() == 200 {
            assert_eq!(winner.replace(courier), None, "one alone wins");
        } else {
            let refused = answer.expect(412).json();
            assert_eq!(refused["data"]["refus"].as_array().map(Vec::len), Some(4), "every order is named");
        }
    }
    let winner = winner.expect("somebody");
    let mut taken: Vec<_> = places(&app).await;
    assert!(taken.iter().all(|(_, courier, _)| *courier == Some(winner.0)));
    taken.sort_by_key(|(.., place)| *place);
    assert_eq!(taken.iter().map(|(.., place)| place.unwrap_or(0)).collect::<Vec<_>>(), [1, 2, 3, 4]);
    app.assert_sound().await;
}

#[tokio::test]
async fn orders_move_by_plain_forms() {
    let app = App::new().await;
    let token = app.token(Role::Admin).await;
    let product = app.product(&token, "Huile", 1500, 50).await;
    let (courier, _) = app.user(Role::Livreur).await;
    let (_, cookie) = signed_in(&app, Role::Controleur).await;
    let (a, b) = (confirmed(&app, &token, product).await, confirmed(&app, &token, product).await);
    let address = format!("/tournees?jour={DAY}");
    let send = async |order: &Value, sens: &str, version: &str| {
        let (id, courier) = (order["id"].to_string(), courier.to_string());
        let fields = [("commande", &*id), ("sens", sens), ("livreur", &*courier), ("version", version)];
        post_form(&app, &address, &cookie, &fields).await
    };
    for order in [&a, &b] {
        let moved = send(order, "confier", &order["version"].to_string()).await.expect(303);
        assert_eq!(moved.header("location"), address);
    }
    send(&b, "haut", "").await.expect(303);
    send(&b, "haut", "").await.expect(303);
    let told: Vec<_> = places(&app).await.into_iter().map(|(.., place)| place).collect();
    assert_eq!(told, [Some(2), Some(1)], "the first goes no further up");
    let shown = page(&app, &address, &cookie).await.expect(200);
    assert!(
        shown.text.contains("Anne Petit") && shown.text.contains("2 arrêts") || shown.text.contains("2\u{a0}arrêts"),
        "{}",
        shown.text
    );
    let stale = send(&a, "haut", "1").await.expect(412);
    assert!(
        stale.text.contains("modifiée entre-temps") && stale.text.contains("Anne Petit"),
        "the page again, with why"
    );
    send(&a, "ailleurs", "").await.expect(422);
    for role in [Role::Livreur, Role::SimpleUtilisateur] {
        let (_, cookie) = signed_in(&app, role).await;
        page(&app, "/tournees", &cookie).await.expect(403);
        let id = a["id"].to_string();
        post_form(&app, &address, &cookie, &[("commande", &*id), ("sens", "confier"), ("livreur", "")])
            .await
            .expect(403);
    }
    app.assert_sound().await;
}
