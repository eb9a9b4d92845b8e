//! Pages and cursors, as every list has them, on the list of products.

use serde_json::{Value, json};

use super::products::{found, names, shop, varied};

#[tokio::test]
async fn pages_are_counted_and_bounded() {
    let (app, admin, ..) = varied().await;
    let page = app.get(&admin, "/products?per_page=4&page=2").await.expect(200).json();
    let figures = ["total", "page", "per_page", "pages"].map(|name| page[name].as_i64());
    assert_eq!((figures, names(&page).len()), ([Some(6), Some(2), Some(4), Some(2)], 2));
    assert!(page["next_cursor"].is_null() && page.get("total_plafonne").is_none());
    let beyond = app.get(&admin, "/products?per_page=4&page=3").await.expect(200).json();
    assert_eq!((beyond["total"].as_i64(), names(&beyond).len()), (Some(6), 0));
    let first = app.get(&admin, "/products").await.expect(200).json();
    assert_eq!((first["page"].as_i64(), first["per_page"].as_i64()), (Some(1), Some(20)));
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
            app.get(&admin, &format!("/products?{wrong}")).await.refused(422, "champs_invalides").fields(),
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
    let exact = app.get(&admin, "/products?per_page=100&page=100").await.expect(200).json();
    assert_eq!(
        (exact["total"].as_i64(), exact.get("total_plafonne"), exact["next_cursor"].is_null()),
        (Some(10_000), None, true)
    );
    app.product(&admin, "Un de plus", 100, 0).await;
    let capped = app.get(&admin, "/products?per_page=100&page=100").await.expect(200).json();
    assert_eq!(
        (capped["total"].as_i64(), &capped["total_plafonne"], capped["pages"].as_i64()),
        (Some(10_000), &json!(true), Some(100))
    );
    let cursor = capped["next_cursor"].as_str().expect("the rest is reached by cursor");
    let rest = app.get(&admin, &format!("/products?per_page=100&cursor={cursor}")).await.expect(200).json();
    assert_eq!(names(&rest), ["Un de plus"]);
}

#[tokio::test]
async fn a_walk_by_cursor_gives_the_whole_list_in_the_same_order() {
    let (app, admin, ..) = varied().await;
    for sort in ["nom", "-nom", "prix", "-prix", "created_at", "-created_at", "stock", "-stock"] {
        let whole = found(&app, &admin, &format!("sort={sort}&prix_max=15")).await;
        let mut walked = Vec::new();
        let mut query = format!("sort={sort}&prix_max=15&per_page=1");
        loop {
            let page = app.get(&admin, &format!("/products?{query}")).await.expect(200).json();
            assert_eq!(page.get("total").is_some(), !query.contains("cursor"), "a cursor counts nothing");
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
    let page = app.get(&admin, "/products?sort=prix&is_active=true&per_page=2").await.expect(200).json();
    let cursor = page["next_cursor"].as_str().expect("a cursor");
    app.get(&admin, &format!("/products?sort=prix&is_active=true&cursor={cursor}")).await.expect(200);
    for other in [
        "sort=-prix&is_active=true",
        "sort=nom&is_active=true",
        "sort=prix",
        "sort=prix&is_active=false",
        "sort=prix&is_active=true&search=e",
    ] {
        let answer =
            app.get(&admin, &format!("/products?{other}&cursor={cursor}")).await.refused(422, "champs_invalides");
        assert_eq!(answer.fields(), ["cursor"], "{other}");
    }
    let forged = |text: &str| base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, text);
    let plain = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, cursor).expect("base64");
    let mut inside: Value = serde_json::from_slice(&plain).expect("what a cursor holds");
    inside["v"] = json!("0 or true");
    for garbage in ["x".to_owned(), forged("{}"), forged(&inside.to_string()), cursor[1..].to_owned()] {
        let answer = app.get(&admin, &format!("/products?sort=prix&is_active=true&cursor={garbage}")).await;
        assert_eq!(answer.refused(422, "champs_invalides").fields(), ["cursor"], "{garbage}");
    }
}
