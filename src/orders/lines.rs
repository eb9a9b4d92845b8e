//! The lines of an order: frozen from their products, replaced as a whole, and what that does to totals
//! and reservations.

use super::effects;
use super::input::{ValidItems, too_many};
use super::model::{MAX_LINES, MAX_QUANTITY, NewOrderItem, Order, OrderItem};
use super::workflow::OrderStatus;
use crate::auth::context::WriteTx;
use crate::error::{AppError, AppResult, ErrorCode, FieldError};
use crate::shared::references::Named;
use crate::shared::{Money, OrderItemId, ProductId, VatRate};

/// Lines with what is frozen on them; columns for `unnest`.
#[derive(Default)]
pub struct Lines {
    /// Products.
    pub product_ids: Vec<i64>,
    /// Their names then.
    pub names: Vec<String>,
    /// Their categories then.
    pub category_ids: Vec<i64>,
    /// How many.
    pub quantities: Vec<i64>,
    /// Price of one then, minor units.
    pub prices: Vec<i64>,
    /// VAT rate then, hundredths of a percent.
    pub rates: Vec<i32>,
}

impl Lines {
    /// Total and the VAT inside it: per rate over the whole order, rounded half up once for each rate.
    pub fn totals(&self) -> (Money, Money) {
        let mut by_rate = std::collections::BTreeMap::<i32, i64>::new();
        for ((quantity, price), rate) in self.quantities.iter().zip(&self.prices).zip(&self.rates) {
            *by_rate.entry(*rate).or_default() += quantity * price;
        }
        let total = by_rate.values().sum();
        let vat = by_rate.iter().map(|(rate, amount)| VatRate(*rate).inside(Money(*amount))).sum();
        (Money(total), vat)
    }

    fn push(&mut self, id: i64, name: String, category: i64, quantity: i64, price: i64, rate: i32) {
        self.product_ids.push(id);
        self.names.push(name);
        self.category_ids.push(category);
        self.quantities.push(quantity);
        self.prices.push(price);
        self.rates.push(rate);
    }
}

/// The lines that are wanted, frozen: a product that is `kept` keeps what was frozen before, any other is
/// read now, held `FOR SHARE` until the order stands, and must be on sale.
pub async fn freeze(tx: &mut WriteTx, wanted: &ValidItems, kept: &[OrderItem]) -> AppResult<Lines> {
    let before = |id: ProductId| kept.iter().find(|line| line.product_id == id);
    let fresh: Vec<i64> =
        wanted.items.iter().filter(|item| before(item.product_id).is_none()).map(|item| item.product_id.0).collect();
    let products = sqlx::query!(
        "select id, nom, category_id, prix, taux_tva, is_active from products
         where id = any($1) and not is_deleted order by id for share",
        &fresh
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut lines = Lines::default();
    let mut errors = Vec::new();
    for (index, item) in wanted.items.iter().enumerate() {
        let (id, quantity) = (item.product_id.0, item.quantity);
        if let Some(line) = before(item.product_id) {
            let (price, rate) = (line.prix_unitaire.0, line.taux_tva.0);
            lines.push(id, line.product_nom.clone(), line.category_id.0, quantity, price, rate);
            continue;
        }
        match products.iter().find(|p| p.id == id) {
            Some(p) if p.is_active => {
                lines.push(id, p.nom.clone(), p.category_id, quantity, p.prix, p.taux_tva);
            }
            found => errors.push(refusal(wanted.path(index), found.map(|p| p.nom.as_str()))),
        }
    }
    if errors.is_empty() { Ok(lines) } else { Err(AppError::invalid(errors)) }
}

/// Why a product cannot be put on an order: off sale, or unknown.
fn refusal(champ: String, off_sale: Option<&str>) -> FieldError {
    match off_sale {
        Some(nom) => FieldError { champ, code: "inactif".into(), message: format!("« {nom} » n'est plus en vente.") },
        None => Named::Product.unknown(champ),
    }
}

/// Holds a product that is to be put on an order, or says why it cannot be.
pub async fn hold_sellable(tx: &mut WriteTx, id: ProductId) -> AppResult<()> {
    let found = sqlx::query!("select nom, is_active from products where id = $1 and not is_deleted for share", id.0)
        .fetch_optional(&mut **tx)
        .await?;
    match found {
        Some(product) if product.is_active => Ok(()),
        found => Err(AppError::invalid(vec![refusal("product_id".into(), found.as_ref().map(|p| p.nom.as_str()))])),
    }
}

/// The lines of an order with one more, or with more of one.
pub fn with(order: &Order, item: NewOrderItem) -> AppResult<ValidItems> {
    let mut items = current(order);
    match items.iter_mut().find(|line| line.product_id == item.product_id) {
        Some(line) => line.quantity += item.quantity,
        None => items.push(item.clone()),
    }
    if items.len() > MAX_LINES {
        return Err(AppError::field("product_id", "trop_long", format!("Au plus {MAX_LINES} lignes par commande.")));
    }
    if items.iter().any(|line| line.quantity > MAX_QUANTITY) {
        return Err(AppError::field("quantity", "hors_limites", too_many()));
    }
    Ok(ValidItems::of(items))
}

/// The lines of an order but one.
pub fn without(order: &Order, item: OrderItemId) -> ValidItems {
    let left = order.items.iter().filter(|line| line.id != item);
    ValidItems::of(left.map(|line| NewOrderItem { product_id: line.product_id, quantity: line.quantity }).collect())
}

fn current(order: &Order) -> Vec<NewOrderItem> {
    let item = |line: &OrderItem| NewOrderItem { product_id: line.product_id, quantity: line.quantity };
    order.items.iter().map(item).collect()
}

/// Replaces the lines of a locked, editable order by those that are wanted, frozen. A confirmed one reserves the
/// difference, or refuses.
pub async fn replace(tx: &mut WriteTx, order: &Order, wanted: &ValidItems, lines: Lines) -> AppResult<()> {
    if wanted.items.is_empty() && order.statut == OrderStatus::Confirmee {
        return Err(AppError::new(
            ErrorCode::StateConflict,
            "Une commande confirmée garde au moins une ligne : annulez-la plutôt.",
        ));
    }
    if order.statut == OrderStatus::Confirmee {
        effects::reserve_difference(tx, &differences(&order.items, wanted)).await?;
    }
    let id = order.id.0;
    // One statement a kind of change: what is no longer wanted, what has another quantity, what is new.
    let mut changed =
        sqlx::query!("delete from order_items where order_id = $1 and product_id <> all($2)", id, &lines.product_ids)
            .execute(&mut **tx)
            .await?
            .rows_affected();
    changed += sqlx::query!(
        "update order_items i set quantity = t.quantity from unnest($2::bigint[], $3::bigint[]) as t(product_id, quantity)
         where i.order_id = $1 and i.product_id = t.product_id and i.quantity <> t.quantity",
        id,
        &lines.product_ids,
        &lines.quantities
    )
    .execute(&mut **tx)
    .await?
    .rows_affected();
    changed += sqlx::query!(
        "insert into order_items (order_id, product_id, product_nom, category_id, quantity, prix_unitaire, taux_tva)
         select $1, t.product_id, t.nom, t.category_id, t.quantity, t.prix, t.taux
         from unnest($2::bigint[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::int[]) with ordinality
              as t(product_id, nom, category_id, quantity, prix, taux, place)
         where not exists (select 1 from order_items i where i.order_id = $1 and i.product_id = t.product_id)
         order by t.place",
        id,
        &lines.product_ids,
        &lines.names,
        &lines.category_ids,
        &lines.quantities,
        &lines.prices,
        &lines.rates
    )
    .execute(&mut **tx)
    .await?
    .rows_affected();
    if changed == 0 {
        return Ok(());
    }
    let (total, vat) = lines.totals();
    sqlx::query!(
        "update orders set total = $2, total_tva = $3, revision_lignes = revision_lignes + 1 where id = $1",
        id,
        total.0,
        vat.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// How much more of each product is wanted than before; less is negative.
fn differences(before: &[OrderItem], after: &ValidItems) -> Vec<(i64, i64)> {
    let mut by_product = std::collections::BTreeMap::<i64, i64>::new();
    for line in before {
        *by_product.entry(line.product_id.0).or_default() -= line.quantity;
    }
    for line in &after.items {
        *by_product.entry(line.product_id.0).or_default() += line.quantity;
    }
    by_product.into_iter().filter(|(_, difference)| *difference != 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vat_is_rounded_once_for_each_rate() {
        let lines = Lines {
            quantities: vec![1, 1, 1],
            prices: vec![333, 333, 1000],
            rates: vec![550, 550, 2000],
            ..Lines::default()
        };
        // 666 × 5.5 / 105.5 = 34.72 → 35; 1000 × 20 / 120 = 166.67 → 167.
        assert_eq!(lines.totals(), (Money(1666), Money(35 + 167)));
    }
}
