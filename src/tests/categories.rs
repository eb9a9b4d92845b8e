//! /api/v1/categories

use http::Method;
use serde_json::{Value, json};

use super::App;
use crate::auth::permission::Role;

async fn shop() -> (App, String) {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    (app, admin)
}

async fn made(app: &App, admin: &str, body: Value) -> Value {
    app.post(admin, "/categories", &body).await.expect(201).json()
}

fn names(answer: &Value) -> Vec<String> {
    let items = answer["items"].as_array().expect("items");
    items.iter().filter_map(|item| item["nom"].as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn a_category_is_made_changed_deleted_and_brought_back() {
    let (app, admin) = shop().await;
    let first =
        app.post(&admin, "/categories", &json!({"nom": " Thés ", "description": "Noirs et verts"})).await.expect(201);
    let id = first.json()["id"].as_i64().expect("an id");
    assert_eq!(first.header("location"), format!("/api/v1/categories/{id}"));
    assert_eq!((first.json()["nom"].as_str(), first.json()["ordre"].as_i64()), (Some("Thés"), Some(1)));
    let path = format!("/categories/{id}");
    let changed = app.put(&admin, &path, &json!({"description": null, "ordre": 7})).await.expect(200).json();
    assert_eq!(
        (&changed["nom"], &changed["description"], &changed["ordre"]),
        (&json!("Thés"), &json!(null), &json!(7))
    );
    assert_eq!(changed["version"], 2);
    app.put(&admin, &path, &json!({"nom": null})).await.refused(422, "champs_invalides");

    app.delete(&admin, &path).await.expect(204);
    app.get(&admin, &path).await.refused(404, "introuvable");
    app.delete(&admin, &path).await.refused(404, "introuvable");
    let seen = app.get(&admin, &format!("{path}?include_deleted=true")).await.expect(200).json();
    assert_eq!((&seen["is_deleted"], seen["deleted_at"].is_string()), (&json!(true), true));
    let restored = app.post(&admin, &format!("{path}/restore"), &json!({})).await.expect(200).json();
    assert_eq!((&restored["is_deleted"], &restored["deleted_at"]), (&json!(false), &json!(null)));
    app.get(&admin, &path).await.expect(200);
    app.assert_sound().await;
}

#[tokio::test]
async fn what_the_answer_carries_may_be_sent_back() {
    let (app, admin) = shop().await;
    let category = made(&app, &admin, json!({"nom": "Vins"})).await;
    let path = format!("/categories/{}", category["id"]);
    let again = app.put(&admin, &path, &category).await.expect(200).json();
    assert_eq!(again["version"], 1, "nothing changed: no new version");
    let mut odd = category;
    odd["couleur"] = json!("rouge");
    assert_eq!(app.put(&admin, &path, &odd).await.refused(422, "champs_invalides").fields(), ["couleur"]);
}

#[tokio::test]
async fn names_are_unique_among_the_living_whatever_their_case_and_accents() {
    let (app, admin) = shop().await;
    let first = made(&app, &admin, json!({"nom": "Épicerie"})).await;
    app.post(&admin, "/categories", &json!({"nom": "epicerie"})).await.refused(409, "nom_deja_utilise");
    let other = made(&app, &admin, json!({"nom": "Boissons"})).await;
    app.put(&admin, &format!("/categories/{}", other["id"]), &json!({"nom": "ÉPICERIE"}))
        .await
        .refused(409, "nom_deja_utilise");
    app.delete(&admin, &format!("/categories/{}", first["id"])).await.expect(204);
    made(&app, &admin, json!({"nom": "Epicerie"})).await;
    app.post(&admin, &format!("/categories/{}/restore", first["id"]), &json!({}))
        .await
        .refused(409, "nom_deja_utilise");
}

#[tokio::test]
async fn a_category_with_living_products_stays() {
    let (app, admin) = shop().await;
    let category = made(&app, &admin, json!({"nom": "Miels"})).await;
    let product = app.product(&admin, "Miel d'acacia", 890, 0).await;
    let path = format!("/categories/{}", category["id"]);
    let refused = app.delete(&admin, &path).await.refused(409, "etat_incompatible");
    assert_eq!(refused.json()["nombre_produits"], 1);
    assert_eq!(app.get(&admin, &path).await.expect(200).json()["nombre_produits"], 1);
    let products = app.get(&admin, &format!("{path}/products")).await.expect(200).json();
    assert_eq!(names(&products), ["Miel d'acacia"]);
    assert_eq!(
        app.get(&admin, &format!("{path}/products?category_id=1")).await.refused(422, "champs_invalides").fields(),
        ["category_id"]
    );
    app.delete(&admin, &format!("/products/{product}")).await.expect(204);
    app.delete(&admin, &path).await.expect(204);
    app.get(&admin, &format!("{path}/products")).await.refused(404, "introuvable");
    app.post(&admin, "/products", &json!({"nom": "x", "prix": 1, "category_id": category["id"]}))
        .await
        .refused(422, "champs_invalides");
    let refused =
        app.post(&admin, &format!("/products/{product}/restore"), &json!({})).await.refused(409, "etat_incompatible");
    assert_eq!(refused.json()["category_id"], category["id"]);
}

#[tokio::test]
async fn the_order_is_chosen_whole_or_not_at_all() {
    let (app, admin) = shop().await;
    let mut ids = Vec::new();
    for nom in ["A", "B", "C"] {
        ids.push(made(&app, &admin, json!({"nom": nom})).await["id"].as_i64().expect("an id"));
    }
    let [a, b, c] = ids[..] else { panic!("three") };
    let answer = app.post(&admin, "/categories/reorder", &json!({"ids": [c, a, b]})).await.expect(200).json();
    assert_eq!(names(&answer), ["C", "A", "B"]);
    assert_eq!(names(&app.get(&admin, "/categories/all").await.expect(200).json()), ["C", "A", "B"]);
    assert_eq!(names(&app.get(&admin, "/categories").await.expect(200).json()), ["C", "A", "B"]);
    assert_eq!(names(&app.get(&admin, "/categories?sort=-nom").await.expect(200).json()), ["C", "B", "A"]);
    for wrong in [json!([a, b]), json!([a, b, c, c]), json!([a, b, 999_999]), json!([]), json!("x"), json!([a, b, "c"])]
    {
        let refused =
            app.post(&admin, "/categories/reorder", &json!({"ids": wrong})).await.refused(422, "champs_invalides");
        assert_eq!(refused.fields(), ["ids"], "{wrong}");
    }
    app.post(&admin, "/categories/reorder", &json!({})).await.refused(422, "champs_invalides");
    app.assert_sound().await;
}

#[tokio::test]
async fn deleted_rows_are_for_admins_who_ask() {
    let (app, admin) = shop().await;
    let category = made(&app, &admin, json!({"nom": "Passé"})).await;
    app.delete(&admin, &format!("/categories/{}", category["id"])).await.expect(204);
    assert_eq!(names(&app.get(&admin, "/categories").await.expect(200).json()), [""; 0]);
    assert_eq!(names(&app.get(&admin, "/categories?include_deleted=true").await.expect(200).json()), ["Passé"]);
    for role in [Role::Controleur, Role::SimpleUtilisateur, Role::Livreur] {
        let token = app.token(role).await;
        app.get(&token, "/categories?include_deleted=true&couleur=x").await.refused(403, "acces_refuse");
        app.get(&token, &format!("/categories/{}?include_deleted=true", category["id"]))
            .await
            .refused(403, "acces_refuse");
        app.get(&token, "/categories?include_deleted=false").await.expect(200);
    }
}

#[tokio::test]
async fn a_stale_version_is_refused_on_every_write() {
    let (app, admin) = shop().await;
    let category = made(&app, &admin, json!({"nom": "Vins"})).await;
    let path = format!("/api/v1/categories/{}", category["id"]);
    for (method, body) in [(Method::PUT, Some(json!({"nom": "Cidres"}))), (Method::DELETE, None)] {
        let mut call = app.call(method, &path).bearer(&admin).header("if-match", "\"9\"");
        if let Some(body) = &body {
            call = call.json(body);
        }
        call.send().await.refused(412, "version_perimee");
    }
    app.call(Method::DELETE, &path).bearer(&admin).header("if-match", "\"1\"").send().await.expect(204);
    app.call(Method::POST, &format!("{path}/restore"))
        .bearer(&admin)
        .header("if-match", "\"1\"")
        .send()
        .await
        .refused(412, "version_perimee");
    app.call(Method::POST, &format!("{path}/restore"))
        .bearer(&admin)
        .header("if-match", "W/\"2\"")
        .send()
        .await
        .expect(200);
}
