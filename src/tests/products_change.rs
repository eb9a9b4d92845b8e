//! /api/v1/products: changing, taking off sale, deleting, bringing back.

use serde_json::json;

use super::App;
use crate::auth::permission::Role;

async fn shop() -> (App, String) {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    (app, admin)
}

#[tokio::test]
async fn a_product_changes_by_what_is_sent_and_not_its_stock() {
    let (app, admin) = shop().await;
    let product = app.product(&admin, "Miel", 800, 5).await;
    let path = format!("/products/{product}");
    let body = json!({"prix": "9,50", "reference": "M-1", "prix_achat": 4, "seuil_alerte": 6, "taux_tva": 20, "description": "Toutes fleurs"});
    let changed = app.put(&admin, &path, &body).await.expect(200).json();
    assert_eq!(
        (&changed["nom"], &changed["prix"], &changed["reference"]),
        (&json!("Miel"), &json!(9.5), &json!("M-1"))
    );
    assert_eq!((&changed["stock"]["seuil_alerte"], &changed["stock"]["statut"]), (&json!(6), &json!("alerte")));
    assert_eq!(changed["version"], 2);
    let cleared = app
        .put(&admin, &path, &json!({"reference": null, "prix_achat": null, "description": ""}))
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&cleared["reference"], &cleared["prix_achat"], &cleared["description"]),
        (&json!(null), &json!(null), &json!(null))
    );
    let again = app.put(&admin, &path, &cleared).await.expect(200).json();
    assert_eq!(again["version"], cleared["version"]);
    for (body, field) in [
        (json!({"prix": null}), "prix"),
        (json!({"stock_initial": 3}), "stock_initial"),
        (json!({"category_id": 999_999}), "category_id"),
    ] {
        assert_eq!(app.put(&admin, &path, &body).await.refused(422, "champs_invalides").fields(), [field]);
    }
    app.put(&admin, "/products/999999", &json!({"category_id": 999_999})).await.refused(422, "champs_invalides");
    assert_eq!(app.stock(product).await, (5, 0));
    app.assert_sound().await;
}

#[tokio::test]
async fn references_are_unique_among_the_living() {
    let (app, admin) = shop().await;
    let first = app.product(&admin, "Miel", 800, 5).await;
    let second = app.product(&admin, "Thé", 800, 5).await;
    app.put(&admin, &format!("/products/{first}"), &json!({"reference": "REF-1"})).await.expect(200);
    app.put(&admin, &format!("/products/{second}"), &json!({"reference": "ref-1"}))
        .await
        .refused(409, "reference_deja_utilisee");
    app.delete(&admin, &format!("/products/{first}")).await.expect(204);
    app.put(&admin, &format!("/products/{second}"), &json!({"reference": "ref-1"})).await.expect(200);
    app.post(&admin, &format!("/products/{first}/restore"), &json!({})).await.refused(409, "reference_deja_utilisee");
    app.put(&admin, &format!("/products/{second}"), &json!({"reference": null})).await.expect(200);
    app.post(&admin, &format!("/products/{first}/restore"), &json!({})).await.expect(200);
}

#[tokio::test]
async fn a_product_held_by_an_order_under_way_stays() {
    let (app, admin) = shop().await;
    let product = app.product(&admin, "Miel", 800, 5).await;
    let order = app.order(&admin, &[(product, 1)]).await;
    let path = format!("/products/{product}");
    let refused = app.delete(&admin, &path).await.refused(409, "etat_incompatible");
    assert_eq!(refused.json()["commandes"], json!([order["numero"]]));
    app.post(&admin, &format!("/orders/{}/cancel", order["id"]), &json!({})).await.expect(200);
    app.delete(&admin, &path).await.expect(204);
    app.get(&admin, &path).await.refused(404, "introuvable");
    assert_eq!(app.get(&admin, "/products?include_deleted=true").await.json()["total"], 1);
    app.assert_sound().await;
}

#[tokio::test]
async fn off_sale_it_stays_on_drafts_and_cannot_be_confirmed() {
    let (app, admin) = shop().await;
    let product = app.product(&admin, "Miel", 800, 5).await;
    let order = app.order(&admin, &[(product, 1)]).await;
    let off = app.patch(&admin, &format!("/products/{product}/toggle-status"), &json!({})).await.expect(200).json();
    assert_eq!(off["is_active"], false);
    let confirm = format!("/orders/{}/confirm", order["id"]);
    app.post(&admin, &confirm, &json!({})).await.refused(409, "etat_incompatible");
    app.patch(&admin, &format!("/products/{product}/toggle-status"), &json!({})).await.expect(200);
    app.post(&admin, &confirm, &json!({})).await.expect(200);
}
