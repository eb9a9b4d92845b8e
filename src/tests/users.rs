//! /api/v1/users

use serde_json::json;

use super::App;
use crate::auth::permission::Role;

#[tokio::test]
async fn the_livreurs_are_those_who_can_deliver_now_and_their_phone() {
    let app = App::new().await;
    let mut ids = Vec::new();
    for email in ["a", "b", "c", "d", "e"] {
        ids.push(app.insert_user(Role::Livreur, &format!("{email}@test.example"), None).await);
    }
    let [zoe, eve, off, gone, former] = ids[..] else { panic!("five") };
    app.run(format!("update users set nom = 'Zola', prenom = null, telephone = '06 12 34 56 78' where id = {zoe}"))
        .await;
    app.run(format!("update users set nom = 'Évrard', prenom = 'Ève' where id = {eve}")).await;
    app.run(format!("update users set is_active = false where id = {off}")).await;
    app.run(format!("update users set is_deleted = true, deleted_at = now(), deleted_by = 1 where id = {gone}")).await;
    app.run(format!("update users set role = 'controleur' where id = {former}")).await;
    app.insert_user(Role::Admin, "admin@test.example", None).await;
    let token = app.token(Role::SimpleUtilisateur).await;
    let answer = app.get(&token, "/users/livreurs").await.expect(200).json();
    let expected = json!({"items": [
        {"id": eve, "nom": "Évrard", "prenom": "Ève", "telephone": null},
        {"id": zoe, "nom": "Zola", "prenom": null, "telephone": "06 12 34 56 78"},
    ]});
    assert_eq!(answer, expected, "id, nom, prenom, telephone: no more; É beside E");
}

#[tokio::test]
async fn every_role_may_see_who_delivers() {
    let app = App::new().await;
    for role in Role::ALL {
        let token = app.token(role).await;
        app.get(&token, "/users/livreurs").await.expect(200);
    }
}
