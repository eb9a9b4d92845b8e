//! What the browser's door shows and does for those who are signed in.

use http::Method;
use serde_json::json;

use super::browser::{from_page, page, post_form, signed_in};
use super::{Answer, App};
use crate::auth::permission::Role;

/// The nonce in the policy of a page.
fn nonce(answer: &Answer) -> String {
    let policy = answer.header("content-security-policy");
    let scripts = policy
        .split(';')
        .find(|part| part.trim().starts_with("script-src"))
        .unwrap_or_else(|| panic!("no script-src: {policy}"));
    assert!(
        !scripts.contains("unsafe-inline") && !scripts.contains("'unsafe-eval'") && !scripts.contains('*'),
        "{scripts}"
    );
    let (_, rest) = scripts.split_once("'nonce-").unwrap_or_else(|| panic!("no nonce: {scripts}"));
    rest.split('\'').next().expect("a nonce").to_owned()
}

#[tokio::test]
async fn every_script_of_a_page_carries_the_nonce_of_its_policy() {
    let app = App::new().await;
    let (_, cookie) = signed_in(&app, Role::Admin).await;
    let mut nonces = Vec::new();
    for (path, cookie, status) in [
        ("/connexion", "", 200),
        ("/", &*cookie, 200),
        ("/commandes", &*cookie, 200),
        ("/commandes/nouvelle", &*cookie, 200),
        ("/commandes/999999", &*cookie, 404),
        ("/nothing", &*cookie, 404),
    ] {
        let answer = page(&app, path, cookie).await.expect(status);
        let nonce = nonce(&answer);
        assert!(nonce.len() >= 16, "{nonce}");
        let scripts: Vec<_> = answer
            .text
            .match_indices("<script")
            .map(|(at, _)| &answer.text[at..at + answer.text[at..].find('>').expect("an end")])
            .collect();
        assert!(!scripts.is_empty());
        for script in scripts {
            assert!(script.contains(&format!("nonce=\"{nonce}\"")), "{path}: {script}");
        }
        for handler in [" onclick=", " onload=", " onerror=", " onsubmit=", "javascript:"] {
            assert!(!answer.text.contains(handler), "{path}: {handler}");
        }
        nonces.push(nonce);
    }
    let count = nonces.len();
    nonces.sort();
    nonces.dedup();
    assert_eq!(nonces.len(), count, "a nonce is used once");
}

#[tokio::test]
async fn a_page_that_a_role_may_not_see_is_403() {
    let app = App::new().await;
    for (role, path, status) in [
        (Role::Admin, "/", 200),
        (Role::SimpleUtilisateur, "/", 200),
        (Role::Livreur, "/", 403),
        (Role::SimpleUtilisateur, "/commandes", 200),
        (Role::Livreur, "/commandes", 403),
        (Role::Controleur, "/commandes/nouvelle", 200),
        (Role::SimpleUtilisateur, "/commandes/nouvelle", 403),
        (Role::Livreur, "/commandes/nouvelle", 403),
        (Role::SimpleUtilisateur, "/commandes/999999", 404),
        (Role::Livreur, "/commandes/999999", 403),
        (Role::Admin, "/commandes/abc", 404),
    ] {
        let (_, cookie) = signed_in(&app, role).await;
        let answer = page(&app, path, &cookie).await;
        assert_eq!(answer.status.as_u16(), status, "{path} as {}", role.as_str());
        assert!(answer.header("content-type").starts_with("text/html"));
    }
}

async fn server_function(app: &App, name: &str, cookie: &str, arguments: &serde_json::Value) -> Answer {
    let call = from_page(app, Method::POST, &format!("/_fn/{name}"))
        .header("cookie", cookie)
        .header("accept", "application/json");
    call.json(arguments).send().await
}

#[tokio::test]
async fn a_server_function_refuses_as_the_rest_door_does() {
    let app = App::new().await;
    let nobody = server_function(&app, "list_orders", "", &json!({"query": []})).await.expect(401);
    assert_eq!(nobody.json()["code"], "non_authentifie", "{}", nobody.text);
    let (_, livreur) = signed_in(&app, Role::Livreur).await;
    let forbidden = server_function(&app, "dashboard_figures", &livreur, &json!({"query": []})).await.expect(403);
    assert_eq!(forbidden.json()["code"], "acces_refuse");
    let (_, admin) = signed_in(&app, Role::Admin).await;
    let list = server_function(&app, "list_orders", &admin, &json!({"query": []})).await.expect(200);
    assert_eq!(list.json()["total"], 0);
    let unknown =
        server_function(&app, "list_orders", &admin, &json!({"query": [["couleur", "bleu"]]})).await.expect(422);
    assert_eq!(unknown.json()["errors"][0]["champ"], "couleur");
    let missing = server_function(&app, "read_order", &admin, &json!({"id": 999_999})).await.expect(404);
    assert_eq!(missing.json()["code"], "introuvable");
    let garbage = server_function(&app, "read_order", &admin, &json!({"id": "x"})).await;
    assert!(garbage.status.is_client_error(), "{} {}", garbage.status, garbage.text);
    assert!(server_function(&app, "nothing", &admin, &json!({})).await.status.is_client_error());
}

#[tokio::test]
async fn the_end_of_a_session_counts_from_the_very_next_request() {
    let app = App::new().await;
    let (id, cookie) = signed_in(&app, Role::Admin).await;
    page(&app, "/commandes", &cookie).await.expect(200);
    app.run(format!("update users set role = 'livreur' where id = {id}")).await;
    page(&app, "/", &cookie).await.expect(403);
    app.run(format!("update users set is_active = false where id = {id}")).await;
    page(&app, "/commandes", &cookie).await.expect(303);
    server_function(&app, "list_orders", &cookie, &json!({"query": []})).await.expect(401);
    app.run(format!("update users set is_active = true where id = {id}")).await;
    app.run("update sessions set expires_at = now() + interval '1 hour', last_seen_at = now() - interval '2 hours'")
        .await;
    page(&app, "/produits", &cookie).await.expect(200);
    let slid = "select count(*) from sessions where expires_at > now() + interval '29 days'";
    let slid: i64 = sqlx::query_scalar(slid).fetch_one(&app.db).await.expect("sessions");
    assert!(slid >= 1, "who comes back stays signed in");
    app.run("update sessions set expires_at = now() - interval '1 second'").await;
    page(&app, "/commandes", &cookie).await.expect(303);
}

#[tokio::test]
async fn an_order_is_made_and_moved_by_plain_forms() {
    let app = App::new().await;
    let token = app.token(Role::Admin).await;
    let product = app.product(&token, "Huile d'olive", 1590, 10).await;
    let (_, cookie) = signed_in(&app, Role::Controleur).await;
    let fields = [
        ("client_nom", "Jean Dupont"),
        ("ligne_produit", "Huile d'olive"),
        ("ligne_quantite", "3"),
        ("cle", "form-1"),
        ("action", "confirmer"),
    ];
    let made = post_form(&app, "/commandes/nouvelle", &cookie, &fields).await.expect(303);
    let place = made.header("location").to_owned();
    let again = post_form(&app, "/commandes/nouvelle", &cookie, &fields).await.expect(303);
    assert_eq!(again.header("location"), place, "sent twice, made once");
    assert_eq!(app.stock(product).await, (10, 3));
    let shown = page(&app, &place, &cookie).await.expect(200);
    assert!(
        shown.text.contains("Jean Dupont") && shown.text.contains("Huile d") && shown.text.contains("47,70"),
        "{}",
        shown.text
    );

    let stale =
        post_form(&app, &place, &cookie, &[("action", "statut"), ("statut", "en_preparation"), ("version", "999")])
            .await;
    stale.expect(412);
    let moved =
        post_form(&app, &place, &cookie, &[("action", "statut"), ("statut", "en_preparation")]).await.expect(303);
    assert_eq!(moved.header("location"), place);
    post_form(&app, &place, &cookie, &[("action", "statut"), ("statut", "livree")]).await.expect(409);

    let nameless =
        [("client_nom", ""), ("ligne_produit", "Huile d'olive"), ("ligne_quantite", "2"), ("action", "enregistrer")];
    let refused = post_form(&app, "/commandes/nouvelle", &cookie, &nameless).await.expect(422);
    assert!(refused.text.contains("Huile d"), "what was typed is still there");
    let (_, reader) = signed_in(&app, Role::SimpleUtilisateur).await;
    post_form(&app, "/commandes/nouvelle", &reader, &fields).await.expect(403);
    post_form(&app, &place, &reader, &[("action", "statut"), ("statut", "annulee")]).await.expect(403);
    post_form(&app, &place, "", &[("action", "statut"), ("statut", "annulee")]).await.expect(401);
    assert_eq!(app.stock(product).await, (10, 3));
}
