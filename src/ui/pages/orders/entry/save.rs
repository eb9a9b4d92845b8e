//! Sends the order, once.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::FORM_ID;
use super::draft::Draft;
use super::line::collect;
use super::lookup::resolve_all;
use crate::error::{AppError, AppResult, ErrorCode};
use crate::orders::input::ValidNewOrder;
use crate::orders::model::{NewOrder, Order};
use crate::orders::server_functions::create_order;
use crate::ui::browser::{focus_first_fault, fresh_key, keep_still};
use crate::ui::components::{Toasts, use_toasts};

/// What saving needs.
#[derive(Clone, Copy)]
pub struct Saving {
    draft: Draft,
    key: RwSignal<String>,
    toasts: Toasts,
    /// Asked for while an article was still being looked up.
    waiting: RwSignal<Option<bool>>,
    go: Callback<String>,
}

impl Saving {
    /// For this form. `key`: the one that came with the page.
    pub fn new(draft: Draft, key: RwSignal<String>) -> Self {
        let navigate = use_navigate();
        let go = Callback::new(move |path: String| {
            // Going back must not lead to a form that was sent.
            navigate(&path, NavigateOptions { replace: true, ..NavigateOptions::default() });
        });
        let saving = Self { draft, key, toasts: use_toasts(), waiting: RwSignal::new(None), go };
        Effect::new(move |_| {
            if !draft.is_looking()
                && let Some(confirm) = saving.waiting.get()
            {
                saving.waiting.set(None);
                saving.send(confirm);
            }
        });
        saving
    }

    /// Saves as a draft, or confirmed.
    pub fn save(self, confirm: bool) {
        if self.draft.saving.get_untracked().is_some() {
            return;
        }
        resolve_all(self.draft);
        if untrack(|| self.draft.is_looking()) {
            self.waiting.set(Some(confirm));
            return;
        }
        self.send(confirm);
    }

    fn send(self, confirm: bool) {
        let draft = self.draft;
        draft.refusal.set(None);
        let (items, keys) = match collect(&untrack(|| draft.values())) {
            Ok(sent) => sent,
            Err(faults) => {
                // What is wrong beside the lines is told together with them.
                let mut rest = checked(&draft.order(Vec::new(), confirm)).err();
                if let Some(error) = &mut rest {
                    error.errors.retain(|fault| !fault.champ.starts_with("items"));
                }
                self.refused(rest.unwrap_or_else(|| AppError::invalid(Vec::new())), &[]);
                draft.faults.update(|all| all.extend(faults));
                return;
            }
        };
        let order = draft.order(items, confirm);
        if let Err(error) = checked(&order) {
            self.refused(error, &keys);
            return;
        }
        draft.faults.set(Vec::new());
        draft.saving.set(Some(confirm));
        let let_go = keep_still(FORM_ID);
        spawn_local(async move {
            let answer = create_order(order, self.key.get_untracked()).await;
            let_go();
            // The page may be gone by then.
            if draft.saving.try_set(None).is_some() {
                return;
            }
            match answer {
                Ok(order) => self.saved(&order),
                Err(error) => self.refused(error, &keys),
            }
        });
    }

    fn saved(self, order: &Order) {
        self.draft.touched.set(false);
        let what = if order.confirmed_at.is_some() { "confirmée" } else { "enregistrée comme brouillon" };
        self.toasts.done(format!("Commande {} {what}.", order.numero));
        self.go.run(format!("/commandes/{}", order.id));
    }

    fn refused(self, error: AppError, keys: &[u32]) {
        if error.code == ErrorCode::IdempotencyConflict {
            self.key.set(fresh_key());
        }
        self.draft.refuse(error, keys);
        focus_first_fault(FORM_ID);
    }
}

/// The server's own rules, before asking it.
fn checked(order: &NewOrder) -> AppResult<()> {
    ValidNewOrder::read(serde_json::to_value(order).unwrap_or_default()).map(|_| ())
}
