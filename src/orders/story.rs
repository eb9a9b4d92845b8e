//! An order's trail in words, for its page: what its history says, and what happened at the door.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;

use super::model::OrderEvent;
use super::workflow::OrderStatus;
use crate::auth::context::Ctx;
use crate::deliveries::model::{
    ActionKind, AttemptLine, AttemptResult, CorrectedLine, Correction, Proof, ProofKind, Reason, is_suspect,
};
use crate::deliveries::proofs;
use crate::deliveries::queries::{TOLD, ToldRow, corrections_of};
use crate::error::AppResult;
use crate::shared::text::count;
use crate::shared::{OrderId, OrderItemId, ZoneTable};
use crate::users::model::full_name;

/// The order's trail in words, newest first.
pub async fn story(ctx: &Ctx, id: OrderId) -> AppResult<Vec<OrderEvent>> {
    let mut events = at_the_door(ctx, id).await?;
    let corrections = corrections_of(&ctx.db, id).await?;
    // Told better than the trail does: what it says of the same instant is left out.
    let told: BTreeSet<DateTime<Utc>> =
        events.iter().map(|event| event.at).chain(corrections.iter().map(|c| c.created_at)).collect();
    if !corrections.is_empty() {
        let names = names(ctx, id).await?;
        events.extend(corrections.into_iter().map(|correction| corrected(correction, &names)));
    }
    events.extend(refused(ctx, id).await?);
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
    let taken_over = taken_over(ctx, id).await?;
    for entry in entries {
        let after = entry.apres.unwrap_or_default();
        if told.contains(&entry.at) && (after.get("total_livre").is_some() || after.get("revision_lignes").is_some()) {
            continue;
        }
        let livreur = entry.livreur_nom.map(|nom| full_name(entry.livreur_prenom.as_deref(), &nom));
        let auteur = full_name(entry.prenom.as_deref(), &entry.nom);
        for (texte, detail) in describe(&entry.action, &after, livreur.as_deref()) {
            let mut told = event(entry.at, auteur.clone(), texte, detail);
            if after.get("statut").is_some() {
                told.faits.extend(taken_over.get(&entry.at).into_iter().flatten().cloned());
            }
            events.push(told);
        }
    }
    // Stable: what is of one instant stays in the order in which it was found.
    events.sort_by_key(|event| std::cmp::Reverse(event.at));
    Ok(events)
}

/// What becomes of what was ordered, one and several.
const PARTS: [(&str, &str); 4] =
    [("remis", "remis"), ("refusé", "refusés"), ("abîmé", "abîmés"), ("manquant", "manquants")];

fn event(at: DateTime<Utc>, auteur: String, texte: String, detail: Option<String>) -> OrderEvent {
    OrderEvent { at, auteur, texte, detail, faits: Vec::new(), preuves: Vec::new() }
}

#[derive(sqlx::FromRow)]
struct AttemptRow {
    #[sqlx(flatten)]
    told: ToldRow,
    refuse: i64,
    abime: i64,
    manquant: i64,
    nom: String,
    prenom: Option<String>,
}

/// The attempts with what proves them, and proofs that came with none.
async fn at_the_door(ctx: &Ctx, id: OrderId) -> AppResult<Vec<OrderEvent>> {
    let sql = AssertSqlSafe(format!(
        "select {TOLD}, l.refuse, l.abime, l.manquant, u.nom, u.prenom
         from tentatives t join users u on u.id = t.created_by
         cross join lateral (select sum(refuse)::bigint as refuse, sum(abime)::bigint as abime, sum(manquant)::bigint as manquant
                             from tentative_lignes where tentative = t.num) l
         where t.order_id = $1 order by t.num desc"
    ));
    let attempts: Vec<AttemptRow> = sqlx::query_as(sql).bind(id).fetch_all(&ctx.db).await?;
    let mut proofs = proofs::of_order(ctx, id).await?;
    let mut events = Vec::with_capacity(attempts.len());
    for attempt in attempts {
        let (own, others): (Vec<_>, Vec<_>) =
            proofs.into_iter().partition(|proof| proof.tentative_id.as_ref() == Some(&attempt.told.id));
        proofs = others;
        events.push(attempted(attempt, own, &ctx.shop.zone));
    }
    for proof in proofs {
        let what = match proof.nature {
            ProofKind::Signature => "Signature reçue",
            ProofKind::Photo => "Photo reçue",
        };
        let mut told = event(proof.created_at, proof.auteur.clone(), what.to_owned(), None);
        told.preuves.push(proof);
        events.push(told);
    }
    Ok(events)
}

fn attempted(attempt: AttemptRow, preuves: Vec<Proof>, zone: &ZoneTable) -> OrderEvent {
    let told = attempt.told;
    let motif = told.motif.as_deref().and_then(Reason::parse);
    let texte = match AttemptResult::parse(&told.resultat) {
        Some(AttemptResult::Echec) => "Tentative de livraison sans remise",
        Some(AttemptResult::Partielle) => "Livrée en partie",
        _ => "Livrée au client",
    };
    let mut faits = Vec::new();
    faits.extend(motif.map(|motif| format!("{}.", motif.label())));
    faits.extend(told.receveur.map(|who| format!("Reçue par {who}.")));
    faits.extend(told.montant_encaisse.map(|amount| format!("{} encaissés.", amount.display())));
    if told.resultat == AttemptResult::Partielle.as_str() {
        let parts = PARTS[1..].iter().zip([attempt.refuse, attempt.abime, attempt.manquant]);
        let parts: Vec<_> = parts.filter(|(_, n)| *n > 0).map(|((one, many), n)| count(n, one, many)).collect();
        faits.push(format!("{}.", parts.join(", ")));
    }
    faits.extend(by_phone(told.synchronise_le, told.survenu_le, told.decalage_s, zone));
    let auteur = full_name(attempt.prenom.as_deref(), &attempt.nom);
    OrderEvent { at: told.synchronise_le, auteur, texte: texte.to_owned(), detail: told.note, faits, preuves }
}

/// When it happened, where that was not in the minute in which the server heard of it: the phone's time, and what is wrong with its clock.
fn by_phone(heard: DateTime<Utc>, happened: DateTime<Utc>, skew_s: i64, zone: &ZoneTable) -> Vec<String> {
    let mut faits = Vec::new();
    let by_phone = zone.display(happened);
    if by_phone != zone.display(heard) {
        faits.push(format!("Le {by_phone}, selon le téléphone."));
    }
    if is_suspect(skew_s) {
        let minutes = count(skew_s.abs() / 60, "minute", "minutes");
        let way = if skew_s > 0 { "retarde" } else { "avance" };
        faits.push(format!("L'horloge du téléphone {way} de {minutes}."));
    }
    faits
}

/// What phones say of the instants at which the order was taken over.
async fn taken_over(ctx: &Ctx, id: OrderId) -> AppResult<BTreeMap<DateTime<Utc>, Vec<String>>> {
    let rows: Vec<(DateTime<Utc>, DateTime<Utc>, i64)> = sqlx::query_as(
        "select reglee_le, survenu_le, decalage_s from livraison_actions
         where order_id = $1 and type = 'prise_en_charge' and etat = 'appliquee'",
    )
    .bind(id)
    .fetch_all(&ctx.db)
    .await?;
    let told = |(heard, happened, skew)| (heard, by_phone(heard, happened, skew, &ctx.shop.zone));
    Ok(rows.into_iter().map(told).collect())
}

async fn names(ctx: &Ctx, id: OrderId) -> AppResult<BTreeMap<OrderItemId, String>> {
    let rows: Vec<(OrderItemId, String)> =
        sqlx::query_as("select id, product_nom from order_items where order_id = $1")
            .bind(id)
            .fetch_all(&ctx.db)
            .await?;
    Ok(rows.into_iter().collect())
}

fn corrected(correction: Correction, names: &BTreeMap<OrderItemId, String>) -> OrderEvent {
    let mut told =
        event(correction.created_at, correction.auteur, "Livraison corrigée".to_owned(), Some(correction.motif));
    told.faits.extend(correction.lignes.iter().map(|line| {
        let name = names.get(&line.apres.item_id).map_or("Article", String::as_str);
        format!("{name} : {}.", difference(line))
    }));
    told
}

/// `5 remis au lieu de 4, 0 abîmé au lieu de 1`: only what changed.
fn difference(line: &CorrectedLine) -> String {
    let four = |line: &AttemptLine| [line.remis, line.refuse, line.abime, line.manquant];
    let changed = PARTS.iter().zip(four(&line.avant).into_iter().zip(four(&line.apres)));
    let words = changed
        .filter(|(_, (before, after))| before != after)
        .map(|((one, many), (before, after))| format!("{} au lieu de {before}", count(after, one, many)));
    words.collect::<Vec<_>>().join(", ")
}

#[derive(sqlx::FromRow)]
struct RefusedRow {
    kind: String,
    why: Option<String>,
    survenu_le: DateTime<Utc>,
    reglee_le: DateTime<Utc>,
    nom: String,
    prenom: Option<String>,
}

/// What phones told of the order and could not be done: nobody is to miss it.
async fn refused(ctx: &Ctx, id: OrderId) -> AppResult<Vec<OrderEvent>> {
    let rows: Vec<RefusedRow> = sqlx::query_as(
        "select a.type as kind, a.reponse ->> 'detail' as why, a.survenu_le, a.reglee_le, u.nom, u.prenom
         from livraison_actions a join users u on u.id = a.user_id
         where a.order_id = $1 and a.etat = 'conflit' order by a.recue_le desc limit 50",
    )
    .bind(id)
    .fetch_all(&ctx.db)
    .await?;
    let told = rows.into_iter().map(|row| {
        let kind = ActionKind::parse(&row.kind).map_or("Action", ActionKind::label);
        let texte = format!("Non appliqué : {}", kind.to_lowercase());
        let mut told = event(row.reglee_le, full_name(row.prenom.as_deref(), &row.nom), texte, row.why);
        told.faits.push(format!("Le {}, selon le téléphone.", ctx.shop.zone.display(row.survenu_le)));
        told
    });
    Ok(told.collect())
}

/// What an entry of the trail means to people; nothing where it is no news of this order.
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
    // Where it stands on its round changes whenever another is moved: the journal keeps that.
    let only_moved = after.as_object().is_some_and(|after| after.len() == 1 && after.contains_key("position_tournee"));
    if told.is_empty() && !only_moved {
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
        for place in [json!(2), json!(null)] {
            assert!(told("modification", json!({ "position_tournee": place }), None).is_empty(), "moved on its round");
        }
        let moved = json!({"position_tournee": 2, "livreur_id": 3});
        assert_eq!(told("modification", moved, Some("Karim B.")), ["Confiée à Karim B."]);
        assert_eq!(told("modification", json!({"position_tournee": 2, "notes": "x"}), None), ["Commande modifiée"]);
        let cancelled = describe("modification", &json!({"statut": "annulee", "motif_annulation": "absent"}), None);
        assert_eq!(cancelled, [("Commande annulée".to_owned(), Some("absent".to_owned()))]);
    }
}
