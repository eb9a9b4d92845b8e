//! /api/v1/products

use serde_json::{Value, json};

use super::App;
use crate::auth::permission::Role;

async fn shop() -> (App, String, i64) {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    let category = app.category("Épicerie").await;
    (app, admin, category)
}

/// The names of a page, in its order.
fn names(page: &Value) -> Vec<&str> {
    page["items"]
        .as_array()
        .expect("items")
        .iter()
        .filter_map(|item| item["nom"].as_str())
        .collect()
}

async fn found(app: &App, token: &str, query: &str) -> Vec<String> {
    let page = app
        .get(token, &format!("/products?{query}"))
        .await
        .expect(200)
        .json();
    assert_eq!(
        page["total"].as_u64(),
        Some(names(&page).len() as u64),
        "{query}"
    );
    names(&page).into_iter().map(str::to_owned).collect()
}

/// Products that differ in everything one can sort and filter by.
async fn varied() -> (App, String, i64, i64) {
    let (app, admin, groceries) = shop().await;
    let drinks = app.category("Boissons").await;
    for (nom, reference, prix, category, stock, seuil, active) in [
        (
            "Éclair au café",
            Some("PAT-1"),
            "3.50",
            groceries,
            0,
            0,
            true,
        ),
        ("Zeste d'orange", None, "2.00", groceries, 5, 5, true),
        (
            "Eau gazeuse",
            Some("EAU_50%"),
            "0.90",
            drinks,
            100,
            10,
            true,
        ),
        (
            "Crème brûlée",
            Some("PAT-2"),
            "4.20",
            groceries,
            6,
            5,
            false,
        ),
        (
            "éclair au chocolat",
            Some("PAT-3"),
            "3.50",
            groceries,
            20,
            0,
            true,
        ),
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
        assert_eq!(
            found(&app, &admin, &format!("search={search}")).await,
            expected,
            "{search}"
        );
    }
    assert_eq!(
        found(&app, &admin, "search=").await.len(),
        6,
        "a blank search is none"
    );
}

#[tokio::test]
async fn filters_narrow_and_add_up() {
    let (app, admin, groceries, drinks) = varied().await;
    let total = async |query: String| found(&app, &admin, &query).await.len();
    assert_eq!(
        (
            total(format!("category_id={groceries}")).await,
            total(format!("category_id={drinks}")).await
        ),
        (5, 1)
    );
    assert_eq!(total("category_id=999".into()).await, 0);
    assert_eq!(
        (
            total("is_active=true".into()).await,
            total("is_active=false".into()).await
        ),
        (5, 1)
    );
    assert_eq!(
        found(&app, &admin, "stock_statut=rupture").await,
        ["Éclair au café"]
    );
    assert_eq!(
        found(&app, &admin, "stock_statut=alerte").await,
        ["Ecrevisses", "Zeste d'orange"]
    );
    assert_eq!(total("stock_statut=ok".into()).await, 3);
    assert_eq!(
        found(&app, &admin, "prix_min=3.50&prix_max=4.20")
            .await
            .len(),
        3,
        "both bounds are included"
    );
    assert_eq!(
        found(&app, &admin, "prix_min=3.51&prix_max=4.19")
            .await
            .len(),
        0
    );
    assert_eq!(
        found(
            &app,
            &admin,
            &format!("search=eclair&category_id={groceries}&stock_statut=ok")
        )
        .await,
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
        let answer = app
            .get(&admin, &format!("/products?{wrong}"))
            .await
            .refused(422, "champs_invalides");
        assert_eq!(
            answer.fields(),
            [wrong.split('=').next().expect("a name")],
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn every_sort_goes_both_ways_and_text_sorts_as_french_does() {
    let (app, admin, ..) = varied().await;
    let by_name = [
        "Crème brûlée",
        "Eau gazeuse",
        "Éclair au café",
        "éclair au chocolat",
        "Ecrevisses",
        "Zeste d'orange",
    ];
    assert_eq!(
        found(&app, &admin, "").await,
        by_name,
        "É beside E; by name unless something else is said"
    );
    let orders = [
        ("nom", by_name),
        (
            "prix",
            [
                "Eau gazeuse",
                "Zeste d'orange",
                "Éclair au café",
                "éclair au chocolat",
                "Crème brûlée",
                "Ecrevisses",
            ],
        ),
        (
            "created_at",
            [
                "Éclair au café",
                "Zeste d'orange",
                "Eau gazeuse",
                "Crème brûlée",
                "éclair au chocolat",
                "Ecrevisses",
            ],
        ),
        (
            "stock",
            [
                "Éclair au café",
                "Ecrevisses",
                "Zeste d'orange",
                "Crème brûlée",
                "éclair au chocolat",
                "Eau gazeuse",
            ],
        ),
    ];
    for (sort, mut expected) in orders {
        assert_eq!(
            found(&app, &admin, &format!("sort={sort}")).await,
            expected,
            "{sort}"
        );
        expected.reverse();
        assert_eq!(
            found(&app, &admin, &format!("sort=-{sort}")).await,
            expected,
            "-{sort}: ids break ties backwards too"
        );
    }
    for wrong in ["id", "--nom", "prix_achat", "nom;drop"] {
        assert_eq!(
            app.get(&admin, &format!("/products?sort={wrong}"))
                .await
                .refused(422, "champs_invalides")
                .fields(),
            ["sort"]
        );
    }
}

#[tokio::test]
async fn pages_are_counted_and_bounded() {
    let (app, admin, ..) = varied().await;
    let page = app
        .get(&admin, "/products?per_page=4&page=2")
        .await
        .expect(200)
        .json();
    let figures = ["total", "page", "per_page", "pages"].map(|name| page[name].as_i64());
    assert_eq!(
        (figures, names(&page).len()),
        ([Some(6), Some(2), Some(4), Some(2)], 2)
    );
    assert!(page["next_cursor"].is_null() && page.get("total_plafonne").is_none());
    let beyond = app
        .get(&admin, "/products?per_page=4&page=3")
        .await
        .expect(200)
        .json();
    assert_eq!(
        (beyond["total"].as_i64(), names(&beyond).len()),
        (Some(6), 0)
    );
    let first = app.get(&admin, "/products").await.expect(200).json();
    assert_eq!(
        (first["page"].as_i64(), first["per_page"].as_i64()),
        (Some(1), Some(20))
    );
    for (wrong, field) in [
        ("page=0", "page"),
        ("per_page=0", "per_page"),
        ("per_page=101", "per_page"),
        ("page=x", "page"),
        ("page=101&per_page=100", "page"),
        ("page=501", "page"),
        ("page=1&cursor=abc", "cursor"),
    ] {
        assert_eq!(
            app.get(&admin, &format!("/products?{wrong}"))
                .await
                .refused(422, "champs_invalides")
                .fields(),
            [field],
            "{wrong}"
        );
    }
    let far = app.get(&admin, "/products?page=501").await;
    assert!(far.text.contains("use the cursor"), "{}", far.text);
    app.get(&admin, "/products?page=500").await.expect(200);
}

#[tokio::test]
async fn a_total_is_exact_to_ten_thousand_then_stays_there() {
    let (app, admin, category) = shop().await;
    app.run(format!(
        "insert into products (nom, prix, taux_tva, category_id) select 'Article ' || n, n, 2000, {category} from generate_series(1, 10000) n"
    ))
    .await;
    let exact = app
        .get(&admin, "/products?per_page=100&page=100")
        .await
        .expect(200)
        .json();
    assert_eq!(
        (
            exact["total"].as_i64(),
            exact.get("total_plafonne"),
            exact["next_cursor"].is_null()
        ),
        (Some(10_000), None, true)
    );
    app.product(&admin, "Un de plus", 100, 0).await;
    let capped = app
        .get(&admin, "/products?per_page=100&page=100")
        .await
        .expect(200)
        .json();
    assert_eq!(
        (
            capped["total"].as_i64(),
            &capped["total_plafonne"],
            capped["pages"].as_i64()
        ),
        (Some(10_000), &json!(true), Some(100))
    );
    let cursor = capped["next_cursor"]
        .as_str()
        .expect("the rest is reached by cursor");
    let rest = app
        .get(&admin, &format!("/products?per_page=100&cursor={cursor}"))
        .await
        .expect(200)
        .json();
    assert_eq!(names(&rest), ["Un de plus"]);
}

#[tokio::test]
async fn a_walk_by_cursor_gives_the_whole_list_in_the_same_order() {
    let (app, admin, ..) = varied().await;
    for sort in [
        "nom",
        "-nom",
        "prix",
        "-prix",
        "created_at",
        "-created_at",
        "stock",
        "-stock",
    ] {
        let whole = found(&app, &admin, &format!("sort={sort}&prix_max=15")).await;
        let mut walked = Vec::new();
        let mut query = format!("sort={sort}&prix_max=15&per_page=1");
        loop {
            let page = app
                .get(&admin, &format!("/products?{query}"))
                .await
                .expect(200)
                .json();
            assert_eq!(
                page.get("total").is_some(),
                !query.contains("cursor"),
                "a cursor counts nothing"
            );
            assert_eq!(page.get("pages").is_some(), !query.contains("cursor"));
            walked.extend(names(&page).into_iter().map(str::to_owned));
            let Some(cursor) = page["next_cursor"].as_str() else {
                break;
            };
            query = format!("sort={sort}&prix_max=15&per_page=1&cursor={cursor}");
        }
        assert_eq!(walked, whole, "{sort}");
    }
}

#[tokio::test]
async fn a_cursor_is_good_for_its_own_list_alone() {
    let (app, admin, ..) = varied().await;
    let page = app
        .get(&admin, "/products?sort=prix&is_active=true&per_page=2")
        .await
        .expect(200)
        .json();
    let cursor = page["next_cursor"].as_str().expect("a cursor");
    app.get(
        &admin,
        &format!("/products?sort=prix&is_active=true&cursor={cursor}"),
    )
    .await
    .expect(200);
    for other in [
        "sort=-prix&is_active=true",
        "sort=nom&is_active=true",
        "sort=prix",
        "sort=prix&is_active=false",
        "sort=prix&is_active=true&search=e",
    ] {
        let answer = app
            .get(&admin, &format!("/products?{other}&cursor={cursor}"))
            .await
            .refused(422, "champs_invalides");
        assert_eq!(answer.fields(), ["cursor"], "{other}");
    }
    let forged = |text: &str| {
        base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, text)
    };
    let plain = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, cursor)
        .expect("base64");
    let mut inside: Value = serde_json::from_slice(&plain).expect("what a cursor holds");
    inside["v"] = json!("0 or true");
    for garbage in [
        "x".to_owned(),
        forged("{}"),
        forged(&inside.to_string()),
        cursor[1..].to_owned(),
    ] {
        let answer = app
            .get(
                &admin,
                &format!("/products?sort=prix&is_active=true&cursor={garbage}"),
            )
            .await;
        assert_eq!(
            answer.refused(422, "champs_invalides").fields(),
            ["cursor"],
            "{garbage}"
        );
    }
}

#[tokio::test]
async fn the_cost_is_seen_by_admin_and_controleur_alone() {
    let (app, admin, category) = shop().await;
    let body = json!({"nom": "Thé", "prix": 8, "prix_achat": "3.10", "category_id": category});
    let id = app
        .post(&admin, "/products", &body)
        .await
        .expect(201)
        .json()["id"]
        .clone();
    for role in Role::ALL {
        let token = app.token(role).await;
        let seen = matches!(role, Role::Admin | Role::Controleur);
        for path in [format!("/products/{id}"), "/products".to_owned()] {
            let answer = app.get(&token, &path).await.expect(200);
            assert_eq!(
                answer.text.contains("prix_achat"),
                seen,
                "{path} as {}",
                role.as_str()
            );
            assert_eq!(
                answer.text.contains("\"prix_achat\":3.10"),
                seen,
                "{path} as {}",
                role.as_str()
            );
        }
    }
}

#[tokio::test]
async fn the_example_of_the_reference_makes_a_product_with_its_entry() {
    let (app, admin, category) = shop().await;
    let body = json!({"nom": "Nouveau Produit", "prix": 15.99, "category_id": category, "stock_initial": 50});
    let answer = app.post(&admin, "/products", &body).await.expect(201);
    let product = answer.json();
    let id = product["id"].as_i64().expect("an id");
    assert_eq!(answer.header("location"), format!("/api/v1/products/{id}"));
    assert_eq!(answer.header("etag"), "\"1\"");
    assert!(answer.text.contains("\"prix\":15.99"), "{}", answer.text);
    assert_eq!(
        product["category"],
        json!({"id": category, "nom": "Épicerie"})
    );
    assert_eq!(
        (product["taux_tva"].as_f64(), &product["is_active"]),
        (Some(20.0), &json!(true)),
        "the shop's default rate"
    );
    let stock = json!({"quantite": 50, "quantite_reservee": 0, "quantite_disponible": 50, "seuil_alerte": 0, "statut": "ok"});
    assert_eq!(product["stock"], stock);
    assert_eq!(
        app.get(&admin, &format!("/products/{id}"))
            .await
            .expect(200)
            .json(),
        product,
        "read back as it was answered"
    );
    let movements: Vec<(String, i64, i64, i64)> =
        sqlx::query_as("select type, quantite, stock_avant, stock_apres from stock_movements where product_id = $1")
            .bind(id)
            .fetch_all(&app.db)
            .await
            .expect("movements");
    assert_eq!(movements, [("entree".to_owned(), 50, 0, 50)]);
    app.product(&admin, "Sans stock", 100, 0).await;
    let count: i64 = sqlx::query_scalar("select count(*) from stock_movements")
        .fetch_one(&app.db)
        .await
        .expect("count");
    assert_eq!(count, 1, "no stock, no entry");
    app.assert_sound().await;
}

#[tokio::test]
async fn money_keeps_its_digits_and_a_third_decimal_is_refused() {
    let (app, admin, category) = shop().await;
    for (sent, wire) in [
        ("15.9", "15.90"),
        ("15.90", "15.90"),
        ("\"15.90\"", "15.90"),
        ("\"15,9\"", "15.90"),
        ("15.990", "15.99"),
        ("0", "0.00"),
        ("0.07", "0.07"),
        ("1.1", "1.10"),
        ("9999999.99", "9999999.99"),
        ("4.35", "4.35"),
    ] {
        let body = format!("{{\"nom\": \"x\", \"category_id\": {category}, \"prix\": {sent}}}");
        let call = app
            .call(http::Method::POST, "/api/v1/products")
            .bearer(&admin)
            .body("application/json", &body);
        let answer = call.send().await.expect(201);
        assert!(
            answer.text.contains(&format!("\"prix\":{wire},")),
            "{sent} → {}",
            answer.text
        );
    }
    for wrong in [
        json!(15.999),
        json!("15.999"),
        json!(0.001),
        json!(-0.01),
        json!(10_000_000),
        json!("abc"),
        json!(true),
        json!(null),
        json!([1]),
    ] {
        let body = json!({"nom": "x", "category_id": category, "prix": wrong});
        assert_eq!(
            app.post(&admin, "/products", &body)
                .await
                .refused(422, "champs_invalides")
                .fields(),
            ["prix"],
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn a_reference_is_one_products_whatever_its_case() {
    let (app, admin, category) = shop().await;
    let body = |reference: &str| json!({"nom": "x", "prix": 1, "category_id": category, "reference": reference});
    app.post(&admin, "/products", &body("Ref-1"))
        .await
        .expect(201);
    app.post(&admin, "/products", &body(" rEF-1 "))
        .await
        .refused(409, "reference_deja_utilisee");
    app.post(&admin, "/products", &body("")).await.expect(201);
    app.post(&admin, "/products", &body("")).await.expect(201);
    app.run("update products set is_deleted = true, deleted_at = now(), deleted_by = 1 where reference is not null").await;
    app.post(&admin, "/products", &body("REF-1"))
        .await
        .expect(201);
}

#[tokio::test]
async fn limits_of_a_new_product_are_those_of_the_contract() {
    let (app, admin, category) = shop().await;
    let with = |name: &str, value: Value| {
        let mut body = json!({"nom": "x", "prix": 1, "category_id": category});
        body[name] = value;
        body
    };
    for (name, value) in [
        ("nom", json!("é".repeat(201))),
        ("nom", json!("  ")),
        ("nom", json!("a\u{7}b")),
        ("nom", json!("a\nb")),
        ("reference", json!("r".repeat(65))),
        ("description", json!("d".repeat(5_001))),
        ("taux_tva", json!(100.01)),
        ("taux_tva", json!(-1)),
        ("prix_achat", json!("1.001")),
        ("seuil_alerte", json!(-1)),
        ("stock_initial", json!(1_000_000_001_i64)),
        ("stock_initial", json!(1.5)),
        ("stock_initial", json!("5")),
        ("is_active", json!("true")),
        ("category_id", json!(999_999)),
        ("category_id", json!("1")),
    ] {
        let answer = app
            .post(&admin, "/products", &with(name, value.clone()))
            .await
            .refused(422, "champs_invalides");
        assert_eq!(answer.fields(), [name], "{name} = {value}");
    }
    for (name, value) in [
        ("nom", json!("é".repeat(200))),
        ("description", json!("a\nb")),
        ("taux_tva", json!("5,5")),
        ("stock_initial", json!(1_000_000_000)),
    ] {
        app.post(&admin, "/products", &with(name, value))
            .await
            .expect(201);
    }
    app.run(format!("update categories set is_deleted = true, deleted_at = now(), deleted_by = 1 where id = {category}")).await;
    let gone = app
        .post(&admin, "/products", &with("nom", json!("y")))
        .await
        .refused(422, "champs_invalides");
    assert_eq!(
        gone.fields(),
        ["category_id"],
        "a deleted category is unknown"
    );
}

#[tokio::test]
async fn a_deleted_product_is_nowhere() {
    let (app, admin, _) = shop().await;
    let id = app.product(&admin, "Thé", 800, 5).await;
    app.run("update products set is_deleted = true, deleted_at = now(), deleted_by = 1")
        .await;
    app.get(&admin, &format!("/products/{id}"))
        .await
        .refused(404, "introuvable");
    assert!(found(&app, &admin, "").await.is_empty());
}
