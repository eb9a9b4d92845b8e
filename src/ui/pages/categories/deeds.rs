//! What one does with a category of the list, and how it went.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::auth::server_functions::FormReturn;
use crate::categories::model::Category;
use crate::categories::server_functions::{delete_category, restore_category};
use crate::error::{AppError, ErrorCode};
use crate::shared::CategoryId;
use crate::ui::browser::show_refusal;
use crate::ui::components::{Toasts, use_toasts};

/// What the page keeps while its list is read again.
#[derive(Clone, Copy)]
pub struct Deeds {
    /// Why the last thing was refused.
    pub refusal: RwSignal<Option<AppError>>,
    /// What is said to who listens to the page.
    pub said: RwSignal<String>,
    /// The category that something is being done to.
    pub doing: RwSignal<Option<CategoryId>>,
    /// Where news are put.
    pub toasts: Toasts,
    reload: RwSignal<u32>,
}

impl Deeds {
    /// For one page. `back`: a plain form that came back, `reload`: counted up, reads the list again.
    pub fn new(back: &FormReturn, reload: RwSignal<u32>) -> Self {
        // What was refused of the form is said in it.
        let refusal = back.error.clone().filter(|_| back.value("nom").is_none());
        Self {
            refusal: RwSignal::new(refusal),
            said: RwSignal::new(String::new()),
            doing: RwSignal::new(None),
            toasts: use_toasts(),
            reload,
        }
    }

    /// The form was saved.
    pub fn saved(self, category: &Category) {
        self.toasts.done(format!("{} est enregistrée.", category.nom));
        self.refusal.set(None);
        self.again();
    }

    /// Reads the list again.
    fn again(self) {
        self.reload.update(|n| *n += 1);
    }

    fn begin(self, id: CategoryId) -> bool {
        if self.doing.get_untracked().is_some() {
            return false;
        }
        self.refusal.set(None);
        self.doing.set(Some(id));
        true
    }

    /// Deletes one; it can be taken back.
    pub fn delete(self, category: &Category) {
        let (id, nom, version) = (category.id, category.nom.clone(), category.audit.version);
        if !self.begin(id) {
            return;
        }
        spawn_local(async move {
            let answer = delete_category(id, version).await;
            if self.doing.try_set(None).is_some() {
                return;
            }
            match answer {
                Ok(()) => {
                    self.offer_undo(id, nom);
                    self.again();
                }
                Err(error) => {
                    // Somebody else was faster: what they made of it is shown.
                    if matches!(error.code, ErrorCode::StaleVersion | ErrorCode::NotFound) {
                        self.again();
                    }
                    self.refusal.set(Some(error));
                    show_refusal();
                }
            }
        });
    }

    /// Brings one back.
    pub fn restore(self, id: CategoryId) {
        if !self.begin(id) {
            return;
        }
        spawn_local(async move {
            let answer = restore_category(id).await;
            if self.doing.try_set(None).is_some() {
                return;
            }
            match answer {
                Ok(category) => {
                    self.toasts.done(format!("{} est restaurée.", category.nom));
                    self.again();
                }
                Err(error) => {
                    self.refusal.set(Some(error));
                    show_refusal();
                }
            }
        });
    }

    fn offer_undo(self, id: CategoryId, nom: String) {
        let (toasts, reload) = (self.toasts, self.reload);
        let said = format!("{nom} est supprimée.");
        self.toasts.undoable_later(said, move || {
            spawn_local(async move {
                match restore_category(id).await {
                    Ok(category) => toasts.done(format!("{} est restaurée.", category.nom)),
                    Err(error) => toasts.failed(error.detail),
                }
                // The page may be gone by then.
                let _ = reload.try_update(|n| *n += 1);
            });
        });
    }
}
