//! /api/v1/orders: changing what stands on an order, its lines, deleting and bringing it back.

use http::Method;
use serde_json::{Value, json};

use super::App;
use crate::auth::permission::Role;

async fn shop() -> (App, String, Vec<i64>) {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    let mut products = Vec::new();
    for (nom, cents, stock) in [("Miel", 800, 10), ("Thé", 1250, 5), ("Sel", 333, 2)] {
        products.push(app.product(&admin, nom, cents, stock).await);
    }
    (app, admin, products)
}

fn path(order: &Value, rest: &str) -> String {
    format!("/orders/{}{rest}", order["id"])
}

/// `(product, quantity, price)` of each line.
fn lines(order: &Value) -> Vec<(i64, i64, f64)> {
    let line = |i: &Value| {
        (
            i["product_id"].as_i64().expect("id"),
            i["quantity"].as_i64().expect("n"),
            i["prix_unitaire"].as_f64().expect("price"),
        )
    };
    order["items"].as_array().expect("items").iter().map(line).collect()
}

#[tokio::test]
async fn a_draft_changes_whole_and_kept_products_keep_their_price() {
    let (app, admin, p) = shop().await;
    let order = app.order(&admin, &[(p[0], 2), (p[1], 1)]).await;
    app.put(&admin, &format!("/products/{}", p[0]), &json!({"prix": 9.99, "nom": "Miel de lavande"})).await.expect(200);
    let body = json!({"client_nom": "Anne", "client_telephone": null, "ville": "Nantes", "creneau_debut": "09:00",
        "items": [{"product_id": p[2], "quantity": 3}, {"product_id": p[0], "quantity": 5}]});
    let changed = app.put(&admin, &path(&order, ""), &body).await.expect(200).json();
    assert_eq!(lines(&changed), [(p[0], 5, 8.0), (p[2], 3, 3.33)]);
    assert_eq!(changed["items"][0]["product_nom"], "Miel", "a line tells what its product was");
    assert_eq!(
        (&changed["client_nom"], &changed["client_telephone"], &changed["ville"]),
        (&json!("Anne"), &json!(null), &json!("Nantes"))
    );
    assert_eq!(changed["total"], json!(49.99), "5 × 8.00 + 3 × 3.33");
    assert_eq!(changed["client_id"], order["client_id"], "another name is not another client");
    let slot =
        app.put(&admin, &path(&order, ""), &json!({"creneau_fin": "08:00"})).await.refused(422, "champs_invalides");
    assert_eq!(slot.fields(), ["creneau_fin"], "judged as it becomes");
    let emptied = app.put(&admin, &path(&order, ""), &json!({"items": []})).await.expect(200).json();
    assert_eq!((lines(&emptied).len(), &emptied["total"]), (0, &json!(0.0)));
    app.assert_sound().await;
}

#[tokio::test]
async fn the_whole_answer_may_be_sent_back() {
    let (app, admin, p) = shop().await;
    let order = app.order(&admin, &[(p[0], 2), (p[1], 1)]).await;
    let again = app.put(&admin, &path(&order, ""), &order).await.expect(200).json();
    assert_eq!(again, order, "nothing changed, not even the version");
    let odd = json!({"items": [{"product_id": p[0], "quantity": 1, "remise": 5}]});
    assert_eq!(
        app.put(&admin, &path(&order, ""), &odd).await.refused(422, "champs_invalides").fields(),
        ["items[0].remise"]
    );
    let cleared = json!({"client_nom": null, "items": null, "client_id": null});
    let refused = app.put(&admin, &path(&order, ""), &cleared).await.refused(422, "champs_invalides");
    assert_eq!(refused.fields(), ["client_id", "client_nom", "items"]);
}

#[tokio::test]
async fn a_confirmed_order_reserves_the_difference_or_refuses() {
    let (app, admin, p) = shop().await;
    let order = app.order(&admin, &[(p[0], 4), (p[1], 2)]).await;
    app.post(&admin, &path(&order, "/confirm"), &json!({})).await.expect(200);
    let items = |list: &[(i64, i64)]| {
        let items: Vec<_> = list.iter().map(|(p, q)| json!({"product_id": p, "quantity": q})).collect();
        json!({"items": items})
    };
    app.put(&admin, &path(&order, ""), &items(&[(p[0], 7), (p[2], 2)])).await.expect(200);
    assert_eq!((app.stock(p[0]).await, app.stock(p[1]).await, app.stock(p[2]).await), ((10, 7), (5, 0), (2, 2)));
    let short = app.put(&admin, &path(&order, ""), &items(&[(p[0], 12), (p[2], 3), (p[1], 1)])).await;
    let short = short.refused(409, "stock_insuffisant").json();
    assert_eq!(short["lignes"].as_array().map(Vec::len), Some(2), "every short line: {short}");
    assert_eq!((&short["lignes"][0]["disponible"], &short["lignes"][0]["demande"]), (&json!(3), &json!(5)));
    assert_eq!((app.stock(p[0]).await, app.stock(p[1]).await), ((10, 7), (5, 0)), "nothing happened");
    app.put(&admin, &path(&order, ""), &json!({"items": []})).await.refused(409, "etat_incompatible");
    app.assert_sound().await;
}

#[tokio::test]
async fn what_is_under_way_changes_its_delivery_alone_and_what_has_ended_nothing() {
    let (app, admin, p) = shop().await;
    let (courier, _) = app.user(Role::Livreur).await;
    let order = app.order(&admin, &[(p[0], 2)]).await;
    app.post(&admin, &path(&order, "/confirm"), &json!({})).await.expect(200);
    app.post(&admin, &path(&order, "/assign-livreur"), &json!({"livreur_id": courier})).await.expect(200);
    for statut in ["en_preparation", "en_livraison"] {
        app.patch(&admin, &path(&order, "/status"), &json!({"statut": statut})).await.expect(200);
        let moved =
            app.put(&admin, &path(&order, ""), &json!({"ville": statut, "notes": "Sonner"})).await.expect(200).json();
        assert_eq!((&moved["ville"], &moved["notes"]), (&json!(statut), &json!("Sonner")));
        app.put(&admin, &path(&order, ""), &moved).await.expect(200);
        for body in [
            json!({"client_nom": "Autre"}),
            json!({"items": [{"product_id": p[0], "quantity": 3}]}),
            json!({"items": []}),
        ] {
            app.put(&admin, &path(&order, ""), &body).await.refused(409, "etat_incompatible");
        }
        app.post(&admin, &path(&order, "/items"), &json!({"product_id": p[1], "quantity": 1}))
            .await
            .refused(409, "etat_incompatible");
        app.delete(&admin, &path(&order, &format!("/items/{}", order["items"][0]["id"])))
            .await
            .refused(409, "etat_incompatible");
    }
    app.patch(&admin, &path(&order, "/status"), &json!({"statut": "livree"})).await.expect(200);
    app.put(&admin, &path(&order, ""), &json!({"notes": "x"})).await.refused(409, "etat_incompatible");
    app.delete(&admin, &path(&order, "")).await.refused(409, "etat_incompatible");
    app.assert_sound().await;
}

#[tokio::test]
async fn lines_are_added_and_taken_off_one_by_one() {
    let (app, admin, p) = shop().await;
    let order = app.order(&admin, &[(p[0], 2)]).await;
    let added =
        app.post(&admin, &path(&order, "/items"), &json!({"product_id": p[1], "quantity": 1})).await.expect(201);
    assert_eq!(added.header("location"), format!("/api/v1{}", path(&order, "")));
    assert_eq!(lines(&added.json()), [(p[0], 2, 8.0), (p[1], 1, 12.5)]);
    let more =
        app.post(&admin, &path(&order, "/items"), &json!({"product_id": p[0], "quantity": 3})).await.expect(201).json();
    assert_eq!(lines(&more)[0], (p[0], 5, 8.0), "adds to its line");
    assert_eq!(more["version"], 3, "each change of lines bumps the order");
    app.post(&admin, &path(&order, "/confirm"), &json!({})).await.expect(200);
    app.post(&admin, &path(&order, "/items"), &json!({"product_id": p[0], "quantity": 6}))
        .await
        .refused(409, "stock_insuffisant");
    app.post(&admin, &path(&order, "/items"), &json!({"product_id": p[0], "quantity": 99_996}))
        .await
        .refused(422, "champs_invalides");
    let first = format!("/items/{}", more["items"][0]["id"]);
    app.delete(&admin, &path(&order, &first)).await.expect(204);
    app.delete(&admin, &path(&order, &first)).await.refused(404, "introuvable");
    assert_eq!((app.stock(p[0]).await, app.stock(p[1]).await), ((10, 0), (5, 1)));
    let last = format!("/items/{}", more["items"][1]["id"]);
    app.delete(&admin, &path(&order, &last)).await.refused(409, "etat_incompatible");
    app.assert_sound().await;
}

#[tokio::test]
async fn what_is_off_sale_or_unknown_is_not_put_on_an_order() {
    let (app, admin, p) = shop().await;
    let order = app.order(&admin, &[(p[0], 2)]).await;
    for product in [p[0], p[1]] {
        app.patch(&admin, &format!("/products/{product}/toggle-status"), &json!({})).await.expect(200);
    }
    let add = async |product: i64| {
        app.post(&admin, &path(&order, "/items"), &json!({"product_id": product, "quantity": 1})).await
    };
    // More of one that is on the order already is a sale too.
    for product in [p[1], p[0]] {
        let refused = add(product).await.refused(422, "champs_invalides");
        assert_eq!(
            (refused.fields(), &refused.json()["errors"][0]["code"]),
            (vec!["product_id".to_owned()], &json!("inactif"))
        );
    }
    assert_eq!(add(999_999).await.refused(422, "champs_invalides").json()["errors"][0]["code"], "inconnu");
    let items = json!({"items": [{"product_id": p[0], "quantity": 1}, {"product_id": p[0], "quantity": 1}, {"product_id": p[1], "quantity": 1}]});
    let refused = app.put(&admin, &path(&order, ""), &items).await.refused(422, "champs_invalides");
    assert_eq!(refused.fields(), ["items[2].product_id"], "by its place in what was sent");
    app.post(&admin, "/orders/999999/items", &json!({"product_id": 999_999, "quantity": 1}))
        .await
        .refused(422, "champs_invalides");
    app.post(&admin, "/orders/999999/items", &json!({"product_id": p[2], "quantity": 1}))
        .await
        .refused(404, "introuvable");
}

#[tokio::test]
async fn drafts_and_cancelled_orders_are_deleted_and_come_back() {
    let (app, admin, p) = shop().await;
    let order = app.order(&admin, &[(p[0], 2)]).await;
    app.delete(&admin, &path(&order, "")).await.expect(204);
    app.get(&admin, &path(&order, "")).await.refused(404, "introuvable");
    assert_eq!(app.get(&admin, "/orders").await.json()["total"], 0);
    let seen = app.get(&admin, &path(&order, "?include_deleted=true")).await.expect(200).json();
    assert_eq!((&seen["is_deleted"], &seen["transitions_permises"]), (&json!(true), &json!([])));
    for (method, rest) in [(Method::POST, "/confirm"), (Method::PUT, ""), (Method::POST, "/cancel")] {
        let call = app.call(method, &format!("/api/v1{}", path(&order, rest))).bearer(&admin).json(&json!({}));
        call.send().await.refused(404, "introuvable");
    }
    let back = app.post(&admin, &path(&order, "/restore"), &json!({})).await.expect(200).json();
    assert_eq!(
        (&back["is_deleted"], &back["statut"], &back["version"]),
        (&json!(false), &json!("brouillon"), &json!(3))
    );
    app.post(&admin, &path(&order, "/restore"), &json!({})).await.expect(200);
    app.post(&admin, &path(&order, "/confirm"), &json!({})).await.expect(200);
    app.delete(&admin, &path(&order, "")).await.refused(409, "etat_incompatible");
    app.post(&admin, &path(&order, "/cancel"), &json!({})).await.expect(200);
    app.delete(&admin, &path(&order, "")).await.expect(204);
    app.assert_sound().await;
}

#[tokio::test]
async fn an_order_is_found_by_its_number_and_the_statuses_are_told() {
    let (app, admin, p) = shop().await;
    let (courier, livreur) = app.user(Role::Livreur).await;
    let order = app.order(&admin, &[(p[0], 2)]).await;
    let by_numero = format!("/orders/by-numero/{}", order["numero"].as_str().expect("a number"));
    assert_eq!(app.get(&admin, &by_numero).await.expect(200).json()["id"], order["id"]);
    app.get(&livreur, &by_numero).await.refused(404, "introuvable");
    app.run(format!("update orders set livreur_id = {courier} where id = {}", order["id"])).await;
    assert_eq!(app.get(&livreur, &by_numero).await.expect(200).header("etag"), "\"2\"");
    app.get(&admin, "/orders/by-numero/CMD-x%00").await.refused(404, "introuvable");
    let statuses = app.get(&livreur, "/orders/statuses").await.expect(200).json();
    assert_eq!(statuses["items"].as_array().map(Vec::len), Some(6));
    assert_eq!(
        statuses["items"][0],
        json!({"code": "brouillon", "libelle": "Brouillon", "transitions": ["confirmee", "annulee"]})
    );
}

#[tokio::test]
async fn another_client_must_exist() {
    let (app, admin, p) = shop().await;
    let order = app.order(&admin, &[(p[0], 2)]).await;
    let other = app.post(&admin, "/clients", &json!({"nom": "Zoé"})).await.expect(201).json();
    let moved = app
        .put(&admin, &path(&order, ""), &json!({"client_id": other["id"], "client_nom": "Zoé"}))
        .await
        .expect(200)
        .json();
    assert_eq!(moved["client_id"], other["id"]);
    app.delete(&admin, &format!("/clients/{}", other["id"])).await.expect(204);
    app.put(&admin, &path(&order, ""), &json!({"client_id": other["id"], "notes": "x"})).await.expect(200);
    app.put(&admin, &path(&order, ""), &json!({"client_id": 999_999})).await.refused(422, "champs_invalides");
    app.put(&admin, "/orders/999999", &json!({"client_id": 999_999})).await.refused(422, "champs_invalides");
}
