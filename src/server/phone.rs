//! What the livreur's phone (`src/phone`) is given: its page, its data, its manifest, its service worker.

use std::path::Path;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::browser::{context_of_parts, page};
use super::state::AppState;
use crate::auth::permission::Role;
use crate::auth::sessions::BrowserSession;
use crate::deliveries::queries;
use crate::error::{AppError, AppResult, ErrorCode};
use crate::phone::data::{DATA_PATH, Person, PhoneData};
use crate::shared::UserId;
use crate::ui::preferences::EARLY_SCRIPT;
use crate::users::model::full_name;

/// What `scripts/build.sh` makes for the phone, in one folder named after its content.
const FILES: [&str; 5] = ["entree.js", "livreur.js", "host.js", "livreur.wasm", "livreur.css"];
/// What the page shows besides, the same in every version.
const COMMON: [&str; 2] = ["/fonts/inter-latin.woff2", "/favicon.svg"];
const WORKER: &str = include_str!("../phone/sw.js");
/// Says in words that the program has not come, or only in part: after 20 seconds, or as soon as it is certain
/// (`entree.js` tells of the last file). The program, once it runs, replaces all of it.
const NOT_COME: &str = "{const show=()=>{const said=document.getElementById('pas-venu');if(!said)return;\
said.hidden=false;document.querySelectorAll('.bones').forEach((bone)=>bone.remove())};\
setTimeout(show,20000);addEventListener('pas-venu',show);\
addEventListener('error',({target})=>{if(target.tagName==='SCRIPT')show()},true)}";

/// The texts of one version of the phone's program.
#[derive(Debug, Clone)]
struct Texts {
    version: String,
    page: String,
    policy: HeaderValue,
    worker: String,
}

/// The routes.
pub fn router(state: &AppState) -> Router<AppState> {
    let texts = kept_texts(&state.options.site_root);
    let worker = texts.clone();
    Router::new()
        .route("/livreur", get(move |state: State<AppState>, request: Request| show(state, request, texts())))
        .route(DATA_PATH, get(data))
        .route("/livreur/sw.js", get(move || async move { worker_of(worker()) }))
        .route("/livreur/manifest.webmanifest", get(manifest))
}

/// What is built, read once, at the start. A debug build reads it each time: `make dev` builds it beside the server.
fn kept_texts(site_root: &Path) -> impl Fn() -> Option<Texts> + Clone + Send + 'static {
    let (site_root, texts) = (site_root.to_owned(), Texts::read(site_root));
    move || if cfg!(debug_assertions) { Texts::read(&site_root) } else { texts.clone() }
}

impl Texts {
    fn read(site_root: &Path) -> Option<Self> {
        let version = std::fs::read_to_string(site_root.join("pkg/livreur-version")).ok()?.trim().to_owned();
        let folder = format!("/pkg/{version}");
        let files: Vec<String> = FILES.iter().map(|file| format!("{folder}/{file}")).collect();
        let all: Vec<&str> = files.iter().map(String::as_str).chain(COMMON).collect();
        let worker = WORKER.replace("__VERSION__", &version).replace("__FILES__", &json!(all).to_string());
        Some(Self { page: shell(&folder), policy: HeaderValue::from_str(&policy()).ok()?, worker, version })
    }
}

/// Nothing is inline but the two scripts that wait for no file, named by their digests; pictures may be blobs of the
/// phone.
fn policy() -> String {
    let [early, not_come] = [EARLY_SCRIPT, NOT_COME].map(|script| STANDARD.encode(Sha256::digest(script.as_bytes())));
    format!(
        "default-src 'none'; script-src 'self' 'sha256-{early}' 'sha256-{not_come}' 'wasm-unsafe-eval'; \
         style-src 'self'; img-src 'self' blob:; \
         font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'"
    )
}

/// The page until its program runs, and all that there is of it without JavaScript. The same for everybody: it is
/// kept on phones.
fn shell(folder: &str) -> String {
    format!(
        r##"<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="robots" content="noindex, nofollow">
<meta name="theme-color" media="(prefers-color-scheme: light)" content="#ffffff">
<meta name="theme-color" media="(prefers-color-scheme: dark)" content="#131b27">
<meta name="format-detection" content="telephone=no">
<meta name="mobile-web-app-capable" content="yes">
<title>Ma tournée · Dashboard FB</title>
<script>{EARLY_SCRIPT}</script>
<script>{NOT_COME}</script>
<link rel="stylesheet" href="{folder}/livreur.css">
<link rel="preload" href="/fonts/inter-latin.woff2" as="font" type="font/woff2" crossorigin="anonymous">
<link rel="modulepreload" href="{folder}/livreur.js">
<link rel="modulepreload" href="{folder}/host.js">
<link rel="preload" href="{folder}/livreur.wasm" as="fetch" type="application/wasm" crossorigin="anonymous">
<link rel="manifest" href="/livreur/manifest.webmanifest">
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="apple-touch-icon" href="/icons/icone-192.png">
<script type="module" src="{folder}/entree.js"></script>
</head>
<body>
<header class="bar"><div class="bar-title"><h1>Ma tournée</h1></div><div class="state"></div></header>
<main class="content"><noscript><p class="banner banner-amber">Cette page a besoin de JavaScript&nbsp;:
 activez-le dans les réglages du navigateur.</p></noscript><div id="pas-venu" class="empty" role="alert" hidden><p
 class="empty-title">La page n'a pas pu s'ouvrir</p><p>Le réseau est trop faible, ou le serveur ne répond pas.
 Ce que vous avez noté reste sur ce téléphone.</p><a class="btn btn-primary btn-wide" href="/livreur">Réessayer</a></div><div
 class="bones bones-next"></div><div class="bones"></div><div class="bones"></div></main>
</body>
</html>
"##
    )
}

/// Tells the phone's program, which starts before the server has answered, who has signed in on it; without a livreur,
/// that nobody has. A cookie that the program reads: it opens nothing.
pub fn name_person(headers: &HeaderMap, livreur: Option<UserId>, behind_tls: bool) -> CookieJar {
    let (jar, name) = (CookieJar::from_headers(headers), "livreur");
    let cookie = |value: String| Cookie::build((name, value)).path("/");
    match livreur {
        Some(id) => {
            let cookie = cookie(id.to_string()).same_site(SameSite::Lax).secure(behind_tls);
            // As long as browsers keep one: data that wait outlast the session.
            jar.add(cookie.max_age(time::Duration::days(400)))
        }
        None => jar.remove(cookie(String::new())),
    }
}

fn role_of(request: &Request) -> Option<Role> {
    request.extensions().get::<BrowserSession>().and_then(|session| session.actor.as_ref()).map(|actor| actor.role)
}

/// GET /livreur
async fn show(State(state): State<AppState>, request: Request, texts: Option<Texts>) -> Response {
    // Strangers go to sign in, others are told that this is not for them: as on every page.
    if role_of(&request) != Some(Role::Livreur) {
        return page(State(state), request).await;
    }
    let Some(texts) = texts else {
        let words = "Le programme du téléphone n'a pas été compilé : scripts/build.sh.";
        return AppError::new(ErrorCode::Unavailable, words).into_response();
    };
    let mut response = axum::response::Html(texts.page).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, texts.policy);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if let Ok(version) = HeaderValue::from_str(&texts.version) {
        headers.insert(HeaderName::from_static("x-version"), version);
    }
    response
}

/// GET /livreur/donnees: who is there and what they have to deliver today. Others than livreurs get 403.
async fn data(State(state): State<AppState>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let told = async {
        let ctx = context_of_parts(&state, &parts)?;
        if ctx.actor.role != Role::Livreur {
            return Err(AppError::forbidden());
        }
        let nom = full_name(ctx.actor.prenom.as_deref(), &ctx.actor.nom);
        let data = PhoneData {
            personne: Person { id: ctx.actor.user_id, nom },
            monnaie: state.shop.currency.clone(),
            fuseau: state.shop.zone.clone(),
            tournee: queries::deliveries(&ctx, Vec::new()).await?.into(),
        };
        AppResult::Ok(axum::Json(data))
    };
    let mut response = told.await.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}

/// GET /livreur/sw.js. Browsers ask for it again and again, to learn of a new version.
fn worker_of(texts: Option<Texts>) -> Response {
    let Some(texts) = texts else { return StatusCode::NOT_FOUND.into_response() };
    let headers: [(HeaderName, &str); 4] = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
        (HeaderName::from_static("service-worker-allowed"), "/livreur"),
        // What the worker itself may do.
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'",
        ),
    ];
    (headers, texts.worker).into_response()
}

/// GET /livreur/manifest.webmanifest
async fn manifest(State(state): State<AppState>) -> Response {
    let icon = |file: &str, size: u16, purpose: &str| json!({"src": format!("/icons/{file}.png"), "sizes": format!("{size}x{size}"), "type": "image/png", "purpose": purpose});
    let body = json!({
        "id": "/livreur",
        "name": format!("{} · Tournée", state.options.business_name),
        "short_name": "Tournée",
        "description": "Les livraisons du jour, avec ou sans réseau.",
        "lang": "fr",
        "start_url": "/livreur",
        // Signing in belongs to it too.
        "scope": "/",
        "display": "standalone",
        "orientation": "portrait",
        "background_color": "#fbfcfd",
        "theme_color": "#0f766e",
        "icons": [
            icon("icone-192", 192, "any"), icon("icone-512", 512, "any"),
            icon("icone-masque-192", 192, "maskable"), icon("icone-masque-512", 512, "maskable"),
        ],
        "shortcuts": [
            {"name": "Ma tournée", "url": "/livreur", "icons": [icon("icone-192", 192, "any")]},
            {"name": "À envoyer", "url": "/livreur?attente", "icons": [icon("icone-192", 192, "any")]},
        ],
    });
    let headers = [(header::CONTENT_TYPE, "application/manifest+json"), (header::CACHE_CONTROL, "no-cache")];
    (headers, body.to_string()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worker_and_page_are_of_one_version() {
        let site = tempfile::tempdir().expect("a folder");
        assert!(Texts::read(site.path()).is_none(), "nothing was built");
        std::fs::create_dir(site.path().join("pkg")).expect("a folder");
        std::fs::write(site.path().join("pkg/livreur-version"), "abc123\n").expect("a version");
        let texts = Texts::read(site.path()).expect("texts");
        assert!(texts.worker.contains("const VERSION = 'abc123'") && !texts.worker.contains("__"), "{}", texts.worker);
        for file in FILES {
            assert!(texts.worker.contains(&format!("\"/pkg/abc123/{file}\"")), "{file}");
        }
        assert_eq!(texts.page.matches("/pkg/abc123/").count(), FILES.len(), "{}", texts.page);
        let policy = texts.policy.to_str().expect("a policy");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("nonce"), "{policy}");
        let inline: Vec<&str> = texts.page.split("<script>").skip(1).collect();
        assert_eq!(inline.len(), 2, "{}", texts.page);
        for rest in inline {
            let script = rest.split("</script>").next().expect("a script");
            let digest = STANDARD.encode(Sha256::digest(script.as_bytes()));
            assert!(policy.contains(&format!("'sha256-{digest}'")), "{script}");
        }
        assert!(texts.page.contains(r#"id="pas-venu" class="empty" role="alert" hidden"#), "{}", texts.page);
    }
}
