//! What moves stocks: every change is a movement, and the movements' trigger applies it.

use serde_json::Value;

use super::model::{MoveKind, Movement, Stock};
use crate::auth::context::{Ctx, Opened, Saved, WriteTx};
use crate::auth::permission::Permission;
use crate::error::{AppError, AppResult, ErrorCode};
use crate::products::model::MAX_STOCK;
use crate::products::operations::set_threshold;
use crate::shared::audit::READ_ONLY;
use crate::shared::resource::{lock, reread};
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
    ctx.require(Permission::WriteStocks)?;
    let mut f = Fields::of_body(body)?;
    let by_hand = |text: &str| MoveKind::parse(text).filter(|kind| *kind != MoveKind::Vente);
    let kind = f.choice("type", by_hand, "entree, sortie, retour, ajustement (vente vient des commandes)");
    let kind = f.required("type", kind).unwrap_or(MoveKind::Entree);
    move_stock(ctx, f, kind).await
}

/// `{product_id, quantite, motif?}`: goods that came in.
pub async fn enter(ctx: &Ctx, body: Value) -> AppResult<Saved<Movement>> {
    ctx.require(Permission::WriteStocks)?;
    move_stock(ctx, Fields::of_body(body)?, MoveKind::Entree).await
}

/// `{product_id, quantite, motif?}`: goods that went out.
pub async fn exit(ctx: &Ctx, body: Value) -> AppResult<Saved<Movement>> {
    ctx.require(Permission::WriteStocks)?;
    move_stock(ctx, Fields::of_body(body)?, MoveKind::Sortie).await
}

async fn move_stock(ctx: &Ctx, mut f: Fields, kind: MoveKind) -> AppResult<Saved<Movement>> {
    let product = f.id("product_id");
    let product = f.required("product_id", product);
    let least = if kind == MoveKind::Ajustement { 0 } else { 1 };
    let quantity = f.integer("quantite", least, MAX_STOCK);
    let quantity = f.required("quantite", quantity);
    let motif = f.paragraph("motif", 5_000).value();
    f.finish()?;
    let wanted = Move { product: product.unwrap_or(ProductId(0)), kind, quantity: quantity.unwrap_or_default(), motif };
    let mut tx = match ctx.open_write::<Movement>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(saved) => return Ok(saved),
    };
    let id = record(&mut tx, wanted).await?;
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
    .ok_or_else(|| AppError::field("product_id", "inconnu", "Ce produit n'existe pas."))?;
    let available = stock.quantite - stock.quantite_reservee;
    let change = match wanted.kind {
        MoveKind::Entree | MoveKind::Retour => wanted.quantity,
        MoveKind::Ajustement => wanted.quantity - stock.quantite,
        MoveKind::Sortie | MoveKind::Vente => -wanted.quantity,
    };
    if stock.quantite + change > MAX_STOCK {
        return Err(AppError::field("quantite", "hors_limites", format!("Un stock ne dépasse pas {MAX_STOCK}.")));
    }
    if available + change < 0 {
        return Err(match wanted.kind {
            MoveKind::Ajustement => reserved(tx, wanted.product, stock.quantite_reservee).await?,
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

fn short(available: i64, wanted: i64) -> AppError {
    AppError::new(
        ErrorCode::InsufficientStock,
        format!("Il n'y a que {available} disponibles, {wanted} sont demandés."),
    )
    .with("disponible", available)
    .with("demande", wanted)
}

/// Fewer were counted than are promised: the orders that were promised them are named.
async fn reserved(tx: &mut WriteTx, product: ProductId, reserved: i64) -> AppResult<AppError> {
    let orders = sqlx::query_scalar!(
        "select o.numero from orders o join order_items i on i.order_id = o.id
         where i.product_id = $1 and o.statut in ('confirmee', 'en_preparation') and not o.is_deleted
         order by o.id limit 50",
        product.0
    )
    .fetch_all(&mut **tx)
    .await?;
    let detail = format!(
        "{reserved} sont réservés par des commandes ({}) : annulez ou modifiez-les d'abord.",
        orders.join(", ")
    );
    Ok(AppError::new(ErrorCode::StockReserved, detail).with("quantite_reservee", reserved).with("commandes", orders))
}

/// `{seuil_alerte}`
pub async fn update_stock(ctx: &Ctx, id: ProductId, body: Value) -> AppResult<Saved<Stock>> {
    ctx.require(Permission::WriteStocks)?;
    let mut f = Fields::of_body(body)?;
    let threshold = f.integer("seuil_alerte", 0, MAX_STOCK);
    f.kept("seuil_alerte", &threshold);
    f.ignore(READ_ONLY);
    f.ignore(&["product_id", "product", "quantite", "quantite_reservee", "quantite_disponible", "statut"]);
    f.finish()?;
    let mut tx = match ctx.open_write::<Stock>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(saved) => return Ok(saved),
    };
    let now: Stock = lock(&mut tx, ctx, id.0).await?;
    set_threshold(&mut tx, id, threshold.or(now.figures.seuil_alerte)).await?;
    let stock = reread(&mut *tx, ctx, id.0).await?;
    tx.commit(stock).await
}
