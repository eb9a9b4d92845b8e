//! The browser's door: pages, plain forms, server functions, the session cookie.

use http::Method;
use serde_json::json;

use super::{Answer, App, Call};
use crate::auth::permission::Role;
use crate::auth::sessions::{self, Origin};
use crate::shared::UserId;

const EMAIL: &str = "anne@test.example";
const PASSWORD: &str = "quatre pommes vertes";

/// A request as a browser sends it from a page of ours.
fn from_page<'a>(app: &'a App, method: Method, path: &str) -> Call<'a> {
    app.call(method, path)
        .header("host", "shop.test")
        .header("origin", "http://shop.test")
}

fn encoded(fields: &[(&str, &str)]) -> String {
    serde_urlencoded::to_string(fields).expect("a form")
}

async fn post_form(app: &App, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
    let call = from_page(app, Method::POST, path).header("cookie", cookie);
    call.body("application/x-www-form-urlencoded", &encoded(fields))
        .send()
        .await
}

async fn page(app: &App, path: &str, cookie: &str) -> Answer {
    app.call(Method::GET, path)
        .header("cookie", cookie)
        .send()
        .await
}

/// The cookie of somebody who is signed in.
async fn signed_in(app: &App, role: Role) -> (UserId, String) {
    let (id, _) = app.user(role).await;
    let origin = Origin {
        address: [127, 0, 0, 1].into(),
        user_agent: None,
    };
    let cookie = sessions::open_browser(&app.db, id, &origin)
        .await
        .expect("a session");
    (id, format!("session={cookie}"))
}

async fn with_account() -> App {
    let app = App::new().await;
    app.insert_user(Role::Controleur, EMAIL, Some(PASSWORD))
        .await;
    app
}

/// `name=value` of the cookie that an answer sets.
fn cookie_set(answer: &Answer) -> &str {
    answer
        .header("set-cookie")
        .split(';')
        .next()
        .expect("a cookie")
}

#[tokio::test]
async fn a_page_sends_a_stranger_to_sign_in_and_back() {
    let app = App::new().await;
    let home = page(&app, "/", "").await.expect(303);
    assert!(
        home.header("location").starts_with("/connexion"),
        "{}",
        home.header("location")
    );
    let list = page(&app, "/commandes?statut=brouillon&page=2", "")
        .await
        .expect(303);
    assert_eq!(
        list.header("location"),
        "/connexion?suite=%2Fcommandes%3Fstatut%3Dbrouillon%26page%3D2"
    );
    let form = page(&app, list.header("location"), "").await.expect(200);
    assert!(
        form.text.contains("name=\"suite\"")
            && form.text.contains("/commandes?statut=brouillon&amp;page=2"),
        "{}",
        form.text
    );
    for stale in [
        "session=",
        "session=x",
        "other=1; session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ] {
        page(&app, "/commandes", stale).await.expect(303);
    }
}

#[tokio::test]
async fn a_refused_sign_in_keeps_the_address_and_never_the_password() {
    let app = with_account().await;
    let fields = [
        ("email", EMAIL),
        ("password", "secret-guess-1"),
        ("suite", "/commandes"),
    ];
    let wrong = post_form(&app, "/connexion", "", &fields).await.expect(401);
    assert!(wrong.header("content-type").starts_with("text/html"));
    assert!(
        wrong.text.contains(EMAIL) && wrong.text.contains("E-mail ou mot de passe incorrect"),
        "{}",
        wrong.text
    );
    assert!(wrong.text.contains("name=\"suite\"") && wrong.text.contains("/commandes"));
    assert!(!wrong.text.contains("secret-guess-1") && wrong.header("set-cookie").is_empty());
    let empty = post_form(
        &app,
        "/connexion",
        "",
        &[("email", EMAIL), ("password", "")],
    )
    .await
    .expect(422);
    assert!(
        empty.text.contains(EMAIL) && empty.text.contains("obligatoire"),
        "{}",
        empty.text
    );
    for _ in 0..4 {
        post_form(&app, "/connexion", "", &fields).await.expect(401);
    }
    let slowed = post_form(&app, "/connexion", "", &fields).await.expect(429);
    assert!(
        slowed.text.contains("Trop de tentatives") && slowed.text.contains(EMAIL),
        "{}",
        slowed.text
    );
}

#[tokio::test]
async fn signing_in_sets_one_closed_cookie_and_signing_out_takes_it_away() {
    let app = with_account().await;
    let fields = [
        ("email", EMAIL),
        ("password", PASSWORD),
        ("suite", "/commandes?statut=brouillon"),
    ];
    let done = post_form(&app, "/connexion", "", &fields).await.expect(303);
    assert_eq!(done.header("location"), "/commandes?statut=brouillon");
    let set = done.header("set-cookie").to_owned();
    for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=2592000"] {
        assert!(set.contains(part), "{set}");
    }
    assert!(
        set.starts_with("session=") && !set.contains("Secure") && !set.contains("Domain"),
        "{set}"
    );
    assert_eq!(done.headers.get_all("set-cookie").iter().count(), 1);
    let cookie = cookie_set(&done).to_owned();
    let value = cookie.strip_prefix("session=").expect("a value");
    assert!(value.len() >= 43, "32 random bytes");
    let stored: Vec<u8> = sqlx::query_scalar("select cookie_digest from sessions")
        .fetch_one(&app.db)
        .await
        .expect("a session");
    assert_ne!(stored, value.as_bytes(), "only its digest is stored");

    let list = page(&app, "/commandes", &cookie).await.expect(200);
    assert_eq!(list.header("cache-control"), "private, no-store");
    assert_eq!(
        cookie_set(&list),
        cookie,
        "the cookie lasts as long as the session"
    );
    assert_eq!(
        page(&app, "/connexion", &cookie)
            .await
            .expect(303)
            .header("location"),
        "/"
    );

    let out = post_form(&app, "/deconnexion", &cookie, &[])
        .await
        .expect(303);
    assert_eq!(out.header("location"), "/connexion");
    assert!(
        out.header("set-cookie").starts_with("session=;")
            && out.header("set-cookie").contains("Max-Age=0"),
        "{}",
        out.header("set-cookie")
    );
    page(&app, "/commandes", &cookie).await.expect(303);
    assert_eq!(
        post_form(&app, "/deconnexion", &cookie, &[])
            .await
            .expect(303)
            .header("location"),
        "/connexion",
        "twice is no harm"
    );
}

#[tokio::test]
async fn behind_tls_the_cookie_is_secure_and_of_this_host_alone() {
    let app = App::with(|options| options.behind_tls = true).await;
    app.insert_user(Role::Controleur, EMAIL, Some(PASSWORD))
        .await;
    let send = async |origin: &str| {
        let call = app
            .call(Method::POST, "/connexion")
            .header("host", "shop.test")
            .header("origin", origin);
        call.body(
            "application/x-www-form-urlencoded",
            &encoded(&[("email", EMAIL), ("password", PASSWORD)]),
        )
        .send()
        .await
    };
    send("http://shop.test")
        .await
        .refused(403, "origine_refusee");
    let done = send("https://shop.test").await.expect(303);
    let set = done.header("set-cookie");
    assert!(
        set.starts_with("__Host-session=") && set.contains("Secure") && !set.contains("Domain"),
        "{set}"
    );
    page(&app, "/commandes", cookie_set(&done))
        .await
        .expect(200);
    page(
        &app,
        "/commandes",
        &cookie_set(&done).replace("__Host-", ""),
    )
    .await
    .expect(303);
}

#[tokio::test]
async fn unsafe_requests_come_from_our_own_pages() {
    let app = with_account().await;
    let (_, cookie) = signed_in(&app, Role::Admin).await;
    for path in [
        "/connexion",
        "/deconnexion",
        "/commandes/nouvelle",
        "/commandes/1",
        "/_fn/list_orders",
        "/",
    ] {
        for headers in [
            &[][..],
            &[("origin", "http://evil.test")],
            &[("origin", "null")],
            &[("origin", "http://shop.test.evil.test")],
            &[("origin", "http://shop.test:8080")],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[
                ("origin", "http://evil.test"),
                ("sec-fetch-site", "same-origin"),
            ],
        ] {
            let mut call = app
                .call(Method::POST, path)
                .header("host", "shop.test")
                .header("cookie", &cookie);
            for (name, value) in headers {
                call = call.header(name, value);
            }
            let body = encoded(&[("email", EMAIL), ("password", PASSWORD)]);
            let answer = call
                .body("application/x-www-form-urlencoded", &body)
                .send()
                .await;
            assert!(answer.header("set-cookie").is_empty(), "{path} {headers:?}");
            answer.refused(403, "origine_refusee");
        }
    }
    page(&app, "/commandes", &cookie).await.expect(200);
    let call = app
        .call(Method::POST, "/deconnexion")
        .header("host", "shop.test")
        .header("sec-fetch-site", "same-origin");
    call.header("cookie", &cookie).send().await.expect(303);
}

#[tokio::test]
async fn one_is_led_back_to_a_page_of_ours_alone() {
    let app = with_account().await;
    let (_, cookie) = signed_in(&app, Role::Admin).await;
    for away in [
        "//evil.test",
        "/\\evil.test",
        "https://evil.test",
        "javascript:alert(1)",
        "evil.test",
        "/\t/evil.test",
        "/connexion?suite=/x",
    ] {
        let fields = [("email", EMAIL), ("password", PASSWORD), ("suite", away)];
        assert_eq!(
            post_form(&app, "/connexion", "", &fields)
                .await
                .expect(303)
                .header("location"),
            "/",
            "{away}"
        );
        let query = encoded(&[("suite", away)]);
        assert_eq!(
            page(&app, &format!("/connexion?{query}"), &cookie)
                .await
                .expect(303)
                .header("location"),
            "/",
            "{away}"
        );
    }
    let kept = page(&app, "/connexion?suite=%2Fcommandes", &cookie)
        .await
        .expect(303);
    assert_eq!(kept.header("location"), "/commandes");
}

/// The nonce in the policy of a page.
fn nonce(answer: &Answer) -> String {
    let policy = answer.header("content-security-policy");
    let scripts = policy
        .split(';')
        .find(|part| part.trim().starts_with("script-src"))
        .unwrap_or_else(|| panic!("no script-src: {policy}"));
    assert!(
        !scripts.contains("unsafe-inline")
            && !scripts.contains("'unsafe-eval'")
            && !scripts.contains('*'),
        "{scripts}"
    );
    let (_, rest) = scripts
        .split_once("'nonce-")
        .unwrap_or_else(|| panic!("no nonce: {scripts}"));
    rest.split('\'').next().expect("a nonce").to_owned()
}

#[tokio::test]
async fn every_script_of_a_page_carries_the_nonce_of_its_policy() {
    let app = App::new().await;
    let (_, cookie) = signed_in(&app, Role::Admin).await;
    let mut nonces = Vec::new();
    for (path, cookie, status) in [
        ("/connexion", "", 200),
        ("/", &*cookie, 200),
        ("/commandes", &*cookie, 200),
        ("/commandes/nouvelle", &*cookie, 200),
        ("/commandes/999999", &*cookie, 404),
        ("/nothing", &*cookie, 404),
    ] {
        let answer = page(&app, path, cookie).await.expect(status);
        let nonce = nonce(&answer);
        assert!(nonce.len() >= 16, "{nonce}");
        let scripts: Vec<_> = answer
            .text
            .match_indices("<script")
            .map(|(at, _)| &answer.text[at..at + answer.text[at..].find('>').expect("an end")])
            .collect();
        assert!(!scripts.is_empty());
        for script in scripts {
            assert!(
                script.contains(&format!("nonce=\"{nonce}\"")),
                "{path}: {script}"
            );
        }
        for handler in [
            " onclick=",
            " onload=",
            " onerror=",
            " onsubmit=",
            "javascript:",
        ] {
            assert!(!answer.text.contains(handler), "{path}: {handler}");
        }
        nonces.push(nonce);
    }
    let count = nonces.len();
    nonces.sort();
    nonces.dedup();
    assert_eq!(nonces.len(), count, "a nonce is used once");
}

#[tokio::test]
async fn a_page_that_a_role_may_not_see_is_403() {
    let app = App::new().await;
    for (role, path, status) in [
        (Role::Admin, "/", 200),
        (Role::SimpleUtilisateur, "/", 200),
        (Role::Livreur, "/", 403),
        (Role::Livreur, "/commandes", 200),
        (Role::Controleur, "/commandes/nouvelle", 200),
        (Role::SimpleUtilisateur, "/commandes/nouvelle", 403),
        (Role::Livreur, "/commandes/nouvelle", 403),
        (Role::Livreur, "/commandes/999999", 404),
        (Role::Admin, "/commandes/abc", 404),
    ] {
        let (_, cookie) = signed_in(&app, role).await;
        let answer = page(&app, path, &cookie).await;
        assert_eq!(
            answer.status.as_u16(),
            status,
            "{path} as {}",
            role.as_str()
        );
        assert!(answer.header("content-type").starts_with("text/html"));
    }
}

async fn server_function(
    app: &App,
    name: &str,
    cookie: &str,
    arguments: &serde_json::Value,
) -> Answer {
    let call = from_page(app, Method::POST, &format!("/_fn/{name}"))
        .header("cookie", cookie)
        .header("accept", "application/json");
    call.json(arguments).send().await
}

#[tokio::test]
async fn a_server_function_refuses_as_the_rest_door_does() {
    let app = App::new().await;
    let nobody = server_function(&app, "list_orders", "", &json!({"query": []}))
        .await
        .expect(401);
    assert_eq!(nobody.json()["code"], "non_authentifie", "{}", nobody.text);
    let (_, livreur) = signed_in(&app, Role::Livreur).await;
    let forbidden = server_function(&app, "dashboard_summary", &livreur, &json!({"query": []}))
        .await
        .expect(403);
    assert_eq!(forbidden.json()["code"], "acces_refuse");
    let (_, admin) = signed_in(&app, Role::Admin).await;
    let list = server_function(&app, "list_orders", &admin, &json!({"query": []}))
        .await
        .expect(200);
    assert_eq!(list.json()["total"], 0);
    let unknown = server_function(
        &app,
        "list_orders",
        &admin,
        &json!({"query": [["couleur", "bleu"]]}),
    )
    .await
    .expect(422);
    assert_eq!(unknown.json()["errors"][0]["champ"], "couleur");
    let missing = server_function(&app, "read_order", &admin, &json!({"id": 999_999}))
        .await
        .expect(404);
    assert_eq!(missing.json()["code"], "introuvable");
    let garbage = server_function(&app, "read_order", &admin, &json!({"id": "x"})).await;
    assert!(
        garbage.status.is_client_error(),
        "{} {}",
        garbage.status,
        garbage.text
    );
    assert!(
        server_function(&app, "nothing", &admin, &json!({}))
            .await
            .status
            .is_client_error()
    );
}

#[tokio::test]
async fn the_end_of_a_session_counts_from_the_very_next_request() {
    let app = App::new().await;
    let (id, cookie) = signed_in(&app, Role::Admin).await;
    page(&app, "/commandes", &cookie).await.expect(200);
    app.run(format!("update users set role = 'livreur' where id = {id}"))
        .await;
    page(&app, "/", &cookie).await.expect(403);
    app.run(format!(
        "update users set is_active = false where id = {id}"
    ))
    .await;
    page(&app, "/commandes", &cookie).await.expect(303);
    server_function(&app, "list_orders", &cookie, &json!({"query": []}))
        .await
        .expect(401);
    app.run(format!("update users set is_active = true where id = {id}"))
        .await;
    app.run("update sessions set expires_at = now() + interval '1 hour', last_seen_at = now() - interval '2 hours'").await;
    page(&app, "/commandes", &cookie).await.expect(200);
    let slid = "select count(*) from sessions where expires_at > now() + interval '29 days'";
    let slid: i64 = sqlx::query_scalar(slid)
        .fetch_one(&app.db)
        .await
        .expect("sessions");
    assert!(slid >= 1, "who comes back stays signed in");
    app.run("update sessions set expires_at = now() - interval '1 second'")
        .await;
    page(&app, "/commandes", &cookie).await.expect(303);
}

#[tokio::test]
async fn an_order_is_made_and_moved_by_plain_forms() {
    let app = App::new().await;
    let token = app.token(Role::Admin).await;
    let product = app.product(&token, "Huile d'olive", 1590, 10).await;
    let (_, cookie) = signed_in(&app, Role::Controleur).await;
    let fields = [
        ("client_nom", "Jean Dupont"),
        ("ligne_produit", "Huile d'olive"),
        ("ligne_quantite", "3"),
        ("cle", "form-1"),
        ("action", "confirmer"),
    ];
    let made = post_form(&app, "/commandes/nouvelle", &cookie, &fields)
        .await
        .expect(303);
    let place = made.header("location").to_owned();
    let again = post_form(&app, "/commandes/nouvelle", &cookie, &fields)
        .await
        .expect(303);
    assert_eq!(again.header("location"), place, "sent twice, made once");
    assert_eq!(app.stock(product).await, (10, 3));
    let shown = page(&app, &place, &cookie).await.expect(200);
    assert!(
        shown.text.contains("Jean Dupont")
            && shown.text.contains("Huile d")
            && shown.text.contains("47,70"),
        "{}",
        shown.text
    );

    let stale = post_form(
        &app,
        &place,
        &cookie,
        &[
            ("action", "statut"),
            ("statut", "en_preparation"),
            ("version", "999"),
        ],
    )
    .await;
    stale.expect(412);
    let moved = post_form(
        &app,
        &place,
        &cookie,
        &[("action", "statut"), ("statut", "en_preparation")],
    )
    .await
    .expect(303);
    assert_eq!(moved.header("location"), place);
    post_form(
        &app,
        &place,
        &cookie,
        &[("action", "statut"), ("statut", "livree")],
    )
    .await
    .expect(409);

    let nameless = [
        ("client_nom", ""),
        ("ligne_produit", "Huile d'olive"),
        ("ligne_quantite", "2"),
        ("action", "enregistrer"),
    ];
    let refused = post_form(&app, "/commandes/nouvelle", &cookie, &nameless)
        .await
        .expect(422);
    assert!(
        refused.text.contains("Huile d"),
        "what was typed is still there"
    );
    let (_, reader) = signed_in(&app, Role::SimpleUtilisateur).await;
    post_form(&app, "/commandes/nouvelle", &reader, &fields)
        .await
        .expect(403);
    post_form(
        &app,
        &place,
        &reader,
        &[("action", "statut"), ("statut", "annulee")],
    )
    .await
    .expect(403);
    post_form(
        &app,
        &place,
        "",
        &[("action", "statut"), ("statut", "annulee")],
    )
    .await
    .expect(401);
    assert_eq!(app.stock(product).await, (10, 3));
}
