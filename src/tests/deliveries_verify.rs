//! Whoever tampers with what happened at a door is found, and what they touched is named.

use http::Method;
use serde_json::json;

use super::deliveries::{World, action, id, on_the_way, send, world};
use crate::deliveries::pictures::tests::a_png;
use crate::server::verify::tests::tampered;

/// What somebody with the database's password may try, and the check that tells.
const TAMPERINGS: &[(&str, &str, &str)] = &[
    ("hands over more", "update tentative_lignes set remis = remis + 1 where refuse > 0", "tentative_lignes"),
    (
        "says that something was damaged that came back",
        "update tentative_lignes set refuse = refuse - 1, abime = abime + 1 where refuse > 0",
        "mouvements_commande",
    ),
    (
        "turns a failure into a success",
        "drop index tentatives_remise_key; update tentatives set resultat = 'livree' where resultat = 'echec'",
        "tentative_resultat",
    ),
    (
        "loses an attempt",
        "delete from tentative_lignes; delete from tentatives where resultat = 'echec'",
        "historique_orphelin",
    ),
    (
        "loses an attempt of a phone",
        "delete from tentative_lignes; delete from tentatives where resultat = 'echec'",
        "action_effet",
    ),
    (
        "changes who received",
        "update tentatives set receveur = 'Personne' where resultat <> 'echec'",
        "historique_etat",
    ),
    (
        "pockets some cash",
        "update orders set montant_encaisse = montant_encaisse - 100 where montant_encaisse > 0",
        "livraison_encaisse",
    ),
    (
        "opens an order again",
        "update orders set statut = 'en_livraison', delivered_at = null, total_livre = null where statut = 'livree'",
        "tentative_commande",
    ),
    (
        "changes what was delivered",
        "update order_items set quantite_livree = quantite_livree - 1 where quantite_livree > 0",
        "livraison_quantites",
    ),
    (
        "changes what was believed",
        "update correction_lignes set remis_avant = remis_avant - 1, refuse_avant = refuse_avant + 1",
        "correction_suite",
    ),
    ("empties a correction", "delete from correction_lignes", "correction_lignes"),
    ("drops a return", "delete from stock_movements where type = 'retour'", "mouvements_commande"),
    (
        "leaves an action half done",
        "update livraison_actions set etat = 'en_cours' where type = 'livraison'",
        "action_effet",
    ),
    (
        "moves a proof to another attempt",
        "update preuves set tentative_id = (select id from tentatives where order_id <> preuves.order_id limit 1)",
        "preuve_contenu",
    ),
    (
        "swaps a photo",
        r"alter table preuves drop constraint preuves_octets_check; update preuves set octets = octets || '\x00'",
        "preuve_contenu",
    ),
];

#[tokio::test]
async fn every_tampering_at_the_door_is_found() {
    let World { app, admin, courier, livreur, tea, honey } = world().await;
    let order = on_the_way(&app, &admin, courier, &[(tea, 4), (honey, 3)]).await;
    let failed = action("probleme", id(&order), &json!({"motif": "absent"}));
    let item = order["items"][0]["id"].clone();
    let lignes = json!([{"item_id": item, "remis": 2, "abime": 1}]);
    let part =
        action("livraison", id(&order), &json!({"lignes": lignes, "receveur": "Mme Zola", "montant_encaisse": 20}));
    for told in send(&app, &livreur, &[failed, part.clone()]).await {
        assert_eq!(told["statut"], "appliquee", "{told}");
    }
    let other = on_the_way(&app, &admin, courier, &[(tea, 1)]).await;
    send(&app, &livreur, &[action("livraison", id(&other), &json!({}))]).await;
    let correction = json!({"motif": "Recompté", "lignes": [{"item_id": item, "remis": 3}]});
    app.post(&admin, &format!("/orders/{}/corrections", order["id"]), &correction).await.expect(201);
    let path =
        format!("/api/v1/orders/{}/preuves?type=photo&tentative_id={}", order["id"], part["id"].as_str().expect("id"));
    app.call(Method::POST, &path).bearer(&livreur).file("image/png", &a_png(1, 1, 0)).send().await.expect(201);
    app.assert_sound().await;
    for (what, statements, check) in TAMPERINGS {
        let report = tampered(&app.db, what, statements).await;
        assert!(
            report.failed().any(|outcome| outcome.check == *check),
            "who {what} is not found by {check}:\n{report}"
        );
    }
}
