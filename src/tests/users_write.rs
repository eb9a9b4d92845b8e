//! /api/v1/users: creating, changing, closing accounts.

use serde_json::{Value, json};

use super::App;
use crate::auth::permission::Role;

async fn shop() -> (App, i64, String) {
    let app = App::new().await;
    let (id, admin) = app.user(Role::Admin).await;
    (app, id.0, admin)
}

fn new_user(email: &str, role: &str) -> Value {
    json!({"email": email, "password": "une phrase sûre", "nom": "Test", "prenom": "Zoé", "role": role})
}

async fn login(app: &App, email: &str, password: &str) -> super::Answer {
    app.post("", "/auth/login", &json!({"email": email, "password": password})).await
}

#[tokio::test]
async fn a_user_is_made_signs_in_and_is_changed() {
    let (app, _, admin) = shop().await;
    let made = app.post(&admin, "/users", &new_user("zoe@test.example", "controleur")).await.expect(201);
    assert!(!made.text.contains("argon2") && !made.text.contains("password"), "no hash ever: {}", made.text);
    let user = made.json();
    assert_eq!(
        (&user["role"], &user["is_active"], &user["last_login_at"]),
        (&json!("controleur"), &json!(true), &json!(null))
    );
    let token = login(&app, "ZOE@test.example", "une phrase sûre").await.expect(200).json()["access_token"].clone();
    let path = format!("/users/{}", user["id"]);
    let changed =
        app.put(&admin, &path, &json!({"role": "simple_utilisateur", "prenom": null})).await.expect(200).json();
    assert_eq!((&changed["role"], &changed["prenom"]), (&json!("simple_utilisateur"), &json!(null)));
    let token = token.as_str().expect("a token");
    app.post(token, "/products", &json!({})).await.refused(403, "acces_refuse");
    app.put(&admin, &path, &json!({"password": "une autre phrase"})).await.expect(200);
    app.get(token, "/auth/me").await.refused(401, "non_authentifie");
    login(&app, "zoe@test.example", "une phrase sûre").await.refused(401, "identifiants_invalides");
    let token = login(&app, "zoe@test.example", "une autre phrase").await.expect(200).json()["access_token"].clone();
    let token = token.as_str().expect("a token");
    for signed_in in [401, 401] {
        // Let in again, they sign in again: an old token stays out.
        app.patch(&admin, &format!("{path}/toggle-status"), &json!({})).await.expect(200);
        app.get(token, "/auth/me").await.expect(signed_in);
    }
    login(&app, "zoe@test.example", "une autre phrase").await.expect(200);
    let whole = app.get(&admin, &path).await.expect(200).json();
    app.put(&admin, &path, &whole).await.expect(200);
    app.assert_sound().await;
}

#[tokio::test]
async fn what_is_wrong_is_named_at_its_field() {
    let (app, _, admin) = shop().await;
    let refused = app.post(&admin, "/users", &json!({})).await.refused(422, "champs_invalides");
    assert_eq!(refused.fields(), ["email", "nom", "role", "password"]);
    for (password, code) in
        [("court", "trop_court"), ("password123", "trop_courant"), ("zoe@test.example", "trop_proche_email")]
    {
        let mut body = new_user("zoe@test.example", "admin");
        body["password"] = json!(password);
        let refused = app.post(&admin, "/users", &body).await.refused(422, "champs_invalides");
        assert_eq!(
            (refused.fields(), &refused.json()["errors"][0]["code"]),
            (vec!["password".to_owned()], &json!(code))
        );
    }
    app.post(&admin, "/users", &new_user("zoe@test.example", "chef")).await.refused(422, "champs_invalides");
    let user = app.post(&admin, "/users", &new_user("zoe@test.example", "admin")).await.expect(201).json();
    let close = json!({"password": "zoe@test.example"});
    app.put(&admin, &format!("/users/{}", user["id"]), &close).await.refused(422, "champs_invalides");
    app.post(&admin, "/users", &new_user("Zoe@Test.example", "admin")).await.refused(409, "email_deja_utilise");
}

#[tokio::test]
async fn the_last_admin_and_ones_own_account_stay() {
    let (app, me, admin) = shop().await;
    let own = format!("/users/{me}");
    app.delete(&admin, &own).await.refused(409, "dernier_admin");
    app.patch(&admin, &format!("{own}/toggle-status"), &json!({})).await.refused(409, "dernier_admin");
    app.put(&admin, &own, &json!({"role": "livreur"})).await.refused(409, "dernier_admin");
    let other = app.post(&admin, "/users", &new_user("zoe@test.example", "admin")).await.expect(201).json();
    app.delete(&admin, &own).await.refused(409, "propre_compte");
    app.patch(&admin, &format!("{own}/toggle-status"), &json!({})).await.refused(409, "propre_compte");
    let path = format!("/users/{}", other["id"]);
    let off = app.patch(&admin, &format!("{path}/toggle-status"), &json!({})).await.expect(200).json();
    assert_eq!(off["is_active"], false);
    app.put(&admin, &own, &json!({"role": "livreur"})).await.refused(409, "dernier_admin");
    app.patch(&admin, &format!("{path}/toggle-status"), &json!({})).await.expect(200);
    app.put(&admin, &own, &json!({"role": "livreur"})).await.expect(200);
    app.get(&admin, "/users").await.refused(403, "acces_refuse");
    app.assert_sound().await;
}

#[tokio::test]
async fn a_livreur_with_deliveries_stays_until_they_are_given_away() {
    let (app, _, admin) = shop().await;
    let (courier, _) = app.user(Role::Livreur).await;
    let product = app.product(&admin, "Miel", 800, 9).await;
    let order = app.order(&admin, &[(product, 1)]).await;
    let at = |rest: &str| format!("/orders/{}{rest}", order["id"]);
    app.post(&admin, &at("/confirm"), &json!({})).await.expect(200);
    app.post(&admin, &at("/assign-livreur"), &json!({"livreur_id": courier})).await.expect(200);
    let path = format!("/users/{courier}");
    assert_eq!(app.delete(&admin, &path).await.refused(409, "livreur_occupe").json()["nombre_commandes"], 1);
    app.patch(&admin, &format!("{path}/toggle-status"), &json!({})).await.refused(409, "livreur_occupe");
    app.put(&admin, &path, &json!({"role": "admin"})).await.refused(409, "livreur_occupe");
    app.put(&admin, &path, &json!({"telephone": "0612345678"})).await.expect(200);
    app.post(&admin, &at("/assign-livreur"), &json!({"livreur_id": null})).await.expect(200);
    app.delete(&admin, &path).await.expect(204);
    app.post(&admin, &at("/assign-livreur"), &json!({"livreur_id": courier})).await.refused(422, "champs_invalides");
}

#[tokio::test]
async fn a_deleted_account_ends_at_once_and_comes_back_unless_its_address_was_taken() {
    let (app, _, admin) = shop().await;
    let user = app.post(&admin, "/users", &new_user("zoe@test.example", "controleur")).await.expect(201).json();
    let token = login(&app, "zoe@test.example", "une phrase sûre").await.expect(200).json()["access_token"].clone();
    let path = format!("/users/{}", user["id"]);
    app.delete(&admin, &path).await.expect(204);
    app.get(token.as_str().expect("a token"), "/products").await.refused(401, "non_authentifie");
    login(&app, "zoe@test.example", "une phrase sûre").await.refused(401, "identifiants_invalides");
    let other = app.post(&admin, "/users", &new_user("zoe@test.example", "livreur")).await.expect(201).json();
    app.post(&admin, &format!("{path}/restore"), &json!({})).await.refused(409, "email_deja_utilise");
    app.delete(&admin, &format!("/users/{}", other["id"])).await.expect(204);
    app.post(&admin, &format!("{path}/restore"), &json!({})).await.expect(200);
    login(&app, "zoe@test.example", "une phrase sûre").await.expect(200);
    app.get(token.as_str().expect("a token"), "/products").await.refused(401, "non_authentifie");
}

#[tokio::test]
async fn users_are_listed_without_the_system_and_roles_are_explained() {
    let (app, _, admin) = shop().await;
    app.post(&admin, "/users", &new_user("zoe@test.example", "livreur")).await.expect(201);
    let all = app.get(&admin, "/users?sort=email").await.expect(200).json();
    assert_eq!(all["total"], 2);
    assert!(!all.to_string().contains("systeme@localhost"));
    assert_eq!(app.get(&admin, "/users?role=livreur&is_active=true&search=ZOE").await.expect(200).json()["total"], 1);
    assert_eq!(app.get(&admin, "/users?is_active=false").await.expect(200).json()["total"], 0);
    app.get(&admin, "/users/1").await.refused(404, "introuvable");
    app.delete(&admin, "/users/1").await.refused(404, "introuvable");
    let roles = app.get(&admin, "/users/roles").await.expect(200).json();
    let codes: Vec<_> =
        roles["items"].as_array().expect("roles").iter().map(|r| r["code"].as_str().expect("a code")).collect();
    assert_eq!(codes, ["admin", "controleur", "livreur", "simple_utilisateur"]);
    assert!(roles["items"][2]["permissions"].as_array().expect("permissions").contains(&json!("avancer_commandes")));
    assert!(roles["items"][2]["description"].is_string());
}
