//! Failed sign-ins: who is slowed down, and who is not.

use http::Method;
use serde_json::json;

use super::App;
use super::auth::{EMAIL, PASSWORD, login, login_from, shop};
use crate::auth::permission::Role;

#[tokio::test]
async fn the_fifth_failure_slows_an_account_down_from_that_address_alone() {
    let (app, _) = shop().await;
    app.insert_user(Role::Admin, "paul@test.example", Some(PASSWORD)).await;
    for _ in 0..5 {
        login_from(&app, "10.0.0.1", "ANNE@test.example", "wrong").await.refused(401, "identifiants_invalides");
    }
    let slowed = login_from(&app, "10.0.0.1", EMAIL, PASSWORD).await.refused(429, "trop_de_requetes");
    let seconds: i64 = slowed.header("retry-after").parse().expect("seconds");
    assert!((1..=30).contains(&seconds), "{seconds}");
    login_from(&app, "10.0.0.2", EMAIL, PASSWORD).await.expect(200);
    login_from(&app, "10.0.0.1", "paul@test.example", PASSWORD).await.expect(200);

    // Growing, but never more than a quarter of an hour.
    app.run("update sign_in_failures set blocked_until = now() - interval '1 second' where blocked_until is not null")
        .await;
    login_from(&app, "10.0.0.1", EMAIL, "wrong").await.refused(401, "identifiants_invalides");
    let slowed = login_from(&app, "10.0.0.1", EMAIL, PASSWORD).await.refused(429, "trop_de_requetes");
    let seconds: i64 = slowed.header("retry-after").parse().expect("seconds");
    assert!((31..=60).contains(&seconds), "{seconds}");
    app.run("update sign_in_failures set failures = 25, blocked_until = now() - interval '1 second' where blocked_until is not null").await;
    login_from(&app, "10.0.0.1", EMAIL, "wrong").await.refused(401, "identifiants_invalides");
    let slowed = login_from(&app, "10.0.0.1", EMAIL, PASSWORD).await.refused(429, "trop_de_requetes");
    let seconds: i64 = slowed.header("retry-after").parse().expect("seconds");
    assert!((800..=900).contains(&seconds), "{seconds}");
}

#[tokio::test]
async fn an_unknown_account_is_slowed_down_like_a_known_one() {
    let (app, _) = shop().await;
    for _ in 0..5 {
        login(&app, "nobody@test.example", "wrong").await.refused(401, "identifiants_invalides");
    }
    login(&app, "nobody@test.example", "wrong").await.refused(429, "trop_de_requetes");
    login(&app, EMAIL, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn success_forgives_the_failures_before_it() {
    let (app, _) = shop().await;
    for _ in 0..3 {
        for _ in 0..4 {
            login(&app, EMAIL, "wrong").await.refused(401, "identifiants_invalides");
        }
        login(&app, EMAIL, PASSWORD).await.expect(200);
    }
}

#[tokio::test]
async fn guesses_sent_all_at_once_count_one_by_one() {
    let (app, _) = shop().await;
    let guess = || login(&app, EMAIL, "wrong");
    let answers = tokio::join!(guess(), guess(), guess(), guess(), guess(), guess(), guess(), guess());
    let statuses = [answers.0, answers.1, answers.2, answers.3, answers.4, answers.5, answers.6, answers.7]
        .map(|a| a.status.as_u16());
    assert_eq!(statuses.iter().filter(|s| **s == 401).count(), 5, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|s| **s == 429).count(), 3, "{statuses:?}");
}

#[tokio::test]
async fn what_is_refused_unheard_is_no_failure_of_the_address() {
    let (app, _) = shop().await;
    for _ in 0..5 {
        login_from(&app, "10.0.0.1", EMAIL, "wrong").await.refused(401, "identifiants_invalides");
    }
    for _ in 0..30 {
        login_from(&app, "10.0.0.1", EMAIL, "wrong").await.refused(429, "trop_de_requetes");
    }
    login_from(&app, "10.0.0.1", "nobody@test.example", "wrong").await.refused(401, "identifiants_invalides");
}

#[tokio::test]
async fn thirty_failures_close_an_address_and_no_other() {
    let (app, _) = shop().await;
    for n in 0..30 {
        login_from(&app, "10.0.0.1", &format!("guess{n}@test.example"), "wrong")
            .await
            .refused(401, "identifiants_invalides");
    }
    let closed = login_from(&app, "10.0.0.1", EMAIL, PASSWORD).await.refused(429, "trop_de_requetes");
    let seconds: i64 = closed.header("retry-after").parse().expect("seconds");
    assert!((1..=900).contains(&seconds), "{seconds}");
    // Nobody looks at what comes from there, so it is no failure of anybody: each is told how long the address waits.
    for _ in 0..6 {
        let closed = login_from(&app, "10.0.0.1", EMAIL, PASSWORD).await.refused(429, "trop_de_requetes");
        let now: i64 = closed.header("retry-after").parse().expect("seconds");
        assert!((seconds - 60..=seconds).contains(&now), "{now} after {seconds}");
    }
    app.run("update sign_in_failures set failures = 0, blocked_until = null where failures >= 30").await;
    for _ in 0..4 {
        login_from(&app, "10.0.0.1", EMAIL, "wrong").await.refused(401, "identifiants_invalides");
    }
    login_from(&app, "10.0.0.1", EMAIL, PASSWORD).await.expect(200);
    login_from(&app, "10.0.0.2", EMAIL, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn a_forwarded_address_is_believed_from_a_trusted_proxy_alone() {
    let fail = async |app: &App, forwarded: &str| {
        let body = json!({"email": EMAIL, "password": "wrong"});
        let call = app.call(Method::POST, "/api/v1/auth/login").from("10.0.0.9").header("x-forwarded-for", forwarded);
        call.json(&body).send().await.status.as_u16()
    };
    let (plain, _) = shop().await;
    let proxied = App::with(|options| options.trusted_proxies = vec!["10.0.0.9".parse().expect("an address")]).await;
    let (mut without, mut behind) = (Vec::new(), Vec::new());
    for n in 1..=6 {
        without.push(fail(&plain, &format!("192.0.2.{n}")).await);
        behind.push(fail(&proxied, &format!("192.0.2.{n}")).await);
    }
    assert_eq!(without, [401, 401, 401, 401, 401, 429], "who writes the header cannot slip away");
    assert_eq!(behind, [401; 6], "behind the proxy these are six machines");
}
