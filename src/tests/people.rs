//! The screens of clients, accounts and one's own profile: pages by role, plain forms, refusals.

use http::Method;
use serde_json::{Value, json};

use super::browser::{from_page, page, post_form, signed_in};
use super::{Answer, App};
use crate::auth::permission::Role;
use crate::auth::sessions::{self, Origin};
use crate::shared::UserId;

const PASSWORD: &str = "quatre pommes vertes";

async fn server_function(app: &App, name: &str, cookie: &str, arguments: &Value) -> Answer {
    let call = from_page(app, Method::POST, &format!("/_fn/{name}"));
    call.header("cookie", cookie).header("accept", "application/json").json(arguments).send().await
}

/// Somebody with a password, signed in.
async fn with_password(app: &App, role: Role, email: &str) -> (UserId, String) {
    let id = app.insert_user(role, email, Some(PASSWORD)).await;
    (id, another_session(app, id).await)
}

async fn another_session(app: &App, id: UserId) -> String {
    let origin = Origin { address: [127, 0, 0, 1].into(), user_agent: Some("Firefox/130".into()) };
    let cookie = sessions::open_browser(&app.db, id, &origin).await.expect("a session");
    format!("session={cookie}")
}

#[tokio::test]
async fn pages_of_people_are_for_those_who_may_see_them() {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    let client = app.post(&admin, "/clients", &json!({"nom": "Anne Évrard"})).await.expect(201).json()["id"].clone();
    let one = format!("/clients/{client}");
    let edit = format!("{one}/modifier");
    for (path, admin, controleur, livreur, reader) in [
        ("/clients", 200, 200, 403, 200),
        ("/clients?search=anne&sort=-ville&page=1", 200, 200, 403, 200),
        ("/clients?couleur=bleu", 422, 422, 403, 422),
        ("/clients?is_deleted=true", 200, 403, 403, 403),
        ("/clients/nouveau", 200, 200, 403, 403),
        (one.as_str(), 200, 200, 403, 200),
        (edit.as_str(), 200, 200, 403, 403),
        ("/clients/999999", 404, 404, 403, 404),
        ("/clients/abc", 404, 404, 403, 404),
        ("/utilisateurs", 200, 403, 403, 403),
        ("/utilisateurs?role=livreur&is_active=true", 200, 403, 403, 403),
        ("/utilisateurs/nouveau", 200, 403, 403, 403),
        ("/utilisateurs/999999", 404, 403, 403, 403),
        ("/utilisateurs/1", 404, 403, 403, 403),
        ("/profil", 200, 200, 200, 200),
    ] {
        for (role, status) in [
            (Role::Admin, admin),
            (Role::Controleur, controleur),
            (Role::Livreur, livreur),
            (Role::SimpleUtilisateur, reader),
        ] {
            let (_, cookie) = signed_in(&app, role).await;
            let answer = page(&app, path, &cookie).await;
            assert_eq!(answer.status.as_u16(), status, "{path} as {}", role.as_str());
        }
        page(&app, path, "").await.expect(303);
    }
}

#[tokio::test]
async fn a_client_lives_by_plain_forms() {
    let app = App::new().await;
    let (_, controleur) = signed_in(&app, Role::Controleur).await;
    let (_, admin) = signed_in(&app, Role::Admin).await;
    let fields = [("nom", "Anne Évrard"), ("telephone", "0612345678"), ("latitude", "47,2"), ("longitude", "-1,55")];
    let with = |more: &[(&'static str, &'static str)]| [&fields, more].concat();
    let made = post_form(&app, "/clients/nouveau", &controleur, &with(&[("cle", "k1")])).await.expect(303);
    let place = made.header("location").to_owned();
    let again = post_form(&app, "/clients/nouveau", &controleur, &with(&[("cle", "k1")])).await.expect(303);
    assert_eq!(again.header("location"), place, "sent twice, made once");
    let shown = page(&app, &place, &controleur).await.expect(200);
    assert!(shown.text.contains("06\u{a0}12\u{a0}34\u{a0}56\u{a0}78") && shown.text.contains("tel:0612345678"));
    assert!(shown.text.contains("mlat=47.2"), "{}", shown.text);

    let bad = [("nom", " "), ("email", "pas une adresse"), ("ville", "Nantes")];
    let refused = post_form(&app, "/clients/nouveau", &controleur, &bad).await.expect(422);
    for part in ["obligatoire", "invalide", "pas une adresse", "Nantes"] {
        assert!(refused.text.contains(part), "{part}");
    }
    let edit = format!("{place}/modifier");
    post_form(&app, &edit, &controleur, &[("nom", "Anne E."), ("ville", "Rezé"), ("version", "1")]).await.expect(303);
    let late = [("nom", "Anne Évrard"), ("ville", "Nantes"), ("version", "1")];
    let stale = post_form(&app, &edit, &controleur, &late).await.expect(412);
    for part in ["Nantes", "Rezé", "enregistré entre-temps", "name=\"version\" value=\"2\""] {
        assert!(stale.text.contains(part), "{part}: {}", stale.text);
    }

    let delete = [("action", "supprimer"), ("version", "2")];
    let (_, reader) = signed_in(&app, Role::SimpleUtilisateur).await;
    post_form(&app, &place, &reader, &delete).await.expect(403);
    post_form(&app, &place, "", &delete).await.expect(401);
    assert_eq!(post_form(&app, &place, &controleur, &delete).await.expect(303).header("location"), "/clients");
    page(&app, &place, &controleur).await.expect(404);
    assert!(page(&app, &place, &admin).await.expect(200).text.contains("est supprimé"));
    assert!(page(&app, "/clients?is_deleted=true", &admin).await.expect(200).text.contains("Anne E."));
    assert!(!page(&app, "/clients", &admin).await.expect(200).text.contains("Anne E."));
    post_form(&app, &place, &controleur, &[("action", "restaurer")]).await.expect(403);
    post_form(&app, &place, &admin, &[("action", "restaurer")]).await.expect(303);
    page(&app, &place, &controleur).await.expect(200);
    post_form(&app, &place, &admin, &[("action", "autre")]).await.expect(422);
    app.assert_sound().await;
}

#[tokio::test]
async fn a_client_is_shown_with_what_they_ordered() {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    let product = app.product(&admin, "Miel", 800, 50).await;
    let draft = app.order(&admin, &[(product, 1)]).await;
    let sold = app.order(&admin, &[(product, 2)]).await;
    app.post(&admin, &format!("/orders/{}/confirm", sold["id"]), &json!({})).await.expect(200);
    let (_, cookie) = signed_in(&app, Role::SimpleUtilisateur).await;
    let list = server_function(&app, "list_clients", &cookie, &json!({"query": []})).await.expect(200).json();
    let figures = &list["items"][0]["figures"];
    assert_eq!((&figures["commandes"], figures["chiffre_affaires"].as_f64()), (&json!(2), Some(16.0)), "{figures}");
    let shown = page(&app, &format!("/clients/{}", draft["client_id"]), &cookie).await.expect(200);
    for part in [draft["numero"].as_str(), sold["numero"].as_str(), Some("/commandes?client_id=")] {
        assert!(shown.text.contains(part.expect("a text")), "{part:?}");
    }
    let (_, writer) = signed_in(&app, Role::Controleur).await;
    let entry = page(&app, &format!("/commandes/nouvelle?client_id={}", draft["client_id"]), &writer).await.expect(200);
    assert!(entry.text.contains("value=\"Jean Dupont\"") && entry.text.contains("Client connu"), "{}", entry.text);
    page(&app, "/commandes/nouvelle?client_id=999999", &writer).await.expect(200);
    let (_, livreur) = signed_in(&app, Role::Livreur).await;
    for (name, body) in
        [("list_clients", json!({"query": []})), ("read_client", json!({"id": 1})), ("known_client", json!({"id": 1}))]
    {
        server_function(&app, name, &livreur, &body).await.expect(403);
    }
}

#[tokio::test]
async fn an_account_lives_by_plain_forms() {
    let app = App::new().await;
    let (me, admin) = signed_in(&app, Role::Admin).await;
    let fields = [("nom", "Roux"), ("prenom", "Zoé"), ("email", "zoe@test.example"), ("role", "livreur")];
    let made = post_form(&app, "/utilisateurs/nouveau", &admin, &fields).await.expect(200);
    assert!(made.text.contains("Compte ouvert") && made.text.contains("mot-de-passe"), "{}", made.text);
    let id: i64 = sqlx::query_scalar("select id from users where email = 'zoe@test.example'")
        .fetch_one(&app.db)
        .await
        .expect("zoe");
    let taken = post_form(&app, "/utilisateurs/nouveau", &admin, &fields).await.expect(409);
    assert!(taken.text.contains("déjà utilisée") && taken.text.contains("Roux"));
    let typed = [&fields[..2], &[("email", "b@test.example"), ("role", "livreur"), ("password", "court-1")]].concat();
    let short = post_form(&app, "/utilisateurs/nouveau", &admin, &typed).await.expect(422);
    assert!(short.text.contains("Au moins 8") && !short.text.contains("court-1"), "a secret is not sent back");

    let place = format!("/utilisateurs/{id}");
    let reset = [("action", "mot_de_passe"), ("password", PASSWORD)];
    assert!(post_form(&app, &place, &admin, &reset).await.expect(200).text.contains(PASSWORD), "shown once");
    assert!(!page(&app, &place, &admin).await.expect(200).text.contains(PASSWORD));
    let body = json!({"email": "zoe@test.example", "password": PASSWORD});
    app.post("", "/auth/login", &body).await.expect(200);
    let theirs = another_session(&app, UserId(id)).await;
    page(&app, "/profil", &theirs).await.expect(200);
    assert!(page(&app, &place, &admin).await.expect(200).text.contains("Firefox"));
    post_form(&app, &place, &admin, &[("action", "sessions")]).await.expect(303);
    page(&app, "/profil", &theirs).await.expect(303);
    let edit = format!("{place}/modifier");
    post_form(&app, &edit, &admin, &[("nom", "Roux"), ("role", "controleur"), ("version", "1")]).await.expect(412);
    post_form(&app, &edit, &admin, &[("nom", "Rousse"), ("role", "controleur")]).await.expect(303);
    for (action, status) in [("basculer", 303), ("supprimer", 303), ("restaurer", 303), ("autre", 422)] {
        post_form(&app, &place, &admin, &[("action", action)]).await.expect(status);
    }
    let own = format!("/utilisateurs/{me}");
    let shown = page(&app, &own, &admin).await.expect(200);
    assert!(shown.text.contains("dernier administrateur actif"), "said beforehand");
    for action in ["basculer", "supprimer"] {
        let refused = post_form(&app, &own, &admin, &[("action", action)]).await.expect(409);
        assert!(refused.text.contains("dernier administrateur actif"));
    }
    post_form(&app, &own, &admin, &[("action", "sessions")]).await.expect(303);
    page(&app, &own, &admin).await.expect(200);
    let (_, controleur) = signed_in(&app, Role::Controleur).await;
    for action in ["mot_de_passe", "basculer", "sessions", "supprimer", "restaurer"] {
        post_form(&app, &place, &controleur, &[("action", action), ("password", PASSWORD)]).await.expect(403);
    }
    post_form(&app, "/utilisateurs/nouveau", &controleur, &fields).await.expect(403);
    app.assert_sound().await;
}

/// The password that an answer shows once.
fn shown_password(text: &str) -> &str {
    let (_, after) = text.split_once("data-testid=\"mot-de-passe\">").expect("a password is shown");
    after.split('<').next().expect("its end")
}

#[tokio::test]
async fn a_made_up_password_is_shown_however_often_its_button_is_pressed() {
    let app = App::new().await;
    let (_, admin) = signed_in(&app, Role::Admin).await;
    let fields =
        [("nom", "Roux"), ("email", "z@test.example"), ("role", "livreur"), ("password", ""), ("cle", "une-cle")];
    let first = post_form(&app, "/utilisateurs/nouveau", &admin, &fields).await.expect(200);
    let second = post_form(&app, "/utilisateurs/nouveau", &admin, &fields).await.expect(200);
    let password = shown_password(&first.text).to_owned();
    assert_eq!(shown_password(&second.text), password, "only the second answer is seen");
    let count: i64 = sqlx::query_scalar("select count(*) from users where email = 'z@test.example'")
        .fetch_one(&app.db)
        .await
        .expect("users");
    assert_eq!(count, 1);
    let sign_in = async |password: &str| {
        app.post("", "/auth/login", &json!({"email": "z@test.example", "password": password})).await
    };
    let user = sign_in(&password).await.expect(200).json()["user"].clone();

    let place = format!("/utilisateurs/{}", user["id"]);
    let version: i32 = sqlx::query_scalar("select version from users where email = 'z@test.example'")
        .fetch_one(&app.db)
        .await
        .expect("a version");
    let version = version.to_string();
    let shown = page(&app, &place, &admin).await.expect(200).text;
    assert!(shown.contains("name=\"cle\""), "the form brings its key");
    let reset = [("action", "mot_de_passe"), ("version", version.as_str()), ("password", ""), ("cle", "une-autre")];
    let first = post_form(&app, &place, &admin, &reset).await.expect(200);
    let again = post_form(&app, &place, &admin, &reset).await.expect(200);
    let fresh = shown_password(&first.text).to_owned();
    assert_eq!(shown_password(&again.text), fresh);
    assert_ne!(fresh, password, "another form, another password");
    sign_in(&password).await.refused(401, "identifiants_invalides");
    sign_in(&fresh).await.expect(200);
    // With another key it is another sending, of a version that is no longer.
    let late = [("action", "mot_de_passe"), ("version", version.as_str()), ("password", ""), ("cle", "encore-une")];
    post_form(&app, &place, &admin, &late).await.expect(412);
    app.assert_sound().await;
}

#[tokio::test]
async fn a_livreur_with_deliveries_is_shown_with_the_way_to_them() {
    let app = App::new().await;
    let token = app.token(Role::Admin).await;
    let (courier, _) = app.user(Role::Livreur).await;
    let product = app.product(&token, "Miel", 800, 9).await;
    let order = app.order(&token, &[(product, 1)]).await;
    app.post(&token, &format!("/orders/{}/confirm", order["id"]), &json!({})).await.expect(200);
    let assign = json!({"livreur_id": courier});
    app.post(&token, &format!("/orders/{}/assign-livreur", order["id"]), &assign).await.expect(200);
    let (_, admin) = signed_in(&app, Role::Admin).await;
    let place = format!("/utilisateurs/{courier}");
    let shown = page(&app, &place, &admin).await.expect(200).text;
    assert!(shown.contains("1\u{a0}livraison en cours") && shown.contains(&format!("/commandes?livreur_id={courier}")));
    post_form(&app, &place, &admin, &[("action", "supprimer")]).await.expect(409);
    post_form(&app, &format!("{place}/modifier"), &admin, &[("role", "admin")]).await.expect(409);
}

#[tokio::test]
async fn sessions_of_others_are_for_admins() {
    let app = App::new().await;
    let (id, theirs) = with_password(&app, Role::Livreur, "zoe@test.example").await;
    for role in [Role::Controleur, Role::Livreur, Role::SimpleUtilisateur] {
        let (_, cookie) = signed_in(&app, role).await;
        for (name, body) in [
            ("end_user_sessions", json!({"id": id})),
            ("read_user", json!({"id": id})),
            ("list_users", json!({"query": []})),
            ("toggle_user", json!({"id": id, "version": 1})),
            ("delete_user", json!({"id": id, "version": 1})),
            ("restore_user", json!({"id": id})),
            ("update_user", json!({"id": id, "version": 1, "body": {"password": PASSWORD}})),
        ] {
            let refused = server_function(&app, name, &cookie, &body).await.expect(403);
            assert_eq!(refused.json()["code"], "acces_refuse", "{name}");
        }
    }
    page(&app, "/profil", &theirs).await.expect(200);
    let (me, admin) = signed_in(&app, Role::Admin).await;
    let ended = server_function(&app, "end_user_sessions", &admin, &json!({"id": id})).await.expect(200);
    assert_eq!(ended.json(), 1);
    page(&app, "/profil", &theirs).await.expect(303);
    server_function(&app, "end_user_sessions", &admin, &json!({"id": 999_999})).await.expect(404);
    server_function(&app, "end_user_sessions", &admin, &json!({"id": 1})).await.expect(404);
    let mine = another_session(&app, me).await;
    server_function(&app, "end_user_sessions", &admin, &json!({"id": me})).await.expect(200);
    page(&app, "/profil", &mine).await.expect(303);
    page(&app, "/profil", &admin).await.expect(200);
}

#[tokio::test]
async fn everybody_keeps_their_own_account_by_plain_forms() {
    let app = App::new().await;
    let (id, cookie) = with_password(&app, Role::Livreur, "zoe@test.example").await;
    let elsewhere = another_session(&app, id).await;
    let data = [("action", "identite"), ("prenom", "Zoé"), ("nom", "Roux"), ("telephone", "0612345678")];
    assert_eq!(
        post_form(&app, "/profil", &cookie, &data).await.expect(303).header("location"),
        "/profil?fait=identite"
    );
    let shown = page(&app, "/profil?fait=identite", &cookie).await.expect(200).text;
    assert!(shown.contains("Zoé Roux") && shown.contains("sont enregistrées") && shown.contains("Cette session"));
    let told = |words: &str| shown.matches(words).count();
    assert_eq!((told("active en ce moment"), told("dernière activité le")), (1, 1), "the one that asks is in use");
    let nameless = post_form(&app, "/profil", &cookie, &[("action", "identite"), ("nom", "")]).await.expect(422);
    assert!(nameless.text.contains("obligatoire"));
    // Read-only fields are no way in.
    post_form(&app, "/profil", &cookie, &[("action", "identite"), ("nom", "Roux"), ("role", "admin")])
        .await
        .expect(303);
    let role: String =
        sqlx::query_scalar("select role from users where id = $1").bind(id).fetch_one(&app.db).await.expect("zoe");
    assert_eq!(role, "livreur");

    let change = async |current: &str, fresh: &str, again: &str| {
        let fields = [
            ("action", "mot_de_passe"),
            ("current_password", current),
            ("new_password", fresh),
            ("repeated_password", again),
        ];
        post_form(&app, "/profil", &cookie, &fields).await
    };
    let fresh = "cinq poires mûres";
    assert!(change("faux-secret", fresh, fresh).await.expect(422).text.contains("mot de passe actuel"));
    let differs = change(PASSWORD, fresh, "autre chose").await.expect(422);
    assert!(differs.text.contains("Les deux saisies diffèrent"));
    for secret in [PASSWORD, fresh, "autre chose"] {
        assert!(!differs.text.contains(secret), "no secret is sent back");
    }
    change(PASSWORD, "court", "court").await.expect(422);
    page(&app, "/profil", &elsewhere).await.expect(200);
    change(PASSWORD, fresh, fresh).await.expect(303);
    page(&app, "/profil", &elsewhere).await.expect(303);
    page(&app, "/profil", &cookie).await.expect(200);

    let one = another_session(&app, id).await;
    let number: i64 = sqlx::query_scalar("select max(id) from sessions where user_id = $1")
        .bind(id)
        .fetch_one(&app.db)
        .await
        .expect("a session");
    let (_, stranger) = signed_in(&app, Role::Admin).await;
    let end = [("action", "session"), ("id", &*number.to_string())];
    post_form(&app, "/profil", &stranger, &end).await.expect(404);
    post_form(&app, "/profil", &cookie, &end).await.expect(303);
    page(&app, "/profil", &one).await.expect(303);
    let other = another_session(&app, id).await;
    post_form(&app, "/profil", &cookie, &[("action", "sessions")]).await.expect(303);
    page(&app, "/profil", &other).await.expect(303);
    page(&app, "/profil", &cookie).await.expect(200);
    post_form(&app, "/profil", "", &data).await.expect(401);
}

#[tokio::test]
async fn lists_of_what_was_deleted_are_for_those_who_may_bring_it_back() {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    for nom in ["Anne", "Boris", "Chloé"] {
        app.post(&admin, "/clients", &json!({"nom": nom})).await.expect(201);
    }
    let anne = app.get(&admin, "/clients?search=anne").await.json()["items"][0]["id"].clone();
    app.delete(&admin, &format!("/clients/{anne}")).await.expect(204);
    let deleted = app.get(&admin, "/clients?is_deleted=true&per_page=1").await.expect(200).json();
    assert_eq!((&deleted["total"], &deleted["items"][0]["nom"]), (&json!(1), &json!("Anne")));
    assert_eq!(app.get(&admin, "/clients?is_deleted=true&page=9").await.expect(200).json()["total"], 1);
    assert_eq!(app.get(&admin, "/clients?is_deleted=false").await.expect(200).json()["total"], 2);
    let other = app.token(Role::Controleur).await;
    app.get(&other, "/clients?is_deleted=true&couleur=x").await.refused(403, "acces_refuse");
    app.get(&other, "/clients?is_deleted=false").await.expect(200);
}
