//! An order's trail in words, for its page.

use super::model::OrderEvent;
use super::workflow::OrderStatus;
use crate::auth::context::Ctx;
use crate::error::AppResult;
use crate::shared::OrderId;
use crate::users::model::full_name;

/// The order's trail in words, newest first.
pub async fn story(ctx: &Ctx, id: OrderId) -> AppResult<Vec<OrderEvent>> {
    let entries = sqlx::query!(
        r#"select h.at, h.action, h.avant as "avant?: serde_json::Value", h.apres as "apres?: serde_json::Value",
                  u.nom, u.prenom, l.nom as "livreur_nom?", l.prenom as "livreur_prenom?"
           from history h
           join users u on u.id = h.user_id
           left join users l on l.id = (h.apres ->> 'livreur_id')::bigint
           where h.table_name = 'orders' and h.row_id = $1
           order by h.seq desc limit 200"#,
        id.0
    )
    .fetch_all(&ctx.db)
    .await?;
    let mut events = Vec::with_capacity(entries.len());
    for entry in entries {
        let livreur = entry.livreur_nom.map(|nom| full_name(entry.livreur_prenom.as_deref(), &nom));
        let auteur = full_name(entry.prenom.as_deref(), &entry.nom);
        let after = entry.apres.unwrap_or_default();
        for (texte, detail) in describe(&entry.action, &after, livreur.as_deref()) {
            events.push(OrderEvent { at: entry.at, auteur: auteur.clone(), texte, detail });
        }
    }
    Ok(events)
}

/// What an entry of the trail means to people.
fn describe(action: &str, after: &serde_json::Value, livreur: Option<&str>) -> Vec<(String, Option<String>)> {
    let mut told = Vec::new();
    let text = |key: &str| after.get(key).and_then(serde_json::Value::as_str).map(str::to_owned);
    match action {
        "creation" => told.push(("Commande créée".to_owned(), None)),
        "suppression" => told.push(("Commande supprimée".to_owned(), None)),
        "restauration" => told.push(("Commande restaurée".to_owned(), None)),
        _ => {}
    }
    match text("statut").as_deref().and_then(OrderStatus::parse) {
        Some(OrderStatus::Brouillon) | None => {}
        Some(OrderStatus::Annulee) => told.push(("Commande annulée".to_owned(), text("motif_annulation"))),
        Some(status) => {
            let words = match status {
                OrderStatus::Confirmee => "Commande confirmée, articles réservés",
                OrderStatus::EnPreparation => "Préparation commencée",
                OrderStatus::EnLivraison => "Partie en livraison",
                _ => "Livrée au client",
            };
            told.push((words.to_owned(), None));
        }
    }
    match (after.get("livreur_id"), livreur) {
        (Some(_), Some(livreur)) => told.push((format!("Confiée à {livreur}"), None)),
        (Some(serde_json::Value::Null), None) => told.push(("Livreur retiré".to_owned(), None)),
        _ => {}
    }
    if told.is_empty() {
        let what = if after.get("revision_lignes").is_some() { "Articles modifiés" } else { "Commande modifiée" };
        told.push((what.to_owned(), None));
    }
    told
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_story_in_words() {
        let told = |action: &str, after, livreur| {
            describe(action, &after, livreur).into_iter().map(|t| t.0).collect::<Vec<_>>()
        };
        assert_eq!(told("creation", json!({"statut": "brouillon"}), None), ["Commande créée"]);
        assert_eq!(told("modification", json!({"livreur_id": 3}), Some("Karim B.")), ["Confiée à Karim B."]);
        assert_eq!(told("modification", json!({"livreur_id": null}), None), ["Livreur retiré"]);
        assert_eq!(told("modification", json!({"statut": "livree", "total_livre": 3}), None), ["Livrée au client"]);
        assert_eq!(told("modification", json!({"notes": "x"}), None), ["Commande modifiée"]);
        let cancelled = describe("modification", &json!({"statut": "annulee", "motif_annulation": "absent"}), None);
        assert_eq!(cancelled, [("Commande annulée".to_owned(), Some("absent".to_owned()))]);
    }
}
