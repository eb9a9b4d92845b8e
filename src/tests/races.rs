//! Two requests at once, on a real database: one result, whoever comes first.

use std::sync::Arc;

use http::Method;
use serde_json::json;

use super::{Answer, App};
use crate::auth::permission::Role;

/// How many of the answers have each status.
fn statuses(answers: &[Answer]) -> Vec<u16> {
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    statuses
}

/// Sends the calls side by side, as different callers would.
async fn at_once(
    app: &Arc<App>,
    calls: Vec<(String, Method, String, serde_json::Value, Option<String>)>,
) -> Vec<Answer> {
    let mut racing = tokio::task::JoinSet::new();
    for (token, method, path, body, tag) in calls {
        let app = app.clone();
        racing.spawn(async move {
            let mut call = app.call(method, &format!("/api/v1{path}")).bearer(&token).json(&body);
            if let Some(tag) = tag {
                call = call.header("if-match", &tag);
            }
            call.send().await
        });
    }
    racing.join_all().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_admins_cannot_remove_each_other() {
    let app = Arc::new(App::new().await);
    for round in 0..6 {
        let (a, token_a) = app.user(Role::Admin).await;
        let (b, token_b) = app.user(Role::Admin).await;
        app.run(format!(
            "update users set is_active = false where role = 'admin' and id not in ({a}, {b}) and not is_system"
        ))
        .await;
        let (method, path, body) = match round % 3 {
            0 => (Method::DELETE, "", json!({})),
            1 => (Method::PATCH, "/toggle-status", json!({})),
            _ => (Method::PUT, "", json!({"role": "livreur"})),
        };
        let call =
            |token: &str, id| (token.to_owned(), method.clone(), format!("/users/{id}{path}"), body.clone(), None);
        let answers = at_once(&app, vec![call(&token_a, b), call(&token_b, a)]).await;
        let active: i64 =
            sqlx::query_scalar("select count(*) from users where role = 'admin' and is_active and not is_deleted")
                .fetch_one(&app.db)
                .await
                .expect("a count");
        assert_eq!(active, 1, "round {round}: {:?}", statuses(&answers));
    }
    app.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_last_unit_is_sold_or_taken_out_once() {
    let app = Arc::new(App::new().await);
    let admin = app.token(Role::Admin).await;
    for _ in 0..5 {
        let product = app.product(&admin, "Dernier", 100, 1).await;
        let order = app.order(&admin, &[(product, 1)]).await;
        let exit = json!({"product_id": product, "quantite": 1});
        let answers = at_once(
            &app,
            vec![
                (admin.clone(), Method::POST, format!("/orders/{}/confirm", order["id"]), json!({}), None),
                (admin.clone(), Method::POST, "/stocks/exit".into(), exit.clone(), None),
                (admin.clone(), Method::POST, "/stocks/exit".into(), exit, None),
            ],
        )
        .await;
        assert_eq!(answers.iter().filter(|answer| answer.status.is_success()).count(), 1, "{:?}", statuses(&answers));
    }
    app.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_saves_of_one_version_are_one_save() {
    let app = Arc::new(App::new().await);
    let admin = app.token(Role::Admin).await;
    let product = app.product(&admin, "Miel", 800, 5).await;
    let order = app.order(&admin, &[(product, 1)]).await;
    for (path, field) in [(format!("/products/{product}"), "nom"), (format!("/orders/{}", order["id"]), "notes")] {
        let call =
            |text: &str| (admin.clone(), Method::PUT, path.clone(), json!({field: text}), Some("\"1\"".to_owned()));
        let answers = at_once(&app, ["a", "b", "c", "d"].map(call).to_vec()).await;
        assert_eq!(statuses(&answers), [200, 412, 412, 412]);
    }
    app.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_address_goes_to_the_restored_user_or_to_the_new_one() {
    let app = Arc::new(App::new().await);
    let admin = app.token(Role::Admin).await;
    for round in 0..4 {
        let email = format!("zoe{round}@test.example");
        let body = json!({"email": email, "password": "une phrase sûre", "nom": "Zoé", "role": "livreur"});
        let user = app.post(&admin, "/users", &body).await.expect(201).json();
        app.delete(&admin, &format!("/users/{}", user["id"])).await.expect(204);
        let answers = at_once(
            &app,
            vec![
                (admin.clone(), Method::POST, format!("/users/{}/restore", user["id"]), json!({}), None),
                (admin.clone(), Method::POST, "/users".into(), body, None),
            ],
        )
        .await;
        let refused: Vec<_> = answers.into_iter().filter(|answer| !answer.status.is_success()).collect();
        assert_eq!(refused.len(), 1);
        refused.into_iter().for_each(|answer| drop(answer.refused(409, "email_deja_utilise")));
    }
    app.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_put_on_something_is_not_deleted_meanwhile() {
    let app = Arc::new(App::new().await);
    let admin = app.token(Role::Admin).await;
    for _ in 0..4 {
        let product = app.product(&admin, "Miel", 800, 5).await;
        let body = json!({"client_nom": "Anne", "items": [{"product_id": product, "quantity": 1}]});
        let answers = at_once(
            &app,
            vec![
                (admin.clone(), Method::POST, "/orders".into(), body, None),
                (admin.clone(), Method::DELETE, format!("/products/{product}"), json!({}), None),
            ],
        )
        .await;
        assert_eq!(answers.iter().filter(|answer| answer.status.is_success()).count(), 1, "{:?}", statuses(&answers));
        let category = app.post(&admin, "/categories", &json!({"nom": format!("C{product}")})).await.expect(201).json();
        let body = json!({"nom": "Sel", "prix": 1, "category_id": category["id"]});
        let answers = at_once(
            &app,
            vec![
                (admin.clone(), Method::POST, "/products".into(), body, None),
                (admin.clone(), Method::DELETE, format!("/categories/{}", category["id"]), json!({}), None),
            ],
        )
        .await;
        assert_eq!(answers.iter().filter(|answer| answer.status.is_success()).count(), 1, "{:?}", statuses(&answers));
    }
    app.assert_sound().await;
}
