//! Erasing a person (GDPR, art. 17): their data goes from the rows and from the trail. Who did what when,
//! the figures, and the chain of seals stay.
//!
//! An entry's seal covers a digest of its payload, not the payload: blanking that leaves the chain whole.

use sqlx::{PgPool, Postgres, Transaction};

use crate::clients::model::ERASED_CLIENT;
use crate::error::{AppError, AppResult, ErrorCode};
use crate::orders::names;
use crate::shared::{ClientId, SYSTEM_USER, UserId};
use crate::users::model::{ERASED_USER, erased_email};

/// The request that erasures are told under in the trail: by it, what was erased is told from what was hidden.
pub const ERASURE: &str = "erase-person";

/// Whose data is to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Person {
    /// A client, with the copies that their orders keep.
    Client(ClientId),
    /// A user who can no longer sign in.
    FormerUser(UserId),
}

/// What was erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Erased {
    /// Rows of clients or users.
    pub people: u64,
    /// Orders whose copy was blanked.
    pub orders: u64,
    /// Entries of the trail whose content was blanked.
    pub entries: u64,
}

/// The fields of an order or a client that tell who somebody is or where they live.
const CLIENT_FIELDS: &[&str] =
    &["nom", "telephone", "email", "adresse", "code_postal", "ville", "latitude", "longitude", "notes"];
const ORDER_FIELDS: &[&str] = &[
    "client_nom",
    "client_telephone",
    "client_email",
    "adresse_livraison",
    "code_postal",
    "ville",
    "latitude",
    "longitude",
    "notes",
    "motif_annulation",
];
const USER_FIELDS: &[&str] = &["email", "nom", "prenom", "telephone"];

/// Erases a person, all of it or nothing.
pub async fn erase(db: &PgPool, person: Person) -> AppResult<Erased> {
    let begin = format!("begin; set local app.user_id = '{SYSTEM_USER}'; set local app.request_id = '{ERASURE}'");
    let mut tx = db.begin_with(sqlx::AssertSqlSafe(begin)).await?;
    let erased = match person {
        Person::Client(id) => client(&mut tx, id).await?,
        Person::FormerUser(id) => former_user(&mut tx, id).await?,
    };
    tx.commit().await?;
    Ok(erased)
}

async fn client(tx: &mut Transaction<'_, Postgres>, id: ClientId) -> AppResult<Erased> {
    // Orders first, as everywhere; a new order of this client waits for the client's row.
    let orders: Vec<i64> =
        sqlx::query_scalar!("select id from orders where client_id = $1 order by id for update", id.0)
            .fetch_all(&mut **tx)
            .await?;
    let people = sqlx::query(
        "update clients set nom = $2, telephone = null, email = null, adresse = null, code_postal = null,
                ville = null, latitude = null, longitude = null, notes = null where id = $1",
    )
    .bind(id)
    .bind(ERASED_CLIENT)
    .execute(&mut **tx)
    .await?
    .rows_affected();
    if people == 0 {
        return Err(AppError::not_found("Ce client"));
    }
    let blanked = sqlx::query(
        "update orders set client_nom = $2, client_telephone = null, client_email = null,
                adresse_livraison = null, code_postal = null, ville = null, latitude = null, longitude = null,
                notes = null, motif_annulation = null
         where id = any($1)",
    )
    .bind(&orders)
    .bind(ERASED_CLIENT)
    .execute(&mut **tx)
    .await?
    .rows_affected();
    names::forget_unused(tx).await?;
    let mut entries = blank(tx, "clients", &[id.0], CLIENT_FIELDS).await?;
    entries += blank(tx, "orders", &orders, ORDER_FIELDS).await?;
    entries += deliveries(tx, &orders).await?;
    // Answers kept for repetition hold copies too; they would go within a day.
    sqlx::query!(
        "delete from idempotency_keys
         where (answer ->> 'client_id')::bigint = $1 or (path like '%/clients%' and (answer ->> 'id')::bigint = $1)",
        id.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(Erased { people, orders: blanked, entries })
}

/// What was noted at the door: who received, notes, reasons, signatures and photos.
async fn deliveries(tx: &mut Transaction<'_, Postgres>, orders: &[i64]) -> AppResult<u64> {
    let attempts: Vec<i64> = sqlx::query_scalar(
        "update tentatives set note = null, receveur = null
         where order_id = any($1) and (note is not null or receveur is not null) returning num",
    )
    .bind(orders)
    .fetch_all(&mut **tx)
    .await?;
    let corrections: Vec<i64> =
        sqlx::query_scalar("update corrections set motif = 'Motif effacé' where order_id = any($1) returning id")
            .bind(orders)
            .fetch_all(&mut **tx)
            .await?;
    sqlx::query("update preuves set octets = null, effacee_le = now() where order_id = any($1) and octets is not null")
        .bind(orders)
        .execute(&mut **tx)
        .await?;
    let entries = blank(tx, "tentatives", &attempts, &["note", "receveur"]).await?;
    Ok(entries + blank(tx, "corrections", &corrections, &["motif"]).await?)
}

async fn former_user(tx: &mut Transaction<'_, Postgres>, id: UserId) -> AppResult<Erased> {
    let user = sqlx::query!("select is_active, is_deleted, is_system from users where id = $1 for update", id.0)
        .fetch_optional(&mut **tx)
        .await?
        .filter(|user| !user.is_system)
        .ok_or_else(|| AppError::not_found("Cet utilisateur"))?;
    if user.is_active && !user.is_deleted {
        return Err(AppError::new(
            ErrorCode::StateConflict,
            "Cette personne peut encore se connecter : désactivez ou supprimez d'abord son compte.",
        ));
    }
    let people = sqlx::query(
        "update users set email = $2, nom = $3, prenom = null, telephone = null, password_hash = null,
                is_active = false where id = $1",
    )
    .bind(id)
    .bind(erased_email(id))
    .bind(ERASED_USER)
    .execute(&mut **tx)
    .await?
    .rows_affected();
    sqlx::query!("delete from sessions where user_id = $1", id.0).execute(&mut **tx).await?;
    sqlx::query!(
        "delete from idempotency_keys where user_id = $1 or (path like '%/users%' and (answer ->> 'id')::bigint = $1)",
        id.0
    )
    .execute(&mut **tx)
    .await?;
    let entries = blank(tx, "users", &[id.0], USER_FIELDS).await?;
    Ok(Erased { people, orders: 0, entries })
}

/// Blanks the entries of some rows that hold one of these fields; the others tell nothing of the person.
async fn blank(tx: &mut Transaction<'_, Postgres>, table: &str, rows: &[i64], fields: &[&str]) -> AppResult<u64> {
    let fields: Vec<String> = fields.iter().map(|field| (*field).to_owned()).collect();
    Ok(sqlx::query!(
        "update history set avant = null, apres = null, salt = null, erased_at = now()
         where table_name = $1 and row_id = any($2) and erased_at is null
           and (coalesce(avant, '{}') ?| $3 or coalesce(apres, '{}') ?| $3)",
        table,
        rows,
        &fields
    )
    .execute(&mut **tx)
    .await?
    .rows_affected())
}
