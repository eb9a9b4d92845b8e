//! POST /api/v1/auth/refresh

use http::Method;
use serde_json::json;

use super::auth::{names, pair, refresh, shop, text};

#[tokio::test]
async fn refreshing_rotates_the_token_sent_either_way() {
    let (app, _) = shop().await;
    let (_, first) = pair(&app).await;
    let answer = refresh(&app, &first).await.expect(200).json();
    assert_eq!(names(&answer), ["access_token", "expires_in", "refresh_token", "token_type", "user"]);
    let second = text(&answer, "refresh_token");
    assert_ne!(first, second);
    app.get(&text(&answer, "access_token"), "/auth/me").await.expect(200);
    let body = json!({"refresh_token": second});
    let third = app.call(Method::POST, "/api/v1/auth/refresh").json(&body).send().await.expect(200).json();
    assert_ne!(text(&third, "refresh_token"), second);
}

#[tokio::test]
async fn what_is_no_refresh_token_is_refused_and_harms_nobody() {
    let (app, _) = shop().await;
    let (access, token) = pair(&app).await;
    let forged = format!("{}x", token);
    let later = token.replacen(".0.", ".1.", 1);
    for bad in ["x", "1.0.x", "999.0.abc", access.as_str(), forged.as_str(), later.as_str()] {
        refresh(&app, bad).await.refused(401, "non_authentifie");
    }
    app.call(Method::POST, "/api/v1/auth/refresh").send().await.refused(401, "non_authentifie");
    app.get(&token, "/auth/me").await.refused(401, "non_authentifie");
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
    assert!(successors.iter().all(|token| *token == successors[0]), "{successors:?}");
    refresh(&app, &successors[0]).await.expect(200);
}

#[tokio::test]
async fn a_spent_token_whose_successor_was_used_ends_the_family() {
    let (app, _) = shop().await;
    let (access, first) = pair(&app).await;
    let other = pair(&app).await.0;
    let second = text(&refresh(&app, &first).await.expect(200).json(), "refresh_token");
    let third = text(&refresh(&app, &second).await.expect(200).json(), "refresh_token");
    refresh(&app, &first).await.refused(401, "non_authentifie");
    app.get(&access, "/auth/me").await.refused(401, "non_authentifie");
    refresh(&app, &third).await.refused(401, "non_authentifie");
    app.get(&other, "/auth/me").await.expect(200);
}

#[tokio::test]
async fn a_spent_token_that_comes_back_late_ends_the_family() {
    let (app, _) = shop().await;
    let (access, first) = pair(&app).await;
    let second = text(&refresh(&app, &first).await.expect(200).json(), "refresh_token");
    app.run("update sessions set rotated_at = now() - interval '11 seconds'").await;
    refresh(&app, &first).await.refused(401, "non_authentifie");
    refresh(&app, &second).await.refused(401, "non_authentifie");
    app.get(&access, "/auth/me").await.refused(401, "non_authentifie");
}

#[tokio::test]
async fn a_family_slides_by_thirty_days_within_ninety() {
    let (app, _) = shop().await;
    let (_, first) = pair(&app).await;
    app.run("update sessions set expires_at = now() + interval '1 day', ends_at = now() + interval '40 days'").await;
    let second = text(&refresh(&app, &first).await.expect(200).json(), "refresh_token");
    let days = "select round(extract(epoch from expires_at - now()) / 86400)::bigint from sessions";
    let left: i64 = sqlx::query_scalar(days).fetch_one(&app.db).await.expect("days");
    assert_eq!(left, 30);
    app.run("update sessions set ends_at = now() + interval '5 days'").await;
    let third = text(&refresh(&app, &second).await.expect(200).json(), "refresh_token");
    let left: i64 = sqlx::query_scalar(days).fetch_one(&app.db).await.expect("days");
    assert_eq!(left, 5);
    app.run("update sessions set expires_at = now() - interval '1 second'").await;
    refresh(&app, &third).await.refused(401, "non_authentifie");
}
