//! What the screens ask about people, and do with accounts.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde_json::{Map, Value};

use super::model::{CourierBrief, Profile, User, UserSheet};
use crate::error::AppError;
use crate::shared::{Page, SessionId, UserId};

#[cfg(feature = "ssr")]
use super::{operations, queries};
#[cfg(feature = "ssr")]
use crate::auth::context::Ctx;
#[cfg(feature = "ssr")]
use crate::auth::sessions;

/// Everybody who can deliver now, by name.
#[server(prefix = "/_fn", endpoint = "couriers", input = Json)]
pub async fn couriers() -> Result<Vec<CourierBrief>, AppError> {
    let ctx = Ctx::of_browser().await?;
    queries::couriers(&ctx).await
}

/// A page of the list: the same parameters as `GET /api/v1/users`.
#[server(prefix = "/_fn", endpoint = "list_users", input = Json)]
pub async fn list_users(query: Vec<(String, String)>) -> Result<Page<User>, AppError> {
    let ctx = Ctx::of_browser().await?;
    crate::shared::listing::page::<queries::UserFilter>(&ctx, query).await
}

/// Everything the page of one user shows.
#[server(prefix = "/_fn", endpoint = "read_user", input = Json)]
pub async fn read_user(id: UserId) -> Result<UserSheet, AppError> {
    let ctx = Ctx::of_browser().await?;
    queries::user_sheet(&ctx, id).await
}

/// Creates a user. `key`: one for each opened form.
#[server(prefix = "/_fn", endpoint = "create_user", input = Json)]
pub async fn create_user(body: Map<String, Value>, key: String) -> Result<User, AppError> {
    let body = Value::Object(body);
    let ctx = Ctx::of_browser().await?.idempotent("create_user", key, &body)?;
    operations::create_user(&ctx, body).await.map(|saved| saved.value)
}

/// Changes a user, or resets their password. `version`: what was seen; a newer one refuses.
#[server(prefix = "/_fn", endpoint = "update_user", input = Json)]
pub async fn update_user(id: UserId, body: Map<String, Value>, version: i32) -> Result<User, AppError> {
    let ctx = Ctx::of_browser().await?.if_match(version);
    operations::update_user(&ctx, id, Value::Object(body)).await.map(|saved| saved.value)
}

/// Lets a user sign in, or no longer.
#[server(prefix = "/_fn", endpoint = "toggle_user", input = Json)]
pub async fn toggle_user(id: UserId, version: i32) -> Result<User, AppError> {
    let ctx = Ctx::of_browser().await?.if_match(version);
    operations::toggle_user(&ctx, id).await.map(|saved| saved.value)
}

/// Deletes a user.
#[server(prefix = "/_fn", endpoint = "delete_user", input = Json)]
pub async fn delete_user(id: UserId, version: i32) -> Result<(), AppError> {
    let ctx = Ctx::of_browser().await?.if_match(version);
    operations::delete_user(&ctx, id).await
}

/// Brings a deleted user back.
#[server(prefix = "/_fn", endpoint = "restore_user", input = Json)]
pub async fn restore_user(id: UserId) -> Result<User, AppError> {
    let ctx = Ctx::of_browser().await?;
    operations::restore_user(&ctx, id).await.map(|saved| saved.value)
}

/// Ends somebody's sessions; says how many there were.
#[server(prefix = "/_fn", endpoint = "end_user_sessions", input = Json)]
pub async fn end_user_sessions(id: UserId) -> Result<u64, AppError> {
    let ctx = Ctx::of_browser().await?;
    sessions::end_of_user(&ctx, id).await
}

/// Oneself, and where one is signed in.
#[server(prefix = "/_fn", endpoint = "read_profile", input = Json)]
pub async fn read_profile() -> Result<Profile, AppError> {
    let ctx = Ctx::of_browser().await?;
    queries::profile(&ctx).await
}

/// Changes one's own data. `version`: what was seen; a newer one refuses.
#[server(prefix = "/_fn", endpoint = "update_profile", input = Json)]
pub async fn update_profile(body: Map<String, Value>, version: i32) -> Result<User, AppError> {
    let ctx = Ctx::of_browser().await?.if_match(version);
    operations::update_me(&ctx, Value::Object(body)).await.map(|saved| saved.value)
}

/// Changes one's own password; the other sessions end.
#[server(prefix = "/_fn", endpoint = "change_password", input = Json)]
pub async fn change_password(current_password: String, new_password: String) -> Result<(), AppError> {
    let ctx = Ctx::of_browser().await?;
    let body = serde_json::json!({ "current_password": current_password, "new_password": new_password });
    operations::change_password(&ctx, body).await
}

/// Ends one of one's own sessions.
#[server(prefix = "/_fn", endpoint = "end_own_session", input = Json)]
pub async fn end_own_session(id: SessionId) -> Result<(), AppError> {
    let ctx = Ctx::of_browser().await?;
    sessions::end_own(&ctx, id).await
}

/// Ends all of one's own sessions but this one; says how many there were.
#[server(prefix = "/_fn", endpoint = "end_other_sessions", input = Json)]
pub async fn end_other_sessions() -> Result<u64, AppError> {
    let ctx = Ctx::of_browser().await?;
    sessions::end_others(&ctx).await
}
