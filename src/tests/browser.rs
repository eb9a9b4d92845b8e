//! The browser's door: pages, plain forms, server functions, the session cookie.

use http::Method;

use super::{Answer, App, Call};
use crate::auth::permission::Role;
use crate::auth::sessions::{self, Origin};
use crate::shared::UserId;

const EMAIL: &str = "anne@test.example";
const PASSWORD: &str = "quatre pommes vertes";

/// A request as a browser sends it from a page of ours.
pub(super) fn from_page<'a>(app: &'a App, method: Method, path: &str) -> Call<'a> {
    app.call(method, path).header("host", "shop.test").header("origin", "http://shop.test")
}

fn encoded(fields: &[(&str, &str)]) -> String {
    serde_urlencoded::to_string(fields).expect("a form")
}

pub(super) async fn post_form(app: &App, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
    let call = from_page(app, Method::POST, path).header("cookie", cookie);
    call.body("application/x-www-form-urlencoded", &encoded(fields)).send().await
}

pub(super) async fn page(app: &App, path: &str, cookie: &str) -> Answer {
    app.call(Method::GET, path).header("cookie", cookie).send().await
}

/// The cookie of somebody who is signed in.
pub(super) async fn signed_in(app: &App, role: Role) -> (UserId, String) {
    let (id, _) = app.user(role).await;
    let origin = Origin { address: [127, 0, 0, 1].into(), user_agent: None };
    let cookie = sessions::open_browser(&app.db, id, &origin).await.expect("a session");
    (id, format!("session={cookie}"))
}

async fn with_account() -> App {
    let app = App::new().await;
    app.insert_user(Role::Controleur, EMAIL, Some(PASSWORD)).await;
    app
}

/// `name=value` of the cookie that an answer sets.
fn cookie_set(answer: &Answer) -> &str {
    answer.header("set-cookie").split(';').next().expect("a cookie")
}

#[tokio::test]
async fn a_page_sends_a_stranger_to_sign_in_and_back() {
    let app = App::new().await;
    let home = page(&app, "/", "").await.expect(303);
    assert!(home.header("location").starts_with("/connexion"), "{}", home.header("location"));
    let list = page(&app, "/commandes?statut=brouillon&page=2", "").await.expect(303);
    assert_eq!(list.header("location"), "/connexion?suite=%2Fcommandes%3Fstatut%3Dbrouillon%26page%3D2");
    let form = page(&app, list.header("location"), "").await.expect(200);
    assert!(
        form.text.contains("name=\"suite\"") && form.text.contains("/commandes?statut=brouillon&amp;page=2"),
        "{}",
        form.text
    );
    for stale in ["session=", "session=x", "other=1; session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        page(&app, "/commandes", stale).await.expect(303);
    }
}

#[tokio::test]
async fn who_was_signed_in_reads_that_the_session_has_ended() {
    const WORDS: &str = "Votre session est terminée. Reconnectez-vous pour continuer.";
    let app = with_account().await;
    let (id, cookie) = signed_in(&app, Role::Controleur).await;
    app.run(format!("update sessions set revoked_at = now() where user_id = {id}")).await;
    assert_eq!(page(&app, "/", &cookie).await.expect(303).header("location"), "/connexion?fin=session");
    let sent = page(&app, "/commandes", &cookie).await.expect(303);
    assert_eq!(sent.header("location"), "/connexion?suite=%2Fcommandes&fin=session");
    let form = page(&app, sent.header("location"), &cookie).await.expect(200);
    assert!(form.text.contains(WORDS) && form.text.contains("name=\"fin\""), "{}", form.text);
    // A failed try keeps it, as it keeps where one wanted to go.
    let fields = [("email", EMAIL), ("password", "secret-guess-1"), ("suite", "/commandes"), ("fin", "session")];
    let wrong = post_form(&app, "/connexion", &cookie, &fields).await.expect(401);
    assert!(wrong.text.contains(WORDS) && wrong.text.contains("name=\"fin\""), "{}", wrong.text);
    assert!(wrong.text.contains("E-mail ou mot de passe incorrect"), "{}", wrong.text);

    // Not for whoever was not signed in, or has signed out.
    for stranger in ["", "session=", "other=1"] {
        let sent = page(&app, "/commandes", stranger).await.expect(303);
        assert_eq!(sent.header("location"), "/connexion?suite=%2Fcommandes", "{stranger}");
    }
    for address in ["/connexion?suite=%2Fcommandes", "/connexion?fin=autre"] {
        let form = page(&app, address, "").await.expect(200);
        assert!(!form.text.contains(WORDS) && !form.text.contains("name=\"fin\""), "{address}");
    }
}

#[tokio::test]
async fn a_refused_sign_in_keeps_the_address_and_never_the_password() {
    let app = with_account().await;
    let fields = [("email", EMAIL), ("password", "secret-guess-1"), ("suite", "/commandes")];
    let wrong = post_form(&app, "/connexion", "", &fields).await.expect(401);
    assert!(wrong.header("content-type").starts_with("text/html"));
    assert!(wrong.text.contains(EMAIL) && wrong.text.contains("E-mail ou mot de passe incorrect"), "{}", wrong.text);
    assert!(wrong.text.contains("name=\"suite\"") && wrong.text.contains("/commandes"));
    assert!(!wrong.text.contains("secret-guess-1") && wrong.header("set-cookie").is_empty());
    let empty = post_form(&app, "/connexion", "", &[("email", EMAIL), ("password", "")]).await.expect(422);
    assert!(empty.text.contains(EMAIL) && empty.text.contains("obligatoire"), "{}", empty.text);
    for _ in 0..4 {
        post_form(&app, "/connexion", "", &fields).await.expect(401);
    }
    let slowed = post_form(&app, "/connexion", "", &fields).await.expect(429);
    assert!(slowed.header("retry-after").parse::<i64>().is_ok_and(|seconds| (1..=30).contains(&seconds)));
    assert!(slowed.text.contains("Trop de tentatives") && slowed.text.contains(EMAIL), "{}", slowed.text);
}

#[tokio::test]
async fn signing_in_sets_one_closed_cookie_and_signing_out_takes_it_away() {
    let app = with_account().await;
    let fields = [("email", EMAIL), ("password", PASSWORD), ("suite", "/commandes?statut=brouillon")];
    let done = post_form(&app, "/connexion", "", &fields).await.expect(303);
    assert_eq!(done.header("location"), "/commandes?statut=brouillon");
    let set = done.header("set-cookie").to_owned();
    for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=2592000"] {
        assert!(set.contains(part), "{set}");
    }
    assert!(set.starts_with("session=") && !set.contains("Secure") && !set.contains("Domain"), "{set}");
    assert_eq!(done.headers.get_all("set-cookie").iter().count(), 1);
    let cookie = cookie_set(&done).to_owned();
    let value = cookie.strip_prefix("session=").expect("a value");
    assert!(value.len() >= 43, "32 random bytes");
    let stored: Vec<u8> =
        sqlx::query_scalar("select cookie_digest from sessions").fetch_one(&app.db).await.expect("a session");
    assert_ne!(stored, value.as_bytes(), "only its digest is stored");

    let list = page(&app, "/commandes", &cookie).await.expect(200);
    assert_eq!(list.header("cache-control"), "private, no-store");
    assert_eq!(cookie_set(&list), cookie, "the cookie lasts as long as the session");
    assert_eq!(page(&app, "/connexion", &cookie).await.expect(303).header("location"), "/");

    let out = post_form(&app, "/deconnexion", &cookie, &[]).await.expect(303);
    assert_eq!(out.header("location"), "/connexion");
    assert!(
        out.header("set-cookie").starts_with("session=;") && out.header("set-cookie").contains("Max-Age=0"),
        "{}",
        out.header("set-cookie")
    );
    page(&app, "/commandes", &cookie).await.expect(303);
    assert_eq!(
        post_form(&app, "/deconnexion", &cookie, &[]).await.expect(303).header("location"),
        "/connexion",
        "twice is no harm"
    );
}

#[tokio::test]
async fn behind_tls_the_cookie_is_secure_and_of_this_host_alone() {
    let app = App::with(|options| options.behind_tls = true).await;
    app.insert_user(Role::Controleur, EMAIL, Some(PASSWORD)).await;
    let send = async |origin: &str| {
        let call = app.call(Method::POST, "/connexion").header("host", "shop.test").header("origin", origin);
        call.body("application/x-www-form-urlencoded", &encoded(&[("email", EMAIL), ("password", PASSWORD)]))
            .send()
            .await
    };
    send("http://shop.test").await.refused(403, "origine_refusee");
    let done = send("https://shop.test").await.expect(303);
    let set = done.header("set-cookie");
    assert!(set.starts_with("__Host-session=") && set.contains("Secure") && !set.contains("Domain"), "{set}");
    page(&app, "/commandes", cookie_set(&done)).await.expect(200);
    page(&app, "/commandes", &cookie_set(&done).replace("__Host-", "")).await.expect(303);
}

#[tokio::test]
async fn unsafe_requests_come_from_our_own_pages() {
    let app = with_account().await;
    let (_, cookie) = signed_in(&app, Role::Admin).await;
    for path in ["/connexion", "/deconnexion", "/commandes/nouvelle", "/commandes/1", "/_fn/list_orders", "/"] {
        for headers in [
            &[][..],
            &[("origin", "http://evil.test")],
            &[("origin", "null")],
            &[("origin", "http://shop.test.evil.test")],
            &[("origin", "http://shop.test:8080")],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[("origin", "http://evil.test"), ("sec-fetch-site", "same-origin")],
        ] {
            let mut call = app.call(Method::POST, path).header("host", "shop.test").header("cookie", &cookie);
            for (name, value) in headers {
                call = call.header(name, value);
            }
            let body = encoded(&[("email", EMAIL), ("password", PASSWORD)]);
            let answer = call.body("application/x-www-form-urlencoded", &body).send().await;
            assert!(answer.header("set-cookie").is_empty(), "{path} {headers:?}");
            answer.refused(403, "origine_refusee");
        }
    }
    page(&app, "/commandes", &cookie).await.expect(200);
    let call =
        app.call(Method::POST, "/deconnexion").header("host", "shop.test").header("sec-fetch-site", "same-origin");
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
        assert_eq!(post_form(&app, "/connexion", "", &fields).await.expect(303).header("location"), "/", "{away}");
        let query = encoded(&[("suite", away)]);
        assert_eq!(
            page(&app, &format!("/connexion?{query}"), &cookie).await.expect(303).header("location"),
            "/",
            "{away}"
        );
    }
    let kept = page(&app, "/connexion?suite=%2Fcommandes", &cookie).await.expect(303);
    assert_eq!(kept.header("location"), "/commandes");
}
