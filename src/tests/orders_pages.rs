//! The pages of one order: changing it, deleting and restoring it, printing it.

use serde_json::json;

use super::browser::{page, post_form, signed_in};
use super::orders_sets::call;
use super::{Answer, App};
use crate::auth::permission::Role;

#[tokio::test]
async fn pages_answer_by_role_and_status() {
    let app = App::new().await;
    let token = app.token(Role::Admin).await;
    let product = app.product(&token, "Noix", 700, 9).await;
    let draft = app.order(&token, &[(product, 1)]).await["id"].as_i64().expect("id");
    let over = app.order(&token, &[(product, 1)]).await["id"].as_i64().expect("id");
    app.post(&token, &format!("/orders/{over}/cancel"), &json!({})).await.expect(200);
    let at = |id: i64, page: &str| format!("/commandes/{id}{page}");
    for (role, path, status) in [
        (Role::Admin, at(draft, "/livraison"), 200),
        (Role::Controleur, at(draft, "/articles"), 200),
        (Role::SimpleUtilisateur, at(draft, "/livraison"), 403),
        (Role::SimpleUtilisateur, at(draft, "/articles"), 403),
        (Role::SimpleUtilisateur, at(draft, ""), 200),
        (Role::Livreur, at(draft, ""), 403),
        (Role::Livreur, at(draft, "/articles"), 403),
        (Role::Admin, at(over, "/livraison"), 409),
        (Role::Admin, at(over, "/articles"), 409),
        (Role::Admin, at(999_999, "/livraison"), 404),
        (Role::Admin, at(999_999, "/articles"), 404),
        (Role::SimpleUtilisateur, at(draft, "/bon-de-livraison"), 200),
        (Role::Livreur, at(draft, "/bon-de-livraison"), 403),
        (Role::Admin, "/commandes/preparation".to_owned(), 200),
        (Role::Admin, "/commandes/preparation?ids=".to_owned(), 200),
        (Role::Admin, "/commandes/preparation?ids=x".to_owned(), 422),
        (Role::Livreur, "/commandes/preparation".to_owned(), 403),
        (Role::Admin, "/tournees?jour=hier".to_owned(), 200),
        (Role::Admin, format!("/commandes/nouvelle?copie={draft}"), 200),
    ] {
        let (_, cookie) = signed_in(&app, role).await;
        let answer = page(&app, &path, &cookie).await;
        assert_eq!(answer.status.as_u16(), status, "{path} as {}", role.as_str());
    }
}

#[tokio::test]
async fn an_order_is_changed_by_plain_forms() {
    let app = App::new().await;
    let token = app.token(Role::Admin).await;
    let (tea, nuts) = (app.product(&token, "Thé", 1000, 20).await, app.product(&token, "Noix", 700, 9).await);
    let body = json!({
        "client_nom": "Jean", "adresse_livraison": "1 rue A", "latitude": 45.7, "longitude": 4.8, "confirmer": true,
        "items": [{"product_id": tea, "quantity": 2}]
    });
    let order = app.post(&token, "/orders", &body).await.expect(201).json();
    let (id, path) = (order["id"].as_i64().expect("id"), format!("/commandes/{}", order["id"]));
    let (_, cookie) = signed_in(&app, Role::Controleur).await;
    // What is on the order stays, even when it is sold no more.
    app.patch(&token, &format!("/products/{tea}/toggle-status"), &json!({})).await.expect(200);
    let version = order["version"].to_string();
    let lines = [
        ("version", &*version),
        ("ligne_produit", "Thé"),
        ("ligne_quantite", "5"),
        ("ligne_produit", "2x Noix"),
        ("ligne_quantite", ""),
        ("action", "articles"),
    ];
    let done = post_form(&app, &format!("{path}/articles"), &cookie, &lines).await.expect(303);
    assert_eq!(done.header("location"), path);
    assert_eq!((app.stock(tea).await, app.stock(nuts).await), ((20, 5), (9, 2)));
    let stale = post_form(&app, &format!("{path}/articles"), &cookie, &lines).await.expect(412);
    assert!(stale.text.contains("aussi ce que vous avez saisi"), "nothing differs: {}", stale.text);

    let now = app.get(&token, &format!("/orders/{id}")).await.json();
    let version = now["version"].to_string();
    let moved = [
        ("version", &*version),
        ("client_nom", "Jean Martin"),
        ("adresse_livraison", "2 rue B"),
        ("creneau_debut", "09:00"),
        ("creneau_fin", "08:00"),
    ];
    let refused = post_form(&app, &format!("{path}/livraison"), &cookie, &moved).await.expect(422);
    assert!(refused.text.contains("2 rue B") && refused.text.contains("doit suivre"), "nothing typed is lost");
    let moved = [("version", &*version), ("client_nom", "Jean Martin"), ("adresse_livraison", "2 rue B")];
    post_form(&app, &format!("{path}/livraison"), &cookie, &moved).await.expect(303);
    let now = app.get(&token, &format!("/orders/{id}")).await.json();
    assert_eq!(
        (&now["client_nom"], &now["latitude"]),
        (&json!("Jean Martin"), &json!(null)),
        "another place, no point"
    );
    let stale = post_form(
        &app,
        &format!("{path}/livraison"),
        &cookie,
        &[("version", "1"), ("ville", "Lyon"), ("client_nom", "Jean")],
    )
    .await
    .expect(412);
    assert!(stale.text.contains("Jean Martin") && stale.text.contains("Lyon"), "both values are there");
    let (_, reader) = signed_in(&app, Role::SimpleUtilisateur).await;
    post_form(&app, &format!("{path}/livraison"), &reader, &moved).await.expect(403);
    post_form(&app, &format!("{path}/articles"), &reader, &lines).await.expect(403);
    app.assert_sound().await;
}

#[tokio::test]
async fn a_deleted_order_is_read_and_restored_by_those_who_may() {
    let app = App::new().await;
    let token = app.token(Role::Admin).await;
    let product = app.product(&token, "Noix", 700, 9).await;
    let order = app.order(&token, &[(product, 1)]).await;
    let path = format!("/commandes/{}", order["id"]);
    let (_, admin) = signed_in(&app, Role::Admin).await;
    let (_, clerk) = signed_in(&app, Role::Controleur).await;
    post_form(&app, &path, &clerk, &[("action", "supprimer")]).await.expect(403);
    post_form(&app, &path, &admin, &[("action", "supprimer"), ("version", "99")]).await.expect(412);
    post_form(&app, &path, &admin, &[("action", "supprimer"), ("version", "1")]).await.expect(303);
    let shown = page(&app, &path, &admin).await.expect(200);
    assert!(shown.text.contains("Commande supprimée") && shown.text.contains("Restaurer"), "{}", shown.text);
    page(&app, &path, &clerk).await.expect(404);
    let numero = order["numero"].as_str().expect("a number");
    let gone = page(&app, "/commandes?is_deleted=true", &admin).await.expect(200);
    assert!(gone.text.contains(numero) && gone.text.contains("Supprimées"), "{}", gone.text);
    assert!(!page(&app, "/commandes", &admin).await.expect(200).text.contains(numero));
    assert!(!page(&app, "/commandes", &clerk).await.expect(200).text.contains("Supprimées"));
    post_form(&app, &path, &clerk, &[("action", "restaurer")]).await.expect(403);
    post_form(&app, &path, &admin, &[("action", "restaurer")]).await.expect(303);
    page(&app, &path, &clerk).await.expect(200);
    let by_key = json!({"id": order["id"], "version": 3});
    call(&app, "delete_order", &admin, &by_key).await.expect(200);
    call(&app, "restore_order", &admin, &json!({"id": order["id"]})).await.expect(200);
}

#[tokio::test]
async fn a_change_sent_twice_is_made_once() {
    let app = App::new().await;
    let token = app.token(Role::Admin).await;
    let product = app.product(&token, "Noix", 700, 9).await;
    let order = app.order(&token, &[(product, 1)]).await;
    let (_, cookie) = signed_in(&app, Role::Controleur).await;
    let change = json!({"id": order["id"], "changes": {"ville": "Lyon"}, "version": order["version"], "key": "k1"});
    let first = call(&app, "update_order", &cookie, &change).await.expect(200).json();
    let again = call(&app, "update_order", &cookie, &change).await.expect(200).json();
    assert_eq!(first["version"], again["version"]);
    let stale = json!({"id": order["id"], "items": [{"product_id": product, "quantity": 2}], "version": order["version"], "key": "k2"});
    let refused = call(&app, "replace_order_lines", &cookie, &stale).await.expect(412).json();
    assert_eq!(refused["code"], "version_perimee");
}

/// A page without the marks that its text is put together by.
fn text(page: &Answer) -> String {
    page.text.replace("<!>", "")
}

#[tokio::test]
async fn papers_carry_the_name_of_the_business() {
    let app = App::with(|options| options.business_name = "Épicerie Martin & fils".into()).await;
    let token = app.token(Role::Admin).await;
    let product = app.product(&token, "Noix", 700, 9).await;
    let order = app.order(&token, &[(product, 1)]).await;
    let (_, clerk) = signed_in(&app, Role::Controleur).await;
    let shop = "<p class=\"paper-shop\">Épicerie Martin &amp; fils</p>";
    let note = page(&app, &format!("/commandes/{}/bon-de-livraison", order["id"]), &clerk).await.expect(200);
    assert!(text(&note).contains(shop), "{}", note.text);
    app.post(&token, &format!("/orders/{}/confirm", order["id"]), &json!({})).await.expect(200);
    let picking = page(&app, &format!("/commandes/preparation?ids={}", order["id"]), &clerk).await.expect(200);
    assert!(text(&picking).contains(shop), "{}", picking.text);
}

#[tokio::test]
async fn pages_of_a_sheet_that_come_apart_say_what_they_belong_to() {
    let app = App::new().await;
    let token = app.token(Role::Admin).await;
    let product = app.product(&token, "Noix", 700, 9).await;
    let body = json!({
        "client_nom": "L. \"Roux\" </style>", "date_livraison_prevue": "2040-11-22", "confirmer": true,
        "adresse_livraison": "1 rue A", "items": [{"product_id": product, "quantity": 1}]
    });
    let order = app.post(&token, "/orders", &body).await.expect(201).json();
    let (_, clerk) = signed_in(&app, Role::Controleur).await;
    let note = page(&app, &format!("/commandes/{}/bon-de-livraison", order["id"]), &clerk).await.expect(200);
    let numero = order["numero"].as_str().expect("a number");
    let head = format!("content:\"Bon de livraison {numero}, L. \\22 Roux\\22  \\3c \\2f style\\3e \"");
    assert!(note.text.contains(&head), "{head} in {}", note.text);
    let picking = page(&app, "/commandes/preparation?jour=2040-11-22", &clerk).await.expect(200);
    let head = "content:\"Liste de pr\\e9 paration, \\e0  livrer le 22 novembre 2040\"";
    assert!(picking.text.contains(head), "{}", picking.text);
    assert!(text(&picking).contains("<dt>À livrer le</dt><dd>22 novembre 2040</dd>"), "{}", picking.text);
    let chosen = page(&app, &format!("/commandes/preparation?ids={}", order["id"]), &clerk).await.expect(200);
    assert!(text(&chosen).contains("<dt>Établie le</dt>"), "{}", chosen.text);
}

#[tokio::test]
async fn a_plain_form_that_is_too_late_shows_both_values_and_takes_a_choice() {
    let app = App::new().await;
    let token = app.token(Role::Admin).await;
    let (noix, miel) = (app.product(&token, "Noix", 700, 90).await, app.product(&token, "Miel", 900, 90).await);
    let order = app.order(&token, &[(noix, 2)]).await;
    let (id, path) = (order["id"].as_i64().expect("id"), format!("/commandes/{}", order["id"]));
    let (_, clerk) = signed_in(&app, Role::Controleur).await;
    app.put(&token, &format!("/orders/{id}"), &json!({"ville": "Angers", "notes": "Cour"})).await.expect(200);

    let to = format!("{path}/livraison");
    let sent = [("version", "1"), ("client_nom", "Jean Martin"), ("ville", "Lyon"), ("notes", "Jardin")];
    let late = post_form(&app, &to, &clerk, &sent).await.expect(412).text;
    for shown in ["Votre saisie", "name=\"garder.ville\"", "name=\"autre.ville\" value=\"Angers\"", "value=\"Lyon\""] {
        assert!(late.contains(shown), "{shown} in {late}");
    }
    // Their town, my notes; on the version that was shown with the choice.
    let chosen = [
        ("version", "2"),
        ("client_nom", "Jean Martin"),
        ("garder.ville", "autre"),
        ("autre.ville", "Angers"),
        ("ville", "Lyon"),
        ("garder.notes", "moi"),
        ("autre.notes", "Cour"),
        ("notes", "Jardin"),
    ];
    post_form(&app, &to, &clerk, &chosen).await.expect(303);
    let now = app.get(&token, &format!("/orders/{id}")).await.json();
    assert_eq!((&now["ville"], &now["notes"]), (&json!("Angers"), &json!("Jardin")));

    let items = json!([{"product_id": noix, "quantity": 6}, {"product_id": miel, "quantity": 1}]);
    app.put(&token, &format!("/orders/{id}"), &json!({ "items": items })).await.expect(200);
    let sent = [("version", "3"), ("action", "articles"), ("ligne_produit", "Noix"), ("ligne_quantite", "4")];
    let late = text(&post_form(&app, &format!("{path}/articles"), &clerk, &sent).await.expect(412));
    let row = |name: &str, mine: &str, theirs: &str| {
        let cell = |whose: &str, what: &str| format!("<td data-whose=\"{whose}\">{what}</td>");
        let (mine, theirs) = (cell("Votre saisie", mine), cell("Enregistré par l'autre", theirs));
        format!("<tr><th scope=\"row\">{name}</th>{mine}{theirs}</tr>")
    };
    for shown in [row("Noix", "4", "6"), row("Miel", "–", "1")] {
        assert!(late.contains(&shown), "{shown} in {late}");
    }
    assert_eq!(app.get(&token, &format!("/orders/{id}")).await.json()["items"].as_array().map(Vec::len), Some(2));
    app.assert_sound().await;
}

#[tokio::test]
async fn what_was_deleted_since_is_named_and_leads_nowhere_for_those_who_cannot_open_it() {
    let app = App::new().await;
    let token = app.token(Role::Admin).await;
    let (gone, kept) = (app.product(&token, "Noix", 700, 9).await, app.product(&token, "Miel", 900, 9).await);
    let order = app.order(&token, &[(gone, 1), (kept, 1)]).await;
    let path = format!("/commandes/{}", order["id"]);
    app.post(&token, &format!("/orders/{}/cancel", order["id"]), &json!({})).await.expect(200);
    app.delete(&token, &format!("/products/{gone}")).await.expect(204);
    app.delete(&token, &format!("/clients/{}", order["client_id"])).await.expect(204);
    let client = format!("href=\"/clients/{}\"", order["client_id"]);
    let of = |product: i64| format!("href=\"/produits/{product}\"");
    for (role, opens) in [(Role::Admin, true), (Role::Controleur, false), (Role::SimpleUtilisateur, false)] {
        let (_, cookie) = signed_in(&app, role).await;
        let shown = page(&app, &path, &cookie).await.expect(200).text;
        assert!(shown.contains("Noix") && shown.contains(&of(kept)), "{}", role.as_str());
        assert_eq!((shown.contains(&client), shown.contains(&of(gone))), (opens, opens), "{}", role.as_str());
        // What leads somewhere opens.
        for lead in [format!("/clients/{}", order["client_id"]), format!("/produits/{gone}")] {
            page(&app, &lead, &cookie).await.expect(if opens { 200 } else { 404 });
        }
    }
}
