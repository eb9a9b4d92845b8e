//! /api/v1/auth

use chrono::{TimeDelta, Utc};
use http::Method;
use serde_json::{Value, json};

use super::{Answer, App};
use crate::auth::permission::Role;
use crate::auth::tokens;
use crate::shared::{SessionId, UserId};

const EMAIL: &str = "anne@test.example";
const PASSWORD: &str = "quatre pommes vertes";

async fn shop() -> (App, UserId) {
    let app = App::new().await;
    let id = app
        .insert_user(Role::Controleur, EMAIL, Some(PASSWORD))
        .await;
    (app, id)
}

async fn login_from(app: &App, address: &str, email: &str, password: &str) -> Answer {
    let body = json!({"email": email, "password": password});
    app.call(Method::POST, "/api/v1/auth/login")
        .from(address)
        .json(&body)
        .send()
        .await
}

async fn login(app: &App, email: &str, password: &str) -> Answer {
    login_from(app, "127.0.0.1", email, password).await
}

async fn refresh(app: &App, token: &str) -> Answer {
    app.call(Method::POST, "/api/v1/auth/refresh")
        .bearer(token)
        .send()
        .await
}

fn text(answer: &Value, name: &str) -> String {
    answer[name].as_str().expect("a text").to_owned()
}

fn names(object: &Value) -> Vec<String> {
    let mut names: Vec<_> = object
        .as_object()
        .expect("an object")
        .keys()
        .cloned()
        .collect();
    names.sort();
    names
}

/// `(access, refresh)` of a fresh sign-in.
async fn pair(app: &App) -> (String, String) {
    let body = login(app, EMAIL, PASSWORD).await.expect(200).json();
    (text(&body, "access_token"), text(&body, "refresh_token"))
}

#[tokio::test]
async fn signing_in_gives_tokens_and_the_user_and_never_a_hash() {
    let (app, id) = shop().await;
    let answer = login(&app, " Anne@TEST.example ", PASSWORD)
        .await
        .expect(200);
    let body = answer.json();
    assert_eq!(
        names(&body),
        [
            "access_token",
            "expires_in",
            "refresh_token",
            "token_type",
            "user"
        ]
    );
    assert_eq!(
        (body["expires_in"].as_i64(), body["token_type"].as_str()),
        (Some(900), Some("Bearer"))
    );
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
        (
            user["id"].as_i64(),
            user["role"].as_str(),
            user["email"].as_str()
        ),
        (Some(id.0), Some("controleur"), Some(EMAIL))
    );
    assert!(user["last_login_at"].is_string());
    assert_eq!(user["version"], 1, "signing in is no change of the user");
    let me = app
        .get(&text(&body, "access_token"), "/auth/me")
        .await
        .expect(200);
    assert_eq!((me.json(), me.header("etag")), (user.clone(), "\"1\""));
    for answer in [&answer, &me] {
        assert!(
            !answer.text.contains("argon2") && !answer.text.contains("hash"),
            "{}",
            answer.text
        );
    }
    let leaks: i64 = sqlx::query_scalar(
        "select count(*) from history where concat(avant, apres) ~ 'argon2|hash'",
    )
    .fetch_one(&app.db)
    .await
    .expect("history");
    assert_eq!(leaks, 0, "the trail holds no hash either");
}

#[tokio::test]
async fn every_reason_not_to_let_in_is_one_and_the_same_answer() {
    let (app, _) = shop().await;
    app.insert_user(Role::Admin, "inactive@test.example", Some(PASSWORD))
        .await;
    app.insert_user(Role::Admin, "deleted@test.example", Some(PASSWORD))
        .await;
    app.insert_user(Role::Admin, "nopassword@test.example", None)
        .await;
    app.run("update users set is_active = false where email like 'inactive%'")
        .await;
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
        let answer = login(&app, email, password)
            .await
            .refused(401, "identifiants_invalides");
        assert!(answer.header("www-authenticate").starts_with("Bearer"));
        let mut body = answer.json();
        body.as_object_mut()
            .expect("an object")
            .remove("request_id");
        answers.push(body);
    }
    assert!(
        answers.windows(2).all(|pair| pair[0] == pair[1]),
        "{answers:#?}"
    );
}

#[tokio::test]
async fn missing_and_wrong_fields_are_named() {
    let (app, _) = shop().await;
    let send = async |body: Value| {
        app.call(Method::POST, "/api/v1/auth/login")
            .json(&body)
            .send()
            .await
    };
    for body in [
        json!({}),
        json!({"email": null, "password": ""}),
        json!({"email": 3, "password": ["x"]}),
    ] {
        assert_eq!(
            send(body).await.refused(422, "champs_invalides").fields(),
            ["email", "password"]
        );
    }
    let unknown = send(json!({"email": EMAIL, "password": PASSWORD, "role": "admin"})).await;
    assert_eq!(unknown.refused(422, "champs_invalides").fields(), ["role"]);
    send(json!([EMAIL, PASSWORD]))
        .await
        .refused(422, "champs_invalides");
    let body = json!({"email": EMAIL, "password": PASSWORD});
    let parameter = app
        .call(Method::POST, "/api/v1/auth/login?next=1")
        .json(&body)
        .send()
        .await;
    assert_eq!(
        parameter.refused(422, "champs_invalides").fields(),
        ["next"]
    );
}

#[tokio::test]
async fn the_fifth_failure_slows_an_account_down_from_that_address_alone() {
    let (app, _) = shop().await;
    app.insert_user(Role::Admin, "paul@test.example", Some(PASSWORD))
        .await;
    for _ in 0..5 {
        login_from(&app, "10.0.0.1", "ANNE@test.example", "wrong")
            .await
            .refused(401, "identifiants_invalides");
    }
    let slowed = login_from(&app, "10.0.0.1", EMAIL, PASSWORD)
        .await
        .refused(429, "trop_de_requetes");
    let seconds: i64 = slowed.header("retry-after").parse().expect("seconds");
    assert!((1..=30).contains(&seconds), "{seconds}");
    login_from(&app, "10.0.0.2", EMAIL, PASSWORD)
        .await
        .expect(200);
    login_from(&app, "10.0.0.1", "paul@test.example", PASSWORD)
        .await
        .expect(200);

    // Growing, but never more than a quarter of an hour.
    app.run("update sign_in_failures set blocked_until = now() - interval '1 second' where blocked_until is not null").await;
    login_from(&app, "10.0.0.1", EMAIL, "wrong")
        .await
        .refused(401, "identifiants_invalides");
    let slowed = login_from(&app, "10.0.0.1", EMAIL, PASSWORD)
        .await
        .refused(429, "trop_de_requetes");
    let seconds: i64 = slowed.header("retry-after").parse().expect("seconds");
    assert!((31..=60).contains(&seconds), "{seconds}");
    app.run("update sign_in_failures set failures = 25, blocked_until = now() - interval '1 second' where blocked_until is not null").await;
    login_from(&app, "10.0.0.1", EMAIL, "wrong")
        .await
        .refused(401, "identifiants_invalides");
    let slowed = login_from(&app, "10.0.0.1", EMAIL, PASSWORD)
        .await
        .refused(429, "trop_de_requetes");
    let seconds: i64 = slowed.header("retry-after").parse().expect("seconds");
    assert!((800..=900).contains(&seconds), "{seconds}");
}

#[tokio::test]
async fn an_unknown_account_is_slowed_down_like_a_known_one() {
    let (app, _) = shop().await;
    for _ in 0..5 {
        login(&app, "nobody@test.example", "wrong")
            .await
            .refused(401, "identifiants_invalides");
    }
    login(&app, "nobody@test.example", "wrong")
        .await
        .refused(429, "trop_de_requetes");
    login(&app, EMAIL, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn success_forgives_the_failures_before_it() {
    let (app, _) = shop().await;
    for _ in 0..3 {
        for _ in 0..4 {
            login(&app, EMAIL, "wrong")
                .await
                .refused(401, "identifiants_invalides");
        }
        login(&app, EMAIL, PASSWORD).await.expect(200);
    }
}

#[tokio::test]
async fn guesses_sent_all_at_once_count_one_by_one() {
    let (app, _) = shop().await;
    let guess = || login(&app, EMAIL, "wrong");
    let answers = tokio::join!(
        guess(),
        guess(),
        guess(),
        guess(),
        guess(),
        guess(),
        guess(),
        guess()
    );
    let statuses = [
        answers.0, answers.1, answers.2, answers.3, answers.4, answers.5, answers.6, answers.7,
    ]
    .map(|a| a.status.as_u16());
    assert_eq!(
        statuses.iter().filter(|s| **s == 401).count(),
        5,
        "{statuses:?}"
    );
    assert_eq!(
        statuses.iter().filter(|s| **s == 429).count(),
        3,
        "{statuses:?}"
    );
}

#[tokio::test]
async fn thirty_failures_close_an_address_and_no_other() {
    let (app, _) = shop().await;
    for n in 0..30 {
        login_from(&app, "10.0.0.1", &format!("guess{n}@test.example"), "wrong")
            .await
            .refused(401, "identifiants_invalides");
    }
    let closed = login_from(&app, "10.0.0.1", EMAIL, PASSWORD)
        .await
        .refused(429, "trop_de_requetes");
    let seconds: i64 = closed.header("retry-after").parse().expect("seconds");
    assert!((1..=900).contains(&seconds), "{seconds}");
    login_from(&app, "10.0.0.2", EMAIL, PASSWORD)
        .await
        .expect(200);
}

#[tokio::test]
async fn a_forwarded_address_is_believed_from_a_trusted_proxy_alone() {
    let fail = async |app: &App, forwarded: &str| {
        let body = json!({"email": EMAIL, "password": "wrong"});
        let call = app
            .call(Method::POST, "/api/v1/auth/login")
            .from("10.0.0.9")
            .header("x-forwarded-for", forwarded);
        call.json(&body).send().await.status.as_u16()
    };
    let (plain, _) = shop().await;
    let proxied = App::with(|options| {
        options.trusted_proxies = vec!["10.0.0.9".parse().expect("an address")]
    })
    .await;
    let (mut without, mut behind) = (Vec::new(), Vec::new());
    for n in 1..=6 {
        without.push(fail(&plain, &format!("192.0.2.{n}")).await);
        behind.push(fail(&proxied, &format!("192.0.2.{n}")).await);
    }
    assert_eq!(
        without,
        [401, 401, 401, 401, 401, 429],
        "who writes the header cannot slip away"
    );
    assert_eq!(behind, [401; 6], "behind the proxy these are six machines");
}

#[tokio::test]
async fn refreshing_rotates_the_token_sent_either_way() {
    let (app, _) = shop().await;
    let (_, first) = pair(&app).await;
    let answer = refresh(&app, &first).await.expect(200).json();
    assert_eq!(
        names(&answer),
        [
            "access_token",
            "expires_in",
            "refresh_token",
            "token_type",
            "user"
        ]
    );
    let second = text(&answer, "refresh_token");
    assert_ne!(first, second);
    app.get(&text(&answer, "access_token"), "/auth/me")
        .await
        .expect(200);
    let body = json!({"refresh_token": second});
    let third = app
        .call(Method::POST, "/api/v1/auth/refresh")
        .json(&body)
        .send()
        .await
        .expect(200)
        .json();
    assert_ne!(text(&third, "refresh_token"), second);
}

#[tokio::test]
async fn what_is_no_refresh_token_is_refused_and_harms_nobody() {
    let (app, _) = shop().await;
    let (access, token) = pair(&app).await;
    let forged = format!("{}x", token);
    let later = token.replacen(".0.", ".1.", 1);
    for bad in [
        "x",
        "1.0.x",
        "999.0.abc",
        access.as_str(),
        forged.as_str(),
        later.as_str(),
    ] {
        refresh(&app, bad).await.refused(401, "non_authentifie");
    }
    app.call(Method::POST, "/api/v1/auth/refresh")
        .send()
        .await
        .refused(401, "non_authentifie");
    app.get(&token, "/auth/me")
        .await
        .refused(401, "non_authentifie");
    refresh(&app, &token).await.expect(200);
}

#[tokio::test]
async fn a_lost_answer_is_given_again_while_its_token_is_unused() {
    let (app, _) = shop().await;
    let (_, first) = pair(&app).await;
    let (a, b) = tokio::join!(refresh(&app, &first), refresh(&app, &first));
    let (a, b) = (a.expect(200).json(), b.expect(200).json());
    let again = refresh(&app, &first).await.expect(200).json();
    let successors = [&a, &b, &again].map(|answer| text(answer, "refresh_token"));
    assert!(
        successors.iter().all(|token| *token == successors[0]),
        "{successors:?}"
    );
    refresh(&app, &successors[0]).await.expect(200);
}

#[tokio::test]
async fn a_spent_token_whose_successor_was_used_ends_the_family() {
    let (app, _) = shop().await;
    let (access, first) = pair(&app).await;
    let other = pair(&app).await.0;
    let second = text(
        &refresh(&app, &first).await.expect(200).json(),
        "refresh_token",
    );
    let third = text(
        &refresh(&app, &second).await.expect(200).json(),
        "refresh_token",
    );
    refresh(&app, &first).await.refused(401, "non_authentifie");
    app.get(&access, "/auth/me")
        .await
        .refused(401, "non_authentifie");
    refresh(&app, &third).await.refused(401, "non_authentifie");
    app.get(&other, "/auth/me").await.expect(200);
}

#[tokio::test]
async fn a_spent_token_that_comes_back_late_ends_the_family() {
    let (app, _) = shop().await;
    let (access, first) = pair(&app).await;
    let second = text(
        &refresh(&app, &first).await.expect(200).json(),
        "refresh_token",
    );
    app.run("update sessions set rotated_at = now() - interval '11 seconds'")
        .await;
    refresh(&app, &first).await.refused(401, "non_authentifie");
    refresh(&app, &second).await.refused(401, "non_authentifie");
    app.get(&access, "/auth/me")
        .await
        .refused(401, "non_authentifie");
}

#[tokio::test]
async fn a_family_slides_by_thirty_days_within_ninety() {
    let (app, _) = shop().await;
    let (_, first) = pair(&app).await;
    app.run("update sessions set expires_at = now() + interval '1 day', ends_at = now() + interval '40 days'").await;
    let second = text(
        &refresh(&app, &first).await.expect(200).json(),
        "refresh_token",
    );
    let days = "select round(extract(epoch from expires_at - now()) / 86400)::bigint from sessions";
    let left: i64 = sqlx::query_scalar(days)
        .fetch_one(&app.db)
        .await
        .expect("days");
    assert_eq!(left, 30);
    app.run("update sessions set ends_at = now() + interval '5 days'")
        .await;
    let third = text(
        &refresh(&app, &second).await.expect(200).json(),
        "refresh_token",
    );
    let left: i64 = sqlx::query_scalar(days)
        .fetch_one(&app.db)
        .await
        .expect("days");
    assert_eq!(left, 5);
    app.run("update sessions set expires_at = now() - interval '1 second'")
        .await;
    refresh(&app, &third).await.refused(401, "non_authentifie");
}

#[tokio::test]
async fn signing_out_ends_this_session_at_once_and_no_other() {
    let (app, _) = shop().await;
    let ((access, token), (other, _)) = (pair(&app).await, pair(&app).await);
    let strange = app
        .post(&access, "/auth/logout", &json!({"all": true}))
        .await;
    assert_eq!(strange.refused(422, "champs_invalides").fields(), ["all"]);
    let answer = app
        .call(Method::POST, "/api/v1/auth/logout")
        .bearer(&access)
        .send()
        .await
        .expect(204);
    assert_eq!(answer.text, "");
    app.get(&access, "/auth/me")
        .await
        .refused(401, "non_authentifie");
    refresh(&app, &token).await.refused(401, "non_authentifie");
    app.call(Method::POST, "/api/v1/auth/logout")
        .bearer(&access)
        .send()
        .await
        .refused(401, "non_authentifie");
    app.get(&other, "/auth/me").await.expect(200);
}

#[tokio::test]
async fn what_changes_about_a_user_counts_from_the_very_next_request() {
    let app = App::new().await;
    let (id, token) = app.user(Role::SimpleUtilisateur).await;
    app.post(&token, "/products", &json!({}))
        .await
        .refused(403, "acces_refuse");
    app.run(format!(
        "update users set role = 'controleur' where id = {id}"
    ))
    .await;
    app.post(&token, "/products", &json!({}))
        .await
        .refused(422, "champs_invalides");
    app.run(format!("update users set role = 'livreur' where id = {id}"))
        .await;
    app.get(&token, "/dashboard/summary")
        .await
        .refused(403, "acces_refuse");
    app.run(format!(
        "update users set is_active = false where id = {id}"
    ))
    .await;
    app.get(&token, "/auth/me")
        .await
        .refused(401, "non_authentifie");
    app.run(format!("update users set is_active = true where id = {id}"))
        .await;
    app.get(&token, "/auth/me").await.expect(200);
    app.run(format!(
        "update users set is_deleted = true, deleted_at = now(), deleted_by = 1 where id = {id}"
    ))
    .await;
    app.get(&token, "/auth/me")
        .await
        .refused(401, "non_authentifie");
}

#[tokio::test]
async fn only_a_token_of_ours_that_is_not_over_lets_in() {
    let (app, id) = shop().await;
    let (access, _) = pair(&app).await;
    let session: i64 = sqlx::query_scalar("select id from sessions")
        .fetch_one(&app.db)
        .await
        .expect("a session");
    let sign = |age: i64| {
        tokens::sign_access(
            &app.state.keys,
            id,
            SessionId(session),
            Utc::now() - TimeDelta::seconds(age),
        )
        .expect("a token")
    };
    app.get(&sign(890), "/auth/me").await.expect(200);
    let over = app
        .get(&sign(901), "/auth/me")
        .await
        .refused(401, "non_authentifie");
    assert!(over.header("www-authenticate").starts_with("Bearer"));
    let keys = crate::server::keys::Keys::from_hex(&"77".repeat(32)).expect("a key");
    let foreign = tokens::sign_access(&keys, id, SessionId(session), Utc::now()).expect("a token");
    // {"alg":"none"} before the claims of a good token.
    let unsigned = format!(
        "eyJhbGciOiJub25lIn0.{}.",
        access.split('.').nth(1).expect("claims")
    );
    for bad in [foreign.as_str(), unsigned.as_str(), "", "x"] {
        app.get(bad, "/auth/me")
            .await
            .refused(401, "non_authentifie");
    }
    for header in ["Basic YTpi", "Bearer", access.as_str()] {
        let call = app
            .call(Method::GET, "/api/v1/auth/me")
            .header("authorization", header);
        call.send().await.refused(401, "non_authentifie");
    }
    app.call(Method::GET, "/api/v1/auth/me")
        .send()
        .await
        .refused(401, "non_authentifie");
}
