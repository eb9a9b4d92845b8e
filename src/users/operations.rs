//! Reading people.

use chrono::{DateTime, Utc};
use sqlx::PgPool;

use super::model::{CourierBrief, User};
use crate::auth::context::Ctx;
use crate::auth::permission::{Permission, Role};
use crate::error::{AppError, AppResult};
use crate::shared::UserId;

#[derive(sqlx::FromRow)]
struct UserRow {
    id: UserId,
    email: String,
    nom: String,
    prenom: Option<String>,
    telephone: Option<String>,
    role: String,
    is_active: bool,
    last_login_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    created_by: UserId,
    updated_by: UserId,
    version: i32,
    is_deleted: bool,
    deleted_at: Option<DateTime<Utc>>,
    deleted_by: Option<UserId>,
}

impl TryFrom<UserRow> for User {
    type Error = AppError;

    fn try_from(row: UserRow) -> AppResult<User> {
        Ok(User {
            id: row.id,
            email: row.email,
            nom: row.nom,
            prenom: row.prenom,
            telephone: row.telephone,
            role: Role::parse(&row.role).ok_or_else(|| AppError::internal("unknown role"))?,
            is_active: row.is_active,
            last_login_at: row.last_login_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
            created_by: row.created_by,
            updated_by: row.updated_by,
            version: row.version,
            is_deleted: row.is_deleted,
            deleted_at: row.deleted_at,
            deleted_by: row.deleted_by,
        })
    }
}

/// A living user.
pub async fn find_user(db: &PgPool, id: UserId) -> AppResult<Option<User>> {
    let row = sqlx::query_as::<_, UserRow>(
        "select id, email, nom, prenom, telephone, role, is_active, last_login_at, created_at, updated_at,
                created_by, updated_by, version, is_deleted, deleted_at, deleted_by
         from users where id = $1 and not is_deleted",
    )
    .bind(id)
    .fetch_optional(db)
    .await?;
    row.map(User::try_from).transpose()
}

/// The caller.
pub async fn me(ctx: &Ctx) -> AppResult<User> {
    find_user(&ctx.db, ctx.actor.user_id).await?.ok_or_else(AppError::unauthenticated)
}

/// Everybody who can deliver now, by name.
pub async fn couriers(ctx: &Ctx) -> AppResult<Vec<CourierBrief>> {
    ctx.require(Permission::ReadCouriers)?;
    let couriers = sqlx::query_as!(
        CourierBrief,
        "select id, nom, prenom, telephone from users
         where role = 'livreur' and is_active and not is_deleted order by nom collate french, id"
    )
    .fetch_all(&ctx.db)
    .await?;
    Ok(couriers)
}
