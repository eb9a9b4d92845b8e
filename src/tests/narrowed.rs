//! Narrowed lists: what a page counts, its tabs, its sum and the whole list are found in different ways, and agree.

use serde_json::{Value, json};

use super::App;
use super::browser::signed_in;
use super::exports::rows;
use super::orders_sets::call;
use crate::auth::permission::Role;
use crate::server::seed::{SeedOptions, seed_until};

/// A shop of a few months, where some drafts were deleted.
async fn shop() -> (App, String, String) {
    let app = App::new().await;
    let now = "2026-06-12T14:00:00Z".parse().expect("an instant");
    seed_until(&app.db, &SeedOptions { orders: Some(250), random_seed: 11 }, now, |_| ()).await.expect("seed");
    let admin = app.token(Role::Admin).await;
    let drafts = app.get(&admin, "/orders?statut=brouillon&statut=annulee&per_page=10").await.expect(200).json();
    for draft in drafts["items"].as_array().expect("drafts") {
        app.delete(&admin, &format!("/orders/{}", draft["id"])).await.expect(204);
    }
    let (_, cookie) = signed_in(&app, Role::Admin).await;
    (app, admin, cookie)
}

fn pairs(query: &str) -> Value {
    json!(query.split('&').map(|pair| pair.split_once('=').expect("a pair")).collect::<Vec<_>>())
}

#[tokio::test]
async fn the_count_the_tabs_the_sum_and_the_whole_list_agree() {
    let (app, admin, cookie) = shop().await;
    let mut seen = 0;
    for query in [
        "product_id=3",
        "product_id=3&statut=livree",
        "product_id=3&start_date=2026-01-01&end_date=2026-05-31&date_champ=confirmed_at",
        "category_id=1&start_date=2026-03-01&end_date=2026-06-30",
        "search=an",
        "search=a&product_id=5",
        "search=cmd",
        "client_id=2",
        "livreur_id=none",
        "livraison=probleme",
        "start_date=2026-05-01&end_date=2026-05-31&date_champ=delivered_at",
        "start_date=2026-05-01&date_champ=date_livraison_prevue",
    ] {
        let page = app.get(&admin, &format!("/orders?{query}&per_page=1")).await.expect(200).json();
        let total = page["total"].as_i64().expect("a total");
        let whole = rows(&app.get(&admin, &format!("/orders?{query}&format=csv")).await.expect(200)).len() as i64 - 1;
        assert_eq!(total, whole, "{query}");
        let ask = json!({"query": pairs(query)});
        let tabs = call(&app, "count_orders", &cookie, &ask).await.expect(200).json();
        let of = |tab: &Value| tab[1].as_i64().expect("a count");
        let wanted = |tab: &Value| !query.contains("statut=") || query.contains(tab[0].as_str().expect("a status"));
        let tabs = tabs["counts"].as_array().expect("tabs").iter().filter(|tab| wanted(tab)).map(of).sum::<i64>();
        assert_eq!(total, tabs, "{query}");
        let sum = call(&app, "sum_orders", &cookie, &ask).await.expect(200).json();
        let summed = sum["nombre"].as_i64().zip(sum["non_comptees"].as_i64()).expect("a sum");
        assert_eq!(total, summed.0 + summed.1, "{query}");
        seen += i32::from(total > 1);
    }
    assert!(seen >= 10, "{seen} of the lists have something in them");
}

#[tokio::test]
async fn every_quantity_of_the_dashboard_opens_a_list_that_tells_it() {
    let (app, admin, cookie) = shop().await;
    let partial = "select count(*) from order_items i join orders o on o.id = i.order_id
                   where o.statut = 'livree' and not o.is_deleted and i.quantite_livree < i.quantity";
    let partial: i64 = sqlx::query_scalar(partial).fetch_one(&app.db).await.expect("lines");
    assert!(partial > 0, "not all was handed over");

    let period = "start_date=2025-06-01&end_date=2026-06-12";
    let figures = async |what: &str| app.get(&admin, &format!("/dashboard/{what}{period}")).await.expect(200).json();
    let told = async |period: &str, more: &str| {
        let ask = json!({"query": pairs(&format!("date_champ=confirmed_at&{period}{more}"))});
        call(&app, "sum_orders", &cookie, &ask).await.expect(200).json()
    };
    let both = |sum: &Value| (sum["montant_lignes"].clone(), sum["articles"].clone());
    let sold = |item: &Value| (item["chiffre_affaires"].clone(), item["quantite"].clone());

    let days = figures("ventes-par-jour?").await;
    let mut units = 0;
    for day in days["items"].as_array().expect("days").iter().filter(|day| day["nombre_commandes"] != 0) {
        let date = day["date"].as_str().expect("a day");
        let sum = told(&format!("start_date={date}&end_date={date}"), "").await;
        assert_eq!((&sum["montant"], &sum["articles"]), (&day["chiffre_affaires"], &day["articles_vendus"]), "{date}");
        units += day["articles_vendus"].as_i64().expect("a number");
    }
    assert_eq!(told(period, "").await["articles"].as_i64(), Some(units));

    let best = figures("ventes-par-article?limit=3&").await;
    let mut others = String::new();
    for item in best["items"].as_array().expect("articles") {
        assert_eq!(both(&told(period, &format!("&product_id={}", item["product_id"])).await), sold(item), "{item}");
        others.push_str(&format!("&hors_product_id={}", item["product_id"]));
    }
    assert_eq!(both(&told(period, &others).await), sold(&best["autres"]));

    let categories = figures("ventes-par-categorie?").await;
    let categories = categories["items"].as_array().expect("categories");
    for item in categories {
        assert_eq!(both(&told(period, &format!("&category_id={}", item["category_id"])).await), sold(item), "{item}");
    }
    let rest = told(period, &format!("&hors_category_id={}", categories[0]["category_id"])).await;
    assert_eq!(rest["articles"].as_i64(), categories[0]["quantite"].as_i64().map(|first| units - first));
    assert!(units > 0 && categories.len() > 1);
}

#[tokio::test]
async fn movements_are_found_by_product_reason_and_order() {
    let (app, admin, _) = shop().await;
    let all = app.get(&admin, "/stocks/movements").await.expect(200).json();
    for text in ["miel", "reassort", "annulee", "cmd-2026", "an", "aucun mouvement"] {
        let path = format!("/stocks/movements?search={}", text.replace(' ', "%20"));
        let total = app.get(&admin, &path).await.expect(200).json()["total"].as_i64().expect("a total");
        let whole = rows(&app.get(&admin, &format!("{path}&format=csv")).await.expect(200)).len() as i64 - 1;
        assert_eq!(total, whole, "{text}");
        assert!(total < all["total"].as_i64().expect("a total"), "{text} narrows");
        assert_eq!(total > 0, text != "aucun mouvement", "{text}");
    }
}

#[tokio::test]
async fn deleted_rows_stand_among_the_living_where_the_sort_puts_them() {
    let (app, admin, _) = shop().await;
    let numeros = |page: &Value| -> Vec<String> {
        let items = page["items"].as_array().expect("items");
        items.iter().map(|o| o["numero"].as_str().expect("a number").to_owned()).collect()
    };
    for query in ["sort=-created_at", "sort=total", "sort=-date_livraison_prevue", "sort=numero&search=an"] {
        let query = format!("{query}&include_deleted=true");
        // The whole list is one statement, sorted as it is; the pages are put together.
        let whole = rows(&app.get(&admin, &format!("/orders?{query}&format=csv")).await.expect(200));
        let whole: Vec<_> = whole[1..].iter().map(|row| row[0].clone()).collect();
        let (mut paged, mut walked) = (Vec::new(), Vec::new());
        for number in 1.. {
            let page = app.get(&admin, &format!("/orders?{query}&per_page=40&page={number}")).await.expect(200).json();
            assert_eq!(page["total"].as_u64(), Some(whole.len() as u64), "{query}");
            paged.extend(numeros(&page));
            if page["next_cursor"].is_null() {
                break;
            }
        }
        let mut cursor = String::new();
        loop {
            let page = app.get(&admin, &format!("/orders?{query}&per_page=7{cursor}")).await.expect(200).json();
            walked.extend(numeros(&page));
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(paged, whole, "{query}");
        assert_eq!(walked, whole, "{query}");
        let living = app.get(&admin, &format!("/orders?{}", query.replace("include_deleted=true", ""))).await;
        let living = living.expect(200).json()["total"].as_u64();
        assert!(living < Some(whole.len() as u64), "some are deleted: {query}");
    }
}
