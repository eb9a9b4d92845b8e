//! What concerns several orders at once, through the browser's door: bulk actions, the sum of a list, what
//! filters are called, the picking list, an order as the model of another.

use http::Method;
use serde_json::{Value, json};

use super::browser::{from_page, signed_in};
use super::{Answer, App};
use crate::auth::permission::Role;

/// A call of a server function.
pub(super) async fn call(app: &App, name: &str, cookie: &str, arguments: &Value) -> Answer {
    let call = from_page(app, Method::POST, &format!("/_fn/{name}"))
        .header("cookie", cookie)
        .header("accept", "application/json");
    call.json(arguments).send().await
}

fn seen(order: &Value) -> Value {
    json!({"id": order["id"], "version": order["version"]})
}

fn to(statut: &str) -> Value {
    json!({"status": {"statut": statut, "motif": null}})
}

#[tokio::test]
async fn each_order_has_an_outcome_of_its_own() {
    let app = App::new().await;
    let token = app.token(Role::Admin).await;
    let product = app.product(&token, "Miel de châtaignier", 900, 5).await;
    let (_, cookie) = signed_in(&app, Role::Controleur).await;
    let fits = app.order(&token, &[(product, 4)]).await;
    let short = app.order(&token, &[(product, 3)]).await;
    let stale = app.order(&token, &[(product, 1)]).await;
    app.put(&token, &format!("/orders/{}", stale["id"]), &json!({"notes": "x"})).await.expect(200);
    let gone = app.order(&token, &[(product, 1)]).await;
    app.post(&token, &format!("/orders/{}/cancel", gone["id"]), &json!({})).await.expect(200);
    let gone = app.get(&token, &format!("/orders/{}", gone["id"])).await.json();

    let all = json!([seen(&gone), seen(&stale), seen(&short), seen(&fits), {"id": 999_999, "version": 1}]);
    let body = json!({"action": to("confirmee"), "orders": all, "key": "press-1"});
    let answer = call(&app, "act_on_orders", &cookie, &body).await.expect(200).json();
    let told: Vec<_> = answer
        .as_array()
        .expect("answers")
        .iter()
        .map(|one| (one["id"].clone(), one["refus"]["code"].as_str().map(str::to_owned)))
        .collect();
    let code = |text: &str| Some(text.to_owned());
    assert_eq!(
        told,
        [
            (fits["id"].clone(), None),
            (short["id"].clone(), code("stock_insuffisant")),
            (stale["id"].clone(), code("version_perimee")),
            (gone["id"].clone(), code("transition_interdite")),
            (json!(999_999), code("introuvable")),
        ],
        "ascending, one outcome each"
    );
    assert_eq!(answer[1]["refus"]["data"]["lignes"][0]["nom"], "Miel de châtaignier");
    assert_eq!(app.stock(product).await, (5, 4));

    let again = call(&app, "act_on_orders", &cookie, &body).await.expect(200).json();
    assert_eq!(again[0]["order"]["id"], fits["id"], "the same press again is the same answer: {again}");
    assert_eq!(again[0]["refus"], Value::Null);
    assert_eq!(app.stock(product).await, (5, 4));
    app.assert_sound().await;
}

#[tokio::test]
async fn several_orders_are_assigned_and_cancelled_with_a_reason() {
    let app = App::new().await;
    let token = app.token(Role::Admin).await;
    let product = app.product(&token, "Thé vert", 450, 50).await;
    let (courier, _) = app.user(Role::Livreur).await;
    let (_, cookie) = signed_in(&app, Role::Admin).await;
    let mut orders = Vec::new();
    for _ in 0..3 {
        let order = app.order(&token, &[(product, 2)]).await;
        orders.push(app.post(&token, &format!("/orders/{}/confirm", order["id"]), &json!({})).await.expect(200).json());
    }
    let all: Vec<_> = orders.iter().map(seen).collect();
    let assigned = json!({"action": {"courier": {"livreur_id": courier}}, "orders": all, "key": "a"});
    let answer = call(&app, "act_on_orders", &cookie, &assigned).await.expect(200).json();
    assert!(answer.as_array().expect("all").iter().all(|one| one["order"]["livreur_id"] == json!(courier)), "{answer}");
    let all: Vec<_> = answer.as_array().expect("all").iter().map(|one| seen(&one["order"])).collect();
    let cancelled = json!({"action": {"status": {"statut": "annulee", "motif": "Rupture"}}, "orders": all, "key": "b"});
    let answer = call(&app, "act_on_orders", &cookie, &cancelled).await.expect(200).json();
    assert!(answer.as_array().expect("all").iter().all(|one| one["order"]["motif_annulation"] == "Rupture"));
    assert_eq!(app.stock(product).await, (50, 0));
    app.assert_sound().await;
}

#[tokio::test]
async fn bulk_actions_are_for_those_who_write_and_for_a_hundred_at_most() {
    let app = App::new().await;
    for role in [Role::Livreur, Role::SimpleUtilisateur] {
        let (_, cookie) = signed_in(&app, role).await;
        let body = json!({"action": to("confirmee"), "orders": [{"id": 1, "version": 1}], "key": ""});
        let refused = call(&app, "act_on_orders", &cookie, &body).await.expect(403).json();
        assert_eq!(refused["code"], "acces_refuse");
        for (name, body) in [
            ("save_round", json!({"round": {"livreur_id": null, "orders": []}, "key": ""})),
            ("read_rounds", json!({"day": "2026-11-22"})),
            ("update_order", json!({"id": 1, "changes": {}, "version": 1, "key": ""})),
            ("replace_order_lines", json!({"id": 1, "items": [], "version": 1, "key": ""})),
            ("order_copy", json!({"id": 1})),
            ("order_choices", json!({"id": 1})),
            ("delete_order", json!({"id": 1, "version": 1})),
            ("restore_order", json!({"id": 1})),
        ] {
            call(&app, name, &cookie, &body).await.expect(403);
        }
    }
    let (_, courier) = signed_in(&app, Role::Livreur).await;
    call(&app, "picking_list", &courier, &json!({"wanted": {"Day": "2026-11-22"}})).await.expect(403);
    let (_, controleur) = signed_in(&app, Role::Controleur).await;
    call(&app, "delete_order", &controleur, &json!({"id": 1, "version": 1})).await.expect(403);
    call(&app, "restore_order", &controleur, &json!({"id": 1})).await.expect(403);
    for many in [0, 101] {
        let orders: Vec<_> = (1..=many).map(|id| json!({"id": id, "version": 1})).collect();
        let body = json!({"action": to("confirmee"), "orders": orders, "key": ""});
        let refused = call(&app, "act_on_orders", &controleur, &body).await.expect(422).json();
        assert_eq!(refused["errors"][0]["champ"], "orders");
    }
}

#[tokio::test]
async fn the_sum_is_that_of_the_dashboard() {
    let app = App::new().await;
    let token = app.token(Role::Admin).await;
    let tea = app.product(&token, "Thé", 1000, 100).await;
    let honey = app.product(&token, "Miel", 300, 100).await;
    let shelf = app.post(&token, "/categories", &json!({"nom": "Miels"})).await.expect(201).json();
    app.put(&token, &format!("/products/{honey}"), &json!({"category_id": shelf["id"]})).await.expect(200);
    let (_, cookie) = signed_in(&app, Role::SimpleUtilisateur).await;
    let confirm = async |lines: &[(i64, i64)]| {
        let order = app.order(&token, lines).await;
        app.post(&token, &format!("/orders/{}/confirm", order["id"]), &json!({})).await.expect(200).json()
    };
    confirm(&[(tea, 2), (honey, 1)]).await;
    confirm(&[(honey, 5)]).await;
    let cancelled = confirm(&[(tea, 9)]).await;
    app.post(&token, &format!("/orders/{}/cancel", cancelled["id"]), &json!({})).await.expect(200);
    app.order(&token, &[(tea, 50)]).await;

    let sum = async |query: Value| call(&app, "sum_orders", &cookie, &json!({"query": query})).await.expect(200).json();
    let all = sum(json!([["sort", "-total"], ["page", "2"]])).await;
    assert_eq!((&all["nombre"], &all["vendu"]), (&json!(4), &json!(false)), "{all}");
    let turnover = app.get(&token, "/dashboard/chiffre-affaires").await.expect(200).json();
    let period = json!([
        ["date_champ", "confirmed_at"],
        ["start_date", turnover["start_date"]],
        ["end_date", turnover["end_date"]]
    ]);
    let sold = sum(period.clone()).await;
    assert_eq!(sold["montant"], turnover["chiffre_affaires"]);
    assert_eq!((&sold["nombre"], &sold["non_comptees"]), (&turnover["nombre_commandes"], &json!(1)));
    assert_eq!(all["articles"], Value::Null, "what is not sold is told in orders alone");
    let mut of_tea = period.as_array().expect("pairs").clone();
    of_tea.push(json!(["product_id", tea.to_string()]));
    let by_article = app.get(&token, "/dashboard/ventes-par-article").await.expect(200).json();
    let figure = by_article["items"].as_array().expect("items").iter().find(|item| item["product_id"] == json!(tea));
    let (told, figure) = (sum(json!(of_tea)).await, figure.expect("tea"));
    assert_eq!((&told["montant_lignes"], &told["articles"]), (&figure["chiffre_affaires"], &figure["quantite"]));
    let mut but_tea = period.as_array().expect("pairs").clone();
    but_tea.push(json!(["hors_product_id", tea.to_string()]));
    let best = app.get(&token, "/dashboard/ventes-par-article?limit=1").await.expect(200).json();
    assert_eq!(best["items"][0]["product_id"], json!(tea));
    assert_eq!(sum(json!(but_tea)).await["montant_lignes"], best["autres"]["chiffre_affaires"]);
    // And of the categories: those that are left out make up the rest.
    let by_category = app.get(&token, "/dashboard/ventes-par-categorie").await;
    let by_category = by_category.expect(200).json();
    let first = &by_category["items"][0];
    let mut but_first = period.as_array().expect("pairs").clone();
    but_first.push(json!(["hors_category_id", first["category_id"].to_string()]));
    let rest = sold["montant"].as_f64().expect("sold") - first["chiffre_affaires"].as_f64().expect("first");
    let left = sum(json!(but_first)).await;
    assert!(rest > 0.0, "{by_category}");
    assert_eq!(left["montant_lignes"].as_f64(), Some(rest));

    call(&app, "sum_orders", &cookie, &json!({"query": [["couleur", "bleu"]]})).await.expect(422);
    let (_, courier) = signed_in(&app, Role::Livreur).await;
    let own = call(&app, "sum_orders", &courier, &json!({"query": []})).await.expect(200).json();
    assert_eq!(own["nombre"], 0, "a livreur's list has their own alone");
}

#[tokio::test]
async fn filters_are_called_by_name() {
    let app = App::new().await;
    let token = app.token(Role::Admin).await;
    let product = app.product(&token, "Confiture de figues", 600, 9).await;
    let order = app.order(&token, &[(product, 1)]).await;
    let ids = json!({"product": product, "category": order["items"][0]["category_id"], "client": order["client_id"]});
    let (_, reader) = signed_in(&app, Role::SimpleUtilisateur).await;
    let names = call(&app, "order_filter_names", &reader, &ids).await.expect(200).json();
    assert_eq!(names, json!({"product": "Confiture de figues", "category": "Épicerie", "client": "Jean Dupont"}));
    let (_, courier) = signed_in(&app, Role::Livreur).await;
    let names = call(&app, "order_filter_names", &courier, &ids).await.expect(200).json();
    assert_eq!(names["client"], Value::Null, "clients are not for a livreur");
}

#[tokio::test]
async fn orders_are_found_by_those_who_may_open_them() {
    let app = App::new().await;
    let token = app.token(Role::Admin).await;
    let product = app.product(&token, "Noix", 700, 9).await;
    let order = app.order(&token, &[(product, 1)]).await;
    let (courier, livreur) = signed_in(&app, Role::Livreur).await;
    app.run(format!("update orders set livreur_id = {courier} where id = {}", order["id"])).await;
    let (_, reader) = signed_in(&app, Role::SimpleUtilisateur).await;
    for (cookie, found) in [(&reader, 1), (&livreur, 0)] {
        let hits = call(&app, "find_anything", cookie, &json!({"text": order["numero"]})).await.expect(200).json();
        assert_eq!(hits.as_array().map(Vec::len), Some(found), "{hits}");
    }
    // The contract is another matter: GET /orders is their own.
    let own = call(&app, "list_orders", &livreur, &json!({"query": []})).await.expect(200).json();
    assert_eq!(own["total"], 1);
}

#[tokio::test]
async fn the_picking_list_adds_articles_up_by_category() {
    let app = App::new().await;
    let token = app.token(Role::Admin).await;
    let (tea, honey) = (app.product(&token, "Thé", 1000, 100).await, app.product(&token, "Miel", 300, 100).await);
    let body = |lines: &[(i64, i64)], confirm: bool| {
        let items: Vec<_> = lines.iter().map(|(p, q)| json!({"product_id": p, "quantity": q})).collect();
        json!({"client_nom": "Anne", "date_livraison_prevue": "2026-12-24", "items": items, "confirmer": confirm})
    };
    let first = app.post(&token, "/orders", &body(&[(tea, 2), (honey, 1)], true)).await.expect(201).json();
    app.post(&token, "/orders", &body(&[(honey, 4)], true)).await.expect(201);
    let draft = app.post(&token, "/orders", &body(&[(honey, 90)], false)).await.expect(201).json();
    let (_, cookie) = signed_in(&app, Role::SimpleUtilisateur).await;
    let list = call(&app, "picking_list", &cookie, &json!({"wanted": {"Day": "2026-12-24"}})).await.expect(200).json();
    let articles: Vec<_> = list["articles"]
        .as_array()
        .expect("articles")
        .iter()
        .map(|line| {
            (line["nom"].as_str().unwrap_or_default().to_owned(), line["quantite"].clone(), line["commandes"].clone())
        })
        .collect();
    assert_eq!(articles, [("Miel".into(), json!(5), json!(2)), ("Thé".into(), json!(2), json!(1))]);
    assert_eq!(list["orders"].as_array().map(Vec::len), Some(2), "drafts are not prepared");
    let chosen = json!({"wanted": {"Orders": [first["id"]]}});
    let list = call(&app, "picking_list", &cookie, &chosen).await.expect(200).json();
    assert_eq!(list["articles"].as_array().map(Vec::len), Some(2));
    assert_eq!(list["laissees"], json!([]));
    // What was chosen and waits for no gathering is named, not gathered.
    let gone = app.post(&token, "/orders", &body(&[(tea, 50)], true)).await.expect(201).json();
    app.post(&token, &format!("/orders/{}/cancel", gone["id"]), &json!({})).await.expect(200);
    let chosen = json!({"wanted": {"Orders": [first["id"], draft["id"], gone["id"]]}});
    let list = call(&app, "picking_list", &cookie, &chosen).await.expect(200).json();
    assert_eq!(list["orders"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        list["articles"].as_array().expect("articles").iter().map(|a| a["quantite"].as_i64()).sum::<Option<i64>>(),
        Some(3)
    );
    assert_eq!(list["laissees"], json!([[draft["numero"], "brouillon"], [gone["numero"], "annulee"]]));
    call(&app, "picking_list", &cookie, &json!({"wanted": {"Orders": []}})).await.expect(422);
}

#[tokio::test]
async fn a_copy_takes_todays_prices_and_leaves_out_what_is_no_longer_sold() {
    let app = App::new().await;
    let token = app.token(Role::Admin).await;
    let (tea, honey) = (app.product(&token, "Thé", 1000, 100).await, app.product(&token, "Miel", 300, 100).await);
    let order = app.order(&token, &[(tea, 2), (honey, 3)]).await;
    app.put(&token, &format!("/products/{tea}"), &json!({"prix": "12.00"})).await.expect(200);
    app.patch(&token, &format!("/products/{honey}/toggle-status"), &json!({})).await.expect(200);
    let (_, cookie) = signed_in(&app, Role::Controleur).await;
    let copy = call(&app, "order_copy", &cookie, &json!({"id": order["id"]})).await.expect(200).json();
    assert_eq!((&copy["lines"][0][0]["prix"], &copy["lines"][0][1]), (&json!(12.0), &json!(2)), "{copy}");
    assert_eq!((&copy["gone"], &copy["client_known"]), (&json!(["Miel"]), &json!(true)));
    let choices = call(&app, "order_choices", &cookie, &json!({"id": order["id"]})).await.expect(200).json();
    assert_eq!(
        (&choices[0]["prix"], &choices[1]["nom"]),
        (&json!(10.0), &json!("Miel")),
        "what is on it keeps its price"
    );
    call(&app, "order_copy", &cookie, &json!({"id": 999_999})).await.expect(404);
}
