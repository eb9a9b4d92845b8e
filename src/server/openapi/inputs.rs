//! What may be sent, as exactly as a schema can say it: the limits of [`crate::shared::Fields`], told once for
//! each name. A schema never refuses what the server takes; what it cannot say (a period that ends before it
//! begins, an id that does not exist) is a 422 that depends on data.

use serde_json::{Map, Value, json};

use crate::deliveries::model::MAX_ACTIONS;
use crate::history::model::TABLES;
use crate::orders::input::ANSWERED;
use crate::orders::model::{MAX_LINES, MAX_QUANTITY};
use crate::products::model::MAX_STOCK;

/// What a field is that the answer carries and nobody sets.
const IGNORED: &str = "De la réponse : renvoyé, il est ignoré";
/// White space that is trimmed away, in a character class.
const SPACE: &str = r"\t-\r \u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000";
/// Characters that nobody sees ([`crate::shared::text::is_blank`]), in a character class.
const UNSEEN: &str = r"\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\u2800\u3164\uFE00-\uFE0F\uFEFF\uFFA0";
/// Control characters, in a character class.
const CONTROL: &str = r"\u0000-\u001F\u007F-\u009F";

/// Nothing that one would see.
fn blank() -> String {
    format!("^[{SPACE}{UNSEEN}]*$")
}

/// One line with something on it. Its length counts once the white space around it is gone, which `maxLength`
/// cannot say and the pattern does.
fn line(max: usize) -> Value {
    let seen = format!("[^{SPACE}{CONTROL}]");
    json!({"type": "string", "pattern": format!(
        "^[{SPACE}]*{seen}([^{CONTROL}]{{0,{}}}{seen})?[{SPACE}]*$", max - 2), "not": {"pattern": blank()}})
}

/// Several lines, or nothing.
fn paragraph() -> Value {
    json!({"type": "string", "maxLength": 5_000, "pattern": format!(
        r"^[{SPACE}]*([^\u0000-\u0008\u000B-\u001F\u007F-\u009F]|\r\n)*[{SPACE}]*$")})
}

fn email() -> Value {
    let part = format!("[^@{SPACE}{CONTROL}]+");
    json!({"type": "string", "maxLength": 254, "pattern": format!("^[{SPACE}]*{part}@{part}[{SPACE}]*$")})
}

/// A number, or a text as people type it: `1 234,50`. How many decimals it may have is the currency's matter.
fn decimal(max: f64) -> Value {
    let digits = r"[0-9 \u00A0\u202F]*";
    json!({"type": ["number", "string"], "minimum": 0, "maximum": max,
        "pattern": format!(r"^[ \u00A0\u202F]*[+-]?{digits}([.,]{digits})?$")})
}

fn integer(min: i64, max: i64) -> Value {
    json!({"type": "integer", "minimum": min, "maximum": max})
}

fn id() -> Value {
    json!({"type": "integer", "format": "int64", "minimum": 1, "maximum": i64::MAX})
}

fn secret(min: u64) -> Value {
    json!({"type": "string", "minLength": min, "maxLength": 200})
}

/// What a field of a body may be, besides null where it may be empty.
fn field(name: &str) -> Option<Value> {
    Some(match name {
        "nom" | "client_nom" | "prenom" | "ville" => line(200),
        "telephone" | "client_telephone" => line(30),
        "reference" => line(64),
        "code_postal" => line(20),
        "adresse" | "adresse_livraison" => line(500),
        "email" | "client_email" => email(),
        "description" | "notes" | "motif" => paragraph(),
        "password" | "new_password" => secret(8),
        "current_password" | "refresh_token" => secret(1),
        "prix" | "prix_achat" => decimal(9_999_999.99),
        "taux_tva" => decimal(100.0),
        "category_id" | "client_id" | "livreur_id" | "product_id" | "item_id" => id(),
        "remis" | "refuse" | "abime" | "manquant" => integer(0, MAX_QUANTITY),
        "envoye_le" => json!({"type": "string", "format": "date-time"}),
        "quantity" => integer(1, MAX_QUANTITY),
        "quantite" | "seuil_alerte" | "stock_initial" => integer(0, MAX_STOCK),
        "ordre" => integer(0, 1_000_000),
        "latitude" => json!({"type": "number", "minimum": -90, "maximum": 90}),
        "longitude" => json!({"type": "number", "minimum": -180, "maximum": 180}),
        "date_livraison_prevue" => json!({"type": "string", "format": "date"}),
        "creneau_debut" | "creneau_fin" => json!({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}),
        _ => return None,
    })
}

/// What a field may be all the same where it may be empty: null, and a blank text.
fn or_empty(schema: Value) -> Value {
    // One line may hold what nobody sees.
    let pattern = schema["not"]["pattern"].as_str().map_or_else(|| format!("^[{SPACE}]*$"), str::to_owned);
    let blank = json!({"type": "string", "pattern": pattern});
    match schema["type"].as_str() {
        Some("string") if schema.get("pattern").is_some() || schema.get("format").is_some() => {
            json!({"anyOf": [schema, blank, {"type": "null"}]})
        }
        Some("string" | "integer" | "number") => json!({"anyOf": [schema, {"type": "null"}]}),
        _ => json!({"anyOf": [schema, blank, {"type": "null"}]}),
    }
}

/// What a change cannot clear.
const KEPT: [&str; 14] = [
    "client_id",
    "client_nom",
    "category_id",
    "email",
    "is_active",
    "items",
    "nom",
    "ordre",
    "password",
    "prix",
    "role",
    "seuil_alerte",
    "taux_tva",
    "statut",
];

fn parameter_schema(name: &str, schema: &Value) -> Option<Value> {
    Some(match name {
        "search" | "fichier" => json!({"anyOf": [line(200), {"type": "string", "pattern": blank()}]}),
        "cursor" => json!({"type": "string", "pattern": format!("^[{SPACE}]*[A-Za-z0-9_-]{{0,2000}}[{SPACE}]*$")}),
        "prix_min" | "prix_max" => decimal(9_999_999.99),
        "tentative_id" => json!({"type": "string", "format": "uuid"}),
        "livreur_id" if !speaks_of_text(schema) => id(),
        "livreur_id" => json!({"type": "string", "pattern": format!("^[{SPACE}]*(none|\\+?[0-9]{{1,19}})[{SPACE}]*$")}),
        "category_id" | "client_id" | "order_id" | "product_id" | "row_id" | "user_id" => id(),
        "hors_product_id" | "hors_category_id" => json!({"type": "array", "items": id()}),
        "is_active" | "include_deleted" | "is_deleted" | "dry_run" => {
            json!({"enum": [true, false, "1", "0", "on", "off"]})
        }
        "format" => json!({"type": "string", "enum": ["json", "csv", "xlsx"]}),
        "table" => json!({"type": "string", "enum": TABLES}),
        "statut" if schema["type"] == "array" && !names(&schema["items"], "StockStatus") => {
            // Any status of an order, or those that are sold.
            let statuses = if schema["items"].get("$ref").is_some() { &SOLD[..] } else { &STATUSES[..] };
            json!({"type": "array", "items": {"type": "string", "enum": statuses}})
        }
        _ => return None,
    })
}

/// Whether a schema is another one, by its name.
fn names(schema: &Value, name: &str) -> bool {
    schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) == Some(name)
}

/// Whether a schema is that of a text, which may be null.
fn speaks_of_text(schema: &Value) -> bool {
    schema["type"] == "string" || schema["type"].as_array().is_some_and(|kinds| kinds.contains(&json!("string")))
}

/// The statuses of an order as one may write them.
const STATUSES: [&str; 9] =
    ["brouillon", "confirmee", "confirmée", "en_preparation", "en_livraison", "livree", "livrée", "annulee", "annulée"];

/// The same of those that are sold.
const SOLD: [&str; 6] = ["confirmee", "confirmée", "en_preparation", "en_livraison", "livree", "livrée"];

/// Says of each query parameter of an operation what it may be; an empty one is as good as none.
pub fn complete_parameters(operation: &mut Value) {
    for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
        if parameter["in"] != "query" {
            continue;
        }
        parameter["allowEmptyValue"] = json!(true);
        let name = parameter["name"].as_str().unwrap_or_default().to_owned();
        if let Some(schema) = parameter_schema(&name, &parameter["schema"]) {
            parameter["schema"] = schema;
        }
    }
}

/// Says of each body what its fields may be and that it has no others; a PUT also takes what its answer carries.
pub fn complete_bodies(document: &mut Value) {
    let mut bodies = Vec::new();
    for item in document["paths"].as_object_mut().into_iter().flat_map(Map::values_mut) {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            let answer = reference(&operation["responses"]["200"]["content"]["application/json"]["schema"]);
            let Some(body) = operation.get_mut("requestBody") else { continue };
            // A file is no JSON: its operation says all there is to say.
            let Some(schema) = body.pointer_mut("/content/application~1json/schema") else { continue };
            // `Option<…>`: the body may be left out, which is no null.
            if let Some(inner) = schema["oneOf"].get(0).cloned() {
                *schema = inner;
            }
            if let Some(name) = reference(schema) {
                bodies.push((name, answer.filter(|_| method == "put")));
            }
        }
    }
    let mut needed = Map::new();
    for (name, answer) in &bodies {
        let ignored = answer.as_ref().map(|answer| members(&document["components"]["schemas"], answer));
        let schema = &mut document["components"]["schemas"][name];
        complete_body(name, schema, ignored.unwrap_or_default());
        needed.insert(name.clone(), json!(schema["required"].as_array().is_some_and(|names| !names.is_empty())));
    }
    for name in ["NewOrderItem", "DeliveryLine"] {
        if let Some(schema) = document["components"]["schemas"].get_mut(name) {
            complete_body(name, schema, Vec::new());
        }
    }
    for item in document["paths"].as_object_mut().into_iter().flat_map(Map::values_mut) {
        for operation in item.as_object_mut().into_iter().flat_map(Map::values_mut) {
            let Some(body) = operation.get_mut("requestBody") else { continue };
            let name = reference(&body["content"]["application/json"]["schema"]);
            body["required"] = name.and_then(|name| needed.get(&name).cloned()).unwrap_or(json!(true));
        }
    }
}

/// The name of the schema that a reference leads to.
fn reference(schema: &Value) -> Option<String> {
    schema["$ref"].as_str()?.strip_prefix("#/components/schemas/").map(str::to_owned)
}

/// The names of what an answer carries.
fn members(schemas: &Value, name: &str) -> Vec<String> {
    let schema = &schemas[name];
    let mut names: Vec<_> =
        schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect();
    for part in schema["allOf"].as_array().into_iter().flatten() {
        match reference(part) {
            Some(part) => names.extend(members(schemas, &part)),
            None => names.extend(part["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone())),
        }
    }
    names
}

fn complete_body(name: &str, schema: &mut Value, ignored: Vec<String>) {
    let required: Vec<String> = match name {
        "NewOrder" => vec!["client_nom".to_owned()],
        _ => {
            let names = schema["required"].as_array().into_iter().flatten();
            names.filter_map(|name| name.as_str().map(str::to_owned)).collect()
        }
    };
    let changes = name.ends_with("Update");
    for (field_name, value) in schema["properties"].as_object_mut().into_iter().flatten() {
        let kept = required.contains(field_name) || changes && KEPT.contains(&field_name.as_str());
        let email_of_client = name == "ClientUpdate" && field_name == "email";
        let kept = (kept && !email_of_client) && !(name == "AssignBody" && field_name == "livreur_id");
        let description =
            value["description"].as_str().or(value["oneOf"][0]["description"].as_str()).map(str::to_owned);
        let plain = match field(field_name) {
            Some(schema) => schema,
            None => without_null(value.take()),
        };
        let plain = match field_name.as_str() {
            "items" => {
                json!({"type": "array", "maxItems": MAX_LINES, "items": {"$ref": "#/components/schemas/NewOrderItem"}})
            }
            // Whatever is sent there has an answer of its own.
            "actions" => json!({"type": "array", "maxItems": MAX_ACTIONS,
                "items": {"anyOf": [{"$ref": "#/components/schemas/DeliveryAction"}, {}]}}),
            "lignes" => json!({"type": "array", "minItems": 1, "maxItems": MAX_LINES,
                "items": {"$ref": "#/components/schemas/DeliveryLine"}}),
            "ids" => json!({"type": "array", "maxItems": 10_000, "items": id()}),
            "statut" if name == "StatusBody" => json!({"type": "string", "enum": STATUSES}),
            // A stock that moves by hand; `vente` comes from orders alone.
            "type" => json!({"type": "string", "enum": ["entree", "sortie", "retour", "ajustement"]}),
            // An account may be older than the rules for passwords and addresses.
            "password" if name == "LoginBody" => secret(1),
            "email" if name == "LoginBody" => line(254),
            _ => plain,
        };
        *value = if kept { plain } else { or_empty_of(field_name, plain) };
        if let Some(description) = description {
            value["description"] = json!(description);
        }
    }
    for ignored in ignored {
        let place = &mut schema["properties"][&ignored];
        if place.is_null() {
            *place = json!({"description": IGNORED});
        }
    }
    // Lines may come back as the answer gave them.
    if name == "OrderUpdate" {
        let mut line = json!({"type": "object", "required": ["product_id", "quantity"], "additionalProperties": false,
            "properties": {"product_id": id(), "quantity": integer(1, MAX_QUANTITY)}});
        for ignored in ANSWERED {
            line["properties"][ignored] = json!({"description": IGNORED});
        }
        schema["properties"]["items"]["items"] = line;
    }
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema["additionalProperties"] = json!(false);
}

fn or_empty_of(name: &str, schema: Value) -> Value {
    match name {
        "items" | "is_active" | "confirmer" => json!({"anyOf": [schema, {"type": "null"}]}),
        _ => or_empty(schema),
    }
}

fn without_null(mut schema: Value) -> Value {
    if let Some(kinds) = schema["type"].as_array_mut() {
        kinds.retain(|kind| kind != "null");
        if let [one] = kinds.as_slice() {
            schema["type"] = one.clone();
        }
    } else if let Some(inner) = schema["oneOf"].get(0).cloned() {
        schema = inner;
    }
    if let Some(members) = schema.as_object_mut() {
        members.retain(|name, value| {
            !(name == "default" || name == "type" && value.is_null() || name == "oneOf" && value.is_null())
        });
    }
    schema
}
