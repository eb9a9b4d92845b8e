//! /api/v1/orders

use http::Method;
use serde_json::{Value, json};

use super::App;
use crate::auth::permission::Role;

fn id(order: &Value) -> i64 {
    order["id"].as_i64().expect("an id")
}

fn path(order: &Value, rest: &str) -> String {
    format!("/orders/{}{rest}", id(order))
}

#[tokio::test]
async fn an_order_walks_from_draft_to_delivery_with_its_stock_effects() {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    let (courier, _) = app.user(Role::Livreur).await;
    let oil = app.product(&admin, "Huile d'olive", 1590, 10).await;
    let wine = app.product(&admin, "Cidre brut", 450, 6).await;

    let order = app.order(&admin, &[(oil, 2), (wine, 3), (oil, 1)]).await;
    assert_eq!(order["statut"], "brouillon");
    assert_eq!(order["items"].as_array().map(Vec::len), Some(2), "the same product twice is one line");
    assert_eq!(order["items"][0]["quantity"], 3);
    let wire = app.get(&admin, &path(&order, "")).await.expect(200).text;
    for amount in ["\"total\":61.20,", "\"total_tva\":3.19,", "\"total_ht\":58.01,", "\"prix_unitaire\":15.90,"] {
        assert!(wire.contains(amount), "3 × 15.90 + 3 × 4.50, every digit on the wire: {wire}");
    }
    assert_eq!(order["transitions_permises"], json!(["confirmee", "annulee"]));
    let numero = order["numero"].as_str().expect("a number");
    assert!(numero.starts_with("CMD-") && numero.len() == "CMD-20260101-000001".len(), "{numero}");
    assert_eq!(app.stock(oil).await, (10, 0), "a draft reserves nothing");

    let order = app.post(&admin, &path(&order, "/confirm"), &json!({})).await.expect(200).json();
    assert_eq!((app.stock(oil).await, app.stock(wine).await), ((10, 3), (6, 3)));
    assert!(order["confirmed_at"].is_string());

    app.patch(&admin, &path(&order, "/status"), &json!({"statut": "en_preparation"})).await.expect(200);
    app.patch(&admin, &path(&order, "/status"), &json!({"statut": "en_livraison"}))
        .await
        .refused(409, "livreur_requis");
    let assigned =
        app.post(&admin, &path(&order, "/assign-livreur"), &json!({"livreur_id": courier})).await.expect(200).json();
    assert_eq!(assigned["livreur"]["prenom"], "Anne");
    app.patch(&admin, &path(&order, "/status"), &json!({"statut": "en_livraison"})).await.expect(200);
    assert_eq!((app.stock(oil).await, app.stock(wine).await), ((7, 0), (3, 0)), "shipping sells what was reserved");

    let delivered = app.patch(&admin, &path(&order, "/status"), &json!({"statut": "livrée"})).await.expect(200).json();
    assert_eq!(delivered["statut"], "livree");
    assert_eq!(delivered["items"][0]["quantite_livree"], 3);
    assert_eq!(delivered["total_livre"], json!(61.2));
    assert_eq!(delivered["transitions_permises"], json!([]));
    app.assert_sound().await;
}

#[tokio::test]
async fn cancelling_gives_back_what_was_reserved_or_had_left() {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    let (courier, _) = app.user(Role::Livreur).await;
    let product = app.product(&admin, "Miel", 800, 10).await;

    let draft = app.order(&admin, &[(product, 4)]).await;
    let gone = app.post(&admin, &path(&draft, "/cancel"), &json!({"motif": "doublon"})).await.expect(200).json();
    assert_eq!((gone["statut"].as_str(), gone["motif_annulation"].as_str()), (Some("annulee"), Some("doublon")));
    assert_eq!(app.stock(product).await, (10, 0));

    let reserved = app.order(&admin, &[(product, 4)]).await;
    app.post(&admin, &path(&reserved, "/confirm"), &json!({})).await.expect(200);
    app.post(&admin, &path(&reserved, "/cancel"), &json!({})).await.expect(200);
    assert_eq!(app.stock(product).await, (10, 0));

    let shipped = app.order(&admin, &[(product, 4)]).await;
    app.post(&admin, &path(&shipped, "/confirm"), &json!({})).await.expect(200);
    app.post(&admin, &path(&shipped, "/assign-livreur"), &json!({"livreur_id": courier})).await.expect(200);
    for statut in ["en_preparation", "en_livraison"] {
        app.patch(&admin, &path(&shipped, "/status"), &json!({"statut": statut})).await.expect(200);
    }
    assert_eq!(app.stock(product).await, (6, 0));
    app.post(&admin, &path(&shipped, "/cancel"), &json!({})).await.expect(200);
    assert_eq!(app.stock(product).await, (10, 0));
    let kinds: Vec<String> =
        sqlx::query_scalar("select type from stock_movements order by id").fetch_all(&app.db).await.expect("kinds");
    assert_eq!(kinds, ["entree", "vente", "retour"]);
    app.assert_sound().await;
}

#[tokio::test]
async fn every_transition_outside_the_table_is_refused_naming_those_inside() {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    let product = app.product(&admin, "Sel", 300, 10).await;
    let order = app.order(&admin, &[(product, 1)]).await;
    for statut in ["en_preparation", "en_livraison", "livree", "brouillon"] {
        let answer = app.patch(&admin, &path(&order, "/status"), &json!({"statut": statut})).await;
        let answer = answer.refused(409, "transition_interdite");
        assert_eq!(answer.json()["transitions_permises"], json!(["confirmee", "annulee"]));
    }
    app.post(&admin, &path(&order, "/cancel"), &json!({})).await.expect(200);
    app.post(&admin, &path(&order, "/confirm"), &json!({})).await.refused(409, "transition_interdite");
    let answer = app
        .patch(&admin, &path(&order, "/status"), &json!({"statut": "perdue"}))
        .await
        .refused(422, "champs_invalides");
    assert_eq!(answer.fields(), ["statut"]);
}

#[tokio::test]
async fn short_stock_names_every_short_line_and_changes_nothing() {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    let scarce = app.product(&admin, "Truffe", 9900, 1).await;
    let plenty = app.product(&admin, "Riz", 250, 100).await;
    let none = app.product(&admin, "Safran", 4200, 0).await;
    let order = app.order(&admin, &[(scarce, 2), (plenty, 5), (none, 1)]).await;
    let answer = app.post(&admin, &path(&order, "/confirm"), &json!({})).await.refused(409, "stock_insuffisant");
    let lines = answer.json()["lignes"].clone();
    assert_eq!(
        lines,
        json!([
            {"product_id": scarce, "nom": "Truffe", "disponible": 1, "demande": 2},
            {"product_id": none, "nom": "Safran", "disponible": 0, "demande": 1}
        ])
    );
    assert_eq!(app.stock(plenty).await, (100, 0), "no line is reserved alone");
    assert_eq!(app.get(&admin, &path(&order, "")).await.expect(200).json()["statut"], "brouillon");
}

#[tokio::test]
async fn create_and_confirm_is_all_or_nothing() {
    let app = App::new().await;
    let admin = app.token(Role::Controleur).await;
    let product = app.product(&admin, "Thé", 700, 3).await;
    let body = |quantity: i64| json!({"client_nom": "Zoé", "confirmer": true, "items": [{"product_id": product, "quantity": quantity}]});
    app.post(&admin, "/orders", &body(4)).await.refused(409, "stock_insuffisant");
    let count: i64 = sqlx::query_scalar("select count(*) from orders").fetch_one(&app.db).await.expect("count");
    let clients: i64 = sqlx::query_scalar("select count(*) from clients").fetch_one(&app.db).await.expect("count");
    assert_eq!((count, clients), (0, 0));
    let answer = app.post(&admin, "/orders", &body(3)).await.expect(201);
    assert_eq!(answer.json()["statut"], "confirmee");
    assert_eq!(answer.header("location"), format!("/api/v1/orders/{}", id(&answer.json())));
    assert_eq!(app.stock(product).await, (3, 3));
    app.assert_sound().await;
}

#[tokio::test]
async fn wrong_input_is_named_by_its_place() {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    let product = app.product(&admin, "Thé", 700, 3).await;
    app.run("update products set is_active = false").await;
    let items = json!([{"product_id": 999, "quantity": 1}, {"product_id": product, "quantity": 1}]);
    let answer = app
        .post(&admin, "/orders", &json!({"client_nom": "Zoé", "items": items}))
        .await
        .refused(422, "champs_invalides");
    assert_eq!(answer.fields(), ["items[0].product_id", "items[1].product_id"]);
    let answer = app.post(&admin, "/orders", &json!({"client_nom": "", "client_id": 77, "total": 1})).await;
    assert_eq!(answer.refused(422, "champs_invalides").fields(), ["client_nom", "total", "client_id"]);
    let answer = app.post(&admin, "/orders", &json!({"client_nom": "Zoé", "client_id": 77})).await;
    assert_eq!(answer.refused(422, "champs_invalides").fields(), ["client_id"]);
}

#[tokio::test]
async fn what_names_nothing_is_told_with_what_is_wrong() {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    let tea = app.product(&admin, "Thé", 850, 10).await;
    let faults = |answer: super::Answer| -> Vec<(String, String)> {
        let errors = answer.refused(422, "champs_invalides").json()["errors"].as_array().cloned().expect("errors");
        let text = |error: &Value, name: &str| error[name].as_str().unwrap_or_default().to_owned();
        errors.iter().map(|error| (text(error, "champ"), text(error, "code"))).collect()
    };
    let told = |faults: &[(&str, &str)]| -> Vec<(String, String)> {
        faults.iter().map(|(champ, code)| ((*champ).to_owned(), (*code).to_owned())).collect()
    };
    let body = json!({"client_nom": "", "client_id": 999, "items": [{"product_id": tea, "quantity": 0},
        {"product_id": 998, "quantity": 1}, {"product_id": 997, "quantity": 0}]});
    let expected = told(&[
        ("client_nom", "obligatoire"),
        ("items[0].quantity", "hors_limites"),
        ("items[2].quantity", "hors_limites"),
        ("client_id", "inconnu"),
        ("items[1].product_id", "inconnu"),
        ("items[2].product_id", "inconnu"),
    ]);
    assert_eq!(faults(app.post(&admin, "/orders", &body).await), expected);
    let body = json!({"nom": "", "prix": 1, "category_id": 999});
    assert_eq!(
        faults(app.post(&admin, "/products", &body).await),
        told(&[("nom", "obligatoire"), ("category_id", "inconnu")])
    );
    let body = json!({"product_id": 999, "quantite": 0});
    assert_eq!(
        faults(app.post(&admin, "/stocks/entry", &body).await),
        told(&[("quantite", "hors_limites"), ("product_id", "inconnu")])
    );

    // What stands on an order stays, whatever became of it.
    let order = app.order(&admin, &[(tea, 1)]).await;
    app.delete(&admin, &format!("/clients/{}", order["client_id"])).await.expect(204);
    app.run(format!("update products set is_deleted = true, deleted_at = now(), deleted_by = 1 where id = {tea}"))
        .await;
    let body =
        json!({"client_id": order["client_id"], "code_postal": 44, "items": [{"product_id": tea, "quantity": 0}]});
    assert_eq!(
        faults(app.put(&admin, &path(&order, ""), &body).await),
        told(&[("code_postal", "texte_attendu"), ("items[0].quantity", "hors_limites")])
    );
}

#[tokio::test]
async fn lines_keep_the_price_of_their_day() {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    let product = app.product(&admin, "Café", 1000, 50).await;
    let order = app.order(&admin, &[(product, 2)]).await;
    app.run("update products set prix = 9999, nom = 'Café cher', taux_tva = 2000").await;
    let order = app.get(&admin, &path(&order, "")).await.expect(200).json();
    assert_eq!(order["items"][0]["product_nom"], "Café");
    assert_eq!((&order["total"], &order["items"][0]["taux_tva"]), (&json!(20.0), &json!(5.5)));
}

#[tokio::test]
async fn a_client_is_found_by_phone_however_it_is_typed() {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    let order = |phone: &str| json!({"client_nom": "Jean", "client_telephone": phone, "items": []});
    let mut clients = Vec::new();
    for phone in ["06 39 98 12 34", "+33 6 39 98 12 34", "0033639981234", "+33 (0)6 39 98 12 34", "06.39.98.12.35"] {
        clients.push(app.post(&admin, "/orders", &order(phone)).await.expect(201).json()["client_id"].as_i64());
    }
    assert!(clients[1..4].iter().all(|client| *client == clients[0]), "{clients:?}");
    assert_ne!(clients[0], clients[4]);
}

#[tokio::test]
async fn a_livreur_sees_and_moves_their_own_deliveries_alone() {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    let (courier, mine) = app.user(Role::Livreur).await;
    let (_, other) = app.user(Role::Livreur).await;
    let product = app.product(&admin, "Vin", 1200, 20).await;
    let order = app.order(&admin, &[(product, 1)]).await;
    app.get(&mine, &path(&order, "")).await.refused(404, "introuvable");
    app.post(&admin, &path(&order, "/confirm"), &json!({})).await.expect(200);
    app.post(&admin, &path(&order, "/assign-livreur"), &json!({"livreur_id": courier})).await.expect(200);
    assert_eq!(app.get(&mine, "/orders").await.expect(200).json()["total"], 1);
    assert_eq!(app.get(&other, "/orders").await.expect(200).json()["total"], 0);

    let early = app.patch(&mine, &path(&order, "/status"), &json!({"statut": "en_livraison"})).await;
    assert_eq!(early.refused(409, "transition_interdite").json()["transitions_permises"], json!([]));
    app.patch(&mine, &path(&order, "/status"), &json!({"statut": "annulee"})).await.refused(403, "acces_refuse");
    app.post(&mine, &path(&order, "/confirm"), &json!({})).await.refused(403, "acces_refuse");
    app.patch(&admin, &path(&order, "/status"), &json!({"statut": "en_preparation"})).await.expect(200);
    app.patch(&other, &path(&order, "/status"), &json!({"statut": "en_livraison"})).await.refused(404, "introuvable");
    let out = app.patch(&mine, &path(&order, "/status"), &json!({"statut": "en_livraison"})).await.expect(200).json();
    assert_eq!(out["transitions_permises"], json!(["livree"]));
    app.patch(&mine, &path(&order, "/status"), &json!({"statut": "livree"})).await.expect(200);

    // Seen for seven days after delivery, then no more.
    app.get(&mine, &path(&order, "")).await.expect(200);
    app.run("update orders set delivered_at = now() - interval '8 days'").await;
    app.get(&mine, &path(&order, "")).await.refused(404, "introuvable");
    app.get(&admin, &path(&order, "")).await.expect(200);
}

#[tokio::test]
async fn only_an_active_livreur_is_assigned_and_only_between_confirmation_and_delivery() {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    let (courier, _) = app.user(Role::Livreur).await;
    let (clerk, _) = app.user(Role::Controleur).await;
    let product = app.product(&admin, "Vin", 1200, 20).await;
    let order = app.order(&admin, &[(product, 1)]).await;
    let assign = |body: Value| {
        let (app, admin, path) = (&app, &admin, path(&order, "/assign-livreur"));
        async move { app.post(admin, &path, &body).await }
    };
    assign(json!({"livreur_id": courier})).await.refused(409, "etat_incompatible");
    app.post(&admin, &path(&order, "/confirm"), &json!({})).await.expect(200);
    for wrong in [json!({"livreur_id": clerk}), json!({"livreur_id": 9999}), json!({})] {
        assert_eq!(assign(wrong).await.refused(422, "champs_invalides").fields(), ["livreur_id"]);
    }
    assign(json!({"livreur_id": courier})).await.expect(200);
    assert!(assign(json!({"livreur_id": null})).await.expect(200).json()["livreur"].is_null());
    assign(json!({"livreur_id": courier})).await.expect(200);
    for statut in ["en_preparation", "en_livraison"] {
        app.patch(&admin, &path(&order, "/status"), &json!({"statut": statut})).await.expect(200);
    }
    assign(json!({"livreur_id": null})).await.refused(409, "etat_incompatible");
    app.patch(&admin, &path(&order, "/status"), &json!({"statut": "livree"})).await.expect(200);
    assign(json!({"livreur_id": courier})).await.refused(409, "etat_incompatible");
}

#[tokio::test]
async fn the_list_searches_filters_sorts_and_pages() {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    let (tea, oil) = (app.product(&admin, "Thé", 700, 900).await, app.product(&admin, "Huile", 1500, 900).await);
    let make = |nom: &str, phone: &str, product: i64, quantity: i64, confirm: bool| {
        json!({"client_nom": nom, "client_telephone": phone, "confirmer": confirm, "date_livraison_prevue": "2026-12-01",
               "items": [{"product_id": product, "quantity": quantity}]})
    };
    for (i, nom) in ["Éléonore Béal", "Étienne Zola", "Marc Aubry", "Anne Weiß", "Zoé Lœuillet"].iter().enumerate()
    {
        let body = make(nom, &format!("06 39 98 00 0{i}"), if i % 2 == 0 { tea } else { oil }, i as i64 + 1, i > 2);
        app.post(&admin, "/orders", &body).await.expect(201);
    }
    let found = |query: &str| {
        let (app, admin, path) = (&app, &admin, format!("/orders?{query}"));
        async move {
            let page = app.get(admin, &path).await.expect(200).json();
            page["items"]
                .as_array()
                .expect("items")
                .iter()
                .map(|o| o["client_nom"].as_str().expect("name").to_owned())
                .collect::<Vec<_>>()
        }
    };
    assert_eq!(found("search=eleonore").await, ["Éléonore Béal"]);
    assert_eq!(found("search=LOEUILLET").await, ["Zoé Lœuillet"]);
    assert_eq!(found("search=0639980002").await, ["Marc Aubry"]);
    assert_eq!(found("search=%2B33639980002").await, ["Marc Aubry"]);
    assert_eq!(found("search=100%25").await, Vec::<String>::new(), "a percent sign is no wildcard");
    assert_eq!(found("statut=confirmee&sort=total").await, ["Zoé Lœuillet", "Anne Weiß"]);
    assert_eq!(found("statut=confirmee&statut=brouillon").await.len(), 5);
    assert_eq!(found(&format!("product_id={tea}&sort=-total")).await, ["Zoé Lœuillet", "Marc Aubry", "Éléonore Béal"]);
    assert_eq!(found("livreur_id=none").await.len(), 5);
    assert_eq!(found("date_champ=date_livraison_prevue&start_date=2026-12-02").await.len(), 0);
    assert_eq!(found("date_champ=date_livraison_prevue&end_date=2026-12-01").await.len(), 5);
    assert_eq!(found("date_champ=confirmed_at").await.len(), 5, "without days the field narrows nothing");

    for sort in [
        "created_at",
        "-created_at",
        "total",
        "-total",
        "numero",
        "-numero",
        "date_livraison_prevue",
        "-date_livraison_prevue",
    ] {
        let whole = found(&format!("sort={sort}")).await;
        let mut walked = Vec::new();
        let mut next = format!("/orders?sort={sort}&per_page=2");
        loop {
            let page = app.get(&admin, &next).await.expect(200).json();
            walked.extend(
                page["items"]
                    .as_array()
                    .expect("items")
                    .iter()
                    .map(|o| o["client_nom"].as_str().expect("name").to_owned()),
            );
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            next = format!("/orders?sort={sort}&per_page=2&cursor={cursor}");
        }
        assert_eq!(walked, whole, "{sort}");
    }
    let page = app.get(&admin, "/orders?per_page=2&page=3").await.expect(200).json();
    assert_eq!(
        (page["total"].as_i64(), page["pages"].as_i64(), page["items"].as_array().map(Vec::len)),
        (Some(5), Some(3), Some(1))
    );
    let cursor =
        app.get(&admin, "/orders?per_page=2").await.json()["next_cursor"].as_str().expect("a cursor").to_owned();
    app.get(&admin, &format!("/orders?per_page=2&sort=total&cursor={cursor}")).await.refused(422, "champs_invalides");
    for wrong in [
        "sort=prix",
        "page=0",
        "per_page=101",
        "statut=perdue",
        "start_date=2026-02-30",
        "couleur=bleu",
        "page=501",
        "page=1&cursor=x",
    ] {
        app.get(&admin, &format!("/orders?{wrong}")).await.refused(422, "champs_invalides");
    }
}

#[tokio::test]
async fn a_stale_version_is_refused_and_a_fresh_one_taken() {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    let product = app.product(&admin, "Vin", 1200, 20).await;
    let order = app.order(&admin, &[(product, 1)]).await;
    let one = app.get(&admin, &path(&order, "")).await.expect(200);
    let etag = one.header("etag").to_owned();
    assert_eq!(etag, "\"1\"");
    let confirm = |tag: String| {
        let (app, admin, path) = (&app, &admin, format!("/api/v1/orders/{}/confirm", id(&order)));
        async move { app.call(Method::POST, &path).bearer(admin).header("if-match", &tag).send().await }
    };
    confirm("\"7\"".into()).await.refused(412, "version_perimee");
    let fresh = confirm(format!("W/{etag}")).await.expect(200);
    assert_eq!(fresh.header("etag"), "\"2\"");
    confirm(etag).await.refused(412, "version_perimee");
}
