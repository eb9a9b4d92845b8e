//! What surrounds every answer, whoever gives it: headers, CORS, health, the OpenAPI document.

use http::Method;
use serde_json::Value;

use super::{Answer, App};
use crate::auth::permission::Role;

fn assert_secured(answer: &Answer, what: &str) {
    for (name, value) in
        [("x-content-type-options", "nosniff"), ("x-frame-options", "DENY"), ("referrer-policy", "same-origin")]
    {
        assert_eq!(answer.header(name), value, "{what}");
    }
    let policy = answer.header("content-security-policy");
    assert!(policy.contains("frame-ancestors 'none'") && policy.contains("base-uri 'none'"), "{what}: {policy}");
    assert!(!answer.header("x-request-id").is_empty(), "{what}");
}

#[tokio::test]
async fn every_kind_of_answer_is_secured() {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    let made = app.post(&admin, "/products", &serde_json::json!({})).await;
    assert_secured(&made.refused(422, "champs_invalides"), "a refusal");
    assert_secured(&app.get(&admin, "/products").await.expect(200), "a list");
    assert_secured(&app.get("", "/products").await.refused(401, "non_authentifie"), "a 401");
    assert_secured(&app.get(&admin, "/nothing").await.refused(404, "introuvable"), "a 404");
    for (method, path, status) in [
        (Method::GET, "/healthz", 200),
        (Method::GET, "/readyz", 200),
        (Method::GET, "/api/v1/openapi.json", 200),
        (Method::DELETE, "/api/v1/products", 405),
        (Method::OPTIONS, "/api/v1/products", 200),
        (Method::GET, "/connexion", 200),
        (Method::GET, "/", 303),
        (Method::POST, "/connexion", 403),
        (Method::GET, "/pkg/nothing.js", 404),
    ] {
        let answer = app.call(method.clone(), path).send().await;
        assert_secured(&answer.expect(status), &format!("{method} {path}"));
    }
}

#[tokio::test]
async fn behind_tls_browsers_are_told_to_stay_there() {
    let plain = App::new().await;
    assert_eq!(plain.call(Method::GET, "/healthz").send().await.header("strict-transport-security"), "");
    let app = App::with(|options| options.behind_tls = true).await;
    let sent = app.call(Method::GET, "/healthz").send().await;
    assert!(sent.header("strict-transport-security").starts_with("max-age=63072000"));
}

#[tokio::test]
async fn another_site_may_read_answers_only_when_the_settings_name_it() {
    let ask = async |app: &App, method: Method, origin: &str| {
        let call = app.call(method, "/api/v1/products").header("origin", origin);
        call.header("access-control-request-method", "POST").send().await
    };
    let none = App::new().await;
    let one = App::with(|options| options.cors_origins = vec!["https://tool.example".into()]).await;
    for method in [Method::OPTIONS, Method::GET] {
        let answer = ask(&none, method.clone(), "https://tool.example").await;
        assert!(!answer.headers.contains_key("access-control-allow-origin"), "none by default");
        let answer = ask(&one, method.clone(), "https://evil.example").await;
        assert!(!answer.headers.contains_key("access-control-allow-origin"));
        let answer = ask(&one, method, "https://tool.example").await;
        assert_eq!(answer.header("access-control-allow-origin"), "https://tool.example");
        assert!(!answer.headers.contains_key("access-control-allow-credentials"), "no cookie ever travels with it");
    }
}

#[tokio::test]
async fn rest_reads_no_cookie_and_the_browsers_door_no_token() {
    let app = App::new().await;
    let (id, token) = app.user(Role::Admin).await;
    let origin = crate::auth::sessions::Origin { address: [127, 0, 0, 1].into(), user_agent: None };
    let cookie = crate::auth::sessions::open_browser(&app.db, id, &origin).await.expect("a session");
    let header = format!("session={cookie}");
    let rest = app.call(Method::GET, "/api/v1/auth/me").header("cookie", &header).send().await;
    rest.refused(401, "non_authentifie");
    app.get(&cookie, "/auth/me").await.refused(401, "non_authentifie");
    app.call(Method::GET, "/commandes").header("cookie", &header).send().await.expect(200);
    app.call(Method::GET, "/commandes").bearer(&token).send().await.expect(303);
    app.call(Method::GET, "/commandes").header("cookie", &format!("session={token}")).send().await.expect(303);
}

#[tokio::test]
async fn whoever_calls_too_fast_waits_and_nobody_else() {
    let app = App::with(|options| options.rate_limit = 2).await;
    let call = async |address: &str| app.call(Method::GET, "/api/v1/products").from(address).send().await;
    for _ in 0..4 {
        call("10.0.0.1").await.refused(401, "non_authentifie");
    }
    let refused = call("10.0.0.1").await.refused(429, "trop_de_requetes");
    assert_eq!(refused.header("retry-after"), "1");
    assert_secured(&refused, "a 429");
    call("10.0.0.2").await.refused(401, "non_authentifie");
    app.call(Method::GET, "/connexion").from("10.0.0.1").send().await.expect(200);
}

#[tokio::test]
async fn the_documentation_is_a_page_that_needs_nothing_from_elsewhere() {
    let app = App::new().await;
    assert_eq!(app.call(Method::GET, "/api/docs").send().await.expect(303).header("location"), "/api/docs/");
    let page = app.call(Method::GET, "/api/docs/").send().await.expect(200);
    let policy = page.header("content-security-policy");
    assert!(policy.contains("script-src 'self';") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(!page.text.contains("https://") && !page.text.contains("<script>"), "{}", page.text);
    for file in ["swagger-ui-bundle.js", "swagger-ui.css", "swagger-initializer.js"] {
        let answer = app.call(Method::GET, &format!("/api/docs/{file}")).send().await.expect(200);
        assert_secured(&answer, file);
    }
    let start = app.call(Method::GET, "/api/docs/swagger-initializer.js").send().await.text;
    assert!(start.contains("/api/v1/openapi.json"), "{start}");
}

#[tokio::test]
async fn health_tells_the_process_from_the_database() {
    let app = App::new().await;
    app.call(Method::GET, "/readyz").send().await.expect(200);
    app.db.close().await;
    app.call(Method::GET, "/healthz").send().await.expect(200);
    let answer = app.call(Method::GET, "/readyz").send().await.expect(503);
    assert!(!answer.text.to_lowercase().contains("pool"), "no internal detail: {}", answer.text);
}

#[tokio::test]
async fn a_failure_of_ours_tells_no_detail() {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    app.run("alter table stocks rename column seuil_alerte to broken").await;
    let answer = app.get(&admin, "/products").await.refused(500, "erreur_interne");
    for word in ["seuil", "column", "sql", "stocks"] {
        assert!(!answer.text.to_lowercase().contains(word), "{}", answer.text);
    }
}

pub(super) fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("an item").iter().filter(|(name, _)| *name != "parameters") {
            found.push((method.to_uppercase(), path.clone(), operation.clone()));
        }
    }
    found
}

/// Every body has an example that its route takes: what it is about may be missing, but nothing is wrong with it.
#[tokio::test]
async fn every_example_is_a_body_that_its_route_takes() {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    let mut told = 0;
    for (method, path, operation) in operations(&crate::server::openapi::document()) {
        let id = operation["operationId"].as_str().expect("an id");
        let content = &operation["requestBody"]["content"]["application/json"];
        if content.is_null() || id == "refresh" {
            continue;
        }
        told += 1;
        let path = path.replace("{id}", "999999").replace("{product_id}", "999999");
        let call = app.call(Method::from_bytes(method.as_bytes()).expect("a method"), &path).bearer(&admin);
        let answer = call.json(&content["example"]).send().await;
        let faults = answer.json()["errors"].as_array().cloned().unwrap_or_default();
        // Data that are not there; nothing about the form of what was sent.
        let of_data = ["inconnu", "livreur_inconnu", "liste_incomplete", "mot_de_passe_incorrect"];
        assert!(
            answer.status != 400 && faults.iter().all(|fault| of_data.iter().any(|code| fault["code"] == *code)),
            "{id}: {}",
            answer.text
        );
    }
    assert!(told >= 20, "{told} examples");
}

fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(target)) = members.get("$ref") {
                found.push(target);
            }
            members.values().for_each(|member| references(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[tokio::test]
async fn the_openapi_document_is_whole() {
    let app = App::new().await;
    let answer = app.call(Method::GET, "/api/v1/openapi.json").send().await.expect(200);
    assert_eq!(answer.header("content-type"), "application/json");
    let document = answer.json();
    assert!(document["openapi"].as_str().is_some_and(|version| version.starts_with("3.1.")), "{}", document["openapi"]);
    assert!(document["info"]["title"].is_string() && document["info"]["version"].is_string());
    let mut targets = Vec::new();
    references(&document, &mut targets);
    for target in targets {
        let pointer = target.strip_prefix('#').expect("a reference within the document");
        assert!(document.pointer(pointer).is_some(), "{target} leads nowhere");
    }
    let mut ids = Vec::new();
    for (method, path, operation) in operations(&document) {
        let what = format!("{method} {path}");
        ids.extend(operation["operationId"].as_str().map(str::to_owned));
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        for name in path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
            let declared = |p: &Value| p["in"] == "path" && p["name"] == name && p["required"] == true;
            assert!(parameters.iter().any(declared), "{what} declares {name}");
        }
        let responses = operation["responses"].as_object().expect("responses");
        assert!(responses.keys().any(|status| status.starts_with('2')), "{what} can succeed");
        let itself = path == crate::server::openapi::PATH;
        let public = itself || path.ends_with("/auth/login");
        assert_eq!(operation["security"].is_array(), !public, "{what} says who may call it");
        assert_eq!(responses.contains_key("401"), !itself, "{what} can be refused");
        let text = operation["summary"].as_str().or(operation["description"].as_str()).unwrap_or_default();
        assert!(!text.is_empty(), "{what} is explained");
    }
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count, "operation ids are unique");
}
