//! Imports beside sales and each other, with real concurrency on a real database.

use std::sync::Arc;

use serde_json::json;

use super::App;
use super::imports::{import, stocked};

async fn tea(app: &App) -> i64 {
    sqlx::query_scalar("select id from products where reference = 'T-1'").fetch_one(&app.db).await.expect("tea")
}

/// Both write prices and stocks of one product; whatever the order in which they come, nothing is lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_import_beside_sales_loses_nothing() {
    let (app, admin) = stocked().await;
    let app = Arc::new(app);
    let tea = tea(&app).await;
    app.post(&admin, "/stocks/entry", &json!({"product_id": tea, "quantite": 988})).await.expect(201);
    let mut racing = tokio::task::JoinSet::new();
    for n in 0..40_i64 {
        let (app, admin) = (app.clone(), admin.clone());
        racing.spawn(async move {
            if n % 4 == 0 {
                // A count of what is there: between 1000 and 1009, and another price each time.
                let file = format!("reference;prix;stock\nC-1;{n};{n}\nT-1;9,{:02};{}\n", n, 1000 + n / 4);
                return import(&app, &admin, &file).await.status.as_u16();
            }
            let body = json!({"client_nom": format!("Client {n}"), "confirmer": true,
                              "items": [{"product_id": tea, "quantity": 3}]});
            app.post(&admin, "/orders", &body).await.status.as_u16()
        });
    }
    while let Some(status) = racing.join_next().await {
        assert_eq!(status.expect("a task"), 201);
    }
    let (on_shelf, reserved) = app.stock(tea).await;
    assert_eq!(reserved, 30 * 3, "no import took a reservation away");
    let last: i64 = sqlx::query_scalar(
        "select (apres ->> 'stock')::bigint from import_lines
         where product_id = $1 and apres ? 'stock' order by import_id desc limit 1",
    )
    .bind(tea)
    .fetch_one(&app.db)
    .await
    .expect("an import");
    assert!((1000..1010).contains(&on_shelf) && (1000..1010).contains(&last), "{on_shelf}, {last}");
    app.assert_sound().await;
}

/// What is on the shelf cannot be counted below what is promised, nor promised beyond what was counted.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_count_and_a_sale_of_the_last_units_never_both_win() {
    for _ in 0..5 {
        let (app, admin) = stocked().await;
        let app = Arc::new(app);
        let tea = tea(&app).await;
        let order = app.order(&admin, &[(tea, 12)]).await["id"].clone();
        let sale = {
            let (app, admin) = (app.clone(), admin.clone());
            tokio::spawn(async move { app.post(&admin, &format!("/orders/{order}/confirm"), &json!({})).await })
        };
        let count = {
            let (app, admin) = (app.clone(), admin.clone());
            tokio::spawn(async move { import(&app, &admin, "reference;stock\nT-1;4\n").await })
        };
        let (sale, count) = (sale.await.expect("a task"), count.await.expect("a task"));
        match (sale.status.as_u16(), count.status.as_u16()) {
            (200, 422) => assert_eq!(app.stock(tea).await, (12, 12)),
            (409, 201) => assert_eq!(app.stock(tea).await, (4, 0)),
            both => panic!("{both:?}"),
        }
        app.assert_sound().await;
    }
}

/// Two files of the same products in opposite order, and an undo beside a sale.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn imports_beside_imports_never_block_each_other_for_good() {
    let (app, admin) = stocked().await;
    let app = Arc::new(app);
    let mut racing = tokio::task::JoinSet::new();
    for n in 1..=12 {
        let (app, admin) = (app.clone(), admin.clone());
        racing.spawn(async move {
            let (tea, coffee) = (format!("T-1;{n};{n}"), format!("C-1;{n};{n}"));
            let lines = if n % 2 == 0 { [tea, coffee] } else { [coffee, tea] };
            let file = format!("reference;prix;stock\n{}\n", lines.join("\n"));
            import(&app, &admin, &file).await.expect(201).json()
        });
    }
    let mut imports: Vec<_> = racing.join_all().await;
    imports.sort_by_key(|import| import["id"].as_i64());
    let last = imports.pop().expect("imports");
    let tea = tea(&app).await;
    let sale = {
        let (app, admin) = (app.clone(), admin.clone());
        let body = json!({"client_nom": "Anne", "confirmer": true, "items": [{"product_id": tea, "quantity": 1}]});
        tokio::spawn(async move { app.post(&admin, "/orders", &body).await })
    };
    let undo = app.post(&admin, &format!("/imports/{}/undo", last["id"]), &json!({})).await;
    sale.await.expect("a task").expect(201);
    assert!(matches!(undo.status.as_u16(), 200 | 409), "{}", undo.text);
    app.assert_sound().await;
}
