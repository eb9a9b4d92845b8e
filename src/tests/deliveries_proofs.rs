//! /orders/{id}/preuves: what is taken, who sees it, what erasing a person leaves of it.

use std::sync::LazyLock;

use http::Method;
use serde_json::json;

use super::browser::{from_page, page, signed_in};
use super::deliveries::{World, action, id, on_the_way, send, uuid, world};
use super::{Answer, App};
use crate::auth::permission::Role;
use crate::deliveries::pictures::tests::{a_jpeg, a_png};
use crate::history::erase::{Person, erase};
use crate::shared::ClientId;

static PNG: LazyLock<Vec<u8>> = LazyLock::new(|| a_png(3, 2, 20));

async fn upload(app: &App, token: &str, order: i64, query: &str, kind: &str, bytes: &[u8]) -> Answer {
    let path = format!("/api/v1/orders/{order}/preuves{query}");
    app.call(Method::POST, &path).bearer(token).file(kind, bytes).send().await
}

#[tokio::test]
async fn a_proof_is_judged_by_its_content() {
    let World { app, admin, courier, livreur, tea, .. } = world().await;
    let order = id(&on_the_way(&app, &admin, courier, &[(tea, 2)]).await);
    let give = action("livraison", order, &json!({}));
    send(&app, &livreur, std::slice::from_ref(&give)).await;
    let query = format!("?type=signature&tentative_id={}", give["id"].as_str().expect("an id"));
    // Whatever picture it is declared to be.
    let made = upload(&app, &livreur, order, &query, "image/jpeg", &PNG).await.expect(201);
    let proof = made.json();
    assert_eq!((&proof["media_type"], &proof["type"]), (&json!("image/png"), &json!("signature")));
    assert_eq!((&proof["taille"], &proof["tentative_id"]), (&json!(PNG.len()), &give["id"]));
    assert!(made.header("location").ends_with(&format!("/orders/{order}/preuves/{}", proof["id"])));
    let again = upload(&app, &livreur, order, &query, "image/png", &PNG).await.expect(201).json();
    assert_eq!(again["id"], proof["id"], "sent again after a lost answer, it is the same");
    let shown = app.get(&admin, &format!("/orders/{order}/preuves/{}", proof["id"])).await.expect(200);
    assert_eq!((&shown.bytes[..], shown.header("content-type")), (&PNG[..], "image/png"));
    assert_eq!((shown.header("x-content-type-options"), shown.header("cache-control")), ("nosniff", "no-store"));

    let (cut, behind) = (&PNG[..PNG.len() - 1], [&PNG[..], b"<script>"].concat());
    for wrong in [
        &b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..],
        b"GIF89a",
        b"",
        b"%PDF-1.7",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0<html><body>",
        cut,
        &behind,
        &a_png(0, 2, 0),
        &a_jpeg(8, 0, 9),
        &a_png(20_000, 2, 0),
    ] {
        let refused = upload(&app, &livreur, order, "?type=photo", "image/png", wrong).await;
        let refused = refused.refused(422, "champs_invalides").json();
        assert_eq!(refused["errors"][0]["code"], "image_attendue");
        let detail = refused["detail"].as_str().expect("a sentence");
        assert!(detail.starts_with("Envoyez") && detail.contains("16\u{202f}384 pixels"), "{detail}");
    }
    for kind in ["text/plain", "image/svg+xml", "application/json"] {
        upload(&app, &livreur, order, "?type=photo", kind, &PNG).await.refused(415, "type_non_supporte");
    }
    let sized = |coded: usize| a_jpeg(640, 480, coded);
    upload(&app, &livreur, order, "?type=photo", "image/jpeg", &sized(300_000)).await.expect(201);
    let beyond = sized(10 * 1024 * 1024 + 1);
    upload(&app, &livreur, order, "?type=photo", "image/jpeg", &beyond).await.refused(413, "trop_volumineux");
    upload(&app, &livreur, order, "?type=signature", "image/jpeg", &sized(200_000))
        .await
        .refused(413, "trop_volumineux");
    for (query, field) in [
        ("", "type"),
        ("?type=plan", "type"),
        ("?type=photo&tentative_id=x", "tentative_id"),
        (&*format!("?type=photo&tentative_id={}", uuid()), "tentative_id"),
        ("?type=photo&couleur=1", "couleur"),
    ] {
        let refused = upload(&app, &livreur, order, query, "image/png", &PNG).await.refused(422, "champs_invalides");
        assert_eq!(refused.fields(), [field], "{query}");
    }
    let draft = id(&app.order(&admin, &[(tea, 1)]).await);
    upload(&app, &admin, draft, "?type=photo", "image/png", &PNG).await.refused(409, "etat_incompatible");
    upload(&app, &livreur, draft, "?type=photo", "image/png", &PNG).await.refused(404, "introuvable");
    let stale = app.call(Method::POST, &format!("/api/v1/orders/{order}/preuves?type=photo")).bearer(&livreur);
    stale.header("if-match", "\"1\"").file("image/png", &PNG).send().await.refused(412, "version_perimee");
    let reader = app.token(Role::SimpleUtilisateur).await;
    upload(&app, &reader, order, "?type=photo", "image/png", &PNG).await.refused(403, "acces_refuse");
    app.assert_sound().await;
}

#[tokio::test]
async fn proofs_are_seen_by_staff_and_for_a_week_by_who_made_them() {
    let World { app, admin, courier, livreur, tea, .. } = world().await;
    let order = id(&on_the_way(&app, &admin, courier, &[(tea, 2)]).await);
    let proof = id(&upload(&app, &livreur, order, "?type=photo", "image/png", &PNG).await.expect(201).json());
    let (list, one) = (format!("/orders/{order}/preuves"), format!("/orders/{order}/preuves/{proof}"));
    let (other, second) = app.user(Role::Livreur).await;
    // Who delivers it now sees what they make, not what others made; who made it sees it still.
    app.post(&admin, &format!("/orders/{order}/assign-livreur"), &json!({"livreur_id": other})).await.expect(200);
    assert_eq!(app.get(&second, &list).await.expect(200).json()["items"], json!([]));
    app.get(&second, &one).await.refused(404, "introuvable");
    app.get(&livreur, &one).await.expect(200);
    assert_eq!(id(&app.get(&livreur, &list).await.expect(200).json()["items"][0]), proof);
    for role in [Role::Admin, Role::Controleur, Role::SimpleUtilisateur] {
        let token = app.token(role).await;
        app.get(&token, &one).await.expect(200);
        app.get(&token, &format!("/orders/999999/preuves/{proof}")).await.refused(404, "introuvable");
    }
    app.run("alter table preuves disable trigger user; update preuves set created_at = now() - interval '8 days'")
        .await;
    app.get(&livreur, &one).await.refused(404, "introuvable");
    app.get(&livreur, &list).await.refused(404, "introuvable");
    app.get(&admin, &one).await.expect(200);
    app.run("update preuves set created_at = updated_at; alter table preuves enable trigger user").await;
    // The browser's door: the same rule, by cookie.
    let (_, cookie) = signed_in(&app, Role::Controleur).await;
    let path = format!("/commandes/{order}/preuves/{proof}");
    let shown = page(&app, &path, &cookie).await.expect(200);
    assert_eq!((&shown.bytes[..], shown.header("content-type")), (&PNG[..], "image/png"));
    let (_, stranger) = signed_in(&app, Role::Livreur).await;
    page(&app, &path, &stranger).await.expect(404);
    page(&app, &path, "").await.expect(401);
    let post = |cookie: &str, bytes: &[u8]| {
        let call = from_page(&app, Method::POST, &format!("/commandes/{order}/preuves?type=signature"))
            .header("cookie", cookie);
        call.file("image/png", bytes).send()
    };
    assert_eq!(post(&cookie, &PNG).await.expect(201).json()["type"], "signature");
    assert_eq!(post(&cookie, b"non").await.expect(422).json()["errors"][0]["code"], "image_attendue");
    post(&stranger, &PNG).await.expect(404);
    let told = page(&app, &format!("/commandes/{order}"), &cookie).await.expect(200).text;
    assert!(told.contains(&format!("src=\"{path}\"")) && told.contains("Photo reçue"), "{told}");
    app.assert_sound().await;
}

#[tokio::test]
async fn erasing_a_client_blanks_what_was_noted_at_their_door() {
    let World { app, admin, courier, livreur, tea, .. } = world().await;
    let order = on_the_way(&app, &admin, courier, &[(tea, 2)]).await;
    let order_id = id(&order);
    let give = action("livraison", order_id, &json!({"receveur": "Zénobie", "note": "Digicode 4711"}));
    send(&app, &livreur, std::slice::from_ref(&give)).await;
    let proof = id(&upload(&app, &livreur, order_id, "?type=photo", "image/png", &PNG).await.expect(201).json());
    let correction =
        json!({"motif": "Zénobie a rappelé", "lignes": [{"item_id": order["items"][0]["id"], "remis": 1}]});
    app.post(&admin, &format!("/orders/{order_id}/corrections"), &correction).await.expect(201);
    erase(&app.db, Person::Client(ClientId(order["client_id"].as_i64().expect("a client")))).await.expect("erased");
    for table in ["tentatives", "corrections", "history", "livraison_actions", "idempotency_keys", "orders"] {
        let sql =
            format!("select count(*) from {table} t where t::text like '%Zénobie%' or t::text like '%Digicode 4711%'");
        let left: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&app.db).await.expect("a count");
        assert_eq!(left, 0, "{table}");
    }
    app.get(&admin, &format!("/orders/{order_id}/preuves/{proof}")).await.refused(404, "introuvable");
    assert_eq!(app.get(&admin, &format!("/orders/{order_id}/preuves")).await.json()["items"][0]["efface"], true);
    assert_eq!(send(&app, &livreur, &[give]).await[0]["statut"], "deja_connue");
    app.assert_sound().await;
    // Nothing else of it changes, not even by hand.
    for sql in [
        "update tentatives set resultat = 'echec'",
        "delete from tentatives",
        "update tentative_lignes set remis = 0",
        "delete from corrections",
        "update correction_lignes set remis = 0",
        "delete from preuves",
        "update preuves set nature = 'signature'",
        "update livraison_actions set etat = 'conflit'",
        "delete from livraison_actions",
    ] {
        let mut tx = app.as_system().await;
        assert!(sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut *tx).await.is_err(), "{sql}");
    }
}
