//! One's own account, without JavaScript.

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::{Value, json};

use super::Form;
use crate::auth::sessions;
use crate::error::{AppError, AppResult};
use crate::server::state::AppState;
use crate::ui::pages::profile::{FIELDS, PATH};
use crate::users::input::PasswordChange;
use crate::users::operations;

/// POST /profil
pub async fn act(State(state): State<AppState>, request: Request) -> Response {
    let form = match Form::read(request).await {
        Ok(form) => form,
        Err(error) => return error.into_response(),
    };
    match carry_out(&state, &form).await {
        Ok(()) => Redirect::to(&format!("{PATH}?fait={}", form.get("action"))).into_response(),
        Err(error) => form.again(state, Some(error)).await,
    }
}

async fn carry_out(state: &AppState, form: &Form) -> AppResult<()> {
    let ctx = form.ctx(state)?;
    match form.get("action") {
        "identite" => operations::update_me(&ctx, Value::Object(form.body(FIELDS))).await.map(|_| ()),
        "mot_de_passe" => {
            let names = ["current_password", "new_password", "repeated_password"];
            let typed = names.map(|name| (name.to_owned(), Value::from(form.get(name))));
            let sent = PasswordChange::read_repeated(Value::Object(typed.into_iter().collect()), &ctx.actor.email)?;
            let body = json!({ "current_password": sent.current, "new_password": sent.fresh? });
            operations::change_password(&ctx, body).await
        }
        "session" => {
            let id = form.get("id").parse().map_err(|_| AppError::not_found("Cette session"))?;
            sessions::end_own(&ctx, id).await
        }
        "sessions" => sessions::end_others(&ctx).await.map(|_| ()),
        _ => Err(AppError::field("action", "choix_inconnu", "Cette action n'existe pas.")),
    }
}
