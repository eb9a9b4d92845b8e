//! Categories without JavaScript: enter, change, move up or down, delete, bring back.

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::{Value, json};

use super::Form;
use crate::auth::context::Ctx;
use crate::categories::model::moved;
use crate::categories::{operations, queries};
use crate::error::{AppError, AppResult};
use crate::server::browser::context_of_parts;
use crate::server::state::AppState;
use crate::shared::CategoryId;
use crate::ui::editor::body_of;
use crate::ui::pages::categories::{FIELDS, PATH};

/// POST /categories
pub async fn act(State(state): State<AppState>, request: Request) -> Response {
    let form = match Form::read(request).await {
        Ok(form) => form,
        Err(error) => return error.into_response(),
    };
    match carry_out(&state, &form).await {
        Ok(address) => Redirect::to(address).into_response(),
        Err(error) => form.again(state, Some(error)).await,
    }
}

/// Where one goes after it.
async fn carry_out(state: &AppState, form: &Form) -> AppResult<&'static str> {
    let ctx = context_of_parts(state, &form.parts)?.seen(form.get("version").parse().ok());
    let id = || form.get("id").parse::<CategoryId>().map_err(|_| AppError::not_found("Cette catégorie"));
    match form.get("action") {
        "enregistrer" => save(ctx, form).await?,
        "monter" => step(&ctx, id()?, -1).await?,
        "descendre" => step(&ctx, id()?, 1).await?,
        "supprimer" => {
            operations::delete_category(&ctx, id()?).await?;
            // Whoever deletes may bring it back: there it is offered.
            if ctx.may(crate::auth::permission::Permission::Restore) {
                return Ok("/categories?is_deleted=true");
            }
        }
        "restaurer" => operations::restore_category(&ctx, id()?).await.map(|_| ())?,
        _ => return Err(AppError::field("action", "choix_inconnu", "Cette action n'existe pas.")),
    }
    Ok(PATH)
}

async fn save(ctx: Ctx, form: &Form) -> AppResult<()> {
    let typed = |name: &str| form.fields.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str());
    let body = Value::Object(body_of(FIELDS, typed));
    match form.get("id").parse::<CategoryId>() {
        Ok(id) => operations::update_category(&ctx, id, body).await.map(|_| ()),
        Err(_) => {
            let ctx = ctx.idempotent("create_category", form.get("cle").to_owned(), &body)?;
            operations::create_category(&ctx, body).await.map(|_| ())
        }
    }
}

/// One place up or down; at the end of the list nothing happens.
async fn step(ctx: &Ctx, id: CategoryId, by: i64) -> AppResult<()> {
    let ids: Vec<_> = queries::all_categories(ctx).await?.into_iter().map(|category| category.id).collect();
    match moved(&ids, id, by) {
        Some(ids) => operations::reorder_categories(ctx, json!({ "ids": ids })).await.map(|_| ()),
        None => Ok(()),
    }
}
