//! /livraisons and /livraisons/actions: what a phone reads and sends, what becomes of it, what it may not.

use serde_json::{Value, json};

use super::App;
use crate::auth::permission::Role;
use crate::shared::UserId;

/// An instant that is `minutes` before now, as a phone writes it.
pub(super) fn ago(minutes: i64) -> String {
    (chrono::Utc::now() - chrono::TimeDelta::minutes(minutes)).to_rfc3339()
}

/// A UUID that nobody else has.
pub(super) fn uuid() -> String {
    let hex = crate::server::keys::hex(&crate::server::keys::random_bytes::<16>());
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

/// An action on an order, a minute ago.
pub(super) fn action(kind: &str, order: i64, more: &Value) -> Value {
    let mut action = json!({"id": uuid(), "type": kind, "order_id": order, "survenu_le": ago(1)});
    action.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    action
}

/// Sends actions now, and gives what became of each.
pub(super) async fn send(app: &App, token: &str, actions: &[Value]) -> Vec<Value> {
    let batch = json!({"envoye_le": ago(0), "actions": actions});
    let answer = app.post(token, "/livraisons/actions", &batch).await.expect(200).json();
    let told = answer["resultats"].as_array().expect("answers").clone();
    assert_eq!(told.len(), actions.len(), "never a silent drop");
    for (sent, told) in actions.iter().zip(&told) {
        assert_eq!(sent["id"], told["id"]);
    }
    told
}

/// An order in preparation of a livreur, at 10.00 each.
pub(super) async fn prepared(app: &App, admin: &str, courier: UserId, lines: &[(i64, i64)]) -> Value {
    let order = app.order(admin, lines).await;
    let path = format!("/orders/{}", order["id"]);
    app.post(admin, &format!("{path}/confirm"), &json!({})).await.expect(200);
    app.post(admin, &format!("{path}/assign-livreur"), &json!({"livreur_id": courier})).await.expect(200);
    app.patch(admin, &format!("{path}/status"), &json!({"statut": "en_preparation"})).await.expect(200).json()
}

/// The same on its way.
pub(super) async fn on_the_way(app: &App, admin: &str, courier: UserId, lines: &[(i64, i64)]) -> Value {
    let order = prepared(app, admin, courier, lines).await;
    let status = format!("/orders/{}/status", order["id"]);
    app.patch(admin, &status, &json!({"statut": "en_livraison"})).await.expect(200).json()
}

pub(super) struct World {
    pub app: App,
    pub admin: String,
    pub courier: UserId,
    pub livreur: String,
    pub tea: i64,
    pub honey: i64,
}

pub(super) async fn world() -> World {
    let app = App::new().await;
    let admin = app.token(Role::Admin).await;
    let (courier, livreur) = app.user(Role::Livreur).await;
    let (tea, honey) = (app.product(&admin, "Thé", 1000, 20).await, app.product(&admin, "Miel", 500, 20).await);
    World { app, admin, courier, livreur, tea, honey }
}

pub(super) fn id(value: &Value) -> i64 {
    value["id"].as_i64().expect("an id")
}

#[tokio::test]
async fn a_round_is_taken_over_and_delivered() {
    let World { app, admin, courier, livreur, tea, honey } = world().await;
    let order = prepared(&app, &admin, courier, &[(tea, 4), (honey, 2)]).await;
    let take = action("prise_en_charge", id(&order), &json!({}));
    let give = json!({"receveur": " Mme Dupont ", "montant_encaisse": "50", "note": "Au gardien"});
    let give = action("livraison", id(&order), &give);
    let told = send(&app, &livreur, &[take, give.clone()]).await;
    assert_eq!((&told[0]["statut"], &told[0]["commande"]["statut"]), (&json!("appliquee"), &json!("en_livraison")));
    assert_eq!((&told[1]["statut"], &told[1]["commande"]["statut"]), (&json!("appliquee"), &json!("livree")));
    assert_eq!((&told[1]["tentative"]["id"], &told[1]["tentative"]["resultat"]), (&give["id"], &json!("livree")));
    let now = app.get(&livreur, &format!("/orders/{}", order["id"])).await.expect(200).json();
    assert_eq!((now["total_livre"].as_f64(), now["montant_encaisse"].as_f64()), (Some(50.0), Some(50.0)));
    assert_eq!((app.stock(tea).await, app.stock(honey).await), ((16, 0), (18, 0)));
    let attempts = app.get(&admin, &format!("/orders/{}/tentatives", order["id"])).await.expect(200).json();
    let attempt = &attempts["items"][0];
    assert_eq!((&attempt["receveur"], &attempt["note"]), (&json!("Mme Dupont"), &json!("Au gardien")));
    assert_eq!((&attempt["livreur_id"], &attempt["horloge_suspecte"]), (&json!(courier), &json!(false)));
    assert_eq!(attempt["lignes"].as_array().map(Vec::len), Some(2));
    app.assert_sound().await;
}

#[tokio::test]
async fn what_was_refused_comes_back_and_what_was_damaged_does_not() {
    let World { app, admin, courier, livreur, tea, honey } = world().await;
    let order = on_the_way(&app, &admin, courier, &[(tea, 6), (honey, 2)]).await;
    let line = order["items"].as_array().expect("lines").iter().find(|i| i["product_id"] == tea).expect("tea");
    let lignes = json!([{"item_id": line["id"], "remis": 2, "refuse": 1, "abime": 2, "manquant": 1}]);
    let part = action("livraison", id(&order), &json!({"lignes": lignes, "motif": "endommage"}));
    let told = send(&app, &livreur, &[part]).await;
    assert_eq!(told[0]["tentative"]["resultat"], "partielle", "{told:?}");
    let now = app.get(&admin, &format!("/orders/{}", order["id"])).await.expect(200).json();
    assert_eq!((&now["statut"], now["total_livre"].as_f64()), (&json!("livree"), Some(30.0)));
    assert_eq!((app.stock(tea).await, app.stock(honey).await), ((16, 0), (18, 0)));
    let figures = app.get(&admin, "/dashboard/chiffre-affaires").await.expect(200).json();
    assert_eq!(figures["chiffre_affaires"].as_f64(), Some(30.0), "the turnover follows");
    app.assert_sound().await;
}

#[tokio::test]
async fn nothing_handed_over_leaves_the_order_on_its_way() {
    let World { app, admin, courier, livreur, tea, .. } = world().await;
    let order = on_the_way(&app, &admin, courier, &[(tea, 5)]).await;
    let path = format!("/orders/{}", order["id"]);
    let absent = action("probleme", id(&order), &json!({"motif": "absent", "note": "Volets fermés"}));
    let told = send(&app, &livreur, &[absent]).await;
    assert_eq!(
        (&told[0]["tentative"]["resultat"], &told[0]["commande"]["statut"]),
        (&json!("echec"), &json!("en_livraison"))
    );
    assert_eq!(app.stock(tea).await, (15, 0));
    // Once more, by somebody else, who finds two of them damaged; then it is given up.
    let (other, second) = app.user(Role::Livreur).await;
    app.post(&admin, &format!("{path}/assign-livreur"), &json!({"livreur_id": other})).await.expect(200);
    let seen = app.get(&second, "/livraisons").await.expect(200).json();
    assert_eq!(seen["items"][0]["tentatives"][0]["note"], "Volets fermés", "{seen}");
    let lignes = json!([{"item_id": order["items"][0]["id"], "remis": 0, "abime": 2}]);
    let broken = action("probleme", id(&order), &json!({"motif": "endommage", "lignes": lignes}));
    assert_eq!(send(&app, &second, &[broken]).await[0]["statut"], "appliquee");
    app.post(&admin, &format!("{path}/cancel"), &json!({"motif": "Abîmée"})).await.expect(200);
    assert_eq!(app.stock(tea).await, (18, 0), "what was damaged does not come back");
    let trail = app.get(&admin, &format!("{path}/history?per_page=100")).await.expect(200).text;
    assert!(trail.contains("\"absent\"") && trail.contains("\"endommage\""), "the reasons are in the history: {trail}");
    app.assert_sound().await;
}

#[tokio::test]
async fn damaged_goods_do_not_come_back() {
    let World { app, admin, courier, livreur, tea, honey } = world().await;
    let order = on_the_way(&app, &admin, courier, &[(tea, 5), (honey, 2)]).await;
    let path = format!("/orders/{}", order["id"]);
    // One press on a phone: the reason, and no line.
    let damaged = action("probleme", id(&order), &json!({"motif": "endommage"}));
    assert_eq!(send(&app, &livreur, &[damaged]).await[0]["tentative"]["resultat"], "echec");
    let told = app.get(&admin, &format!("{path}/tentatives")).await.expect(200).json();
    for line in told["items"][0]["lignes"].as_array().expect("lines") {
        assert!(line["abime"].as_i64() > Some(0) && line["refuse"] == 0 && line["remis"] == 0, "{line}");
    }
    app.post(&admin, &format!("{path}/cancel"), &json!({"motif": "Tombée du camion"})).await.expect(200);
    assert_eq!((app.stock(tea).await, app.stock(honey).await), ((15, 0), (18, 0)));
    app.assert_sound().await;
}

#[tokio::test]
async fn the_same_action_has_the_first_answer() {
    let World { app, admin, courier, livreur, tea, .. } = world().await;
    let order = on_the_way(&app, &admin, courier, &[(tea, 2)]).await;
    let give = action("livraison", id(&order), &json!({}));
    let twice = send(&app, &livreur, &[give.clone(), give.clone()]).await;
    assert_eq!((&twice[0]["statut"], &twice[1]["statut"]), (&json!("appliquee"), &json!("deja_connue")));
    // Whatever became of the order since.
    let correction = json!({"motif": "Erreur", "lignes": [{"item_id": order["items"][0]["id"], "remis": 1}]});
    app.post(&admin, &format!("/orders/{}/corrections", order["id"]), &correction).await.expect(201);
    let again = send(&app, &livreur, std::slice::from_ref(&give)).await;
    assert_eq!((&again[0]["statut"], &again[0]["commande"]), (&json!("deja_connue"), &twice[0]["commande"]));
    assert_eq!(again[0]["tentative"], twice[0]["tentative"]);
    // The same id for something else, and by somebody else.
    let mut other = give.clone();
    other["receveur"] = json!("Anne");
    assert_eq!(send(&app, &livreur, &[other]).await[0]["code"], "idempotence_conflit");
    let thief = app.token(Role::Livreur).await;
    let told = send(&app, &thief, &[give]).await;
    assert_eq!((&told[0]["statut"], &told[0]["code"]), (&json!("conflit"), &json!("autre_utilisateur")));
    assert!(told[0].get("commande").is_none() && told[0].get("tentative").is_none(), "nothing is told of it: {told:?}");
    app.assert_sound().await;
}

#[tokio::test]
async fn a_batch_with_a_key_is_answered_once() {
    let World { app, admin, courier, livreur, tea, .. } = world().await;
    let order = on_the_way(&app, &admin, courier, &[(tea, 2)]).await;
    let batch = json!({"actions": [action("livraison", id(&order), &json!({}))]});
    let post = async || {
        let call = app.call(http::Method::POST, "/api/v1/livraisons/actions").bearer(&livreur);
        call.header("idempotency-key", "lot-1").json(&batch).send().await.expect(200)
    };
    let (first, second) = (post().await, post().await);
    assert_eq!(first.text, second.text);
    assert_eq!((first.header("idempotency-replayed"), second.header("idempotency-replayed")), ("", "true"));
}

#[tokio::test]
async fn conflicts_are_named_and_stop_what_follows() {
    let World { app, admin, courier, livreur, tea, .. } = world().await;
    let path = |order: &Value, what: &str| format!("/orders/{}/{what}", order["id"]);
    let cancelled = on_the_way(&app, &admin, courier, &[(tea, 1)]).await;
    app.post(&admin, &path(&cancelled, "cancel"), &json!({})).await.expect(200);
    let delivered = on_the_way(&app, &admin, courier, &[(tea, 1)]).await;
    app.patch(&admin, &path(&delivered, "status"), &json!({"statut": "livree"})).await.expect(200);
    let waiting = prepared(&app, &admin, courier, &[(tea, 1)]).await;
    let fine = on_the_way(&app, &admin, courier, &[(tea, 1)]).await;
    let moved = on_the_way(&app, &admin, courier, &[(tea, 1)]).await;
    let (other, second) = app.user(Role::Livreur).await;
    app.post(&admin, &path(&moved, "assign-livreur"), &json!({"livreur_id": other})).await.expect(200);
    let theirs = on_the_way(&app, &admin, other, &[(tea, 1)]).await;
    let give = |order: &Value| action("livraison", id(order), &json!({}));
    let actions = [
        give(&cancelled),
        give(&delivered),
        give(&waiting),
        action("probleme", id(&waiting), &json!({"motif": "absent"})),
        give(&moved),
        give(&theirs),
        action("livraison", 999_999, &json!({})),
        action("livraison", id(&fine), &json!({"version": 1})),
        action("prise_en_charge", id(&fine), &json!({})),
    ];
    let told = send(&app, &livreur, &actions).await;
    let codes: Vec<_> = told.iter().map(|answer| answer["code"].as_str().unwrap_or("-")).collect();
    let expected = [
        "annulee",
        "deja_livree",
        "transition_interdite",
        "action_precedente",
        "reassignee",
        "introuvable",
        "introuvable",
        "version_perimee",
        "action_precedente",
    ];
    assert_eq!(codes, expected, "{told:?}");
    assert_eq!((&told[3]["statut"], &told[3]["apres"]), (&json!("suspendue"), &told[2]["id"]));
    assert_eq!(told[0]["commande"]["statut"], "annulee");
    assert!(told[4].get("commande").is_none(), "a reassigned order tells nothing more: {told:?}");
    // Refused before, it is judged anew: now the order is on its way.
    send(&app, &livreur, &[action("prise_en_charge", id(&waiting), &json!({}))]).await;
    assert_eq!(send(&app, &livreur, &actions[2..3]).await[0]["statut"], "appliquee");
    // A version that is that of today does.
    let now = app.get(&livreur, &format!("/orders/{}", fine["id"])).await.json()["version"].clone();
    assert_eq!(
        send(&app, &livreur, &[action("livraison", id(&fine), &json!({"version": now}))]).await[0]["statut"],
        "appliquee"
    );
    assert_eq!(send(&app, &second, &[give(&theirs)]).await[0]["statut"], "appliquee");
    app.assert_sound().await;
}

#[tokio::test]
async fn what_is_wrong_with_an_action_is_told_and_harms_no_other() {
    let World { app, admin, courier, livreur, tea, .. } = world().await;
    let one = on_the_way(&app, &admin, courier, &[(tea, 2)]).await;
    let two = on_the_way(&app, &admin, courier, &[(tea, 2)]).await;
    let item = &one["items"][0]["id"];
    let wrong = [
        (json!({"lignes": [{"item_id": item, "remis": 3}]}), "lignes[0]"),
        (json!({"lignes": [{"item_id": 999_999, "remis": 1}]}), "lignes[0].item_id"),
        (json!({"lignes": [{"item_id": item, "remis": 0}]}), "lignes"),
        (json!({"montant_encaisse": -1}), "montant_encaisse"),
        (json!({"survenu_le": "hier"}), "survenu_le"),
        (json!({"prix": 3}), "prix"),
    ];
    for (more, path) in wrong {
        let bad = action("livraison", id(&one), &more);
        let after = action("livraison", id(&one), &json!({}));
        let told = send(&app, &livreur, &[bad, after]).await;
        assert_eq!(
            (&told[0]["statut"], &told[0]["errors"][0]["champ"]),
            (&json!("invalide"), &json!(path)),
            "{told:?}"
        );
        assert_eq!(told[1]["statut"], "suspendue");
    }
    let told = send(&app, &livreur, &[action("livraison", id(&two), &json!({}))]).await;
    assert_eq!(told[0]["statut"], "appliquee");
    // What is no action at all has an answer too.
    let answer = app.post(&livreur, "/livraisons/actions", &json!({"actions": [3, {}, {"id": "x"}]})).await.expect(200);
    for told in answer.json()["resultats"].as_array().expect("answers") {
        assert_eq!((&told["statut"], &told["id"]), (&json!("invalide"), &Value::Null));
    }
    let batch = |actions: Value| json!({ "actions": actions });
    for (body, path) in [
        (json!({}), "actions"),
        (batch(json!(3)), "actions"),
        (batch(vec![json!({}); 101].into()), "actions"),
        (json!({"actions": [], "lot": 1}), "lot"),
        (json!({"actions": [], "envoye_le": "x"}), "envoye_le"),
    ] {
        let refused = app.post(&livreur, "/livraisons/actions", &body).await.refused(422, "champs_invalides");
        assert_eq!(refused.fields(), [path]);
    }
    let (reader, large) = (app.token(Role::SimpleUtilisateur).await, batch(json!(["x".repeat(2_000_000)])));
    app.post(&reader, "/livraisons/actions", &batch(json!([]))).await.refused(403, "acces_refuse");
    app.post(&livreur, "/livraisons/actions", &large).await.expect(200);
    let larger = batch(json!(["x".repeat(5 * 1024 * 1024)]));
    app.post(&livreur, "/livraisons/actions", &larger).await.refused(413, "trop_volumineux");
    app.assert_sound().await;
}

#[tokio::test]
async fn an_action_with_a_field_twice_is_wrong_and_harms_no_other() {
    let World { app, admin, courier, livreur, tea, .. } = world().await;
    let one = on_the_way(&app, &admin, courier, &[(tea, 2)]).await;
    let two = on_the_way(&app, &admin, courier, &[(tea, 2)]).await;
    let send = async |body: &str| {
        let call = app.call(http::Method::POST, "/api/v1/livraisons/actions").bearer(&livreur);
        call.body("application/json", body).send().await
    };
    let lines = json!({"lignes": [{"item_id": one["items"][0]["id"], "remis": 1}]});
    let (line, fine) = (action("livraison", id(&one), &lines), action("livraison", id(&two), &json!({})));
    let line = line.to_string().replace("\"remis\":1", "\"remis\":2,\"remis\":1");
    let kind = action("livraison", id(&one), &json!({})).to_string();
    let kind = kind.replace("\"type\":", "\"type\":\"probleme\",\"type\":");
    let told = send(&format!("{{\"actions\": [{line}, {kind}, {fine}]}}")).await.expect(200).json();
    let told = told["resultats"].as_array().expect("answers");
    for (told, path) in told.iter().zip(["lignes[0].remis", "type"]) {
        let fault = json!([{"champ": path, "code": "champ_repete", "message": "Ce champ est là plusieurs fois."}]);
        assert_eq!((&told["statut"], &told["errors"]), (&json!("invalide"), &fault));
    }
    assert_eq!(told[2]["statut"], "appliquee");
    let refused = send("{\"actions\": [], \"actions\": []}").await.refused(422, "champs_invalides");
    assert_eq!(refused.fields(), ["actions"]);
    app.assert_sound().await;
}

#[tokio::test]
async fn a_clock_that_is_off_is_told_and_both_times_are_kept() {
    let World { app, admin, courier, livreur, tea, .. } = world().await;
    // The phone is an hour ahead, and was without a network for two.
    let order = on_the_way(&app, &admin, courier, &[(tea, 1)]).await;
    let give = action("livraison", id(&order), &json!({"survenu_le": ago(60)}));
    let batch = json!({"envoye_le": ago(-60), "actions": [give]});
    let told = app.post(&livreur, "/livraisons/actions", &batch).await.expect(200).json();
    let attempt = &told["resultats"][0]["tentative"];
    let skew = attempt["decalage_s"].as_i64().expect("a skew");
    assert!((-3605..=-3595).contains(&skew) && attempt["horloge_suspecte"] == true, "{attempt}");
    let instant = |name: &str| {
        attempt[name].as_str().and_then(|at| chrono::DateTime::parse_from_rfc3339(at).ok()).expect("an instant")
    };
    assert!((instant("synchronise_le") - instant("survenu_le")).num_minutes() >= 59, "{attempt}");
    // Without the time of sending, an action is taken as sent at once: one of the future is suspect.
    let order = on_the_way(&app, &admin, courier, &[(tea, 1)]).await;
    let batch = json!({"actions": [action("livraison", id(&order), &json!({"survenu_le": ago(-90)}))]});
    let told = app.post(&livreur, "/livraisons/actions", &batch).await.expect(200).json();
    assert_eq!(told["resultats"][0]["tentative"]["horloge_suspecte"], true);
    // Right, but hours without a network: nothing to suspect.
    let order = on_the_way(&app, &admin, courier, &[(tea, 1)]).await;
    let told = send(&app, &livreur, &[action("livraison", id(&order), &json!({"survenu_le": ago(300)}))]).await;
    assert_eq!(told[0]["tentative"]["horloge_suspecte"], false);
    app.assert_sound().await;
}

#[tokio::test]
async fn a_status_set_by_hand_is_an_attempt_too() {
    let World { app, admin, courier, livreur, tea, .. } = world().await;
    let order = on_the_way(&app, &admin, courier, &[(tea, 3)]).await;
    app.patch(&livreur, &format!("/orders/{}/status", order["id"]), &json!({"statut": "livrée"})).await.expect(200);
    let attempts = app.get(&livreur, &format!("/orders/{}/tentatives", order["id"])).await.expect(200).json();
    let attempt = &attempts["items"][0];
    assert_eq!((&attempt["resultat"], &attempt["lignes"][0]["remis"]), (&json!("livree"), &json!(3)));
    assert_eq!((&attempt["decalage_s"], &attempt["survenu_le"]), (&json!(0), &attempt["synchronise_le"]));
    app.assert_sound().await;
}
