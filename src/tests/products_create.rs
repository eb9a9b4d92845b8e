//! POST /api/v1/products, and one product as it is read back.

use serde_json::{Value, json};

use super::products::{found, shop};
use crate::auth::permission::Role;

#[tokio::test]
async fn the_cost_is_seen_by_admin_and_controleur_alone() {
    let (app, admin, category) = shop().await;
    let body = json!({"nom": "Thé", "prix": 8, "prix_achat": "3.10", "category_id": category});
    let id = app.post(&admin, "/products", &body).await.expect(201).json()["id"].clone();
    for role in Role::ALL {
        let token = app.token(role).await;
        let seen = matches!(role, Role::Admin | Role::Controleur);
        for path in [format!("/products/{id}"), "/products".to_owned()] {
            let answer = app.get(&token, &path).await.expect(200);
            assert_eq!(answer.text.contains("prix_achat"), seen, "{path} as {}", role.as_str());
            assert_eq!(answer.text.contains("\"prix_achat\":3.10"), seen, "{path} as {}", role.as_str());
        }
    }
}

#[tokio::test]
async fn the_example_of_the_reference_makes_a_product_with_its_entry() {
    let (app, admin, category) = shop().await;
    let body = json!({"nom": "Nouveau Produit", "prix": 15.99, "category_id": category, "stock_initial": 50});
    let answer = app.post(&admin, "/products", &body).await.expect(201);
    let product = answer.json();
    let id = product["id"].as_i64().expect("an id");
    assert_eq!(answer.header("location"), format!("/api/v1/products/{id}"));
    assert_eq!(answer.header("etag"), "\"1\"");
    assert!(answer.text.contains("\"prix\":15.99"), "{}", answer.text);
    assert_eq!(product["category"], json!({"id": category, "nom": "Épicerie"}));
    assert_eq!(
        (product["taux_tva"].as_f64(), &product["is_active"]),
        (Some(20.0), &json!(true)),
        "the shop's default rate"
    );
    let stock =
        json!({"quantite": 50, "quantite_reservee": 0, "quantite_disponible": 50, "seuil_alerte": 0, "statut": "ok"});
    assert_eq!(product["stock"], stock);
    assert_eq!(
        app.get(&admin, &format!("/products/{id}")).await.expect(200).json(),
        product,
        "read back as it was answered"
    );
    let movements: Vec<(String, i64, i64, i64)> =
        sqlx::query_as("select type, quantite, stock_avant, stock_apres from stock_movements where product_id = $1")
            .bind(id)
            .fetch_all(&app.db)
            .await
            .expect("movements");
    assert_eq!(movements, [("entree".to_owned(), 50, 0, 50)]);
    app.product(&admin, "Sans stock", 100, 0).await;
    let count: i64 =
        sqlx::query_scalar("select count(*) from stock_movements").fetch_one(&app.db).await.expect("count");
    assert_eq!(count, 1, "no stock, no entry");
    app.assert_sound().await;
}

#[tokio::test]
async fn money_keeps_its_digits_and_a_third_decimal_is_refused() {
    let (app, admin, category) = shop().await;
    for (sent, wire) in [
        ("15.9", "15.90"),
        ("15.90", "15.90"),
        ("\"15.90\"", "15.90"),
        ("\"15,9\"", "15.90"),
        ("15.990", "15.99"),
        ("0", "0.00"),
        ("0.07", "0.07"),
        ("1.1", "1.10"),
        ("9999999.99", "9999999.99"),
        ("4.35", "4.35"),
    ] {
        let body = format!("{{\"nom\": \"x\", \"category_id\": {category}, \"prix\": {sent}}}");
        let call = app.call(http::Method::POST, "/api/v1/products").bearer(&admin).body("application/json", &body);
        let answer = call.send().await.expect(201);
        assert!(answer.text.contains(&format!("\"prix\":{wire},")), "{sent} → {}", answer.text);
    }
    for wrong in [
        json!(15.999),
        json!("15.999"),
        json!(0.001),
        json!(-0.01),
        json!(10_000_000),
        json!("abc"),
        json!(true),
        json!(null),
        json!([1]),
    ] {
        let body = json!({"nom": "x", "category_id": category, "prix": wrong});
        assert_eq!(
            app.post(&admin, "/products", &body).await.refused(422, "champs_invalides").fields(),
            ["prix"],
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn a_reference_is_one_products_whatever_its_case() {
    let (app, admin, category) = shop().await;
    let body = |reference: &str| json!({"nom": "x", "prix": 1, "category_id": category, "reference": reference});
    app.post(&admin, "/products", &body("Ref-1")).await.expect(201);
    app.post(&admin, "/products", &body(" rEF-1 ")).await.refused(409, "reference_deja_utilisee");
    app.post(&admin, "/products", &body("")).await.expect(201);
    app.post(&admin, "/products", &body("")).await.expect(201);
    app.run("update products set is_deleted = true, deleted_at = now(), deleted_by = 1 where reference is not null")
        .await;
    app.post(&admin, "/products", &body("REF-1")).await.expect(201);
}

#[tokio::test]
async fn limits_of_a_new_product_are_those_of_the_contract() {
    let (app, admin, category) = shop().await;
    let with = |name: &str, value: Value| {
        let mut body = json!({"nom": "x", "prix": 1, "category_id": category});
        body[name] = value;
        body
    };
    for (name, value) in [
        ("nom", json!("é".repeat(201))),
        ("nom", json!("  ")),
        ("nom", json!("a\u{7}b")),
        ("nom", json!("a\nb")),
        ("reference", json!("r".repeat(65))),
        ("description", json!("d".repeat(5_001))),
        ("taux_tva", json!(100.01)),
        ("taux_tva", json!(-1)),
        ("prix_achat", json!("1.001")),
        ("seuil_alerte", json!(-1)),
        ("stock_initial", json!(1_000_000_001_i64)),
        ("stock_initial", json!(1.5)),
        ("stock_initial", json!("5")),
        ("is_active", json!("true")),
        ("category_id", json!(999_999)),
        ("category_id", json!("1")),
    ] {
        let answer = app.post(&admin, "/products", &with(name, value.clone())).await.refused(422, "champs_invalides");
        assert_eq!(answer.fields(), [name], "{name} = {value}");
    }
    for (name, value) in [
        ("nom", json!("é".repeat(200))),
        ("description", json!("a\nb")),
        ("taux_tva", json!("5,5")),
        ("stock_initial", json!(1_000_000_000)),
    ] {
        app.post(&admin, "/products", &with(name, value)).await.expect(201);
    }
    app.run(format!(
        "update categories set is_deleted = true, deleted_at = now(), deleted_by = 1 where id = {category}"
    ))
    .await;
    let gone = app.post(&admin, "/products", &with("nom", json!("y"))).await.refused(422, "champs_invalides");
    assert_eq!(gone.fields(), ["category_id"], "a deleted category is unknown");
}

#[tokio::test]
async fn a_deleted_product_is_nowhere() {
    let (app, admin, _) = shop().await;
    let id = app.product(&admin, "Thé", 800, 5).await;
    app.run("update products set is_deleted = true, deleted_at = now(), deleted_by = 1").await;
    app.get(&admin, &format!("/products/{id}")).await.refused(404, "introuvable");
    assert!(found(&app, &admin, "").await.is_empty());
}
