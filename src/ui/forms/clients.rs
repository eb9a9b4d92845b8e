//! Entering, changing, deleting and bringing back a client, without JavaScript.

use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::Value;

use super::Form;
use crate::clients::operations;
use crate::error::{AppError, AppResult};
use crate::server::state::AppState;
use crate::shared::ClientId;
use crate::ui::editor::REMOVING;
use crate::ui::pages::clients::{FIELDS, PATH, address};

/// POST /clients/nouveau
pub async fn create(State(state): State<AppState>, request: Request) -> Response {
    let form = match Form::read(request).await {
        Ok(form) => form,
        Err(error) => return error.into_response(),
    };
    let made = async {
        let body = Value::Object(form.body(FIELDS));
        let ctx = form.ctx(&state)?.idempotent("create_client", form.get("cle").to_owned(), &body)?;
        operations::create_client(&ctx, body).await
    };
    match made.await {
        Ok(saved) => Redirect::to(&address(saved.value.id)).into_response(),
        Err(error) => form.again(state, Some(error)).await,
    }
}

/// POST /clients/{id}/modifier
pub async fn update(State(state): State<AppState>, Path(id): Path<String>, request: Request) -> Response {
    let form = match Form::read(request).await {
        Ok(form) => form,
        Err(error) => return error.into_response(),
    };
    let done = async {
        let ctx = form.ctx(&state)?;
        operations::update_client(&ctx, read_id(&id)?, Value::Object(form.body(FIELDS))).await
    };
    match done.await {
        Ok(saved) => Redirect::to(&address(saved.value.id)).into_response(),
        Err(error) => form.again(state, Some(error)).await,
    }
}

/// POST /clients/{id}
pub async fn act(State(state): State<AppState>, Path(id): Path<String>, request: Request) -> Response {
    let form = match Form::read(request).await {
        Ok(form) => form,
        Err(error) => return error.into_response(),
    };
    match carry_out(&state, &form, &id).await {
        Ok(place) => Redirect::to(&place).into_response(),
        Err(error) => form.again(state, Some(error)).await,
    }
}

/// Does it, and says where one is then.
async fn carry_out(state: &AppState, form: &Form, id: &str) -> AppResult<String> {
    let (ctx, id) = (form.ctx(state)?, read_id(id)?);
    match form.get("action") {
        REMOVING => {
            operations::delete_client(&ctx, id).await?;
            Ok(PATH.to_owned())
        }
        "restaurer" => operations::restore_client(&ctx, id).await.map(|saved| address(saved.value.id)),
        _ => Err(AppError::field("action", "choix_inconnu", "Cette action n'existe pas.")),
    }
}

fn read_id(text: &str) -> AppResult<ClientId> {
    text.parse().map_err(|_| AppError::not_found("Ce client"))
}
