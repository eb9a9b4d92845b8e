//! /api/v1/stocks

use serde_json::{Value, json};

use super::App;
use crate::auth::permission::Role;

async fn shop() -> (App, String) {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    (app, admin)
}

fn items(answer: &Value) -> &Vec<Value> {
    answer["items"].as_array().expect("items")
}

fn names(answer: &Value) -> Vec<&str> {
    items(answer).iter().filter_map(|item| item["product"]["nom"].as_str()).collect()
}

#[tokio::test]
async fn every_kind_of_movement_moves_the_stock_as_it_says() {
    let (app, admin) = shop().await;
    let product = app.product(&admin, "Cidre", 450, 10).await;
    let moved = async |kind: &str, quantity: i64| {
        let body = json!({"product_id": product, "type": kind, "quantite": quantity, "motif": "essai"});
        app.post(&admin, "/stocks/movements", &body).await.expect(201).json()
    };
    for (kind, quantity, signed, after) in [
        ("entree", 5, 5, 15),
        ("sortie", 3, -3, 12),
        ("retour", 2, 2, 14),
        ("ajustement", 9, -5, 9),
        ("ajustement", 9, 0, 9),
    ] {
        let movement = moved(kind, quantity).await;
        assert_eq!((&movement["quantite"], &movement["stock_apres"]), (&json!(signed), &json!(after)), "{kind}");
        assert_eq!(movement["stock_avant"], json!(after - signed));
        assert_eq!((&movement["type"], &movement["motif"]), (&json!(kind), &json!("essai")));
        assert_eq!((&movement["product"]["nom"], &movement["auteur"]), (&json!("Cidre"), &json!("Anne Test")));
    }
    let body = json!({"product_id": product, "quantite": 4});
    let entry = app.post(&admin, "/stocks/entry", &body).await.expect(201);
    assert_eq!(entry.header("location"), format!("/api/v1/stocks/{product}/movements"));
    assert_eq!(app.post(&admin, "/stocks/exit", &body).await.expect(201).json()["stock_apres"], 9);
    let list = app.get(&admin, &format!("/stocks/{product}/movements")).await.expect(200).json();
    assert_eq!((list["total"].as_i64(), items(&list)[0]["type"].as_str()), (Some(8), Some("sortie")), "newest first");
    let counts = app.get(&admin, "/stocks/movements?type=ajustement").await.expect(200).json();
    assert_eq!(counts["total"], 2);
    app.assert_sound().await;
}

#[tokio::test]
async fn movements_that_cannot_be_are_refused_at_their_field() {
    let (app, admin) = shop().await;
    let product = app.product(&admin, "Cidre", 450, 10).await;
    for (body, fields) in [
        (json!({}), vec!["type", "product_id", "quantite"]),
        (json!({"product_id": product, "type": "vente", "quantite": 1}), vec!["type"]),
        (json!({"product_id": product, "type": "don", "quantite": 1}), vec!["type"]),
        (json!({"product_id": product, "type": "entree", "quantite": 0}), vec!["quantite"]),
        (json!({"product_id": product, "type": "sortie", "quantite": -1}), vec!["quantite"]),
        (json!({"product_id": product, "type": "ajustement", "quantite": -1}), vec!["quantite"]),
        (json!({"product_id": product, "type": "entree", "quantite": 1.5}), vec!["quantite"]),
        (json!({"product_id": product, "type": "entree", "quantite": 1_000_000_000}), vec!["quantite"]),
        (json!({"product_id": 999_999, "type": "entree", "quantite": 1}), vec!["product_id"]),
        (json!({"product_id": product, "type": "entree", "quantite": 1, "prix": 2}), vec!["prix"]),
    ] {
        let refused = app.post(&admin, "/stocks/movements", &body).await.refused(422, "champs_invalides");
        assert_eq!(refused.fields(), fields, "{body}");
    }
    assert_eq!(app.stock(product).await, (10, 0));
}

#[tokio::test]
async fn what_is_reserved_neither_leaves_nor_is_counted_away() {
    let (app, admin) = shop().await;
    let product = app.product(&admin, "Cidre", 450, 10).await;
    let order = app.order(&admin, &[(product, 7)]).await;
    app.post(&admin, &format!("/orders/{}/confirm", order["id"]), &json!({})).await.expect(200);
    let exit = app.post(&admin, "/stocks/exit", &json!({"product_id": product, "quantite": 4})).await;
    assert_eq!(exit.refused(409, "stock_insuffisant").json()["disponible"], 3);
    let count = json!({"product_id": product, "type": "ajustement", "quantite": 6});
    let refused = app.post(&admin, "/stocks/movements", &count).await.refused(409, "stock_reserve");
    assert_eq!(refused.json()["commandes"], json!([order["numero"]]));
    let count = json!({"product_id": product, "type": "ajustement", "quantite": 7});
    app.post(&admin, "/stocks/movements", &count).await.expect(201);
    assert_eq!(app.stock(product).await, (7, 7));
    app.assert_sound().await;
}

#[tokio::test]
async fn stocks_are_listed_searched_and_the_short_ones_named_first() {
    let (app, admin) = shop().await;
    for (nom, stock, threshold) in [("Bière", 5, 5), ("Cidre", 0, 0), ("Eau", 50, 5), ("Élixir", 2, 3)] {
        let product = app.product(&admin, nom, 100, stock).await;
        app.put(&admin, &format!("/stocks/{product}"), &json!({"seuil_alerte": threshold})).await.expect(200);
    }
    assert_eq!(names(&app.get(&admin, "/stocks").await.expect(200).json()), ["Bière", "Cidre", "Eau", "Élixir"]);
    assert_eq!(names(&app.get(&admin, "/stocks?search=elix").await.expect(200).json()), ["Élixir"]);
    assert_eq!(names(&app.get(&admin, "/stocks?statut=alerte").await.expect(200).json()), ["Bière", "Élixir"]);
    let short = app.get(&admin, "/stocks?statut=alerte&statut=rupture&sort=urgence").await.expect(200).json();
    assert_eq!(names(&short), ["Cidre", "Bière", "Élixir"], "either");
    assert_eq!(names(&app.get(&admin, "/stocks?sort=-disponible").await.expect(200).json())[0], "Eau");
    let alerts = app.get(&admin, "/stocks/alerts").await.expect(200).json();
    assert_eq!(names(&alerts), ["Cidre", "Élixir", "Bière"], "ruptures first");
    assert_eq!((&alerts["items"][0]["statut"], &alerts["items"][1]["statut"]), (&json!("rupture"), &json!("alerte")));
    app.get(&admin, "/stocks?statut=vide").await.refused(422, "champs_invalides");
}

#[tokio::test]
async fn a_threshold_has_a_version_of_its_own() {
    let (app, admin) = shop().await;
    let product = app.product(&admin, "Cidre", 450, 10).await;
    let path = format!("/stocks/{product}");
    let stock = app.get(&admin, &path).await.expect(200);
    assert_eq!((stock.json()["quantite_disponible"].as_i64(), stock.header("etag")), (Some(10), "\"1\""));
    let product_version = app.get(&admin, &format!("/products/{product}")).await.header("etag").to_owned();
    let put = async |tag: &str, body: Value| {
        app.call(http::Method::PUT, &format!("/api/v1{path}"))
            .bearer(&admin)
            .header("if-match", tag)
            .json(&body)
            .send()
            .await
    };
    put("\"7\"", json!({"seuil_alerte": 4})).await.refused(412, "version_perimee");
    let changed = put("\"1\"", json!({"seuil_alerte": 4})).await.expect(200);
    assert_eq!((changed.json()["seuil_alerte"].as_i64(), changed.header("etag")), (Some(4), "\"2\""));
    let mut whole = changed.json();
    whole["seuil_alerte"] = json!(12);
    assert_eq!(put("\"2\"", whole).await.expect(200).json()["statut"], "alerte");
    put("\"3\"", json!({"seuil_alerte": null})).await.refused(422, "champs_invalides");
    assert_eq!(
        app.get(&admin, &format!("/products/{product}")).await.header("etag"),
        product_version,
        "stock does not bump its product"
    );
    app.delete(&admin, &format!("/products/{product}")).await.expect(204);
    app.get(&admin, &path).await.refused(404, "introuvable");
    app.get(&admin, &format!("{path}/movements")).await.refused(404, "introuvable");
    let body = json!({"product_id": product, "quantite": 1});
    app.post(&admin, "/stocks/entry", &body).await.refused(422, "champs_invalides");
}

#[tokio::test]
async fn movements_of_orders_name_them_and_periods_are_business_days() {
    let (app, admin) = shop().await;
    let product = app.product(&admin, "Cidre", 450, 10).await;
    let (courier, _) = app.user(Role::Livreur).await;
    let order = app.order(&admin, &[(product, 2)]).await;
    let path = format!("/orders/{}", order["id"]);
    app.post(&admin, &format!("{path}/confirm"), &json!({})).await.expect(200);
    app.post(&admin, &format!("{path}/assign-livreur"), &json!({"livreur_id": courier})).await.expect(200);
    for statut in ["en_preparation", "en_livraison"] {
        app.patch(&admin, &format!("{path}/status"), &json!({"statut": statut})).await.expect(200);
    }
    let sold = app.get(&admin, &format!("/stocks/movements?order_id={}", order["id"])).await.expect(200).json();
    assert_eq!((&items(&sold)[0]["type"], &items(&sold)[0]["numero"]), (&json!("vente"), &order["numero"]));
    assert_eq!(items(&sold)[0]["quantite"], -2);
    let today: chrono::NaiveDate =
        sqlx::query_scalar("select business_day(now())").fetch_one(&app.db).await.expect("a day");
    let count = async |query: String| {
        app.get(&admin, &format!("/stocks/movements?{query}")).await.expect(200).json()["total"].clone()
    };
    assert_eq!(count(format!("start_date={today}&end_date={today}")).await, 2);
    assert_eq!(count(format!("end_date={}", today - chrono::TimeDelta::days(1))).await, 0);
    app.get(&admin, "/stocks/movements?start_date=2026-02-02&end_date=2026-02-01")
        .await
        .refused(422, "champs_invalides");
    app.get(&admin, "/stocks/movements?start_date=2026-02-30").await.refused(422, "champs_invalides");
}
