//! How the document tells refusals: what all of them say, what some say besides, and which status has which codes.
//! The examples are refusals that the operations themselves make.

use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::{field_codes, header};
use crate::auth::context::stale;
use crate::categories::operations::not_empty;
use crate::error::{AppError, ErrorCode, FieldError, Member};
use crate::imports::model::{InTheWay, LaterImport};
use crate::imports::undo::used;
use crate::orders::effects::{ShortLine, insufficient, unsellable};
use crate::orders::moves::illegal;
use crate::orders::workflow::OrderStatus;
use crate::products::operations::on_orders;
use crate::server::export::busy;
use crate::server::security::body_of;
use crate::shared::{ImportId, ProductId};
use crate::stocks::operations::{held, short};
use crate::users::rules::Obstacle;

/// A refusal as it travels, RFC 9457.
#[derive(serde::Serialize, ToSchema)]
pub struct Problem {
    /// URN of the code.
    pub r#type: String,
    /// French title.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// One French sentence about this very case.
    pub detail: String,
    /// Stable code, snake_case.
    pub code: String,
    /// Also in `X-Request-Id`.
    pub request_id: String,
    /// For 422: all wrong fields at once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

/// Statuses of refusals, each a response that operations refer to. No operation gives a 405.
const STATUSES: [u16; 12] = [400, 401, 403, 404, 409, 412, 413, 415, 422, 429, 500, 503];

/// Tells the codes of a [`Problem`] and what some refusals carry besides; and each status as a response.
pub fn complete(components: &mut Value) {
    let problem = &mut components["schemas"]["Problem"]["properties"];
    problem["code"]["enum"] = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
    for member in Member::ALL {
        if let Some(mut schema) = schema(*member) {
            schema["description"] = json!(member.meaning());
            problem[member.as_str()] = schema;
        }
    }
    field_codes::complete(&mut components["schemas"]);
    let responses: Map<String, Value> = STATUSES.iter().map(|status| (name_of(*status), refusal(*status))).collect();
    components["responses"] = Value::Object(responses);
}

/// The name of the response of a status.
pub fn name_of(status: u16) -> String {
    format!("Refus{status}")
}

/// What a member is; none for what screens alone are told.
fn schema(member: Member) -> Option<Value> {
    let to = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let integer = json!({"type": "integer", "format": "int64"});
    Some(match member {
        Member::RetryAfter => json!({"type": "integer", "minimum": 1}),
        Member::Version
        | Member::Available
        | Member::Wanted
        | Member::Reserved
        | Member::OrderCount
        | Member::ProductCount
        | Member::Category => integer,
        Member::AllowedTransitions => json!({"type": "array", "items": to("OrderStatus")}),
        Member::ShortLines => json!({"type": "array", "items": to("ShortLine")}),
        Member::Orders => json!({"type": "array", "items": {"type": "string"}}),
        Member::Products => json!({"type": "array", "items": {"anyOf": [integer, to("InTheWay")]}}),
        Member::LaterImport => json!({
            "type": "object", "required": ["id", "fichier"],
            "properties": {"id": integer, "fichier": {"type": ["string", "null"]}},
        }),
        Member::UndoneAt => json!({"type": "string", "format": "date-time"}),
        Member::Refused => return None,
    })
}

/// The response of a status, with examples of each code that it may carry.
fn refusal(status: u16) -> Value {
    let codes: Vec<ErrorCode> = ErrorCode::ALL.iter().copied().filter(|code| code.status() == status).collect();
    let listed: Vec<_> = codes.iter().map(|code| format!("`{}`", code.as_str())).collect();
    let title = codes.first().map_or("Refus", |code| code.title());
    let mut response = json!({
        "description": format!("{title}. Codes : {}.", listed.join(", ")),
        "headers": {"X-Request-Id": header("Identifiant de la requête")},
        "content": {"application/problem+json": {
            "schema": {"$ref": "#/components/schemas/Problem"},
        }},
    });
    show(&mut response, &codes);
    let more = match status {
        401 => Some(("WWW-Authenticate", "Comment s'authentifier")),
        429 => Some(("Retry-After", "Secondes à attendre")),
        _ => None,
    };
    if let Some((name, text)) = more {
        response["headers"][name] = header(text);
    }
    response
}

/// Shows refusals of these codes in a response that tells one.
pub fn show(response: &mut Value, codes: &[ErrorCode]) {
    let named = |code: ErrorCode| {
        examples(code).into_iter().map(move |(about, error)| {
            let name = if about.is_empty() { code.as_str().to_owned() } else { format!("{}_{about}", code.as_str()) };
            (name, json!({"value": body_of(error, code.status(), "1f0c7a52e8d94b3a9c1e77d0")}))
        })
    };
    let examples: Map<String, Value> = codes.iter().copied().flat_map(named).collect();
    response["content"]["application/problem+json"]["examples"] = Value::Object(examples);
}

/// Refusals of a code, each with what it is about where there are several.
fn examples(code: ErrorCode) -> Vec<(&'static str, AppError)> {
    let plain = || AppError::new(code, format!("{}.", code.title()));
    let numbers = || vec!["CMD-20261124-000012".to_owned()];
    let one = match code {
        ErrorCode::InsufficientStock => {
            let line = ShortLine { product_id: 1, nom: "Miel d'acacia 500 g".to_owned(), disponible: 1, demande: 3 };
            return vec![("commande", insufficient(vec![line])), ("mouvement", short(1, 3))];
        }
        ErrorCode::StateConflict => {
            return vec![
                ("", plain()),
                ("commande", unsellable(&[(3, "Thé vert")])),
                ("produit", on_orders(numbers())),
                ("categorie", not_empty(4)),
            ];
        }
        ErrorCode::IllegalTransition => {
            illegal(OrderStatus::Brouillon, OrderStatus::Livree, vec![OrderStatus::Confirmee, OrderStatus::Annulee])
        }
        ErrorCode::StockReserved => held(3, numbers()),
        ErrorCode::LastAdmin => Obstacle::LastAdmin.error(),
        ErrorCode::OwnAccount => Obstacle::OwnAccount.error(),
        ErrorCode::CourierBusy => Obstacle::Deliveries(2).error(),
        ErrorCode::ImportUsed => {
            let product = |raison: &str| InTheWay {
                product_id: ProductId(1),
                reference: Some("MIEL-ACA-500".to_owned()),
                nom: "Miel d'acacia 500 g".to_owned(),
                raison: raison.to_owned(),
            };
            let later = LaterImport { id: ImportId(12), fichier: Some("tarif.csv".to_owned()) };
            return vec![
                ("", used(vec![product("vendu")], None)),
                ("import", used(vec![product("modifie")], Some(later))),
            ];
        }
        ErrorCode::StaleVersion => stale(4),
        ErrorCode::TooManyRequests => busy(),
        ErrorCode::Invalid => AppError::field("items[0].quantity", "hors_limites", "Entre 1 et 100\u{202f}000."),
        ErrorCode::Unauthenticated => AppError::unauthenticated(),
        ErrorCode::Forbidden => AppError::forbidden(),
        ErrorCode::NotFound => AppError::not_found("Ce produit"),
        _ => plain(),
    };
    vec![("", one)]
}
