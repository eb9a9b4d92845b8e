//! Lists as files through the browser's door: the addresses of the pages, with the session's cookie.

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Redirect, Response};

use crate::auth::context::Ctx;
use crate::categories::queries::CategoryFilter;
use crate::clients::queries::ClientFilter;
use crate::error::{AppError, AppResult, ErrorCode};
use crate::history::queries::ChangeFilter;
use crate::orders::filter::OrderFilter;
use crate::products::queries::ProductFilter;
use crate::server::browser::context_of_parts;
use crate::server::export::{self, Format};
use crate::server::rest::{query_pairs, without_format};
use crate::server::state::AppState;
use crate::stocks::movements::MovementFilter;
use crate::stocks::queries::{AlertFilter, StockFilter, shortest_first};
use crate::users::queries::UserFilter;

/// GET /exports/… : the list of the page at …
pub async fn download(State(state): State<AppState>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let answer = async {
        let ctx = context_of_parts(&state, &parts)?;
        let query = query_pairs(&parts)?;
        let format = export::wanted(&query)?.unwrap_or(Format::Csv);
        let list = parts.uri.path().strip_prefix("/exports").unwrap_or_default();
        send(ctx, list, without_format(query), format).await
    };
    match answer.await {
        Ok(file) => file,
        Err(error) if error.code == ErrorCode::Unauthenticated => Redirect::to("/connexion").into_response(),
        Err(error) => error.into_response(),
    }
}

async fn send(ctx: Ctx, list: &str, query: Vec<(String, String)>, format: Format) -> AppResult<Response> {
    match list {
        "/commandes" => export::list::<OrderFilter>(ctx, query, format).await,
        "/produits" => export::list::<ProductFilter>(ctx, query, format).await,
        "/categories" => export::list::<CategoryFilter>(ctx, query, format).await,
        "/stocks" => export::list::<StockFilter>(ctx, shortest_first(query), format).await,
        "/stocks/alertes" => export::list::<AlertFilter>(ctx, query, format).await,
        "/stocks/mouvements" => export::list::<MovementFilter>(ctx, query, format).await,
        "/clients" => export::list::<ClientFilter>(ctx, query, format).await,
        "/utilisateurs" => export::list::<UserFilter>(ctx, query, format).await,
        "/journal" => {
            ctx.require(crate::auth::permission::Permission::ReadAudit)?;
            export::list::<ChangeFilter>(ctx, query, format).await
        }
        _ => Err(AppError::not_found("Cette liste")),
    }
}
