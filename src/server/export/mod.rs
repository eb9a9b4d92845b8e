//! Lists as files, for people's spreadsheets: the same filters and sort as the list, all pages, streamed.

mod cell;
mod csv;
mod xlsx;

use axum::body::Body;
use axum::response::Response;
use futures_util::{Stream, StreamExt, stream};
use http::{HeaderValue, header};

pub use cell::{Cell, Column, as_it_was};

use crate::auth::context::Ctx;
use crate::auth::permission::Permission;
use crate::error::{AppError, AppResult, ErrorCode, Member};
use crate::shared::fields::repeated;
use crate::shared::listing::{self, Filter};

/// How many exports run at once; who comes then is told to come back.
pub const AT_ONCE: usize = 2;

/// Which kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Opens by double-click in a French Excel.
    Csv,
    /// A workbook.
    Xlsx,
}

impl Format {
    fn extension(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Xlsx => "xlsx",
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Format::Csv => "text/csv; charset=utf-8",
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// The `format` of a query: none, `json`, `csv` or `xlsx`.
pub fn wanted(query: &[(String, String)]) -> AppResult<Option<Format>> {
    let mut sent = query.iter().filter(|(name, _)| name == "format").map(|(_, value)| value.as_str());
    match (sent.next(), sent.next()) {
        (None | Some("json" | ""), None) => Ok(None),
        (Some("csv"), None) => Ok(Some(Format::Csv)),
        (Some("xlsx"), None) => Ok(Some(Format::Xlsx)),
        (_, Some(_)) => Err(repeated("format")),
        _ => Err(AppError::field("format", "choix_inconnu", "Valeurs possibles : json, csv, xlsx.")),
    }
}

/// What a spreadsheet shows of a row.
pub trait Exported: Send + Sized + 'static {
    /// Name of the file and of the sheet.
    const NAME: &'static str;
    /// Whether clients' data is in it: then it is for those who may take that away.
    const PERSONAL: bool = false;

    /// The columns for this caller.
    fn columns(ctx: &Ctx) -> Vec<Column<Self>>;
}

/// What one needs for taking such rows away, besides being allowed to read them.
pub fn permission<T: Exported>() -> Option<Permission> {
    T::PERSONAL.then_some(Permission::ExportClients)
}

/// Refuses who may not take such rows away.
pub fn require<T: Exported>(ctx: &Ctx) -> AppResult<()> {
    permission::<T>().map_or(Ok(()), |permission| ctx.require(permission))
}

/// A whole list as a file.
pub async fn list<F>(ctx: Ctx, query: Vec<(String, String)>, format: Format) -> AppResult<Response>
where
    F: Filter + 'static,
    F::Of: Exported,
{
    list_about::<F::Of, F>(ctx, query, format).await
}

/// The same of what is as personal as what it is about: a history.
pub async fn list_about<T, F>(ctx: Ctx, query: Vec<(String, String)>, format: Format) -> AppResult<Response>
where
    T: Exported,
    F: Filter + 'static,
    F::Of: Exported,
{
    require::<T>(&ctx)?;
    let rows = listing::rows::<F>(ctx.clone(), query)?;
    send(ctx, rows, format).await
}

/// Rows that are there already as a file.
pub async fn table<T: Exported>(ctx: Ctx, rows: Vec<T>, format: Format) -> AppResult<Response> {
    require::<T>(&ctx)?;
    send(ctx, stream::iter(rows.into_iter().map(Ok)), format).await
}

/// The refusal of one export too many.
pub fn busy() -> AppError {
    let detail = format!("{AT_ONCE} exports sont déjà en cours. Réessayez dans un instant.");
    AppError::new(ErrorCode::TooManyRequests, detail).with(Member::RetryAfter, 5)
}

async fn send<T: Exported>(
    ctx: Ctx,
    rows: impl Stream<Item = AppResult<T>> + Send + 'static,
    format: Format,
) -> AppResult<Response> {
    // Each holds a connection and a snapshot for as long as its reader takes.
    let turn = ctx.exports.0.clone().try_acquire_owned().map_err(|_| busy())?;
    let mut rows = Box::pin(rows);
    // What fails at once is refused like anything else; from here on, a failure cuts the connection.
    let first = rows.next().await.transpose()?;
    let rows = stream::iter(first.map(Ok)).chain(rows);
    let columns = T::columns(&ctx);
    let zone = ctx.shop.zone.clone();
    let name = format!("{}-{}.{}", T::NAME, zone.local(chrono::Utc::now()).date(), format.extension());
    let body = match format {
        Format::Csv => Body::from_stream(csv::stream(rows, columns, zone, turn)),
        Format::Xlsx => Body::from_stream(xlsx::file(rows, columns, zone, T::NAME, xlsx::MAX_ROWS, turn).await?),
    };
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
