//! Moving an order between rounds without JavaScript: the same rules and the same operation as the board.

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::Form;
use crate::auth::permission::Permission;
use crate::error::{AppError, AppResult};
use crate::orders::dispatch;
use crate::orders::rounds::{Step, move_order, wanted};
use crate::server::browser::context_of_parts;
use crate::server::rest::query_pairs;
use crate::server::state::AppState;
use crate::shared::{Day, OrderId, UserId};
use crate::ui::pages::rounds::address;
use crate::ui::query::param;

/// POST /tournees?jour=…
pub async fn act(State(state): State<AppState>, request: Request) -> Response {
    let form = match Form::read(request).await {
        Ok(form) => form,
        Err(error) => return error.into_response(),
    };
    match carry_out(&state, &form).await {
        Ok(day) => Redirect::to(&address(day)).into_response(),
        Err(error) => form.again(state, Some(error)).await,
    }
}

async fn carry_out(state: &AppState, form: &Form) -> AppResult<Day> {
    let ctx = context_of_parts(state, &form.parts)?;
    ctx.require(Permission::WriteOrders)?;
    let query = query_pairs(&form.parts)?;
    let day = param(&query, "jour").and_then(Day::parse);
    let day = day.ok_or_else(|| AppError::field("jour", "jour_invalide", "Choisissez un jour."))?;
    let id: OrderId = form.get("commande").parse().map_err(|_| AppError::not_found("Cette commande"))?;
    let step = match form.get("sens") {
        "haut" => Step::Up,
        "bas" => Step::Down,
        "confier" => Step::To(form.get("livreur").parse::<UserId>().ok()),
        _ => return Err(AppError::field("sens", "choix_inconnu", "Cette action n'existe pas.")),
    };
    let mut rounds = dispatch::read_rounds(&ctx, day).await?;
    // What was seen is what counts, for the order that was moved.
    if let (Some(order), Ok(version)) =
        (rounds.orders.iter_mut().find(|order| order.id == id), form.get("version").parse())
    {
        order.audit.version = version;
    }
    if let Some(lane) = move_order(&mut rounds.orders, &rounds.couriers, id, step) {
        let round = serde_json::to_value(wanted(&rounds.orders, lane)).map_err(AppError::internal)?;
        dispatch::save_round(&ctx, round).await?;
    }
    Ok(day)
}
