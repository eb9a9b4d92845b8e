//! /evenements: who hears of what, when, and until when.

use http::Method;
use serde_json::{Value, json};

use super::App;
use super::browser::signed_in;
use crate::auth::permission::Role;
use crate::live::hub::{News, STREAMS};
use crate::live::notice::Notice;
use crate::live::sender;
use crate::shared::UserId;

/// A shop with a draft of one product, whose events have been sent already.
async fn shop() -> (App, String, i64, i64) {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    let product = app.product(&admin, "Huile d'olive", 1250, 10).await;
    let order = app.order(&admin, &[(product, 2)]).await["id"].as_i64().expect("an id");
    sent(&app).await;
    (app, admin, product, order)
}

/// What waits to be sent, as one; afterwards nothing waits.
async fn sent(app: &App) -> Notice {
    let events = sqlx::query_as("delete from live_events returning topic, ids, couriers").fetch_all(&app.db).await;
    Notice::of(events.expect("events"))
}

fn text(notice: &Notice) -> String {
    serde_json::to_string(&notice.changes).expect("json")
}

async fn confirm(app: &App, token: &str, order: i64) {
    app.post(token, &format!("/orders/{order}/confirm"), &json!({})).await.expect(200);
}

async fn assign(app: &App, token: &str, order: i64, courier: Option<UserId>) {
    app.post(token, &format!("/orders/{order}/assign-livreur"), &json!({"livreur_id": courier})).await.expect(200);
}

#[tokio::test]
async fn a_change_and_its_event_are_one() {
    let (app, admin, product, order) = shop().await;
    confirm(&app, &admin, order).await;
    assert_eq!(text(&sent(&app).await), format!(r#"{{"commandes":[{order}],"stocks":[{product}]}}"#));

    let greedy = app.order(&admin, &[(product, 9)]).await["id"].as_i64().expect("an id");
    let made = sent(&app).await;
    assert!(text(&made).starts_with(&format!(r#"{{"commandes":[{greedy}]"#)), "{made:?}");
    app.post(&admin, &format!("/orders/{greedy}/confirm"), &json!({})).await.refused(409, "stock_insuffisant");
    let mut tx = app.as_system().await;
    sqlx::query("update orders set notes = 'non' where id = $1")
        .bind(order)
        .execute(&mut *tx)
        .await
        .expect("an update");
    tx.rollback().await.expect("rollback");
    assert!(!sent(&app).await.says_something(), "what did not happen is not told");

    app.put(&admin, &format!("/products/{product}"), &json!({"nom": "Huile de noix"})).await.expect(200);
    assert_eq!(text(&sent(&app).await), format!(r#"{{"produits":[{product}]}}"#));
    let entry = json!({"product_id": product, "type": "entree", "quantite": 5});
    app.post(&admin, "/stocks/movements", &entry).await.expect(201);
    assert_eq!(text(&sent(&app).await), format!(r#"{{"stocks":[{product}]}}"#));
    let (user, token) = app.user(Role::Controleur).await;
    sent(&app).await;
    app.put(&token, "/auth/me", &json!({"nom": "Roux"})).await.expect(200);
    assert_eq!(text(&sent(&app).await), format!(r#"{{"utilisateurs":[{user}]}}"#));
    app.run("update users set last_login_at = now(); update sessions set last_seen_at = now()").await;
    assert!(!sent(&app).await.says_something(), "being there is no change");
    app.assert_sound().await;
}

#[tokio::test]
async fn many_changes_are_one_notification_and_two_senders_share_them() {
    let (app, ..) = shop().await;
    let mut listener = sqlx::postgres::PgListener::connect_with(&app.db).await.expect("a listener");
    listener.listen(sender::CHANNEL).await.expect("listen");
    app.run("insert into live_events (topic, ids) select 'orders', array[n] from generate_series(1000000, 1003999) n")
        .await;
    assert_eq!(sender::send(&app.db).await.expect("sent"), 4000);
    let told = listener.recv().await.expect("a notification");
    assert!(told.payload().len() < 8000);
    let (number, notice) = told.payload().split_once(' ').expect("a number first");
    let number: u64 = number.parse().expect("a number");
    let numbered = |more: u64, notice: &str| format!("{} {notice}", number + more);
    let notice: Notice = serde_json::from_str(notice).expect("a notice");
    assert_eq!(text(&notice), r#"{"commandes":null}"#, "too many to name");

    // One sender holds what it took: another passes it over and takes the rest.
    app.run("insert into live_events (topic, ids) values ('orders', array[1]), ('stocks', array[2])").await;
    let mut held = app.db.begin().await.expect("a transaction");
    sqlx::query("delete from live_events where topic = 'orders'").execute(&mut *held).await.expect("held");
    assert_eq!(sender::send(&app.db).await.expect("sent"), 1);
    assert_eq!(listener.recv().await.expect("a notification").payload(), numbered(1, r#"{"c":{"stocks":[2]},"s":[]}"#));
    held.rollback().await.expect("rollback");
    assert_eq!(sender::send(&app.db).await.expect("sent"), 1);
    assert_eq!(
        listener.recv().await.expect("a notification").payload(),
        numbered(2, r#"{"c":{"commandes":[1]},"s":[]}"#)
    );
    assert_eq!(sender::send(&app.db).await.expect("sent"), 0);
    app.run("insert into live_events (topic, ids) values ('imports', array[1]); notify live, 'afterwards'").await;
    assert_eq!(sender::send(&app.db).await.expect("sent"), 1);
    app.run("notify live, 'and then'").await;
    assert_eq!(listener.recv().await.expect("a notification").payload(), "afterwards");
    assert_eq!(listener.recv().await.expect("a notification").payload(), "and then", "nothing to tell is not told");
}

#[tokio::test]
async fn a_large_seed_tells_once_that_all_is_new() {
    let app = App::new().await;
    sent(&app).await;
    crate::server::seed::demo(&app.db).await.expect("a shop");
    let events: i64 = sqlx::query_scalar("select count(*) from live_events").fetch_one(&app.db).await.expect("events");
    assert!(events <= 10, "{events} events of 400 orders");
    assert_eq!(sent(&app).await.changes, crate::live::Changes::everything());
}

#[tokio::test]
async fn a_stranger_hears_nothing() {
    let app = App::new().await;
    for cookie in ["", "session=x"] {
        let answer = app.call(Method::GET, "/evenements").header("cookie", cookie).send().await;
        answer.refused(401, "non_authentifie");
    }
    let token = app.token(Role::Admin).await;
    app.call(Method::GET, "/evenements").bearer(&token).send().await.refused(401, "non_authentifie");
}

#[tokio::test]
async fn each_role_follows_what_it_may_see() {
    let (app, admin, product, order) = shop().await;
    let _tasks = app.go_live().await;
    let (_, staff) = signed_in(&app, Role::SimpleUtilisateur).await;
    let (_, manager) = signed_in(&app, Role::Admin).await;
    let (one, one_cookie) = signed_in(&app, Role::Livreur).await;
    let (other, other_cookie) = signed_in(&app, Role::Livreur).await;
    let mut staff = app.listen(&staff).await;
    let mut manager = app.listen(&manager).await;
    let mut one_hears = app.listen(&one_cookie).await;
    let mut other_hears = app.listen(&other_cookie).await;

    confirm(&app, &admin, order).await;
    staff.hears_of("commandes", order).await;
    assign(&app, &admin, order, Some(one)).await;
    // Neither the confirmation, nor stocks, nor users were for a livreur.
    assert_eq!(one_hears.changes().await, json!({"commandes": [order]}));
    let first = app.order(&admin, &[(product, 1)]).await["id"].as_i64().expect("an id");
    confirm(&app, &admin, first).await;
    assign(&app, &admin, order, Some(other)).await;
    assert_eq!(one_hears.changes().await, json!({"commandes": [order]}), "the one who loses it");
    assert_eq!(other_hears.changes().await, json!({"commandes": [order]}), "and the one who gets it");
    assign(&app, &admin, first, Some(one)).await;
    assert_eq!(one_hears.changes().await, json!({"commandes": [first]}), "no longer the other one");

    let (user, _) = app.user(Role::Controleur).await;
    manager.hears_of("utilisateurs", user.0).await;
    app.put(&admin, &format!("/products/{product}"), &json!({"nom": "Huile de noix"})).await.expect(200);
    loop {
        let changes = staff.changes().await;
        assert!(changes["utilisateurs"].is_null(), "users are for the administrator: {changes}");
        if changes["produits"] == json!([product]) {
            break;
        }
    }
}

#[tokio::test]
async fn the_stream_ends_with_the_session() {
    let app = App::new().await;
    let _tasks = app.go_live().await;
    let admin = app.token(Role::Admin).await;
    let end = async |change: &str| {
        let (id, cookie) = signed_in(&app, Role::Controleur).await;
        let (_, bystander) = signed_in(&app, Role::Controleur).await;
        let (mut stream, mut bystander) = (app.listen(&cookie).await, app.listen(&bystander).await);
        match change {
            "revoked" => app.run(format!("update sessions set revoked_at = now() where user_id = {id}")).await,
            "deactivated" => {
                app.patch(&admin, &format!("/users/{id}/toggle-status"), &json!({})).await.expect(200);
            }
            _ => {
                let body = json!({"role": "livreur"});
                app.put(&admin, &format!("/users/{id}"), &body).await.expect(200);
            }
        }
        stream.assert_ends().await;
        // Others hear of other things.
        let category = app.category(change).await;
        bystander.hears_of("categories", category).await;
    };
    for change in ["revoked", "deactivated", "another role"] {
        end(change).await;
    }
    let (id, cookie) = signed_in(&app, Role::Controleur).await;
    app.run(format!("update sessions set expires_at = now() + interval '1500 ms' where user_id = {id}")).await;
    app.listen(&cookie).await.assert_ends().await;
}

#[tokio::test]
async fn a_page_is_told_when_it_was_drawn_for_another_role() {
    let app = App::new().await;
    let _tasks = app.go_live().await;
    let admin = app.token(Role::Admin).await;
    let (id, cookie) = signed_in(&app, Role::Controleur).await;
    let drawn = "/evenements?role=controleur&depuis=";
    let told_alone = async |cookie: &str| {
        let mut stream = app.open_stream(cookie, drawn).await;
        let told = stream.next().await.expect("a word");
        assert_eq!(stream.next().await, None, "and no news");
        told.name
    };
    let mut stream = app.listen_at(&cookie, drawn).await;
    assert_eq!(stream.next().await.expect("an event").name, "relire", "no position is an unknown one");
    app.put(&admin, &format!("/users/{id}"), &json!({"role": "simple_utilisateur"})).await.expect(200);
    stream.assert_ends().await;
    // The browser comes back by itself.
    assert_eq!(told_alone(&cookie).await, "droits");
    app.listen_at(&cookie, "/evenements?role=simple_utilisateur&depuis=").await;

    app.run(format!("update sessions set revoked_at = now() where user_id = {id}")).await;
    assert_eq!(told_alone(&cookie).await, "fin");
    assert_eq!(told_alone("").await, "fin");
}

#[tokio::test]
async fn a_changed_name_does_not_end_the_stream() {
    let app = App::new().await;
    let _tasks = app.go_live().await;
    let (id, cookie) = signed_in(&app, Role::Admin).await;
    let mut stream = app.listen(&cookie).await;
    app.run(format!("update users set nom = 'Roux' where id = {id}")).await;
    stream.hears_of("utilisateurs", id.0).await;
    let category = app.category("Épices").await;
    stream.hears_of("categories", category).await;
}

#[tokio::test]
async fn who_may_have_missed_something_reads_again() {
    let app = App::new().await;
    let (_, cookie) = signed_in(&app, Role::Admin).await;
    sent(&app).await;
    let drawn = app.state.live.position();
    let _tasks = app.go_live().await;
    let told = async |address: &str| app.listen_at(&cookie, address).await.next().await.expect("an event");
    for unknown in ["/evenements", "/evenements?depuis=abc-1", &format!("/evenements?depuis={drawn}")] {
        assert_eq!(told(unknown).await.name, "relire", "{unknown}");
    }
    // Away for a moment: told what happened meanwhile, and nothing else.
    let position = app.state.live.position();
    let category = app.category("Épices").await;
    let mut here = app.listen_at(&cookie, &format!("/evenements?depuis={position}")).await;
    here.hears_of("categories", category).await;
    let missed = told(&format!("/evenements?depuis={position}")).await;
    assert_eq!((missed.name.as_str(), &missed.data), ("changement", &json!({"categories": [category]})));
    assert_eq!(missed.id, app.state.live.position());

    // Too slow for what comes in.
    let mut slow = app.listen(&cookie).await;
    for number in 1..=1000 {
        app.state.live.publish(News::Changed(number, Notice::default()));
    }
    assert_eq!(slow.next().await.expect("an event").name, "relire");
    let category = app.category("Thés").await;
    slow.hears_of("categories", category).await;

    // The line to the database breaks.
    app.run("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'LISTEN%'")
        .await;
    assert_eq!(slow.next().await.expect("an event").name, "coupure");
    assert_eq!(slow.next().await.expect("an event").name, "relire");
    let category = app.category("Cafés").await;
    slow.hears_of("categories", category).await;
}

#[tokio::test]
async fn what_one_server_does_the_other_ones_pages_hear() {
    let (one, admin, product, order) = shop().await;
    let two = one.beside().await;
    let (_one, _two) = (one.go_live().await, two.go_live().await);
    let (_, cookie) = signed_in(&one, Role::Controleur).await;
    let (mut on_one, mut on_two) = (one.listen(&cookie).await, two.listen(&cookie).await);
    confirm(&one, &admin, order).await;
    on_two.hears_of("commandes", order).await;
    on_one.hears_of("commandes", order).await;
    let second = two.order(&admin, &[(product, 1)]).await["id"].as_i64().expect("an id");
    on_one.hears_of("commandes", second).await;
    on_two.hears_of("commandes", second).await;
    // A page drawn by one and listening at the other is told what came since, and nothing else.
    assert_eq!(one.state.live.position(), two.state.live.position());
    let address = format!("/evenements?depuis={}", one.state.live.position());
    let category = one.category("Épices").await;
    on_two.hears_of("categories", category).await;
    let missed = two.listen_at(&cookie, &address).await.next().await.expect("an event");
    assert_eq!((missed.name.as_str(), missed.data), ("changement", json!({"categories": [category]})));
    // The session ends on one, the stream on the other.
    one.run("update sessions set revoked_at = now() where kind = 'navigateur'").await;
    on_two.assert_ends().await;
}

#[tokio::test]
async fn a_server_that_stops_or_has_newer_streams_ends_them() {
    let app = App::new().await;
    let (_, cookie) = signed_in(&app, Role::Admin).await;
    let mut first = app.listen(&cookie).await;
    assert_eq!(first.next().await.expect("an event").name, "coupure", "nothing listens to the database here");
    let mut streams = Vec::new();
    for _ in 0..STREAMS {
        streams.push(app.listen(&cookie).await);
    }
    assert_eq!(first.next().await.expect("an event").name, "remplace");
    first.assert_ends().await;
    assert_eq!(app.state.live.streams(), STREAMS);
    app.state.live.stop();
    for mut stream in streams {
        assert_eq!(stream.next().await.expect("an event").name, "coupure");
        stream.assert_ends().await;
    }
    let mut late = app.listen(&cookie).await;
    assert_eq!(late.next().await.expect("an event").name, "coupure");
    late.assert_ends().await;
    assert_eq!(app.state.live.streams(), 0);
}

/// Nothing of a person, an amount or a text travels.
#[tokio::test]
async fn events_hold_topics_and_ids_alone() {
    let (app, admin, product, _) = shop().await;
    let _tasks = app.go_live().await;
    let (_, cookie) = signed_in(&app, Role::Admin).await;
    let mut stream = app.listen(&cookie).await;
    let order = app.order(&admin, &[(product, 1)]).await["id"].as_i64().expect("an id");
    loop {
        let changes = stream.changes().await;
        let topics = changes.as_object().expect("topics");
        assert!(
            topics.values().all(|ids| ids.as_array().is_some_and(|ids| ids.iter().all(Value::is_i64))),
            "{changes}"
        );
        if changes["commandes"].as_array().is_some_and(|ids| ids.contains(&order.into())) {
            break;
        }
    }
}
