//! POST /api/v1/products/import, and the imports that were made.

use http::Method;
use serde_json::{Value, json};

use super::products::shop;
use super::{Answer, App};
use crate::auth::permission::Role;

pub(super) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Sends a file.
pub(super) async fn send(app: &App, token: &str, query: &str, kind: &str, bytes: &[u8]) -> Answer {
    let call = app.call(Method::POST, &format!("/api/v1/products/import{query}")).bearer(token);
    call.file(kind, bytes).send().await
}

/// Imports a CSV.
pub(super) async fn import(app: &App, token: &str, csv: &str) -> Answer {
    send(app, token, "", "text/csv", csv.as_bytes()).await
}

/// Tells what would become of a CSV.
pub(super) async fn dry_run(app: &App, token: &str, csv: &str) -> Value {
    send(app, token, "?dry_run=true", "text/csv", csv.as_bytes()).await.expect(200).json()
}

/// Made by the file, changed, unchanged and wrong lines.
pub(super) fn counts(report: &Value) -> (i64, i64, i64, i64) {
    let count = |name: &str| report[name].as_i64().expect("a count");
    (count("crees"), count("modifies"), count("inchanges"), count("erreurs"))
}

async fn everything(app: &App) -> String {
    sqlx::query_scalar(
        "select concat_ws('|', (select jsonb_agg(p order by id) from products p), (select jsonb_agg(s order by product_id) from stocks s),
                (select count(*) from stock_movements), (select count(*) from history), (select count(*) from imports),
                (select count(*) from idempotency_keys))",
    )
    .fetch_one(&app.db)
    .await
    .expect("the database")
}

async fn product(app: &App, token: &str, reference: &str) -> Value {
    let page = app.get(token, &format!("/products?search={reference}")).await.expect(200).json();
    page["items"][0].clone()
}

/// A shop that knows Thé (T-1, 8.50, 12 on the shelf) and Café (C-1, 4.20).
pub(super) async fn stocked() -> (App, String) {
    let (app, admin, category) = shop().await;
    app.category("Boissons").await;
    for (reference, nom, prix, stock) in [("T-1", "Thé", "8.50", 12), ("C-1", "Café", "4.20", 0)] {
        let body = json!({"reference": reference, "nom": nom, "prix": prix, "category_id": category, "stock_initial": stock,
                          "description": "Bio", "prix_achat": "2", "taux_tva": 5.5, "seuil_alerte": 3});
        app.post(&admin, "/products", &body).await.expect(201);
    }
    (app, admin)
}

const FILE: &str = "Référence;Nom;Catégorie;Prix TTC;TVA (%);Prix d'achat;En stock;Seuil d'alerte;En vente;Description\n\
    t-1;Thé vert;boissons;9,00;20;;15;5;non;\n\
    C-1;Café;Épicerie;4,2;5,5;2,00;0;3;oui;Bio\n\
    M-1;Miel;EPICERIE;1 200,50;;;7;;;\n";

#[tokio::test]
async fn a_dry_run_tells_everything_and_changes_nothing() {
    let (app, admin) = stocked().await;
    let before = everything(&app).await;
    let call = app.call(Method::POST, "/api/v1/products/import?dry_run=true&fichier=tarif.csv").bearer(&admin);
    let answer = call.header("idempotency-key", "k").file("text/csv", FILE.as_bytes()).send().await.expect(200);
    assert_eq!(everything(&app).await, before);
    let report = answer.json();
    assert_eq!(counts(&report), (1, 1, 1, 0));
    assert_eq!(
        (&report["id"], &report["dry_run"], &report["fichier"]),
        (&Value::Null, &json!(true), &json!("tarif.csv"))
    );
    let lines = report["lignes"].as_array().expect("lines");
    let outcomes: Vec<_> = lines.iter().map(|line| (line["ligne"].as_i64(), line["resultat"].as_str())).collect();
    assert_eq!(outcomes, [(Some(2), Some("modifie")), (Some(3), Some("inchange")), (Some(4), Some("cree"))]);
    let epicerie = product(&app, &admin, "T-1").await["category_id"].clone();
    let boissons = epicerie.as_i64().map(|id| id + 1);
    let expected = json!([
        {"champ": "nom", "avant": "Thé", "apres": "Thé vert"},
        {"champ": "category_id", "avant": epicerie, "apres": boissons},
        {"champ": "prix", "avant": 8.5, "apres": 9.0},
        {"champ": "taux_tva", "avant": 5.5, "apres": 20},
        {"champ": "prix_achat", "avant": 2.0, "apres": null},
        {"champ": "description", "avant": "Bio", "apres": null},
        {"champ": "seuil_alerte", "avant": 3, "apres": 5},
        {"champ": "is_active", "avant": true, "apres": false},
        {"champ": "stock", "avant": 12, "apres": 15},
    ]);
    assert_eq!(lines[0]["modifications"], expected, "the case of a reference is no change");
    assert_eq!(lines[1]["modifications"], json!([]));
    assert_eq!(lines[2]["product_id"], Value::Null);
    assert!(
        lines[2]["modifications"]
            .as_array()
            .expect("changes")
            .contains(&json!({"champ": "prix", "avant": null, "apres": 1200.5}))
    );
}

#[tokio::test]
async fn an_import_does_what_its_dry_run_told() {
    let (app, admin) = stocked().await;
    let told = dry_run(&app, &admin, FILE).await;
    let answer = send(&app, &admin, "?fichier=tarif.csv", "text/csv", FILE.as_bytes()).await.expect(201);
    let done = answer.json();
    assert_eq!(answer.header("location"), format!("/api/v1/imports/{}", done["id"]));
    for (told, done) in told["lignes"].as_array().expect("told").iter().zip(done["lignes"].as_array().expect("done")) {
        assert_eq!((&told["resultat"], &told["modifications"]), (&done["resultat"], &done["modifications"]));
        assert!(done["product_id"].is_i64(), "{done}");
    }
    let tea = product(&app, &admin, "T-1").await;
    assert_eq!((&tea["reference"], &tea["nom"], tea["prix"].as_f64()), (&json!("T-1"), &json!("Thé vert"), Some(9.0)));
    assert_eq!(
        (&tea["stock"]["quantite"], &tea["stock"]["seuil_alerte"], &tea["version"]),
        (&json!(15), &json!(5), &json!(2))
    );
    assert_eq!(product(&app, &admin, "C-1").await["version"], 1, "what is so already makes no version");
    let honey = product(&app, &admin, "M-1").await;
    assert_eq!(
        (honey["prix"].as_f64(), honey["taux_tva"].as_f64(), &honey["stock"]["quantite"]),
        (Some(1200.5), Some(20.0), &json!(7))
    );
    let movements: Vec<(String, i64, String)> =
        sqlx::query_as("select type, quantite, motif from stock_movements order by id desc limit 2")
            .fetch_all(&app.db)
            .await
            .expect("movements");
    let motif = format!("Import n° {}", done["id"]);
    assert_eq!(movements, [("entree".to_owned(), 7, motif.clone()), ("ajustement".to_owned(), 3, motif)]);
    assert_eq!(counts(&dry_run(&app, &admin, FILE).await), (0, 0, 3, 0), "imported again, nothing is left to do");
    app.assert_sound().await;
}

#[tokio::test]
async fn one_fault_is_enough_for_nothing_to_be_imported() {
    let (app, admin) = stocked().await;
    let tea = product(&app, &admin, "T-1").await["id"].as_i64().expect("an id");
    let order = app.order(&admin, &[(tea, 5)]).await["id"].clone();
    app.post(&admin, &format!("/orders/{order}/confirm"), &json!({})).await.expect(200);
    let before = everything(&app).await;
    let file = "reference;nom;categorie;prix;stock\n\
        N-1;Neuf;Épicerie;1;1\n;Sans;Épicerie;1;\nT-1;;Cave;1,999;4\nn-1;Encore;Épicerie;x;-1\nN-2;;;;\n";
    let expected = [
        "lignes[3].reference",
        "lignes[4].categorie",
        "lignes[4].prix",
        "lignes[4].stock",
        "lignes[5].reference",
        "lignes[5].prix",
        "lignes[5].stock",
        "lignes[6].nom",
        "lignes[6].prix",
        "lignes[6].categorie",
    ];
    let refusal = import(&app, &admin, file).await.refused(422, "champs_invalides");
    assert_eq!(refusal.fields(), expected);
    assert_eq!(everything(&app).await, before);
    // The dry run names the same faults, line by line.
    let report = dry_run(&app, &admin, file).await;
    assert_eq!(counts(&report), (1, 0, 0, 4));
    let told: Vec<_> = report["lignes"]
        .as_array()
        .expect("lines")
        .iter()
        .flat_map(|line| {
            let faults = line["erreurs"].as_array().expect("faults").clone();
            faults
                .into_iter()
                .map(|fault| format!("lignes[{}].{}", line["ligne"], fault["champ"].as_str().expect("a path")))
        })
        .collect();
    assert_eq!(told, expected);
    assert_eq!(report["lignes"][2]["erreurs"][2]["code"], "stock_reserve");
}

#[tokio::test]
async fn a_line_is_where_a_spreadsheet_shows_it() {
    let (app, admin) = stocked().await;
    let file = "reference;nom;categorie;prix;description\nN-1;Neuf;Épicerie;1;\"un\ndeux\ntrois\"\n\
        N-2;Autre;Épicerie;x;\n\nn-1;Encore;Épicerie;1;\n";
    let refusal = import(&app, &admin, file).await.refused(422, "champs_invalides");
    assert_eq!(refusal.fields(), ["lignes[3].prix", "lignes[5].reference"]);
    assert!(refusal.text.contains("Cette référence est déjà à la ligne 2."), "{}", refusal.text);
}

#[tokio::test]
async fn at_most_a_thousand_faults_are_named() {
    let (app, admin) = stocked().await;
    let file = format!("reference;prix\n{}", "A;x\n".repeat(600));
    let refusal = import(&app, &admin, &file).await.refused(422, "champs_invalides");
    assert_eq!(refusal.fields().len(), 1000);
    assert!(refusal.json()["detail"].as_str().expect("a sentence").contains("1000 premières"));
}

#[tokio::test]
async fn an_export_is_imported_as_it_is() {
    let (app, admin) = stocked().await;
    for (reference, nom) in [
        ("=A1", "-Formule"),
        ("1000012345678", "Guillemets \"; et\u{a0}€"),
        ("+33", "@x"),
        ("00377136", "3-4"),
        ("1E37", "01/02"),
        ("3700123456789012", "007"),
    ] {
        let body = json!({"reference": reference, "nom": nom, "prix": "15.9", "category_id": 1, "description": "=1\n'fin",
                          "stock_initial": 1234});
        app.post(&admin, "/products", &body).await.expect(201);
    }
    for nom in ["Sans référence", "Un autre"] {
        app.product(&admin, nom, 990, 3).await;
    }
    for (format, kind) in [("csv", "text/csv; charset=utf-8"), ("xlsx", XLSX)] {
        let export = app.get(&admin, &format!("/products?format={format}")).await.expect(200);
        let report = send(&app, &admin, "?dry_run=1", kind, &export.bytes).await.expect(200).json();
        assert_eq!(counts(&report), (0, 0, 10, 0), "{format}: {report}");
        let done = send(&app, &admin, "", kind, &export.bytes).await.expect(201).json();
        assert_eq!(counts(&done), (0, 0, 10, 0), "{format}");
    }
    app.assert_sound().await;
}

#[tokio::test]
async fn what_has_no_reference_is_known_by_its_id_and_may_get_one() {
    let (app, admin) = stocked().await;
    let plain = app.product(&admin, "Sel", 200, 3).await;
    let export = app.get(&admin, "/products?format=csv&search=sel").await.expect(200).text;
    let edited = export.replace(";Sel;", ";Sel gris;").replace(";2,00;", ";2,40;");
    let done = import(&app, &admin, &edited).await.expect(201).json();
    assert_eq!(counts(&done), (0, 1, 0, 0), "{done}");
    assert_eq!((&done["lignes"][0]["reference"], &done["lignes"][0]["product_id"]), (&Value::Null, &json!(plain)));
    let named = import(&app, &admin, &format!("identifiant;référence;stock\n{plain};S-1;5\n")).await.expect(201).json();
    let salt = product(&app, &admin, "S-1").await;
    assert_eq!((&salt["id"], &salt["nom"], &salt["stock"]["quantite"]), (&json!(plain), &json!("Sel gris"), &json!(5)));
    // The reference is taken back with the rest.
    app.post(&admin, &format!("/imports/{}/undo", named["id"]), &json!({})).await.expect(200);
    let salt = app.get(&admin, &format!("/products/{plain}")).await.expect(200).json();
    assert_eq!(
        (&salt["reference"], &salt["nom"], &salt["stock"]["quantite"]),
        (&Value::Null, &json!("Sel gris"), &json!(3))
    );
    let unclear = import(&app, &admin, &format!("id;reference;prix\n{plain};T-1;2\n999;;3\n1;Z;4\n")).await;
    let unclear = unclear.refused(422, "champs_invalides");
    assert_eq!(unclear.fields(), ["lignes[2].id", "lignes[3].id", "lignes[4].id"]);
    app.assert_sound().await;
}

#[tokio::test]
async fn the_lines_of_an_import_are_a_list() {
    let (app, admin) = stocked().await;
    let done = import(&app, &admin, FILE).await.expect(201).json();
    let path = format!("/imports/{}/lines", done["id"]);
    let list = async |query: &str| app.get(&admin, &format!("{path}{query}")).await.expect(200).json();
    let all = list("").await;
    assert_eq!((&all["items"], &all["total"]), (&done["lignes"], &json!(3)), "told as it was answered");
    let first = list("?per_page=2").await;
    assert_eq!(first["items"].as_array().expect("items")[..], done["lignes"].as_array().expect("lines")[..2]);
    let cursor = first["next_cursor"].as_str().expect("more");
    assert_eq!(list(&format!("?per_page=2&cursor={cursor}")).await["items"][0], done["lignes"][2]);
    let found = list("?resultat=cree&resultat=inchange&sort=-ligne").await;
    let outcomes: Vec<_> =
        found["items"].as_array().expect("items").iter().map(|line| line["resultat"].clone()).collect();
    assert_eq!(outcomes, ["cree", "inchange"]);
    assert_eq!(list("?search=m-1").await["items"][0]["ligne"], 4);
    let csv = app.get(&admin, &format!("{path}?format=csv&resultat=modifie")).await.expect(200).text;
    assert!(csv.contains("prix : 8,50 → 9,00\n") && csv.contains("taux_tva : 5,5 → 20\n"), "{csv}");
    for wrong in ["?resultat=autre", "?import_id=1", "?couleur=x"] {
        app.get(&admin, &format!("{path}{wrong}")).await.refused(422, "champs_invalides");
    }
    app.get(&admin, "/imports/999999/lines").await.refused(404, "introuvable");
}

#[tokio::test]
async fn those_who_may_not_write_products_may_not_import_any() {
    let (app, admin) = stocked().await;
    let id = import(&app, &admin, FILE).await.expect(201).json()["id"].clone();
    for role in [Role::Livreur, Role::SimpleUtilisateur] {
        let token = app.token(role).await;
        import(&app, &token, FILE).await.refused(403, "acces_refuse");
        app.get(&token, "/imports").await.refused(403, "acces_refuse");
        app.get(&token, &format!("/imports/{id}")).await.refused(403, "acces_refuse");
        app.post(&token, &format!("/imports/{id}/undo"), &json!({})).await.refused(403, "acces_refuse");
    }
    let controleur = app.token(Role::Controleur).await;
    import(&app, &controleur, FILE).await.expect(201);
}

#[tokio::test]
async fn a_key_imports_once() {
    let (app, admin) = stocked().await;
    let send = async |query: &str, file: &str| {
        let call = app.call(Method::POST, &format!("/api/v1/products/import{query}")).bearer(&admin);
        call.header("idempotency-key", "k").file("text/csv", file.as_bytes()).send().await
    };
    send("", "reference;prix\nT-1;x").await.refused(422, "champs_invalides");
    let first = send("", FILE).await.expect(201);
    let again = send("", FILE).await.expect(201);
    assert_eq!((again.header("idempotency-replayed"), &again.text), ("true", &first.text));
    assert_eq!(again.header("location"), first.header("location"));
    send("", &FILE.replace("9,00", "9,01")).await.refused(409, "idempotence_conflit");
    send("?fichier=x", FILE).await.refused(409, "idempotence_conflit");
    assert_eq!(counts(&send("?dry_run=true", FILE).await.expect(200).json()), (0, 0, 3, 0), "a dry run needs no key");
    let count: i64 = sqlx::query_scalar("select count(*) from imports").fetch_one(&app.db).await.expect("count");
    assert_eq!(count, 1);
}

#[tokio::test]
async fn imports_are_listed_and_told_line_by_line() {
    let (app, admin) = stocked().await;
    let first =
        send(&app, &admin, "?fichier=Tarif%20%C3%A9t%C3%A9.csv", "text/csv", FILE.as_bytes()).await.expect(201).json();
    let second = import(&app, &admin, "reference;prix\nT-1;10").await.expect(201).json();
    let list = app.get(&admin, "/imports").await.expect(200).json();
    let ids: Vec<_> = list["items"].as_array().expect("items").iter().map(|item| item["id"].clone()).collect();
    assert_eq!(ids, [second["id"].clone(), first["id"].clone()]);
    let found = app.get(&admin, "/imports?search=ete").await.expect(200).json();
    assert_eq!((&found["total"], &found["items"][0]["auteur"]), (&json!(1), &json!("Anne Test")));
    assert!(app.get(&admin, "/imports?format=csv").await.expect(200).text.contains("Tarif été.csv"));
    let told = app.get(&admin, &format!("/imports/{}", first["id"])).await.expect(200);
    assert_eq!(told.header("etag"), "\"1\"");
    assert_eq!(
        counts(&json!({"erreurs": 0, "crees": told.json()["crees"], "modifies": 1, "inchanges": 1})),
        (1, 1, 1, 0)
    );
    app.get(&admin, "/imports/999999").await.refused(404, "introuvable");
    app.get(&admin, &format!("/imports/{}?x=1", first["id"])).await.refused(422, "champs_invalides");
}

#[tokio::test]
async fn as_many_lines_as_there_may_be() {
    let (app, admin) = stocked().await;
    let line = |n| format!("R-{n};Produit {n};Épicerie;1,50;{n};Une description\n");
    let lines: String = (1..=crate::imports::file::MAX_ROWS).map(line).collect();
    let file = format!("reference;nom;categorie;prix;stock;description\n{lines}");
    let done = import(&app, &admin, &file).await.expect(201).json();
    assert_eq!(counts(&done), (20_000, 0, 0, 0));
    // At once: before anything has counted the new rows, this took longer than a test may.
    app.assert_sound().await;
    app.post(&admin, &format!("/imports/{}/undo", done["id"]), &json!({})).await.expect(200);
    assert_eq!(counts(&dry_run(&app, &admin, &file).await), (20_000, 0, 0, 0), "all of them are gone again");
}
