//! Moving a stock from its row: a small form in front of the list, and the row that shows what came of it.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::movement_form::MovementForm;
use super::mover::Mover;
use crate::auth::server_functions::FormReturn;
use crate::stocks::model::{MoveKind, Moved, Stock};
use crate::ui::browser::focus;
use crate::ui::components::Dialog;
use crate::ui::shortcuts::rows::Place;

/// A row: its stock as it is now, and how often it changed under one's eyes.
#[derive(Clone)]
pub struct Shown {
    /// The stock.
    pub stock: Stock,
    /// How often.
    pub times: u32,
}

/// What the rows of the list share.
#[derive(Clone, Copy)]
pub struct Quick {
    /// Whether this person may move stocks.
    pub writes: bool,
    mover: Mover,
    open: RwSignal<bool>,
    rows: StoredValue<BTreeMap<i64, RwSignal<Shown>>>,
    from: StoredValue<Option<Place>>,
}

impl Quick {
    /// `after`: something moved.
    pub fn new(writes: bool, after: Callback<()>) -> Self {
        let rows = StoredValue::new(BTreeMap::<i64, RwSignal<Shown>>::new());
        let open = RwSignal::new(false);
        let from = StoredValue::new(None::<Place>);
        let changed = Callback::new(move |moved: Moved| {
            if let Some(row) = rows.with_value(|rows| rows.get(&moved.stock.product_id.0).copied()) {
                // A row of a page that was left is gone.
                row.try_update(|shown| {
                    shown.stock = moved.stock;
                    shown.times += 1;
                });
            }
            after.run(());
        });
        let saved = Callback::new(move |()| open.set(false));
        let mover = Mover::new(MoveKind::Entree, &FormReturn::default(), changed, saved);
        // What is closed is given up: two keys bring it back.
        Effect::new(move |_| {
            if !open.get() {
                mover.clear();
                // The browser gives the focus back to the row, unless that was drawn anew meanwhile.
                if let Some(row) = from.try_update_value(Option::take).flatten() {
                    row.hold();
                }
            }
        });
        Self { writes, mover, open, rows, from }
    }

    /// The signal of a row.
    pub fn row(self, stock: Stock) -> RwSignal<Shown> {
        let id = stock.product_id.0;
        // Read again while its form is open: the form counts from what is there now.
        let moving = self.mover.stock.with_untracked(|moved| moved.as_ref().map(|moved| moved.product_id.0));
        if moving == Some(id) && self.open.get_untracked() {
            self.mover.stock.set(Some(stock.clone()));
        }
        let row = RwSignal::new(Shown { stock, times: 0 });
        self.rows.update_value(|rows| {
            rows.insert(id, row);
        });
        row
    }

    /// Opens the form on a row, the cursor in the quantity.
    pub fn begin(self, kind: MoveKind, stock: Stock) {
        self.from.set_value(Place::now());
        self.mover.clear();
        self.mover.kind.set(kind);
        self.mover.stock.set(Some(stock));
        self.open.set(true);
        focus("quantite".to_owned());
    }
}

/// The form in front of the list.
#[component]
pub fn QuickDialog(
    /// What the rows share.
    quick: Quick,
) -> impl IntoView {
    let mover = quick.mover;
    let title = Signal::derive(move || {
        let name = mover.stock.with(|stock| stock.as_ref().map(|stock| stock.product.nom.clone()));
        name.unwrap_or_else(|| "Mouvement".to_owned())
    });
    let touched = Signal::derive(move || mover.editor.draft.is_touched());
    view! {
        <Dialog id="mouvement-dialogue" open=quick.open title=title unsaved=touched>
            <MovementForm mover/>
        </Dialog>
    }
}
