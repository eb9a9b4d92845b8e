//! Entering an order and acting on one, without JavaScript: the same operations as the server functions.

use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::{Map, Value, json};

use super::Form;
use crate::auth::context::Ctx;
use crate::auth::permission::Permission;
use crate::error::{AppError, AppResult, FieldError};
use crate::orders::model::{NewOrder, Order};
use crate::orders::{corrections, moves, operations, printing, queries};
use crate::products::model::ProductChoice;
use crate::products::queries::product_choices;
use crate::server::browser::context_of_parts;
use crate::server::state::AppState;
use crate::shared::{OrderId, UserId};
use crate::ui::editor::body_of;
use crate::ui::pages::orders::correct::{at_their_boxes, body_of as body_of_correction};
use crate::ui::pages::orders::edit_delivery::{FIELDS, with_the_place};
use crate::ui::pages::orders::entry::{TEXTS, exact, quick_entry, read_quantity, written_name};

/// POST /commandes/nouvelle
pub async fn create(State(state): State<AppState>, request: Request) -> Response {
    let form = match Form::read(request).await {
        Ok(form) => form,
        Err(error) => return error.into_response(),
    };
    if form.get("action") == "lignes" {
        return form.again(state, None).await;
    }
    match create_order(&state, &form).await {
        Ok(order) => Redirect::to(&format!("/commandes/{}", order.id)).into_response(),
        Err(error) => form.again(state, Some(error)).await,
    }
}

async fn create_order(state: &AppState, form: &Form) -> AppResult<Order> {
    let ctx = context_of_parts(state, &form.parts)?;
    let items = read_lines(&ctx, form, &[]).await?;
    let mut body = Map::new();
    for name in TEXTS {
        // As the hydrated page sends it: an empty box is nothing, a line ends as it does in a box.
        let text = form.get(name).replace("\r\n", "\n");
        if name == "client_nom" || !text.trim().is_empty() {
            body.insert(name.into(), text.into());
        }
    }
    if let Ok(client_id) = form.get("client_id").parse::<i64>() {
        body.insert("client_id".into(), client_id.into());
    }
    body.insert("items".into(), items);
    body.insert("confirmer".into(), (form.get("action") == "confirmer").into());
    // The same shape as the hydrated page sends: a key that crosses over still names the same order.
    let order: NewOrder = serde_json::from_value(body.into()).map_err(AppError::internal)?;
    let body = serde_json::to_value(order).map_err(AppError::internal)?;
    let ctx = ctx.idempotent("create_order", form.get("cle").to_owned(), &body)?;
    operations::create_order(&ctx, body).await.map(|saved| saved.value)
}

/// The lines as the contract takes them; every article that is not recognised is named at its line.
/// `own`: articles that are on the order already, on sale or not.
async fn read_lines(ctx: &Ctx, form: &Form, own: &[ProductChoice]) -> AppResult<Value> {
    let articles = form.all("ligne_produit");
    let quantities = form.all("ligne_quantite").chain(std::iter::repeat(""));
    let mut items = Vec::new();
    let mut errors = Vec::new();
    for (article, quantity) in articles.zip(quantities).filter(|(article, _)| !article.trim().is_empty()) {
        let at = items.len();
        let entry = quick_entry(article);
        // A quantity typed in front of the article counts when the box beside it is empty.
        let quantity = match (quantity.trim(), entry.quantity) {
            ("", Some(quantity)) => Ok(quantity),
            (typed, _) => read_quantity(typed),
        };
        let product = match exact(own, entry.article) {
            Some(kept) => Some(kept.clone()),
            None => find_product(ctx, entry.article).await?,
        };
        if product.is_none() {
            let message = format!("Aucun article ne correspond à « {} ».", entry.article);
            errors.push(FieldError { champ: format!("items[{at}].product_id"), code: "inconnu".into(), message });
        }
        if let Err(message) = &quantity {
            let champ = format!("items[{at}].quantity");
            errors.push(FieldError { champ, code: "hors_limites".into(), message: message.clone() });
        }
        items.push(json!({ "product_id": product.map_or(0, |p| p.id.0), "quantity": quantity.unwrap_or(0) }));
    }
    if errors.is_empty() { Ok(items.into()) } else { Err(AppError::invalid(errors)) }
}

/// The article that a text names: without any doubt, or as the only one that suits.
async fn find_product(ctx: &Ctx, text: &str) -> AppResult<Option<ProductChoice>> {
    let mut found = product_choices(ctx, written_name(text), 500).await?;
    if let Some(choice) = exact(&found, text) {
        return Ok(Some(choice.clone()));
    }
    if found.len() == 1 {
        return Ok(found.pop());
    }
    if text.parse::<i64>().is_ok() {
        let all = product_choices(ctx, "", 500).await?;
        return Ok(exact(&all, text).cloned());
    }
    Ok(None)
}

/// POST /commandes/{id}
pub async fn act(State(state): State<AppState>, Path(id): Path<String>, request: Request) -> Response {
    let form = match Form::read(request).await {
        Ok(form) => form,
        Err(error) => return error.into_response(),
    };
    let done = match read_id(&id) {
        Ok(id) => carry_out(&state, &form, id).await,
        Err(absent) => Err(absent),
    };
    match done {
        Ok(id) => Redirect::to(&format!("/commandes/{id}")).into_response(),
        Err(error) => form.again(state, Some(error)).await,
    }
}

/// The caller, acting on the version that the form was drawn with.
fn context_of(state: &AppState, form: &Form) -> AppResult<Ctx> {
    let ctx = context_of_parts(state, &form.parts)?;
    Ok(match form.get("version").parse() {
        Ok(version) => ctx.if_match(version),
        Err(_) => ctx,
    })
}

/// POST /commandes/{id}/livraison
pub async fn change_delivery(State(state): State<AppState>, Path(id): Path<String>, request: Request) -> Response {
    let form = match Form::read(request).await {
        Ok(form) => form,
        Err(error) => return error.into_response(),
    };
    let changed = async {
        let (ctx, id) = (context_of(&state, &form)?, read_id(&id)?);
        ctx.require(Permission::WriteOrders)?;
        let order = queries::get_order(&ctx, id).await?;
        let typed = body_of(&FIELDS, |name| form.fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str()));
        operations::update_order(&ctx, id, with_the_place(typed, &order).into()).await
    };
    match changed.await {
        Ok(saved) => Redirect::to(&format!("/commandes/{}", saved.value.id)).into_response(),
        Err(error) => form.again(state, Some(error)).await,
    }
}

/// POST /commandes/{id}/correction
pub async fn correct(State(state): State<AppState>, Path(id): Path<String>, request: Request) -> Response {
    let form = match Form::read(request).await {
        Ok(form) => form,
        Err(error) => return error.into_response(),
    };
    let corrected = async {
        let (ctx, id) = (context_of(&state, &form)?, read_id(&id)?);
        ctx.require(Permission::WriteOrders)?;
        let typed = |name: &str| form.fields.iter().find(|(n, _)| n == name).map(|(_, text)| text.clone());
        // An order that is not there has no lines to be wrong.
        queries::get_order(&ctx, id).await?;
        let body = body_of_correction(&corrections::lines(&ctx, id).await?, form.get("motif"), typed);
        corrections::correct(&ctx, id, body.clone()).await.map_err(|error| at_their_boxes(error, &body))
    };
    match corrected.await {
        Ok(saved) => Redirect::to(&format!("/commandes/{}", saved.value.id)).into_response(),
        Err(error) => form.again(state, Some(error)).await,
    }
}

/// POST /commandes/{id}/articles
pub async fn change_lines(State(state): State<AppState>, Path(id): Path<String>, request: Request) -> Response {
    let form = match Form::read(request).await {
        Ok(form) => form,
        Err(error) => return error.into_response(),
    };
    if form.get("action") == "lignes" {
        return form.again(state, None).await;
    }
    let changed = async {
        let (ctx, id) = (context_of(&state, &form)?, read_id(&id)?);
        let own = printing::order_choices(&ctx, id).await?;
        let items = read_lines(&ctx, &form, &own).await?;
        operations::update_order(&ctx, id, json!({ "items": items })).await
    };
    match changed.await {
        Ok(saved) => Redirect::to(&format!("/commandes/{}", saved.value.id)).into_response(),
        Err(error) => form.again(state, Some(error)).await,
    }
}

fn read_id(text: &str) -> AppResult<OrderId> {
    text.parse::<i64>().map(OrderId).map_err(|_| AppError::not_found("Cette commande"))
}

async fn carry_out(state: &AppState, form: &Form, id: OrderId) -> AppResult<OrderId> {
    let ctx = context_of(state, form)?;
    let saved = match form.get("action") {
        "livreur" => {
            let courier: Option<UserId> = match form.get("livreur_id") {
                "" => None,
                id => Some(id.parse().map_err(|_| AppError::field("livreur_id", "inconnu", "Choisissez un livreur."))?),
            };
            moves::assign_courier(&ctx, id, json!({ "livreur_id": courier })).await?
        }
        "statut" => {
            let reason = Some(form.get("motif")).filter(|motif| !motif.trim().is_empty());
            moves::change_status(&ctx, id, json!({ "statut": form.get("statut"), "motif": reason })).await?
        }
        "supprimer" => {
            operations::delete_order(&ctx, id).await?;
            return Ok(id);
        }
        "restaurer" => operations::restore_order(&ctx, id).await?,
        _ => {
            return Err(AppError::field("action", "choix_inconnu", "Cette action n'existe pas."));
        }
    };
    Ok(saved.value.id)
}
