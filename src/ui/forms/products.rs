//! Entering a product, changing it and acting on it, without JavaScript: the same operations as the server
//! functions.

use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::{Map, Value};

use super::Form;
use crate::auth::context::Ctx;
use crate::error::{AppError, AppResult};
use crate::products::operations;
use crate::server::browser::context_of_parts;
use crate::server::state::AppState;
use crate::shared::ProductId;
use crate::ui::editor::{FormField, body_of};
use crate::ui::pages::products::{CHANGE_FIELDS, NEW_FIELDS, address};

/// What was typed, as the contract takes it: a field that the form did not have is not sent.
fn body(fields: &[FormField], form: &Form) -> Map<String, Value> {
    body_of(fields, |name| form.fields.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str()))
}

/// The context of the form, with the version that was seen.
fn context(state: &AppState, form: &Form) -> AppResult<Ctx> {
    Ok(context_of_parts(state, &form.parts)?.seen(form.get("version").parse().ok()))
}

fn id_of(text: &str) -> AppResult<ProductId> {
    text.parse().map_err(|_| AppError::not_found("Ce produit"))
}

/// POST /produits/nouveau
pub async fn create(State(state): State<AppState>, request: Request) -> Response {
    let form = match Form::read(request).await {
        Ok(form) => form,
        Err(error) => return error.into_response(),
    };
    let done = async {
        let body = Value::Object(body(NEW_FIELDS, &form));
        let ctx = context_of_parts(&state, &form.parts)?;
        let ctx = ctx.idempotent("create_product", form.get("cle").to_owned(), &body)?;
        operations::create_product(&ctx, body).await
    };
    match done.await {
        Ok(saved) => Redirect::to(&address(saved.value.id)).into_response(),
        Err(error) => form.again(state, Some(error)).await,
    }
}

/// POST /produits/{id}/modifier
pub async fn change(State(state): State<AppState>, Path(id): Path<String>, request: Request) -> Response {
    let form = match Form::read(request).await {
        Ok(form) => form,
        Err(error) => return error.into_response(),
    };
    let done = async {
        let (ctx, id) = (context(&state, &form)?, id_of(&id)?);
        operations::update_product(&ctx, id, Value::Object(body(CHANGE_FIELDS, &form))).await
    };
    match done.await {
        Ok(saved) => Redirect::to(&address(saved.value.id)).into_response(),
        Err(error) => form.again(state, Some(error)).await,
    }
}

/// POST /produits/{id}
pub async fn act(State(state): State<AppState>, Path(id): Path<String>, request: Request) -> Response {
    let form = match Form::read(request).await {
        Ok(form) => form,
        Err(error) => return error.into_response(),
    };
    match carry_out(&state, &form, &id).await {
        Ok(address) => Redirect::to(&address).into_response(),
        Err(error) => form.again(state, Some(error)).await,
    }
}

/// Where one goes after it.
async fn carry_out(state: &AppState, form: &Form, id: &str) -> AppResult<String> {
    let (ctx, id) = (context(state, form)?, id_of(id)?);
    match form.get("action") {
        "vente" => operations::toggle_product(&ctx, id).await.map(|_| ())?,
        // Whoever deletes may bring it back: its page offers it.
        "supprimer" => operations::delete_product(&ctx, id).await?,
        "restaurer" => operations::restore_product(&ctx, id).await.map(|_| ())?,
        _ => return Err(AppError::field("action", "choix_inconnu", "Cette action n'existe pas.")),
    }
    Ok(address(id))
}
