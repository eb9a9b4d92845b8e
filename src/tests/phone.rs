//! /livreur: whom the phone's page is for, what it may run, what it is told, and for whom it sends.

use http::Method;
use serde_json::{Value, json};

use super::browser::{from_page, page, post_form, signed_in};
use super::deliveries::{World, action, id, on_the_way, send, world};
use super::{Answer, App};
use crate::auth::permission::Role;
use crate::auth::sessions::{self, Origin};

/// A server with a phone's program that was built.
async fn built() -> (App, tempfile::TempDir) {
    let site = tempfile::tempdir().expect("a folder");
    std::fs::create_dir_all(site.path().join("pkg/abc123")).expect("a folder");
    std::fs::write(site.path().join("pkg/livreur-version"), "abc123\n").expect("a version");
    let root = site.path().to_owned();
    (App::with(move |options| options.site_root = root).await, site)
}

#[tokio::test]
async fn the_page_is_for_livreurs() {
    let (app, _site) = built().await;
    assert_eq!(page(&app, "/livreur", "").await.expect(303).header("location"), "/connexion?suite=%2Flivreur");
    page(&app, "/livreur/donnees", "").await.refused(401, "non_authentifie");
    for role in [Role::Admin, Role::Controleur, Role::SimpleUtilisateur] {
        let (_, cookie) = signed_in(&app, role).await;
        let refused = page(&app, "/livreur", &cookie).await.expect(403);
        assert!(refused.text.contains("ne vous est pas ouverte"), "{role:?}");
        page(&app, "/livreur/donnees", &cookie).await.refused(403, "acces_refuse");
    }
    let (_, cookie) = signed_in(&app, Role::Livreur).await;
    let shown = page(&app, "/livreur", &cookie).await.expect(200);
    assert!(shown.text.contains("/pkg/abc123/entree.js") && shown.text.contains("/livreur/manifest.webmanifest"));
    assert_eq!((shown.header("x-version"), shown.header("cache-control")), ("abc123", "private, no-cache"));
    let policy = shown.header("content-security-policy");
    assert!(policy.contains("'wasm-unsafe-eval'") && !policy.contains("unsafe-inline"), "{policy}");
    assert!(shown.header("set-cookie").contains("Max-Age=2592000"), "the session slides");

    let bare = App::with(|options| options.site_root = "/nowhere".into()).await;
    let (_, cookie) = signed_in(&bare, Role::Livreur).await;
    page(&bare, "/livreur", &cookie).await.refused(503, "indisponible");
}

#[tokio::test]
async fn a_livreur_begins_there() {
    let app = App::new().await;
    app.insert_user(Role::Livreur, "karim@test.example", Some("quatre pommes vertes")).await;
    let fields = [("email", "karim@test.example"), ("password", "quatre pommes vertes")];
    let done = post_form(&app, "/connexion", "", &fields).await.expect(303);
    assert_eq!(done.header("location"), "/livreur");
    let (_, cookie) = signed_in(&app, Role::Livreur).await;
    assert_eq!(page(&app, "/connexion", &cookie).await.expect(303).header("location"), "/livreur");
    let menu = page(&app, "/produits", &cookie).await.expect(200).text;
    assert!(menu.contains("href=\"/livreur\"") && !menu.contains("href=\"/commandes") && !menu.contains("href=\"/\""));
    let (_, cookie) = signed_in(&app, Role::Admin).await;
    assert!(!page(&app, "/commandes", &cookie).await.expect(200).text.contains("href=\"/livreur\""));
}

#[tokio::test]
async fn it_installs_and_learns_of_versions() {
    let (app, _site) = built().await;
    let manifest = page(&app, "/livreur/manifest.webmanifest", "").await.expect(200);
    assert_eq!(manifest.header("content-type"), "application/manifest+json");
    let told = manifest.json();
    assert_eq!((&told["start_url"], &told["display"]), (&json!("/livreur"), &json!("standalone")));
    let icons = told["icons"].as_array().expect("icons");
    assert!(icons.iter().any(|icon| icon["purpose"] == "maskable"));
    for icon in icons {
        let file = format!("public{}", icon["src"].as_str().expect("an address"));
        assert!(std::path::Path::new(&file).is_file(), "{file}");
    }
    let worker = page(&app, "/livreur/sw.js", "").await.expect(200);
    assert_eq!(worker.header("cache-control"), "no-cache");
    assert_eq!(worker.header("service-worker-allowed"), "/livreur");
    assert!(worker.header("content-type").starts_with("text/javascript"));
    assert!(worker.header("content-security-policy").contains("connect-src 'self'"));
    assert!(worker.text.contains("const VERSION = 'abc123'") && worker.text.contains("/pkg/abc123/livreur.wasm"));
    let bare = App::with(|options| options.site_root = "/nowhere".into()).await;
    page(&bare, "/livreur/sw.js", "").await.expect(404);
}

#[tokio::test]
async fn signing_in_says_whose_phone_it_is() {
    let app = App::new().await;
    let id = app.insert_user(Role::Livreur, "karim@test.example", Some("quatre pommes vertes")).await;
    app.insert_user(Role::Admin, "anne@test.example", Some("quatre pommes vertes")).await;
    let sign_in = async |email: &str, cookie: &str| {
        let fields = [("email", email), ("password", "quatre pommes vertes")];
        named(&post_form(&app, "/connexion", cookie, &fields).await.expect(303))
    };
    let set = sign_in("karim@test.example", "livreur=7").await.expect("a cookie");
    assert!(set.starts_with(&format!("livreur={id};")) && set.contains("Path=/"), "{set}");
    assert!(!set.contains("HttpOnly"), "the page reads it: {set}");
    // Somebody who delivers nothing, and somebody who leaves: it is nobody's.
    for gone in [
        sign_in("anne@test.example", "livreur=7").await,
        named(&post_form(&app, "/deconnexion", "livreur=7", &[]).await.expect(303)),
    ] {
        let gone = gone.expect("a cookie");
        assert!(gone.starts_with("livreur=;") && gone.contains("Max-Age=0") && gone.contains("Path=/"), "{gone}");
    }
    assert_eq!(sign_in("anne@test.example", "").await, None, "nothing to take away");
}

fn named(answer: &Answer) -> Option<String> {
    let set = answer.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    set.map(str::to_owned).find(|value| value.starts_with("livreur="))
}

async fn told(app: &App, cookie: &str) -> Value {
    let answer = page(app, "/livreur/donnees", cookie).await.expect(200);
    assert_eq!(answer.header("cache-control"), "private, no-store");
    answer.json()
}

#[tokio::test]
async fn whoever_comes_next_reads_what_was_noted() {
    let World { app, admin, courier, livreur, tea, .. } = world().await;
    let order = id(&on_the_way(&app, &admin, courier, &[(tea, 2)]).await);
    let noted = action("probleme", order, &json!({"motif": "absent", "note": "Volets fermés"}));
    assert_eq!(send(&app, &livreur, &[noted]).await[0]["statut"], "appliquee");
    let (next, theirs) = signed_in(&app, Role::Livreur).await;
    app.post(&admin, &format!("/orders/{order}/assign-livreur"), &json!({"livreur_id": next})).await.expect(200);
    let data = told(&app, &theirs).await;
    let attempt = &data["tournee"]["items"][0]["tentatives"][0];
    assert_eq!((&attempt["motif"], &attempt["note"]), (&json!("absent"), &json!("Volets fermés")));
}

#[tokio::test]
async fn it_sends_for_the_person_whose_actions_they_are() {
    let World { app, admin, courier, tea, .. } = world().await;
    let order = id(&on_the_way(&app, &admin, courier, &[(tea, 2)]).await);
    let origin = Origin { address: [127, 0, 0, 1].into(), user_agent: None };
    let own = sessions::open_browser(&app.db, courier, &origin).await.expect("a session");
    let own = format!("session={own}");
    let (other_id, other) = signed_in(&app, Role::Livreur).await;

    let data = told(&app, &own).await;
    assert_eq!(data["personne"]["id"], json!(courier));
    assert_eq!(data["monnaie"]["code"], "EUR");
    assert_eq!(data["tournee"]["items"][0]["id"], order);
    let theirs = told(&app, &other).await;
    assert_eq!((&theirs["personne"]["id"], &theirs["tournee"]["items"]), (&json!(other_id), &json!([])));

    let batch = json!({"batch": {"actions": [action("livraison", order, &json!({}))]}});
    let send = async |cookie: &str, meant: &str| -> Answer {
        let call = from_page(&app, Method::POST, "/_fn/send_actions").header("cookie", cookie);
        call.header("x-utilisateur", meant).json(&batch).send().await
    };
    for meant in [&courier.to_string(), "x", ""] {
        send(&other, meant).await.expect(401);
    }
    assert_eq!(page(&app, "/livreur/donnees", &own).await.json()["tournee"]["items"][0]["statut"], "en_livraison");
    let done = send(&own, &courier.to_string()).await.expect(200).json();
    assert_eq!(done["resultats"][0]["statut"], "appliquee");
    send("", &courier.to_string()).await.expect(401);
}
