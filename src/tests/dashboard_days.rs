//! The days of the dashboard: where they begin, which ones are asked for, when an order leaves its own.

use std::time::Instant;

use serde_json::json;

use super::App;
use super::dashboard_shop::{Placed, Shop, cents};
use crate::auth::permission::Role;
use crate::dashboard::rollups;

#[tokio::test]
async fn business_days_are_those_of_the_clocks_in_paris() {
    let shop = Shop::with(&[100]).await;
    // 29 March has 23 hours, 25 October has 25.
    let instants = [
        ("2026-03-28 22:59:59.999999+00", "2026-03-28"),
        ("2026-03-28 23:00:00+00", "2026-03-29"),
        ("2026-03-29 00:59:59+00", "2026-03-29"),
        ("2026-03-29 01:00:00+00", "2026-03-29"),
        ("2026-03-29 21:59:59.999999+00", "2026-03-29"),
        ("2026-03-29 22:00:00+00", "2026-03-30"),
        ("2026-10-24 21:59:59+00", "2026-10-24"),
        ("2026-10-24 22:00:00+00", "2026-10-25"),
        ("2026-10-25 00:30:00+00", "2026-10-25"),
        ("2026-10-25 01:30:00+00", "2026-10-25"),
        ("2026-10-25 22:59:59.999999+00", "2026-10-25"),
        ("2026-10-25 23:00:00+00", "2026-10-26"),
    ];
    for (at, _) in instants {
        shop.place(&Placed::sold("confirmee", at, &[(0, 1, 0)])).await;
    }
    let year = shop.summary("?start_date=2026-01-01&end_date=2026-12-31").await;
    assert_eq!(year["ventes_par_jour"]["items"].as_array().map(Vec::len), Some(365));
    for day in ["2026-03-28", "2026-03-29", "2026-03-30", "2026-10-24", "2026-10-25", "2026-10-26"] {
        let expected = instants.iter().filter(|(_, on)| *on == day).count();
        let alone = shop.summary(&format!("?start_date={day}&end_date={day}")).await;
        assert_eq!(alone["chiffre_affaires"]["nombre_commandes"], expected, "{day}");
        assert_eq!(alone["commandes"]["total"], expected, "{day}");
        let days = year["ventes_par_jour"]["items"].as_array().expect("days");
        let found = days.iter().find(|item| item["date"] == day).expect("the day");
        assert_eq!(found["nombre_commandes"], expected, "{day}");
    }
}

#[tokio::test]
async fn a_period_fills_in_what_is_absent() {
    let shop = Shop::with(&[100]).await;
    let (today, month, week): (chrono::NaiveDate, chrono::NaiveDate, chrono::NaiveDate) =
        sqlx::query_as("select business_day(now()), business_day(now()) - 29, business_day(now()) - 6")
            .fetch_one(&shop.app.db)
            .await
            .expect("days");
    let period = async |query: &str| {
        let summary = shop.summary(query).await;
        (
            summary["start_date"].as_str().expect("a day").to_owned(),
            summary["end_date"].as_str().expect("a day").to_owned(),
        )
    };
    assert_eq!(period("").await, (month.to_string(), today.to_string()), "the last 30 days");
    assert_eq!(period(&format!("?start_date={week}")).await, (week.to_string(), today.to_string()), "until today");
    assert_eq!(
        period("?end_date=2026-03-30").await,
        ("2026-03-01".into(), "2026-03-30".into()),
        "the 30 days up to it"
    );
    let long = shop.summary("?start_date=2016-01-01&end_date=2026-01-07").await;
    assert_eq!(long["ventes_par_jour"]["items"].as_array().map(Vec::len), Some(3_660));
}

#[tokio::test]
async fn periods_that_make_no_sense_are_refused() {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    for query in [
        "start_date=2026-03-02&end_date=2026-03-01",
        "start_date=2026-02-29",
        "end_date=2026-13-01",
        "start_date=2026-3-1",
        "start_date=01/03/2026",
        "start_date=1999-12-31&end_date=2000-01-02",
        "end_date=2101-01-01",
        "start_date=2016-01-01&end_date=2026-01-08",
        "start_date=2026-03-01&start_date=2026-03-02",
        "start_date=2099-01-01",
        "limit=5",
    ] {
        app.get(&admin, &format!("/dashboard/summary?{query}")).await.refused(422, "champs_invalides");
    }
    let livreur = app.token(Role::Livreur).await;
    app.get(&livreur, "/dashboard/summary?start_date=x").await.refused(403, "acces_refuse");
}

#[tokio::test]
async fn without_a_before_there_is_no_change_to_tell() {
    let shop = Shop::with(&[100]).await;
    let nothing = shop.summary("").await;
    assert!(nothing["chiffre_affaires"]["evolution_pct"].is_null());
    assert_eq!(
        (cents(&nothing["panier_moyen"]["panier_moyen"]), nothing["panier_moyen"]["articles_par_commande"].as_f64()),
        (0, Some(0.0))
    );
    assert_eq!(
        nothing["ventes_par_article"]["autres"],
        json!({"quantite": 0, "chiffre_affaires": 0.0, "part_pct": 0.0})
    );
    shop.place(&Placed::sold("confirmee", "2026-03-10 09:00+00", &[(0, 3, 0)])).await;
    let first = shop.summary("?start_date=2026-03-10&end_date=2026-03-10").await;
    assert!(first["chiffre_affaires"]["evolution_pct"].is_null());
    let after = shop.summary("?start_date=2026-03-11&end_date=2026-03-11").await;
    assert_eq!(after["chiffre_affaires"]["evolution_pct"].as_f64(), Some(-100.0));
}

#[tokio::test]
async fn an_order_counts_at_once_and_leaves_its_day_when_it_is_cancelled() {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    let product = app.product(&admin, "Miel", 800, 10).await;
    let order = app.order(&admin, &[(product, 2)]).await["id"].clone();
    let sold = async || {
        let summary = app.get(&admin, "/dashboard/summary").await.expect(200).json();
        (
            cents(&summary["chiffre_affaires"]["chiffre_affaires"]),
            summary["chiffre_affaires"]["nombre_commandes"].as_i64(),
        )
    };
    assert_eq!(sold().await, (0, Some(0)), "a draft is not sold");
    app.post(&admin, &format!("/orders/{order}/confirm"), &json!({})).await.expect(200);
    assert_eq!(sold().await, (1600, Some(1)));
    app.post(&admin, &format!("/orders/{order}/cancel"), &json!({})).await.expect(200);
    assert_eq!(sold().await, (0, Some(0)));
}

#[tokio::test]
async fn a_shop_that_is_always_written_to_is_compared_too() {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    let product = app.product(&admin, "Miel", 800, 10).await;
    let order = app.order(&admin, &[(product, 2)]).await["id"].clone();
    app.post(&admin, &format!("/orders/{order}/confirm"), &json!({})).await.expect(200);
    let is = async |what: &str| -> bool {
        sqlx::query_scalar(sqlx::AssertSqlSafe(format!("select {what}"))).fetch_one(&app.db).await.expect("a look")
    };
    let compared = "exists (select from rollup_state where concordance_le is not null)";
    assert!(is("exists (select from rollup_touched)").await && !is(compared).await);
    rollups::work(&app.db, &mut Instant::now()).await.expect("a turn");
    assert!(is(compared).await);
}
