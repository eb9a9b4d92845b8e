//! What is told on a sheet and not confirmed yet. Kept with each gesture, for as long as there is something to deliver:
//! neither closing the sheet nor losing the page takes it away.

use leptos::prelude::*;
use serde_json::{Map, Value};
use wasm_bindgen::JsValue;

use super::host;
use super::outbox::Row;
use super::state::{Phone, Sheet, kept};
use crate::deliveries::model::{ActionKind, ProofKind};
use crate::orders::workflow::OrderStatus;
use crate::shared::OrderId;

/// What was told before.
#[derive(Debug, Default)]
pub struct Draft {
    /// Members of the action, as far as they were told; the amount as it was typed.
    pub words: Value,
    /// As far as somebody has signed.
    pub signature: Option<JsValue>,
    /// The photo.
    pub photo: Option<JsValue>,
}

impl Draft {
    /// One of its words.
    pub fn word(&self, name: &str) -> Option<String> {
        self.words[name].as_str().map(str::to_owned)
    }
}

/// Words that are to be written: the last ones count.
#[derive(Debug, Default)]
pub struct Writing {
    next: Option<(String, String)>,
    busy: bool,
}

impl Writing {
    /// Nothing of what is not written yet will be.
    pub fn stop(&mut self) {
        self.next = None;
    }
}

fn words_of(id: OrderId, kind: ActionKind) -> String {
    format!("brouillon-{id}-{}", kind.as_str())
}

fn picture_of(id: OrderId, nature: ProofKind) -> String {
    format!("brouillon-{id}-{}", nature.as_str())
}

async fn picture(id: OrderId, nature: ProofKind) -> Option<JsValue> {
    host::read_picture(&picture_of(id, nature)).await.ok().filter(|picture| !picture.is_undefined())
}

impl Phone {
    /// Opens a sheet, with what was told on it before.
    pub fn open_sheet(self, sheet: Sheet) {
        leptos::task::spawn_local(async move {
            let mut draft = Draft::default();
            let (id, kind) = match sheet {
                Sheet::Deliver(id) => {
                    draft.signature = picture(id, ProofKind::Signature).await;
                    draft.photo = picture(id, ProofKind::Photo).await;
                    (id, ActionKind::Livraison)
                }
                Sheet::Problem(id) => (id, ActionKind::Probleme),
                Sheet::Discard(_) => return self.sheet.set(Some(sheet)),
            };
            draft.words = kept(&words_of(id, kind)).await.unwrap_or_default();
            // Pressed twice, it opens once.
            if self.sheet.get_untracked() != Some(sheet) {
                self.draft.set_value(draft);
                self.sheet.set(Some(sheet));
            }
        });
    }

    /// What was told before on the sheet that opens.
    pub fn take_draft(self) -> Draft {
        self.draft.try_update_value(std::mem::take).unwrap_or_default()
    }

    /// Forgets what was told of a delivery, and begins anew.
    pub fn begin_again(self, id: OrderId, sheet: Sheet) {
        self.writing.update_value(Writing::stop);
        leptos::task::spawn_local(async move {
            // Still there, it comes back when the sheet is opened the next time.
            let _ = host::forget_drafts(id.0 as f64).await;
            self.sheet.set(Some(sheet));
        });
    }

    /// Keeps the words of a sheet.
    pub fn keep_words(self, id: OrderId, kind: ActionKind, words: &Map<String, Value>) {
        // Nothing told is no draft.
        let text = if words.is_empty() { String::new() } else { serde_json::to_string(words).unwrap_or_default() };
        let idle = self.writing.try_update_value(|writing| {
            writing.next = Some((words_of(id, kind), text));
            !std::mem::replace(&mut writing.busy, true)
        });
        if idle != Some(true) {
            return;
        }
        leptos::task::spawn_local(async move {
            while let Some((name, text)) = self.writing.try_update_value(|writing| writing.next.take()).flatten() {
                // Not kept, it is still on the sheet.
                let _ = host::write_state(&name, &text).await;
            }
            self.writing.update_value(|writing| writing.busy = false);
        });
    }

    /// Keeps a picture of a sheet, or forgets it; false where there is no room.
    pub async fn keep_picture(self, id: OrderId, nature: ProofKind, picture: Option<&JsValue>) -> bool {
        let name = picture_of(id, nature);
        match picture {
            Some(picture) => host::keep_picture(&name, picture).await.is_ok(),
            None => host::forget_picture(&name).await.is_ok(),
        }
    }

    /// An action that is taken back is told again: nobody has to sign twice.
    pub async fn back_to_draft(self, row: &Row) {
        let (id, kind) = (row.order_id(), row.kind());
        let Some(kind @ (ActionKind::Livraison | ActionKind::Probleme)) = kind else { return };
        for proof in &row.preuves {
            if let Ok(picture) = host::read_picture(&proof.nom).await {
                self.keep_picture(id, proof.nature, Some(&picture)).await;
            }
        }
        // At once: several may be taken back, and of the words that are still to be written only the last ones count.
        if let Ok(text) = serde_json::to_string(&row.action) {
            // Not kept, it is told anew.
            let _ = host::write_state(&words_of(id, kind), &text).await;
        }
    }

    /// Forgets what was told of deliveries that are done, or somebody else's by now.
    pub async fn drop_old_drafts(self) {
        let open: Vec<OrderId> = self.data.with_untracked(|data| {
            let items = data.iter().flat_map(|data| &data.tournee.items);
            let open = items.filter(|order| !matches!(order.statut, OrderStatus::Livree | OrderStatus::Annulee));
            open.map(|order| order.id).collect()
        });
        // Tried again with the next answer.
        let _ = host::keep_drafts_of(open.into_iter()).await;
    }
}
