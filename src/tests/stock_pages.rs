//! The pages of stocks and the journal, their plain forms, and taking a movement back.

use http::Method;
use serde_json::{Value, json};

use super::browser::{from_page, page, post_form, signed_in};
use super::{Answer, App};
use crate::auth::permission::Role;

async fn shop() -> (App, String) {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    (app, admin)
}

async fn call(app: &App, name: &str, cookie: &str, arguments: &Value) -> Answer {
    let call = from_page(app, Method::POST, &format!("/_fn/{name}")).header("cookie", cookie);
    call.header("accept", "application/json").json(arguments).send().await
}

#[tokio::test]
async fn each_role_sees_its_pages_and_no_other() {
    let (app, admin) = shop().await;
    let product = app.product(&admin, "Cidre", 450, 10).await;
    let one = format!("/stocks/{product}");
    for (role, stocks, journal) in [
        (Role::Admin, 200, 200),
        (Role::Controleur, 200, 403),
        (Role::SimpleUtilisateur, 200, 403),
        (Role::Livreur, 403, 403),
    ] {
        let (_, cookie) = signed_in(&app, role).await;
        for (path, status) in
            [("/stocks", stocks), ("/stocks/mouvements", stocks), (&*one, stocks), ("/journal", journal)]
        {
            let answer = page(&app, path, &cookie).await;
            assert_eq!(answer.status.as_u16(), status, "{path} as {}", role.as_str());
        }
        let menu = page(&app, "/produits", &cookie).await.expect(200).text;
        assert_eq!(menu.contains("href=\"/stocks\""), stocks == 200, "{}", role.as_str());
        assert_eq!(menu.contains("href=\"/journal\""), journal == 200, "{}", role.as_str());
    }
    let (_, cookie) = signed_in(&app, Role::Admin).await;
    page(&app, "/stocks/999999", &cookie).await.expect(404);
    page(&app, "/stocks/abc", &cookie).await.expect(404);
    page(&app, "/stocks?statut=vide", &cookie).await.expect(422);
    page(&app, "/journal?table=sessions", &cookie).await.expect(422);
}

#[tokio::test]
async fn who_only_reads_is_offered_no_form() {
    let (app, admin) = shop().await;
    let product = app.product(&admin, "Cidre", 450, 10).await;
    let one = format!("/stocks/{product}");
    let (_, reader) = signed_in(&app, Role::SimpleUtilisateur).await;
    let (_, writer) = signed_in(&app, Role::Controleur).await;
    assert!(page(&app, &one, &writer).await.text.contains("id=\"mouvement\""));
    let seen = page(&app, &one, &reader).await.text;
    assert!(seen.contains("Stock initial") && !seen.contains("id=\"mouvement\"") && !seen.contains("Contre-passer"));
    let fields = [("action", "mouvement"), ("type", "entree"), ("quantite", "5")];
    post_form(&app, &one, &reader, &fields).await.expect(403);
    post_form(&app, &one, "", &fields).await.expect(401);
    for (name, arguments) in [
        ("move_stock", json!({"body": {"product_id": product, "type": "entree", "quantite": 1}, "key": "k"})),
        ("counter_movement", json!({"id": 1})),
        ("update_stock", json!({"id": product, "body": {"seuil_alerte": 3}, "version": 1})),
        ("list_changes", json!({"query": []})),
        ("authors", json!({})),
    ] {
        call(&app, name, &reader, &arguments).await.expect(403);
    }
    assert_eq!(app.stock(product).await, (10, 0));
}

#[tokio::test]
async fn a_stock_is_moved_by_plain_forms() {
    let (app, admin) = shop().await;
    let product = app.product(&admin, "Cidre", 450, 10).await;
    let one = format!("/stocks/{product}");
    let (_, cookie) = signed_in(&app, Role::Controleur).await;
    let entry =
        [("action", "mouvement"), ("type", "entree"), ("quantite", "1 200"), ("motif", "Livraison"), ("cle", "k1")];
    for _ in 0..2 {
        let done = post_form(&app, &one, &cookie, &entry).await.expect(303);
        assert_eq!(done.header("location"), one);
    }
    assert_eq!(app.stock(product).await, (1210, 0), "sent twice, moved once");
    let send = async |kind: &str, quantity: &str| {
        post_form(&app, &one, &cookie, &[("action", "mouvement"), ("type", kind), ("quantite", quantity)]).await
    };
    send("ajustement", "8").await.expect(303);
    let short = send("sortie", "9").await.expect(409);
    assert!(short.text.contains("que 8 de disponibles") && short.text.contains("value=\"9\""), "{}", short.text);
    let wrong = send("sortie", "neuf").await.expect(422);
    assert!(wrong.text.contains("nombre entier") && wrong.text.contains("value=\"neuf\""), "{}", wrong.text);
    send("vente", "1").await.expect(422);
    assert_eq!(app.stock(product).await, (8, 0));
    let shown = page(&app, &one, &cookie).await.expect(200).text;
    assert!(shown.contains("Livraison") && shown.contains("+1\u{202f}200"), "{shown}");
    post_form(&app, "/stocks/999999", &cookie, &entry[..4]).await.expect(422);
    post_form(&app, "/stocks/abc", &cookie, &entry).await.expect(404);
    app.assert_sound().await;
}

#[tokio::test]
async fn a_threshold_is_set_by_a_plain_form_unless_somebody_was_faster() {
    let (app, admin) = shop().await;
    let product = app.product(&admin, "Cidre", 450, 10).await;
    let one = format!("/stocks/{product}");
    let (_, cookie) = signed_in(&app, Role::Controleur).await;
    let send = async |threshold: &str, version: &str| {
        post_form(&app, &one, &cookie, &[("action", "reglages"), ("seuil_alerte", threshold), ("version", version)])
            .await
    };
    send("4", "1").await.expect(303);
    let stale = send("7", "1").await.expect(412);
    assert!(
        stale.text.contains("Votre saisie") && stale.text.contains("name=\"version\" value=\"2\""),
        "{}",
        stale.text
    );
    send("-1", "2").await.expect(422);
    send("7", "2").await.expect(303);
    let stock = app.get(&admin, &one).await.expect(200).json();
    assert_eq!(stock["seuil_alerte"], 7);
}

#[tokio::test]
async fn a_movement_is_taken_back_once_by_its_opposite() {
    let (app, admin) = shop().await;
    let product = app.product(&admin, "Cidre", 450, 10).await;
    let one = format!("/stocks/{product}");
    let (_, cookie) = signed_in(&app, Role::Controleur).await;
    let body = json!({"product_id": product, "quantite": 5});
    let entry = app.post(&admin, "/stocks/entry", &body).await.expect(201).json()["id"].to_string();
    let back = async |id: &str| post_form(&app, &one, &cookie, &[("action", "contre-passer"), ("mouvement", id)]).await;
    back(&entry).await.expect(303);
    assert_eq!(app.stock(product).await, (10, 0));
    back(&entry).await.expect(409);
    let opposite = app.get(&admin, &format!("{one}/movements")).await.json()["items"][0].clone();
    assert_eq!((&opposite["type"], &opposite["quantite"]), (&json!("sortie"), &json!(-5)));
    assert_eq!(opposite["motif"], format!("Contre-passation du mouvement n° {entry}"));
    back(&opposite["id"].to_string()).await.expect(409);
    back("999999").await.expect(404);
    back("x").await.expect(404);
    let undone = call(&app, "counter_movement", &cookie, &json!({"id": 1})).await.expect(200).json();
    assert_eq!((&undone["movement"]["stock_apres"], &undone["stock"]["quantite"]), (&json!(0), &json!(0)));
    let gone = app.post(&admin, "/stocks/entry", &body).await.expect(201).json()["id"].clone();
    app.post(&admin, "/stocks/exit", &body).await.expect(201);
    let short = call(&app, "counter_movement", &cookie, &json!({"id": gone})).await.expect(409);
    assert_eq!(short.code(), "stock_insuffisant");
    app.assert_sound().await;
}

#[tokio::test]
async fn what_orders_moved_is_not_taken_back_by_hand() {
    let (app, admin) = shop().await;
    let product = app.product(&admin, "Cidre", 450, 10).await;
    let (courier, _) = app.user(Role::Livreur).await;
    let order = app.order(&admin, &[(product, 2)]).await;
    let path = format!("/orders/{}", order["id"]);
    app.post(&admin, &format!("{path}/confirm"), &json!({})).await.expect(200);
    app.post(&admin, &format!("{path}/assign-livreur"), &json!({"livreur_id": courier})).await.expect(200);
    for statut in ["en_preparation", "en_livraison"] {
        app.patch(&admin, &format!("{path}/status"), &json!({"statut": statut})).await.expect(200);
    }
    let sold = app.get(&admin, "/stocks/movements?type=vente").await.json()["items"][0]["id"].clone();
    let (_, cookie) = signed_in(&app, Role::Admin).await;
    call(&app, "counter_movement", &cookie, &json!({"id": sold})).await.expect(409);
    let list = page(&app, "/stocks/mouvements", &cookie).await.expect(200).text;
    assert!(list.contains(order["numero"].as_str().expect("a number")) && list.contains("−2"), "{list}");
}

#[tokio::test]
async fn the_list_begins_with_what_runs_short_and_counts_it() {
    let (app, admin) = shop().await;
    for (nom, stock, threshold) in [("Bière", 5, 5), ("Cidre", 0, 0), ("Eau", 50, 5), ("Abricots", 0, 3)] {
        let product = app.product(&admin, nom, 100, stock).await;
        app.put(&admin, &format!("/stocks/{product}"), &json!({"seuil_alerte": threshold})).await.expect(200);
    }
    let (_, cookie) = signed_in(&app, Role::SimpleUtilisateur).await;
    let names = |answer: &Answer| -> Vec<String> {
        let items = answer.json()["items"].as_array().cloned().unwrap_or_default();
        items.iter().filter_map(|item| item["stock"]["product"]["nom"].as_str().map(str::to_owned)).collect()
    };
    let list = call(&app, "list_stocks", &cookie, &json!({"query": []})).await.expect(200);
    assert_eq!(names(&list), ["Abricots", "Cidre", "Bière", "Eau"]);
    let first = call(&app, "list_stocks", &cookie, &json!({"query": [["per_page", "2"]]})).await.expect(200);
    let cursor = first.json()["next_cursor"].clone();
    let rest = call(&app, "list_stocks", &cookie, &json!({"query": [["per_page", "2"], ["cursor", cursor]]})).await;
    assert_eq!(names(&rest.expect(200)), ["Bière", "Eau"]);
    let counts = call(&app, "count_stocks", &cookie, &json!({"query": [["search", "b"]]})).await.expect(200);
    assert_eq!(counts.json(), json!({"tous": 2, "alertes": 1, "ruptures": 1}));
    let other = app.category("Boissons").await;
    assert_eq!(app.get(&admin, &format!("/stocks?category_id={other}")).await.expect(200).json()["total"], 0);
    let csv = page(&app, "/exports/stocks", &cookie).await.expect(200).text;
    let at = |name: &str| csv.find(name).unwrap_or_else(|| panic!("{name}: {csv}"));
    assert!(at("Abricots") < at("Bière") && at("Bière") < at("Eau") && csv.contains("Catégorie"), "{csv}");
}

#[tokio::test]
async fn movements_are_found_by_product_reason_order_and_author() {
    let (app, admin) = shop().await;
    let product = app.product(&admin, "Cidre fermier", 450, 10).await;
    app.product(&admin, "Miel", 450, 10).await;
    let (me, other) = app.user(Role::Controleur).await;
    let broken = json!({"product_id": product, "quantite": 1, "motif": "Bouteille cassée"});
    app.post(&other, "/stocks/exit", &broken).await.expect(201);
    let count = async |query: &str| {
        app.get(&admin, &format!("/stocks/movements?{query}")).await.expect(200).json()["total"].clone()
    };
    assert_eq!(count("search=FERMIER").await, 2);
    assert_eq!(count("search=cassee").await, 1);
    assert_eq!(count("search=cidre%20cassee").await, 0, "all words in one place");
    assert_eq!(count(&format!("user_id={me}")).await, 1);
    let sorted = app.get(&admin, "/stocks/movements?sort=quantite").await.expect(200).json();
    assert_eq!(sorted["items"][0]["quantite"], -1);
    let sorted = app.get(&admin, "/stocks/movements?sort=-produit&per_page=1").await.expect(200).json();
    assert_eq!(sorted["items"][0]["product"]["nom"], "Miel");
}

#[tokio::test]
async fn the_journal_names_what_it_speaks_of() {
    let (app, admin) = shop().await;
    let product = app.product(&admin, "Miel", 890, 5).await;
    let other = app.category("Confiserie").await;
    let change = json!({"prix": 9.5, "category_id": other});
    app.put(&admin, &format!("/products/{product}"), &change).await.expect(200);
    let order = app.order(&admin, &[(product, 2)]).await;
    let (_, cookie) = signed_in(&app, Role::Admin).await;
    let shown = page(&app, "/journal?table=products", &cookie).await.expect(200).text;
    for told in ["Prix TTC", "8,90\u{a0}€", "9,50\u{a0}€", "Épicerie", "Confiserie", "Modification", "Miel"] {
        assert!(shown.contains(told), "{told}: {shown}");
    }
    assert!(shown.contains(&format!("href=\"/produits/{product}\"")));
    let lines = page(&app, "/journal?table=order_items", &cookie).await.expect(200).text;
    assert!(lines.contains(&format!("href=\"/commandes/{}\"", order["id"])) && lines.contains("Miel"), "{lines}");
    let none = page(&app, "/journal?action=restauration", &cookie).await.expect(200).text;
    assert!(none.contains("Rien ne correspond"), "{none}");
    let first = call(&app, "list_changes", &cookie, &json!({"query": [["per_page", "5"]]})).await.expect(200).json();
    let cursor = first["next_cursor"].as_str().expect("more").to_owned();
    let next = page(&app, &format!("/journal?per_page=5&cursor={cursor}"), &cookie).await.expect(200).text;
    assert!(next.contains("Revenir au début"), "{next}");
    page(&app, "/exports/journal?table=products", &cookie).await.expect(200);
}

#[tokio::test]
async fn the_list_says_what_it_comes_to_as_the_dashboard_counts_it() {
    let (app, admin) = shop().await;
    // 10 × 4,50 and 3 × 12,00 on the shelves; the third runs short, the fourth is gone.
    for (name, price, quantity) in [("Cidre", 450, 10), ("Miel", 1200, 3), ("Sel", 100, 0), ("Thé", 9900, 7)] {
        app.product(&admin, name, price, quantity).await;
    }
    let gone = app.get(&admin, "/products?search=Th%C3%A9").await.json()["items"][0]["id"].clone();
    app.delete(&admin, &format!("/products/{gone}")).await.expect(204);
    let (_, reader) = signed_in(&app, Role::SimpleUtilisateur).await;
    let sum =
        async |query: Value| call(&app, "sum_stocks", &reader, &json!({ "query": query })).await.expect(200).json();
    let all = sum(json!([["page", "2"], ["sort", "nom"]])).await;
    assert_eq!((&all["nombre"], &all["valeur"]), (&json!(3), &json!(81.0)), "whatever page is shown");
    let state = app.get(&admin, "/dashboard/etat-stocks").await.expect(200).json();
    assert_eq!((&state["total_produits"], &state["valeur_stock"]), (&all["nombre"], &all["valeur"]));
    let short = sum(json!([["statut", "rupture"]])).await;
    assert_eq!((&short["nombre"], &short["valeur"]), (&state["nombre_ruptures"], &json!(0.0)));
    assert_eq!(sum(json!([["search", "miel"]])).await["valeur"], 36.0);
    let shown = page(&app, "/stocks?sort=-valeur", &reader).await.expect(200).text;
    let (first, second) = (shown.find(">Cidre<"), shown.find(">Miel<"));
    assert!(first < second && first.is_some(), "the largest value first: {shown}");
    let plain = shown.replace("<!>", "");
    assert!(plain.contains("stock-value\">45,00\u{a0}€") && plain.contains("stock-value\">36,00\u{a0}€"), "{shown}");
    assert!(shown.contains("by-value") && shown.contains("aria-sort=\"descending\""), "marked as sorted: {shown}");
    let plain = page(&app, "/stocks", &reader).await.expect(200).text;
    assert!(!plain.contains("by-value"), "else shown where there is room: {plain}");
    assert!(shown.contains("Valeur en stock de la liste : 81,00"), "{shown}");
    let (_, livreur) = signed_in(&app, Role::Livreur).await;
    call(&app, "sum_stocks", &livreur, &json!({"query": []})).await.expect(403);
    call(&app, "sum_stocks", &reader, &json!({"query": [["couleur", "x"]]})).await.expect(422);
}

#[tokio::test]
async fn movements_of_a_deleted_product_stay_and_lead_nowhere() {
    let (app, admin) = shop().await;
    let (gone, kept) = (app.product(&admin, "Noix", 700, 9).await, app.product(&admin, "Miel", 900, 9).await);
    app.delete(&admin, &format!("/products/{gone}")).await.expect(204);
    let told = app.get(&admin, "/stocks/movements?sort=created_at").await.expect(200).json();
    let told: Vec<_> = told["items"].as_array().expect("items").iter().map(|m| m["product"].clone()).collect();
    assert_eq!(
        told,
        [
            json!({"id": gone, "nom": "Noix", "is_deleted": true}),
            json!({"id": kept, "nom": "Miel", "is_deleted": false}),
        ]
    );
    let (_, cookie) = signed_in(&app, Role::Admin).await;
    let list = page(&app, "/stocks/mouvements", &cookie).await.expect(200).text;
    assert!(list.contains("Noix") && list.contains(&format!("href=\"/stocks/{kept}\"")), "{list}");
    assert!(!list.contains(&format!("href=\"/stocks/{gone}\"")), "{list}");
    page(&app, &format!("/stocks/{gone}"), &cookie).await.expect(404);
}
