//! `?format=csv|xlsx` of every list and table.

use http::Method;
use http_body_util::BodyExt;
use serde_json::json;
use tower::ServiceExt;

use super::{Answer, App};
use crate::auth::permission::Role;

const LISTS: &[&str] = &[
    "/products",
    "/categories",
    "/clients",
    "/users",
    "/stocks",
    "/stocks/alerts",
    "/stocks/movements",
    "/orders",
    "/audit",
    "/imports",
    "/dashboard/ventes-par-jour",
    "/dashboard/commandes",
    "/dashboard/commandes-details",
    "/dashboard/ventes-par-article",
    "/dashboard/ventes-par-categorie",
    "/dashboard/etat-stocks",
];

async fn shop() -> (App, String) {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    (app, admin)
}

/// The rows of a CSV, its headings first.
pub(super) fn rows(answer: &Answer) -> Vec<Vec<String>> {
    let text = answer.text.strip_prefix('\u{feff}').expect("the mark of UTF-8");
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|r| r.expect("a record").iter().map(str::to_owned).collect()).collect()
}

#[tokio::test]
async fn every_list_and_table_comes_as_a_file() {
    let (app, admin) = shop().await;
    let product = app.product(&admin, "Miel", 800, 5).await;
    app.order(&admin, &[(product, 1)]).await;
    let import = super::imports::import(&app, &admin, &format!("id;prix\n{product};9")).await.expect(201).json();
    let nested = [
        format!("/products/{product}/history"),
        format!("/stocks/{product}/movements"),
        "/clients/1/orders".to_owned(),
        "/categories/1/products".to_owned(),
        format!("/imports/{}/lines", import["id"]),
    ];
    for path in LISTS.iter().map(|path| (*path).to_owned()).chain(nested) {
        let csv = app.get(&admin, &format!("{path}?format=csv")).await.expect(200);
        assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8", "{path}");
        let name = csv.header("content-disposition");
        assert!(name.starts_with("attachment; filename=\"") && name.ends_with(".csv\""), "{path}: {name}");
        assert!(!rows(&csv)[0].is_empty(), "{path} has titles");
        let xlsx = app.call(Method::GET, &format!("/api/v1{path}?format=xlsx")).bearer(&admin).send().await.expect(200);
        assert!(xlsx.text.starts_with("PK"), "{path}");
        assert!(xlsx.header("content-type").contains("spreadsheetml"), "{path}");
        app.get(&admin, &format!("{path}?format=pdf")).await.refused(422, "champs_invalides");
        app.get(&admin, &format!("{path}?format=csv&couleur=x")).await.refused(422, "champs_invalides");
    }
}

#[tokio::test]
async fn a_file_has_all_pages_under_the_same_filters_and_sort() {
    let (app, admin) = shop().await;
    for n in 0..1100 {
        app.run(format!(
            "insert into clients (nom, ville) values ('Client {n:04}', '{}')",
            if n % 2 == 0 { "Nantes" } else { "Rezé" }
        ))
        .await;
    }
    let all = app.get(&admin, "/clients?format=csv&sort=-nom&per_page=5&search=client").await.expect(200);
    let rows = rows(&all);
    assert_eq!((rows.len(), rows[1][0].as_str(), rows[1100][0].as_str()), (1101, "Client 1099", "Client 0000"));
}

#[tokio::test]
async fn a_cursor_is_judged_before_all_pages_come() {
    let (app, admin) = shop().await;
    for name in ["Café", "Miel", "Thé"] {
        app.product(&admin, name, 800, 5).await;
    }
    let first = app.get(&admin, "/products?per_page=1").await.expect(200).json();
    let cursor = first["next_cursor"].as_str().expect("more");
    let all = app.get(&admin, &format!("/products?format=csv&cursor={cursor}")).await.expect(200);
    assert_eq!(rows(&all).len(), 4, "all of them, and the titles");
    for (wrong, code) in
        [("cursor=abc".to_owned(), "curseur_invalide"), (format!("cursor={cursor}&sort=-prix"), "curseur_incompatible")]
    {
        for format in ["json", "csv", "xlsx"] {
            let refused = app.get(&admin, &format!("/products?{wrong}&format={format}")).await;
            let refused = refused.refused(422, "champs_invalides").json();
            assert_eq!(refused["errors"][0]["code"], code, "{wrong} as {format}");
        }
    }
}

#[tokio::test]
async fn cells_are_written_for_a_french_spreadsheet() {
    let (app, admin) = shop().await;
    let body = json!({"nom": "=HYPERLINK(\"x\")", "telephone": "+33612345678", "email": "a@b", "ville": "Nantes; Rezé", "notes": "-2\n@x"});
    app.post(&admin, "/clients", &body).await.expect(201);
    let file = app.get(&admin, "/clients?format=csv").await.expect(200);
    let row = &rows(&file)[1];
    assert_eq!(row[..3], ["'=HYPERLINK(\"x\")", "06 12 34 56 78", "a@b"]);
    assert_eq!((row[5].as_str(), row[6].as_str()), ("Nantes; Rezé", "'-2\n@x"));
    let product = app.product(&admin, "Miel", 123_450, 5).await;
    app.post(&admin, "/stocks/exit", &json!({"product_id": product, "quantite": 2})).await.expect(201);
    let products = rows(&app.get(&admin, "/products?format=csv").await.expect(200));
    assert!(products[1].contains(&"1234,50".to_owned()) && products[1].contains(&"5,5".to_owned()), "{products:?}");
    let body = json!({"nom": "Anne", "code_postal": "01000", "adresse": "12/3", "ville": "75001"});
    app.post(&admin, "/clients", &body).await.expect(201);
    let anne = &rows(&app.get(&admin, "/clients?format=csv&search=anne").await.expect(200))[1];
    assert_eq!(
        anne[3..6],
        ["'12/3", "'01000", "75001"],
        "what a spreadsheet would change is guarded, and nothing else"
    );
    let draft = json!({"client_nom": "Anne", "items": [{"product_id": product, "quantity": 1}]});
    let order = app.post(&admin, "/orders", &draft).await.expect(201).json();
    let path = format!("/orders/{}", order["id"]);
    app.put(&admin, &path, &json!({"date_livraison_prevue": "2099-12-24"})).await.expect(200);
    let changes = rows(&app.get(&admin, &format!("{path}/history?format=csv")).await.expect(200));
    assert!(changes.iter().any(|change| change[7] == "24/12/2099"), "a day stays a day: {changes:?}");
    let moves = rows(&app.get(&admin, "/stocks/movements?format=csv").await.expect(200));
    assert_eq!(moves[1][3], "-2", "a negative number stays a number");
    assert!(chrono::NaiveDateTime::parse_from_str(&moves[1][0], "%d/%m/%Y %H:%M:%S").is_ok(), "{}", moves[1][0]);
}

#[tokio::test]
async fn clients_data_leave_with_those_alone_who_may() {
    let (app, admin) = shop().await;
    let product = app.product(&admin, "Miel", 800, 5).await;
    app.put(&admin, &format!("/products/{product}"), &json!({"prix_achat": 3.21})).await.expect(200);
    let order = app.order(&admin, &[(product, 1)]).await;
    let (reader, controleur) = (app.token(Role::SimpleUtilisateur).await, app.token(Role::Controleur).await);
    let livreur = app.token(Role::Livreur).await;
    let history = format!("/orders/{}/history", order["id"]);
    for path in ["/orders", "/clients", "/clients/1/orders", "/dashboard/commandes-details", history.as_str()] {
        app.get(&controleur, &format!("{path}?format=csv")).await.expect(200);
        app.get(&reader, path).await.expect(200);
        app.get(&reader, &format!("{path}?format=csv")).await.refused(403, "acces_refuse");
        app.get(&livreur, &format!("{path}?format=csv")).await.refused(403, "acces_refuse");
    }
    // What holds no client's data has a history that holds none.
    for path in [
        format!("/products/{product}/history"),
        "/categories/1/history".to_owned(),
        format!("/stocks/{product}/history"),
    ] {
        app.get(&reader, &format!("{path}?format=csv")).await.expect(200);
        app.get(&livreur, &format!("{path}?format=csv")).await.refused(403, "acces_refuse");
    }
    app.get(&reader, &format!("{history}?format=csv&couleur=x")).await.refused(403, "acces_refuse");
    let costs = app.get(&reader, &format!("/products/{product}/history?format=csv")).await.expect(200);
    assert!(costs.text.contains("Miel") && !costs.text.contains("prix_achat"), "{}", costs.text);
    let seen = app.get(&reader, "/products?format=csv").await.expect(200);
    assert!(!seen.text.contains("3,21") && !seen.text.contains("Prix d'achat"));
    assert!(app.get(&controleur, "/products?format=csv").await.expect(200).text.contains("3,21"));
    // Who sees no stocks takes none away.
    for (token, sees) in [(&reader, true), (&livreur, false)] {
        let titles = rows(&app.get(token, "/products?format=csv").await.expect(200)).remove(0);
        for title in ["En stock", "Réservé", "Disponible", "Seuil d'alerte"] {
            assert_eq!(titles.iter().any(|known| known == title), sees, "{title}");
        }
    }
}

/// Starts an export and leaves it unread: it holds its turn until it is dropped.
async fn unread(app: &App, admin: &str, path: &str) -> http::Response<axum::body::Body> {
    let request =
        http::Request::builder().uri(format!("/api/v1{path}")).header("authorization", format!("Bearer {admin}"));
    let response = app.router.clone().oneshot(request.body(axum::body::Body::empty()).expect("a request")).await;
    response.expect("an answer")
}

#[tokio::test]
async fn two_exports_at_once_and_the_third_is_told_when_to_come_back() {
    let (app, admin) = shop().await;
    let (first, second) =
        (unread(&app, &admin, "/clients?format=csv").await, unread(&app, &admin, "/clients?format=csv").await);
    let third = app.get(&admin, "/products?format=csv").await.refused(429, "trop_de_requetes");
    assert_eq!(third.header("retry-after"), "5");
    drop(first);
    app.get(&admin, "/products?format=csv").await.expect(200);
    drop(second);
}

#[tokio::test]
async fn a_failure_in_the_middle_never_looks_complete() {
    let (app, admin) = shop().await;
    // A status that is none stops the rows half-way, after the first were sent.
    app.run(
        "insert into clients (nom) values ('Jean');
         alter table orders drop constraint orders_statut_check;
         insert into orders (numero, client_id, client_nom)
             select 'CMD-' || n, c.id, c.nom from clients c, generate_series(1, 3000) n;
         alter table orders disable trigger user;
         update orders set statut = 'perdue', delivered_at = null where numero = 'CMD-2500'",
    )
    .await;
    let response = unread(&app, &admin, "/orders?format=csv&sort=created_at").await;
    assert_eq!(response.status(), 200);
    let collected = response.into_body().collect().await;
    assert!(collected.is_err(), "the body ends with an error, which breaks the connection");
    app.get(&admin, "/orders?format=xlsx&sort=created_at").await.refused(500, "erreur_interne");
    app.run("update orders set statut = 'perdue' where numero = 'CMD-1'").await;
    app.get(&admin, "/orders?format=csv&sort=created_at").await.refused(500, "erreur_interne");
    app.get(&admin, "/clients?format=csv").await.expect(200);
}
