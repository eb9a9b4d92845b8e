//! Searching orders by the names that they carry (`order_names`): never other orders than those whose own text says so.

use std::time::Duration;

use serde_json::json;

use super::App;
use crate::auth::permission::Role;
use crate::server::seed::{SeedOptions, seed_until};
use crate::server::upkeep::sweep;
use crate::server::verify::verify;

async fn shop() -> (App, String) {
    let app = App::new().await;
    let now = "2026-06-12T14:00:00Z".parse().expect("an instant");
    seed_until(&app.db, &SeedOptions { orders: Some(250), random_seed: 7 }, now, |_| ()).await.expect("seed");
    let admin = app.token(Role::Admin).await;
    (app, admin)
}

async fn count(app: &App, sql: &str) -> i64 {
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql.to_owned())).fetch_one(&app.db).await.expect("a count")
}

/// How many the list says, after its rows were found to be as many.
async fn found(app: &App, admin: &str, search: &str) -> i64 {
    let search = search.replace(' ', "%20");
    let page = app.get(admin, &format!("/orders?search={search}&per_page=100")).await.expect(200).json();
    let total = page["total"].as_i64().expect("a total");
    assert_eq!(page["items"].as_array().map_or(0, Vec::len) as i64, total.min(100), "{search}");
    total
}

#[tokio::test]
async fn a_name_finds_the_orders_whose_own_text_says_it() {
    let (app, admin) = shop().await;
    let mut seen = 0;
    for search in
        ["rousseau", "MÉTAYER", "le", "camille", "elodie g", "nathalie ch", "hôtel rives", "s", "z", "xyz", "l%"]
    {
        let words = search.split(' ').map(|word| format!("and recherche like '%' || searchable('{word}') || '%'"));
        let sql = format!("select count(*) from orders where not is_deleted {}", words.collect::<String>());
        let plain = if search == "l%" { 0 } else { count(&app, &sql).await };
        assert_eq!(found(&app, &admin, search).await, plain, "{search}");
        seen += i32::from(plain > 0);
    }
    assert!(seen >= 6, "{seen} of them are somebody's");
}

#[tokio::test]
async fn a_changed_name_is_found_and_the_old_one_is_not() {
    let (app, admin) = shop().await;
    let product = app.product(&admin, "Miel", 800, 5).await;
    let order = app.order(&admin, &[(product, 1)]).await;
    let path = format!("/orders/{}", order["id"]);
    app.put(&admin, &path, &json!({"client_nom": "Zébulon Xérès"})).await.expect(200);
    assert_eq!(found(&app, &admin, "zebulon xeres").await, 1);
    app.put(&admin, &path, &json!({"client_nom": "Yvonne Quiqueboeuf"})).await.expect(200);
    assert_eq!((found(&app, &admin, "zebulon").await, found(&app, &admin, "quiqueb").await), (0, 1));
    app.put(&admin, &path, &json!({"client_telephone": "+33 6 55 44 33 22"})).await.expect(200);
    assert_eq!((found(&app, &admin, "06 55 44").await, found(&app, &admin, "yvonne").await), (1, 1));
    app.delete(&admin, &path).await.expect(204);
    assert_eq!(found(&app, &admin, "yvonne").await, 0);
    // What a deleted order carries is kept for its return, what nobody carries is thrown away.
    let named = async |name: &str| {
        count(&app, &format!("select count(*) from order_names where recherche like '{name}%'")).await
    };
    assert_eq!((named("zebulon").await, named("yvonne").await), (1, 2));
    sweep(&app.db).await.expect("a round");
    assert_eq!((named("zebulon").await, named("yvonne").await), (0, 1));
    app.post(&admin, &format!("{path}/restore"), &json!({})).await.expect(200);
    assert_eq!(found(&app, &admin, "yvonne").await, 1);
    assert!(verify(&app.db).await.expect("verify").is_clean());
}

#[tokio::test]
async fn a_search_that_means_very_many_names_finds_the_same() {
    let (app, admin) = shop().await;
    let before = (found(&app, &admin, "rousseau").await, found(&app, &admin, "le").await);
    assert!(before.0 > 0 && before.1 > before.0);
    app.run("insert into order_names (recherche) select 'le rousseau ' || n from generate_series(1, 1500) n").await;
    assert_eq!((found(&app, &admin, "rousseau").await, found(&app, &admin, "le").await), before);
}

#[tokio::test]
async fn orders_that_begin_at_once_with_the_same_new_name_do_not_wait_for_each_other() {
    let (app, admin) = shop().await;
    let enter =
        "insert into orders (numero, client_id, client_nom) values (next_order_numero(), 1, 'Ysoline Quatremère')";
    let (mut one, mut other) = (app.as_system().await, app.as_system().await);
    for tx in [&mut one, &mut other] {
        sqlx::raw_sql("set local lock_timeout = '2s'").execute(&mut **tx).await.expect("a limit");
        sqlx::raw_sql(enter).execute(&mut **tx).await.expect("entered without waiting");
    }
    one.commit().await.expect("commit");
    other.commit().await.expect("commit");
    app.run(enter).await;
    assert_eq!(found(&app, &admin, "ysoline").await, 3);
}

#[tokio::test]
async fn a_name_that_an_order_is_about_to_carry_is_not_thrown_away() {
    let (app, admin) = shop().await;
    app.run("insert into order_names (recherche) values ('ysoline quatremere ')").await;
    let mut tx = app.as_system().await;
    sqlx::raw_sql(
        "insert into orders (numero, client_id, client_nom) values (next_order_numero(), 1, 'Ysoline Quatremère')",
    )
    .execute(&mut *tx)
    .await
    .expect("an order");
    let db = app.db.clone();
    let round = tokio::spawn(async move { sweep(&db).await });
    let waits = "select count(*) from pg_stat_activity
                 where datname = current_database() and wait_event_type = 'Lock' and query like '%order_names%'";
    while count(&app, waits).await == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    tx.commit().await.expect("commit");
    round.await.expect("joined").expect("a round");
    assert_eq!(found(&app, &admin, "ysoline").await, 1);
    assert!(verify(&app.db).await.expect("verify").is_clean());
}

#[tokio::test]
async fn numbers_stored_by_an_older_rule_are_computed_anew() {
    let (app, admin) = shop().await;
    // As it was until then: the bracketed zero counted.
    app.run(
        "create or replace function normalised_phone(txt text) returns text language sql immutable strict parallel safe
         return nullif(regexp_replace(regexp_replace(regexp_replace(txt, '[^0-9+]', '', 'g'), '^(\\+|00)33', '0'),
                                      '[^0-9]', '', 'g'), '')",
    )
    .await;
    let body = json!({"client_nom": "Zoé Ubald", "client_telephone": "+33 (0)6 55 44 33 22", "items": []});
    let order = app.post(&admin, "/orders", &body).await.expect(201).json();
    let stored =
        "select count(*) from clients join orders o on o.client_id = clients.id join order_names n on n.id = o.name_id
                  where telephone_norm = '0655443322' and n.recherche like '% 0655443322'";
    assert_eq!(count(&app, stored).await, 0);
    let told = "select count(*) from history where table_name = 'clients'";
    let history = count(&app, told).await;

    sqlx::raw_sql(include_str!("../../migrations/0046_phones_from_abroad.sql"))
        .execute(&app.db)
        .await
        .expect("migrated");
    assert_eq!(count(&app, stored).await, 1);
    let same = json!({"client_nom": "Z. Ubald", "client_telephone": "06.55.44.33.22", "items": []});
    let again = app.post(&admin, "/orders", &same).await.expect(201).json();
    assert_eq!(again["client_id"], order["client_id"], "one number, one client");
    let now = app.get(&admin, &format!("/orders/{}", order["id"])).await.expect(200).json();
    assert_eq!((&now["version"], &now["updated_at"]), (&order["version"], &order["updated_at"]), "nothing was changed");
    assert_eq!(count(&app, told).await, history);
    let report = verify(&app.db).await.expect("verify");
    assert!(report.is_clean(), "{report:?}");
}
