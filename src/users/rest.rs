//! People for other programs: three lines a route.

use axum::Json;
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{CourierBrief, NewUser, RoleInfo, User, UserUpdate};
use super::queries::UserFilter;
use super::{operations, queries};
use crate::auth::permission::{Permission, Role};
use crate::error::AppResult;
use crate::history;
use crate::server::access::may;
use crate::server::openapi::{deletable, listed};
use crate::server::rest::{Call, Reading, created, gone, saved};
use crate::server::state::AppState;
use crate::shared::{Page, UserId};

/// The routes, each with who may call it.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(may(Permission::ManageUsers, listed::<UserFilter>(routes!(list))))
        .routes(may(Permission::ManageUsers, routes!(create)))
        .routes(may(Permission::ReadCouriers, routes!(couriers)))
        .routes(may(Permission::ManageUsers, routes!(roles)))
        .routes(may(Permission::ManageUsers, deletable(routes!(one))))
        .routes(may(Permission::ManageUsers, routes!(update)))
        .routes(may(Permission::ManageUsers, routes!(delete)))
        .routes(may(Permission::ManageUsers, routes!(toggle)))
        .routes(may(Permission::ManageUsers, routes!(restore)))
        .routes(may(Permission::ManageUsers, history::rest::listed::<User>(routes!(history))))
}

/// Everybody who delivers.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct Couriers {
    items: Vec<CourierBrief>,
}

/// The four roles.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct Roles {
    items: Vec<RoleInfo>,
}

/// Les utilisateurs, par nom.
#[utoipa::path(get, path = "/users", operation_id = "list_users", tag = "Utilisateurs",
    params(("search" = Option<String>, Query, description = "Nom, prénom ou e-mail"), ("role" = Option<Role>, Query),
        ("is_active" = Option<bool>, Query)),
    responses((status = 200, body = Page<User>)))]
async fn list(call: Reading) -> AppResult<Response> {
    call.list::<UserFilter>().await
}

/// Les livreurs actifs, par nom.
#[utoipa::path(get, path = "/users/livreurs", operation_id = "list_livreurs", tag = "Utilisateurs",
    responses((status = 200, body = Couriers)))]
async fn couriers(call: Call) -> AppResult<Response> {
    call.no_query()?;
    Ok(Json(Couriers { items: queries::couriers(&call.ctx).await? }).into_response())
}

/// Les rôles et ce que chacun permet.
#[utoipa::path(get, path = "/users/roles", operation_id = "list_roles", tag = "Utilisateurs",
    responses((status = 200, body = Roles)))]
async fn roles(call: Call) -> AppResult<Response> {
    call.no_query()?;
    Ok(Json(Roles { items: queries::roles(&call.ctx)? }).into_response())
}

/// Un utilisateur.
#[utoipa::path(get, path = "/users/{id}", operation_id = "get_user", tag = "Utilisateurs", params(("id" = i64, Path)),
    responses((status = 200, body = User)))]
async fn one(call: Reading) -> AppResult<Response> {
    call.one::<User>().await
}

/// Crée un utilisateur.
#[utoipa::path(post, path = "/users", operation_id = "create_user", tag = "Utilisateurs", request_body = NewUser,
    responses((status = 201, body = User)))]
async fn create(call: Call) -> AppResult<Response> {
    call.no_query()?;
    Ok(created(operations::create_user(&call.ctx, call.body).await?, "/users", |user| user.id.0))
}

/// Modifie un utilisateur ; un mot de passe envoyé termine ses sessions. Le dernier admin actif le reste.
#[utoipa::path(put, path = "/users/{id}", operation_id = "update_user", tag = "Utilisateurs", params(("id" = i64, Path)),
    request_body = UserUpdate, responses((status = 200, body = User)))]
async fn update(call: Call) -> AppResult<Response> {
    call.no_query()?;
    let id: UserId = call.id("id")?;
    Ok(saved(operations::update_user(&call.ctx, id, call.body).await?))
}

/// Supprime un utilisateur : ni soi-même, ni le dernier admin, ni un livreur qui a des livraisons en cours.
#[utoipa::path(delete, path = "/users/{id}", operation_id = "delete_user", tag = "Utilisateurs", params(("id" = i64, Path)),
    responses((status = 204)))]
async fn delete(call: Call) -> AppResult<Response> {
    call.bare()?;
    operations::delete_user(&call.ctx, call.id("id")?).await.map(gone)
}

/// Active un utilisateur, ou le désactive, aux mêmes conditions qu'une suppression.
#[utoipa::path(patch, path = "/users/{id}/toggle-status", operation_id = "toggle_user", tag = "Utilisateurs",
    params(("id" = i64, Path)), responses((status = 200, body = User)))]
async fn toggle(call: Call) -> AppResult<Response> {
    call.bare()?;
    Ok(saved(operations::toggle_user(&call.ctx, call.id("id")?).await?))
}

/// Restaure un utilisateur supprimé, à moins que ses données aient été effacées (409).
#[utoipa::path(post, path = "/users/{id}/restore", operation_id = "restore_user", tag = "Utilisateurs",
    params(("id" = i64, Path)), responses((status = 200, body = User)))]
async fn restore(call: Call) -> AppResult<Response> {
    call.bare()?;
    Ok(saved(operations::restore_user(&call.ctx, call.id("id")?).await?))
}

/// Ce qui a changé chez un utilisateur, champ par champ ; jamais un mot de passe.
#[utoipa::path(get, path = "/users/{id}/history", operation_id = "user_history", tag = "Utilisateurs",
    params(("id" = i64, Path)), responses((status = 200, body = Page<history::model::Change>)))]
async fn history(call: Call) -> AppResult<Response> {
    history::rest::of::<User>(call).await
}
