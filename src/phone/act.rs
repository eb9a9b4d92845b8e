//! What the person does: kept at once with its UUID and the phone's time, sent when it is due.

use std::time::Duration;

use leptos::prelude::*;
use serde_json::{Map, Value, json};
use wasm_bindgen::JsValue;

use super::data::Delivery;
use super::draft::Writing;
use super::host;
use super::outbox::{GRACE, HOLD, KeptProof, Row, UNDO, to_undo};
use super::state::{Phone, Undo};
use super::sync;
use crate::deliveries::input::{Deed, Ordered, ValidAction};
use crate::deliveries::model::{ActionKind, ProofKind};
use crate::error::AppError;

/// A picture of an action.
pub struct Picture {
    /// What it shows.
    pub nature: ProofKind,
    /// The picture.
    pub blob: JsValue,
}

/// Why nothing was kept.
pub enum NotKept {
    /// It is wrong in itself.
    Wrong(AppError),
    /// The phone has no room left.
    Full,
    /// The phone keeps nothing at all.
    Broken,
    /// Somebody else has signed in on this phone.
    NotTheirs,
}

impl NotKept {
    /// What people read.
    pub fn text(&self) -> String {
        match self {
            // The names of fields are the server's.
            Self::Wrong(error) => error.errors.first().map_or(&error.detail, |fault| &fault.message).clone(),
            Self::Full => "Le téléphone n'a plus de place : rien n'est enregistré pour l'instant.".to_owned(),
            Self::Broken => "Le téléphone n'a pas pu enregistrer. Réessayez.".to_owned(),
            Self::NotTheirs => "Une autre personne est connectée sur ce téléphone : rien n'est enregistré.".to_owned(),
        }
    }
}

impl Phone {
    /// Keeps one action with its pictures.
    pub async fn act(
        self,
        order: &Delivery,
        kind: ActionKind,
        more: Map<String, Value>,
        pictures: Vec<Picture>,
        said: String,
    ) -> Result<(), NotKept> {
        let (mut row, id) = new_row(order, kind, more)?;
        let mut kept = Vec::new();
        for (at, picture) in pictures.into_iter().enumerate() {
            let nom = format!("{id}-{at}");
            row.preuves.push(KeptProof { nom: nom.clone(), nature: picture.nature });
            kept.push((nom, picture.blob));
        }
        self.keep(vec![row], &kept, said).await
    }

    /// Takes several orders along with one gesture.
    pub async fn take_along(self, orders: &[Delivery], said: String) -> Result<(), NotKept> {
        let rows: Result<Vec<_>, _> = orders
            .iter()
            .map(|order| new_row(order, ActionKind::PriseEnCharge, Map::new()).map(|(row, _)| row))
            .collect();
        self.keep(rows?, &[], said).await
    }

    async fn keep(self, mut rows: Vec<Row>, pictures: &[(String, JsValue)], said: String) -> Result<(), NotKept> {
        if self.successor().is_some() {
            return Err(NotKept::NotTheirs);
        }
        let texts: Result<Vec<_>, _> = rows.iter().map(serde_json::to_string).collect();
        let texts = texts.map_err(|_| NotKept::Broken)?;
        // What was told on a sheet is done with it; taking an order along tells nothing of it.
        let told = rows.iter().filter(|row| row.kind() != Some(ActionKind::PriseEnCharge));
        let orders = told.map(Row::order_id);
        let keys =
            host::add(&texts, pictures, orders).await.map_err(|error| match host::error_name(&error).as_str() {
                "QuotaExceededError" => NotKept::Full,
                _ => NotKept::Broken,
            })?;
        self.writing.update_value(Writing::stop);
        let until = rows.first().map_or(0.0, |row| row.due - GRACE);
        for (row, key) in rows.iter_mut().zip(&keys) {
            row.key = *key;
        }
        self.now.set(host::now());
        self.rows.update(|shown| shown.extend(rows));
        self.undo.update(|undo| undo.push(Undo { keys, text: said, until }));
        // Not offered a moment longer than it works.
        set_timeout(move || self.tick(), Duration::from_millis(UNDO as u64));
        host::tell_others();
        host::ask_sync();
        Ok(())
    }

    /// Takes back what is still held, with what rests on it.
    pub async fn undo(self, keys: Vec<u32>) {
        let now = host::now();
        let rows = self.reload_rows().await;
        let undone = to_undo(&rows, &keys, now);
        for row in &undone {
            self.back_to_draft(row).await;
        }
        // The last first: nothing is left at any time that rests on what is gone.
        for row in undone.iter().rev() {
            self.discard(row).await;
        }
        self.after_change().await;
    }

    /// Sends a refused action again: the server judges it anew.
    pub async fn retry(self, row: Row) {
        if !row.action.is_null() {
            // Not written, it stays as it was.
            sync::write(&Row { ennui: None, ..row }).await;
        }
        self.after_change().await;
        sync::sync_now(self);
    }

    /// Gives a refused action up: the person has decided.
    pub async fn give_up(self, key: u32) {
        let rows = self.reload_rows().await;
        if let Some(row) = rows.iter().find(|row| row.key == key && row.ennui.is_some()) {
            self.discard(row).await;
        }
        self.after_change().await;
        sync::sync_now(self);
    }

    async fn discard(self, row: &Row) {
        let names: Vec<&str> = row.preuves.iter().map(|proof| proof.nom.as_str()).collect();
        if host::drop(row.key, &names).await.is_err() {
            self.notice.set(Some(NotKept::Broken.text()));
        }
    }

    async fn after_change(self) {
        self.reload_rows().await;
        host::tell_others();
    }
}

/// The row of a new action, and its UUID; checked by the rules of the server.
fn new_row(order: &Delivery, kind: ActionKind, more: Map<String, Value>) -> Result<(Row, String), NotKept> {
    let id = host::uuid();
    let mut action = json!({ "id": id, "type": kind.as_str(), "order_id": order.id, "survenu_le": host::now_text() });
    if let Some(members) = action.as_object_mut() {
        members.extend(more);
    }
    let read = ValidAction::read(action.clone()).map_err(|bad| NotKept::Wrong(AppError::invalid(bad.errors)))?;
    if let Deed::Attempt(attempt) = &read.deed {
        let ordered: Vec<_> = order.items.iter().map(Ordered::from).collect();
        attempt.lines(&ordered).map_err(NotKept::Wrong)?;
    }
    let row = Row {
        key: 0,
        action,
        titre: format!("{} · {}", order.client_nom, order.numero),
        due: host::now() + HOLD,
        recue: false,
        preuves: Vec::new(),
        ennui: None,
    };
    Ok((row, id))
}
