//! What one does to several products at once: each is done for itself, and each says how it went.

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::json;

use crate::auth::permission::Permission;
use crate::auth::server_functions::PageContext;
use crate::error::AppError;
use crate::products::model::Product;
use crate::products::server_functions::{delete_product, restore_product, update_product};
use crate::shared::ProductId;
use crate::shared::text::count;
use crate::ui::components::{Button, ButtonKind, ButtonSize, Glyph, Toasts, use_toasts};
use crate::ui::list::{BulkBar, Outcome, Outcomes, Selection};
use crate::ui::query::{QueryPairs, param};

/// What is done to each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Sell,
    Withdraw,
    Delete,
    Restore,
}

impl Deed {
    /// What became of one.
    fn done(self) -> &'static str {
        match self {
            Deed::Sell => "en vente",
            Deed::Withdraw => "retiré de la vente",
            Deed::Delete => "supprimé",
            Deed::Restore => "restauré",
        }
    }

    /// What became of several: `3 produits supprimés`.
    fn summary(self, n: usize) -> String {
        let n = i64::try_from(n).unwrap_or(i64::MAX);
        let plural = match self {
            Deed::Sell => "en vente",
            Deed::Withdraw => "retirés de la vente",
            Deed::Delete => "supprimés",
            Deed::Restore => "restaurés",
        };
        format!("{} {}.", count(n, "produit", "produits"), if n < 2 { self.done() } else { plural })
    }

    async fn to(self, id: ProductId) -> Result<(), AppError> {
        match self {
            Deed::Sell => update_product(id, json!({"is_active": true}), None).await.map(|_| ()),
            Deed::Withdraw => update_product(id, json!({"is_active": false}), None).await.map(|_| ()),
            Deed::Delete => delete_product(id, None).await,
            Deed::Restore => restore_product(id).await.map(|_| ()),
        }
    }
}

/// The chosen products of the list, and what is done to them.
#[derive(Clone, Copy)]
pub struct Bulk {
    /// The chosen ones.
    pub selection: Selection,
    query: Memo<QueryPairs>,
    reload: RwSignal<u32>,
    names: StoredValue<BTreeMap<i64, String>>,
    busy: RwSignal<Option<Deed>>,
    outcomes: RwSignal<Vec<Outcome>>,
    shown: RwSignal<bool>,
    toasts: Toasts,
}

impl Bulk {
    /// Nothing chosen. `reload`: counted up, reads the list again.
    pub fn new(query: Memo<QueryPairs>, reload: RwSignal<u32>) -> Self {
        Self {
            selection: Selection::new(),
            query,
            reload,
            names: StoredValue::new(BTreeMap::new()),
            busy: RwSignal::new(None),
            outcomes: RwSignal::new(Vec::new()),
            shown: RwSignal::new(false),
            toasts: use_toasts(),
        }
    }

    /// What the rows of this page are called: chosen ones may be on another page by the time they are done.
    pub fn remember(self, products: &[Product]) {
        self.names.update_value(|names| names.extend(products.iter().map(|p| (p.id.0, p.nom.clone()))));
    }

    fn run(self, deed: Deed) {
        if self.busy.get_untracked().is_some() {
            return;
        }
        self.busy.set(Some(deed));
        let ids = self.selection.ids();
        spawn_local(async move {
            let mut done = Vec::new();
            let mut outcomes = Vec::new();
            for id in ids {
                let result = deed.to(ProductId(id)).await;
                if result.is_ok() {
                    done.push(id);
                }
                let Some(name) = self.names.try_with_value(|names| names.get(&id).cloned()) else { return };
                let name = name.unwrap_or_else(|| format!("Produit n° {id}"));
                outcomes.push(Outcome { name, result: result.map(|()| deed.done().to_owned()) });
            }
            self.end(deed, &done, outcomes);
        });
    }

    /// Says how it went: all at once when nothing was refused, else one by one. Refused ones stay chosen.
    fn end(self, deed: Deed, done: &[i64], outcomes: Vec<Outcome>) {
        self.busy.set(None);
        self.selection.set(done, false);
        self.reload.update(|n| *n += 1);
        if deed == Deed::Delete && !done.is_empty() {
            self.offer_undo(done.to_vec());
        } else if !done.is_empty() && done.len() == outcomes.len() {
            self.toasts.done(deed.summary(done.len()));
        }
        if done.len() < outcomes.len() {
            self.outcomes.set(outcomes);
            self.shown.set(true);
        }
    }

    fn offer_undo(self, deleted: Vec<i64>) {
        let (toasts, reload) = (self.toasts, self.reload);
        let said = Deed::Delete.summary(deleted.len());
        let undo = move || {
            let deleted = deleted.clone();
            spawn_local(async move {
                let mut back = 0;
                for id in deleted {
                    match restore_product(ProductId(id)).await {
                        Ok(_) => back += 1,
                        Err(error) => toasts.failed(error.detail),
                    }
                }
                if back > 0 {
                    toasts.done(Deed::Restore.summary(back));
                }
                // The list may be gone by then.
                let _ = reload.try_update(|n| *n += 1);
            });
        };
        self.toasts.undoable_later(said, undo);
    }
}

/// The bar with what one may do to the chosen ones, and how it went.
#[component]
pub fn BulkActions(
    /// The chosen ones.
    bulk: Bulk,
) -> impl IntoView {
    let user = expect_context::<PageContext>().user;
    let may = move |permission| user.as_ref().is_some_and(|user| user.may(permission));
    let (deletes, restores) = (may(Permission::DeleteProducts), may(Permission::Restore));
    let among_deleted = move || bulk.query.with(|query| param(query, "is_deleted") == Some("true"));
    let button = move |deed: Deed, text: &'static str, icon: Glyph, kind: ButtonKind| {
        let busy = Signal::derive(move || bulk.busy.get() == Some(deed));
        view! { <Button kind size=ButtonSize::Small icon text busy on:click=move |_| bulk.run(deed)/> }
    };
    view! {
        <BulkBar selection=bulk.selection one="produit choisi" many="produits choisis">
            {move || {
                if among_deleted() {
                    restores
                        .then(|| button(Deed::Restore, "Restaurer", Glyph::Undo, ButtonKind::Secondary))
                        .into_any()
                } else {
                    view! {
                        {button(Deed::Sell, "Mettre en vente", Glyph::Eye, ButtonKind::Secondary)}
                        {button(Deed::Withdraw, "Retirer de la vente", Glyph::EyeOff, ButtonKind::Secondary)}
                        {deletes.then(|| button(Deed::Delete, "Supprimer", Glyph::Trash, ButtonKind::Danger))}
                    }
                        .into_any()
                }
            }}
        </BulkBar>
        <Outcomes open=bulk.shown outcomes=bulk.outcomes/>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_and_several() {
        assert_eq!(Deed::Delete.summary(1), "1\u{a0}produit supprimé.");
        assert_eq!(Deed::Withdraw.summary(3), "3\u{a0}produits retirés de la vente.");
    }
}
