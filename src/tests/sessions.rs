//! /api/v1/auth: one's own account, password and sessions.

use serde_json::{Value, json};

use super::App;
use crate::auth::permission::Role;

const EMAIL: &str = "zoe@test.example";
const PASSWORD: &str = "une phrase sûre";

async fn account() -> (App, String) {
    let app = App::new().await;
    app.insert_user(Role::Livreur, EMAIL, Some(PASSWORD)).await;
    let token = login(&app, PASSWORD).await;
    (app, token)
}

async fn login(app: &App, password: &str) -> String {
    let body = json!({"email": EMAIL, "password": password});
    let answer = app.post("", "/auth/login", &body).await.expect(200).json();
    answer["access_token"].as_str().expect("a token").to_owned()
}

async fn sessions(app: &App, token: &str) -> Vec<Value> {
    app.get(token, "/auth/sessions").await.expect(200).json()["items"].as_array().cloned().expect("sessions")
}

#[tokio::test]
async fn everybody_changes_their_own_name_and_no_more() {
    let (app, token) = account().await;
    let me = app.put(&token, "/auth/me", &json!({"nom": "Roux", "telephone": "0612345678"})).await.expect(200);
    assert_eq!((&me.json()["nom"], &me.json()["prenom"], me.header("etag")), (&json!("Roux"), &json!("Anne"), "\"2\""));
    let mut whole = me.json();
    whole["role"] = json!("admin");
    let same = app.put(&token, "/auth/me", &whole).await.expect(200).json();
    assert_eq!(same["role"], "livreur", "read-only fields of the answer are ignored");
    let refused =
        app.put(&token, "/auth/me", &json!({"nom": "", "password": "x"})).await.refused(422, "champs_invalides");
    assert_eq!(refused.fields(), ["nom", "password"]);
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    let (app, token) = account().await;
    let elsewhere = login(&app, PASSWORD).await;
    let change = async |current: &str, new: &str| {
        let body = json!({"current_password": current, "new_password": new});
        app.post(&token, "/auth/change-password", &body).await
    };
    assert_eq!(
        change("faux", "une autre phrase").await.refused(422, "champs_invalides").fields(),
        ["current_password"]
    );
    for bad in ["court", "12345678", EMAIL] {
        assert_eq!(change(PASSWORD, bad).await.refused(422, "champs_invalides").fields(), ["new_password"], "{bad}");
    }
    let both = change("faux", "court").await.refused(422, "champs_invalides");
    assert_eq!(both.fields(), ["current_password", "new_password"], "all at once");
    app.get(&elsewhere, "/auth/me").await.expect(200);
    change(PASSWORD, "une autre phrase").await.expect(204);
    app.get(&token, "/auth/me").await.expect(200);
    app.get(&elsewhere, "/auth/me").await.refused(401, "non_authentifie");
    let old = json!({"email": EMAIL, "password": PASSWORD});
    app.post("", "/auth/login", &old).await.refused(401, "identifiants_invalides");
    login(&app, "une autre phrase").await;
    // Both know the present one when they begin; the second no longer when it ends.
    let (a, b) = tokio::join!(change("une autre phrase", "la troisième"), change("une autre phrase", "la quatrième"));
    let (done, late) = if a.status == 204 { (a, b) } else { (b, a) };
    done.expect(204);
    assert_eq!(late.refused(422, "champs_invalides").fields(), ["current_password"]);
    app.assert_sound().await;
}

#[tokio::test]
async fn ones_own_sessions_are_listed_and_ended_and_nobody_elses() {
    let (app, token) = account().await;
    let elsewhere = login(&app, PASSWORD).await;
    let (_, stranger) = app.user(Role::Admin).await;
    let list = sessions(&app, &token).await;
    assert_eq!(list.len(), 2);
    let current: Vec<_> = list.iter().filter(|s| s["courante"] == true).collect();
    assert_eq!((current.len(), &current[0]["kind"], &current[0]["address"]), (1, &json!("api"), &json!("127.0.0.1")));
    let other = list.iter().find(|s| s["courante"] == false).expect("the other")["id"].clone();
    app.delete(&stranger, &format!("/auth/sessions/{other}")).await.refused(404, "introuvable");
    app.delete(&token, &format!("/auth/sessions/{other}")).await.expect(204);
    app.get(&elsewhere, "/auth/me").await.refused(401, "non_authentifie");
    app.delete(&token, &format!("/auth/sessions/{other}")).await.refused(404, "introuvable");
    assert_eq!(sessions(&app, &token).await.len(), 1);
    app.delete(&token, &format!("/auth/sessions/{}", current[0]["id"])).await.expect(204);
    app.get(&token, "/auth/me").await.refused(401, "non_authentifie");
}
