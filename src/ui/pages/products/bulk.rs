//! What one does to several products at once: each is done for itself, and each says how it went.

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::auth::permission::Permission;
use crate::auth::server_functions::PageContext;
use crate::error::{AppError, ErrorCode};
use crate::products::model::Product;
use crate::products::server_functions::act_on_products;
use crate::products::sets::{BulkAnswer, BulkDeed};
use crate::shared::ProductId;
use crate::shared::several::{MAX_AT_ONCE, Seen};
use crate::shared::text::count;
use crate::ui::browser::fresh_key;
use crate::ui::components::{Button, ButtonKind, ButtonSize, Glyph, Toasts, use_toasts};
use crate::ui::list::{BulkBar, Outcome, Outcomes, Selection, told_elsewhere};
use crate::ui::query::{QueryPairs, param};

/// What became of one.
fn done(deed: BulkDeed) -> &'static str {
    match deed {
        BulkDeed::Sell => "en vente",
        BulkDeed::Withdraw => "retiré de la vente",
        BulkDeed::Delete => "supprimé",
        BulkDeed::Restore => "restauré",
    }
}

/// What became of several: `3 produits supprimés.`
fn summary(deed: BulkDeed, n: usize) -> String {
    let n = i64::try_from(n).unwrap_or(i64::MAX);
    let plural = match deed {
        BulkDeed::Sell => "en vente",
        BulkDeed::Withdraw => "retirés de la vente",
        BulkDeed::Delete => "supprimés",
        BulkDeed::Restore => "restaurés",
    };
    format!("{} {}.", count(n, "produit", "produits"), if n < 2 { done(deed) } else { plural })
}

/// A product as its row showed it.
#[derive(Debug, Clone)]
struct Row {
    nom: String,
    version: i32,
}

/// The chosen products of the list, and what is done to them.
#[derive(Clone, Copy)]
pub struct Bulk {
    /// The chosen ones.
    pub selection: Selection,
    query: Memo<QueryPairs>,
    reload: RwSignal<u32>,
    rows: StoredValue<BTreeMap<i64, Row>>,
    busy: RwSignal<Option<BulkDeed>>,
    key: StoredValue<String>,
    outcomes: RwSignal<Vec<Outcome>>,
    shown: RwSignal<bool>,
    /// What was deleted, while what was refused is being read.
    undoable: StoredValue<Vec<Seen<ProductId>>>,
    toasts: Toasts,
}

impl Bulk {
    /// Nothing chosen. `reload`: counted up, reads the list again.
    pub fn new(query: Memo<QueryPairs>, reload: RwSignal<u32>) -> Self {
        Self {
            selection: Selection::new(),
            query,
            reload,
            rows: StoredValue::new(BTreeMap::new()),
            busy: RwSignal::new(None),
            key: StoredValue::new(String::new()),
            outcomes: RwSignal::new(Vec::new()),
            shown: RwSignal::new(false),
            undoable: StoredValue::new(Vec::new()),
            toasts: use_toasts(),
        }
    }

    /// Remembers rows as they are shown: a choice is kept while one pages on.
    pub fn remember(self, products: &[Product]) {
        let row = |product: &Product| Row { nom: product.nom.clone(), version: product.audit.version };
        self.rows.update_value(|rows| rows.extend(products.iter().map(|product| (product.id.0, row(product)))));
    }

    fn run(self, deed: BulkDeed) {
        if self.busy.get_untracked().is_some() {
            return;
        }
        let rows = self.rows.get_value();
        let known = self.selection.ids().into_iter().filter_map(|id| Some((id, rows.get(&id)?)));
        let seen: Vec<_> = known.map(|(id, row)| Seen { id: ProductId(id), version: row.version }).collect();
        // A press that got no answer keeps its key: pressed again, nothing is done twice.
        if self.key.with_value(String::is_empty) {
            self.key.set_value(fresh_key());
        }
        let key = self.key.get_value();
        self.busy.set(Some(deed));
        spawn_local(async move {
            let answer = act_on_products(deed, seen, key).await;
            let left = self.busy.try_set(None).is_some();
            match answer {
                Ok(answers) => self.end(deed, &rows, answers, left),
                Err(error) if error.code == ErrorCode::Unauthenticated && !left => {
                    crate::ui::session::sign_in_again();
                }
                Err(error) => {
                    if error.code != ErrorCode::Unavailable {
                        // The page may be gone by then.
                        let _ = self.key.try_update_value(String::clear);
                    }
                    self.toasts.failed(error.detail);
                }
            }
        });
    }

    /// Says how it went: all at once when nothing was refused, else one by one. Refused ones stay chosen.
    /// `left`: the list is gone by now, and it is told where one is.
    fn end(self, deed: BulkDeed, rows: &BTreeMap<i64, Row>, answers: Vec<BulkAnswer>, left: bool) {
        let went = |answer: &BulkAnswer| {
            let version = answer.version.filter(|_| answer.refus.is_none())?;
            Some(Seen { id: answer.id, version })
        };
        let through: Vec<_> = answers.iter().filter_map(went).collect();
        let all = through.len() == answers.len();
        if deed == BulkDeed::Delete && !through.is_empty() {
            if all || left {
                self.offer_undo(through.clone());
            } else {
                self.undoable.set_value(through.clone());
            }
        } else if all {
            self.toasts.done(summary(deed, through.len()));
        }
        let outcome = |answer: BulkAnswer| Outcome {
            name: rows.get(&answer.id.0).map_or_else(|| format!("Produit n° {}", answer.id), |row| row.nom.clone()),
            result: answer.refus.map_or_else(|| Ok(done(deed).to_owned()), |error| Err(plain(error))),
        };
        let outcomes: Vec<_> = answers.into_iter().map(outcome).collect();
        if left {
            if !all {
                told_elsewhere(self.toasts, &outcomes);
            }
            return;
        }
        self.key.update_value(String::clear);
        self.selection.set(&through.iter().map(|seen| seen.id.0).collect::<Vec<_>>(), false);
        self.reload.update(|n| *n += 1);
        if !all {
            self.outcomes.set(outcomes);
            self.shown.set(true);
        }
    }

    fn offer_undo(self, deleted: Vec<Seen<ProductId>>) {
        let (toasts, reload) = (self.toasts, self.reload);
        let said = summary(BulkDeed::Delete, deleted.len());
        let undo = move || {
            let deleted = deleted.clone();
            spawn_local(async move {
                match act_on_products(BulkDeed::Restore, deleted, fresh_key()).await {
                    Ok(answers) => {
                        let (refused, back): (Vec<_>, Vec<_>) =
                            answers.into_iter().partition(|answer| answer.refus.is_some());
                        if !back.is_empty() {
                            toasts.done(summary(BulkDeed::Restore, back.len()));
                        }
                        refused
                            .into_iter()
                            .filter_map(|answer| answer.refus)
                            .for_each(|error| toasts.failed(error.detail));
                    }
                    Err(error) => toasts.failed(error.detail),
                }
                // The list may be gone by then.
                let _ = reload.try_update(|n| *n += 1);
            });
        };
        self.toasts.undoable_later(said, undo);
    }
}

/// The refusal as its row says it.
fn plain(error: AppError) -> AppError {
    match error.code {
        ErrorCode::StaleVersion => AppError::new(error.code, "modifié entre-temps : voici son état actuel"),
        _ => error,
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
    let button = move |deed: BulkDeed, text: &'static str, icon: Glyph, kind: ButtonKind| {
        let busy = Signal::derive(move || bulk.busy.get() == Some(deed));
        view! { <Button kind size=ButtonSize::Small icon text busy on:click=move |_| bulk.run(deed)/> }
    };
    // Under the dialog nobody could take it back.
    Effect::new(move |_| {
        if !bulk.shown.get() {
            let deleted = bulk.undoable.try_update_value(std::mem::take).unwrap_or_default();
            if !deleted.is_empty() {
                bulk.offer_undo(deleted);
            }
        }
    });
    let too_many = move || bulk.selection.len() > MAX_AT_ONCE;
    view! {
        <BulkBar selection=bulk.selection one="produit choisi" many="produits choisis">
            {move || {
                if too_many() {
                    view! { <span class="bulk-hint">{format!("Au plus {MAX_AT_ONCE} à la fois.")}</span> }.into_any()
                } else if among_deleted() {
                    restores
                        .then(|| button(BulkDeed::Restore, "Restaurer", Glyph::Undo, ButtonKind::Secondary))
                        .into_any()
                } else {
                    view! {
                        {button(BulkDeed::Sell, "Mettre en vente", Glyph::Eye, ButtonKind::Secondary)}
                        {button(BulkDeed::Withdraw, "Retirer de la vente", Glyph::EyeOff, ButtonKind::Secondary)}
                        {deletes.then(|| button(BulkDeed::Delete, "Supprimer", Glyph::Trash, ButtonKind::Danger))}
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
        assert_eq!(summary(BulkDeed::Delete, 1), "1\u{a0}produit supprimé.");
        assert_eq!(summary(BulkDeed::Withdraw, 3), "3\u{a0}produits retirés de la vente.");
    }
}
