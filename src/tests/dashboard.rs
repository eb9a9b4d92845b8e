//! /api/v1/dashboard

use serde_json::{Value, json};

use super::dashboard_shop::{Placed, Shop, cents};

fn sum(items: &Value, name: &str) -> i64 {
    items.as_array().expect("items").iter().map(|item| cents(&item[name])).sum()
}

fn orders() -> Vec<Placed> {
    vec![
        Placed::sold("confirmee", "2026-03-10 09:00+00", &[(0, 2, 0), (1, 1, 0)]),
        Placed::sold("en_preparation", "2026-03-10 17:00+00", &[(2, 3, 0)]),
        Placed::sold("en_livraison", "2026-03-11 12:00+00", &[(3, 1, 0), (4, 5, 0), (5, 2, 0)]),
        // Handed over in part: what stayed in the van was not sold.
        Placed::sold("livree", "2026-03-12 08:00+00", &[(6, 4, 3), (7, 2, 0)]),
        Placed::sold("livree", "2026-03-12 08:30+00", &[(8, 1, 1), (9, 1, 1), (10, 1, 1), (11, 7, 7)]),
        Placed {
            statut: "annulee",
            confirmed_at: Some("2026-03-12 09:00+00"),
            created_at: "2026-03-12 09:00+00",
            lines: &[(0, 50, 0)],
        },
        Placed { statut: "brouillon", confirmed_at: None, created_at: "2026-03-11 09:00+00", lines: &[(1, 40, 0)] },
        // The days before, and the days after.
        Placed::sold("livree", "2026-03-08 09:00+00", &[(0, 3, 2)]),
        Placed::sold("confirmee", "2026-03-07 09:00+00", &[(5, 1, 0)]),
        Placed::sold("confirmee", "2026-03-13 09:00+00", &[(5, 90, 0)]),
        Placed::sold("confirmee", "2026-03-06 09:00+00", &[(5, 80, 0)]),
    ]
}

const DAYS: [&str; 3] = ["2026-03-10", "2026-03-11", "2026-03-12"];
const BEFORE: [&str; 3] = ["2026-03-07", "2026-03-08", "2026-03-09"];

#[tokio::test]
async fn every_figure_is_what_a_plain_recount_gives() {
    let shop = Shop::with(&[1590, 450, 333, 1999, 7, 1250, 890, 4500, 105, 240, 999, 3333]).await;
    let orders = orders();
    for order in &orders {
        shop.place(order).await;
    }
    let amount = |order: &Placed| order.units().iter().map(|(p, n)| shop.products[*p].1 * n).sum::<i64>();
    let units = |order: &Placed| order.units().iter().map(|(_, n)| n).sum::<i64>();
    let within = |days: &[&str]| orders.iter().filter(|order| order.counts(days)).collect::<Vec<_>>();
    let (now, before) = (within(&DAYS), within(&BEFORE));
    let turnover = now.iter().map(|order| amount(order)).sum::<i64>();
    let turnover_before = before.iter().map(|order| amount(order)).sum::<i64>();
    let average = |amount: i64, count: i64| (2 * amount + count) / (2 * count);
    let one_decimal = |part: i64, whole: i64| (part as f64 * 1000.0 / whole as f64).round() / 10.0;

    let summary = shop.summary("?start_date=2026-03-10&end_date=2026-03-12").await;
    for name in [
        "chiffre_affaires",
        "ventes_par_jour",
        "commandes",
        "ventes_par_article",
        "ventes_par_categorie",
        "etat_stocks",
        "panier_moyen",
    ] {
        let part = &summary[name];
        assert_eq!(
            (&part["start_date"], &part["end_date"], &part["devise"]),
            (&json!("2026-03-10"), &json!("2026-03-12"), &json!("EUR")),
            "{name}"
        );
    }
    let ca = &summary["chiffre_affaires"];
    let delivered = now.iter().filter(|order| order.statut == "livree").map(|order| amount(order)).sum::<i64>();
    assert_eq!((cents(&ca["chiffre_affaires"]), cents(&ca["chiffre_affaires_livre"])), (turnover, delivered));
    assert_eq!(ca["nombre_commandes"], now.len());
    let previous = &ca["periode_precedente"];
    assert_eq!((&previous["start_date"], &previous["end_date"]), (&json!("2026-03-07"), &json!("2026-03-09")));
    assert_eq!(
        (cents(&previous["chiffre_affaires"]), previous["nombre_commandes"].as_u64()),
        (turnover_before, Some(before.len() as u64))
    );
    assert_eq!(ca["evolution_pct"].as_f64(), Some(one_decimal(turnover - turnover_before, turnover_before)));

    let basket = &summary["panier_moyen"];
    let count = now.len() as i64;
    assert_eq!(
        (cents(&basket["panier_moyen"]), basket["nombre_commandes"].as_i64()),
        (average(turnover, count), Some(count))
    );
    let all_units = now.iter().map(|order| units(order)).sum::<i64>();
    assert_eq!(
        basket["articles_par_commande"].as_f64(),
        Some((all_units as f64 * 100.0 / count as f64).round() / 100.0)
    );
    assert_eq!(cents(&basket["periode_precedente"]["panier_moyen"]), average(turnover_before, before.len() as i64));

    let days = summary["ventes_par_jour"]["items"].as_array().expect("days");
    assert_eq!(days.iter().map(|day| day["date"].as_str().expect("a day")).collect::<Vec<_>>(), DAYS);
    for day in days {
        let sold = within(&[day["date"].as_str().expect("a day")]);
        let expected = (
            sold.iter().map(|o| amount(o)).sum::<i64>(),
            sold.len() as i64,
            sold.iter().map(|o| units(o)).sum::<i64>(),
        );
        let told = (
            cents(&day["chiffre_affaires"]),
            day["nombre_commandes"].as_i64().expect("n"),
            day["articles_vendus"].as_i64().expect("n"),
        );
        assert_eq!(told, expected, "{day}");
    }
    let empty = shop.summary("?start_date=2026-03-09&end_date=2026-03-09").await;
    let nothing = json!([{"date": "2026-03-09", "chiffre_affaires": 0.0, "nombre_commandes": 0, "articles_vendus": 0}]);
    assert_eq!(empty["ventes_par_jour"]["items"], nothing, "a day without sales is there, with zeros");

    let mut by_product: Vec<(i64, i64, i64)> = (0..shop.products.len())
        .map(|p| {
            let sold =
                now.iter().flat_map(|order| order.units()).filter(|unit| unit.0 == p).map(|unit| unit.1).sum::<i64>();
            (sold * shop.products[p].1, shop.products[p].0, sold)
        })
        .collect();
    by_product.sort_by_key(|(amount, id, _)| (-amount, *id));
    let articles = &summary["ventes_par_article"];
    let items = articles["items"].as_array().expect("items");
    assert_eq!(items.len(), 10);
    for (item, (amount, id, sold)) in items.iter().zip(&by_product) {
        assert_eq!(
            (item["product_id"].as_i64(), item["quantite"].as_i64(), cents(&item["chiffre_affaires"])),
            (Some(*id), Some(*sold), *amount)
        );
        let (share, exact) = (item["part_pct"].as_f64().expect("a share"), *amount as f64 * 100.0 / turnover as f64);
        assert!((share - exact).abs() < 0.1, "{share} is not {exact}");
    }
    let others = &articles["autres"];
    let tenths = |shares: &[&Value]| {
        shares.iter().map(|of| (of["part_pct"].as_f64().expect("a share") * 10.0).round() as i64).sum::<i64>()
    };
    assert_eq!(tenths(&items.iter().chain([others]).collect::<Vec<_>>()), 1000, "the shares add up");
    let categories = summary["ventes_par_categorie"]["items"].as_array().expect("items");
    assert_eq!(tenths(&categories.iter().collect::<Vec<_>>()), 1000);
    assert_eq!(
        sum(&articles["items"], "chiffre_affaires") + cents(&others["chiffre_affaires"]),
        turnover,
        "it adds up"
    );
    let named: i64 = items.iter().map(|item| item["quantite"].as_i64().expect("n")).sum();
    assert_eq!(named + others["quantite"].as_i64().expect("n"), all_units);
    assert!(cents(&others["chiffre_affaires"]) > 0);

    let statuses = summary["commandes"]["items"].as_array().expect("items");
    assert_eq!(statuses.len(), 6, "all six, zeros included");
    for item in statuses {
        let created = |order: &&Placed| {
            order.statut == item["statut"] && DAYS.iter().any(|day| order.created_at.starts_with(day))
        };
        let ordered = |order: &Placed| order.lines.iter().map(|(p, n, _)| shop.products[*p].1 * n).sum::<i64>();
        let found: Vec<_> = orders.iter().filter(created).collect();
        assert_eq!(item["nombre"], found.len(), "{item}");
        assert_eq!(cents(&item["montant"]), found.iter().map(|order| ordered(order)).sum::<i64>(), "{item}");
    }
    assert_eq!(summary["commandes"]["total"], 7);

    let stocks = &summary["etat_stocks"];
    let value: i64 = shop.products.iter().enumerate().map(|(n, (_, price))| n as i64 * price).sum();
    assert_eq!((stocks["total_produits"].as_i64(), cents(&stocks["valeur_stock"])), (Some(12), value));
    assert_eq!((stocks["nombre_ruptures"].as_i64(), &stocks["ruptures"][0]["nom"]), (Some(1), &json!("Article 00")));
}

#[tokio::test]
async fn names_are_todays_and_categories_those_of_the_day() {
    let shop = Shop::with(&[1000, 500]).await;
    shop.place(&Placed::sold("confirmee", "2026-03-10 09:00+00", &[(0, 1, 0), (1, 1, 0)])).await;
    let cellar = shop.app.category("Cave").await;
    let moved = shop.products[0].0;
    shop.app
        .run(format!("update products set nom = 'Cuvée', category_id = {cellar}, prix = 9900 where id = {moved}"))
        .await;
    shop.app.run("update categories set nom = 'Comptoir' where nom = 'Épicerie'").await;
    shop.app.run("update stocks set seuil_alerte = 1").await;
    let summary = shop.summary("?start_date=2026-03-10&end_date=2026-03-10").await;
    assert_eq!(summary["ventes_par_article"]["items"][0]["nom"], "Cuvée");
    let categories = summary["ventes_par_categorie"]["items"].as_array().expect("items");
    assert_eq!(
        (categories.len(), &categories[0]["nom"], cents(&categories[0]["chiffre_affaires"])),
        (1, &json!("Comptoir"), 1500)
    );
    assert_eq!(categories[0]["part_pct"].as_f64(), Some(100.0));
    let stocks = &summary["etat_stocks"];
    assert_eq!((&stocks["nombre_alertes"], &stocks["alertes"][0]["nom"]), (&json!(1), &json!("Article 01")));
    shop.app
        .run(format!("update products set is_deleted = true, deleted_at = now(), deleted_by = 1 where id = {moved}"))
        .await;
    let summary = shop.summary("?start_date=2026-03-10&end_date=2026-03-10").await;
    assert_eq!(cents(&summary["chiffre_affaires"]["chiffre_affaires"]), 1500, "what was sold stays sold");
    assert_eq!(
        (&summary["etat_stocks"]["total_produits"], &summary["etat_stocks"]["nombre_ruptures"]),
        (&json!(1), &json!(0))
    );
}
