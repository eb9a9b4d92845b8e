//! Signatures and photos: judged by their content, kept in the database, seen by staff and for a week by the
//! livreur who made them.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use sqlx::{Postgres, QueryBuilder};

use super::model::{Items, Proof, ProofKind};
use super::pictures::{MAX_SIDE, media_type};
use crate::auth::context::{Ctx, Opened, Saved};
use crate::auth::permission::Permission;
use crate::error::{AppError, AppResult, ErrorCode};
use crate::orders::model::Order;
use crate::orders::workflow::OrderStatus;
use crate::server::keys::hex;
use crate::shared::money::french;
use crate::shared::resource::{self, lock};
use crate::shared::{Fields, OrderId, ProofId, UserId, Uuid};

/// The largest photo: our phones scale them down to 300 kB, other programs may not.
pub const MAX_PHOTO: usize = 10 * 1024 * 1024;
/// The largest signature.
pub const MAX_SIGNATURE: usize = 100 * 1024;
/// The most proofs of one order.
const MAX_PROOFS: i64 = 50;

/// What a picture may be.
pub const MEDIA_TYPES: [&str; 3] = ["image/png", "image/jpeg", "image/webp"];

#[derive(sqlx::FromRow)]
struct ProofRow {
    id: ProofId,
    order_id: OrderId,
    tentative_id: Option<Uuid>,
    nature: String,
    media_type: String,
    taille: i32,
    sha256: Vec<u8>,
    efface: bool,
    created_at: DateTime<Utc>,
    created_by: UserId,
    auteur: String,
}

const COLUMNS: &str =
    "p.id, p.order_id, p.tentative_id::text as tentative_id, p.nature, p.media_type, p.taille, p.sha256,
    p.octets is null as efface, p.created_at, p.created_by,
    (select concat_ws(' ', u.prenom, u.nom) from users u where u.id = p.created_by) as auteur";

impl ProofRow {
    fn into_proof(self) -> AppResult<Proof> {
        Ok(Proof {
            id: self.id,
            order_id: self.order_id,
            tentative_id: self.tentative_id,
            nature: ProofKind::parse(&self.nature).ok_or_else(|| AppError::internal("unknown kind of proof"))?,
            media_type: self.media_type,
            taille: self.taille,
            sha256: hex(&self.sha256),
            efface: self.efface,
            created_at: self.created_at,
            created_by: self.created_by,
            auteur: self.auteur,
        })
    }
}

/// ` and` those that the caller may see: staff all, a livreur what they made in the last 7 days.
fn push_visible(sql: &mut QueryBuilder<Postgres>, ctx: &Ctx) {
    if !ctx.may(Permission::ReadAllOrders) {
        sql.push(" and p.created_at > now() - interval '7 days' and p.created_by = ").push_bind(ctx.actor.user_id);
    }
}

/// `?type=signature|photo&tentative_id=`, and the picture itself. The same picture again is the same proof.
pub async fn add(ctx: &Ctx, order: OrderId, query: Vec<(String, String)>, bytes: Bytes) -> AppResult<Saved<Proof>> {
    ctx.require(Permission::MoveOrders)?;
    let mut f = Fields::of_pairs(query);
    let nature = f.choice("type", ProofKind::parse, &ProofKind::names());
    let nature = f.required("type", nature);
    let attempt = f.uuid("tentative_id").value();
    let media = media_type(&bytes);
    if media.is_none() {
        let words = format!(
            "Envoyez l'image elle-même, entière, en PNG, JPEG ou WebP, de {} pixels de côté au plus.",
            french(&MAX_SIDE.to_string())
        );
        f.refuse("", "image_attendue", words);
    }
    f.finish()?;
    let nature = nature.unwrap_or(ProofKind::Photo);
    let (most, words) = match nature {
        ProofKind::Photo => (MAX_PHOTO, "Une photo ne dépasse pas 10 Mio : réduisez-la."),
        ProofKind::Signature => (MAX_SIGNATURE, "Une signature ne dépasse pas 100 Kio."),
    };
    if bytes.len() > most {
        return Err(AppError::new(ErrorCode::TooLarge, words));
    }
    let mut tx = match ctx.open_write::<Proof>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(saved) => return Ok(saved),
    };
    let now: Order = lock(&mut tx, ctx, order.0).await?;
    if let Some(attempt) = &attempt {
        let of_order: bool =
            sqlx::query_scalar("select exists (select 1 from tentatives where id = $1::text::uuid and order_id = $2)")
                .bind(attempt)
                .bind(order)
                .fetch_one(&mut *tx)
                .await?;
        if !of_order {
            return Err(AppError::field("tentative_id", "inconnu", "Cette tentative n'est pas de cette commande."));
        }
    }
    if now.shipped_at.is_none() || !matches!(now.statut, OrderStatus::EnLivraison | OrderStatus::Livree) {
        let detail = format!("Au statut « {} », une commande ne reçoit pas de preuve.", now.statut.label());
        return Err(AppError::new(ErrorCode::StateConflict, detail));
    }
    let sha256 = Sha256::digest(&bytes).to_vec();
    let mut same = QueryBuilder::new(format!("select {COLUMNS} from preuves p where p.order_id = "));
    same.push_bind(order).push(" and p.created_by = ").push_bind(ctx.actor.user_id);
    same.push(" and p.nature = ").push_bind(nature.as_str()).push(" and p.sha256 = ").push_bind(sha256.clone());
    if let Some(first) = same.build_query_as::<ProofRow>().fetch_optional(&mut *tx).await? {
        return tx.commit(first.into_proof()?).await;
    }
    let there: i64 =
        sqlx::query_scalar("select count(*) from preuves where order_id = $1").bind(order).fetch_one(&mut *tx).await?;
    if there >= MAX_PROOFS {
        let detail = format!("Une commande a au plus {MAX_PROOFS} preuves.");
        return Err(AppError::new(ErrorCode::StateConflict, detail));
    }
    let made: ProofRow = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "insert into preuves as p (order_id, tentative_id, nature, media_type, taille, sha256, octets)
         values ($1, $2::text::uuid, $3, $4, $5, $6, $7) returning {COLUMNS}"
    )))
    .bind(order)
    .bind(attempt)
    .bind(nature.as_str())
    .bind(media)
    .bind(i32::try_from(bytes.len()).unwrap_or(i32::MAX))
    .bind(sha256)
    .bind(&bytes[..])
    .fetch_one(&mut *tx)
    .await?;
    tx.commit(made.into_proof()?).await
}

/// The proofs of an order that the caller may see, oldest first; refused where neither the order nor any of its
/// proofs is theirs to see.
pub async fn list(ctx: &Ctx, order: OrderId) -> AppResult<Items<Proof>> {
    let items = of_order(ctx, order).await?;
    if items.is_empty() {
        // Who made some sees them still, whoever delivers the order now.
        resource::get::<Order>(ctx, order.0, false).await?;
    }
    Ok(Items { items })
}

/// The same, of an order that was read already: deleted or not.
pub async fn of_order(ctx: &Ctx, order: OrderId) -> AppResult<Vec<Proof>> {
    ctx.require(Permission::ReadOrders)?;
    let mut sql = QueryBuilder::new(format!("select {COLUMNS} from preuves p where p.order_id = "));
    sql.push_bind(order);
    push_visible(&mut sql, ctx);
    sql.push(" order by p.id");
    let rows: Vec<ProofRow> = sql.build_query_as().fetch_all(&ctx.db).await?;
    rows.into_iter().map(ProofRow::into_proof).collect()
}

/// A picture as it was sent: its media type and its bytes.
pub async fn picture(ctx: &Ctx, order: OrderId, proof: ProofId) -> AppResult<(String, Vec<u8>)> {
    ctx.require(Permission::ReadOrders)?;
    let mut sql =
        QueryBuilder::new("select p.media_type, p.octets from preuves p where p.octets is not null and p.order_id = ");
    sql.push_bind(order).push(" and p.id = ").push_bind(proof);
    push_visible(&mut sql, ctx);
    let found: Option<(String, Vec<u8>)> = sql.build_query_as().fetch_optional(&ctx.db).await?;
    found.ok_or_else(|| AppError::not_found("Cette preuve"))
}
