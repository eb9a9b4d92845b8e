//! Opening, changing, closing and bringing back an account, without JavaScript.

use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::{Value, json};

use super::Form;
use crate::auth::sessions;
use crate::error::{AppError, AppResult};
use crate::server::state::AppState;
use crate::shared::UserId;
use crate::ui::browser::{self, fresh_password};
use crate::ui::editor::REMOVING;
use crate::ui::pages::users::{CHANGED, FIELDS, HANDED, HANDED_ID, HANDED_NAME, PATH, address};
use crate::users::model::User;
use crate::users::operations;

/// What an answer says once.
type Told = Vec<(String, String)>;

/// The password that was typed, or one that is made up: the same one when the form is sent twice, for only the
/// second answer is seen.
fn password_of(state: &AppState, form: &Form) -> String {
    match (form.get("password"), form.get("cle")) {
        ("", "") => fresh_password(),
        ("", key) => {
            let bytes = state.keys.handed(key);
            bytes.first_chunk().map_or_else(fresh_password, browser::password_of)
        }
        (typed, _) => typed.to_owned(),
    }
}

fn handed(user: &User, password: String) -> Told {
    let told = [(HANDED, password), (HANDED_ID, user.id.to_string()), (HANDED_NAME, user.display())];
    told.map(|(name, value)| (name.to_owned(), value)).to_vec()
}

/// POST /utilisateurs/nouveau
pub async fn create(State(state): State<AppState>, request: Request) -> Response {
    let form = match Form::read(request).await {
        Ok(form) => form,
        Err(error) => return error.into_response(),
    };
    let made = async {
        let password = password_of(&state, &form);
        let mut body = form.body(FIELDS);
        body.insert("password".into(), password.clone().into());
        let body = Value::Object(body);
        let ctx = form.ctx(&state)?.idempotent("create_user", form.get("cle").to_owned(), &body)?;
        operations::create_user(&ctx, body).await.map(|saved| handed(&saved.value, password))
    };
    match made.await {
        Ok(told) => form.redrawn(state, None, told).await,
        Err(error) => form.again(state, Some(error)).await,
    }
}

/// POST /utilisateurs/{id}/modifier
pub async fn update(State(state): State<AppState>, Path(id): Path<String>, request: Request) -> Response {
    let form = match Form::read(request).await {
        Ok(form) => form,
        Err(error) => return error.into_response(),
    };
    let done = async {
        let ctx = form.ctx(&state)?;
        operations::update_user(&ctx, read_id(&id)?, Value::Object(form.body(CHANGED))).await
    };
    match done.await {
        Ok(saved) => Redirect::to(&address(saved.value.id)).into_response(),
        Err(error) => form.again(state, Some(error)).await,
    }
}

/// POST /utilisateurs/{id}
pub async fn act(State(state): State<AppState>, Path(id): Path<String>, request: Request) -> Response {
    let form = match Form::read(request).await {
        Ok(form) => form,
        Err(error) => return error.into_response(),
    };
    match carry_out(&state, &form, &id).await {
        Ok(Done::At(place)) => Redirect::to(&place).into_response(),
        Ok(Done::Tell(told)) => form.redrawn(state, None, told).await,
        Err(error) => form.again(state, Some(error)).await,
    }
}

/// What comes after something was done.
enum Done {
    /// Another page.
    At(String),
    /// This one, which says something once.
    Tell(Told),
}

async fn carry_out(state: &AppState, form: &Form, id: &str) -> AppResult<Done> {
    let (ctx, id) = (form.ctx(state)?, read_id(id)?);
    match form.get("action") {
        "mot_de_passe" => {
            let password = password_of(state, form);
            let body = json!({ "password": password });
            let ctx = ctx.idempotent(&format!("reset_password {id}"), form.get("cle").to_owned(), &body)?;
            let saved = operations::update_user(&ctx, id, body).await?;
            return Ok(Done::Tell(handed(&saved.value, password)));
        }
        "basculer" => {
            operations::toggle_user(&ctx, id).await?;
        }
        "sessions" => {
            sessions::end_of_user(&ctx, id).await?;
        }
        "restaurer" => {
            operations::restore_user(&ctx, id).await?;
        }
        REMOVING => {
            operations::delete_user(&ctx, id).await?;
            return Ok(Done::At(PATH.to_owned()));
        }
        _ => return Err(AppError::field("action", "choix_inconnu", "Cette action n'existe pas.")),
    }
    Ok(Done::At(address(id)))
}

fn read_id(text: &str) -> AppResult<UserId> {
    text.parse().map_err(|_| AppError::not_found("Cet utilisateur"))
}
