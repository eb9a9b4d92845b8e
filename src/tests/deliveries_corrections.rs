//! /orders/{id}/corrections: quantities put right after a delivery, the stock and the turnover with them.

use http::Method;
use serde_json::{Value, json};

use super::browser::{page, post_form, signed_in};
use super::deliveries::{World, action, id, on_the_way, send, world};
use crate::auth::permission::Role;

#[tokio::test]
async fn a_correction_moves_the_difference_and_keeps_what_was_believed() {
    let World { app, admin, courier, livreur, tea, honey } = world().await;
    let order = on_the_way(&app, &admin, courier, &[(tea, 6), (honey, 1)]).await;
    let item =
        order["items"].as_array().expect("lines").iter().find(|i| i["product_id"] == tea).expect("tea")["id"].clone();
    send(&app, &livreur, &[action("livraison", id(&order), &json!({"montant_encaisse": 65}))]).await;
    let path = format!("/orders/{}/corrections", order["id"]);
    let correct = async |line: Value| {
        let mut line = line;
        line["item_id"] = item.clone();
        app.post(&admin, &path, &json!({"motif": "Recompté", "lignes": [line]})).await
    };
    let now = correct(json!({"remis": 4, "abime": 1})).await.expect(201);
    assert_eq!(now.header("etag"), format!("\"{}\"", now.json()["version"]));
    let now = now.json();
    assert_eq!((now["total_livre"].as_f64(), &now["statut"]), (Some(45.0), &json!("livree")));
    assert_eq!(app.stock(tea).await, (15, 0), "one came back, one is damaged");
    let figures = app.get(&admin, "/dashboard/chiffre-affaires").await.json();
    assert_eq!(figures["chiffre_affaires"].as_f64(), Some(45.0));
    correct(json!({"remis": 6})).await.expect(201);
    assert_eq!(app.stock(tea).await, (14, 0));
    correct(json!({"remis": 0, "refuse": 0, "abime": 0, "manquant": 6})).await.expect(201);
    assert_eq!(app.stock(tea).await, (20, 0));
    let all = app.get(&admin, &path).await.expect(200).json()["items"].clone();
    assert_eq!(all.as_array().map(Vec::len), Some(3));
    assert_eq!(
        (&all[0]["lignes"][0]["avant"]["remis"], &all[0]["lignes"][0]["apres"]["remis"]),
        (&json!(6), &json!(4))
    );
    assert_eq!((&all[2]["lignes"][0]["avant"]["remis"], &all[2]["motif"]), (&json!(6), &json!("Recompté")));
    let attempt = app.get(&admin, &format!("/orders/{}/tentatives", order["id"])).await.json()["items"][0].clone();
    assert!(
        attempt["lignes"].as_array().expect("lines").iter().any(|l| l["remis"] == 6),
        "the attempt stays: {attempt}"
    );
    app.assert_sound().await;
}

/// It was told as delivered by mistake: everything comes back, and the order counts for nothing.
#[tokio::test]
async fn a_correction_to_nothing_takes_all_of_it_back() {
    let World { app, admin, courier, livreur, tea, .. } = world().await;
    let order = on_the_way(&app, &admin, courier, &[(tea, 6)]).await;
    send(&app, &livreur, &[action("livraison", id(&order), &json!({}))]).await;
    let lines = json!([{"item_id": order["items"][0]["id"], "remis": 0}]);
    let body = json!({"motif": "Une autre adresse", "lignes": lines});
    let now = app.post(&admin, &format!("/orders/{}/corrections", order["id"]), &body).await.expect(201).json();
    assert_eq!((&now["statut"], now["total_livre"].as_f64()), (&json!("livree"), Some(0.0)));
    assert_eq!(now["items"][0]["quantite_livree"], json!(0));
    assert_eq!(app.stock(tea).await, (20, 0));
    let figures = app.get(&admin, "/dashboard/chiffre-affaires").await.json();
    assert_eq!(figures["chiffre_affaires"].as_f64(), Some(0.0));
    app.assert_sound().await;
}

#[tokio::test]
async fn what_a_correction_may_not_do() {
    let World { app, admin, courier, livreur, tea, .. } = world().await;
    let order = on_the_way(&app, &admin, courier, &[(tea, 6)]).await;
    let (path, item) = (format!("/orders/{}/corrections", order["id"]), order["items"][0]["id"].clone());
    let body = |remis: Value| json!({"motif": "Recompté", "lignes": [{"item_id": item, "remis": remis}]});
    app.post(&admin, &path, &body(json!(2))).await.refused(409, "etat_incompatible");
    let part = json!({"lignes": [{"item_id": item, "remis": 1}]});
    send(&app, &livreur, &[action("livraison", id(&order), &part)]).await;
    for (body, field) in [
        (json!({"lignes": [{"item_id": item, "remis": 2}]}), "motif"),
        (json!({"motif": " ", "lignes": [{"item_id": item, "remis": 2}]}), "motif"),
        (json!({"motif": "x"}), "lignes"),
        (json!({"motif": "x", "lignes": []}), "lignes"),
        (body(json!(7)), "lignes[0]"),
        (body(json!(-1)), "lignes[0].remis"),
        (body(json!(1)), "lignes"),
        (json!({"motif": "x", "lignes": [{"item_id": 999_999, "remis": 2}]}), "lignes[0].item_id"),
        (json!({"motif": "x", "lignes": [{"item_id": item, "remis": 2, "prix": 1}]}), "lignes[0].prix"),
    ] {
        let refused = app.post(&admin, &path, &body).await.refused(422, "champs_invalides");
        assert_eq!(refused.fields(), [field], "{body}");
    }
    // Every fault at once: what is wrong in itself, and what does not fit the order, each at its own place.
    for (motif, lines, fields) in [
        ("", json!([{"item_id": item, "remis": 9}]), ["motif", "lignes[0]"]),
        ("x", json!([{"item_id": item, "remis": -1}, {"item_id": item, "remis": 9}]), ["lignes[0].remis", "lignes[1]"]),
    ] {
        let body = json!({"motif": motif, "lignes": lines});
        let refused = app.post(&admin, &path, &body).await.refused(422, "champs_invalides");
        assert_eq!(refused.fields(), fields, "{body}");
    }
    // What came back is promised elsewhere by now: the shelf does not have it.
    let promised = app.order(&admin, &[(tea, 17)]).await;
    app.post(&admin, &format!("/orders/{}/confirm", promised["id"]), &json!({})).await.expect(200);
    let refused = app.post(&admin, &path, &body(json!(6))).await.refused(409, "stock_insuffisant").json();
    assert_eq!((&refused["lignes"][0]["nom"], &refused["lignes"][0]["disponible"]), (&json!("Thé"), &json!(2)));
    app.post(&admin, &path, &body(json!(3))).await.expect(201);
    for role in [Role::Livreur, Role::SimpleUtilisateur] {
        let token = app.token(role).await;
        app.post(&token, &path, &body(json!(2))).await.refused(403, "acces_refuse");
    }
    app.get(&livreur, &path).await.refused(403, "acces_refuse");
    let stale = app.call(Method::POST, &format!("/api/v1{path}")).bearer(&admin).header("if-match", "\"1\"");
    stale.json(&body(json!(2))).send().await.refused(412, "version_perimee");
    let keyed = async || {
        let call = app.call(Method::POST, &format!("/api/v1{path}")).bearer(&admin).header("idempotency-key", "c1");
        call.json(&body(json!(2))).send().await.expect(201)
    };
    let (first, again) = (keyed().await, keyed().await);
    assert_eq!((first.text, again.header("idempotency-replayed")), (again.text.clone(), "true"));
    app.assert_sound().await;
}

#[tokio::test]
async fn orders_delivered_before_attempts_were_kept_are_corrected_too() {
    let World { app, admin, courier, tea, .. } = world().await;
    let order = on_the_way(&app, &admin, courier, &[(tea, 4)]).await;
    // As the demo shop has them: one was not handed over, and did not come back.
    app.run(format!(
        "update order_items set quantite_livree = 3 where order_id = {0};
         update orders set statut = 'livree', delivered_at = now(), total_livre = 3000 where id = {0}",
        order["id"]
    ))
    .await;
    app.assert_sound().await;
    let line = |remis: i64| json!({"item_id": order["items"][0]["id"], "remis": remis});
    let body = |remis: i64| json!({"motif": "Retrouvé", "lignes": [line(remis)]});
    let path = format!("/orders/{}/corrections", order["id"]);
    app.post(&admin, &path, &body(4)).await.expect(201);
    assert_eq!(app.stock(tea).await, (16, 0), "it had left the shelf already");
    app.post(&admin, &path, &body(2)).await.expect(201);
    assert_eq!(app.stock(tea).await, (18, 0));
    app.assert_sound().await;
}

#[tokio::test]
async fn staff_see_what_happened_and_correct_it_by_a_plain_form() {
    let World { app, admin, courier, livreur, tea, .. } = world().await;
    let order = on_the_way(&app, &admin, courier, &[(tea, 6)]).await;
    let (path, item) = (format!("/commandes/{}", order["id"]), order["items"][0]["id"].clone());
    let absent = action("probleme", id(&order), &json!({"motif": "absent", "note": "Volets fermés"}));
    let part = json!({"receveur": "Mme Zola", "montant_encaisse": 40, "lignes": [{"item_id": item, "remis": 4, "manquant": 1}]});
    let told = send(&app, &livreur, &[absent, action("livraison", id(&order), &part)]).await;
    assert_eq!(told[1]["statut"], "appliquee", "{told:?}");
    let late = action("livraison", id(&order), &json!({}));
    send(&app, &livreur, &[late]).await;
    let (_, cookie) = signed_in(&app, Role::Controleur).await;
    let shown = page(&app, &path, &cookie).await.expect(200).text;
    for words in [
        "Tentative de livraison sans remise",
        "Client absent.",
        "Volets fermés",
        "Livrée en partie",
        "Reçue par Mme Zola.",
        "encaissés.",
        "Non appliqué : livraison",
        "est déjà livrée",
        "Corriger la livraison",
    ] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let (remis, abime, version) =
        (format!("remis_{item}"), format!("abime_{item}"), told[1]["commande"]["version"].to_string());
    let form = |given: &'static str, motif: &'static str| {
        vec![("version", &*version), (&*remis, given), (&*abime, "0"), ("motif", motif)]
    };
    let correction = format!("{path}/correction");
    let refused = post_form(&app, &correction, &cookie, &form("9", "Recompté")).await.expect(422).text;
    assert!(
        refused.contains("6 commandés") && refused.contains("value=\"9\"") && refused.contains("Recompté"),
        "{refused}"
    );
    assert!(refused.contains(&format!("id=\"{remis}-erreur\"")), "at its box");
    let both = post_form(&app, &correction, &cookie, &form("9", "")).await.expect(422).text;
    for id in [&*remis, "motif-correction"] {
        assert!(both.contains(&format!("id=\"{id}-erreur\"")), "{id}: {both}");
    }
    post_form(&app, &correction, &cookie, &form("5", "")).await.expect(422);
    post_form(&app, &correction, &cookie, &form("4", "Recompté")).await.expect(422);
    let (_, reader) = signed_in(&app, Role::SimpleUtilisateur).await;
    post_form(&app, &correction, &reader, &form("5", "Recompté")).await.expect(403);
    page(&app, &correction, &reader).await.expect(403);
    assert!(!page(&app, &path, &reader).await.expect(200).text.contains("Corriger la livraison"));
    post_form(&app, &correction, &cookie, &form("5", "Recompté")).await.expect(303);
    let late = post_form(&app, &correction, &cookie, &form("3", "Encore")).await.expect(412).text;
    // Both quantities are shown; the reason is nobody else's.
    assert!(late.contains(&format!("name=\"garder.{remis}\"")) && !late.contains("garder.motif"), "{late}");
    post_form(&app, &format!("/commandes/{}/correction", 999_999), &cookie, &form("3", "Encore")).await.expect(404);
    let shown = page(&app, &path, &cookie).await.expect(200).text;
    assert!(
        shown.contains("Livraison corrigée") && shown.contains("Recompté") && !shown.contains("5 remis au lieu de 5"),
        "{shown}"
    );
    for words in ["Thé : 5", "remis au lieu de 4, 0", "refusé au lieu de 1."] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    // What was missing stays so unless it is told otherwise; and only what changed is spoken of.
    let corrections = app.get(&admin, &format!("/orders/{}/corrections", order["id"])).await.expect(200).json();
    assert_eq!(
        corrections["items"][0]["lignes"][0]["apres"],
        json!({"item_id": item, "remis": 5, "refuse": 0, "abime": 0, "manquant": 1})
    );
    let version = app.get(&admin, &format!("/orders/{}", order["id"])).await.json()["version"].to_string();
    let manquant = format!("manquant_{item}");
    let damaged = [("version", &*version), (&*abime, "1"), (&*manquant, "0"), ("motif", "Retrouvé")];
    post_form(&app, &correction, &cookie, &damaged).await.expect(303);
    let shown = page(&app, &path, &cookie).await.expect(200).text;
    assert!(shown.contains("abîmé au lieu de 0, 0") && shown.contains("manquant au lieu de 1."), "{shown}");
    assert_eq!(app.stock(tea).await, (14, 0), "five were handed over and one is damaged");
    assert!(page(&app, "/", &cookie).await.expect(200).text.contains("Livraisons du jour"));
    app.assert_sound().await;
}
