//! Putting a delivered order right: the quantities as they were, the stock and the turnover with them. Nothing is
//! overwritten: what was believed before stays beside it.

use serde_json::Value;

use super::effects::{ShortLine, insufficient};
use super::model::Order;
use super::workflow::OrderStatus;
use crate::auth::context::{Ctx, Opened, Saved, WriteTx};
use crate::auth::permission::Permission;
use crate::deliveries::attempts::Columns;
use crate::deliveries::input::{Ordered, ValidCorrection, against};
use crate::deliveries::model::AttemptLine;
use crate::error::{AppError, AppResult, ErrorCode};
use crate::shared::resource::{lock, reread};
use crate::shared::{CorrectionId, OrderId, OrderItemId};

/// A line as it is believed to be now.
#[derive(sqlx::FromRow)]
struct Now {
    item_id: OrderItemId,
    product_id: i64,
    product_nom: String,
    quantity: i64,
    remis: i64,
    refuse: i64,
    abime: i64,
    manquant: i64,
}

impl Now {
    fn four(&self) -> AttemptLine {
        let Self { item_id, remis, refuse, abime, manquant, .. } = *self;
        AttemptLine { item_id, remis, refuse, abime, manquant }
    }
}

/// How the lines of an order stand once it was delivered; before that, none.
pub async fn lines(ctx: &Ctx, order: OrderId) -> AppResult<Vec<AttemptLine>> {
    Ok(now(&ctx.db, order).await?.iter().map(Now::four).collect())
}

async fn now(db: impl sqlx::PgExecutor<'_>, order: OrderId) -> AppResult<Vec<Now>> {
    Ok(sqlx::query_as(
        "select item_id, product_id, product_nom, quantity, remis, refuse, abime, manquant
         from lignes_livrees where order_id = $1 order by product_id",
    )
    .bind(order)
    .fetch_all(db)
    .await?)
}

fn ordered(lines: &[Now]) -> Vec<Ordered> {
    let line = |line: &Now| Ordered { item_id: line.item_id, nom: line.product_nom.clone(), quantity: line.quantity };
    lines.iter().map(line).collect()
}

/// `{motif, lignes: [{item_id, remis, refuse?, abime?, manquant?}]}`: what was handed over was this. More came back
/// than was believed: a `retour`; less: a `vente`, if the shelf has it. Lines that are not named stay. Where
/// nothing is left, the order stays livree with a turnover of zero: that it was told as delivered is not overwritten.
pub async fn correct(ctx: &Ctx, id: OrderId, body: Value) -> AppResult<Saved<Order>> {
    ctx.require(Permission::WriteOrders)?;
    let wanted = match ValidCorrection::read(body) {
        Ok(wanted) => wanted,
        Err(bad) => return Err(bad.against(&ordered(&now(&ctx.db, id).await?))),
    };
    let mut tx = match ctx.open_write::<Order>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(saved) => return Ok(saved),
    };
    let order: Order = lock(&mut tx, ctx, id.0).await?;
    if order.statut != OrderStatus::Livree {
        let detail =
            format!("Seule une commande livrée se corrige : celle-ci est au statut « {} ».", order.statut.label());
        return Err(AppError::new(ErrorCode::StateConflict, detail));
    }
    // After the lock: another correction may have been waited for.
    let lines = now(&mut *tx, id).await?;
    let right = against(&ordered(&lines), &wanted.lignes)?;
    let changed: Vec<(&Now, AttemptLine)> = lines
        .iter()
        .filter_map(|line| Some((line, *right.iter().find(|r| r.item_id == line.item_id && **r != line.four())?)))
        .collect();
    if changed.is_empty() {
        return Err(AppError::field("lignes", "sans_effet", "Ces quantités sont celles d'aujourd'hui."));
    }
    write(&mut tx, id, &wanted.motif, &changed).await?;
    move_stock(&mut tx, id, &changed).await?;
    let order = reread(&mut *tx, ctx, id.0).await?;
    tx.commit(order).await
}

async fn write(tx: &mut WriteTx, order: OrderId, motif: &str, changed: &[(&Now, AttemptLine)]) -> AppResult<()> {
    let correction: CorrectionId =
        sqlx::query_scalar("insert into corrections (order_id, motif) values ($1, $2) returning id")
            .bind(order)
            .bind(motif)
            .fetch_one(&mut **tx)
            .await?;
    let before = Columns::of(&changed.iter().map(|(now, _)| now.four()).collect::<Vec<_>>());
    let after = Columns::of(&changed.iter().map(|(_, right)| *right).collect::<Vec<_>>());
    sqlx::query(
        "insert into correction_lignes (correction_id, item_id, remis_avant, refuse_avant, abime_avant, manquant_avant,
                                        remis, refuse, abime, manquant)
         select $1, t.* from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
                                    $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[]) as t",
    )
    .bind(correction)
    .bind(&before.items)
    .bind(&before.remis)
    .bind(&before.refuse)
    .bind(&before.abime)
    .bind(&before.manquant)
    .bind(&after.remis)
    .bind(&after.refuse)
    .bind(&after.abime)
    .bind(&after.manquant)
    .execute(&mut **tx)
    .await?;
    sqlx::query(
        "update order_items i set quantite_livree = t.remis from unnest($2::bigint[], $3::bigint[]) as t(id, remis)
         where i.order_id = $1 and i.id = t.id and i.quantite_livree <> t.remis",
    )
    .bind(order)
    .bind(&after.items)
    .bind(&after.remis)
    .execute(&mut **tx)
    .await?;
    // A new version, also where the amount is the same.
    sqlx::query(
        "update orders set revision_lignes = revision_lignes + 1,
                total_livre = (select sum(quantite_livree * prix_unitaire)::bigint from order_items where order_id = $1)
         where id = $1",
    )
    .bind(order)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Moves what more, or less, came back than was believed; refuses naming every product that the shelf lacks.
async fn move_stock(tx: &mut WriteTx, order: OrderId, changed: &[(&Now, AttemptLine)]) -> AppResult<()> {
    let moved = changed.iter().map(|(now, right)| (now.product_id, right.comes_back() - now.four().comes_back()));
    let (products, back): (Vec<i64>, Vec<i64>) = moved.filter(|(_, back)| *back != 0).unzip();
    let short: Vec<(i64, String, i64, i64)> = sqlx::query_as(
        "with held as materialized (
             select s.product_id, t.back, s.quantite - s.quantite_reservee as available
             from stocks s join unnest($1::bigint[], $2::bigint[]) as t(product_id, back) on t.product_id = s.product_id
             order by s.product_id for update of s
         )
         select h.product_id, p.nom, h.available, -h.back from held h join products p on p.id = h.product_id
         where h.back < 0 and h.available < -h.back order by h.product_id",
    )
    .bind(&products)
    .bind(&back)
    .fetch_all(&mut **tx)
    .await?;
    if !short.is_empty() {
        let line = |(product_id, nom, disponible, demande)| ShortLine { product_id, nom, disponible, demande };
        return Err(insufficient(short.into_iter().map(line).collect()));
    }
    sqlx::query(
        "insert into stock_movements (product_id, type, quantite, order_id, motif)
         select t.product_id, case when t.back > 0 then 'retour' else 'vente' end, t.back, $3, 'Correction de la livraison'
         from unnest($1::bigint[], $2::bigint[]) as t(product_id, back) order by t.product_id",
    )
    .bind(&products)
    .bind(&back)
    .bind(order)
    .execute(&mut **tx)
    .await?;
    Ok(())
}
