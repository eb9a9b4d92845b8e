//! Imports for other programs. What is sent is the file itself.

use axum::Json;
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::request::Parts;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::file::{self, Kind, MAX_BYTES};
use super::lines::LineFilter;
use super::model::{Import, ImportReport, LineReport, Outcome};
use super::queries::ImportFilter;
use super::{operations, undo};
use crate::auth::context::Ctx;
use crate::auth::permission::Permission;
use crate::error::{AppError, AppResult, ErrorCode};
use crate::server::access::may;
use crate::server::openapi::listed;
use crate::server::rest::{Call, Reading, caller, idempotency_key, made, query_pairs, saved};
use crate::server::state::AppState;
use crate::server::uploads::{content_type, digest, read_file};
use crate::shared::{Fields, Page};

/// The routes, each with who may call it.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(may(Permission::WriteProducts, routes!(import)))
        .routes(may(Permission::WriteProducts, listed::<ImportFilter>(routes!(list))))
        .routes(may(Permission::WriteProducts, routes!(one)))
        .routes(may(Permission::WriteProducts, listed::<LineFilter>(routes!(lines))))
        .routes(may(Permission::WriteProducts, routes!(undo_import)))
}

/// A file that was sent by somebody who may.
struct Upload {
    ctx: Ctx,
    kind: Kind,
    bytes: Bytes,
    query: Vec<(String, String)>,
}

impl FromRequest<AppState> for Upload {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &AppState) -> AppResult<Self> {
        let (mut parts, body) = request.into_parts();
        let (ctx, _) = caller(&mut parts, state).await?;
        let bytes = read_file(body, MAX_BYTES).await?;
        let kind = kind(&parts)?;
        let idempotency = idempotency_key(&parts, digest(&parts, &bytes))?;
        Ok(Self { ctx: Ctx { idempotency, ..ctx }, kind, bytes, query: query_pairs(&parts)? })
    }
}

fn kind(parts: &Parts) -> AppResult<Kind> {
    match content_type(parts).as_str() {
        "text/csv" => Ok(Kind::Csv),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => Ok(Kind::Xlsx),
        _ => Err(AppError::new(
            ErrorCode::UnsupportedMediaType,
            "Envoyez le fichier lui-même, en CSV (Content-Type: text/csv) ou en XLSX \
             (application/vnd.openxmlformats-officedocument.spreadsheetml.sheet).",
        )),
    }
}

/// Importe un fichier de produits, CSV ou XLSX : tout, ou rien.
///
/// Le corps est le fichier lui-même : au plus 10 Mio, 20 000 lignes et 60 colonnes ; d'un classeur, la première feuille.
/// Un CSV est séparé par `;`, `,` ou tabulation, en UTF-8 ou en Windows-1252. Un contenu qui n'est ni CSV ni XLSX est
/// refusé (400, `requete_invalide`), comme un contenu qui n'est pas du type annoncé.
///
/// La première ligne porte les titres, ceux de l'export des produits ou les noms des champs (accents, casse et ponctuation
/// ignorés) : `reference` (obligatoire, sauf s'il y a `id`), `id` (« Identifiant »), `nom`, `categorie` (par son nom) ou `category_id`, `prix`, `taux_tva`, `prix_achat`,
/// `description`, `seuil_alerte`, `is_active` (oui ou non), `stock` (la quantité comptée). « Réservé », « Disponible » et
/// « Créé le » sont ignorées : un export modifié se réimporte tel quel. Toute autre colonne est refusée.
///
/// Une ligne dont la référence est connue modifie ce produit, une autre en crée un. Sans référence, l'identifiant que porte
/// un export dit de quel produit il s'agit ; avec une nouvelle référence, il la donne au produit qui n'en a pas. Une ligne
/// dont la référence et l'identifiant se contredisent est une erreur : dans un fichier venu d'ailleurs, supprimez la colonne.
///
/// Une colonne absente ne change rien.
/// Une cellule vide vide `description` et `prix_achat` ; dans les autres colonnes, elle ne change rien à un produit connu, et
/// un nouveau produit y reçoit sa valeur par défaut (`nom`, `categorie` et `prix` n'en ont pas). Le stock d'un nouveau produit
/// est une `entree`, celui d'un produit connu un `ajustement`.
///
/// Avec `dry_run`, rien n'est écrit : 200, et ce que deviendrait chaque ligne, erreurs comprises. Sans, la moindre erreur
/// refuse tout (422), `lignes[12].prix` désignant la ligne 12, telle qu'un tableur la compte.
#[utoipa::path(post, path = "/products/import", operation_id = "import_products", tag = "Imports",
    params(("dry_run" = Option<bool>, Query, description = "Dire ce que deviendrait chaque ligne, sans rien écrire"),
        ("fichier" = Option<String>, Query, description = "Nom du fichier, pour le retrouver ; au plus 200 caractères")),
    request_body(description = "Le fichier", content((String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
    responses((status = 200, description = "Essai : rien n'est écrit", body = ImportReport),
        (status = 201, description = "Importé", body = ImportReport)))]
async fn import(upload: Upload) -> AppResult<Response> {
    let sheet = file::read(upload.kind, upload.bytes).await;
    // A file that cannot be read comes before parameters that cannot; what is wrong in it, after.
    let sheet = match sheet {
        Err(error) if error.code != ErrorCode::Invalid => return Err(error),
        read => read,
    };
    let mut f = Fields::of_pairs(upload.query);
    let dry_run = f.boolean("dry_run").value().unwrap_or(false);
    let fichier = f.line("fichier", 200).value();
    f.finish()?;
    let done = operations::import_products(&upload.ctx, sheet?, fichier, dry_run).await?;
    Ok(match done.value.id {
        None => Json(done.value).into_response(),
        Some(id) => made(done, &format!("/imports/{id}")),
    })
}

/// Les imports, le plus récent d'abord.
#[utoipa::path(get, path = "/imports", operation_id = "list_imports", tag = "Imports",
    params(("search" = Option<String>, Query, description = "Nom du fichier ; accents et casse ignorés")),
    responses((status = 200, body = Page<Import>)))]
async fn list(call: Reading) -> AppResult<Response> {
    call.list::<ImportFilter>().await
}

/// Un import ; ce que chaque ligne a fait est sous `/imports/{id}/lines`.
#[utoipa::path(get, path = "/imports/{id}", operation_id = "get_import", tag = "Imports", params(("id" = i64, Path)),
    responses((status = 200, body = Import)))]
async fn one(call: Reading) -> AppResult<Response> {
    call.one::<Import>().await
}

/// Ce que chaque ligne d'un import a fait, dans l'ordre du fichier.
#[utoipa::path(get, path = "/imports/{id}/lines", operation_id = "list_import_lines", tag = "Imports",
    params(("id" = i64, Path),
        ("resultat" = Option<Vec<Outcome>>, Query, description = "Répétable ; un import gardé n'a pas de ligne en erreur"),
        ("search" = Option<String>, Query, description = "Référence ; accents et casse ignorés")),
    responses((status = 200, body = Page<LineReport>)))]
async fn lines(call: Reading) -> AppResult<Response> {
    call.list_under::<Import, LineFilter>("id", "import_id").await
}

/// Annule un import : ses nouveaux produits sont supprimés, les autres redeviennent ce qu'ils étaient, les stocks par des
/// mouvements contraires. Refusé (409, `import_utilise`, avec `produits`) dès qu'un produit fut vendu, réservé, commandé ou
/// modifié depuis. Un import plus récent, annulé lui-même, ne compte pas : on annule du plus récent au plus ancien, et
/// `import_posterieur` est celui qu'il faut annuler d'abord.
#[utoipa::path(post, path = "/imports/{id}/undo", operation_id = "undo_import", tag = "Imports",
    params(("id" = i64, Path)), responses((status = 200, body = Import)))]
async fn undo_import(call: Call) -> AppResult<Response> {
    call.bare()?;
    Ok(saved(undo::undo_import(&call.ctx, call.id("id")?).await?))
}
