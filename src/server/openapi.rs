//! The OpenAPI document: generated from the routes, then completed by the rules that all routes share
//! (refusals, versions, idempotency, request ids), so that no handler repeats them.

mod inputs;

use serde_json::{Map, Value, json};
use utoipa::openapi::path::{ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder, Required};
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::router::UtoipaMethodRouter;

use super::state::AppState;
use crate::error::{ErrorCode, FieldError};
use crate::shared::listing::Filter;
use crate::shared::resource::Resource;

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

const DESCRIPTION: &str = "Commandes, stock et livraisons.\n\n\
    **Erreurs** : RFC 9457, `application/problem+json` ; `code` est stable, `errors` nomme tous les champs à corriger. \
    Ordre des contrôles : 401, 403, 413, 415, 400, 422, 404, 412, 409.\n\n\
    **Montants** : nombres décimaux exacts ; en entrée, un nombre ou un texte. **Instants** : RFC 3339, UTC. \
    **Jours** : `AAAA-MM-JJ`, dans le fuseau de l'entreprise.\n\n\
    **Listes** : `page` et `per_page`, ou `cursor` pour tout parcourir ; `format=csv` ou `xlsx` donne toutes les lignes.\n\n\
    **Écritures** : `If-Match` refuse (412) ce qui a changé depuis ; `Idempotency-Key` rend la première réponse à une requête répétée.";

/// What every route shares.
pub fn base() -> OpenApi {
    let components = ComponentsBuilder::new()
        .schema("Problem", Problem::schema())
        .schema("FieldError", FieldError::schema())
        // Named by parameters alone, from which no schema is gathered.
        .schema("DateField", crate::orders::filter::DateField::schema())
        .schema("DeliveryOutcome", crate::orders::filter::DeliveryOutcome::schema())
        .schema("Format", super::export::Format::schema())
        .security_scheme(
            "bearer",
            SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build()),
        )
        .build();
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Dashboard FB")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(DESCRIPTION))
                .build(),
        )
        .components(Some(components))
        .build()
}

/// The whole document.
pub fn document() -> Value {
    complete(super::router::api_routes().into_openapi())
}

/// Routes that list: adds what every list takes to the documentation of their GET.
pub fn listed<F: Filter>(routes: UtoipaMethodRouter<AppState>) -> UtoipaMethodRouter<AppState> {
    let sorts = F::SORTS.iter().flat_map(|sort| [sort.name.to_owned(), format!("-{}", sort.name)]);
    let sorts: Vec<Value> = sorts.map(Value::from).collect();
    let integer = |max: Option<f64>| ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1.0)).maximum(max);
    let text = || ObjectBuilder::new().schema_type(SchemaType::Type(Type::String));
    let mut parameters = vec![
        ("page", "Page, à partir de 1", integer(Some(f64::from(i32::MAX)))),
        ("per_page", "Lignes par page", integer(Some(100.0)).default(Some(json!(20)))),
        ("cursor", "La suite : le `next_cursor` d'une réponse, avec les mêmes filtres et le même tri", text()),
        ("sort", "Tri ; `-` pour l'ordre inverse", text().enum_values(Some(sorts))),
        ("format", "Toutes les lignes, dans un fichier", text().enum_values(Some(["json", "csv", "xlsx"]))),
    ];
    if F::Of::DELETABLE {
        let flag = || ObjectBuilder::new().schema_type(Type::Boolean);
        parameters.push(("include_deleted", "Les lignes supprimées aussi (admin)", flag()));
        parameters.push(("is_deleted", "Les lignes supprimées seulement (admin)", flag()));
    }
    documented(routes, parameters)
}

/// A route that gives one resource: documents `include_deleted`.
pub fn deletable(routes: UtoipaMethodRouter<AppState>) -> UtoipaMethodRouter<AppState> {
    let flag = ObjectBuilder::new().schema_type(Type::Boolean);
    documented(routes, vec![("include_deleted", "Même supprimé (admin)", flag)])
}

fn documented(
    (schemas, mut paths, router): UtoipaMethodRouter<AppState>,
    parameters: Vec<(&'static str, &'static str, ObjectBuilder)>,
) -> UtoipaMethodRouter<AppState> {
    let parameters = parameters.into_iter().map(|(name, description, schema)| {
        let parameter = ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Query)
            .required(Required::False)
            .description(Some(description))
            .schema(Some(schema.build()));
        parameter.build().into()
    });
    let parameters: Vec<_> = parameters.collect();
    for operation in paths.paths.values_mut().filter_map(|item| item.get.as_mut()) {
        operation.parameters.get_or_insert_default().extend(parameters.iter().cloned());
    }
    (schemas, paths, router)
}

/// Adds to each operation what its shape implies.
pub fn complete(document: OpenApi) -> Value {
    let mut document = serde_json::to_value(document).unwrap_or_default();
    let responses: Map<String, Value> = STATUSES.iter().map(|status| (name_of(*status), refusal(*status))).collect();
    document["components"]["responses"] = Value::Object(responses);
    let versioned = versioned(&document["components"]["schemas"]);
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    for (path, item) in paths {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if operation.is_object() {
                complete_operation(path, method, operation, &versioned);
                inputs::complete_parameters(operation);
            }
        }
    }
    inputs::complete_bodies(&mut document);
    document
}

/// Statuses of refusals, each a response that operations refer to.
const STATUSES: [u16; 13] = [400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 429, 500, 503];

fn name_of(status: u16) -> String {
    format!("Refus{status}")
}

/// The response of a status, with an example of each code that it may carry.
fn refusal(status: u16) -> Value {
    let codes: Vec<ErrorCode> = ErrorCode::ALL.iter().copied().filter(|code| code.status() == status).collect();
    let examples: Map<String, Value> =
        codes.iter().map(|code| (code.as_str().to_owned(), json!({"value": example(*code)}))).collect();
    let listed: Vec<_> = codes.iter().map(|code| format!("`{}`", code.as_str())).collect();
    let title = codes.first().map_or("Refus", |code| code.title());
    let mut response = json!({
        "description": format!("{title}. Codes : {}.", listed.join(", ")),
        "headers": {"X-Request-Id": header("Identifiant de la requête")},
        "content": {"application/problem+json": {
            "schema": {"$ref": "#/components/schemas/Problem"}, "examples": examples,
        }},
    });
    let more = match status {
        401 => Some(("WWW-Authenticate", "Comment s'authentifier")),
        405 => Some(("Allow", "Les méthodes de cette adresse")),
        429 => Some(("Retry-After", "Secondes à attendre")),
        _ => None,
    };
    if let Some((name, text)) = more {
        response["headers"][name] = header(text);
    }
    response
}

fn example(code: ErrorCode) -> Value {
    let mut problem = json!({
        "type": format!("urn:dashboard-fb:{}", code.as_str()), "title": code.title(), "status": code.status(),
        "detail": format!("{}.", code.title()), "code": code.as_str(), "request_id": "1f0c7a52e8d94b3a9c1e77d0",
    });
    if code == ErrorCode::Invalid {
        problem["errors"] =
            json!([{"champ": "items[0].quantity", "code": "hors_limites", "message": "Entre 1 et 100000."}]);
    }
    problem
}

fn header(description: &str) -> Value {
    json!({"description": description, "schema": {"type": "string"}})
}

/// The schemas of resources that have a version, by reference.
fn versioned(schemas: &Value) -> Vec<Value> {
    let audit = json!({"$ref": "#/components/schemas/Audit"});
    let has = |schema: &Value| schema["allOf"].as_array().is_some_and(|parts| parts.contains(&audit));
    let named = schemas.as_object().into_iter().flatten().filter(|(_, schema)| has(schema));
    named.map(|(name, _)| json!({"$ref": format!("#/components/schemas/{name}")})).collect()
}

fn complete_operation(path: &str, method: &str, operation: &mut Value, versioned: &[Value]) {
    let writes = method != "get";
    let signed_in = operation["security"].as_array().is_some_and(|list| !list.is_empty());
    let in_path = path.contains('{');
    let is_auth = path.contains("/auth/");

    let parameters = operation["parameters"].take();
    let mut parameters = parameters.as_array().cloned().unwrap_or_default();
    let takes_version = writes && in_path && !is_auth;
    if takes_version {
        let example = json!("\"3\"");
        parameters.push(parameter(
            "If-Match",
            "La version vue (`ETag`) ; une autre est refusée (412)",
            None,
            Some(example),
        ));
    }
    if method == "post" && !is_auth {
        parameters.push(parameter(
            "Idempotency-Key",
            "Une requête répétée avec la même clé rend la première réponse",
            Some(255),
            None,
        ));
    }
    if let Some(members) = operation.as_object_mut() {
        members.remove("parameters");
        if !parameters.is_empty() {
            members.insert("parameters".into(), Value::Array(parameters));
        }
    }

    let mut statuses = vec![422, 429, 500, 503];
    if signed_in {
        statuses.extend([401, 403]);
    }
    if in_path {
        statuses.push(404);
    }
    if writes {
        // A body is read, and judged, even where none is needed.
        statuses.extend([400, 413, 415]);
    } else {
        statuses.push(400);
    }
    if writes && !is_auth {
        statuses.push(409);
    }
    if takes_version {
        statuses.push(412);
    }
    let lists = has_parameter(operation, "format");
    let responses = &mut operation["responses"];
    for (status, response) in responses.as_object_mut().into_iter().flatten() {
        if status == "200" && path.contains("/dashboard/") && !path.ends_with("/commandes-details") {
            response["headers"]["Age"] = header("Depuis combien de secondes la réponse est connue ; elle est juste");
        }
        if status.starts_with('2') {
            complete_success(status, response, lists, method == "post" && !is_auth);
            if versioned.contains(&response["content"]["application/json"]["schema"]) {
                response["headers"]["ETag"] = header("La version, entre guillemets : à renvoyer dans `If-Match`");
            }
        }
    }
    for status in statuses {
        let key = status.to_string();
        if responses.get(&key).is_none() {
            responses[key] = json!({"$ref": format!("#/components/responses/{}", name_of(status))});
        }
    }
    describe_roles(operation, signed_in);
    let example = operation["operationId"].as_str().and_then(super::openapi_examples::of);
    if let Some(example) = example {
        operation["requestBody"]["content"]["application/json"]["example"] = example;
    }
}

fn has_parameter(operation: &Value, name: &str) -> bool {
    operation["parameters"].as_array().is_some_and(|list| list.iter().any(|p| p["name"] == name))
}

/// A header. Without `max` any text is taken for what it is: a version that none is.
fn parameter(name: &str, description: &str, max: Option<u64>, example: Option<Value>) -> Value {
    let schema = match max {
        Some(max) => json!({"type": "string", "minLength": 1, "maxLength": max}),
        None => json!({"type": "string"}),
    };
    let mut parameter =
        json!({"name": name, "in": "header", "required": false, "description": description, "schema": schema});
    if let Some(example) = example {
        parameter["example"] = example;
    }
    parameter
}

/// Headers of every success, and the files that a list also comes as.
fn complete_success(status: &str, response: &mut Value, lists: bool, replayable: bool) {
    response["headers"]["X-Request-Id"] = header("Identifiant de la requête, aussi dans l'historique");
    if status == "201" {
        response["headers"]["Location"] = header("Adresse de ce qui a été créé");
    }
    if replayable {
        response["headers"]["Idempotency-Replayed"] =
            header("`true` quand c'est la première réponse, rendue à nouveau");
    }
    if response["description"].as_str().is_none_or(str::is_empty) {
        response["description"] = json!(if status == "201" { "Créé" } else { "Fait" });
    }
    if lists {
        for format in [super::export::Format::Csv, super::export::Format::Xlsx] {
            let media = format.media_type().split(';').next().unwrap_or_default();
            response["content"][media] = json!({"schema": {"type": "string", "format": "binary"}});
        }
    }
}

fn describe_roles(operation: &mut Value, signed_in: bool) {
    let roles: Vec<String> = operation["x-roles"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|role| Some(format!("`{}`", role.as_str()?)))
        .collect();
    let who = if roles.is_empty() { if signed_in { "tous" } else { "public" }.to_owned() } else { roles.join(", ") };
    let text = operation["description"].as_str().map(|text| format!("{text}\n\n")).unwrap_or_default();
    operation["description"] = json!(format!("{text}**Rôles** : {who}."));
}
