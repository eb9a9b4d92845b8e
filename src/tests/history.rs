//! /api/v1/…/history and /api/v1/audit: who changed what; and erasing a person.

use serde_json::{Value, json};

use super::App;
use super::browser::{page, post_form, signed_in};
use super::orders_sets::call;
use crate::auth::permission::Role;
use crate::history::erase::{Person, erase};

async fn shop() -> (App, i64, String) {
    let app = App::new().await;
    let (id, admin) = app.user(Role::Admin).await;
    (app, id.0, admin)
}

fn items(answer: &Value) -> &Vec<Value> {
    answer["items"].as_array().expect("items")
}

/// `(champ, avant, apres)` of each change.
fn told(answer: &Value) -> Vec<(String, Value, Value)> {
    let change =
        |c: &Value| (c["champ"].as_str().unwrap_or_default().to_owned(), c["avant"].clone(), c["apres"].clone());
    items(answer).iter().map(change).collect()
}

#[tokio::test]
async fn a_change_is_told_field_by_field_with_who_when_and_in_which_request() {
    let (app, me, admin) = shop().await;
    let product = app.product(&admin, "Miel", 800, 5).await;
    let path = format!("/products/{product}");
    let call = app.call(http::Method::PUT, &format!("/api/v1{path}")).bearer(&admin).header("x-request-id", "tool-7");
    call.json(&json!({"prix": 9.5, "taux_tva": 20, "nom": "Miel doré"})).send().await.expect(200);
    let history = app.get(&admin, &format!("{path}/history")).await.expect(200).json();
    let newest: Vec<_> = told(&history).into_iter().take(3).collect();
    let expected = [
        ("nom".to_owned(), json!("Miel"), json!("Miel doré")),
        ("prix".to_owned(), json!(8.0), json!(9.5)),
        ("taux_tva".to_owned(), json!(5.5), json!(20)),
    ];
    for change in expected {
        assert!(newest.contains(&change), "{change:?} in {newest:?}");
    }
    let text = app.get(&admin, &format!("{path}/history")).await.expect(200).text;
    assert!(text.contains(r#""avant":8.00,"apres":9.50,"#), "an amount has the digits of its currency: {text}");
    let csv = app.get(&admin, &format!("{path}/history?format=csv")).await.expect(200).text;
    assert!(csv.contains(";8,00;9,50;") && csv.contains(";5,5;20;"), "in a file too: {csv}");
    let first = &items(&history)[0];
    assert_eq!(
        (&first["action"], &first["user_id"], &first["auteur"]),
        (&json!("modification"), &json!(me), &json!("Anne Test"))
    );
    assert_eq!(
        (&first["request_id"], &first["version"], &first["table"]),
        (&json!("tool-7"), &json!(2), &json!("products"))
    );
    assert!(items(&history).iter().any(|c| c["action"] == "creation" && c["champ"] == "nom" && c["avant"].is_null()));
    app.delete(&admin, &path).await.expect(204);
    let after = app.get(&admin, &format!("{path}/history")).await.expect(200).json();
    assert_eq!(
        told(&after)[0],
        ("is_deleted".to_owned(), json!(false), json!(true)),
        "deleted rows have a history too"
    );
    assert_eq!(items(&after)[0]["action"], "suppression");
}

#[tokio::test]
async fn the_story_of_an_order_is_that_of_its_lines_too() {
    let (app, _, admin) = shop().await;
    let product = app.product(&admin, "Miel", 800, 5).await;
    let order = app.order(&admin, &[(product, 1)]).await;
    let path = format!("/orders/{}", order["id"]);
    let items_body = json!({"items": [{"product_id": product, "quantity": 3}]});
    app.put(&admin, &path, &items_body).await.expect(200);
    let history = app.get(&admin, &format!("{path}/history?per_page=100")).await.expect(200).json();
    let told = told(&history);
    assert!(told.contains(&("quantity".to_owned(), json!(1), json!(3))), "{told:?}");
    assert!(told.contains(&("total".to_owned(), json!(8.0), json!(24.0))), "{told:?}");
    assert!(told.iter().all(|change| change.0 != "revision_lignes"), "a counter of ours tells nobody anything");
}

#[tokio::test]
async fn what_a_reader_may_not_see_is_not_in_the_history_either() {
    let (app, me, admin) = shop().await;
    let product = app.product(&admin, "Miel", 800, 5).await;
    let path = format!("/products/{product}");
    app.put(&admin, &path, &json!({"prix_achat": 3.2})).await.expect(200);
    let costs = |answer: &Value| told(answer).into_iter().filter(|change| change.0 == "prix_achat").count();
    let reader = app.token(Role::SimpleUtilisateur).await;
    assert_eq!(costs(&app.get(&admin, &format!("{path}/history")).await.expect(200).json()), 1);
    assert_eq!(costs(&app.get(&reader, &format!("{path}/history")).await.expect(200).json()), 0);
    app.get(&reader, &format!("/users/{me}/history")).await.refused(403, "acces_refuse");
    app.get(&reader, "/audit").await.refused(403, "acces_refuse");
    let users = app.get(&admin, &format!("/users/{me}/history")).await.expect(200).text;
    assert!(!users.contains("password_hash") && !users.contains("argon2"), "{users}");
}

#[tokio::test]
async fn the_journal_is_filtered_and_walked_to_its_end() {
    let (app, me, admin) = shop().await;
    let (_, colleague) = app.user(Role::Controleur).await;
    let product = app.product(&admin, "Miel", 800, 5).await;
    app.put(&colleague, &format!("/products/{product}"), &json!({"nom": "Miel doré"})).await.expect(200);
    app.delete(&admin, &format!("/products/{product}")).await.expect(204);
    let get = async |query: &str| app.get(&admin, &format!("/audit?{query}")).await.expect(200).json();
    let by_me = get(&format!("table=products&user_id={me}&per_page=100")).await;
    assert!(items(&by_me).iter().all(|c| c["table"] == "products" && c["user_id"] == me));
    let deletions = get("action=suppression").await;
    assert_eq!(told(&deletions), [("is_deleted".to_owned(), json!(false), json!(true))]);
    assert_eq!(get(&format!("table=products&row_id={product}&action=modification")).await["total"], 1);
    assert_eq!(get("end_date=2020-01-01").await["total"], 0);
    for wrong in ["table=sessions", "action=lecture", "row_id=x", "start_date=hier", "couleur=x"] {
        app.get(&admin, &format!("/audit?{wrong}")).await.refused(422, "champs_invalides");
    }
    let all = get("per_page=100").await["total"].as_i64().expect("a total");
    let mut walked = std::collections::BTreeSet::new();
    let mut page = get("per_page=7").await;
    loop {
        walked.extend(items(&page).iter().map(|c| c["id"].as_i64().expect("an id")));
        let Some(cursor) = page["next_cursor"].as_str().map(str::to_owned) else { break };
        page = get(&format!("per_page=7&cursor={cursor}")).await;
    }
    assert_eq!(walked.len() as i64, all);
}

#[tokio::test]
async fn only_what_exists_has_a_history() {
    let (app, _, admin) = shop().await;
    for path in ["/products/999999/history", "/orders/x/history", "/stocks/999999/history", "/users/999999/history"] {
        app.get(&admin, path).await.refused(404, "introuvable");
    }
    let product = app.product(&admin, "Miel", 800, 5).await;
    app.get(&admin, &format!("/products/{product}/history?table=users")).await.refused(422, "champs_invalides");
    app.put(&admin, &format!("/stocks/{product}"), &json!({"seuil_alerte": 4})).await.expect(200);
    let stock = app.get(&admin, &format!("/stocks/{product}/history")).await.expect(200).json();
    assert_eq!(told(&stock)[0], ("seuil_alerte".to_owned(), json!(0), json!(4)));
}

#[tokio::test]
async fn an_erased_client_is_gone_everywhere_and_the_chain_holds() {
    let (app, _, admin) = shop().await;
    let product = app.product(&admin, "Miel", 800, 5).await;
    let order = app.order(&admin, &[(product, 1)]).await;
    let client = order["client_id"].as_i64().expect("a client");
    app.post(&admin, &format!("/orders/{}/confirm", order["id"]), &json!({})).await.expect(200);
    app.put(&admin, &format!("/orders/{}", order["id"]), &json!({"notes": "Chez Dupont"})).await.expect(200);
    let stranger = app.post(&admin, "/clients", &json!({"nom": "Zoé Roux"})).await.expect(201).json();

    let erased = erase(&app.db, Person::Client(client.into())).await.expect("erased");
    assert_eq!((erased.people, erased.orders), (1, 1));
    for table in ["clients", "orders", "order_names", "history", "idempotency_keys"] {
        let sql = format!(
            "select count(*) from {table} t where t::text ilike '%dupont%' or t::text like '%34 56 78%'
                        or t::text like '%345678%'"
        );
        let left: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&app.db).await.expect("a count");
        assert_eq!(left, 0, "{table}");
    }
    let seen = app.get(&admin, &format!("/orders/{}", order["id"])).await.expect(200).json();
    assert_eq!(
        (&seen["client_nom"], &seen["total"], &seen["statut"]),
        (&json!("Client effacé"), &json!(8.0), &json!("confirmee"))
    );
    let history = app.get(&admin, &format!("/orders/{}/history?per_page=100", order["id"])).await.expect(200).json();
    assert!(items(&history).iter().any(|c| c["efface"] == true && c["champ"].is_null()), "an erased entry says so");
    assert!(
        told(&history).contains(&("statut".to_owned(), json!("brouillon"), json!("confirmee"))),
        "what is not personal stays"
    );
    assert_eq!(app.get(&admin, &format!("/clients/{}", stranger["id"])).await.json()["nom"], "Zoé Roux");
    app.assert_sound().await;
    // Life goes on: the order still moves, and its trail still holds.
    app.post(&admin, &format!("/orders/{}/cancel", order["id"]), &json!({})).await.expect(200);
    app.assert_sound().await;
}

#[tokio::test]
async fn a_former_user_is_erased_and_nobody_else() {
    let (app, me, admin) = shop().await;
    let (id, token) = app.user(Role::Controleur).await;
    app.run(format!("update users set nom = 'Martineau', telephone = '0699887766' where id = {id}")).await;
    app.product(&token, "Miel", 800, 5).await;
    erase(&app.db, Person::FormerUser(me.into())).await.expect_err("still here");
    erase(&app.db, Person::FormerUser(1.into())).await.expect_err("the system");
    erase(&app.db, Person::FormerUser(999_999.into())).await.expect_err("nobody");
    app.delete(&admin, &format!("/users/{id}")).await.expect(204);
    erase(&app.db, Person::FormerUser(id)).await.expect("erased");
    for table in ["users", "history", "sessions"] {
        let sql =
            format!("select count(*) from {table} t where t::text like '%Martineau%' or t::text like '%0699887766%'");
        let left: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&app.db).await.expect("a count");
        assert_eq!(left, 0, "{table}");
    }
    app.assert_sound().await;
}

#[tokio::test]
async fn who_was_erased_does_not_come_back() {
    let (app, _, admin) = shop().await;
    let (_, boss) = signed_in(&app, Role::Admin).await;
    let zoe = json!({"nom": "Zoé Roux"});
    let client = async || app.post(&admin, "/clients", &zoe).await.expect(201).json()["id"].as_i64().expect("an id");
    let (gone, entered_anew) = (client().await, client().await);
    let (user, closed) = (app.user(Role::Controleur).await.0, app.user(Role::Livreur).await.0);
    app.delete(&admin, &format!("/clients/{gone}")).await.expect(204);
    app.delete(&admin, &format!("/users/{user}")).await.expect(204);
    let toggle = format!("/users/{closed}/toggle-status");
    app.patch(&admin, &toggle, &json!({})).await.expect(200);
    for id in [gone, entered_anew] {
        erase(&app.db, Person::Client(id.into())).await.expect("erased");
    }
    for id in [user, closed] {
        erase(&app.db, Person::FormerUser(id)).await.expect("erased");
    }

    for path in [format!("/clients/{gone}/restore"), format!("/users/{user}/restore")] {
        app.post(&admin, &path, &json!({})).await.refused(409, "etat_incompatible");
    }
    app.patch(&admin, &toggle, &json!({})).await.refused(409, "etat_incompatible");
    let way_back = "value=\"restaurer\"";
    for place in [format!("/clients/{gone}"), format!("/utilisateurs/{user}")] {
        post_form(&app, &place, &boss, &[("action", "restaurer")]).await.expect(409);
        let text = page(&app, &place, &boss).await.expect(200).text;
        assert!(text.contains("ont été effacées") && !text.contains(way_back), "{text}");
    }
    let list = page(&app, "/clients?is_deleted=true", &boss).await.expect(200).text;
    assert!(list.contains("Client effacé") && !list.contains(way_back), "{list}");
    let shown = page(&app, &format!("/utilisateurs/{closed}"), &boss).await.expect(200).text;
    assert!(shown.contains("ont été effacées"), "said beforehand");

    // Another person under the same number is a client like any other.
    let path = format!("/clients/{entered_anew}");
    app.put(&admin, &path, &json!({"nom": "Anne Évrard"})).await.expect(200);
    app.delete(&admin, &path).await.expect(204);
    app.post(&admin, &format!("{path}/restore"), &json!({})).await.expect(200);
    app.assert_sound().await;
}

#[tokio::test]
async fn pages_tell_the_history_to_those_who_may_read_it() {
    let (app, me, admin) = shop().await;
    let product = app.product(&admin, "Miel", 800, 50).await;
    let order = app.order(&admin, &[(product, 2)]).await;
    let (id, client) = (order["id"].as_i64().expect("id"), order["client_id"].as_i64().expect("id"));
    app.put(&admin, &format!("/orders/{id}"), &json!({"notes": "Sonner deux fois"})).await.expect(200);
    app.post(&admin, &format!("/orders/{id}/confirm"), &json!({})).await.expect(200);
    let (courier, livreur) = signed_in(&app, Role::Livreur).await;
    app.post(&admin, &format!("/orders/{id}/assign-livreur"), &json!({"livreur_id": courier})).await.expect(200);
    app.put(&admin, &format!("/clients/{client}"), &json!({"ville": "Saumur"})).await.expect(200);
    app.put(&admin, &format!("/stocks/{product}"), &json!({"seuil_alerte": 7})).await.expect(200);
    let (_, boss) = signed_in(&app, Role::Admin).await;
    let (_, reader) = signed_in(&app, Role::SimpleUtilisateur).await;

    let card = "Historique, champ par champ";
    let shows = async |path: String, cookie: &str, words: &[&str]| {
        let text = page(&app, &path, cookie).await.expect(200).text.replace("<!>", "");
        assert!(text.contains(card), "{path}: {text}");
        for word in words {
            assert!(text.contains(word), "{word} in {path}: {text}");
        }
    };
    // A line is told with its order, and ids by the names of what they point to.
    let order_page = format!("/commandes/{id}");
    shows(order_page.clone(), &reader, &["Sonner deux fois", "Ligne de commande : Miel", "<dt>Livreur</dt>"]).await;
    assert!(!page(&app, &order_page, &reader).await.text.contains(&format!("n° {}", courier.0)));
    shows(format!("/clients/{client}"), &reader, &["Saumur", "Modification"]).await;
    shows(format!("/stocks/{product}"), &reader, &["<ins>7</ins>"]).await;
    shows(format!("/produits/{product}"), &reader, &["Miel"]).await;
    shows(format!("/utilisateurs/{me}"), &boss, &["Adresse e-mail"]).await;
    let theirs = page(&app, &format!("/produits/{product}"), &livreur).await.expect(200).text;
    assert!(!theirs.contains("Historique"), "{theirs}");

    let ask = |what: &str, id: i64| json!({"what": what, "id": id, "page": 1});
    for (cookie, what, id, status) in [
        (&boss, "user", me, 200),
        (&reader, "user", me, 403),
        (&livreur, "order", id, 403),
        (&livreur, "client", client, 403),
        (&reader, "stock", product, 200),
        (&reader, "order", 999_999, 404),
    ] {
        call(&app, "row_history", cookie, &ask(what, id)).await.expect(status);
    }
}
