//! What all routes of /api/v1 share: refusals, order of checks, versions, idempotency, headers.

use http::Method;
use serde_json::{Value, json};

use super::App;
use crate::auth::permission::Role;

pub(super) async fn shop() -> (App, String) {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    (app, admin)
}

pub(super) fn new_order(product: i64) -> Value {
    json!({"client_nom": "Jean Dupont", "items": [{"product_id": product, "quantity": 1}]})
}

#[tokio::test]
async fn a_body_is_refused_for_its_size_its_type_its_syntax_then_its_fields() {
    let (app, admin) = shop().await;
    let send = async |content_type: &str, body: &str| {
        app.call(Method::POST, "/api/v1/products").bearer(&admin).body(content_type, body).send().await
    };
    let json = "application/json";
    let large = format!("{{\"nom\": \"{}\"}}", "x".repeat(1024 * 1024));
    send(json, &large).await.refused(413, "trop_volumineux");
    send("text/plain", &large).await.refused(413, "trop_volumineux");
    send("text/plain", "{").await.refused(415, "type_non_supporte");
    send("application/x-www-form-urlencoded", "nom=x").await.refused(415, "type_non_supporte");
    for malformed in ["{", "nom", "{\"nom\": \"x\",}", "{\"nom\": \"x\"} {}", "{\"nom\": \"\\ud800\"}"] {
        send(json, malformed).await.refused(400, "json_malforme");
    }
    send(json, "[]").await.refused(422, "champs_invalides");
    send(json, "3").await.refused(422, "champs_invalides");
    let faults = send("application/json; charset=utf-8", "{\"prix\": -1, \"couleur\": \"bleu\"}")
        .await
        .refused(422, "champs_invalides");
    assert_eq!(
        faults.fields(),
        ["nom", "prix", "category_id", "couleur"].map(String::from).as_slice(),
        "all of them at once"
    );
    for fault in faults.json()["errors"].as_array().expect("faults") {
        assert!(fault["code"].is_string() && fault["message"].is_string(), "{fault}");
    }
    let exact = format!("{{\"nom\": \"{}\"}}", "x".repeat(1024 * 1024 - 11));
    assert_eq!(exact.len(), 1024 * 1024);
    send(json, &exact).await.refused(422, "champs_invalides");
}

#[tokio::test]
async fn an_answer_before_the_body_was_read_says_that_the_connection_closes() {
    let (app, admin) = shop().await;
    let reader = app.token(Role::SimpleUtilisateur).await;
    let call = async |token: &str, path: &str, body: &str| {
        app.call(Method::POST, path).bearer(token).body("application/json", body).send().await
    };
    let large = format!("{{\"nom\": \"{}\"}}", "x".repeat(1024 * 1024));
    for (token, path, body, status) in [
        ("nobody", "/api/v1/products", "{}", 401),
        (reader.as_str(), "/api/v1/products", "{}", 403),
        (admin.as_str(), "/api/v1/nothing", "{}", 404),
        (admin.as_str(), "/api/v1/products", large.as_str(), 413),
    ] {
        assert_eq!(call(token, path, body).await.expect(status).header("connection"), "close", "{status}");
    }
    assert_eq!(call(&admin, "/api/v1/products", "{}").await.expect(422).header("connection"), "", "it was read");
    assert_eq!(app.get("nobody", "/products").await.expect(401).header("connection"), "", "there is none");
}

#[tokio::test]
async fn a_field_that_is_there_twice_is_refused_by_its_path() {
    let (app, admin) = shop().await;
    let tea = app.product(&admin, "Thé", 850, 10).await;
    let order = app.order(&admin, &[(tea, 1)]).await["id"].clone();
    let one = format!("/products/{tea}");
    let line = format!("{{\"product_id\": {tea}, \"quantity\": 1");
    let items = format!("{{\"client_nom\": \"x\", \"items\": [{line}}}, {line}, \"quantity\": 9}}]}}");
    let confirm = format!("/orders/{order}/confirm");
    let send = async |method: &Method, path: &str, body: &str| {
        let call = app.call(method.clone(), &format!("/api/v1{path}")).bearer(&admin);
        call.body("application/json", body).send().await
    };
    let (post, put) = (Method::POST, Method::PUT);
    for (method, path, body, fields) in [
        (&post, "/products", r#"{"nom": "a", "nom": "b", "prix": -1}"#, vec!["nom", "prix", "category_id"]),
        // A number of many digits is read with care, and so is what stands beside it.
        (&post, "/products", r#"{"nom": "a", "nom": "b", "prix": 1.00000000000000000}"#, vec!["nom", "category_id"]),
        (&put, one.as_str(), r#"{"description": null, "description": "x", "description": "y"}"#, vec!["description"]),
        (&put, one.as_str(), r#"{"nom": "Thé noir", "nom": null}"#, vec!["nom"]),
        (&put, one.as_str(), r#"{"prix": 3, "couleur": 1, "couleur": 2}"#, vec!["couleur"]),
        (&put, one.as_str(), r#"{"prix": 3, "stock": {"quantite": 1, "quantite": 2}}"#, vec!["stock.quantite"]),
        (&post, "/orders", items.as_str(), vec!["items[1].quantity"]),
        (&post, confirm.as_str(), r#"{"x": 1, "x": 1}"#, vec!["x"]),
        (&post, "/auth/login", r#"{"email": "a@b.fr", "email": "c@d.fr", "password": "x"}"#, vec!["email"]),
    ] {
        let refused = send(method, path, body).await.refused(422, "champs_invalides");
        assert_eq!(refused.fields(), fields, "{body}");
        let codes = refused.json()["errors"].clone();
        assert!(codes.as_array().is_some_and(|all| all.iter().any(|e| e["code"] == "champ_repete")), "{body}: {codes}");
    }
    assert_eq!(app.get(&admin, &one).await.json()["version"], 1, "nothing was changed");
    send(&post, "/products", r#"{"nom": "a", "nom": "b",}"#).await.refused(400, "json_malforme");
    // The marks of whoever reads bodies are nobody's to send.
    for mark in [r#"{"\u0000repeated": []}"#, r#"{"prix": {"\u0000digits": "5"}}"#] {
        send(&put, &one, mark).await.refused(422, "champs_invalides");
    }
}

#[tokio::test]
async fn a_parameter_that_is_there_twice_is_refused_as_such() {
    let (app, admin) = shop().await;
    for (query, field) in [
        ("/products?page=1&page=1", "page"),
        ("/products?search=a&search=b", "search"),
        ("/products?format=csv&format=csv", "format"),
        ("/products?is_active=true&format=csv&is_active=true", "is_active"),
        ("/orders?start_date=2026-03-01&start_date=2026-03-01", "start_date"),
        ("/dashboard/summary?end_date=2026-03-01&end_date=2026-03-01", "end_date"),
        ("/categories/1?include_deleted=true&include_deleted=false", "include_deleted"),
    ] {
        let refused = app.get(&admin, query).await.refused(422, "champs_invalides").json();
        let told = refused["errors"].as_array().expect("faults").iter().map(|e| (&e["champ"], &e["code"]));
        assert_eq!(told.collect::<Vec<_>>(), [(&json!(field), &json!("champ_repete"))], "{query}");
    }
    app.get(&admin, "/orders?statut=livree&statut=annulee").await.expect(200);
}

#[tokio::test]
async fn faults_inside_a_list_are_named_by_their_path() {
    let (app, admin) = shop().await;
    let tea = app.product(&admin, "Thé", 850, 10).await;
    let body = json!({"client_nom": "x", "items": [{"product_id": tea, "quantity": 0}, {"quantity": 1, "prix": 3}, 7]});
    let fields = app.post(&admin, "/orders", &body).await.refused(422, "champs_invalides").fields();
    assert_eq!(fields, ["items[0].quantity", "items[1].product_id", "items[1].prix", "items[2]"]);
}

#[tokio::test]
async fn unknown_parameters_are_refused_on_every_route() {
    let (app, admin) = shop().await;
    let product = app.product(&admin, "Miel", 800, 5).await;
    let order = app.order(&admin, &[(product, 1)]).await["id"].as_i64().expect("an id");
    for path in ["/products", "/orders", "/users/livreurs", "/dashboard/summary", "/auth/me"]
        .map(String::from)
        .into_iter()
        .chain([format!("/products/{product}"), format!("/orders/{order}")])
    {
        let answer = app.get(&admin, &format!("{path}?couleur=bleu")).await.refused(422, "champs_invalides");
        assert_eq!(answer.fields(), ["couleur"], "{path}");
    }
    for path in ["/products?x=1".to_owned(), "/orders?x=1".into(), format!("/orders/{order}/confirm?x=1")] {
        app.post(&admin, &path, &json!({})).await.refused(422, "champs_invalides");
    }
}

#[tokio::test]
async fn what_is_not_there_and_what_is_not_known_are_told_apart() {
    let (app, admin) = shop().await;
    for path in ["/nothing", "/products/", "/products/1/x", "/", "/../x"] {
        app.get(&admin, path).await.refused(404, "introuvable");
    }
    for path in ["/api/", "/api/v2/products", "/api/v1"] {
        app.call(Method::GET, path).send().await.refused(404, "introuvable");
        app.call(Method::POST, path).send().await.refused(404, "introuvable");
    }
    for path in [
        "/products/999999",
        "/products/x",
        "/products/-1",
        "/products/99999999999999999999",
        "/orders/999999",
        "/orders/x",
        "/categories/-1/products",
        "/products/0/history",
    ] {
        app.get(&admin, path).await.refused(404, "introuvable");
    }
    let product = app.product(&admin, "Miel", 800, 5).await;
    app.get(&admin, &format!("/products/{product}")).await.expect(200);
    for written in ["0", "+", "%2B"] {
        app.get(&admin, &format!("/products/{written}{product}")).await.refused(404, "introuvable");
    }
    for (method, path, allow) in [
        (Method::DELETE, "/api/v1/auth/login", "POST"),
        (Method::PUT, "/api/v1/orders/1/confirm", "POST"),
        (Method::GET, "/api/v1/orders/1/status", "PATCH"),
        (Method::PATCH, "/api/v1/orders", "GET,HEAD,POST"),
        (Method::POST, "/api/v1/dashboard/summary", "GET,HEAD"),
    ] {
        let answer = app.call(method, path).send().await.refused(405, "methode_interdite");
        let mut allowed: Vec<_> = answer.header("allow").split(',').map(str::trim).collect();
        allowed.sort_unstable();
        assert_eq!(allowed.join(","), allow, "{path}");
    }
}

#[tokio::test]
async fn a_sane_request_id_is_kept_and_reaches_the_trail() {
    let (app, admin) = shop().await;
    let product = app.product(&admin, "Miel", 800, 5).await;
    let send = async |id: &str| {
        let call = app.call(Method::POST, "/api/v1/orders").bearer(&admin).header("x-request-id", id);
        let answer = call.json(&new_order(product)).send().await.expect(201);
        let trail: Vec<Option<String>> =
            sqlx::query_scalar("select request_id from history where (table_name, row_id) = ('orders', $1)")
                .bind(answer.json()["id"].as_i64())
                .fetch_all(&app.db)
                .await
                .expect("the trail");
        assert_eq!(trail, [Some(answer.header("x-request-id").to_owned())], "the trail knows the request");
        answer.header("x-request-id").to_owned()
    };
    assert_eq!(send("tool-42_a.b").await, "tool-42_a.b");
    for insane in ["a'; set role", "a b", &"x".repeat(65), ""] {
        let id = send(insane).await;
        assert!(id != insane && id.len() == 24, "{insane} → {id}");
    }
}

/// 401 → 403 → 413, 415, 400, 422 → 404 → 412 → 409: each call is wrong in every later way too.
#[tokio::test]
async fn refusals_come_in_the_order_of_the_contract() {
    let (app, admin) = shop().await;
    let (courier, livreur) = app.user(Role::Livreur).await;
    let reader = app.token(Role::SimpleUtilisateur).await;
    let product = app.product(&admin, "Miel", 800, 5).await;
    let order = app.order(&admin, &[(product, 9)]).await["id"].as_i64().expect("an id");
    let large = "x".repeat(1024 * 1024 + 1);
    let routes = [
        (Method::POST, "confirm", "{\"x\": 1}", "{}", "stock_insuffisant"),
        (Method::PATCH, "status", "{\"x\": 1}", "{\"statut\": \"livree\"}", "transition_interdite"),
    ];
    for (method, action, wrong, right, conflict) in routes {
        let call = |token: &str, id: i64, kind: &str, body: &str, version: &str| {
            let mut call =
                app.call(method.clone(), &format!("/api/v1/orders/{id}/{action}")).header("if-match", version);
            if !token.is_empty() {
                call = call.bearer(token);
            }
            call.body(kind, body).send()
        };
        let json = "application/json";
        call("", 0, "text/plain", &large, "\"9\"").await.refused(401, "non_authentifie");
        call(&reader, 0, "text/plain", &large, "\"9\"").await.refused(403, "acces_refuse");
        call(&admin, 0, "text/plain", &large, "\"9\"").await.refused(413, "trop_volumineux");
        call(&admin, 0, "text/plain", "{", "\"9\"").await.refused(415, "type_non_supporte");
        call(&admin, 0, json, "{", "\"9\"").await.refused(400, "json_malforme");
        call(&admin, 0, json, wrong, "\"9\"").await.refused(422, "champs_invalides");
        call(&admin, 0, json, right, "\"9\"").await.refused(404, "introuvable");
        call(&admin, order, json, right, "\"9\"").await.refused(412, "version_perimee");
        call(&admin, order, json, right, "\"1\"").await.refused(409, conflict);
    }
    let line = |version: &str| {
        let call = app.call(Method::DELETE, &format!("/api/v1/orders/{order}/items/999999")).bearer(&admin);
        call.header("if-match", version).send()
    };
    line("\"9\"").await.refused(404, "introuvable");
    // What no livreur may do is 403, whether the order is theirs, somebody's or nobody's.
    app.run(format!("update orders set livreur_id = {courier} where id = {order}")).await;
    for statut in ["brouillon", "confirmee", "en_preparation", "annulee"] {
        for id in [order, 999_999] {
            let refused = app.patch(&livreur, &format!("/orders/{id}/status"), &json!({"statut": statut})).await;
            refused.refused(403, "acces_refuse");
        }
    }
    app.patch(&livreur, "/orders/999999/status", &json!({"statut": "livree"})).await.refused(404, "introuvable");
    app.patch(&livreur, &format!("/orders/{order}/status"), &json!({"statut": "livree"}))
        .await
        .refused(409, "transition_interdite");
}

/// Ids inside a body are 422, and that comes before 404 and 412: what the body names is judged first, on every
/// route that takes ids in one.
#[tokio::test]
async fn what_a_body_names_is_judged_before_what_the_path_names() {
    let (app, admin) = shop().await;
    let product = app.product(&admin, "Miel", 800, 5).await;
    let order = app.order(&admin, &[(product, 1)]).await["id"].clone();
    let gone = 999_999;
    let routes = [
        (
            Method::PUT,
            "orders",
            "",
            json!({"items": [{"product_id": gone, "quantity": 1}]}),
            vec!["items[0].product_id"],
        ),
        (Method::PUT, "orders", "", json!({"client_id": gone}), vec!["client_id"]),
        (
            Method::PUT,
            "orders",
            "",
            json!({"client_id": gone, "items": [{"product_id": product, "quantity": 1}, {"product_id": gone, "quantity": 1}]}),
            vec!["client_id", "items[1].product_id"],
        ),
        (Method::POST, "orders", "/items", json!({"product_id": gone, "quantity": 1}), vec!["product_id"]),
        (Method::POST, "orders", "/assign-livreur", json!({"livreur_id": gone}), vec!["livreur_id"]),
        (Method::PUT, "products", "", json!({"category_id": gone}), vec!["category_id"]),
    ];
    for (method, resource, action, body, fields) in routes {
        let there = if resource == "orders" { order.clone() } else { json!(product) };
        for id in [json!(gone), there] {
            let call = app.call(method.clone(), &format!("/api/v1/{resource}/{id}{action}")).bearer(&admin);
            let refused = call.header("if-match", "\"9\"").json(&body).send().await.refused(422, "champs_invalides");
            assert_eq!(refused.fields(), fields, "{method} {resource}/{id}{action}");
        }
    }
    // Known ones: then the path counts, and then the version.
    let body = json!({"items": [{"product_id": product, "quantity": 2}]});
    app.put(&admin, &format!("/orders/{gone}"), &body).await.refused(404, "introuvable");
    let stale = app.call(Method::PUT, &format!("/api/v1/orders/{order}")).bearer(&admin).header("if-match", "\"9\"");
    stale.json(&body).send().await.refused(412, "version_perimee");
    // A new order names all that is wrong with it at once, too.
    let body = json!({"client_nom": "x", "client_id": gone, "items": [{"product_id": gone, "quantity": 1}]});
    let refused = app.post(&admin, "/orders", &body).await.refused(422, "champs_invalides");
    assert_eq!(refused.fields(), ["client_id", "items[0].product_id"]);
}

#[tokio::test]
async fn an_action_that_needs_no_body_takes_none() {
    let (app, admin) = shop().await;
    let product = app.product(&admin, "Miel", 800, 50).await;
    for action in ["confirm", "cancel"] {
        let order = app.order(&admin, &[(product, 1)]).await["id"].as_i64().expect("an id");
        let path = format!("/api/v1/orders/{order}/{action}");
        app.call(Method::POST, &path).bearer(&admin).send().await.expect(200);
        let order = app.order(&admin, &[(product, 1)]).await["id"].as_i64().expect("an id");
        app.post(&admin, &format!("/orders/{order}/{action}"), &json!({})).await.expect(200);
    }
}

#[tokio::test]
async fn a_version_seen_is_honoured_strong_or_weak() {
    let (app, admin) = shop().await;
    let product = app.product(&admin, "Miel", 800, 50).await;
    let act = async |order: i64, tag: &str| {
        let call = app.call(Method::POST, &format!("/api/v1/orders/{order}/confirm")).bearer(&admin);
        call.header("if-match", tag).send().await
    };
    for tag in ["\"1\"", "W/\"1\"", "*", "\"7\", W/\"1\""] {
        let order = app.order(&admin, &[(product, 1)]).await["id"].as_i64().expect("an id");
        assert_eq!(app.get(&admin, &format!("/orders/{order}")).await.header("etag"), "\"1\"");
        for stale in ["\"2\"", "W/\"2\"", "\"0\"", "\"abc\"", "\"2\", \"abc\""] {
            let refused = act(order, stale).await.refused(412, "version_perimee");
            assert_eq!(refused.json()["version"], 1);
        }
        let done = act(order, tag).await.expect(200);
        assert_eq!(done.header("etag"), format!("\"{}\"", done.json()["version"]));
        assert!(done.json()["version"].as_i64() > Some(1));
    }
}

#[tokio::test]
async fn an_amount_is_refused_for_any_decimal_too_many_never_rounded() {
    let (app, admin) = shop().await;
    let category = app.category("Thés").await;
    let create = |price: &str| {
        let body = format!("{{\"nom\": \"Thé {price}\", \"category_id\": {category}, \"prix\": {price}}}");
        app.call(Method::POST, "/api/v1/products").bearer(&admin).body("application/json", &body).send()
    };
    for price in ["5.001", "5.0000000000000001", "1234567.0100000000001"] {
        assert_eq!(create(price).await.refused(422, "champs_invalides").fields(), ["prix"], "{price}");
    }
    for (price, told) in [("5", 5.0), ("1234567.01", 1_234_567.01), ("5.00", 5.0)] {
        assert_eq!(create(price).await.expect(201).json()["prix"], told, "{price}");
    }
}
