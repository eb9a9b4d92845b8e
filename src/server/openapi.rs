//! The OpenAPI document: generated from the routes, then completed by the rules that all routes share
//! (refusals, versions, idempotency, request ids), so that no handler repeats them.

mod answers;
mod conflicts;
mod field_codes;
mod inputs;
mod itself;
mod refusals;
mod words;

use serde_json::{Value, json};
use utoipa::PartialSchema;
use utoipa::openapi::path::{ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder, Required};
use utoipa_axum::router::UtoipaMethodRouter;

pub use answers::name_of as answer_name;
pub use field_codes::is_told;
pub use itself::PATH;
pub use refusals::Problem;

use super::access::Access;
use super::export::{self, Exported};
use super::state::AppState;
use crate::auth::permission::Role;
use crate::error::{ErrorCode, FieldError};
use crate::imports::model::InTheWay;
use crate::orders::effects::ShortLine;
use crate::shared::listing::Filter;
use crate::shared::resource::Resource;

const DESCRIPTION: &str = "Commandes, stock et livraisons.\n\n\
    **Erreurs** : RFC 9457, `application/problem+json` ; `code` est stable, `errors` nomme tous les champs à corriger. \
    Ordre des contrôles : 401, 403, 413, 415, 400, 422, 404, 412, 409.\n\n\
    **Montants** : nombres décimaux exacts ; en entrée, un nombre ou un texte. **Instants** : RFC 3339, UTC. \
    **Jours** : `AAAA-MM-JJ`, dans le fuseau de l'entreprise.\n\n\
    **Listes** : `page` et `per_page`, ou `cursor` pour tout parcourir ; `format=csv` ou `xlsx` donne toutes les lignes.\n\n\
    **Écritures** : `If-Match` refuse (412) ce qui a changé depuis ; `Idempotency-Key` rend la première réponse à une requête répétée. \
    L'`ETag` d'une réponse est la version à renvoyer dans `If-Match`.\n\n\
    **Autour** : `GET /healthz` (le processus répond), `GET /readyz` (sa base de données aussi, ou 503) et \
    `GET /api/v1/openapi.json` (ce document ; à lire sur `/api/docs`) sont publics. Une méthode que l'adresse ne connaît pas : \
    405, `methode_interdite`, avec `Allow`.\n\n\
    **Langue** : les textes pour les personnes (`title`, `detail`, `message`, résumés) sont en français ; les descriptions des \
    schémas et de leurs champs, en anglais.";

/// What says in the document who may take a list away as a file.
const EXPORT_ROLES: &str = "x-roles-export";

/// What every route shares.
pub fn base() -> OpenApi {
    let components = ComponentsBuilder::new()
        .schema("Problem", Problem::schema())
        .schema("FieldError", FieldError::schema())
        .schema("ShortLine", ShortLine::schema())
        .schema("InTheWay", InTheWay::schema())
        // Named by parameters alone, from which no schema is gathered.
        .schema("DateField", crate::orders::filter::DateField::schema())
        .schema("DeliveryOutcome", crate::orders::filter::DeliveryOutcome::schema())
        .schema("Format", export::Format::schema())
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
pub fn listed<F: Filter>(routes: UtoipaMethodRouter<AppState>) -> UtoipaMethodRouter<AppState>
where
    F::Of: Exported,
{
    listed_about::<F::Of, F>(routes)
}

/// The same of what is as personal as what it is about: a history.
pub fn listed_about<T: Exported, F: Filter>(routes: UtoipaMethodRouter<AppState>) -> UtoipaMethodRouter<AppState> {
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
    let (schemas, mut paths, router) = documented(routes, parameters);
    if let Some(permission) = export::permission::<T>() {
        let roles: Vec<_> = Access::Needs(permission).roles().map(Role::as_str).collect();
        for operation in paths.paths.values_mut().filter_map(|item| item.get.as_mut()) {
            operation.extensions.get_or_insert_default().insert(EXPORT_ROLES.to_owned(), json!(roles));
        }
    }
    (schemas, paths, router)
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
    refusals::complete(&mut document["components"]);
    let versioned = versioned(&document["components"]["schemas"]);
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    for (path, item) in paths {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if operation.is_object() {
                complete_operation(path, method, operation, &versioned);
                inputs::complete_parameters(operation);
                words::complete_parameters(operation);
            }
        }
    }
    inputs::complete_bodies(&mut document);
    itself::complete(&mut document);
    document
}

fn header(description: &str) -> Value {
    json!({"description": description, "schema": {"type": "string"}})
}

/// The schemas of resources that have a version, by reference.
fn versioned(schemas: &Value) -> Vec<Value> {
    let audit = |part: &Value| part["$ref"] == "#/components/schemas/Audit";
    let has = |schema: &Value| schema["allOf"].as_array().is_some_and(|parts| parts.iter().any(audit));
    let named = schemas.as_object().into_iter().flatten().filter(|(_, schema)| has(schema));
    named.map(|(name, _)| json!({"$ref": format!("#/components/schemas/{name}")})).collect()
}

fn complete_operation(path: &str, method: &str, operation: &mut Value, versioned: &[Value]) {
    let writes = method != "get";
    let signed_in = operation["security"].as_array().is_some_and(|list| !list.is_empty());
    let in_path = path.contains('{');
    let is_auth = path.contains("/auth/");
    let replayable = method == "post" && !is_auth;
    let id = operation["operationId"].as_str().unwrap_or_default().to_owned();

    let parameters = operation["parameters"].take();
    let mut parameters = parameters.as_array().cloned().unwrap_or_default();
    let versioned_answer = |response: &Value| versioned.contains(&response["content"]["application/json"]["schema"]);
    // One's own account has no id in its path.
    let of_caller = method != "post" && versioned_answer(&operation["responses"]["200"]);
    let takes_version = writes && (in_path && !is_auth || of_caller);
    if takes_version {
        let example = json!("\"3\"");
        parameters.push(parameter(
            "If-Match",
            "La version vue (`ETag`) ; une autre est refusée (412)",
            None,
            Some(example),
        ));
    }
    if replayable {
        parameters.push(parameter(
            "Idempotency-Key",
            "Une requête répétée avec la même clé rend la première réponse, pendant 24 heures. Chaque utilisateur a ses clés ; \
             seul un succès est gardé : après un refus, la même clé peut resservir",
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

    if let Some(body) = operation.get_mut("requestBody") {
        as_bytes(body);
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
    let conflicts = conflicts::of(&id, replayable);
    if !conflicts.is_empty() {
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
            answers::complete(&id, status, response);
            complete_success(status, response, lists, replayable);
            as_bytes(response);
            if versioned_answer(response) {
                response["headers"]["ETag"] = header("La version, entre guillemets : à renvoyer dans `If-Match`");
            }
        }
    }
    for status in statuses {
        let key = status.to_string();
        if responses.get(&key).is_none() {
            responses[key] = json!({"$ref": format!("#/components/responses/{}", refusals::name_of(status))});
        }
    }
    if !conflicts.is_empty() {
        // Beside a reference, a description stands for that of what it leads to.
        responses["409"]["description"] = json!(conflicts::told(&conflicts));
    }
    if id == "login" {
        refusals::show(&mut responses["401"], &[ErrorCode::BadCredentials]);
    }
    words::complete_operation(&id, operation);
    describe_roles(operation, signed_in);
    if lists {
        describe_export(operation);
    }
    if let Some(example) = super::openapi_examples::of(&id) {
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
        for format in [export::Format::Csv, export::Format::Xlsx] {
            let media = format.media_type().split(';').next().unwrap_or_default();
            response["content"][media] = json!({"schema": bytes()});
        }
    }
}

fn bytes() -> Value {
    json!({"type": "string", "format": "binary"})
}

/// A file is bytes, not the list of numbers that `Vec<u8>` would be in JSON.
fn as_bytes(body: &mut Value) {
    for (media, told) in body.get_mut("content").and_then(Value::as_object_mut).into_iter().flatten() {
        if !media.ends_with("json") && told["schema"]["type"] == "array" {
            told["schema"] = bytes();
        }
    }
}

/// The roles that an extension names, as a text shows them.
fn named_roles(roles: &Value) -> Vec<String> {
    roles.as_array().into_iter().flatten().filter_map(|role| Some(format!("`{}`", role.as_str()?))).collect()
}

/// Who may take the list away as a file, and that not everybody does at once.
fn describe_export(operation: &mut Value) {
    let all = operation["x-roles"].as_array().cloned().unwrap_or_default();
    let mut roles = all.clone();
    if let Some(may) = operation[EXPORT_ROLES].as_array() {
        roles.retain(|role| may.contains(role));
    }
    let fewer = roles.len() < all.len();
    let roles = Value::Array(roles);
    let who = match named_roles(&roles).join(", ") {
        names if fewer => format!(" `csv` et `xlsx` : rôles {names} ; les autres, 403."),
        _ => String::new(),
    };
    for parameter in operation["parameters"].as_array_mut().into_iter().flatten() {
        if parameter["name"] == "format" {
            let text = parameter["description"].as_str().unwrap_or_default();
            parameter["description"] = json!(format!(
                "{text}.{who} Au plus {} exports à la fois : au-delà, 429 et `Retry-After`.",
                export::AT_ONCE
            ));
        }
    }
    operation[EXPORT_ROLES] = roles;
}

fn describe_roles(operation: &mut Value, signed_in: bool) {
    let roles = named_roles(&operation["x-roles"]);
    let who = if roles.is_empty() { if signed_in { "tous" } else { "public" }.to_owned() } else { roles.join(", ") };
    let text = operation["description"].as_str().map(|text| format!("{text}\n\n")).unwrap_or_default();
    operation["description"] = json!(format!("{text}**Rôles** : {who}."));
}
