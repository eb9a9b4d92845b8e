//! What changes users. The last active admin stays, whatever is asked at the same time.

use serde_json::Value;

use super::input::{PasswordChange, ProfileInput, UserInput};
use super::model::User;
use super::queries::{find_user, open_deliveries};
use super::rules::{Circumstances, Obstacle, against_removal, against_return, against_role};
use crate::auth::context::{Ctx, Opened, Saved, WriteTx};
use crate::auth::password;
use crate::auth::permission::{Permission, Role};
use crate::error::{AppError, AppResult, both};
use crate::shared::UserId;
use crate::shared::resource::{self, lock, reread};

/// `{email, password, nom, prenom?, telephone?, role}`
pub async fn create_user(ctx: &Ctx, body: Value) -> AppResult<Saved<User>> {
    ctx.require(Permission::ManageUsers)?;
    let sent = UserInput::read_new(body)?;
    let hash = password::hash(&ctx.hashing, sent.password.value().unwrap_or_default()).await?;
    let mut tx = match ctx.open_write::<User>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(saved) => return Ok(saved),
    };
    let id = sqlx::query_scalar!(
        "insert into users (email, nom, prenom, telephone, role, password_hash) values ($1, $2, $3, $4, $5, $6) returning id",
        sent.email.value(),
        sent.nom.value(),
        sent.prenom.value(),
        sent.telephone.value(),
        sent.role.value().map(Role::as_str),
        hash
    )
    .fetch_one(&mut *tx)
    .await?;
    let user = reread(&mut *tx, ctx, id).await?;
    tx.commit(user).await
}

/// Changes a user; what is not sent stays. A password ends their sessions.
pub async fn update_user(ctx: &Ctx, id: UserId, body: Value) -> AppResult<Saved<User>> {
    ctx.require(Permission::ManageUsers)?;
    // A password is judged beside the e-mail that stays.
    let email_now = match body.get("password") {
        Some(_) => find_user(&ctx.db, id).await?.map(|user| user.email).unwrap_or_default(),
        None => String::new(),
    };
    let sent = UserInput::read_change(body, &email_now)?;
    let hash = match sent.password.value() {
        Some(secret) => Some(password::hash(&ctx.hashing, secret).await?),
        None => None,
    };
    let mut tx = match ctx.open_write::<User>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(saved) => return Ok(saved),
    };
    let admins = lock_admins(&mut tx).await?;
    let now: User = lock(&mut tx, ctx, id.0).await?;
    let role = sent.role.or(now.role);
    if role != now.role {
        unless(against_role(&now, circumstances(&mut tx, &admins, &now).await?))?;
    }
    sqlx::query!(
        "update users set email = $2, nom = $3, prenom = $4, telephone = $5, role = $6,
                password_hash = coalesce($7, password_hash),
                password_changed_at = case when $7::text is null then password_changed_at else now() end
         where id = $1",
        id.0,
        sent.email.or(now.email),
        sent.nom.or(now.nom),
        sent.prenom.or_cleared(now.prenom),
        sent.telephone.or_cleared(now.telephone),
        role.as_str(),
        hash
    )
    .execute(&mut *tx)
    .await?;
    if hash.is_some() {
        end_sessions(&mut tx, id, None).await?;
    }
    let user = reread(&mut *tx, ctx, id.0).await?;
    tx.commit(user).await
}

/// Lets a user sign in, or no longer.
pub async fn toggle_user(ctx: &Ctx, id: UserId) -> AppResult<Saved<User>> {
    ctx.require(Permission::ManageUsers)?;
    let mut tx = match ctx.open_write::<User>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(saved) => return Ok(saved),
    };
    let admins = lock_admins(&mut tx).await?;
    let now: User = lock(&mut tx, ctx, id.0).await?;
    unless(match now.is_active {
        true => against_removal(&now, ctx.actor.user_id, circumstances(&mut tx, &admins, &now).await?),
        false => against_return(&now),
    })?;
    sqlx::query!("update users set is_active = not is_active where id = $1", id.0).execute(&mut *tx).await?;
    if now.is_active {
        // Let in again one day, they sign in again: what was signed in before stays out.
        end_sessions(&mut tx, id, None).await?;
    }
    let user = reread(&mut *tx, ctx, id.0).await?;
    tx.commit(user).await
}

/// Deletes a user; what they did stays told under their name.
pub async fn delete_user(ctx: &Ctx, id: UserId) -> AppResult<()> {
    ctx.require(Permission::ManageUsers)?;
    let mut tx = match ctx.open_write::<()>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(_) => return Ok(()),
    };
    let admins = lock_admins(&mut tx).await?;
    let now: User = lock(&mut tx, ctx, id.0).await?;
    unless(against_removal(&now, ctx.actor.user_id, circumstances(&mut tx, &admins, &now).await?))?;
    sqlx::query!(
        "update users set is_deleted = true, deleted_at = now(), deleted_by = $2 where id = $1",
        id.0,
        ctx.actor.user_id.0
    )
    .execute(&mut *tx)
    .await?;
    end_sessions(&mut tx, id, None).await?;
    tx.commit(()).await?;
    Ok(())
}

/// Brings a deleted user back, if nobody took their e-mail and their data were not erased.
pub async fn restore_user(ctx: &Ctx, id: UserId) -> AppResult<Saved<User>> {
    ctx.require(Permission::ManageUsers)?;
    resource::restore::<User>(ctx, id.0, async |_, user| unless(against_return(user))).await
}

/// The active admins, locked in id order and before any other user: two requests that would remove
/// one each wait here, and the second sees what the first left.
async fn lock_admins(tx: &mut WriteTx) -> AppResult<Vec<i64>> {
    Ok(sqlx::query_scalar!(
        "select id from users where role = 'admin' and is_active and not is_deleted order by id for update"
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// What decides about an account, under the lock of the admins.
async fn circumstances(tx: &mut WriteTx, admins: &[i64], user: &User) -> AppResult<Circumstances> {
    let open_deliveries = if user.role == Role::Livreur { open_deliveries(&mut **tx, user.id).await? } else { 0 };
    Ok(Circumstances { last_admin: admins == [user.id.0], open_deliveries })
}

/// Refuses where something stands in the way.
fn unless(obstacle: Option<Obstacle>) -> AppResult<()> {
    obstacle.map_or(Ok(()), |obstacle| Err(obstacle.error()))
}

/// Ends a user's sessions, but for the one given.
async fn end_sessions(tx: &mut WriteTx, id: UserId, but: Option<i64>) -> AppResult<()> {
    sqlx::query!(
        "update sessions set revoked_at = now() where user_id = $1 and revoked_at is null and id is distinct from $2",
        id.0,
        but
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// `{nom?, prenom?, telephone?}`: what one may change of oneself.
pub async fn update_me(ctx: &Ctx, body: Value) -> AppResult<Saved<User>> {
    let sent = ProfileInput::read(body)?;
    let mut tx = match ctx.open_write::<User>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(saved) => return Ok(saved),
    };
    let id = ctx.actor.user_id;
    let now: User = lock(&mut tx, ctx, id.0).await?;
    sqlx::query!(
        "update users set nom = $2, prenom = $3, telephone = $4 where id = $1",
        id.0,
        sent.nom.or(now.nom),
        sent.prenom.or_cleared(now.prenom),
        sent.telephone.or_cleared(now.telephone)
    )
    .execute(&mut *tx)
    .await?;
    let user = reread(&mut *tx, ctx, id.0).await?;
    tx.commit(user).await
}

fn not_theirs() -> AppError {
    AppError::field("current_password", "mot_de_passe_incorrect", "Ce n'est pas votre mot de passe actuel.")
}

/// `{current_password, new_password}`; the user's other sessions end.
pub async fn change_password(ctx: &Ctx, body: Value) -> AppResult<()> {
    let PasswordChange { current, fresh } = PasswordChange::read(body, &ctx.actor.email)?;
    let id = ctx.actor.user_id;
    let stored = sqlx::query_scalar!("select password_hash from users where id = $1", id.0).fetch_one(&ctx.db).await?;
    // Wrong or not, it is told beside what is wrong with the new one.
    let known = if password::verify(&ctx.hashing, current, stored.clone()).await? { Ok(()) } else { Err(not_theirs()) };
    let ((), fresh) = both(known, fresh)?;
    let hash = password::hash(&ctx.hashing, fresh).await?;
    let mut tx = match ctx.open_write::<()>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(_) => return Ok(()),
    };
    // Only over the one that was shown to be known: an admin may have reset it meanwhile.
    let changed = sqlx::query!(
        "update users set password_hash = $2, password_changed_at = now() where id = $1 and password_hash is not distinct from $3",
        id.0,
        hash,
        stored
    )
    .execute(&mut *tx)
    .await?
    .rows_affected();
    if changed == 0 {
        return Err(not_theirs());
    }
    end_sessions(&mut tx, id, Some(ctx.actor.session_id.0)).await?;
    tx.commit(()).await?;
    Ok(())
}
