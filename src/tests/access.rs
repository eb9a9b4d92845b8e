//! Who may call what: every route, every role, and those who are nobody (any more).

use chrono::{TimeDelta, Utc};
use http::Method;

use super::{Answer, App};
use crate::auth::permission::Role::{self, Admin, Controleur, Livreur, SimpleUtilisateur};
use crate::auth::tokens;
use crate::shared::SessionId;

const EVERYBODY: &[Role] = &Role::ALL;
const WRITERS: &[Role] = &[Admin, Controleur];
const ADMIN: &[Role] = &[Admin];
const NOT_LIVREUR: &[Role] = &[Admin, Controleur, SimpleUtilisateur];

/// A route, who may call it, and what an empty call then gets: nothing is there, nothing was sent.
struct Row(&'static str, &'static str, &'static [Role], u16);

const TABLE: &[Row] = &[
    Row("GET", "/api/v1/auth/me", EVERYBODY, 200),
    Row("PUT", "/api/v1/auth/me", EVERYBODY, 200),
    Row("POST", "/api/v1/auth/logout", EVERYBODY, 204),
    Row("POST", "/api/v1/auth/change-password", EVERYBODY, 422),
    Row("GET", "/api/v1/auth/sessions", EVERYBODY, 200),
    Row("DELETE", "/api/v1/auth/sessions/{id}", EVERYBODY, 404),
    Row("GET", "/api/v1/users", ADMIN, 200),
    Row("POST", "/api/v1/users", ADMIN, 422),
    Row("GET", "/api/v1/users/{id}", ADMIN, 404),
    Row("PUT", "/api/v1/users/{id}", ADMIN, 404),
    Row("DELETE", "/api/v1/users/{id}", ADMIN, 404),
    Row("POST", "/api/v1/users/{id}/restore", ADMIN, 404),
    Row("GET", "/api/v1/users/{id}/history", ADMIN, 404),
    Row("PATCH", "/api/v1/users/{id}/toggle-status", ADMIN, 404),
    Row("GET", "/api/v1/users/livreurs", EVERYBODY, 200),
    Row("GET", "/api/v1/users/roles", ADMIN, 200),
    Row("GET", "/api/v1/categories", EVERYBODY, 200),
    Row("POST", "/api/v1/categories", ADMIN, 422),
    Row("GET", "/api/v1/categories/{id}", EVERYBODY, 404),
    Row("PUT", "/api/v1/categories/{id}", ADMIN, 404),
    Row("DELETE", "/api/v1/categories/{id}", ADMIN, 404),
    Row("POST", "/api/v1/categories/{id}/restore", ADMIN, 404),
    Row("GET", "/api/v1/categories/{id}/history", NOT_LIVREUR, 404),
    Row("GET", "/api/v1/categories/all", EVERYBODY, 200),
    Row("GET", "/api/v1/categories/{id}/products", EVERYBODY, 404),
    Row("POST", "/api/v1/categories/reorder", ADMIN, 422),
    Row("GET", "/api/v1/products", EVERYBODY, 200),
    Row("POST", "/api/v1/products", WRITERS, 422),
    Row("GET", "/api/v1/products/{id}", EVERYBODY, 404),
    Row("PUT", "/api/v1/products/{id}", WRITERS, 404),
    Row("DELETE", "/api/v1/products/{id}", ADMIN, 404),
    Row("POST", "/api/v1/products/{id}/restore", ADMIN, 404),
    Row("GET", "/api/v1/products/{id}/history", NOT_LIVREUR, 404),
    Row("PATCH", "/api/v1/products/{id}/toggle-status", WRITERS, 404),
    Row("POST", "/api/v1/products/import", WRITERS, 415),
    Row("GET", "/api/v1/imports", WRITERS, 200),
    Row("GET", "/api/v1/imports/{id}", WRITERS, 404),
    Row("GET", "/api/v1/imports/{id}/lines", WRITERS, 404),
    Row("POST", "/api/v1/imports/{id}/undo", WRITERS, 404),
    Row("GET", "/api/v1/stocks", NOT_LIVREUR, 200),
    Row("GET", "/api/v1/stocks/alerts", NOT_LIVREUR, 200),
    Row("GET", "/api/v1/stocks/movements", NOT_LIVREUR, 200),
    Row("POST", "/api/v1/stocks/movements", WRITERS, 422),
    Row("POST", "/api/v1/stocks/entry", WRITERS, 422),
    Row("POST", "/api/v1/stocks/exit", WRITERS, 422),
    Row("GET", "/api/v1/stocks/{product_id}", NOT_LIVREUR, 404),
    Row("PUT", "/api/v1/stocks/{product_id}", WRITERS, 404),
    Row("GET", "/api/v1/stocks/{product_id}/movements", NOT_LIVREUR, 404),
    Row("GET", "/api/v1/stocks/{product_id}/history", NOT_LIVREUR, 404),
    Row("GET", "/api/v1/clients", NOT_LIVREUR, 200),
    Row("POST", "/api/v1/clients", WRITERS, 422),
    Row("GET", "/api/v1/clients/{id}", NOT_LIVREUR, 404),
    Row("PUT", "/api/v1/clients/{id}", WRITERS, 404),
    Row("DELETE", "/api/v1/clients/{id}", WRITERS, 404),
    Row("POST", "/api/v1/clients/{id}/restore", ADMIN, 404),
    Row("GET", "/api/v1/clients/{id}/history", NOT_LIVREUR, 404),
    Row("GET", "/api/v1/clients/{id}/orders", NOT_LIVREUR, 404),
    Row("GET", "/api/v1/orders", EVERYBODY, 200),
    Row("POST", "/api/v1/orders", WRITERS, 422),
    Row("GET", "/api/v1/orders/{id}", EVERYBODY, 404),
    Row("PUT", "/api/v1/orders/{id}", WRITERS, 404),
    Row("DELETE", "/api/v1/orders/{id}", ADMIN, 404),
    Row("POST", "/api/v1/orders/{id}/restore", ADMIN, 404),
    Row("GET", "/api/v1/orders/{id}/history", NOT_LIVREUR, 404),
    Row("GET", "/api/v1/orders/statuses", EVERYBODY, 200),
    Row("GET", "/api/v1/orders/by-numero/{numero}", EVERYBODY, 404),
    Row("POST", "/api/v1/orders/{id}/items", WRITERS, 422),
    Row("DELETE", "/api/v1/orders/{id}/items/{item_id}", WRITERS, 404),
    Row("POST", "/api/v1/orders/{id}/confirm", WRITERS, 404),
    Row("POST", "/api/v1/orders/{id}/cancel", WRITERS, 404),
    Row("POST", "/api/v1/orders/{id}/assign-livreur", WRITERS, 422),
    Row("PATCH", "/api/v1/orders/{id}/status", &[Admin, Controleur, Livreur], 422),
    Row("GET", "/api/v1/orders/{id}/tentatives", EVERYBODY, 404),
    Row("GET", "/api/v1/orders/{id}/corrections", NOT_LIVREUR, 404),
    Row("POST", "/api/v1/orders/{id}/corrections", WRITERS, 422),
    Row("GET", "/api/v1/orders/{id}/preuves", EVERYBODY, 404),
    Row("POST", "/api/v1/orders/{id}/preuves", &[Admin, Controleur, Livreur], 415),
    Row("GET", "/api/v1/orders/{id}/preuves/{preuve_id}", EVERYBODY, 404),
    Row("GET", "/api/v1/livraisons", EVERYBODY, 200),
    Row("POST", "/api/v1/livraisons/actions", &[Admin, Controleur, Livreur], 422),
    Row("GET", "/api/v1/dashboard/livraisons-du-jour", NOT_LIVREUR, 200),
    Row("GET", "/api/v1/dashboard/summary", NOT_LIVREUR, 200),
    Row("GET", "/api/v1/dashboard/chiffre-affaires", NOT_LIVREUR, 200),
    Row("GET", "/api/v1/dashboard/ventes-par-jour", NOT_LIVREUR, 200),
    Row("GET", "/api/v1/dashboard/commandes", NOT_LIVREUR, 200),
    Row("GET", "/api/v1/dashboard/commandes-details", NOT_LIVREUR, 200),
    Row("GET", "/api/v1/dashboard/ventes-par-article", NOT_LIVREUR, 200),
    Row("GET", "/api/v1/dashboard/ventes-par-categorie", NOT_LIVREUR, 200),
    Row("GET", "/api/v1/dashboard/etat-stocks", NOT_LIVREUR, 200),
    Row("GET", "/api/v1/dashboard/panier-moyen", NOT_LIVREUR, 200),
    Row("GET", "/api/v1/audit", ADMIN, 200),
];

/// What anybody may call, and what an empty call gets.
const PUBLIC: &[Row] = &[
    Row("POST", "/api/v1/auth/login", EVERYBODY, 422),
    Row("POST", "/api/v1/auth/refresh", EVERYBODY, 401),
    Row("GET", "/api/v1/openapi.json", EVERYBODY, 200),
];

impl Row {
    /// The path of something that is not there.
    fn path(&self) -> String {
        ["{id}", "{product_id}", "{item_id}", "{numero}", "{preuve_id}"]
            .iter()
            .fold(self.1.to_owned(), |path, p| path.replace(p, "999999"))
    }

    /// Calls the route with something, or nothing, as a body.
    async fn call(&self, app: &App, token: Option<&str>, body: Option<&str>) -> Answer {
        let method = Method::from_bytes(self.0.as_bytes()).expect("a method");
        let mut call = app.call(method, &self.path());
        if let Some(token) = token {
            call = call.bearer(token);
        }
        if let Some(body) = body {
            call = call.body("text/plain", body);
        }
        call.send().await
    }
}

#[tokio::test]
async fn every_role_may_what_the_contract_says_and_no_more() {
    let app = App::new().await;
    for row in TABLE {
        for role in Role::ALL {
            let token = app.token(role).await;
            let what = format!("{} {} as {}", row.0, row.1, role.as_str());
            let answer = if row.2.contains(&role) {
                row.call(&app, Some(&token), None).await
            } else {
                // Refused before anything that was sent is looked at.
                row.call(&app, Some(&token), Some("{")).await.refused(403, "acces_refuse")
            };
            let expected = if row.2.contains(&role) { row.3 } else { 403 };
            assert_eq!(answer.status.as_u16(), expected, "{what}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn who_is_nobody_or_no_longer_somebody_may_nothing() {
    let app = App::new().await;
    let (inactive, off) = app.user(Admin).await;
    app.run(format!("update users set is_active = false where id = {inactive}")).await;
    let (deleted, gone) = app.user(Admin).await;
    app.run(format!("update users set is_deleted = true, deleted_at = now(), deleted_by = 1 where id = {deleted}"))
        .await;
    let (signed_out, left) = app.user(Admin).await;
    app.run(format!("update sessions set revoked_at = now() where user_id = {signed_out}")).await;
    let (user, _) = app.user(Admin).await;
    let session: i64 = sqlx::query_scalar("select id from sessions where user_id = $1")
        .bind(user)
        .fetch_one(&app.db)
        .await
        .expect("a session");
    let then = Utc::now() - TimeDelta::seconds(901);
    let expired = tokens::sign_access(&app.state.keys, user, SessionId(session), then).expect("a token");
    let callers = [
        ("nobody", None),
        ("deactivated", Some(off)),
        ("deleted", Some(gone)),
        ("signed out", Some(left)),
        ("expired", Some(expired)),
    ];
    for row in TABLE {
        for (who, token) in &callers {
            let answer = row.call(&app, token.as_deref(), Some("{")).await;
            assert_eq!(answer.status.as_u16(), 401, "{} {} by {who}", row.0, row.1);
            let answer = answer.refused(401, "non_authentifie");
            assert!(answer.header("www-authenticate").starts_with("Bearer"), "{} {} by {who}", row.0, row.1);
        }
    }
}

#[tokio::test]
async fn what_is_public_asks_nobody_who_they_are() {
    let app = App::new().await;
    for row in PUBLIC {
        row.call(&app, None, None).await.expect(row.3);
    }
}

/// A route that nobody put into the table is a route whose access nobody thought about.
#[test]
fn no_route_is_missing_from_the_table() {
    let document = serde_json::to_value(crate::server::openapi::document()).expect("the document");
    let mut routes = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for method in item.as_object().expect("an item").keys().filter(|name| *name != "parameters") {
            routes.push((method.to_uppercase(), path.clone()));
        }
    }
    let mut named: Vec<_> = TABLE.iter().chain(PUBLIC).map(|row| (row.0.to_owned(), row.1.to_owned())).collect();
    routes.sort();
    named.sort();
    assert_eq!(routes, named);
}

/// What the document says of roles is what the table says.
#[test]
fn the_document_names_the_roles() {
    let document = crate::server::openapi::document();
    for Row(method, path, roles, _) in TABLE {
        let documented = &document["paths"][path][method.to_lowercase()]["x-roles"];
        let documented: Vec<_> =
            documented.as_array().expect("roles").iter().filter_map(|role| role.as_str()).collect();
        let expected: Vec<_> = roles.iter().map(|role| role.as_str()).collect();
        assert_eq!(documented, expected, "{method} {path}");
    }
}
