//! The document among the paths that it tells: it is served beside the routes it was made of.

use serde_json::{Value, json};

use super::{header, refusals};

/// Where it is served.
pub const PATH: &str = "/api/v1/openapi.json";

/// Adds its own path.
pub fn complete(document: &mut Value) {
    let refused = |status: u16| json!({"$ref": format!("#/components/responses/{}", refusals::name_of(status))});
    let told = json!({"type": "object", "required": ["openapi"], "properties": {"openapi": {"type": "string"}}});
    document["paths"][PATH] = json!({"get": {
        "tags": ["Documentation"],
        "operationId": "openapi",
        "summary": "Ce document, OpenAPI 3.1.",
        "description": "**Rôles** : public.",
        "responses": {
            "200": {
                "description": "Le document",
                "headers": {"X-Request-Id": header("Identifiant de la requête")},
                "content": {"application/json": {"schema": told, "example": {"openapi": "3.1.0"}}},
            },
            "429": refused(429),
            "500": refused(500),
        },
    }});
}
