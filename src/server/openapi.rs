//! The OpenAPI document, generated from the routes.

use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder};
use utoipa::{PartialSchema, ToSchema};

use crate::error::FieldError;

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

/// What every route shares.
pub fn base() -> OpenApi {
    let components = ComponentsBuilder::new()
        .schema("Problem", Problem::schema())
        .schema("FieldError", FieldError::schema())
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
                .description(Some("Commandes, stock et livraisons. Erreurs : RFC 9457, `application/problem+json`."))
                .build(),
        )
        .components(Some(components))
        .build()
}

/// The whole document.
pub fn document() -> OpenApi {
    super::router::api_routes().into_openapi()
}
