//! /api/v1/clients

use serde_json::{Value, json};

use super::App;
use super::browser::signed_in;
use super::orders_sets::call;
use crate::auth::permission::Role;

async fn shop() -> (App, String) {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    (app, admin)
}

fn names(answer: &Value) -> Vec<&str> {
    answer["items"].as_array().expect("items").iter().filter_map(|item| item["nom"].as_str()).collect()
}

#[tokio::test]
async fn a_client_is_entered_changed_deleted_and_brought_back() {
    let (app, admin) = shop().await;
    let body = json!({"nom": "Anne Évrard", "telephone": "06 12 34 56 78", "email": "anne@example.com",
        "adresse": "3 rue du Port", "code_postal": "44000", "ville": "Nantes", "latitude": 47.2, "longitude": -1.55, "notes": "2e étage"});
    let client = app.post(&admin, "/clients", &body).await.expect(201).json();
    for (name, value) in body.as_object().expect("an object") {
        assert_eq!(&client[name], value, "{name}");
    }
    let path = format!("/clients/{}", client["id"]);
    let changed = app
        .put(&admin, &path, &json!({"telephone": null, "latitude": null, "longitude": null}))
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&changed["telephone"], &changed["latitude"], &changed["ville"]),
        (&json!(null), &json!(null), &json!("Nantes"))
    );
    let half = app.put(&admin, &path, &json!({"latitude": 3})).await.refused(422, "champs_invalides");
    assert_eq!(half.fields(), ["longitude"]);
    let wrong = app.put(&admin, &path, &json!({"latitude": "x", "longitude": 3})).await;
    assert_eq!(wrong.refused(422, "champs_invalides").fields(), ["latitude"], "what is wrong is not missing too");
    let unseen = app.post(&admin, "/clients", &json!({"nom": "\u{200b}\u{feff}"})).await;
    assert_eq!(unseen.refused(422, "champs_invalides").json()["errors"][0]["code"], "obligatoire");
    app.delete(&admin, &path).await.expect(204);
    app.get(&admin, &path).await.refused(404, "introuvable");
    app.post(&admin, &format!("{path}/restore"), &json!({})).await.expect(200);
    app.get(&admin, &path).await.expect(200);
    app.assert_sound().await;
}

#[tokio::test]
async fn clients_are_found_by_name_or_phone_however_typed() {
    let (app, admin) = shop().await;
    for (nom, telephone) in
        [("Ève Martin", "+33 6 39 98 11 22"), ("Éric Dupont", "0639983344"), ("Zoé Roux", "06.39.98.55.66")]
    {
        app.post(&admin, "/clients", &json!({"nom": nom, "telephone": telephone})).await.expect(201);
    }
    let found = async |search: &str| app.get(&admin, &format!("/clients?search={search}")).await.expect(200).json();
    assert_eq!(names(&found("eve").await), ["Ève Martin"]);
    assert_eq!(names(&found("MARTIN%20E").await), ["Ève Martin"]);
    assert_eq!(names(&found("06%2039%2098%2011").await), ["Ève Martin"]);
    assert_eq!(names(&found("%2B33639983344").await), ["Éric Dupont"]);
    assert_eq!(names(&found("%25").await), [""; 0], "a wildcard stands for itself");
    assert_eq!(names(&app.get(&admin, "/clients").await.expect(200).json()), ["Éric Dupont", "Ève Martin", "Zoé Roux"]);
    assert_eq!(names(&app.get(&admin, "/clients?sort=-nom").await.expect(200).json())[0], "Zoé Roux");
}

#[tokio::test]
async fn orders_of_a_client_and_their_own_copy() {
    let (app, admin) = shop().await;
    let product = app.product(&admin, "Miel", 800, 50).await;
    let order = app.order(&admin, &[(product, 1)]).await;
    let client = order["client_id"].clone();
    let again = app.order(&admin, &[(product, 2)]).await;
    assert_eq!(again["client_id"], client, "found by the phone");
    app.put(&admin, &format!("/clients/{client}"), &json!({"nom": "Jean D."})).await.expect(200);
    let list = app.get(&admin, &format!("/clients/{client}/orders?sort=total")).await.expect(200).json();
    assert_eq!(list["total"], 2);
    assert_eq!((&list["items"][0]["id"], &list["items"][0]["client_nom"]), (&order["id"], &json!("Jean Dupont")));
    app.get(&admin, &format!("/clients/{client}/orders?client_id=3")).await.refused(422, "champs_invalides");
    app.get(&admin, "/clients/999999/orders?couleur=x").await.refused(422, "champs_invalides");
    app.get(&admin, "/clients/999999/orders").await.refused(404, "introuvable");
    app.delete(&admin, &format!("/clients/{client}")).await.expect(204);
    app.get(&admin, &format!("/orders/{}", order["id"])).await.expect(200);
    let fresh = app.order(&admin, &[(product, 1)]).await;
    assert_ne!(fresh["client_id"], client, "a deleted client is not found again");
    let body = json!({"client_nom": "x", "client_id": client, "items": []});
    assert_eq!(app.post(&admin, "/orders", &body).await.refused(422, "champs_invalides").fields(), ["client_id"]);
}

#[tokio::test]
async fn an_order_copies_of_its_client_what_nobody_spoke_of() {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    let client = json!({"nom": "Zoé", "telephone": "06 39 98 12 34", "email": "zoe@test.example", "adresse": "3 rue du Port",
                        "code_postal": "01000", "ville": "Bourg", "latitude": 46.2, "longitude": 5.2});
    let client = app.post(&admin, "/clients", &client).await.expect(201).json()["id"].clone();
    let order = async |more: Value| {
        let mut body = json!({"client_nom": "Zoé", "client_id": client, "items": []});
        body.as_object_mut().expect("an object").extend(more.as_object().expect("more").clone());
        let order = app.post(&admin, "/orders", &body).await.expect(201).json();
        ["client_telephone", "client_email", "adresse_livraison", "code_postal", "ville", "latitude"]
            .map(|name| order[name].clone())
    };
    let whole = [
        json!("06 39 98 12 34"),
        json!("zoe@test.example"),
        json!("3 rue du Port"),
        json!("01000"),
        json!("Bourg"),
        json!(46.2),
    ];
    assert_eq!(order(json!({})).await, whole);
    let none = Value::Null;
    let elsewhere = order(json!({"ville": "Lyon", "client_email": null})).await;
    let [phone, ..] = whole;
    assert_eq!(
        elsewhere,
        [phone, none.clone(), none.clone(), none.clone(), json!("Lyon"), none],
        "an address is one thing"
    );
}

#[tokio::test]
async fn an_order_is_offered_the_clients_that_the_list_finds() {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    for (nom, telephone) in [
        ("Élodie Huet", "02 61 91 02 28"),
        ("Agathe Poirier", "02 61 91 02 24"),
        ("L'Œuf à la Coque", "05 61 00 00 00"),
    ] {
        app.post(&admin, "/clients", &json!({"nom": nom, "telephone": telephone})).await.expect(201);
    }
    let (_, cookie) = signed_in(&app, Role::Controleur).await;
    for (search, found) in [
        ("huet elodie", vec!["Élodie Huet"]),
        ("lod hu", vec!["Élodie Huet"]),
        ("oeuf coque", vec!["L'Œuf à la Coque"]),
        ("huet 0261", vec!["Élodie Huet"]),
        ("+33 2 61.91.02", vec!["Agathe Poirier", "Élodie Huet"]),
        ("personne", vec![]),
        (" ", vec![]),
    ] {
        let offered = call(&app, "client_choices", &cookie, &json!({"search": search})).await.expect(200).json();
        let names: Vec<_> = offered.as_array().expect("clients").iter().map(|client| client["nom"].clone()).collect();
        assert_eq!(json!(names), json!(found), "{search}");
    }
}
