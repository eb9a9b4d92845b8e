//! /api/v1/products

use serde_json::{Value, json};

use super::App;
use crate::auth::permission::Role;

pub(super) async fn shop() -> (App, String, i64) {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    let category = app.category("Épicerie").await;
    (app, admin, category)
}

/// The names of a page, in its order.
pub(super) fn names(page: &Value) -> Vec<&str> {
    page["items"].as_array().expect("items").iter().filter_map(|item| item["nom"].as_str()).collect()
}

pub(super) async fn found(app: &App, token: &str, query: &str) -> Vec<String> {
    let page = app.get(token, &format!("/products?{query}")).await.expect(200).json();
    assert_eq!(page["total"].as_u64(), Some(names(&page).len() as u64), "{query}");
    names(&page).into_iter().map(str::to_owned).collect()
}

/// Products that differ in everything one can sort and filter by.
pub(super) async fn varied() -> (App, String, i64, i64) {
    let (app, admin, groceries) = shop().await;
    let drinks = app.category("Boissons").await;
    for (nom, reference, prix, category, stock, seuil, active) in [
        ("Éclair au café", Some("PAT-1"), "3.50", groceries, 0, 0, true),
        ("Zeste d'orange", None, "2.00", groceries, 5, 5, true),
        ("Eau gazeuse", Some("EAU_50%"), "0.90", drinks, 100, 10, true),
        ("Crème brûlée", Some("PAT-2"), "4.20", groceries, 6, 5, false),
        ("éclair au chocolat", Some("PAT-3"), "3.50", groceries, 20, 0, true),
        ("Ecrevisses", None, "19.90", groceries, 3, 4, true),
    ] {
        let body = json!({"nom": nom, "reference": reference, "prix": prix, "category_id": category, "stock_initial": stock,
                          "seuil_alerte": seuil, "is_active": active});
        app.post(&admin, "/products", &body).await.expect(201);
    }
    (app, admin, groceries, drinks)
}

#[tokio::test]
async fn a_search_ignores_accents_and_case_and_wants_every_word() {
    let (app, admin, ..) = varied().await;
    for (search, expected) in [
        ("creme", vec!["Crème brûlée"]),
        ("CR%C3%88ME", vec!["Crème brûlée"]),
        ("ECLAIR", vec!["Éclair au café", "éclair au chocolat"]),
        ("chocolat+%C3%89clair", vec!["éclair au chocolat"]),
        ("pat-2", vec!["Crème brûlée"]),
        ("50%25", vec!["Eau gazeuse"]),
        ("_50", vec!["Eau gazeuse"]),
        ("a_c", vec![]),
        ("%25%25", vec![]),
        ("%5C", vec![]),
        ("'", vec!["Zeste d'orange"]),
    ] {
        assert_eq!(found(&app, &admin, &format!("search={search}")).await, expected, "{search}");
    }
    assert_eq!(found(&app, &admin, "search=").await.len(), 6, "a blank search is none");
}

#[tokio::test]
async fn filters_narrow_and_add_up() {
    let (app, admin, groceries, drinks) = varied().await;
    let total = async |query: String| found(&app, &admin, &query).await.len();
    assert_eq!((total(format!("category_id={groceries}")).await, total(format!("category_id={drinks}")).await), (5, 1));
    assert_eq!(total("category_id=999".into()).await, 0);
    assert_eq!((total("is_active=true".into()).await, total("is_active=false".into()).await), (5, 1));
    assert_eq!(found(&app, &admin, "stock_statut=rupture").await, ["Éclair au café"]);
    assert_eq!(found(&app, &admin, "stock_statut=alerte").await, ["Ecrevisses", "Zeste d'orange"]);
    assert_eq!(total("stock_statut=ok".into()).await, 3);
    assert_eq!(found(&app, &admin, "prix_min=3.50&prix_max=4.20").await.len(), 3, "both bounds are included");
    assert_eq!(found(&app, &admin, "prix_min=3.51&prix_max=4.19").await.len(), 0);
    assert_eq!(
        found(&app, &admin, &format!("search=eclair&category_id={groceries}&stock_statut=ok")).await,
        ["éclair au chocolat"]
    );
    for wrong in [
        "category_id=x",
        "category_id=0",
        "is_active=yes",
        "stock_statut=vide",
        "prix_min=1.999",
        "prix_max=-1",
        "prix_min=x",
    ] {
        let answer = app.get(&admin, &format!("/products?{wrong}")).await.refused(422, "champs_invalides");
        assert_eq!(answer.fields(), [wrong.split('=').next().expect("a name")], "{wrong}");
    }
}

#[tokio::test]
async fn every_sort_goes_both_ways_and_text_sorts_as_french_does() {
    let (app, admin, ..) = varied().await;
    let by_name =
        ["Crème brûlée", "Eau gazeuse", "Éclair au café", "éclair au chocolat", "Ecrevisses", "Zeste d'orange"];
    assert_eq!(found(&app, &admin, "").await, by_name, "É beside E; by name unless something else is said");
    let orders = [
        ("nom", by_name),
        (
            "prix",
            ["Eau gazeuse", "Zeste d'orange", "Éclair au café", "éclair au chocolat", "Crème brûlée", "Ecrevisses"],
        ),
        (
            "created_at",
            ["Éclair au café", "Zeste d'orange", "Eau gazeuse", "Crème brûlée", "éclair au chocolat", "Ecrevisses"],
        ),
        (
            "stock",
            ["Éclair au café", "Ecrevisses", "Zeste d'orange", "Crème brûlée", "éclair au chocolat", "Eau gazeuse"],
        ),
    ];
    for (sort, mut expected) in orders {
        assert_eq!(found(&app, &admin, &format!("sort={sort}")).await, expected, "{sort}");
        expected.reverse();
        assert_eq!(
            found(&app, &admin, &format!("sort=-{sort}")).await,
            expected,
            "-{sort}: ids break ties backwards too"
        );
    }
    for wrong in ["id", "--nom", "prix_achat", "nom;drop"] {
        assert_eq!(
            app.get(&admin, &format!("/products?sort={wrong}")).await.refused(422, "champs_invalides").fields(),
            ["sort"]
        );
    }
}
