//! A shop for the tests of the dashboard: orders put exactly where a test wants them.

use serde_json::Value;

use super::App;
use crate::auth::permission::Role;

/// An order put where a test wants it: lines are `(product, ordered, delivered)`.
pub(super) struct Placed {
    pub(super) statut: &'static str,
    pub(super) confirmed_at: Option<&'static str>,
    pub(super) created_at: &'static str,
    pub(super) lines: &'static [(usize, i64, i64)],
}

impl Placed {
    pub(super) fn sold(statut: &'static str, confirmed_at: &'static str, lines: &'static [(usize, i64, i64)]) -> Self {
        Self { statut, confirmed_at: Some(confirmed_at), created_at: confirmed_at, lines }
    }

    pub(super) fn units(&self) -> Vec<(usize, i64)> {
        self.lines
            .iter()
            .map(|(p, ordered, delivered)| (*p, if self.statut == "livree" { *delivered } else { *ordered }))
            .collect()
    }

    /// The definition of the contract, said again: sold, within days that all lie far from midnight.
    pub(super) fn counts(&self, days: &[&str]) -> bool {
        ["confirmee", "en_preparation", "en_livraison", "livree"].contains(&self.statut)
            && self.confirmed_at.is_some_and(|at| days.iter().any(|day| at.starts_with(day)))
    }
}

/// A shop with products at known prices in cents.
pub(super) struct Shop {
    pub(super) app: App,
    pub(super) admin: String,
    pub(super) products: Vec<(i64, i64)>,
    client: i64,
    courier: i64,
}

impl Shop {
    pub(super) async fn with(prices: &[i64]) -> Self {
        let app = App::new().await;
        let admin = app.token(Role::Admin).await;
        let courier = app.user(Role::Livreur).await.0.0;
        let mut products = Vec::new();
        for (n, price) in prices.iter().enumerate() {
            products.push((app.product(&admin, &format!("Article {n:02}"), *price, n as i64).await, *price));
        }
        let mut tx = app.as_system().await;
        let client = sqlx::query_scalar("insert into clients (nom) values ('Jean Dupont') returning id")
            .fetch_one(&mut *tx)
            .await;
        tx.commit().await.expect("commit");
        Self { app, admin, products, client: client.expect("a client"), courier }
    }

    pub(super) async fn place(&self, order: &Placed) -> i64 {
        let amount = |units: &[(usize, i64)]| units.iter().map(|(p, n)| self.products[*p].1 * n).sum::<i64>();
        let total = amount(&order.lines.iter().map(|line| (line.0, line.1)).collect::<Vec<_>>());
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

    pub(super) async fn summary(&self, query: &str) -> Value {
        self.app.get(&self.admin, &format!("/dashboard/summary{query}")).await.expect(200).json()
    }
}

/// An amount in cents.
pub(super) fn cents(value: &Value) -> i64 {
    (value.as_f64().expect("an amount") * 100.0).round() as i64
}
