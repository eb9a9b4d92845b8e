//! The pages of the catalogue: who sees them, what they do without JavaScript.

use http::Method;
use serde_json::json;

use super::browser::{from_page, page, post_form, signed_in};
use super::imports::stocked;
use super::orders_sets::call as server_function;
use super::{Answer, App};
use crate::auth::permission::Role;

/// A product with a reference in a shop, and the cookie of a role.
async fn with_product(role: Role) -> (App, String, String, i64) {
    let (app, token) = stocked().await;
    let id =
        app.get(&token, "/products?search=T-1").await.expect(200).json()["items"][0]["id"].as_i64().expect("an id");
    let (_, cookie) = signed_in(&app, role).await;
    (app, token, cookie, id)
}

#[tokio::test]
async fn each_page_answers_each_role_as_the_permissions_say() {
    let (app, _, _, id) = with_product(Role::Admin).await;
    let (one, edit) = (format!("/produits/{id}"), format!("/produits/{id}/modifier"));
    for (path, readers) in [
        ("/produits", true),
        ("/categories", true),
        (&*one, true),
        ("/produits/nouveau", false),
        ("/produits/import", false),
        (&*edit, false),
    ] {
        for role in Role::ALL {
            let (_, cookie) = signed_in(&app, role).await;
            let writes = matches!(role, Role::Admin | Role::Controleur);
            let status = if readers || writes { 200 } else { 403 };
            page(&app, path, &cookie).await.expect(status);
        }
    }
    let (_, admin) = signed_in(&app, Role::Admin).await;
    for path in ["/produits/999999", "/produits/abc", "/produits/999999/modifier"] {
        page(&app, path, &admin).await.expect(404);
    }
}

#[tokio::test]
async fn what_a_role_may_not_do_is_not_offered() {
    let (app, _, reader, id) = with_product(Role::SimpleUtilisateur).await;
    let one = format!("/produits/{id}");
    let (_, admin) = signed_in(&app, Role::Admin).await;
    for (path, word) in
        [(&*one, "Retirer de la vente"), ("/produits", "Nouveau produit"), ("/categories", "Descendre ")]
    {
        assert!(!page(&app, path, &reader).await.expect(200).text.contains(word), "{path}: {word}");
    }
    for (path, word) in [(&*one, "Retirer de la vente"), ("/produits", "Supprimés"), ("/categories", "Descendre ")] {
        assert!(page(&app, path, &admin).await.expect(200).text.contains(word), "{path}: {word}");
    }
    let (_, livreur) = signed_in(&app, Role::Livreur).await;
    let seen = page(&app, &one, &livreur).await.expect(200).text;
    assert!(!seen.contains("Historique") && !seen.contains("Prix d&#39;achat") && !seen.contains("/stocks/"));
    let orders = "Dernières commandes";
    assert!(page(&app, &one, &reader).await.text.contains(orders) && !seen.contains(orders), "{seen}");
}

#[tokio::test]
async fn who_sees_no_stocks_sees_none_of_products_either() {
    let (app, _, reader, id) = with_product(Role::SimpleUtilisateur).await;
    let (_, livreur) = signed_in(&app, Role::Livreur).await;
    let one = format!("/produits/{id}");
    for (path, words) in [
        ("/produits", &["stock-meter", "name=\"stock_statut\"", "sort=-stock", "/exports/produits", "Rupture"][..]),
        (&*one, &["stock-meter", "12 disponibles", "Voir le stock"][..]),
    ] {
        let (seen, hidden) =
            (page(&app, path, &reader).await.expect(200), page(&app, path, &livreur).await.expect(200));
        for word in words {
            assert!(seen.text.contains(word), "{path}: a reader sees {word}");
            assert!(!hidden.text.contains(word), "{path}: a livreur does not see {word}");
        }
        assert!(hidden.text.contains("Thé"), "{path}: the products themselves are there");
    }
}

#[tokio::test]
async fn the_sides_of_the_list_are_counted_for_each_role() {
    let (app, token, admin, id) = with_product(Role::Admin).await;
    let (_, reader) = signed_in(&app, Role::SimpleUtilisateur).await;
    let counts = async |cookie: &str| {
        let call = from_page(&app, Method::POST, "/_fn/count_products").header("cookie", cookie);
        call.body("application/json", r#"{"query": []}"#).send().await.expect(200).json()
    };
    let before = counts(&admin).await;
    app.delete(&token, &format!("/products/{id}")).await.expect(204);
    let all = before["all"].as_i64().expect("a count") - 1;
    let after = counts(&admin).await;
    assert_eq!((&before["deleted"], &after["deleted"], &after["all"]), (&json!(0), &json!(1), &json!(all)));
    assert_eq!(counts(&reader).await["deleted"], json!(null), "what is deleted is for those who may bring it back");
}

#[tokio::test]
async fn a_product_is_entered_and_changed_by_plain_forms() {
    let (app, token, cookie, _) = with_product(Role::Controleur).await;
    let category = app.get(&token, "/categories/all").await.json()["items"][0]["id"].to_string();
    let typed = [
        ("nom", "Miel de châtaignier"),
        ("reference", "T-1"),
        ("category_id", &*category),
        ("prix", "8,50"),
        ("taux_tva", "5,5"),
        ("prix_achat", ""),
        ("stock_initial", "12"),
        ("seuil_alerte", "3"),
        ("is_active", "true"),
        ("description", ""),
        ("cle", "one-form"),
    ];
    let taken = post_form(&app, "/produits/nouveau", &cookie, &typed).await.expect(409);
    assert!(
        taken.text.contains("Miel de châtaignier") && taken.text.contains("produit-reference-erreur"),
        "kept, named"
    );
    let mut fixed = typed;
    fixed[1] = ("reference", "MIEL-1");
    let made = post_form(&app, "/produits/nouveau", &cookie, &fixed).await.expect(303);
    let at = made.header("location").to_owned();
    let again = post_form(&app, "/produits/nouveau", &cookie, &fixed).await.expect(303);
    assert_eq!(again.header("location"), at, "sent twice, made once");
    let product = app.get(&token, &at.replace("/produits", "/products")).await.expect(200).json();
    assert_eq!((&product["prix"], &product["stock"]["quantite"]), (&json!(8.5), &json!(12)));

    let edit = format!("{at}/modifier");
    let change = |prix: &'static str, version: &'static str| {
        [("nom", "Miel de châtaignier"), ("prix", prix), ("version", version)]
    };
    post_form(&app, &edit, &cookie, &change("9", "1")).await.expect(303);
    let stale = post_form(&app, &edit, &cookie, &change("10", "1")).await.expect(412);
    assert!(
        stale.text.contains("Quelqu&#39;un a enregistré entre-temps") || stale.text.contains("Quelqu'un a enregistré")
    );
    assert!(stale.text.contains("9,00"), "both values are shown");
    let wrong = post_form(&app, &edit, &cookie, &change("beaucoup", "2")).await.expect(422);
    assert!(wrong.text.contains("produit-prix-erreur") && wrong.text.contains("beaucoup"));
}

#[tokio::test]
async fn a_product_is_withdrawn_deleted_and_brought_back_by_plain_forms() {
    let (app, token, cookie, id) = with_product(Role::Admin).await;
    let at = format!("/produits/{id}");
    let act = async |action: &str| post_form(&app, &at, &cookie, &[("action", action)]).await;
    act("vente").await.expect(303);
    assert_eq!(app.get(&token, &format!("/products/{id}")).await.json()["is_active"], false);
    act("supprimer").await.expect(303);
    let gone = page(&app, &at, &cookie).await.expect(200).text;
    assert!(gone.contains("Ce produit est supprimé") && gone.contains("Restaurer"));
    let (_, controleur) = signed_in(&app, Role::Controleur).await;
    page(&app, &at, &controleur).await.expect(404);
    assert!(page(&app, "/produits?is_deleted=true", &cookie).await.expect(200).text.contains("Thé"));
    assert!(!page(&app, "/produits?is_deleted=true", &cookie).await.text.contains("Café"));
    page(&app, "/produits?is_deleted=true", &controleur).await.expect(403);
    act("restaurer").await.expect(303);
    page(&app, &at, &controleur).await.expect(200);
    post_form(&app, &at, &controleur, &[("action", "supprimer")]).await.expect(403);
    act("autre").await.expect(422);
}

#[tokio::test]
async fn categories_are_kept_in_order_by_plain_forms() {
    let (app, token) = stocked().await;
    let (_, cookie) = signed_in(&app, Role::Admin).await;
    let names = async || -> Vec<String> {
        let all = app.get(&token, "/categories/all").await.json();
        all["items"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|c| c["nom"].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    let act = async |fields: &[(&str, &str)]| post_form(&app, "/categories", &cookie, fields).await;
    act(&[("action", "enregistrer"), ("nom", "Cave"), ("description", ""), ("cle", "k1")]).await.expect(303);
    let before = names().await;
    assert_eq!(before.last().map(String::as_str), Some("Cave"));
    let cave = app.get(&token, "/categories?search=cave").await.json()["items"][0]["id"].to_string();
    act(&[("action", "monter"), ("id", &cave)]).await.expect(303);
    assert_eq!(names().await.iter().position(|nom| nom == "Cave"), Some(before.len() - 2));
    act(&[("action", "descendre"), ("id", &cave)]).await.expect(303);
    act(&[("action", "descendre"), ("id", &cave)]).await.expect(303);
    assert_eq!(names().await, before, "at the end it stays where it is");

    let taken = act(&[("action", "enregistrer"), ("nom", "cave"), ("cle", "k2")]).await.expect(409);
    assert!(taken.text.contains("déjà"), "says so");
    let filled = app.get(&token, "/products?search=T-1").await.json()["items"][0]["category_id"].to_string();
    let refused = act(&[("action", "supprimer"), ("id", &filled)]).await.expect(409);
    assert!(refused.text.contains("contient encore"), "names the reason");
    // Not one that somebody else changed since it was seen.
    app.put(&token, &format!("/categories/{cave}"), &json!({"description": "Vins"})).await.expect(200);
    let seen = app.get(&token, &format!("/categories/{cave}")).await.json()["version"].to_string();
    let late = act(&[("action", "supprimer"), ("id", &cave), ("version", "1")]).await.expect(412);
    assert!(late.text.contains(&format!("name=\"version\" value=\"{seen}\"")), "the form brings what it shows now");
    let body = json!({"id": cave.parse::<i64>().ok(), "version": 1});
    assert_eq!(
        server_function(&app, "delete_category", &cookie, &body).await.expect(412).json()["code"],
        "version_perimee"
    );
    act(&[("action", "supprimer"), ("id", &cave), ("version", &seen)]).await.expect(303);
    assert!(page(&app, "/categories?is_deleted=true", &cookie).await.expect(200).text.contains("Cave"));
    act(&[("action", "restaurer"), ("id", &cave)]).await.expect(303);
    assert_eq!(names().await, before);
    let (_, reader) = signed_in(&app, Role::Controleur).await;
    post_form(&app, "/categories", &reader, &[("action", "monter"), ("id", &cave)]).await.expect(403);
}

#[tokio::test]
async fn what_became_of_a_category_is_for_those_who_may_read_it() {
    let (app, token) = stocked().await;
    let made = app.post(&token, "/categories", &json!({"nom": "Cave", "description": "Vins"})).await.expect(201).json();
    app.put(&token, &format!("/categories/{}", made["id"]), &json!({"nom": "Grande cave"})).await.expect(200);
    let place = format!("/categories/{}", made["id"]);
    for role in [Role::Admin, Role::Controleur, Role::SimpleUtilisateur] {
        let (_, cookie) = signed_in(&app, role).await;
        let shown = page(&app, &place, &cookie).await.expect(200).text;
        assert!(shown.contains("Grande cave") && shown.contains("Vins") && shown.contains("Historique"), "{role:?}");
        let body = json!({"what": "category", "id": made["id"], "page": 1});
        let told = server_function(&app, "row_history", &cookie, &body).await.expect(200).json();
        assert!(
            told["items"].as_array().is_some_and(|items| items
                .iter()
                .any(|one| one["avant"] == "Cave" || one["change"]["avant"] == "Cave")),
            "{told}"
        );
        let list = page(&app, "/categories", &cookie).await.expect(200).text;
        assert!(list.contains(&format!("href=\"{place}\"")), "{role:?}");
    }
    let (_, livreur) = signed_in(&app, Role::Livreur).await;
    let refused = page(&app, &place, &livreur).await.expect(403).text;
    let ways = refused.split("trouble-text").nth(1).expect("ways out");
    assert!(ways.contains("Ma tournée") && !ways.contains("href=\"/commandes"), "{ways}");
    assert!(!page(&app, "/categories", &livreur).await.expect(200).text.contains("Historique de"));
    app.delete(&token, &place).await.expect(204);
    let (_, admin) = signed_in(&app, Role::Admin).await;
    assert!(page(&app, &place, &admin).await.expect(200).text.contains("Supprimée"));
    let (_, controleur) = signed_in(&app, Role::Controleur).await;
    page(&app, &place, &controleur).await.expect(404);
}

#[tokio::test]
async fn each_product_has_an_outcome_of_its_own() {
    let (app, token) = stocked().await;
    let (_, cookie) = signed_in(&app, Role::Admin).await;
    let free = app.product(&token, "Sirop", 500, 5).await;
    let held = app.product(&token, "Jus", 500, 5).await;
    let changed = app.product(&token, "Cidre", 500, 5).await;
    app.order(&token, &[(held, 1)]).await;
    let now = async |id: i64| app.get(&token, &format!("/products/{id}?include_deleted=true")).await.expect(200).json();
    let mut seen = Vec::new();
    for id in [free, held, changed] {
        seen.push(json!({"id": id, "version": now(id).await["version"]}));
    }
    app.put(&token, &format!("/products/{changed}"), &json!({"prix": 7})).await.expect(200);
    let body = json!({"deed": "delete", "products": seen, "key": "appui"});
    let codes = async |body: &serde_json::Value| {
        let answers = server_function(&app, "act_on_products", &cookie, body).await.expect(200).json();
        let code = |one: &serde_json::Value| one["refus"]["code"].as_str().map(str::to_owned);
        let codes: Vec<_> = answers.as_array().expect("answers").iter().map(code).collect();
        (codes, answers)
    };
    let refused = [None, Some("etat_incompatible".to_owned()), Some("version_perimee".to_owned())];
    let (first, answers) = codes(&body).await;
    assert_eq!(first, refused, "{answers}");
    assert_eq!(now(free).await["is_deleted"], true);
    assert_eq!(answers[0]["version"], now(free).await["version"]);
    let trail: i64 = sqlx::query_scalar("select version from products where id = $1")
        .bind(free)
        .fetch_one(&app.db)
        .await
        .map(i32::into)
        .expect("a version");
    assert_eq!(codes(&body).await.0, refused, "the same press again is the same answer");
    assert_eq!(now(free).await["version"], json!(trail), "and does nothing");
    let back =
        json!({"deed": "restore", "products": [{"id": free, "version": answers[0]["version"]}], "key": "annuler"});
    assert_eq!(codes(&back).await.0, [None]);
    assert_eq!(now(free).await["is_deleted"], false);
    for many in [0, 101] {
        let products: Vec<_> = (1..=many).map(|id| json!({"id": id, "version": 1})).collect();
        let body = json!({"deed": "sell", "products": products, "key": ""});
        let refused = server_function(&app, "act_on_products", &cookie, &body).await.expect(422).json();
        assert_eq!(refused["errors"][0]["champ"], "products");
    }
    let (_, controleur) = signed_in(&app, Role::Controleur).await;
    for (deed, status) in [("delete", 403), ("restore", 403), ("withdraw", 200)] {
        let body = json!({"deed": deed, "products": [{"id": held, "version": 1}], "key": ""});
        server_function(&app, "act_on_products", &controleur, &body).await.expect(status);
    }
    app.assert_sound().await;
}

/// Sends a file as a form does.
async fn upload(app: &App, cookie: &str, accept: &str, fields: &[(&str, &str)], csv: Option<&str>) -> Answer {
    let mut body = String::new();
    for (name, value) in fields {
        body += &format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    let name = if csv.is_some() { "prix.csv" } else { "" };
    let head =
        format!("Content-Disposition: form-data; name=\"fichier\"; filename=\"{name}\"\r\nContent-Type: text/csv");
    body += &format!("--x\r\n{head}\r\n\r\n{}\r\n--x--\r\n", csv.unwrap_or_default());
    let call = from_page(app, Method::POST, "/produits/import").header("cookie", cookie).header("accept", accept);
    call.body("multipart/form-data; boundary=x", &body).send().await
}

#[tokio::test]
async fn a_file_is_looked_at_then_imported_then_taken_back() {
    let (app, token, cookie, id) = with_product(Role::Controleur).await;
    let csv = "Référence;Nom;Catégorie;Prix TTC\nT-1;Thé;;9,00\nN-1;Neuf;Boissons;3\n";
    let report =
        upload(&app, &cookie, "application/json", &[("action", "verifier")], Some(csv)).await.expect(200).json();
    assert_eq!((&report["crees"], &report["modifies"], &report["dry_run"]), (&json!(1), &json!(1), &json!(true)));
    assert_eq!(app.get(&token, &format!("/products/{id}")).await.json()["prix"], 8.5, "nothing is written");

    // Without a script the page carries the file on.
    let shown =
        upload(&app, &cookie, "text/html", &[("action", "verifier"), ("cle", "k")], Some(csv)).await.expect(200);
    assert!(shown.text.contains("prix.csv") && shown.text.contains("Importer 2"));
    let (_, rest) = shown.text.split_once("name=\"contenu\" value=\"").expect("the file");
    let carried = rest.split('"').next().expect("its content").replace("&#x2F;", "/");
    let fields = [("action", "importer"), ("cle", "k"), ("contenu", &*carried), ("nom_fichier", "prix.csv")];
    upload(&app, &cookie, "text/html", &fields, None).await.expect(303);
    upload(&app, &cookie, "text/html", &fields, None).await.expect(303);
    assert_eq!(app.get(&token, &format!("/products/{id}")).await.json()["prix"], 9.0);
    let imports = app.get(&token, "/imports").await.json();
    assert_eq!((&imports["total"], &imports["items"][0]["fichier"]), (&json!(1), &json!("prix.csv")));

    let import = imports["items"][0]["id"].to_string();
    let undo = [("action", "annuler"), ("id", &*import)];
    app.put(&token, &format!("/products/{id}"), &json!({"prix": "9.5"})).await.expect(200);
    let refused = post_form(&app, "/produits/import", &cookie, &undo).await.expect(409);
    assert!(refused.text.contains("il a été modifié"), "names the row in the way");
    assert!(!refused.text.contains("import n°\u{a0}"), "there is no later import to undo first");
    let second = "Référence;Prix TTC\nC-1;5\n";
    upload(&app, &cookie, "text/html", &[("action", "importer"), ("cle", "k2")], Some(second)).await.expect(303);
    let last = app.get(&token, "/imports").await.json()["items"][0]["id"].to_string();
    post_form(&app, "/produits/import", &cookie, &[("action", "annuler"), ("id", &*last)]).await.expect(303);
    assert!(page(&app, "/produits/import", &cookie).await.expect(200).text.contains("Annulé le"));

    let third = "Référence;Prix TTC\nT-1;7\n";
    upload(&app, &cookie, "text/html", &[("action", "importer"), ("cle", "k3")], Some(third)).await.expect(303);
    let newest = app.get(&token, "/imports").await.json()["items"][0]["id"].to_string();
    let refused = post_form(&app, "/produits/import", &cookie, &undo).await.expect(409);
    assert!(refused.text.contains(&format!("import n°\u{a0}{newest} (prix.csv).")), "names the import to undo first");
}

#[tokio::test]
async fn a_file_is_refused_with_reasons_and_only_from_those_who_may() {
    let (app, _, cookie, _) = with_product(Role::Controleur).await;
    let bad = "Référence;Couleur\nT-1;bleu\n";
    let refused =
        upload(&app, &cookie, "application/json", &[("action", "verifier")], Some(bad)).await.expect(422).json();
    assert_eq!(refused["errors"][0]["champ"], "Couleur");
    assert!(upload(&app, &cookie, "text/html", &[], Some(bad)).await.expect(422).text.contains("Couleur"));
    assert!(upload(&app, &cookie, "text/html", &[], None).await.expect(422).text.contains("Choisissez un fichier"));
    // Chosen after another that the page carries, an empty file is empty all the same.
    let carried: [&[(&str, &str)]; 2] = [&[], &[("contenu", "QQ=="), ("nom_fichier", "prix.csv")]];
    for fields in carried {
        let empty = upload(&app, &cookie, "text/html", fields, Some("")).await.expect(422).text;
        assert!(empty.contains("Ce fichier est vide") && !empty.contains("Choisissez un fichier"));
    }
    let foreign = upload(&app, &cookie, "text/html", &[], Some("%PDF-1.7\n")).await.expect(400).text;
    assert!(foreign.contains("ni un CSV ni un XLSX") && foreign.contains("Fichier illisible"));
    let wrong = "Référence;Prix TTC\nT-1;cher\n";
    upload(&app, &cookie, "application/json", &[("action", "importer")], Some(wrong)).await.expect(422);
    let (_, reader) = signed_in(&app, Role::SimpleUtilisateur).await;
    upload(&app, &reader, "application/json", &[], Some(wrong)).await.expect(403);
    let call =
        app.call(Method::POST, "/produits/import").header("host", "shop.test").header("origin", "http://evil.test");
    call.header("cookie", &cookie).body("multipart/form-data; boundary=x", "--x--").send().await.expect(403);
    let template = page(&app, "/produits/import/modele", &cookie).await.expect(200);
    assert!(template.header("content-type").starts_with("text/csv") && template.text.contains("Référence;Nom"));
    page(&app, "/produits/import/modele", &reader).await.expect(403);
}
