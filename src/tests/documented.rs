//! What the OpenAPI document says, beside what the server does.

use std::sync::LazyLock;

use http::Method;
use serde_json::{Value, json};

use super::surface::operations;
use super::{Answer, App};
use crate::auth::permission::Role;
use crate::deliveries::pictures::tests::a_png;

pub(super) static DOCUMENT: LazyLock<Value> = LazyLock::new(crate::server::openapi::document);

/// A schema by reference, and one of several parts as one.
fn whole(schema: &Value) -> Value {
    if let Some(target) = schema["$ref"].as_str().and_then(|target| target.strip_prefix('#')) {
        return whole(DOCUMENT.pointer(target).expect("a schema"));
    }
    let Some(parts) = schema["allOf"].as_array() else { return schema.clone() };
    let mut all = json!({"type": "object", "properties": {}, "required": []});
    for part in parts.iter().map(whole) {
        for (name, property) in part["properties"].as_object().into_iter().flatten() {
            all["properties"][name] = property.clone();
        }
        let required = part["required"].as_array().cloned().unwrap_or_default();
        all["required"].as_array_mut().expect("a list").extend(required);
    }
    all
}

/// Whether a value is what a schema says: its type, its words, its members.
pub(super) fn fits(schema: &Value, value: &Value) -> bool {
    let schema = &whole(schema);
    if let Some(choices) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
        return choices.iter().any(|choice| fits(choice, value));
    }
    let is = |kind: &Value| match kind.as_str().unwrap_or_default() {
        "integer" => value.is_i64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "null" => value.is_null(),
        "array" => value.as_array().is_some_and(|items| items.iter().all(|item| fits(&schema["items"], item))),
        "object" => value.as_object().is_some_and(|members| {
            let required = schema["required"].as_array().into_iter().flatten();
            members.iter().all(|(name, value)| fits(&schema["properties"][name], value))
                && required.filter_map(Value::as_str).all(|name| members.contains_key(name))
        }),
        _ => false,
    };
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().any(is),
        // Whatever it is: what an entry of a history tells has the type of its field.
        Value::Null => schema.as_object().is_some_and(|told| !told.contains_key("type")),
        kind => is(kind),
    };
    kind && schema["enum"].as_array().is_none_or(|words| words.contains(value))
}

/// Asserts that each member of a refusal is in the document, and what the document says.
#[track_caller]
pub fn assert_told(refusal: &Value) {
    assert!(fits(&json!({"$ref": "#/components/schemas/Problem"}), refusal), "the document tells another: {refusal}");
}

/// Asserts that the document tells the code of a 409 at its address.
#[track_caller]
pub fn assert_conflict_told(method: &Method, path: &str, answer: &Answer) {
    let fits = |template: &str| {
        template.split('/').count() == path.split('/').count()
            && template.split('/').zip(path.split('/')).all(|(told, asked)| told.starts_with('{') || told == asked)
    };
    // The browser's doors are not in the document.
    for (told, template, operation) in operations(&DOCUMENT) {
        if told == method.as_str() && fits(&template) {
            let text = operation["responses"]["409"]["description"].as_str().unwrap_or_default();
            assert!(text.contains(&format!("`{}`", answer.code())), "{method} {template} tells no {}", answer.text);
        }
    }
}

#[test]
fn every_parameter_is_told() {
    let (mut told, mut periods) = (0, 0);
    for (method, path, operation) in operations(&DOCUMENT) {
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().expect("a name");
            let text = parameter["description"].as_str().unwrap_or_default();
            assert!(!text.is_empty(), "{method} {path}: {name}");
            told += 1;
            if matches!(name, "start_date" | "end_date") {
                periods += 1;
                assert!(text.contains("compris") && text.contains("3\u{202f}660 jours"), "{method} {path}: {text}");
            }
        }
    }
    assert!(told > 100 && periods > 20, "{told} parameters, {periods} of periods");
}

#[test]
fn the_statuses_of_a_stock_are_not_those_of_an_order() {
    let statuses = |path: &str| {
        let parameters = DOCUMENT["paths"][path]["get"]["parameters"].as_array().expect("parameters");
        parameters.iter().find(|parameter| parameter["name"] == "statut").expect("a status")["schema"]["items"].clone()
    };
    assert_eq!(statuses("/api/v1/stocks")["$ref"], "#/components/schemas/StockStatus");
    assert_eq!(statuses("/api/v1/orders")["enum"][0], "brouillon");
    assert_eq!(statuses("/api/v1/dashboard/commandes-details")["enum"][0], "confirmee");
}

#[test]
fn what_happens_to_spent_tokens_and_kept_keys_is_told() {
    let all = operations(&DOCUMENT);
    let of = |id: &str| &all.iter().find(|(.., operation)| operation["operationId"] == id).expect("an operation").2;
    let refresh = of("refresh")["description"].as_str().expect("a description");
    assert!(refresh.contains("10 secondes") && refresh.contains("famille"), "{refresh}");
    let keys = of("create_order")["parameters"].as_array().expect("parameters");
    let key = keys.iter().find(|parameter| parameter["name"] == "Idempotency-Key").expect("a key");
    assert!(key["description"].as_str().is_some_and(|text| text.contains("24 heures")), "{key}");
    assert!(of("toggle_product")["responses"]["409"].is_null(), "nothing stands in its way");
    assert!(!of("change_password").to_string().contains("admin123"), "tried out, it changes nothing");
}

#[test]
fn the_examples_of_refusals_are_refusals() {
    let responses = DOCUMENT["components"]["responses"].as_object().expect("responses");
    let mut told = Vec::new();
    for (name, response) in responses {
        let examples = response["content"]["application/problem+json"]["examples"].as_object().expect("examples");
        for (example, shown) in examples {
            assert_told(&shown["value"]);
            assert_eq!(format!("Refus{}", shown["value"]["status"]), *name, "{example}");
            told.extend(shown["value"].as_object().expect("an example").keys().cloned());
        }
    }
    for member in ["lignes", "disponible", "demande", "version", "transitions_permises", "commandes", "retry_after"] {
        assert!(told.iter().any(|name| name == member), "an example has {member}");
    }
    assert!(!fits(&json!({"$ref": "#/components/schemas/Problem"}), &json!({"status": 409})), "it tells apart");
}

/// A refusal that an operation tells itself has an example of its own, as the shared ones have.
#[test]
fn no_refusal_is_told_without_an_example() {
    let mut own = 0;
    for (method, path, operation) in operations(&DOCUMENT) {
        for (status, response) in operation["responses"].as_object().expect("responses") {
            let told = &response["content"]["application/problem+json"];
            if told.is_null() {
                continue;
            }
            own += 1;
            let examples = told["examples"].as_object().expect("examples");
            assert!(!examples.is_empty(), "{method} {path} {status}");
            for shown in examples.values() {
                assert_told(&shown["value"]);
                assert_eq!(shown["value"]["status"].to_string(), *status, "{method} {path}");
            }
        }
    }
    assert!(own > 0, "the one of signing in");
}

/// Every response that is defined is one that an operation gives.
#[test]
fn no_response_is_told_in_vain() {
    let paths = DOCUMENT["paths"].to_string();
    for name in DOCUMENT["components"]["responses"].as_object().expect("responses").keys() {
        assert!(paths.contains(&format!("#/components/responses/{name}\"")), "{name}");
    }
}

/// A file is bytes, coming and going.
#[test]
fn files_are_told_as_bytes() {
    let mut files = 0;
    for (method, path, operation) in operations(&DOCUMENT) {
        let responses = operation["responses"].as_object().expect("responses").values();
        for body in responses.chain([&operation["requestBody"]]) {
            for (media, told) in body["content"].as_object().into_iter().flatten() {
                if !media.ends_with("json") && media != "text/csv" {
                    files += 1;
                    let expected = json!({"type": "string", "format": "binary"});
                    assert_eq!(told["schema"], expected, "{method} {path} {media}");
                }
            }
        }
    }
    assert!(files > 20, "{files}");
}

/// A shop in which whatever a path or an example names is there.
struct Shop {
    app: App,
    admin: String,
    product: i64,
    order: Value,
    user: i64,
    courier: i64,
    import: i64,
}

impl Shop {
    async fn new() -> Self {
        let app = App::new().await;
        let admin = app.token(Role::Admin).await;
        let (user, courier) = (app.user(Role::SimpleUtilisateur).await.0.0, app.user(Role::Livreur).await.0.0);
        let product = app.product(&admin, "Miel", 800, 50).await;
        let file = format!("id;prix\n{product};9");
        let import = super::imports::import(&app, &admin, &file).await.expect(201).json()["id"].as_i64();
        let order = app.order(&admin, &[(product, 3)]).await;
        Self { app, admin, product, order, user, courier, import: import.expect("an id") }
    }

    fn id(&self, name: &str) -> Option<Value> {
        Some(match name {
            "product_id" => json!(self.product),
            "category_id" => json!(1),
            "livreur_id" => json!(self.courier),
            "item_id" => self.order["items"][0]["id"].clone(),
            _ => return None,
        })
    }

    /// The same with ids of this shop.
    fn here(&self, example: &Value) -> Value {
        match example {
            Value::Object(members) => members
                .iter()
                .map(|(name, value)| (name.clone(), self.id(name).unwrap_or_else(|| self.here(value))))
                .collect(),
            Value::Array(items) => items.iter().map(|item| self.here(item)).collect(),
            other => other.clone(),
        }
    }

    /// The address of what is there.
    fn path(&self, path: &str) -> String {
        let id = match path.split('/').nth(3).unwrap_or_default() {
            "products" => json!(self.product),
            "orders" => self.order["id"].clone(),
            "users" => json!(self.user),
            "imports" => json!(self.import),
            "clients" => self.order["client_id"].clone(),
            _ => json!(1),
        };
        let numero = self.order["numero"].as_str().expect("a number");
        let path = path.replace("{id}", &id.to_string()).replace("{numero}", numero).replace("{preuve_id}", "1");
        ["product_id", "item_id"].iter().fold(path, |path, name| {
            path.replace(&format!("{{{name}}}"), &self.id(name).unwrap_or_default().to_string())
        })
    }

    /// Calls an operation with its example.
    async fn call(&self, (method, path, operation): &(String, String, Value), headers: &[(&str, &str)]) -> Answer {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let picture = operation["operationId"] == "add_proof";
        let query = if picture { "?type=photo" } else { "" };
        let mut call = self.app.call(method, &format!("{}{query}", self.path(path))).bearer(&self.admin);
        for (name, value) in headers {
            call = call.header(name, value);
        }
        let example = &operation["requestBody"]["content"]["application/json"]["example"];
        if picture {
            call = call.file("image/png", &a_png(1, 1, 0));
        } else if !example.is_null() {
            call = call.json(&self.here(example));
        }
        call.send().await
    }
}

#[tokio::test]
async fn answers_carry_their_version_where_the_document_says_so() {
    let shop = Shop::new().await;
    let all = operations(&DOCUMENT);
    let mut called: Vec<_> = all.iter().filter(|(method, path, _)| method == "GET" || path.ends_with("/me")).collect();
    for id in [
        "create_category",
        "update_category",
        "create_client",
        "update_client",
        "create_user",
        "update_user",
        "toggle_user",
        "create_product",
        "update_product",
        "toggle_product",
        "toggle_product",
        "restore_product",
        "stock_entry",
        "create_movement",
        "update_stock",
        "create_order",
        "add_order_item",
        "update_order",
        "confirm_order",
        "assign_livreur",
        "change_order_status",
        "cancel_order",
        "undo_import",
    ] {
        called.push(all.iter().find(|(_, _, operation)| operation["operationId"] == id).expect("an operation"));
    }
    let mut versions = 0;
    for one in called {
        let (method, path, operation) = one;
        let answer = shop.call(one, &[]).await;
        let told = &operation["responses"][answer.status.as_str()];
        assert!(!told.is_null(), "{method} {path} answers {}: {}", answer.status, answer.text);
        for header in ["ETag", "Location", "Age"] {
            let sent = answer.headers.contains_key(header);
            assert_eq!(sent, told["headers"].get(header).is_some(), "{header} of {method} {path}: {}", answer.status);
        }
        versions += i32::from(answer.headers.contains_key("etag"));
    }
    assert!(versions >= 25, "{versions} answers carried a version");
}

#[tokio::test]
async fn whatever_takes_a_version_refuses_another() {
    let shop = Shop::new().await;
    let mut refused = Vec::new();
    for one in operations(&DOCUMENT) {
        let takes = |p: &Value| p["name"] == "If-Match";
        if !one.2["parameters"].as_array().is_some_and(|parameters| parameters.iter().any(takes)) {
            continue;
        }
        assert!(one.2["responses"]["412"].is_object(), "{} {} can be refused", one.0, one.1);
        let answer = shop.call(&one, &[("if-match", "\"99\"")]).await;
        assert_eq!(answer.status, 412, "{} {}: {}", one.0, one.1, answer.text);
        refused.push(one.1);
        let version = answer.refused(412, "version_perimee").json()["version"].as_i64();
        assert!(version.is_some_and(|version| version < 99), "it tells the version there is now");
    }
    assert!(refused.len() > 20 && refused.iter().any(|path| path == "/api/v1/auth/me"), "{refused:?}");
}

#[tokio::test]
async fn lists_leave_as_files_with_the_roles_that_the_document_names() {
    let shop = Shop::new().await;
    let mut fewer = Vec::new();
    for (_, path, operation) in operations(&DOCUMENT) {
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let Some(format) = parameters.iter().find(|parameter| parameter["name"] == "format") else { continue };
        let text = format["description"].as_str().expect("a description");
        assert!(text.contains("Au plus 2 exports") && text.contains("Retry-After"), "{path}: {text}");
        for role in Role::ALL {
            let may = |roles: &str| operation[roles].as_array().expect("roles").contains(&json!(role.as_str()));
            let token = shop.app.token(role).await;
            let url = format!("{}?format=csv", shop.path(&path));
            let answer = shop.app.call(Method::GET, &url).bearer(&token).send().await;
            let expected = if may("x-roles-export") { 200 } else { 403 };
            assert_eq!(answer.status.as_u16(), expected, "{path} as {}: {}", role.as_str(), answer.text);
            if may("x-roles") && !may("x-roles-export") {
                assert!(text.contains("rôles `admin`, `controleur` ; les autres, 403"), "{path}: {text}");
                fewer.push(path.clone());
            }
        }
    }
    fewer.dedup();
    let fewer: Vec<_> = fewer.iter().filter_map(|path| path.strip_prefix("/api/v1")).collect();
    let expected = [
        "/clients",
        "/clients/{id}/history",
        "/clients/{id}/orders",
        "/dashboard/commandes-details",
        "/orders",
        "/orders/{id}/history",
    ];
    assert_eq!(fewer, expected, "where there are clients' data, and there alone");
}
