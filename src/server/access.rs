//! Who may call a route. Said once, where the route is named: it guards the route in front of its body,
//! and it is what the documentation tells.

use axum::Extension;
use serde_json::json;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::SecurityRequirement;
use utoipa_axum::router::UtoipaMethodRouter;

use super::state::AppState;
use crate::auth::permission::{Permission, Role, allows};
use crate::error::{AppError, AppResult};

/// What a route asks of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// A signed-in user of any role.
    SignedIn,
    /// A role that has this permission.
    Needs(Permission),
}

impl Access {
    /// The roles that pass.
    pub fn roles(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| self.admits(*role))
    }

    fn admits(self, role: Role) -> bool {
        match self {
            Access::SignedIn => true,
            Access::Needs(permission) => allows(role, permission),
        }
    }

    /// Refuses a role that does not pass.
    pub fn check(self, role: Role) -> AppResult<()> {
        if self.admits(role) { Ok(()) } else { Err(AppError::forbidden()) }
    }
}

/// Routes for roles with a permission.
pub fn may(permission: Permission, routes: UtoipaMethodRouter<AppState>) -> UtoipaMethodRouter<AppState> {
    guarded(Access::Needs(permission), routes)
}

/// Routes for every signed-in user.
pub fn signed_in(routes: UtoipaMethodRouter<AppState>) -> UtoipaMethodRouter<AppState> {
    guarded(Access::SignedIn, routes)
}

fn guarded(access: Access, (schemas, mut paths, router): UtoipaMethodRouter<AppState>) -> UtoipaMethodRouter<AppState> {
    for operation in paths.paths.values_mut().flat_map(operations) {
        let roles: Vec<_> = access.roles().map(Role::as_str).collect();
        operation.security = Some(vec![SecurityRequirement::new("bearer", Vec::<String>::new())]);
        operation.extensions.get_or_insert_default().insert("x-roles".to_owned(), json!(roles));
    }
    // On the routes alone: a method that is not there stays 405.
    (schemas, paths, router.route_layer(Extension(access)))
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch].into_iter().flatten()
}
