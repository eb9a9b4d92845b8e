//! What changes users. The last active admin stays, whatever is asked at the same time.

use serde_json::Value;

use super::model::User;
use super::queries::find_user;
use crate::auth::context::{Ctx, Opened, Saved, WriteTx};
use crate::auth::password;
use crate::auth::permission::{Permission, Role};
use crate::error::{AppError, AppResult, ErrorCode};
use crate::shared::audit::READ_ONLY;
use crate::shared::fields::Sent;
use crate::shared::resource::{self, lock, reread};
use crate::shared::{Fields, UserId};

struct Fresh {
    email: Sent<String>,
    nom: Sent<String>,
    prenom: Sent<String>,
    telephone: Sent<String>,
    role: Sent<Role>,
}

impl Fresh {
    fn read(f: &mut Fields) -> Self {
        let roles = Role::ALL.map(Role::as_str).join(", ");
        Self {
            email: f.email("email"),
            nom: f.line("nom", 200),
            prenom: f.line("prenom", 200),
            telephone: f.line("telephone", 30),
            role: f.choice("role", Role::parse, &roles),
        }
    }
}

/// Reads a new password and judges it by the rule for new ones.
fn new_password(f: &mut Fields, name: &str, email: &str) -> Sent<String> {
    let sent = f.secret(name);
    if let Sent::Value(text) = &sent
        && let Err((code, message)) = password::check_new(text, email)
    {
        f.refuse(name, code, message);
    }
    sent
}

/// `{email, password, nom, prenom?, telephone?, role}`
pub async fn create_user(ctx: &Ctx, body: Value) -> AppResult<Saved<User>> {
    ctx.require(Permission::ManageUsers)?;
    let mut f = Fields::of_body(body)?;
    let sent = Fresh::read(&mut f);
    let email = f.required("email", sent.email).unwrap_or_default();
    let secret = new_password(&mut f, "password", &email);
    let secret = f.required("password", secret);
    let nom = f.required("nom", sent.nom);
    let role = f.required("role", sent.role);
    f.finish()?;
    let hash = password::hash(&ctx.hashing, secret.unwrap_or_default()).await?;
    let mut tx = match ctx.open_write::<User>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(saved) => return Ok(saved),
    };
    let id = sqlx::query_scalar!(
        "insert into users (email, nom, prenom, telephone, role, password_hash) values ($1, $2, $3, $4, $5, $6) returning id",
        email,
        nom,
        sent.prenom.value(),
        sent.telephone.value(),
        role.map(Role::as_str),
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
    let mut f = Fields::of_body(body)?;
    let sent = Fresh::read(&mut f);
    f.kept("email", &sent.email);
    f.kept("nom", &sent.nom);
    f.kept("role", &sent.role);
    let email = match sent.email.clone().value() {
        Some(email) => email,
        // A password is judged beside the e-mail that stays.
        None => find_user(&ctx.db, id).await?.map(|user| user.email).unwrap_or_default(),
    };
    let secret = new_password(&mut f, "password", &email);
    f.kept("password", &secret);
    f.ignore(READ_ONLY);
    f.ignore(&["is_active", "last_login_at"]);
    f.finish()?;
    let hash = match secret.value() {
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
        require_another_admin(&admins, id)?;
        require_idle(&mut tx, &now).await?;
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
    if now.is_active {
        require_removable(&mut tx, ctx, &admins, &now).await?;
    }
    sqlx::query!("update users set is_active = not is_active where id = $1", id.0).execute(&mut *tx).await?;
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
    require_removable(&mut tx, ctx, &admins, &now).await?;
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

/// Brings a deleted user back, if nobody took their e-mail.
pub async fn restore_user(ctx: &Ctx, id: UserId) -> AppResult<Saved<User>> {
    ctx.require(Permission::ManageUsers)?;
    resource::restore::<User>(ctx, id.0, async |_, _| Ok(())).await
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

fn require_another_admin(admins: &[i64], id: UserId) -> AppResult<()> {
    if admins == [id.0] {
        return Err(AppError::new(
            ErrorCode::LastAdmin,
            "C'est le dernier administrateur actif : nommez-en un autre d'abord.",
        ));
    }
    Ok(())
}

async fn require_removable(tx: &mut WriteTx, ctx: &Ctx, admins: &[i64], user: &User) -> AppResult<()> {
    require_another_admin(admins, user.id)?;
    if user.id == ctx.actor.user_id {
        return Err(AppError::new(
            ErrorCode::OwnAccount,
            "On ne supprime ni ne désactive son propre compte : demandez à un autre administrateur.",
        ));
    }
    require_idle(tx, user).await
}

/// No deliveries wait for this livreur.
async fn require_idle(tx: &mut WriteTx, user: &User) -> AppResult<()> {
    if user.role != Role::Livreur {
        return Ok(());
    }
    let open = sqlx::query_scalar!(
        r#"select count(*) as "n!" from orders
           where livreur_id = $1 and statut in ('confirmee', 'en_preparation', 'en_livraison') and not is_deleted"#,
        user.id.0
    )
    .fetch_one(&mut **tx)
    .await?;
    if open == 0 {
        return Ok(());
    }
    let detail = format!("Ce livreur a encore {open} livraison(s) en cours : confiez-les à un autre d'abord.");
    Err(AppError::new(ErrorCode::CourierBusy, detail).with("nombre_commandes", open))
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
    let mut f = Fields::of_body(body)?;
    let (nom, prenom, telephone) = (f.line("nom", 200), f.line("prenom", 200), f.line("telephone", 30));
    f.kept("nom", &nom);
    f.ignore(READ_ONLY);
    f.ignore(&["email", "role", "is_active", "last_login_at"]);
    f.finish()?;
    let mut tx = match ctx.open_write::<User>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(saved) => return Ok(saved),
    };
    let id = ctx.actor.user_id;
    let now: User = lock(&mut tx, ctx, id.0).await?;
    sqlx::query!(
        "update users set nom = $2, prenom = $3, telephone = $4 where id = $1",
        id.0,
        nom.or(now.nom),
        prenom.or_cleared(now.prenom),
        telephone.or_cleared(now.telephone)
    )
    .execute(&mut *tx)
    .await?;
    let user = reread(&mut *tx, ctx, id.0).await?;
    tx.commit(user).await
}

/// `{current_password, new_password}`; the user's other sessions end.
pub async fn change_password(ctx: &Ctx, body: Value) -> AppResult<()> {
    let mut f = Fields::of_body(body)?;
    let current = f.secret("current_password");
    let current = f.required("current_password", current);
    let fresh = new_password(&mut f, "new_password", &ctx.actor.email);
    let fresh = f.required("new_password", fresh);
    f.finish()?;
    let id = ctx.actor.user_id;
    let stored = sqlx::query_scalar!("select password_hash from users where id = $1", id.0).fetch_one(&ctx.db).await?;
    if !password::verify(&ctx.hashing, current.unwrap_or_default(), stored.clone()).await? {
        return Err(AppError::field(
            "current_password",
            "mot_de_passe_incorrect",
            "Ce n'est pas votre mot de passe actuel.",
        ));
    }
    let hash = password::hash(&ctx.hashing, fresh.unwrap_or_default()).await?;
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
        return Err(AppError::new(ErrorCode::StateConflict, "Le mot de passe vient d'être changé par ailleurs."));
    }
    end_sessions(&mut tx, id, Some(ctx.actor.session_id.0)).await?;
    tx.commit(()).await?;
    Ok(())
}
