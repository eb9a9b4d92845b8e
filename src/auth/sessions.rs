//! Sessions: one opaque cookie for a browser or phone, a family of tokens for a program. Looked up by
//! key at every request, so that a role change or the end of a session counts at once, on every server.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use sqlx::{PgExecutor, PgPool};
use std::net::IpAddr;

use super::context::{Actor, Ctx};
use super::model::SessionInfo;
use super::permission::{Permission, Role};
use super::tokens::{self, FAMILY_DAYS, REFRESH_DAYS};
use crate::error::{AppError, AppResult};
use crate::server::keys::{Keys, random_bytes};
use crate::server::readers::Readers;
use crate::server::transaction;
use crate::shared::resource;
use crate::shared::{Day, SessionId, UserId};
use crate::users::model::User;

/// Where a session was opened: shown to its owner.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The peer, or who a trusted proxy says it is.
    pub address: IpAddr,
    /// `User-Agent`, cut to what the table holds.
    pub user_agent: Option<String>,
}

/// A new pair of tokens.
#[derive(Debug, Clone, PartialEq)]
pub struct TokenPair {
    /// For `Authorization: Bearer`.
    pub access: String,
    /// For `/auth/refresh`, once.
    pub refresh: String,
}

/// What a browser's request finds: the business day, and who is there.
#[derive(Debug, Clone)]
pub struct BrowserSession {
    /// The business day today.
    pub today: Day,
    /// Who is there.
    pub actor: Option<Actor>,
}

/// Opens a browser's session; the cookie's value is known to nobody else.
pub async fn open_browser(db: &PgPool, user: UserId, origin: &Origin) -> AppResult<String> {
    let cookie = URL_SAFE_NO_PAD.encode(random_bytes::<32>());
    sqlx::query!(
        "insert into sessions (user_id, kind, cookie_digest, user_agent, address, expires_at)
         values ($1, 'navigateur', $2, $3, $4::text::inet, now() + interval '30 days')",
        user.0,
        digest(&cookie),
        origin.user_agent,
        origin.address.to_string()
    )
    .execute(db)
    .await?;
    Ok(cookie)
}

/// Opens a program's session.
pub async fn open_api(db: &PgPool, keys: &Keys, user: UserId, origin: &Origin) -> AppResult<TokenPair> {
    let salt = random_bytes::<16>();
    let id = sqlx::query_scalar!(
        "insert into sessions (user_id, kind, salt, user_agent, address, expires_at, ends_at)
         values ($1, 'api', $2, $3, $4::text::inet, now() + make_interval(days => $5), now() + make_interval(days => $6))
         returning id",
        user.0, &salt[..], origin.user_agent, origin.address.to_string(), REFRESH_DAYS, FAMILY_DAYS
    )
    .fetch_one(db)
    .await?;
    pair(keys, user, SessionId(id), 0, &salt)
}

fn pair(keys: &Keys, user: UserId, session: SessionId, generation: i32, salt: &[u8]) -> AppResult<TokenPair> {
    Ok(TokenPair {
        access: tokens::sign_access(keys, user, session, Utc::now())?,
        refresh: tokens::refresh_token(keys, session, generation, salt),
    })
}

/// The next pair for a refresh token. Used a second time within 10 s, while its successor is unused, it
/// gives the same successor (the answer may have been lost); any other second use ends the family.
pub async fn refresh(db: &PgPool, keys: &Keys, token: &str) -> AppResult<(UserId, TokenPair)> {
    let (id, generation) = tokens::read_refresh(token).ok_or_else(AppError::unauthenticated)?;
    let mut tx = transaction::begin(db, "begin").await?;
    let row = sqlx::query!(
        r#"select s.user_id, s.generation, s.salt as "salt!", s.rotated_at > now() - interval '10 seconds' as just_rotated
           from sessions s join users u on u.id = s.user_id
           where s.id = $1 and s.kind = 'api' and s.revoked_at is null and s.expires_at > now() and s.ends_at > now()
             and u.is_active and not u.is_deleted
           for update of s"#,
        id.0
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or_else(AppError::unauthenticated)?;
    if !tokens::same_secret(keys, token, &tokens::refresh_token(keys, id, generation, &row.salt)) {
        return Err(AppError::unauthenticated());
    }
    let next = if generation == row.generation {
        sqlx::query!(
            "update sessions set generation = generation + 1, rotated_at = now(), last_seen_at = now(),
                    expires_at = least(ends_at, now() + make_interval(days => $2)) where id = $1",
            id.0,
            REFRESH_DAYS
        )
        .execute(&mut *tx)
        .await?;
        generation + 1
    } else if generation + 1 == row.generation && row.just_rotated == Some(true) {
        row.generation
    } else {
        sqlx::query!("update sessions set revoked_at = now() where id = $1", id.0).execute(&mut *tx).await?;
        tx.commit().await?;
        tracing::warn!(session = id.0, "a spent refresh token came back: the session is ended");
        return Err(AppError::unauthenticated());
    };
    tx.commit().await?;
    let user = UserId(row.user_id);
    Ok((user, pair(keys, user, id, next, &row.salt)?))
}

/// Who a signed access token stands for now.
pub async fn actor_of_token(db: impl PgExecutor<'_>, keys: &Keys, token: &str) -> AppResult<Actor> {
    let claims = tokens::read_access(keys, token).ok_or_else(AppError::unauthenticated)?;
    let row = sqlx::query!(
        "select u.id, u.role, u.nom, u.prenom, u.email from sessions s join users u on u.id = s.user_id
         where s.id = $1 and s.kind = 'api' and s.revoked_at is null and s.ends_at > now()
           and u.is_active and not u.is_deleted",
        claims.sid
    )
    .fetch_optional(db)
    .await?
    .ok_or_else(AppError::unauthenticated)?;
    Ok(Actor {
        user_id: UserId(row.id),
        session_id: SessionId(claims.sid),
        role: Role::parse(&row.role).ok_or_else(|| AppError::internal("unknown role"))?,
        nom: row.nom,
        prenom: row.prenom,
        email: row.email,
    })
}

/// Who a browser's cookie stands for now, and the business day: one round trip. The session slides
/// at most once an hour, so that reading a page does not write.
pub async fn of_cookie(reads: &Readers, db: &PgPool, cookie: Option<&str>) -> AppResult<BrowserSession> {
    let key = cookie.map(digest);
    let asked = sqlx::query!(
        r#"select business_day(now()) as "today!", s.id as "session_id?", s.last_seen_at as "last_seen_at?",
                  u.id as "user_id?", u.role as "role?", u.nom as "nom?", u.prenom as "prenom?", u.email as "email?"
           from (select 1) as one
           left join (sessions s join users u on u.id = s.user_id and u.is_active and not u.is_deleted)
             on s.cookie_digest = $1 and s.kind = 'navigateur' and s.revoked_at is null and s.expires_at > now()"#,
        key
    );
    let row = reads.read(async |db| Ok(asked.fetch_one(db).await?)).await?;
    let actor = match (row.session_id, row.user_id, row.role, row.nom, row.email) {
        (Some(session), Some(user), Some(role), Some(nom), Some(email)) => Some(Actor {
            user_id: UserId(user),
            session_id: SessionId(session),
            role: Role::parse(&role).ok_or_else(|| AppError::internal("unknown role"))?,
            nom,
            prenom: row.prenom,
            email,
        }),
        _ => None,
    };
    if let (Some(actor), Some(seen)) = (&actor, row.last_seen_at) {
        slide(db, actor.session_id, seen).await?;
    }
    Ok(BrowserSession { today: Day(row.today), actor })
}

/// When the session of somebody runs out; none when it has ended, or when they are not there any more in
/// the role they had.
pub async fn expiry(reads: &Readers, actor: &Actor) -> AppResult<Option<DateTime<Utc>>> {
    let asked = sqlx::query_scalar!(
        "select s.expires_at from sessions s join users u on u.id = s.user_id
         where s.id = $1 and s.revoked_at is null and s.expires_at > now() and u.is_active and not u.is_deleted and u.role = $2",
        actor.session_id.0,
        actor.role.as_str()
    );
    reads.read(async |db| Ok(asked.fetch_optional(db).await?)).await
}

async fn slide(db: &PgPool, session: SessionId, seen: DateTime<Utc>) -> AppResult<()> {
    if Utc::now() - seen > chrono::TimeDelta::hours(1) {
        sqlx::query!(
            "update sessions set last_seen_at = now(), expires_at = now() + interval '30 days' where id = $1",
            session.0
        )
        .execute(db)
        .await?;
    }
    Ok(())
}

/// Ends a session.
pub async fn end(db: &PgPool, session: SessionId) -> AppResult<()> {
    sqlx::query!("update sessions set revoked_at = now() where id = $1 and revoked_at is null", session.0)
        .execute(db)
        .await?;
    Ok(())
}

/// The caller's living sessions, the last used first.
pub async fn own(ctx: &Ctx) -> AppResult<Vec<SessionInfo>> {
    living(ctx, ctx.actor.user_id).await
}

/// Somebody's living sessions, for those who manage accounts.
pub async fn of_user(ctx: &Ctx, user: UserId) -> AppResult<Vec<SessionInfo>> {
    ctx.require(Permission::ManageUsers)?;
    living(ctx, user).await
}

async fn living(ctx: &Ctx, user: UserId) -> AppResult<Vec<SessionInfo>> {
    Ok(sqlx::query_as(
        "select id, kind, user_agent, host(address) as address, created_at, last_seen_at, expires_at, id = $2 as courante
         from sessions where user_id = $1 and revoked_at is null and expires_at > now()
         order by last_seen_at desc, id desc limit 200",
    )
    .bind(user)
    .bind(ctx.actor.session_id)
    .fetch_all(&ctx.db)
    .await?)
}

/// Ends one of the caller's sessions.
pub async fn end_own(ctx: &Ctx, session: SessionId) -> AppResult<()> {
    let ended = sqlx::query!(
        "update sessions set revoked_at = now()
         where id = $1 and user_id = $2 and revoked_at is null and expires_at > now()",
        session.0,
        ctx.actor.user_id.0
    )
    .execute(&ctx.db)
    .await?
    .rows_affected();
    if ended == 1 { Ok(()) } else { Err(AppError::not_found("Cette session")) }
}

/// Ends the caller's other sessions; says how many there were.
pub async fn end_others(ctx: &Ctx) -> AppResult<u64> {
    end_but_current(ctx, ctx.actor.user_id).await
}

/// Ends all sessions of somebody, but never the one that asks; says how many there were.
pub async fn end_of_user(ctx: &Ctx, user: UserId) -> AppResult<u64> {
    ctx.require(Permission::ManageUsers)?;
    let user: User = resource::get(ctx, user.0, false).await?;
    end_but_current(ctx, user.id).await
}

async fn end_but_current(ctx: &Ctx, user: UserId) -> AppResult<u64> {
    let sql = "update sessions set revoked_at = now()
               where user_id = $1 and id <> $2 and revoked_at is null and expires_at > now()";
    let ended = sqlx::query(sql).bind(user).bind(ctx.actor.session_id).execute(&ctx.db).await?;
    Ok(ended.rows_affected())
}

fn digest(cookie: &str) -> Vec<u8> {
    Sha256::digest(cookie.as_bytes()).to_vec()
}
