//! Signing in, staying signed in, signing out.

use sqlx::PgPool;

use super::context::Actor;
use super::password;
use super::sessions::{self, Origin, TokenPair};
use super::throttle::Attempt;
use crate::error::{AppError, AppResult, ErrorCode};
use crate::server::state::AppState;
use crate::shared::{Fields, UserId};
use crate::users::model::User;
use crate::users::queries::find_user;

/// E-mail and password, as sent.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// As typed.
    pub email: String,
    /// As typed.
    pub password: String,
}

impl Credentials {
    /// Reads `{email, password}`.
    pub fn read(body: serde_json::Value) -> AppResult<Self> {
        let mut f = Fields::of_body(body)?;
        let email = f.line("email", 254);
        let email = f.required("email", email);
        let password = f.secret("password");
        let password = f.required("password", password);
        f.finish()?;
        Ok(Self { email: email.unwrap_or_default(), password: password.unwrap_or_default() })
    }
}

/// The user behind the credentials. Wrong e-mail, wrong password and inactive account are one refusal,
/// in the same time.
async fn authenticate(state: &AppState, credentials: Credentials, origin: &Origin) -> AppResult<UserId> {
    let attempt = Attempt::begin(&state.db, &state.keys, &credentials.email, origin.address).await?;
    let found = sqlx::query!(
        "select id, password_hash, is_active from users where lower(email) = lower($1) and not is_deleted and not is_system",
        credentials.email
    )
    .fetch_optional(&state.db)
    .await?;
    let (id, stored) = match found {
        Some(user) if user.is_active => (Some(UserId(user.id)), user.password_hash),
        // The hash of an inactive account is not looked at: its time is that of an unknown one.
        _ => (None, None),
    };
    let right = password::verify(&state.hashing, credentials.password, stored).await?;
    match id {
        Some(id) if right => {
            attempt.succeed(&state.db).await?;
            sqlx::query!("update users set last_login_at = now() where id = $1", id.0).execute(&state.db).await?;
            Ok(id)
        }
        _ => Err(AppError::new(ErrorCode::BadCredentials, "E-mail ou mot de passe incorrect.")),
    }
}

/// Signs a program in: a pair of tokens and who it is.
pub async fn login(state: &AppState, body: serde_json::Value, origin: &Origin) -> AppResult<(TokenPair, User)> {
    let user = authenticate(state, Credentials::read(body)?, origin).await?;
    let pair = sessions::open_api(&state.db, &state.keys, user, origin).await?;
    Ok((pair, current(&state.db, user).await?))
}

/// Signs a browser in: the value of its cookie, and who it is, whose role decides where one begins.
pub async fn sign_in(state: &AppState, credentials: Credentials, origin: &Origin) -> AppResult<(String, User)> {
    let user = authenticate(state, credentials, origin).await?;
    let cookie = sessions::open_browser(&state.db, user, origin).await?;
    Ok((cookie, current(&state.db, user).await?))
}

/// The next pair of tokens.
pub async fn refresh(state: &AppState, token: &str) -> AppResult<(TokenPair, User)> {
    let (user, pair) = sessions::refresh(&state.db, &state.keys, token).await?;
    Ok((pair, current(&state.db, user).await?))
}

/// Ends the caller's session.
pub async fn logout(db: &PgPool, actor: &Actor) -> AppResult<()> {
    sessions::end(db, actor.session_id).await
}

async fn current(db: &PgPool, id: UserId) -> AppResult<User> {
    find_user(db, id).await?.ok_or_else(AppError::unauthenticated)
}
