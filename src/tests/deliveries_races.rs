//! Races at the door, with real concurrency on a real database.

use std::sync::Arc;

use serde_json::{Value, json};

use super::App;
use super::deliveries::{World, action, ago, id, on_the_way, world};
use crate::auth::permission::Role;

async fn send_one(app: Arc<App>, token: String, action: Value) -> Value {
    let batch = json!({"envoye_le": ago(0), "actions": [action]});
    app.post(&token, "/livraisons/actions", &batch).await.expect(200).json()["resultats"][0].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twins_of_one_action_have_one_effect_and_one_answer() {
    let World { app, admin, courier, livreur, tea, .. } = world().await;
    let app = Arc::new(app);
    for _ in 0..4 {
        let order = on_the_way(&app, &admin, courier, &[(tea, 2)]).await;
        let part = json!({"lignes": [{"item_id": order["items"][0]["id"], "remis": 1}]});
        let give = action("livraison", id(&order), &part);
        let mut racing = tokio::task::JoinSet::new();
        for _ in 0..6 {
            racing.spawn(send_one(app.clone(), livreur.clone(), give.clone()));
        }
        let mut answers = Vec::new();
        while let Some(answer) = racing.join_next().await {
            answers.push(answer.expect("a task"));
        }
        let applied = answers.iter().filter(|answer| answer["statut"] == "appliquee").count();
        assert_eq!(applied, 1, "{answers:?}");
        for answer in &answers {
            assert!(answer["statut"] == "appliquee" || answer["statut"] == "deja_connue", "{answers:?}");
            assert_eq!(
                (&answer["tentative"], &answer["commande"]),
                (&answers[0]["tentative"], &answers[0]["commande"])
            );
        }
    }
    app.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_cancellation_and_a_delivery_never_both_happen() {
    let World { app, admin, courier, livreur, tea, .. } = world().await;
    let app = Arc::new(app);
    for _ in 0..6 {
        let order = on_the_way(&app, &admin, courier, &[(tea, 1)]).await;
        let deliver = tokio::spawn(send_one(app.clone(), livreur.clone(), action("livraison", id(&order), &json!({}))));
        let (other, token, path) = (app.clone(), admin.clone(), format!("/orders/{}/cancel", order["id"]));
        let cancel = tokio::spawn(async move { other.post(&token, &path, &json!({})).await.status.as_u16() });
        let (told, cancelled) = (deliver.await.expect("a task"), cancel.await.expect("a task"));
        match cancelled {
            200 => assert_eq!((&told["statut"], &told["code"]), (&json!("conflit"), &json!("annulee"))),
            status => assert_eq!((status, &told["statut"]), (409, &json!("appliquee"))),
        }
    }
    app.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_delivery_and_a_reassignment_come_one_after_the_other() {
    let World { app, admin, courier, livreur, tea, .. } = world().await;
    let app = Arc::new(app);
    let (other, _) = app.user(Role::Livreur).await;
    for _ in 0..6 {
        let order = on_the_way(&app, &admin, courier, &[(tea, 1)]).await;
        let deliver = tokio::spawn(send_one(app.clone(), livreur.clone(), action("livraison", id(&order), &json!({}))));
        let (beside, token, path) = (app.clone(), admin.clone(), format!("/orders/{}/assign-livreur", order["id"]));
        let assign =
            tokio::spawn(
                async move { beside.post(&token, &path, &json!({"livreur_id": other})).await.status.as_u16() },
            );
        let (told, assigned) = (deliver.await.expect("a task"), assign.await.expect("a task"));
        match assigned {
            200 => assert_eq!((&told["statut"], &told["code"]), (&json!("conflit"), &json!("reassignee"))),
            status => assert_eq!((status, &told["statut"]), (409, &json!("appliquee"))),
        }
    }
    app.assert_sound().await;
}
