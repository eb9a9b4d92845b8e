//! The shape of every answer: names and types, written down, so that no change of one goes unseen.

use serde_json::{Map, Value, json};

use super::App;
use crate::auth::permission::Role;
use crate::deliveries::pictures::tests::a_png;

/// The same with types for values; a list is told by its first element.
pub(super) fn shape(value: &Value) -> Value {
    match value {
        Value::Null => json!("null"),
        Value::Bool(_) => json!("booléen"),
        Value::Number(n) if n.is_i64() => json!("entier"),
        Value::Number(_) => json!("décimal"),
        Value::String(text) if chrono::DateTime::parse_from_rfc3339(text).is_ok() => json!("instant"),
        Value::String(text) if chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok() => json!("jour"),
        Value::String(_) => json!("texte"),
        Value::Array(items) => items.first().map_or(json!([]), |first| json!([shape(first)])),
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), shape(value))).collect(),
    }
}

/// A shop in which every field of every answer has a value.
struct Full {
    app: App,
    admin: String,
    product: i64,
    order: i64,
}

async fn full() -> Full {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    let product = app.product(&admin, "Miel", 890, 40).await;
    let body = json!({"reference": "M-1", "description": "Doré", "prix_achat": 4.5, "seuil_alerte": 50});
    app.put(&admin, &format!("/products/{product}"), &body).await.expect(200);
    app.put(&admin, "/categories/1", &json!({"description": "Tout"})).await.expect(200);
    let courier = json!({"email": "karim@test.example", "password": "une phrase sûre", "nom": "Benali", "prenom": "Karim",
        "telephone": "0612345678", "role": "livreur"});
    let courier = app.post(&admin, "/users", &courier).await.expect(201).json()["id"].clone();
    let login = json!({"email": "karim@test.example", "password": "une phrase sûre"});
    app.post("", "/auth/login", &login).await.expect(200);
    let order = json!({"client_nom": "Anne", "client_telephone": "0698765432", "client_email": "a@b", "adresse_livraison": "3 rue du Port",
        "code_postal": "44000", "ville": "Nantes", "latitude": 47.25, "longitude": -1.55, "notes": "Sonner",
        "date_livraison_prevue": "2026-03-10", "creneau_debut": "09:00", "creneau_fin": "12:00", "confirmer": true,
        "items": [{"product_id": product, "quantity": 2}]});
    let order = app.post(&admin, "/orders", &order).await.expect(201).json()["id"].as_i64().expect("an id");
    app.post(&admin, &format!("/orders/{order}/assign-livreur"), &json!({"livreur_id": courier})).await.expect(200);
    for statut in ["en_preparation", "en_livraison"] {
        app.patch(&admin, &format!("/orders/{order}/status"), &json!({"statut": statut})).await.expect(200);
    }
    Full { app, admin, product, order }
}

/// What deliveries answer, every field with a value.
async fn at_the_door(app: &App, admin: &str, order: i64) -> Vec<(&'static str, Value)> {
    let item = app.get(admin, &format!("/orders/{order}")).await.expect(200).json()["items"][0]["id"].clone();
    let part = json!({"id": "7c9e6679-7425-40de-944b-e07fc1f90ae7", "type": "livraison", "order_id": order,
        "survenu_le": "2026-03-10T09:30:00Z", "motif": "endommage", "note": "Une fuite", "receveur": "Anne",
        "montant_encaisse": 8.9, "lignes": [{"item_id": item, "remis": 1}]});
    let mut late = part.clone();
    late["id"] = json!("0f8fad5b-d9cb-469f-a165-70867728950e");
    let batch = json!({"envoye_le": "2026-03-10T10:00:00Z", "actions": [part, late, {"id": "x"}]});
    let answered = app.post(admin, "/livraisons/actions", &batch).await.expect(200).json();
    let resultats = &answered["resultats"];
    let query = "type=photo&tentative_id=7c9e6679-7425-40de-944b-e07fc1f90ae7";
    let call = app.call(http::Method::POST, &format!("/api/v1/orders/{order}/preuves?{query}")).bearer(admin);
    let proof = call.file("image/png", &a_png(1, 1, 0)).send().await.expect(201).json();
    let correction = json!({"motif": "Recompté", "lignes": [{"item_id": item, "remis": 2}]});
    app.post(admin, &format!("/orders/{order}/corrections"), &correction).await.expect(201);
    let get = async |path: &str| app.get(admin, path).await.expect(200).json();
    vec![
        ("POST /livraisons/actions (appliquee)", resultats[0].clone()),
        ("POST /livraisons/actions (conflit)", resultats[1].clone()),
        ("POST /livraisons/actions (invalide)", resultats[2].clone()),
        ("POST /orders/{id}/preuves", proof),
        ("GET /orders/{id}/preuves", get(&format!("/orders/{order}/preuves")).await),
        ("GET /orders/{id}/tentatives", get(&format!("/orders/{order}/tentatives")).await),
        ("GET /orders/{id}/corrections", get(&format!("/orders/{order}/corrections")).await),
        ("GET /livraisons", get("/livraisons").await),
        ("GET /dashboard/livraisons-du-jour", get("/dashboard/livraisons-du-jour").await),
    ]
}

#[tokio::test]
async fn every_answer_has_the_shape_that_was_written_down() {
    let Full { app, admin, product, order } = full().await;
    let mut shapes = Map::new();
    for path in [
        "/auth/me".to_owned(),
        "/auth/sessions".into(),
        "/users".into(),
        "/users/livreurs".into(),
        "/users/roles".into(),
        "/categories".into(),
        "/categories/all".into(),
        "/categories/1".into(),
        "/products".into(),
        "/stocks".into(),
        "/stocks/alerts".into(),
        format!("/stocks/{product}"),
        "/stocks/movements".into(),
        "/clients".into(),
        "/clients/1".into(),
        "/orders".into(),
        format!("/orders/{order}"),
        "/orders?per_page=1&sort=total".into(),
        "/orders/statuses".into(),
        format!("/orders/{order}/history"),
        "/audit?table=orders".into(),
        "/dashboard/summary".into(),
        "/dashboard/commandes-details".into(),
    ] {
        let answer = app.get(&admin, &path).await.expect(200).json();
        shapes.insert(format!("GET {path}"), shape(&answer));
    }
    for (name, answer) in at_the_door(&app, &admin, order).await {
        shapes.insert(name.to_owned(), shape(&answer));
    }
    let file = b"reference;prix;stock\nM-1;9;50\n";
    for (name, query, status) in [("dry run", "?dry_run=true", 200), ("import", "?fichier=tarif.csv", 201)] {
        let answer = super::imports::send(&app, &admin, query, "text/csv", file).await.expect(status).json();
        shapes.insert(format!("POST /products/import ({name})"), shape(&answer));
    }
    for path in ["/imports", "/imports/1/lines"] {
        shapes.insert(format!("GET {path}"), shape(&app.get(&admin, path).await.expect(200).json()));
    }
    let undone = app.post(&admin, "/imports/1/undo", &json!({})).await.expect(200).json();
    shapes.insert("POST /imports/1/undo".into(), shape(&undone));
    shapes.insert("GET /imports/1".into(), shape(&app.get(&admin, "/imports/1").await.expect(200).json()));
    let movement = json!({"product_id": product, "quantite": 1, "motif": "essai"});
    shapes.insert(
        "POST /stocks/entry".into(),
        shape(&app.post(&admin, "/stocks/entry", &movement).await.expect(201).json()),
    );
    let login = json!({"email": "karim@test.example", "password": "une phrase sûre"});
    shapes.insert("POST /auth/login".into(), shape(&app.post("", "/auth/login", &login).await.expect(200).json()));
    insta::assert_snapshot!(serde_json::to_string_pretty(&Value::Object(shapes)).expect("json"));
}

#[tokio::test]
async fn every_refusal_has_the_shape_that_was_written_down() {
    let Full { app, admin, product, order } = full().await;
    let mut shapes = Map::new();
    let mut add = |name: &str, answer: super::Answer| {
        let mut told = shape(&answer.json());
        told["code"] = answer.json()["code"].clone();
        shapes.insert(format!("{} {name}", answer.status.as_u16()), told);
    };
    add("nobody", app.get("", "/products").await);
    add("nowhere", app.get(&admin, "/nothing").await);
    add("wrong fields", app.post(&admin, "/orders", &json!({"items": [{}]})).await);
    add(
        "illegal transition",
        app.patch(&admin, &format!("/orders/{order}/status"), &json!({"statut": "confirmee"})).await,
    );
    let body = json!({"client_nom": "x", "confirmer": true, "items": [{"product_id": product, "quantity": 99}]});
    add("short stock", app.post(&admin, "/orders", &body).await);
    add("short exit", app.post(&admin, "/stocks/exit", &json!({"product_id": product, "quantite": 99})).await);
    let stale = app.call(http::Method::PUT, &format!("/api/v1/products/{product}")).bearer(&admin);
    add("stale version", stale.header("if-match", "\"77\"").json(&json!({})).send().await);
    add("held product", app.delete(&admin, &format!("/products/{product}")).await);
    add("wrong lines", super::imports::import(&app, &admin, "reference;prix\nM-1;x").await);
    super::imports::import(&app, &admin, "reference;prix\nM-1;9").await.expect(201);
    app.put(&admin, &format!("/products/{product}"), &json!({"prix": 10})).await.expect(200);
    add("used import", app.post(&admin, "/imports/1/undo", &json!({})).await);
    insta::assert_snapshot!(serde_json::to_string_pretty(&Value::Object(shapes)).expect("json"));
}
