//! /api/v1/dashboard

use serde_json::{Value, json};

use super::App;
use crate::auth::permission::Role;

/// An order put where a test wants it: lines are `(product, ordered, delivered)`.
struct Placed {
    statut: &'static str,
    confirmed_at: Option<&'static str>,
    created_at: &'static str,
    lines: &'static [(usize, i64, i64)],
}

impl Placed {
    fn sold(
        statut: &'static str,
        confirmed_at: &'static str,
        lines: &'static [(usize, i64, i64)],
    ) -> Self {
        Self {
            statut,
            confirmed_at: Some(confirmed_at),
            created_at: confirmed_at,
            lines,
        }
    }

    fn units(&self) -> Vec<(usize, i64)> {
        self.lines
            .iter()
            .map(|(p, ordered, delivered)| {
                (
                    *p,
                    if self.statut == "livree" {
                        *delivered
                    } else {
                        *ordered
                    },
                )
            })
            .collect()
    }

    /// The definition of the contract, said again: sold, within days that all lie far from midnight.
    fn counts(&self, days: &[&str]) -> bool {
        ["confirmee", "en_preparation", "en_livraison", "livree"].contains(&self.statut)
            && self
                .confirmed_at
                .is_some_and(|at| days.iter().any(|day| at.starts_with(day)))
    }
}

/// A shop with products at known prices in cents.
struct Shop {
    app: App,
    admin: String,
    products: Vec<(i64, i64)>,
    client: i64,
    courier: i64,
}

impl Shop {
    async fn with(prices: &[i64]) -> Self {
        let app = App::new().await;
        let admin = app.token(Role::Admin).await;
        let courier = app.user(Role::Livreur).await.0.0;
        let mut products = Vec::new();
        for (n, price) in prices.iter().enumerate() {
            products.push((
                app.product(&admin, &format!("Article {n:02}"), *price, n as i64)
                    .await,
                *price,
            ));
        }
        let mut tx = app.as_system().await;
        let client =
            sqlx::query_scalar("insert into clients (nom) values ('Jean Dupont') returning id")
                .fetch_one(&mut *tx)
                .await;
        tx.commit().await.expect("commit");
        Self {
            app,
            admin,
            products,
            client: client.expect("a client"),
            courier,
        }
    }

    async fn place(&self, order: &Placed) -> i64 {
        let amount = |units: &[(usize, i64)]| {
            units
                .iter()
                .map(|(p, n)| self.products[*p].1 * n)
                .sum::<i64>()
        };
        let total = amount(
            &order
                .lines
                .iter()
                .map(|line| (line.0, line.1))
                .collect::<Vec<_>>(),
        );
        let delivered = (order.statut == "livree").then(|| amount(&order.units()));
        let out = matches!(order.statut, "en_livraison" | "livree");
        let mut tx = self.app.as_system().await;
        let id: i64 = sqlx::query_scalar(
            "insert into orders (numero, statut, client_id, client_nom, total, total_livre, livreur_id, confirmed_at, shipped_at, delivered_at, cancelled_at)
             values (next_order_numero(), $1, $2, 'Jean Dupont', $3, $4, $5, $6::timestamptz, case when $7 then now() end,
                     case when $1 = 'livree' then now() end, case when $1 = 'annulee' then now() end) returning id",
        )
        .bind(order.statut)
        .bind(self.client)
        .bind(total)
        .bind(delivered)
        .bind(out.then_some(self.courier))
        .bind(order.confirmed_at)
        .bind(out)
        .fetch_one(&mut *tx)
        .await
        .expect("an order");
        for (product, ordered, delivered) in order.lines {
            sqlx::query(
                "insert into order_items (order_id, product_id, product_nom, category_id, quantity, quantite_livree, prix_unitaire, taux_tva)
                 select $1, id, nom, category_id, $3, $4, prix, taux_tva from products where id = $2",
            )
            .bind(id)
            .bind(self.products[*product].0)
            .bind(ordered)
            .bind((order.statut == "livree").then_some(delivered))
            .execute(&mut *tx)
            .await
            .expect("a line");
        }
        sqlx::query("update orders set created_at = $2::timestamptz where id = $1")
            .bind(id)
            .bind(order.created_at)
            .execute(&mut *tx)
            .await
            .expect("a day");
        tx.commit().await.expect("commit");
        id
    }

    async fn summary(&self, query: &str) -> Value {
        self.app
            .get(&self.admin, &format!("/dashboard/summary{query}"))
            .await
            .expect(200)
            .json()
    }
}

/// An amount in cents.
fn cents(value: &Value) -> i64 {
    (value.as_f64().expect("an amount") * 100.0).round() as i64
}

fn sum(items: &Value, name: &str) -> i64 {
    items
        .as_array()
        .expect("items")
        .iter()
        .map(|item| cents(&item[name]))
        .sum()
}

fn orders() -> Vec<Placed> {
    vec![
        Placed::sold("confirmee", "2026-03-10 09:00+00", &[(0, 2, 0), (1, 1, 0)]),
        Placed::sold("en_preparation", "2026-03-10 17:00+00", &[(2, 3, 0)]),
        Placed::sold(
            "en_livraison",
            "2026-03-11 12:00+00",
            &[(3, 1, 0), (4, 5, 0), (5, 2, 0)],
        ),
        // Handed over in part: what stayed in the van was not sold.
        Placed::sold("livree", "2026-03-12 08:00+00", &[(6, 4, 3), (7, 2, 0)]),
        Placed::sold(
            "livree",
            "2026-03-12 08:30+00",
            &[(8, 1, 1), (9, 1, 1), (10, 1, 1), (11, 7, 7)],
        ),
        Placed {
            statut: "annulee",
            confirmed_at: Some("2026-03-12 09:00+00"),
            created_at: "2026-03-12 09:00+00",
            lines: &[(0, 50, 0)],
        },
        Placed {
            statut: "brouillon",
            confirmed_at: None,
            created_at: "2026-03-11 09:00+00",
            lines: &[(1, 40, 0)],
        },
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
    let shop = Shop::with(&[
        1590, 450, 333, 1999, 7, 1250, 890, 4500, 105, 240, 999, 3333,
    ])
    .await;
    let orders = orders();
    for order in &orders {
        shop.place(order).await;
    }
    let amount = |order: &Placed| {
        order
            .units()
            .iter()
            .map(|(p, n)| shop.products[*p].1 * n)
            .sum::<i64>()
    };
    let units = |order: &Placed| order.units().iter().map(|(_, n)| n).sum::<i64>();
    let within = |days: &[&str]| {
        orders
            .iter()
            .filter(|order| order.counts(days))
            .collect::<Vec<_>>()
    };
    let (now, before) = (within(&DAYS), within(&BEFORE));
    let turnover = now.iter().map(|order| amount(order)).sum::<i64>();
    let turnover_before = before.iter().map(|order| amount(order)).sum::<i64>();
    let average = |amount: i64, count: i64| (2 * amount + count) / (2 * count);
    let one_decimal = |part: i64, whole: i64| (part as f64 * 1000.0 / whole as f64).round() / 10.0;

    let summary = shop
        .summary("?start_date=2026-03-10&end_date=2026-03-12")
        .await;
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
    let delivered = now
        .iter()
        .filter(|order| order.statut == "livree")
        .map(|order| amount(order))
        .sum::<i64>();
    assert_eq!(
        (
            cents(&ca["chiffre_affaires"]),
            cents(&ca["chiffre_affaires_livre"])
        ),
        (turnover, delivered)
    );
    assert_eq!(ca["nombre_commandes"], now.len());
    let previous = &ca["periode_precedente"];
    assert_eq!(
        (&previous["start_date"], &previous["end_date"]),
        (&json!("2026-03-07"), &json!("2026-03-09"))
    );
    assert_eq!(
        (
            cents(&previous["chiffre_affaires"]),
            previous["nombre_commandes"].as_u64()
        ),
        (turnover_before, Some(before.len() as u64))
    );
    assert_eq!(
        ca["evolution_pct"].as_f64(),
        Some(one_decimal(turnover - turnover_before, turnover_before))
    );

    let basket = &summary["panier_moyen"];
    let count = now.len() as i64;
    assert_eq!(
        (
            cents(&basket["panier_moyen"]),
            basket["nombre_commandes"].as_i64()
        ),
        (average(turnover, count), Some(count))
    );
    let all_units = now.iter().map(|order| units(order)).sum::<i64>();
    assert_eq!(
        basket["articles_par_commande"].as_f64(),
        Some((all_units as f64 * 100.0 / count as f64).round() / 100.0)
    );
    assert_eq!(
        cents(&basket["periode_precedente"]["panier_moyen"]),
        average(turnover_before, before.len() as i64)
    );

    let days = summary["ventes_par_jour"]["items"]
        .as_array()
        .expect("days");
    assert_eq!(
        days.iter()
            .map(|day| day["date"].as_str().expect("a day"))
            .collect::<Vec<_>>(),
        DAYS
    );
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
    let empty = shop
        .summary("?start_date=2026-03-09&end_date=2026-03-09")
        .await;
    let nothing = json!([{"date": "2026-03-09", "chiffre_affaires": 0.0, "nombre_commandes": 0, "articles_vendus": 0}]);
    assert_eq!(
        empty["ventes_par_jour"]["items"], nothing,
        "a day without sales is there, with zeros"
    );

    let mut by_product: Vec<(i64, i64, i64)> = (0..shop.products.len())
        .map(|p| {
            let sold = now
                .iter()
                .flat_map(|order| order.units())
                .filter(|unit| unit.0 == p)
                .map(|unit| unit.1)
                .sum::<i64>();
            (sold * shop.products[p].1, shop.products[p].0, sold)
        })
        .collect();
    by_product.sort_by_key(|(amount, id, _)| (-amount, *id));
    let articles = &summary["ventes_par_article"];
    let items = articles["items"].as_array().expect("items");
    assert_eq!(items.len(), 10);
    for (item, (amount, id, sold)) in items.iter().zip(&by_product) {
        assert_eq!(
            (
                item["product_id"].as_i64(),
                item["quantite"].as_i64(),
                cents(&item["chiffre_affaires"])
            ),
            (Some(*id), Some(*sold), *amount)
        );
        assert_eq!(
            item["part_pct"].as_f64(),
            Some(one_decimal(*amount, turnover))
        );
    }
    let others = &articles["autres"];
    assert_eq!(
        sum(&articles["items"], "chiffre_affaires") + cents(&others["chiffre_affaires"]),
        turnover,
        "it adds up"
    );
    let named: i64 = items
        .iter()
        .map(|item| item["quantite"].as_i64().expect("n"))
        .sum();
    assert_eq!(named + others["quantite"].as_i64().expect("n"), all_units);
    assert!(cents(&others["chiffre_affaires"]) > 0);

    let statuses = summary["commandes"]["items"].as_array().expect("items");
    assert_eq!(statuses.len(), 6, "all six, zeros included");
    for item in statuses {
        let created = |order: &&Placed| {
            order.statut == item["statut"]
                && DAYS.iter().any(|day| order.created_at.starts_with(day))
        };
        let ordered = |order: &Placed| {
            order
                .lines
                .iter()
                .map(|(p, n, _)| shop.products[*p].1 * n)
                .sum::<i64>()
        };
        let found: Vec<_> = orders.iter().filter(created).collect();
        assert_eq!(item["nombre"], found.len(), "{item}");
        assert_eq!(
            cents(&item["montant"]),
            found.iter().map(|order| ordered(order)).sum::<i64>(),
            "{item}"
        );
    }
    assert_eq!(summary["commandes"]["total"], 7);

    let stocks = &summary["etat_stocks"];
    let value: i64 = shop
        .products
        .iter()
        .enumerate()
        .map(|(n, (_, price))| n as i64 * price)
        .sum();
    assert_eq!(
        (
            stocks["total_produits"].as_i64(),
            cents(&stocks["valeur_stock"])
        ),
        (Some(12), value)
    );
    assert_eq!(
        (
            stocks["nombre_ruptures"].as_i64(),
            &stocks["ruptures"][0]["nom"]
        ),
        (Some(1), &json!("Article 00"))
    );
}

#[tokio::test]
async fn names_are_todays_and_categories_those_of_the_day() {
    let shop = Shop::with(&[1000, 500]).await;
    shop.place(&Placed::sold(
        "confirmee",
        "2026-03-10 09:00+00",
        &[(0, 1, 0), (1, 1, 0)],
    ))
    .await;
    let cellar = shop.app.category("Cave").await;
    let moved = shop.products[0].0;
    shop.app.run(format!("update products set nom = 'Cuvée', category_id = {cellar}, prix = 9900 where id = {moved}")).await;
    shop.app
        .run("update categories set nom = 'Comptoir' where nom = 'Épicerie'")
        .await;
    shop.app.run("update stocks set seuil_alerte = 1").await;
    let summary = shop
        .summary("?start_date=2026-03-10&end_date=2026-03-10")
        .await;
    assert_eq!(summary["ventes_par_article"]["items"][0]["nom"], "Cuvée");
    let categories = summary["ventes_par_categorie"]["items"]
        .as_array()
        .expect("items");
    assert_eq!(
        (
            categories.len(),
            &categories[0]["nom"],
            cents(&categories[0]["chiffre_affaires"])
        ),
        (1, &json!("Comptoir"), 1500)
    );
    assert_eq!(categories[0]["part_pct"].as_f64(), Some(100.0));
    let stocks = &summary["etat_stocks"];
    assert_eq!(
        (&stocks["nombre_alertes"], &stocks["alertes"][0]["nom"]),
        (&json!(1), &json!("Article 01"))
    );
    shop.app.run(format!("update products set is_deleted = true, deleted_at = now(), deleted_by = 1 where id = {moved}")).await;
    let summary = shop
        .summary("?start_date=2026-03-10&end_date=2026-03-10")
        .await;
    assert_eq!(
        cents(&summary["chiffre_affaires"]["chiffre_affaires"]),
        1500,
        "what was sold stays sold"
    );
    assert_eq!(
        (
            &summary["etat_stocks"]["total_produits"],
            &summary["etat_stocks"]["nombre_ruptures"]
        ),
        (&json!(1), &json!(0))
    );
}

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
        shop.place(&Placed::sold("confirmee", at, &[(0, 1, 0)]))
            .await;
    }
    let year = shop
        .summary("?start_date=2026-01-01&end_date=2026-12-31")
        .await;
    assert_eq!(
        year["ventes_par_jour"]["items"].as_array().map(Vec::len),
        Some(365)
    );
    for day in [
        "2026-03-28",
        "2026-03-29",
        "2026-03-30",
        "2026-10-24",
        "2026-10-25",
        "2026-10-26",
    ] {
        let expected = instants.iter().filter(|(_, on)| *on == day).count();
        let alone = shop
            .summary(&format!("?start_date={day}&end_date={day}"))
            .await;
        assert_eq!(
            alone["chiffre_affaires"]["nombre_commandes"], expected,
            "{day}"
        );
        assert_eq!(alone["commandes"]["total"], expected, "{day}");
        let days = year["ventes_par_jour"]["items"].as_array().expect("days");
        let found = days
            .iter()
            .find(|item| item["date"] == day)
            .expect("the day");
        assert_eq!(found["nombre_commandes"], expected, "{day}");
    }
}

#[tokio::test]
async fn a_period_fills_in_what_is_absent() {
    let shop = Shop::with(&[100]).await;
    let (today, month, week): (chrono::NaiveDate, chrono::NaiveDate, chrono::NaiveDate) =
        sqlx::query_as(
            "select business_day(now()), business_day(now()) - 29, business_day(now()) - 6",
        )
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
    assert_eq!(
        period("").await,
        (month.to_string(), today.to_string()),
        "the last 30 days"
    );
    assert_eq!(
        period(&format!("?start_date={week}")).await,
        (week.to_string(), today.to_string()),
        "until today"
    );
    assert_eq!(
        period("?end_date=2026-03-30").await,
        ("2026-03-01".into(), "2026-03-30".into()),
        "the 30 days up to it"
    );
    let long = shop
        .summary("?start_date=2016-01-01&end_date=2026-01-07")
        .await;
    assert_eq!(
        long["ventes_par_jour"]["items"].as_array().map(Vec::len),
        Some(3_660)
    );
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
        app.get(&admin, &format!("/dashboard/summary?{query}"))
            .await
            .refused(422, "champs_invalides");
    }
    let livreur = app.token(Role::Livreur).await;
    app.get(&livreur, "/dashboard/summary?start_date=x")
        .await
        .refused(403, "acces_refuse");
}

#[tokio::test]
async fn without_a_before_there_is_no_change_to_tell() {
    let shop = Shop::with(&[100]).await;
    let nothing = shop.summary("").await;
    assert!(nothing["chiffre_affaires"]["evolution_pct"].is_null());
    assert_eq!(
        (
            cents(&nothing["panier_moyen"]["panier_moyen"]),
            nothing["panier_moyen"]["articles_par_commande"].as_f64()
        ),
        (0, Some(0.0))
    );
    assert_eq!(
        nothing["ventes_par_article"]["autres"],
        json!({"quantite": 0, "chiffre_affaires": 0.0, "part_pct": 0.0})
    );
    shop.place(&Placed::sold(
        "confirmee",
        "2026-03-10 09:00+00",
        &[(0, 3, 0)],
    ))
    .await;
    let first = shop
        .summary("?start_date=2026-03-10&end_date=2026-03-10")
        .await;
    assert!(first["chiffre_affaires"]["evolution_pct"].is_null());
    let after = shop
        .summary("?start_date=2026-03-11&end_date=2026-03-11")
        .await;
    assert_eq!(
        after["chiffre_affaires"]["evolution_pct"].as_f64(),
        Some(-100.0)
    );
}

#[tokio::test]
async fn an_order_counts_at_once_and_leaves_its_day_when_it_is_cancelled() {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    let product = app.product(&admin, "Miel", 800, 10).await;
    let order = app.order(&admin, &[(product, 2)]).await["id"].clone();
    let sold = async || {
        let summary = app
            .get(&admin, "/dashboard/summary")
            .await
            .expect(200)
            .json();
        (
            cents(&summary["chiffre_affaires"]["chiffre_affaires"]),
            summary["chiffre_affaires"]["nombre_commandes"].as_i64(),
        )
    };
    assert_eq!(sold().await, (0, Some(0)), "a draft is not sold");
    app.post(&admin, &format!("/orders/{order}/confirm"), &json!({}))
        .await
        .expect(200);
    assert_eq!(sold().await, (1600, Some(1)));
    app.post(&admin, &format!("/orders/{order}/cancel"), &json!({}))
        .await
        .expect(200);
    assert_eq!(sold().await, (0, Some(0)));
}
