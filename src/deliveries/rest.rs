//! Deliveries for other programs. A proof is sent as the picture itself.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, header};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{ActionAnswers, ActionKind, Attempt, Correction, Deliveries, Items, Proof, ProofKind, Reason};
use super::proofs::MAX_PHOTO;
use super::{operations, proofs, queries};
use crate::auth::permission::Permission;
use crate::error::{AppError, AppResult, ErrorCode};
use crate::orders::corrections;
use crate::orders::model::Order;
use crate::server::access::may;
use crate::server::rest::{Call, LargeCall, created, done, made};
use crate::server::state::AppState;
use crate::server::uploads::Upload;
use crate::shared::{OrderId, OrderItemId, ProofId, Uuid};

/// The routes, each with who may call it.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(may(Permission::ReadOrders, routes!(list)))
        .routes(may(Permission::MoveOrders, routes!(act)))
        .routes(may(Permission::ReadOrders, routes!(attempts)))
        .routes(may(Permission::ReadHistory, routes!(list_corrections)))
        .routes(may(Permission::WriteOrders, routes!(correct)))
        .routes(may(Permission::ReadOrders, routes!(list_proofs)))
        .routes(may(Permission::MoveOrders, routes!(add_proof)))
        .routes(may(Permission::ReadOrders, routes!(picture)))
}

/// Un lot d'actions.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[allow(dead_code)]
struct ActionBatch {
    /// Quand l'appareil envoie, selon son horloge : ce qui dit de combien elle est décalée. Absent : quand l'action est survenue.
    envoye_le: Option<String>,
    /// De 0 à 100 actions (voir `DeliveryAction`), dans l'ordre où elles sont survenues. Une action fausse a sa réponse
    /// (`invalide`) ; elle ne refuse pas le lot.
    actions: Vec<DeliveryAction>,
}

/// Une action d'un livreur.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[allow(dead_code)]
struct DeliveryAction {
    /// Choisi par l'appareil : la même action, renvoyée, a le même.
    id: Uuid,
    /// `prise_en_charge` : la commande part. `livraison` : au moins une unité est remise. `probleme` : rien ne l'est.
    r#type: ActionKind,
    /// La commande.
    order_id: OrderId,
    /// La version vue : une autre est un conflit (`version_perimee`). Absente : peu importe.
    version: Option<i32>,
    /// Quand, selon l'horloge de l'appareil (RFC 3339).
    survenu_le: chrono::DateTime<chrono::Utc>,
    /// Pourquoi tout n'est pas remis ; obligatoire pour un `probleme`.
    motif: Option<Reason>,
    /// À savoir ; obligatoire quand le motif est `autre`. Au plus 5 000 caractères.
    note: Option<String>,
    /// Qui a reçu (`livraison`). Au plus 200 caractères.
    receveur: Option<String>,
    /// Espèces encaissées (`livraison`).
    montant_encaisse: Option<f64>,
    /// Ce que sont devenues les lignes. Une ligne absente est remise en entier (`livraison`) ou refusée (`probleme`) ;
    /// sans aucune ligne, le motif `endommage` les dit toutes abîmées.
    lignes: Option<Vec<DeliveryLine>>,
}

/// Une ligne : les quatre font sa quantité.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[allow(dead_code)]
struct DeliveryLine {
    /// La ligne de la commande.
    item_id: OrderItemId,
    /// Remis au client.
    #[schema(minimum = 0, maximum = 100_000)]
    remis: i64,
    /// Refusé : revient en stock. Absent : le reste.
    #[schema(minimum = 0, maximum = 100_000)]
    refuse: Option<i64>,
    /// Abîmé : ne revient pas. Absent : 0.
    #[schema(minimum = 0, maximum = 100_000)]
    abime: Option<i64>,
    /// Manquait dans le véhicule : revient en stock. Absent : 0.
    #[schema(minimum = 0, maximum = 100_000)]
    manquant: Option<i64>,
}

/// Une correction.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[allow(dead_code)]
struct CorrectionBody {
    /// Pourquoi.
    motif: String,
    /// Les lignes à corriger, telles qu'elles furent ; les autres restent.
    lignes: Vec<DeliveryLine>,
}

/// Les livraisons d'un jour, dans l'ordre de la tournée, avec tout ce qu'il faut hors connexion.
///
/// Aujourd'hui par défaut : celles du jour, celles en retard ou sans date, et ce qui a été livré ou annulé en route ce jour-là.
/// Un livreur a les siennes.
#[utoipa::path(get, path = "/livraisons", operation_id = "list_deliveries", tag = "Livraisons",
    params(("date" = Option<chrono::NaiveDate>, Query, description = "Jour ; par défaut, aujourd'hui"),
        ("livreur_id" = Option<i64>, Query, description = "D'un seul livreur")),
    responses((status = 200, body = Deliveries)))]
async fn list(call: Call) -> AppResult<Response> {
    Ok(Json(queries::deliveries(&call.ctx, call.query).await?).into_response())
}

/// Ce qu'un livreur a fait : un lot d'actions, chacune appliquée une fois.
///
/// Chaque action a sa réponse, à sa place : `appliquee` ; `deja_connue` (la première réponse, à nouveau) ; `conflit`, avec son
/// `code` : `annulee`, `reassignee`, `deja_livree`, `transition_interdite`, `version_perimee`, `livreur_requis`, `introuvable`,
/// `autre_utilisateur`, `idempotence_conflit` ; `invalide`, avec `errors` ; `suspendue` : une action précédente de la même
/// commande, nommée par `apres`, n'a pas été appliquée ; `erreur` : à renvoyer plus tard. Une action en conflit, renvoyée,
/// est jugée à nouveau.
#[utoipa::path(post, path = "/livraisons/actions", operation_id = "send_delivery_actions", tag = "Livraisons",
    request_body = ActionBatch, responses((status = 200, body = ActionAnswers)))]
async fn act(LargeCall(call): LargeCall) -> AppResult<Response> {
    call.no_query()?;
    Ok(done(operations::act(&call.ctx, call.body).await?))
}

/// Ce qui s'est passé à la porte, la plus ancienne tentative d'abord. Un livreur : celles des commandes qu'il peut voir.
#[utoipa::path(get, path = "/orders/{id}/tentatives", operation_id = "list_attempts", tag = "Livraisons",
    params(("id" = i64, Path)), responses((status = 200, body = Items<Attempt>)))]
async fn attempts(call: Call) -> AppResult<Response> {
    call.no_query()?;
    Ok(Json(queries::attempts(&call.ctx, call.id("id")?).await?).into_response())
}

/// Les corrections d'une commande livrée, la plus ancienne d'abord.
#[utoipa::path(get, path = "/orders/{id}/corrections", operation_id = "list_corrections", tag = "Livraisons",
    params(("id" = i64, Path)), responses((status = 200, body = Items<Correction>)))]
async fn list_corrections(call: Call) -> AppResult<Response> {
    call.no_query()?;
    Ok(Json(queries::corrections(&call.ctx, call.id("id")?).await?).into_response())
}

/// Corrige les quantités d'une commande livrée : la différence va au stock et au chiffre d'affaires.
///
/// Rien n'est écrasé : la tentative et les corrections d'avant restent. Corrigée jusqu'à rien, la commande reste `livree`,
/// avec 0 : tout le chiffre d'affaires est repris et les articles reviennent en stock. S'il faut livrer à nouveau, c'est une
/// nouvelle commande.
#[utoipa::path(post, path = "/orders/{id}/corrections", operation_id = "correct_delivery", tag = "Livraisons",
    params(("id" = i64, Path)), request_body = CorrectionBody, responses((status = 201, body = Order)))]
async fn correct(call: Call) -> AppResult<Response> {
    call.no_query()?;
    let id: OrderId = call.id("id")?;
    Ok(created(corrections::correct(&call.ctx, id, call.body).await?, "/orders", |order| order.id.0))
}

/// Les signatures et photos d'une commande. Un livreur : les siennes, pendant 7 jours.
#[utoipa::path(get, path = "/orders/{id}/preuves", operation_id = "list_proofs", tag = "Livraisons",
    params(("id" = i64, Path)), responses((status = 200, body = Items<Proof>)))]
async fn list_proofs(call: Call) -> AppResult<Response> {
    call.no_query()?;
    Ok(Json(proofs::list(&call.ctx, call.id("id")?).await?).into_response())
}

/// Ajoute une signature ou une photo ; la même image, renvoyée, est la même preuve.
///
/// Le corps est l'image elle-même, PNG, JPEG ou WebP : ce qu'elle est, son contenu le dit. Elle est entière, sans rien après
/// sa fin, et chaque côté a de 1 à 16 384 points ; sinon 422. Une photo a au plus 10 Mio, une signature 100 Kio. La commande
/// est en livraison ou livrée.
#[utoipa::path(post, path = "/orders/{id}/preuves", operation_id = "add_proof", tag = "Livraisons",
    params(("id" = i64, Path), ("type" = ProofKind, Query, description = "Ce que montre l'image"),
        ("tentative_id" = Option<Uuid>, Query, description = "La tentative qu'elle prouve")),
    request_body(description = "L'image", content((Vec<u8> = "image/png"), (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/webp"))),
    responses((status = 201, body = Proof)))]
async fn add_proof(Upload { call, declared, bytes }: Upload<MAX_PHOTO>) -> AppResult<Response> {
    if !proofs::MEDIA_TYPES.contains(&declared.as_str()) {
        let words = "Envoyez l'image elle-même : Content-Type: image/png, image/jpeg ou image/webp.";
        return Err(AppError::new(ErrorCode::UnsupportedMediaType, words));
    }
    let id: OrderId = call.id("id")?;
    let saved = proofs::add(&call.ctx, id, call.query, bytes).await?;
    let location = format!("/orders/{id}/preuves/{}", saved.value.id);
    Ok(made(saved, &location))
}

/// L'image d'une preuve.
#[utoipa::path(get, path = "/orders/{id}/preuves/{preuve_id}", operation_id = "get_proof", tag = "Livraisons",
    params(("id" = i64, Path), ("preuve_id" = i64, Path)),
    responses((status = 200, description = "L'image",
        content((Vec<u8> = "image/png"), (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/webp")))))]
async fn picture(call: Call) -> AppResult<Response> {
    call.no_query()?;
    let (order, proof): (OrderId, ProofId) = (call.id("id")?, call.id("preuve_id")?);
    Ok(as_picture(proofs::picture(&call.ctx, order, proof).await?))
}

/// A picture as an answer: shown, never run, and kept by no cache: the next person on the same phone has no right to it.
pub fn as_picture((media_type, bytes): (String, Vec<u8>)) -> Response {
    let mut response = bytes.into_response();
    let fixed: [(HeaderName, &str); 4] = [
        (header::CONTENT_TYPE, &media_type),
        (header::CONTENT_DISPOSITION, "inline"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in fixed {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
