//! /api/v1/dashboard, route by route: each says what the summary says, and its list is what it counts.

use serde_json::{Value, json};

use super::dashboard_shop::{Placed, Shop, cents};

const PERIOD: &str = "?start_date=2026-03-10&end_date=2026-03-12";

async fn shop() -> Shop {
    let shop = Shop::with(&[1590, 450, 333]).await;
    for order in [
        Placed::sold("confirmee", "2026-03-10 09:00+00", &[(0, 2, 0), (1, 1, 0)]),
        Placed::sold("livree", "2026-03-11 12:00+00", &[(0, 4, 3), (2, 2, 2)]),
        Placed::sold("en_livraison", "2026-03-12 08:00+00", &[(2, 5, 0)]),
        Placed::sold("confirmee", "2026-03-13 08:00+00", &[(1, 9, 0)]),
        Placed {
            statut: "annulee",
            confirmed_at: Some("2026-03-11 09:00+00"),
            created_at: "2026-03-11 09:00+00",
            lines: &[(0, 50, 0)],
        },
    ] {
        shop.place(&order).await;
    }
    shop
}

async fn get(shop: &Shop, path: &str) -> Value {
    shop.app.get(&shop.admin, &format!("/dashboard/{path}")).await.expect(200).json()
}

#[tokio::test]
async fn each_route_says_what_the_summary_says() {
    let shop = shop().await;
    let summary = get(&shop, &format!("summary{PERIOD}")).await;
    for (path, name) in [
        ("chiffre-affaires", "chiffre_affaires"),
        ("ventes-par-jour", "ventes_par_jour"),
        ("commandes", "commandes"),
        ("ventes-par-article", "ventes_par_article"),
        ("ventes-par-categorie", "ventes_par_categorie"),
        ("etat-stocks", "etat_stocks"),
        ("panier-moyen", "panier_moyen"),
    ] {
        let answer = get(&shop, &format!("{path}{PERIOD}")).await;
        assert_eq!(answer, summary[name], "{path}");
        for member in ["start_date", "end_date", "devise"] {
            assert_eq!(answer[member], summary[member], "{path}");
        }
    }
}

#[tokio::test]
async fn the_sold_orders_are_those_that_the_turnover_counts() {
    let shop = shop().await;
    let turnover = get(&shop, &format!("chiffre-affaires{PERIOD}")).await;
    let details = get(&shop, &format!("commandes-details{PERIOD}")).await;
    assert_eq!((&details["start_date"], &details["devise"]), (&json!("2026-03-10"), &json!("EUR")));
    assert_eq!((&details["total"], details["per_page"].as_i64()), (&turnover["nombre_commandes"], Some(20)));
    let orders = details["items"].as_array().expect("orders");
    let amount = |order: &Value| match order["total_livre"].is_null() {
        true => cents(&order["total"]),
        false => cents(&order["total_livre"]),
    };
    assert_eq!(orders.iter().map(amount).sum::<i64>(), cents(&turnover["chiffre_affaires"]));
    assert!(orders.iter().all(|order| !order["items"].as_array().expect("lines").is_empty()), "with their lines");
    assert_eq!(orders[0]["statut"], "en_livraison", "the last sold first");
    let delivered = get(&shop, &format!("commandes-details{PERIOD}&statut=livree&statut=confirmee&sort=total")).await;
    assert_eq!(delivered["total"], 2);
    let page = get(&shop, &format!("commandes-details{PERIOD}&per_page=2")).await;
    let next = page["next_cursor"].as_str().expect("a cursor");
    let rest = get(&shop, &format!("commandes-details{PERIOD}&per_page=2&cursor={next}")).await;
    assert_eq!(rest["items"].as_array().map(Vec::len), Some(1));
    for wrong in ["statut=annulee", "statut=brouillon", "limit=3", "start_date=2026-02-30"] {
        let refused = shop.app.get(&shop.admin, &format!("/dashboard/commandes-details?{wrong}")).await;
        refused.refused(422, "champs_invalides");
    }
}

#[tokio::test]
async fn the_best_products_are_as_many_as_asked_for_and_the_rest_adds_up() {
    let shop = shop().await;
    let one = get(&shop, &format!("ventes-par-article{PERIOD}&limit=1")).await;
    let all = get(&shop, &format!("ventes-par-article{PERIOD}")).await;
    let sum = |answer: &Value| {
        let items = answer["items"].as_array().expect("items").iter();
        items.map(|item| cents(&item["chiffre_affaires"])).sum::<i64>() + cents(&answer["autres"]["chiffre_affaires"])
    };
    assert_eq!((one["items"].as_array().map(Vec::len), all["items"].as_array().map(Vec::len)), (Some(1), Some(3)));
    assert_eq!(sum(&one), sum(&all));
    for wrong in ["limit=0", "limit=101", "limit=x", "page=2"] {
        let refused = shop.app.get(&shop.admin, &format!("/dashboard/ventes-par-article?{wrong}")).await;
        refused.refused(422, "champs_invalides");
    }
}

#[tokio::test]
async fn nonsense_periods_are_refused_everywhere() {
    let shop = Shop::with(&[]).await;
    for path in [
        "summary",
        "chiffre-affaires",
        "ventes-par-jour",
        "commandes",
        "commandes-details",
        "ventes-par-article",
        "ventes-par-categorie",
        "etat-stocks",
        "panier-moyen",
    ] {
        for wrong in
            ["start_date=2026-02-02&end_date=2026-02-01", "end_date=2026-02-30", "start_date=2000-01-01", "jour=1"]
        {
            let refused = shop.app.get(&shop.admin, &format!("/dashboard/{path}?{wrong}")).await;
            refused.refused(422, "champs_invalides");
        }
        let empty = get(&shop, &format!("{path}?end_date=2026-02-28")).await;
        assert_eq!((&empty["start_date"], &empty["end_date"]), (&json!("2026-01-30"), &json!("2026-02-28")), "{path}");
    }
}
