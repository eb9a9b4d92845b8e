//! POST /api/v1/imports/{id}/undo

use serde_json::{Value, json};

use super::imports::{import, stocked};
use super::{Answer, App};

const FILE: &str = "reference;nom;categorie;prix;stock;seuil_alerte;en vente;description\n\
    T-1;Thé vert;Boissons;9;15;5;non;\nC-1;;;;;;;Bio\nM-1;Miel;Épicerie;12;7;2;;\n";

async fn undo(app: &App, token: &str, import: &Value) -> Answer {
    app.post(token, &format!("/imports/{}/undo", import["id"]), &json!({})).await
}

fn product_of(import: &Value, line: usize) -> i64 {
    import["lignes"][line]["product_id"].as_i64().expect("a product")
}

/// An import that was made: of Thé, of Café (unchanged) and of Miel (new).
async fn imported() -> (App, String, Value) {
    let (app, admin) = stocked().await;
    let import = import(&app, &admin, FILE).await.expect(201).json();
    (app, admin, import)
}

#[tokio::test]
async fn everything_is_as_it_was() {
    let (app, admin) = stocked().await;
    let path = "/products?sort=created_at";
    let without_trace = |mut page: Value| {
        for item in page["items"].as_array_mut().expect("items") {
            for name in ["version", "updated_at"] {
                item.as_object_mut().expect("an item").remove(name);
            }
        }
        page
    };
    let before = without_trace(app.get(&admin, path).await.expect(200).json());
    let import = import(&app, &admin, FILE).await.expect(201).json();
    let answer = undo(&app, &admin, &import).await.expect(200);
    assert_eq!(answer.header("etag"), "\"2\"");
    let undone = answer.json();
    assert!(undone["undone_at"].is_string() && undone["undone_by"].is_i64(), "{undone}");
    let told = app.get(&admin, &format!("/imports/{}/lines", import["id"])).await.expect(200).json();
    assert_eq!(told["items"], import["lignes"], "what it did is still told");
    assert_eq!(without_trace(app.get(&admin, path).await.expect(200).json()), before);
    app.get(&admin, &format!("/products/{}", product_of(&import, 2))).await.refused(404, "introuvable");
    let movements: Vec<(i64, String, i64, String)> =
        sqlx::query_as("select product_id, type, quantite, motif from stock_movements order by id desc limit 2")
            .fetch_all(&app.db)
            .await
            .expect("movements");
    let motif = format!("Annulation de l'import n° {}", import["id"]);
    assert_eq!(
        movements,
        [
            (product_of(&import, 2), "sortie".to_owned(), -7, motif.clone()),
            (product_of(&import, 0), "ajustement".to_owned(), -3, motif)
        ]
    );
    undo(&app, &admin, &import).await.refused(409, "etat_incompatible");
    app.assert_sound().await;
    // Its reference is free again.
    super::imports::import(&app, &admin, FILE).await.expect(201);
    app.assert_sound().await;
}

/// Asserts that the import cannot be taken back, and that nothing was.
async fn refused(app: &App, admin: &str, import: &Value, products: &[(usize, &str)]) {
    let refusal = undo(app, admin, import).await.refused(409, "import_utilise");
    let refusal = refusal.json();
    let named: Vec<_> = refusal["produits"]
        .as_array()
        .expect("products")
        .iter()
        .map(|product| {
            (product["product_id"].as_i64().expect("an id"), product["raison"].as_str().expect("a reason").to_owned())
        })
        .collect();
    let expected: Vec<_> =
        products.iter().map(|(line, reason)| (product_of(import, *line), (*reason).to_owned())).collect();
    assert_eq!(named, expected, "{refusal}");
    let told = app.get(admin, &format!("/imports/{}", import["id"])).await.expect(200).json();
    assert_eq!(told["undone_at"], Value::Null);
    app.assert_sound().await;
}

/// The import that a refusal names as the one to undo first; null for none.
async fn advised(app: &App, admin: &str, import: &Value) -> Value {
    let refusal = undo(app, admin, import).await.refused(409, "import_utilise").json();
    let id = refusal["import_posterieur"]["id"].clone();
    let detail = refusal["detail"].as_str().expect("a sentence");
    match &id {
        Value::Null => assert!(!detail.contains("Annulez"), "{detail}"),
        id => assert!(detail.ends_with(&format!(" Annulez d'abord l'import n°\u{a0}{id}.")), "{detail}"),
    }
    id
}

#[tokio::test]
async fn what_was_ordered_reserved_or_sold_stays() {
    let (app, admin, import) = imported().await;
    app.run("update products set is_active = true where reference = 'T-1'").await;
    let honey = product_of(&import, 2);
    let order = app.order(&admin, &[(honey, 2)]).await["id"].clone();
    refused(&app, &admin, &import, &[(0, "modifie"), (2, "commande")]).await;
    app.post(&admin, &format!("/orders/{order}/confirm"), &json!({})).await.expect(200);
    refused(&app, &admin, &import, &[(0, "modifie"), (2, "reserve")]).await;
    let (courier, _) = app.user(crate::auth::permission::Role::Livreur).await;
    app.post(&admin, &format!("/orders/{order}/assign-livreur"), &json!({"livreur_id": courier})).await.expect(200);
    for statut in ["en_preparation", "en_livraison"] {
        app.patch(&admin, &format!("/orders/{order}/status"), &json!({"statut": statut})).await.expect(200);
    }
    refused(&app, &admin, &import, &[(0, "modifie"), (2, "vendu")]).await;
    super::imports::import(&app, &admin, "reference;prix\nT-1;7\nM-1;13\n").await.expect(201);
    assert_eq!(advised(&app, &admin, &import).await, Value::Null, "what was sold stays sold");
}

#[tokio::test]
async fn what_was_known_may_be_on_older_orders_but_not_on_later_ones() {
    let (app, admin) = stocked().await;
    let tea: i64 =
        sqlx::query_scalar("select id from products where reference = 'T-1'").fetch_one(&app.db).await.expect("tea");
    let draft = app.order(&admin, &[(tea, 1)]).await["id"].clone();
    let reserved = app.order(&admin, &[(tea, 2)]).await["id"].clone();
    app.post(&admin, &format!("/orders/{reserved}/confirm"), &json!({})).await.expect(200);
    let file = "reference;prix;stock\nT-1;9;20\n";
    let first = import(&app, &admin, file).await.expect(201).json();
    undo(&app, &admin, &first).await.expect(200);
    assert_eq!(app.stock(tea).await, (12, 2));
    let second = import(&app, &admin, file).await.expect(201).json();
    app.post(&admin, &format!("/orders/{draft}/confirm"), &json!({})).await.expect(200);
    refused(&app, &admin, &second, &[(0, "reserve")]).await;
    app.post(&admin, &format!("/orders/{draft}/cancel"), &json!({"motif": "x"})).await.expect(200);
    refused(&app, &admin, &second, &[(0, "commande")]).await;
}

#[tokio::test]
async fn what_was_changed_or_moved_since_stays() {
    let (app, admin, import) = imported().await;
    let (tea, coffee, honey) = (product_of(&import, 0), product_of(&import, 1), product_of(&import, 2));
    // What the import left as it was is free to change.
    let put = async |path: String, body: Value| {
        let call = app.call(http::Method::PUT, &format!("/api/v1{path}")).bearer(&admin);
        call.json(&body).send().await.expect(200)
    };
    put(format!("/products/{coffee}"), json!({"prix": 5})).await;
    put(format!("/stocks/{tea}"), json!({"seuil_alerte": 9})).await;
    app.post(&admin, "/stocks/entry", &json!({"product_id": honey, "quantite": 1})).await.expect(201);
    refused(&app, &admin, &import, &[(0, "modifie"), (2, "stock_modifie")]).await;
}

#[tokio::test]
async fn imports_of_the_same_products_are_taken_back_one_after_the_other() {
    let (app, admin, first) = imported().await;
    let (tea, honey) = (product_of(&first, 0), product_of(&first, 2));
    let file = "reference;prix;stock;seuil_alerte\nT-1;7;20;6\nM-1;13;1;\n";
    let second = import(&app, &admin, file).await.expect(201).json();
    let third = import(&app, &admin, "reference;prix;stock\nT-1;6;4\n").await.expect(201).json();
    refused(&app, &admin, &first, &[(0, "stock_modifie"), (2, "stock_modifie")]).await;
    refused(&app, &admin, &second, &[(0, "stock_modifie")]).await;
    for (blocked, newest) in [(&first, &third), (&second, &third)] {
        assert_eq!(advised(&app, &admin, blocked).await, newest["id"]);
    }
    undo(&app, &admin, &third).await.expect(200);
    assert_eq!(advised(&app, &admin, &first).await, second["id"]);
    undo(&app, &admin, &second).await.expect(200);
    assert_eq!((app.stock(tea).await, app.stock(honey).await), ((15, 0), (7, 0)), "as the first one left them");
    undo(&app, &admin, &first).await.expect(200);
    assert_eq!((app.stock(tea).await, app.stock(honey).await), ((12, 0), (0, 0)));
    let told = app.get(&admin, &format!("/products/{tea}")).await.expect(200).json();
    assert_eq!((&told["prix"], &told["stock"]["seuil_alerte"]), (&json!(8.5), &json!(3)));
    app.get(&admin, &format!("/products/{honey}")).await.refused(404, "introuvable");
    app.assert_sound().await;
}

#[tokio::test]
async fn what_somebody_changed_between_two_imports_stays_though_the_later_one_is_taken_back() {
    let (app, admin, first) = imported().await;
    let (tea, honey) = (product_of(&first, 0), product_of(&first, 2));
    app.put(&admin, &format!("/products/{tea}"), &json!({"prix": 5})).await.expect(200);
    let movement = json!({"product_id": honey, "quantite": 1});
    app.post(&admin, "/stocks/entry", &movement).await.expect(201);
    let later = import(&app, &admin, "reference;prix;stock\nT-1;7;\nM-1;;30\n").await.expect(201).json();
    undo(&app, &admin, &later).await.expect(200);
    refused(&app, &admin, &first, &[(0, "modifie"), (2, "stock_modifie")]).await;
    assert_eq!(advised(&app, &admin, &first).await, Value::Null, "it is undone already");
    // Put back by hand, it was changed all the same.
    app.put(&admin, &format!("/products/{tea}"), &json!({"prix": 9})).await.expect(200);
    app.post(&admin, "/stocks/exit", &movement).await.expect(201);
    refused(&app, &admin, &first, &[(0, "modifie"), (2, "stock_modifie")]).await;
}

#[tokio::test]
async fn a_category_that_is_gone_takes_nothing_back() {
    let (app, admin, import) = imported().await;
    app.run("update categories set is_deleted = true, deleted_at = now(), deleted_by = 1 where nom = 'Épicerie'").await;
    refused(&app, &admin, &import, &[(0, "categorie_supprimee")]).await;
}

#[tokio::test]
async fn the_version_and_the_key_count() {
    let (app, admin, import) = imported().await;
    let call = |version: &str| {
        let call = app.call(http::Method::POST, &format!("/api/v1/imports/{}/undo", import["id"])).bearer(&admin);
        call.header("if-match", version).header("idempotency-key", "u")
    };
    call("\"7\"").send().await.refused(412, "version_perimee");
    let first = call("\"1\"").send().await.expect(200);
    let again = call("\"1\"").send().await.expect(200);
    assert_eq!((again.header("idempotency-replayed"), &again.text), ("true", &first.text));
    app.post(&admin, "/imports/999999/undo", &json!({})).await.refused(404, "introuvable");
    app.post(&admin, &format!("/imports/{}/undo", import["id"]), &json!({"x": 1}))
        .await
        .refused(422, "champs_invalides");
}
