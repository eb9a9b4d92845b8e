//! What a transition does to the stock, set-based, inside the transaction of the change.
//! The order's row is locked already; stocks are locked by product id, so that no two writers wait for each other.

use serde::Serialize;

use super::workflow::StockEffect;
use crate::auth::context::WriteTx;
use crate::deliveries::attempts;
use crate::error::{AppError, AppResult, ErrorCode, Member};
use crate::shared::OrderId;
use crate::stocks::shortage;

/// A line that cannot be served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ShortLine {
    /// Product.
    pub product_id: i64,
    /// Its name.
    pub nom: String,
    /// What can still be sold.
    pub disponible: i64,
    /// What the order wants.
    pub demande: i64,
}

/// Applies an effect to the lines of an order.
pub async fn apply(tx: &mut WriteTx, effect: StockEffect, order: OrderId) -> AppResult<()> {
    match effect {
        StockEffect::None => Ok(()),
        StockEffect::Reserve => reserve(tx, order).await,
        StockEffect::Release => release(tx, order).await,
        StockEffect::Ship => ship(tx, order).await,
        StockEffect::HandOver => attempts::record_all(tx, order).await,
        StockEffect::Return => bring_back(tx, order).await,
    }
}

/// Reserves every line or none. Products are held `FOR SHARE`, so that none is deleted or deactivated meanwhile.
async fn reserve(tx: &mut WriteTx, order: OrderId) -> AppResult<()> {
    let refused = sqlx::query!(
        r#"with wanted as materialized (
               select i.product_id, i.product_nom, i.quantity, p.is_active and not p.is_deleted as sellable,
                      s.quantite - s.quantite_reservee as available
               from order_items i
               join products p on p.id = i.product_id
               join stocks s on s.product_id = i.product_id
               where i.order_id = $1
               order by i.product_id
               for share of p for update of s
           ), reserved as (
               update stocks s set quantite_reservee = s.quantite_reservee + w.quantity
               from wanted w
               where s.product_id = w.product_id
                 and not exists (select 1 from wanted x where not x.sellable or x.available < x.quantity)
               returning 1
           )
           select product_id, product_nom, quantity, sellable as "sellable!", available as "available!",
                  (select count(*) from reserved) as "reserved!"
           from wanted where not sellable or available < quantity order by product_id"#,
        order.0
    )
    .fetch_all(&mut **tx)
    .await?;
    let gone = refused.iter().filter(|line| !line.sellable);
    let gone: Vec<_> = gone.map(|line| (line.product_id, line.product_nom.as_str())).collect();
    if !gone.is_empty() {
        return Err(unsellable(&gone));
    }
    let short: Vec<_> = refused
        .into_iter()
        .map(|line| ShortLine {
            product_id: line.product_id,
            nom: line.product_nom,
            disponible: line.available,
            demande: line.quantity,
        })
        .collect();
    if short.is_empty() { Ok(()) } else { Err(insufficient(short)) }
}

/// Reserves more of some products and less of others, `(product, difference)`, or nothing at all. Needs
/// stocks alone: what is on the order already was checked when it was put there.
pub async fn reserve_difference(tx: &mut WriteTx, differences: &[(i64, i64)]) -> AppResult<()> {
    let (products, wanted): (Vec<i64>, Vec<i64>) = differences.iter().copied().unzip();
    let short = sqlx::query!(
        r#"with wanted as materialized (
               select s.product_id, p.nom, t.difference, s.quantite - s.quantite_reservee as available
               from unnest($1::bigint[], $2::bigint[]) as t(product_id, difference)
               join stocks s on s.product_id = t.product_id
               join products p on p.id = t.product_id
               order by s.product_id
               for update of s
           ), reserved as (
               update stocks s set quantite_reservee = s.quantite_reservee + w.difference
               from wanted w
               where s.product_id = w.product_id
                 and not exists (select 1 from wanted x where x.available < x.difference)
               returning 1
           )
           select product_id, nom, difference as "difference!", available as "available!",
                  (select count(*) from reserved) as "reserved!"
           from wanted where available < difference order by product_id"#,
        &products,
        &wanted
    )
    .fetch_all(&mut **tx)
    .await?;
    if short.is_empty() {
        return Ok(());
    }
    let lines = short.into_iter().map(|line| ShortLine {
        product_id: line.product_id,
        nom: line.nom,
        disponible: line.available,
        demande: line.difference,
    });
    Err(insufficient(lines.collect()))
}

/// The refusal that names every product that is not for sale any more: id and name.
pub fn unsellable(gone: &[(i64, &str)]) -> AppError {
    let (ids, names): (Vec<i64>, Vec<&str>) = gone.iter().copied().unzip();
    let detail = format!("Ces produits ne sont plus en vente : {}. Retirez-les de la commande.", names.join(", "));
    AppError::new(ErrorCode::StateConflict, detail).with(Member::Products, ids)
}

/// The refusal that names every short line.
pub fn insufficient(short: Vec<ShortLine>) -> AppError {
    let told = |line: &ShortLine| format!("{} ({})", line.nom, shortage::beside(line.disponible, line.demande));
    let named: Vec<_> = short.iter().map(told).collect();
    AppError::new(ErrorCode::InsufficientStock, format!("Stock insuffisant : {}.", named.join(", ")))
        .with(Member::ShortLines, short)
}

async fn release(tx: &mut WriteTx, order: OrderId) -> AppResult<()> {
    sqlx::query!(
        "with held as (
             select s.product_id, i.quantity from stocks s join order_items i on i.product_id = s.product_id
             where i.order_id = $1 order by s.product_id for update of s
         )
         update stocks s set quantite_reservee = s.quantite_reservee - h.quantity from held h where s.product_id = h.product_id",
        order.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The reservation becomes a sale: given back first, then taken off the shelf, so that
/// reserved ≤ quantity holds at every step.
async fn ship(tx: &mut WriteTx, order: OrderId) -> AppResult<()> {
    release(tx, order).await?;
    sqlx::query!(
        "with held as (
             select s.product_id, i.quantity from stocks s join order_items i on i.product_id = s.product_id
             where i.order_id = $1 order by s.product_id for update of s
         )
         insert into stock_movements (product_id, type, quantite, order_id)
         select product_id, 'vente', -quantity, $1 from held order by product_id",
        order.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What was on its way comes back, but for what the last attempt found damaged. The movements' trigger changes
/// the stock.
async fn bring_back(tx: &mut WriteTx, order: OrderId) -> AppResult<()> {
    sqlx::query!(
        "with held as (
             select s.product_id, i.quantity - coalesce(l.abime, 0) as back
             from stocks s join order_items i on i.product_id = s.product_id
             left join tentative_lignes l
                 on l.item_id = i.id and l.tentative = (select max(num) from tentatives where order_id = $1)
             where i.order_id = $1 order by s.product_id for update of s
         )
         insert into stock_movements (product_id, type, quantite, order_id)
         select product_id, 'retour', back, $1 from held where back > 0 order by product_id",
        order.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
