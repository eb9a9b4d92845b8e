//! What moves stocks: every change is a movement, and the movements' trigger applies it.

use serde_json::Value;

use super::input::{ValidMovement, read_threshold};
use super::model::{MoveKind, Movement, Stock};
use super::shortage;
use crate::auth::context::{Ctx, Opened, Saved, WriteTx};
use crate::auth::permission::Permission;
use crate::error::{AppError, AppResult, ErrorCode, Member};
use crate::products::model::MAX_STOCK;
use crate::products::operations::set_threshold;
use crate::shared::references::{Named, References};
use crate::shared::resource::{get_on, lock, reread};
use crate::shared::{Fields, MovementId, ProductId};

/// A movement to be: its kind, and how many (for an `ajustement`, the quantity that was counted).
#[derive(Debug, Clone, PartialEq)]
pub struct Move {
    product: ProductId,
    kind: MoveKind,
    quantity: i64,
    motif: Option<String>,
}

impl Move {
    /// A movement without a word about it.
    pub fn of(product: ProductId, kind: MoveKind, quantity: i64) -> Self {
        Self { product, kind, quantity, motif: None }
    }

    /// The same, with a word about it.
    pub fn because(self, motif: &str) -> Self {
        Self { motif: Some(motif.to_owned()), ..self }
    }
}

/// `{product_id, type, quantite, motif?}`
pub async fn create_movement(ctx: &Ctx, body: Value) -> AppResult<Saved<Movement>> {
    move_stock(ctx, body, None).await
}

/// `{product_id, quantite, motif?}`: goods that came in.
pub async fn enter(ctx: &Ctx, body: Value) -> AppResult<Saved<Movement>> {
    move_stock(ctx, body, Some(MoveKind::Entree)).await
}

/// `{product_id, quantite, motif?}`: goods that went out.
pub async fn exit(ctx: &Ctx, body: Value) -> AppResult<Saved<Movement>> {
    move_stock(ctx, body, Some(MoveKind::Sortie)).await
}

async fn move_stock(ctx: &Ctx, body: Value, kind: Option<MoveKind>) -> AppResult<Saved<Movement>> {
    ctx.require(Permission::WriteStocks)?;
    let named = References::of(&body);
    let read = ValidMovement::read(Fields::of_body(body)?, kind);
    let ValidMovement { product, kind, quantity, motif } = named.checked(ctx, read).await?;
    let mut tx = match ctx.open_write::<Movement>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(saved) => return Ok(saved),
    };
    let id = record(&mut tx, Move { product, kind, quantity, motif }).await?;
    let movement = reread(&mut *tx, ctx, id.0).await?;
    tx.commit(movement).await
}

/// Takes a movement that people entered back by its opposite: once, or it would move the stock again.
pub async fn counter_movement(ctx: &Ctx, id: MovementId) -> AppResult<Saved<Movement>> {
    ctx.require(Permission::WriteStocks)?;
    let mut tx = match ctx.open_write::<Movement>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(saved) => return Ok(saved),
    };
    let movement: Movement = get_on(&mut *tx, ctx, id.0, false).await?;
    let (kind, quantity) = movement.counter().ok_or_else(|| {
        AppError::new(
            ErrorCode::StateConflict,
            "Ce mouvement vient d'une commande ou n'a rien changé : rien à reprendre.",
        )
    })?;
    let motif = movement.counter_motif();
    // The stock's row makes a twin wait, and then see what was written.
    sqlx::query("select 1 from stocks where product_id = $1 for update")
        .bind(movement.product_id)
        .execute(&mut *tx)
        .await?;
    let again: bool = sqlx::query_scalar(
        "select exists (select 1 from stock_movements where product_id = $1 and id > $2 and motif = $3)",
    )
    .bind(movement.product_id)
    .bind(id)
    .bind(&motif)
    .fetch_one(&mut *tx)
    .await?;
    if again {
        return Err(AppError::new(ErrorCode::StateConflict, "Ce mouvement est déjà contre-passé."));
    }
    let id = record(&mut tx, Move::of(movement.product_id, kind, quantity).because(&motif)).await?;
    let movement = reread(&mut *tx, ctx, id.0).await?;
    tx.commit(movement).await
}

/// Writes a movement of a living product, or refuses what the shelf does not allow.
pub async fn record(tx: &mut WriteTx, wanted: Move) -> AppResult<MovementId> {
    let stock = sqlx::query!(
        "select s.quantite, s.quantite_reservee from stocks s join products p on p.id = s.product_id
         where s.product_id = $1 and not p.is_deleted for update of s",
        wanted.product.0
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or_else(|| AppError::invalid(vec![Named::Product.unknown("product_id")]))?;
    let available = stock.quantite - stock.quantite_reservee;
    let change = wanted.kind.gain(wanted.quantity, stock.quantite);
    if stock.quantite + change > MAX_STOCK {
        return Err(AppError::field("quantite", "hors_limites", format!("Un stock ne dépasse pas {MAX_STOCK}.")));
    }
    if available + change < 0 {
        return Err(match wanted.kind {
            MoveKind::Ajustement => promised(tx, wanted.product, stock.quantite_reservee).await?,
            _ => short(available, wanted.quantity),
        });
    }
    let id = sqlx::query_scalar!(
        "insert into stock_movements (product_id, type, quantite, motif) values ($1, $2, $3, $4) returning id",
        wanted.product.0,
        wanted.kind.as_str(),
        change,
        wanted.motif
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(MovementId(id))
}

/// The refusal of an exit beyond what is left.
pub fn short(available: i64, wanted: i64) -> AppError {
    AppError::new(ErrorCode::InsufficientStock, shortage::sentence(available, wanted))
        .with(Member::Available, available)
        .with(Member::Wanted, wanted)
}

/// Fewer were counted than are promised: the orders that were promised them are named.
async fn promised(tx: &mut WriteTx, product: ProductId, reserved: i64) -> AppResult<AppError> {
    let orders = sqlx::query_scalar!(
        "select o.numero from orders o join order_items i on i.order_id = o.id
         where i.product_id = $1 and o.statut in ('confirmee', 'en_preparation') and not o.is_deleted
         order by o.id limit 50",
        product.0
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(held(reserved, orders))
}

/// The refusal of a count below what these orders were promised.
pub fn held(reserved: i64, orders: Vec<String>) -> AppError {
    let detail = format!("{} ({}) : annulez ou modifiez-les d'abord.", shortage::reserved(reserved), orders.join(", "));
    AppError::new(ErrorCode::StockReserved, detail).with(Member::Reserved, reserved).with(Member::Orders, orders)
}

/// `{seuil_alerte}`
pub async fn update_stock(ctx: &Ctx, id: ProductId, body: Value) -> AppResult<Saved<Stock>> {
    ctx.require(Permission::WriteStocks)?;
    let threshold = read_threshold(Fields::of_body(body)?)?;
    let mut tx = match ctx.open_write::<Stock>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(saved) => return Ok(saved),
    };
    let now: Stock = lock(&mut tx, ctx, id.0).await?;
    set_threshold(&mut tx, id, threshold.or(now.figures.seuil_alerte)).await?;
    let stock = reread(&mut *tx, ctx, id.0).await?;
    tx.commit(stock).await
}
