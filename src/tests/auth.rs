//! /api/v1/auth

use chrono::{TimeDelta, Utc};
use http::Method;
use serde_json::{Value, json};

use super::{Answer, App};
use crate::auth::permission::Role;
use crate::auth::tokens;
use crate::shared::{SessionId, UserId};

pub(super) const EMAIL: &str = "anne@test.example";
pub(super) const PASSWORD: &str = "quatre pommes vertes";

pub(super) async fn shop() -> (App, UserId) {
    let app = App::new().await;
    let id = app.insert_user(Role::Controleur, EMAIL, Some(PASSWORD)).await;
    (app, id)
}

pub(super) async fn login_from(app: &App, address: &str, email: &str, password: &str) -> Answer {
    let body = json!({"email": email, "password": password});
    app.call(Method::POST, "/api/v1/auth/login").from(address).json(&body).send().await
}

pub(super) async fn login(app: &App, email: &str, password: &str) -> Answer {
    login_from(app, "127.0.0.1", email, password).await
}

pub(super) async fn refresh(app: &App, token: &str) -> Answer {
    app.call(Method::POST, "/api/v1/auth/refresh").bearer(token).send().await
}

pub(super) fn text(answer: &Value, name: &str) -> String {
    answer[name].as_str().expect("a text").to_owned()
}

pub(super) fn names(object: &Value) -> Vec<String> {
    let mut names: Vec<_> = object.as_object().expect("an object").keys().cloned().collect();
    names.sort();
    names
}

/// `(access, refresh)` of a fresh sign-in.
pub(super) async fn pair(app: &App) -> (String, String) {
    let body = login(app, EMAIL, PASSWORD).await.expect(200).json();
    (text(&body, "access_token"), text(&body, "refresh_token"))
}

#[tokio::test]
async fn signing_in_gives_tokens_and_the_user_and_never_a_hash() {
    let (app, id) = shop().await;
    let answer = login(&app, " Anne@TEST.example ", PASSWORD).await.expect(200);
    let body = answer.json();
    assert_eq!(names(&body), ["access_token", "expires_in", "refresh_token", "token_type", "user"]);
    assert_eq!((body["expires_in"].as_i64(), body["token_type"].as_str()), (Some(900), Some("Bearer")));
    let user = &body["user"];
    let expected = [
        "created_at",
        "created_by",
        "deleted_at",
        "deleted_by",
        "email",
        "id",
        "is_active",
        "is_deleted",
        "last_login_at",
        "nom",
        "prenom",
        "role",
        "telephone",
        "updated_at",
        "updated_by",
        "version",
    ];
    assert_eq!(names(user), expected);
    assert_eq!(
        (user["id"].as_i64(), user["role"].as_str(), user["email"].as_str()),
        (Some(id.0), Some("controleur"), Some(EMAIL))
    );
    assert!(user["last_login_at"].is_string());
    assert_eq!(user["version"], 1, "signing in is no change of the user");
    let me = app.get(&text(&body, "access_token"), "/auth/me").await.expect(200);
    assert_eq!((me.json(), me.header("etag")), (user.clone(), "\"1\""));
    for answer in [&answer, &me] {
        assert!(!answer.text.contains("argon2") && !answer.text.contains("hash"), "{}", answer.text);
    }
    let leaks: i64 = sqlx::query_scalar("select count(*) from history where concat(avant, apres) ~ 'argon2|hash'")
        .fetch_one(&app.db)
        .await
        .expect("history");
    assert_eq!(leaks, 0, "the trail holds no hash either");
}

#[tokio::test]
async fn every_reason_not_to_let_in_is_one_and_the_same_answer() {
    let (app, _) = shop().await;
    app.insert_user(Role::Admin, "inactive@test.example", Some(PASSWORD)).await;
    app.insert_user(Role::Admin, "deleted@test.example", Some(PASSWORD)).await;
    app.insert_user(Role::Admin, "nopassword@test.example", None).await;
    app.run("update users set is_active = false where email like 'inactive%'").await;
    app.run("update users set is_deleted = true, deleted_at = now(), deleted_by = 1 where email like 'deleted%'").await;
    let mut answers = Vec::new();
    for (email, password) in [
        (EMAIL, "not the password"),
        ("nobody@test.example", PASSWORD),
        ("inactive@test.example", PASSWORD),
        ("deleted@test.example", PASSWORD),
        ("nopassword@test.example", PASSWORD),
        ("systeme@localhost", PASSWORD),
    ] {
        let answer = login(&app, email, password).await.refused(401, "identifiants_invalides");
        assert!(answer.header("www-authenticate").starts_with("Bearer"));
        let mut body = answer.json();
        body.as_object_mut().expect("an object").remove("request_id");
        answers.push(body);
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:#?}");
}

#[tokio::test]
async fn missing_and_wrong_fields_are_named() {
    let (app, _) = shop().await;
    let send = async |body: Value| app.call(Method::POST, "/api/v1/auth/login").json(&body).send().await;
    for body in [json!({}), json!({"email": null, "password": ""}), json!({"email": 3, "password": ["x"]})] {
        assert_eq!(send(body).await.refused(422, "champs_invalides").fields(), ["email", "password"]);
    }
    let unknown = send(json!({"email": EMAIL, "password": PASSWORD, "role": "admin"})).await;
    assert_eq!(unknown.refused(422, "champs_invalides").fields(), ["role"]);
    send(json!([EMAIL, PASSWORD])).await.refused(422, "champs_invalides");
    let body = json!({"email": EMAIL, "password": PASSWORD});
    let parameter = app.call(Method::POST, "/api/v1/auth/login?next=1").json(&body).send().await;
    assert_eq!(parameter.refused(422, "champs_invalides").fields(), ["next"]);
}

#[tokio::test]
async fn signing_out_ends_this_session_at_once_and_no_other() {
    let (app, _) = shop().await;
    let ((access, token), (other, _)) = (pair(&app).await, pair(&app).await);
    let strange = app.post(&access, "/auth/logout", &json!({"all": true})).await;
    assert_eq!(strange.refused(422, "champs_invalides").fields(), ["all"]);
    let answer = app.call(Method::POST, "/api/v1/auth/logout").bearer(&access).send().await.expect(204);
    assert_eq!(answer.text, "");
    app.get(&access, "/auth/me").await.refused(401, "non_authentifie");
    refresh(&app, &token).await.refused(401, "non_authentifie");
    app.call(Method::POST, "/api/v1/auth/logout").bearer(&access).send().await.refused(401, "non_authentifie");
    app.get(&other, "/auth/me").await.expect(200);
}

#[tokio::test]
async fn what_changes_about_a_user_counts_from_the_very_next_request() {
    let app = App::new().await;
    let (id, token) = app.user(Role::SimpleUtilisateur).await;
    app.post(&token, "/products", &json!({})).await.refused(403, "acces_refuse");
    app.run(format!("update users set role = 'controleur' where id = {id}")).await;
    app.post(&token, "/products", &json!({})).await.refused(422, "champs_invalides");
    app.run(format!("update users set role = 'livreur' where id = {id}")).await;
    app.get(&token, "/dashboard/summary").await.refused(403, "acces_refuse");
    app.run(format!("update users set is_active = false where id = {id}")).await;
    app.get(&token, "/auth/me").await.refused(401, "non_authentifie");
    app.run(format!("update users set is_active = true where id = {id}")).await;
    app.get(&token, "/auth/me").await.expect(200);
    app.run(format!("update users set is_deleted = true, deleted_at = now(), deleted_by = 1 where id = {id}")).await;
    app.get(&token, "/auth/me").await.refused(401, "non_authentifie");
}

#[tokio::test]
async fn only_a_token_of_ours_that_is_not_over_lets_in() {
    let (app, id) = shop().await;
    let (access, _) = pair(&app).await;
    let session: i64 = sqlx::query_scalar("select id from sessions").fetch_one(&app.db).await.expect("a session");
    let sign = |age: i64| {
        tokens::sign_access(&app.state.keys, id, SessionId(session), Utc::now() - TimeDelta::seconds(age))
            .expect("a token")
    };
    app.get(&sign(890), "/auth/me").await.expect(200);
    let over = app.get(&sign(901), "/auth/me").await.refused(401, "non_authentifie");
    assert!(over.header("www-authenticate").starts_with("Bearer"));
    let keys = crate::server::keys::Keys::from_hex(&"77".repeat(32)).expect("a key");
    let foreign = tokens::sign_access(&keys, id, SessionId(session), Utc::now()).expect("a token");
    // {"alg":"none"} before the claims of a good token.
    let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", access.split('.').nth(1).expect("claims"));
    for bad in [foreign.as_str(), unsigned.as_str(), "", "x"] {
        app.get(bad, "/auth/me").await.refused(401, "non_authentifie");
    }
    for header in ["Basic YTpi", "Bearer", access.as_str()] {
        let call = app.call(Method::GET, "/api/v1/auth/me").header("authorization", header);
        call.send().await.refused(401, "non_authentifie");
    }
    app.call(Method::GET, "/api/v1/auth/me").send().await.refused(401, "non_authentifie");
}
