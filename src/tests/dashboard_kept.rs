//! The dashboard's answers that are kept: the same to the letter, and never behind.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::Utc;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{Answer, App};
use crate::auth::permission::Role;

const ALL: [&str; 9] = [
    "/dashboard/summary",
    "/dashboard/chiffre-affaires",
    "/dashboard/ventes-par-jour",
    "/dashboard/commandes",
    "/dashboard/ventes-par-article",
    "/dashboard/ventes-par-categorie",
    "/dashboard/etat-stocks",
    "/dashboard/panier-moyen",
    "/dashboard/livraisons-du-jour",
];

/// What one person is told after another who asked the same, once it was read for both. PostgreSQL itself may
/// write something in between: then it is asked again.
async fn kept(app: &App, first: &str, second: &str, path: &str) -> Answer {
    for _ in 0..20 {
        let told = app.get(first, path).await.expect(200);
        let read = app.state.answers.readings();
        let again = app.get(second, path).await.expect(200);
        assert_eq!(told.text, again.text, "{path}");
        if app.state.answers.readings() == read {
            return again;
        }
    }
    panic!("{path} is read every time");
}

async fn order(app: &App, token: &str, product: i64) -> i64 {
    let body = json!({"client_nom": "Jean Dupont", "items": [{"product_id": product, "quantity": 2}]});
    app.post(token, "/orders", &body).await.expect(201).json()["id"].as_i64().expect("an id")
}

async fn confirm(app: &App, token: &str, order: i64) {
    app.post(token, &format!("/orders/{order}/confirm"), &json!({})).await.expect(200);
}

fn sold(summary: &Value) -> i64 {
    summary["chiffre_affaires"]["nombre_commandes"].as_i64().expect("a number")
}

#[tokio::test]
async fn what_holds_is_read_once_and_says_its_age() {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    let (plain, courier) = (app.token(Role::SimpleUtilisateur).await, app.token(Role::Livreur).await);
    let product = app.product(&admin, "Miel", 800, 50).await;
    confirm(&app, &admin, order(&app, &admin, product).await).await;
    for path in ALL {
        let second = kept(&app, &admin, &plain, path).await;
        assert_eq!(second.header("content-type"), "application/json");
        assert!(second.header("age").parse::<u64>().is_ok_and(|age| age < 60), "{path}: {}", second.header("age"));
        // What is kept is kept from whom it is not for.
        app.get(&courier, path).await.refused(403, "acces_refuse");
    }
    // Another question has another answer.
    let read = app.state.answers.readings();
    app.get(&admin, "/dashboard/ventes-par-article?limit=3").await.expect(200);
    app.get(&admin, "/dashboard/chiffre-affaires?start_date=2026-01-01&end_date=2026-01-31").await.expect(200);
    app.get(&admin, "/dashboard/livraisons-du-jour?date=2026-01-31").await.expect(200);
    assert_eq!(app.state.answers.readings(), read + 3);
    app.get(&admin, "/dashboard/summary?start_date=2026-02-30").await.refused(422, "champs_invalides");
}

#[tokio::test]
async fn a_change_through_any_server_is_seen_at_once_by_everybody() {
    let one = App::new().await;
    let two = one.beside().await;
    let (writer, reader) = (one.token(Role::Admin).await, one.token(Role::Controleur).await);
    let product = one.product(&writer, "Miel", 800, 50).await;
    for done in 0..5 {
        for app in [&one, &two] {
            for token in [&writer, &reader] {
                let summary = app.get(token, "/dashboard/summary").await.expect(200).json();
                assert_eq!(sold(&summary), done);
            }
        }
        let (app, other) = if done % 2 == 0 { (&one, &two) } else { (&two, &one) };
        let id = order(app, &writer, product).await;
        confirm(other, &writer, id).await;
    }
    let stock = |answer: Value| answer["nombre_ruptures"].clone();
    let before = stock(two.get(&reader, "/dashboard/etat-stocks").await.expect(200).json());
    let out = one.product(&writer, "Cire", 300, 0).await;
    let after = stock(two.get(&reader, "/dashboard/etat-stocks").await.expect(200).json());
    assert_ne!(before, after, "product {out} has none");
}

#[tokio::test]
async fn nothing_is_kept_where_the_setting_says_so() {
    let app = App::with(|options| options.cache_mib = 0).await;
    let admin = app.token(Role::Admin).await;
    for read in 1..=3_u64 {
        let answer = app.get(&admin, "/dashboard/summary").await.expect(200);
        assert_eq!((answer.header("age"), app.state.answers.readings()), ("0", read));
    }
}

/// Whoever asks after a confirmation was answered finds it counted, however many write and ask meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_answer_is_behind_what_was_answered_before_it_was_asked() {
    let one = App::new().await;
    let two = one.beside().await;
    let token = one.token(Role::Admin).await;
    let product = one.product(&token, "Miel", 800, 1_000).await;
    let (confirmed, writing) = (AtomicI64::new(0), AtomicI64::new(3));
    let write = async |app: &App| {
        for _ in 0..8 {
            let id = order(app, &token, product).await;
            confirm(app, &token, id).await;
            confirmed.fetch_add(1, Ordering::SeqCst);
        }
        writing.fetch_sub(1, Ordering::SeqCst);
    };
    let today = one.get(&token, "/dashboard/summary").await.expect(200).json()["end_date"].clone();
    let day = today.as_str().map_or_else(|| Utc::now().date_naive().to_string(), str::to_owned);
    let path = format!("/dashboard/summary?start_date={day}");
    let ask = async |app: &App| {
        while writing.load(Ordering::SeqCst) > 0 {
            let before = confirmed.load(Ordering::SeqCst);
            let told = sold(&app.get(&token, &path).await.expect(200).json());
            assert!(told >= before, "{told} told, {before} were confirmed");
        }
    };
    let readers = join_all([&one, &two, &one, &two].map(ask));
    let writers = join_all([&one, &two, &one].map(write));
    tokio::join!(readers, writers);
    assert_eq!(sold(&one.get(&token, &path).await.expect(200).json()), 24);
    one.assert_figures_agree().await;
}
