//! Moving a stock and setting its threshold without JavaScript: the same operations as the server functions.

use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::{Value, json};

use super::Form;
use crate::error::{AppError, AppResult};
use crate::server::browser::context_of_parts;
use crate::server::state::AppState;
use crate::shared::{MovementId, ProductId};
use crate::stocks::input::at_quantity;
use crate::stocks::operations;
use crate::ui::editor::{FormField, body_of};
use crate::ui::pages::stocks::{MOVEMENT_FIELDS, SETTING_FIELDS};

/// POST /stocks/{id}
pub async fn act(State(state): State<AppState>, Path(id): Path<String>, request: Request) -> Response {
    let form = match Form::read(request).await {
        Ok(form) => form,
        Err(error) => return error.into_response(),
    };
    let done = match id.parse::<i64>() {
        Ok(id) => carry_out(&state, &form, ProductId(id)).await,
        Err(_) => Err(AppError::not_found("Ce stock")),
    };
    match done {
        Ok(()) => Redirect::to(&format!("/stocks/{id}")).into_response(),
        Err(error) => form.again(state, Some(at_quantity(error))).await,
    }
}

async fn carry_out(state: &AppState, form: &Form, id: ProductId) -> AppResult<()> {
    let ctx = context_of_parts(state, &form.parts)?;
    let typed = |fields: &[FormField]| body_of(fields, |name| Some(form.get(name)));
    match form.get("action") {
        "mouvement" => {
            let mut body = typed(&MOVEMENT_FIELDS);
            body.insert("product_id".to_owned(), json!(id));
            body.insert("type".to_owned(), json!(form.get("type")));
            // The same shape as the hydrated page sends: a key that crosses over still names the same movement.
            let body = Value::Object(body);
            let ctx = ctx.idempotent("move_stock", form.get("cle").to_owned(), &body)?;
            operations::create_movement(&ctx, body).await.map(drop)
        }
        "reglages" => {
            let ctx = match form.get("version").parse() {
                Ok(version) => ctx.if_match(version),
                Err(_) => ctx,
            };
            operations::update_stock(&ctx, id, Value::Object(typed(&SETTING_FIELDS))).await.map(drop)
        }
        "contre-passer" => {
            let movement = form.get("mouvement").parse::<MovementId>();
            let movement = movement.map_err(|_| AppError::not_found("Ce mouvement"))?;
            operations::counter_movement(&ctx, movement).await.map(drop)
        }
        _ => Err(AppError::field("action", "choix_inconnu", "Cette action n'existe pas.")),
    }
}
