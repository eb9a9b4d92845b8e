//! Files of products through the browser's door: looked at, imported, taken back. The page's own script asks
//! for JSON; a plain form gets the page again, which carries a small file on to the second step.

use axum::Json;
use axum::extract::multipart::{Field, Multipart};
use axum::extract::{FromRequest, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::request::Parts;
use http::{StatusCode, header};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::Form;
use crate::auth::context::Ctx;
use crate::auth::permission::Permission;
use crate::error::{AppError, AppResult, ErrorCode};
use crate::imports::file::{self, Kind, MAX_BYTES};
use crate::imports::model::{ImportReport, Outcome};
use crate::imports::{operations, undo};
use crate::server::browser::context_of_parts;
use crate::server::state::AppState;
use crate::shared::ImportId;
use crate::ui::pages::products::import::PATH;

/// The largest file that a page carries on to its second step.
const MAX_CARRIED: usize = 256 * 1024;
/// Lines that a plain page shows.
const MAX_SHOWN: usize = 500;
/// The largest request: a file and what surrounds it.
pub const MAX_REQUEST: usize = MAX_BYTES + 1024 * 1024;

/// GET /produits/import/modele: a file to begin with.
pub async fn template(State(state): State<AppState>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    match context_of_parts(&state, &parts).and_then(|ctx| ctx.require(Permission::WriteProducts)) {
        Ok(()) => {
            let headers = [
                (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"modele-produits.csv\""),
            ];
            (headers, TEMPLATE).into_response()
        }
        Err(error) if error.code == ErrorCode::Unauthenticated => Redirect::to("/connexion").into_response(),
        Err(error) => error.into_response(),
    }
}

/// The titles of an export, with the mark that tells spreadsheets how it is written.
const TEMPLATE: &str = "\u{feff}Référence;Nom;Catégorie;Prix TTC;TVA (%);Prix d'achat;En stock;Seuil d'alerte;\
                        En vente;Description\r\n";

/// What was sent.
#[derive(Default)]
struct Sent {
    fields: Vec<(String, String)>,
    name: Option<String>,
    bytes: Bytes,
}

impl Sent {
    fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.as_str())
    }

    async fn read(request: Request, state: &AppState) -> AppResult<Self> {
        let broken = |_| AppError::new(ErrorCode::BadRequest, "Ce formulaire n'a pas pu être lu.");
        let mut parts = Multipart::from_request(request, state)
            .await
            .map_err(|_| AppError::new(ErrorCode::BadRequest, "Ce formulaire n'a pas pu être lu."))?;
        let mut sent = Self::default();
        while let Some(field) = parts.next_field().await.map_err(broken)? {
            if field.name() == Some("fichier") {
                sent.name = field.file_name().map(str::to_owned).filter(|name| !name.is_empty());
                sent.bytes = whole(field).await?;
            } else {
                let name = field.name().unwrap_or_default().to_owned();
                sent.fields.push((name, field.text().await.map_err(broken)?));
            }
        }
        // No file was chosen: the one that was looked at before.
        if sent.name.is_none() && sent.bytes.is_empty() && !sent.get("contenu").is_empty() {
            let carried = STANDARD.decode(sent.get("contenu"));
            sent.bytes = carried
                .map_err(|_| AppError::field("fichier", "illisible", "Choisissez le fichier à nouveau."))?
                .into();
            sent.name = Some(sent.get("nom_fichier").to_owned()).filter(|name| !name.is_empty());
        }
        if sent.bytes.is_empty() {
            return Err(match sent.name {
                Some(_) => AppError::field("fichier", "vide", "Ce fichier est vide."),
                None => AppError::field("fichier", "obligatoire", "Choisissez un fichier."),
            });
        }
        Ok(sent)
    }
}

async fn whole(field: Field<'_>) -> AppResult<Bytes> {
    let too_large = || AppError::new(ErrorCode::TooLarge, "Le fichier dépasse 10 Mio.");
    let bytes = field.bytes().await.map_err(|error| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        _ => AppError::new(ErrorCode::BadRequest, "Le fichier n'a pas pu être lu."),
    })?;
    if bytes.len() > MAX_BYTES { Err(too_large()) } else { Ok(bytes) }
}

/// POST /produits/import
pub async fn act(State(state): State<AppState>, request: Request) -> Response {
    let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if content_type.is_some_and(|value| value.starts_with("multipart/form-data")) {
        upload(state, request).await
    } else {
        take_back(state, request).await
    }
}

async fn upload(state: AppState, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let kept = parts.clone();
    let json = parts.headers.get(header::ACCEPT).is_some_and(|accept| accept.as_bytes() == b"application/json");
    // Who may not import is refused before the file is read.
    let allowed = context_of_parts(&state, &parts).and_then(|ctx| {
        ctx.require(Permission::WriteProducts)?;
        Ok(ctx)
    });
    let mut sent = Sent::default();
    let done = async {
        let ctx = allowed?;
        sent = Sent::read(Request::from_parts(parts, body), &state).await?;
        carry_out(ctx, &sent).await
    };
    let done = done.await;
    if json {
        return match done {
            Ok(report) => Json(report).into_response(),
            Err(error) => {
                let status = StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                (status, Json(error)).into_response()
            }
        };
    }
    match done {
        Ok(report) if report.id.is_some() => Redirect::to(PATH).into_response(),
        Ok(report) => shown(kept, &sent, report).again(state, None).await,
        Err(error) => {
            let fields = [("action", sent.get("action")), ("cle", sent.get("cle"))];
            let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
            Form { parts: kept, fields }.again(state, Some(error)).await
        }
    }
}

async fn carry_out(ctx: Ctx, sent: &Sent) -> AppResult<ImportReport> {
    let sheet = file::read(Kind::of(sent.name.as_deref(), &sent.bytes), sent.bytes.clone()).await?;
    let name = sent.name.as_ref().map(|name| name.chars().filter(|c| !c.is_control()).take(200).collect::<String>());
    if sent.get("action") != "importer" {
        return Ok(operations::import_products(&ctx, sheet, name, true).await?.value);
    }
    let digest = STANDARD.encode(Sha256::digest(&sent.bytes));
    let body = json!({ "fichier": name, "empreinte": digest });
    let ctx = ctx.idempotent("import_products", sent.get("cle").to_owned(), &body)?;
    Ok(operations::import_products(&ctx, sheet, name, false).await?.value)
}

/// The page again with what the file would do; a small file travels in it.
fn shown(parts: Parts, sent: &Sent, mut report: ImportReport) -> Form {
    report.lignes.sort_by_key(|line| line.resultat != Outcome::Erreur);
    report.lignes.truncate(MAX_SHOWN);
    let mut fields = vec![
        ("cle".to_owned(), sent.get("cle").to_owned()),
        ("rapport".to_owned(), serde_json::to_string(&report).unwrap_or_default()),
    ];
    if sent.bytes.len() <= MAX_CARRIED {
        fields.push(("contenu".to_owned(), STANDARD.encode(&sent.bytes)));
        fields.push(("nom_fichier".to_owned(), sent.name.clone().unwrap_or_default()));
    }
    Form { parts, fields }
}

/// Takes an import back.
async fn take_back(state: AppState, request: Request) -> Response {
    let form = match Form::read(request).await {
        Ok(form) => form,
        Err(error) => return error.into_response(),
    };
    let done = async {
        let ctx = context_of_parts(&state, &form.parts)?;
        ctx.require(Permission::WriteProducts)?;
        if form.get("action") != "annuler" {
            return Err(AppError::field("action", "choix_inconnu", "Cette action n'existe pas."));
        }
        let id: ImportId = form.get("id").parse().map_err(|_| AppError::not_found("Cet import"))?;
        undo::undo_import(&ctx, id).await
    };
    match done.await {
        Ok(_) => Redirect::to(PATH).into_response(),
        Err(error) => form.again(state, Some(error)).await,
    }
}
