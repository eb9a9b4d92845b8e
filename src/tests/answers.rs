//! The examples of answers in the OpenAPI document: every operation is asked, in one shop, from its first product to a
//! correction at the door, and each example must have the shape of what is answered. `RECORD_ANSWERS=1` writes those anew
//! that have not.

use http::Method;
use serde_json::{Map, Value, json};

use super::documented::{DOCUMENT, fits};
use super::shapes::shape;
use super::surface::operations;
use super::{Answer, App};
use crate::auth::permission::Role;
use crate::auth::sessions::{Origin, open_api};
use crate::deliveries::pictures::tests::a_png;
use crate::server::openapi::answer_name;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/server/openapi/answers.json");

/// What the operations answered, by name and status.
struct Walk {
    app: App,
    token: String,
    told: Map<String, Value>,
}

impl Walk {
    /// Asks an operation, `at` its place (`{id}` in order) and with its query. Its own example is the body, if it has one.
    async fn ask(&mut self, id: &str, at: &[&Value], query: &str) -> Value {
        let body = crate::server::openapi_examples::of(id);
        self.send(id, at, query, body).await
    }

    async fn send(&mut self, id: &str, at: &[&Value], query: &str, body: Option<Value>) -> Value {
        let (method, path) = place(id, at);
        let call = self.app.call(method, &format!("{path}{query}")).bearer(&self.token);
        let call = match body {
            Some(body) => call.json(&body),
            None => call,
        };
        let answer = call.send().await;
        self.keep(id, answer)
    }

    fn keep(&mut self, id: &str, answer: Answer) -> Value {
        assert!(answer.status.is_success(), "{id}: {}", answer.text);
        if answer.header("content-type") != "application/json" {
            return Value::Null;
        }
        let body = answer.json();
        self.told.entry(answer_name(id, answer.status.as_str())).or_insert_with(|| secret(body.clone()));
        body
    }
}

/// Where an operation is.
fn place(id: &str, at: &[&Value]) -> (Method, String) {
    let (method, mut path, _) = operations(&DOCUMENT)
        .into_iter()
        .find(|(.., operation)| operation["operationId"] == id)
        .unwrap_or_else(|| panic!("no operation {id}"));
    for value in at {
        let (from, to) = (path.find('{').expect("a place"), path.find('}').expect("its end"));
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        path.replace_range(from..=to, &value);
    }
    (method.parse().expect("a method"), path)
}

/// Tokens are nobody's business.
fn secret(mut answer: Value) -> Value {
    for name in ["access_token", "refresh_token", "token"] {
        if answer.get(name).is_some() {
            answer[name] = json!("…");
        }
    }
    answer
}

/// People, catalogue, clients.
async fn first_things(walk: &mut Walk) {
    let category = walk.ask("create_category", &[], "").await["id"].clone();
    let other = walk.app.category("Fruits secs").await;
    walk.ask("update_category", &[&category], "").await;
    walk.send("reorder_categories", &[], "", Some(json!({"ids": [category, other]}))).await;
    let product = walk.ask("create_product", &[], "").await["id"].clone();
    for (nom, reference, prix) in [("Noix de cajou 250 g", "CAJOU-250", 7.4), ("Sencha 100 g", "SENCHA-100", 12.9)] {
        let more = json!({"nom": nom, "reference": reference, "prix": prix, "category_id": other, "taux_tva": 5.5,
                          "seuil_alerte": 20, "stock_initial": 18});
        walk.send("create_product", &[], "", Some(more)).await;
    }
    let season = walk.send("create_category", &[], "", Some(json!({"nom": "Coffrets de saison"}))).await["id"].clone();
    for (write, id) in [
        ("delete_category", &season),
        ("restore_category", &season),
        ("delete_product", &json!(3)),
        ("restore_product", &json!(3)),
    ] {
        walk.ask(write, &[id], "").await;
    }
    walk.ask("update_product", &[&product], "").await;
    walk.ask("toggle_product", &[&product], "").await;
    walk.ask("toggle_product", &[&product], "").await;
    walk.ask("stock_entry", &[], "").await;
    walk.ask("stock_exit", &[], "").await;
    walk.ask("create_movement", &[], "").await;
    walk.ask("update_stock", &[&product], "").await;
    let file = b"reference;prix;stock\nMIEL-ACA-500;16,90;60\n";
    let import = |query: &'static str| format!("/api/v1/products/import{query}");
    for query in ["?dry_run=true", "?fichier=tarif.csv"] {
        let call = walk.app.call(Method::POST, &import(query)).bearer(&walk.token);
        let answer = call.file("text/csv", file).send().await;
        walk.keep("import_products", answer);
    }
    for id in ["list_import_lines", "get_import"] {
        walk.ask(id, &[&json!(1)], "").await;
    }
    walk.ask("list_imports", &[], "").await;
    walk.ask("undo_import", &[&json!(1)], "").await;

    let client = walk.ask("create_client", &[], "").await["id"].clone();
    walk.ask("update_client", &[&client], "").await;
    walk.ask("delete_client", &[&client], "").await;
    walk.ask("restore_client", &[&client], "").await;
}

/// Accounts and sessions; the livreur's id.
async fn people(walk: &mut Walk) -> Value {
    let courier = walk.ask("create_user", &[], "").await["id"].clone();
    let more = json!({"email": "lea@example.com", "password": "une phrase plus longue", "nom": "Roux", "prenom": "Léa",
                      "role": "simple_utilisateur"});
    let lea = walk.send("create_user", &[], "", Some(more)).await["id"].clone();
    for id in ["update_user", "toggle_user", "toggle_user", "delete_user", "restore_user", "user_history"] {
        walk.ask(id, &[&lea], "").await;
    }
    walk.ask("get_user", &[&courier], "").await;
    for id in ["list_users", "list_livreurs", "list_roles", "update_me", "get_me"] {
        walk.ask(id, &[], "").await;
    }
    let login = json!({"email": "karim@example.com", "password": "une phrase plus longue"});
    let session = walk.send("login", &[], "", Some(login)).await;
    let spent = json!({"refresh_token": session["refresh_token"]});
    walk.send("refresh", &[], "", Some(spent)).await;
    walk.ask("list_sessions", &[], "").await;
    courier
}

/// Orders, from a draft to a correction.
async fn orders(walk: &mut Walk, courier: &Value) {
    let draft = json!({"client_nom": "Jean Dupont", "client_telephone": "06 12 34 56 78", "adresse_livraison": "3 rue du Port",
        "code_postal": "44000", "ville": "Nantes", "date_livraison_prevue": "2026-12-24", "creneau_debut": "09:00",
        "creneau_fin": "12:00", "items": [{"product_id": 1, "quantity": 2}]});
    let order = walk.send("create_order", &[], "", Some(draft.clone())).await;
    let (id, line) = (&order["id"], &walk.ask("add_order_item", &[&order["id"]], "").await["items"][1]["id"]);
    walk.ask("remove_order_item", &[id, line], "").await;
    walk.ask("update_order", &[id], "").await;
    walk.ask("confirm_order", &[id], "").await;
    let assigned = json!({"livreur_id": courier});
    walk.send("assign_livreur", &[id], "", Some(assigned)).await;
    walk.ask("change_order_status", &[id], "").await;
    walk.ask("list_deliveries", &[], "").await;
    at_the_door(walk, id).await;
    walk.ask("get_order_by_numero", &[&order["numero"]], "").await;
    for read in ["get_order", "order_history"] {
        walk.ask(read, &[id], "").await;
    }

    let other = walk.send("create_order", &[], "", Some(draft)).await["id"].clone();
    for write in ["cancel_order", "delete_order", "restore_order"] {
        walk.ask(write, &[&other], "").await;
    }
    walk.ask("list_orders", &[], "?per_page=1&sort=created_at").await;
    walk.ask("list_statuses", &[], "").await;
}

/// What a phone sends, and what staff make of it.
async fn at_the_door(walk: &mut Walk, id: &Value) {
    let order = walk.ask("get_order", &[id], "").await;
    let mut batch = crate::server::openapi_examples::of("send_delivery_actions").expect("an example");
    let actions = batch["actions"].as_array_mut().expect("actions");
    actions.truncate(2);
    let ago = |minutes| chrono::Utc::now() - chrono::Duration::minutes(minutes);
    for (action, minutes) in actions.iter_mut().zip([75, 20]) {
        action["order_id"] = id.clone();
        action["survenu_le"] = json!(ago(minutes));
    }
    actions[1]["lignes"][0]["item_id"] = order["items"][0]["id"].clone();
    let attempt = actions[1]["id"].as_str().expect("an id").to_owned();
    batch["envoye_le"] = json!(ago(0));
    walk.told.remove(&answer_name("get_order", "200"));
    walk.send("send_delivery_actions", &[], "", Some(batch)).await;
    let picture = a_png(320, 120, 0);
    let path = format!("{}?type=signature&tentative_id={attempt}", place("add_proof", &[id]).1);
    let answer = walk.app.call(Method::POST, &path).bearer(&walk.token).file("image/png", &picture).send().await;
    walk.keep("add_proof", answer);
    let correction = json!({"motif": "Le livreur avait compté un carton de trop.", "lignes": [{"item_id": order["items"][0]["id"], "remis": 1, "abime": 2}]});
    walk.send("correct_delivery", &[id], "", Some(correction)).await;
    for read in ["list_attempts", "list_proofs", "list_corrections"] {
        walk.ask(read, &[id], "").await;
    }
}

/// What is read of it all.
async fn reads(walk: &mut Walk) {
    let one = &json!(1);
    for id in [
        "get_category",
        "category_history",
        "list_category_products",
        "get_product",
        "product_history",
        "get_stock",
        "stock_history",
        "list_product_movements",
        "get_client",
        "client_history",
        "list_client_orders",
    ] {
        walk.ask(id, &[one], "").await;
    }
    for id in [
        "list_categories",
        "all_categories",
        "list_products",
        "list_stocks",
        "list_stock_alerts",
        "list_movements",
        "list_clients",
    ] {
        walk.ask(id, &[], "").await;
    }
    walk.ask("audit", &[], "?table=orders&per_page=2").await;
    // Of one day, not a month of nothing.
    let summary = walk.app.get(&walk.token, "/dashboard/summary").await.expect(200).json();
    let today = summary["end_date"].as_str().expect("a day");
    let period = format!("?start_date={today}&end_date={today}");
    for (_, _, operation) in operations(&DOCUMENT) {
        let id = operation["operationId"].as_str().expect("an id");
        if let Some(name) = id.strip_prefix("dashboard_") {
            let query = if name == "stock_state" || name == "deliveries" { "" } else { period.as_str() };
            walk.ask(id, &[], query).await;
        }
    }
}

#[tokio::test]
async fn every_answer_has_an_example_of_its_shape() {
    let app = App::new().await;
    let admin = app.insert_user(Role::Admin, "admin@example.com", None).await;
    let origin = Origin { address: [192, 0, 2, 7].into(), user_agent: Some("caisse/2.4".to_owned()) };
    let token = open_api(&app.db, &app.state.keys, admin, &origin).await.expect("a session").access;
    let mut walk = Walk { app, token, told: Map::new() };
    first_things(&mut walk).await;
    let courier = people(&mut walk).await;
    orders(&mut walk, &courier).await;
    reads(&mut walk).await;

    let kept: Map<String, Value> = serde_json::from_str(include_str!("../server/openapi/answers.json")).expect("JSON");
    if std::env::var_os("RECORD_ANSWERS").is_some() {
        let same = |name: &str, told: &Value| kept.get(name).is_some_and(|kept| shape(kept) == shape(told));
        let record = |(name, told): (&String, &Value)| {
            let value = if same(name, told) { &kept[name] } else { told };
            (name.clone(), value.clone())
        };
        let recorded: Map<_, _> = walk.told.iter().map(record).collect();
        std::fs::write(FILE, format!("{:#}\n", Value::Object(recorded))).expect("written");
        return;
    }
    for (name, told) in &walk.told {
        let example = kept.get(name).unwrap_or_else(|| panic!("no example of {name}: RECORD_ANSWERS=1"));
        assert_eq!(shape(example), shape(told), "{name}");
    }
    for (_, path, operation) in operations(&DOCUMENT) {
        let id = operation["operationId"].as_str().expect("an id");
        for (status, response) in operation["responses"].as_object().expect("responses") {
            assert!(response.get("content").is_none_or(Value::is_object), "{id} {status}");
            let json = &response["content"]["application/json"];
            if status.starts_with('2') && !json.is_null() {
                assert!(!json["example"].is_null(), "{path}: {id} {status} has no example");
                assert!(fits(&json["schema"], &json["example"]), "{id} {status} is not what its schema says");
            }
        }
    }
}
