//! /livraisons and /dashboard/livraisons-du-jour: whose deliveries one sees, in which order, and how they are counted.

use crate::shared::Day;
use serde_json::{Value, json};

use super::browser::{page, signed_in};
use super::deliveries::{World, action, ago, id, on_the_way, prepared, send, world};
use super::orders_sets::call;
use crate::auth::permission::Role;

#[tokio::test]
async fn a_livreur_reads_their_own_deliveries_in_the_order_of_the_round() {
    let World { app, admin, courier, livreur, tea, .. } = world().await;
    let (other, second) = app.user(Role::Livreur).await;
    let mut orders = Vec::new();
    for _ in 0..5 {
        orders.push(id(&on_the_way(&app, &admin, courier, &[(tea, 1)]).await));
    }
    let theirs = id(&on_the_way(&app, &admin, other, &[(tea, 1)]).await);
    let today = "business_day(now())";
    let places = [
        (0, today, "3"),
        (1, "business_day(now()) - 2", "1"),
        (2, today, "2"),
        (3, "business_day(now()) + 1", "1"),
        (4, "null", "null"),
    ];
    for (at, day, place) in places {
        let set = format!(
            "date_livraison_prevue = {day}, position_tournee = {place}, notes = 'Sonner', latitude = 45, longitude = 4"
        );
        app.run(format!("update orders set {set} where id = {}", orders[at])).await;
    }
    let ids = async |token: &str, query: &str| {
        let read = app.get(token, &format!("/livraisons{query}")).await.expect(200).json();
        read["items"].as_array().expect("items").iter().map(id).collect::<Vec<_>>()
    };
    assert_eq!(ids(&livreur, "").await, [orders[1], orders[2], orders[0], orders[4]], "late, today and of no day");
    let read = app.get(&livreur, "/livraisons").await.json();
    let first = &read["items"][0];
    assert_eq!((&first["en_retard"], first["montant_a_encaisser"].as_f64()), (&json!(true), Some(10.0)));
    assert_eq!(
        (&first["notes"], &first["latitude"], &first["client_nom"]),
        (&json!("Sonner"), &json!(45.0), &json!("Jean Dupont"))
    );
    assert!(first["items"][0]["quantity"] == 1 && first["version"].is_i64() && read["lu_le"].is_string());
    // Done and given up on the way: at the end.
    send(&app, &livreur, &[action("livraison", orders[2], &json!({}))]).await;
    app.post(&admin, &format!("/orders/{}/cancel", orders[0]), &json!({})).await.expect(200);
    assert_eq!(ids(&livreur, "").await, [orders[1], orders[4], orders[0], orders[2]]);
    let done = app.get(&livreur, "/livraisons").await.json()["items"][3].clone();
    assert_eq!((&done["statut"], done["montant_a_encaisser"].as_f64()), (&json!("livree"), Some(0.0)));
    // What is somebody else's is not there, and cannot be asked for.
    assert_eq!(ids(&second, "").await, [theirs]);
    app.get(&livreur, &format!("/livraisons?livreur_id={other}")).await.refused(403, "acces_refuse");
    assert_eq!(ids(&livreur, &format!("?livreur_id={courier}")).await.len(), 4);
    assert_eq!(ids(&admin, &format!("?livreur_id={other}")).await, [theirs]);
    assert_eq!(ids(&admin, "").await.len(), 5);
    assert_eq!(ids(&admin, "?date=2020-01-01").await, [0_i64; 0]);
    app.get(&admin, "/livraisons?date=hier").await.refused(422, "champs_invalides");
    app.get(&admin, "/livraisons?couleur=bleu").await.refused(422, "champs_invalides");
    // Reassigned, it disappears.
    app.post(&admin, &format!("/orders/{}/assign-livreur", orders[1]), &json!({"livreur_id": other})).await.expect(200);
    assert_eq!(ids(&livreur, "").await, [orders[4], orders[0], orders[2]]);
    app.get(&livreur, &format!("/orders/{}/tentatives", orders[1])).await.refused(404, "introuvable");
}

#[tokio::test]
async fn the_deliveries_of_a_day_are_counted() {
    let World { app, admin, courier, livreur, tea, .. } = world().await;
    let mut orders = Vec::new();
    for _ in 0..6 {
        orders.push(on_the_way(&app, &admin, courier, &[(tea, 2)]).await);
    }
    // A day that is over, handed over at its noon: no midnight falls between.
    let today = app.get(&admin, "/dashboard/livraisons-du-jour").await.expect(200).json();
    let today = Day::parse(today["date"].as_str().expect("a day")).expect("a day");
    let (day, before) = (today.plus(-1), today.plus(-2));
    app.run(format!("update orders set date_livraison_prevue = '{day}'")).await;
    app.run(format!("update orders set date_livraison_prevue = '{before}' where id = {}", orders[5]["id"])).await;
    app.run(format!(
        "update orders set creneau_debut = '00:00', creneau_fin = '00:00:01' where id = {}",
        orders[1]["id"]
    ))
    .await;
    let told = |kind: &str, order: &Value, more: Value| {
        let mut told = action(kind, id(order), &more);
        told["survenu_le"] = json!(format!("{day}T12:00:00Z"));
        told
    };
    let actions = [
        told("livraison", &orders[0], json!({})),
        told("livraison", &orders[1], json!({})),
        told("livraison", &orders[2], json!({"lignes": [{"item_id": orders[2]["items"][0]["id"], "remis": 1}]})),
        told("probleme", &orders[3], json!({"motif": "absent"})),
    ];
    assert!(send(&app, &livreur, &actions).await.iter().all(|told| told["statut"] == "appliquee"));
    app.post(&admin, &format!("/orders/{}/cancel", orders[4]["id"]), &json!({})).await.expect(200);
    // Told a day late, they are of the day on which they were handed over.
    let handed = [0, 1, 2].map(|at| id(&orders[at]));
    for (date, wanted) in [(day, handed.to_vec()), (today, Vec::new()), (before, Vec::new())] {
        let list = app.get(&livreur, &format!("/livraisons?date={date}")).await.expect(200).json();
        let done = list["items"].as_array().expect("items").iter().filter(|item| item["statut"] == "livree");
        let mut done: Vec<_> = done.map(id).collect();
        done.sort_unstable();
        assert_eq!(done, wanted, "{date}");
    }
    // The board of that day says the same, and why.
    let (_, cookie) = signed_in(&app, Role::Controleur).await;
    let board = call(&app, "read_rounds", &cookie, &json!({ "day": day })).await.expect(200).json();
    let wrong: Vec<_> = board["problems"].as_array().expect("problems").iter().map(id).collect();
    assert_eq!(wrong, [2, 3, 4].map(|at| id(&orders[at])));
    assert_eq!(board["problems"][1]["motif"], "absent");
    let shown = page(&app, &format!("/tournees?jour={day}"), &cookie).await.expect(200).text;
    for words in ["Client absent", "Incomplète", "problèmes"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let planned = format!("/orders?date_champ=date_livraison_prevue&start_date={day}&end_date={day}");
    let day = app.get(&admin, &format!("/dashboard/livraisons-du-jour?date={day}")).await.expect(200).json();
    let figure = |name: &str| day[name].as_i64().expect("a figure");
    assert_eq!((figure("prevues"), figure("livrees"), figure("restantes")), (4, 3, 1), "{day}");
    assert_eq!((figure("problemes"), figure("en_retard")), (3, 1), "{day}");
    assert_eq!(figure("a_l_heure"), 2, "one came after its slot: {day}");
    for (name, outcome) in [("problemes", "probleme"), ("a_l_heure", "a_l_heure")] {
        let counted = app.get(&admin, &format!("{planned}&livraison={outcome}")).await.expect(200).json();
        assert_eq!(counted["total"], day[name], "{name}");
    }
    app.get(&admin, "/orders?livraison=x").await.refused(422, "champs_invalides");
    app.get(&admin, "/dashboard/livraisons-du-jour?date=x").await.refused(422, "champs_invalides");
    let before = app.get(&admin, "/dashboard/livraisons-du-jour?date=2020-01-01").await.expect(200).json();
    assert_eq!((&before["prevues"], &before["date"]), (&json!(0), &json!("2020-01-01")));
}

#[tokio::test]
async fn staff_see_when_the_phone_took_an_order_over() {
    let World { app, admin, courier, livreur, tea, .. } = world().await;
    let order = prepared(&app, &admin, courier, &[(tea, 1)]).await;
    let take = action("prise_en_charge", id(&order), &json!({"survenu_le": ago(120)}));
    assert_eq!(send(&app, &livreur, &[take]).await[0]["statut"], "appliquee");
    let (_, cookie) = signed_in(&app, Role::Controleur).await;
    let shown = page(&app, &format!("/commandes/{}", order["id"]), &cookie).await.expect(200).text;
    let (_, told) = shown.split_once("Partie en livraison").expect("the event");
    assert!(told.contains("selon le téléphone"), "{told}");
}
