//! Moves a stock from a form, says what changed, and takes it back.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;

use super::kinds::signed;
use crate::auth::server_functions::FormReturn;
use crate::error::AppResult;
use crate::shared::{Fields, MovementId};
use crate::stocks::input::{ValidMovement, at_quantity};
use crate::stocks::model::{MoveKind, Moved, Movement, Stock};
use crate::stocks::server_functions::{counter_movement, move_stock};
use crate::ui::components::{Toasts, use_toasts};
use crate::ui::editor::{Draft, Editor, FormField, Kind};
use crate::ui::format::number;

/// What one types; the kind is chosen, and the product is that of the row or the page.
pub const FIELDS: [FormField; 2] =
    [FormField::new("quantite", "Quantité", Kind::Integer), FormField::new("motif", "Motif", Kind::Text)];

/// Id of the form.
pub const FORM: &str = "mouvement";

/// A form that moves a stock.
#[derive(Clone, Copy)]
pub struct Mover {
    /// What is typed.
    pub editor: Editor,
    /// Which way.
    pub kind: RwSignal<MoveKind>,
    /// The stock that is moved, as it is now.
    pub stock: RwSignal<Option<Stock>>,
    changed: Callback<Moved>,
    saved: Callback<()>,
    toasts: Toasts,
}

impl Mover {
    /// `back`: a plain form that came back; `changed`: a stock moved, by the form or by taking a movement
    /// back; `saved`: the form was sent.
    pub fn new(kind: MoveKind, back: &FormReturn, changed: Callback<Moved>, saved: Callback<()>) -> Self {
        let kind = back.value("type").and_then(MoveKind::parse).unwrap_or(kind);
        let draft = Draft::new(&FIELDS, |_| String::new(), Some(back));
        Self {
            editor: Editor::new(FORM, draft, None, back),
            kind: RwSignal::new(kind),
            stock: RwSignal::new(None),
            changed,
            saved,
            toasts: use_toasts(),
        }
    }

    /// The same, for a stock that the page holds.
    pub fn of(self, stock: RwSignal<Option<Stock>>) -> Self {
        Self { stock, ..self }
    }

    /// Empties the form.
    pub fn clear(self) {
        self.editor.draft.reset(|_| String::new());
        self.editor.refusal.set(None);
    }

    /// What the shelf would hold, once something was typed that can be read.
    pub fn after(self) -> Option<i64> {
        let on_shelf = self.stock.with(|stock| stock.as_ref().map(|stock| stock.figures.quantite))?;
        let typed = self.editor.draft.text("quantite").with(|text| FIELDS[0].value(text).as_i64())?;
        Some(on_shelf.saturating_add(self.kind.get().gain(typed, on_shelf)))
    }

    /// Sends what was typed.
    pub fn send(self) {
        let Some(product) = self.stock.with_untracked(|stock| stock.as_ref().map(|stock| stock.product_id)) else {
            return;
        };
        let mut body = self.editor.draft.body();
        body.insert("product_id".to_owned(), product.0.into());
        body.insert("type".to_owned(), self.kind.get_untracked().as_str().into());
        let body = Value::Object(body);
        let key = self.editor.key.get_untracked();
        self.editor.send(
            checked(&body),
            move || async move { move_stock(body, key).await.map_err(at_quantity) },
            move |moved: Moved| {
                self.clear();
                self.announce(&moved.movement);
                self.changed.run(moved);
                self.saved.run(());
            },
            || (),
        );
    }

    /// Says what changed; what can be taken back may be for a while.
    fn announce(self, movement: &Movement) {
        let (toasts, changed, id) = (self.toasts, self.changed, movement.id);
        if movement.counter().is_some() {
            toasts.undoable_later(told(movement), move || take_back(id, toasts, changed, || ()));
        } else {
            toasts.done(told(movement));
        }
    }

    /// Takes a movement back; `done`: whatever came of it.
    pub fn take_back(self, id: MovementId, done: impl FnOnce() + 'static) {
        take_back(id, self.toasts, self.changed, done);
    }
}

fn take_back(id: MovementId, toasts: Toasts, changed: Callback<Moved>, done: impl FnOnce() + 'static) {
    spawn_local(async move {
        match counter_movement(id).await {
            Ok(moved) => {
                toasts.done(told(&moved.movement));
                // The page may be gone by then.
                let _ = changed.try_run(moved);
            }
            Err(error) => toasts.failed(error.detail),
        }
        done();
    });
}

/// The server's own rules, before it is asked.
fn checked(body: &Value) -> AppResult<()> {
    ValidMovement::read(Fields::of_body(body.clone())?, None).map(drop)
}

/// What a movement did, in a few words.
fn told(movement: &Movement) -> String {
    let (name, change, after) = (&movement.product.nom, signed(movement.quantite), number(movement.stock_apres));
    if movement.counters().is_some() {
        return format!("{name} : mouvement repris ({change}), {after} en stock.");
    }
    match (movement.r#type, movement.quantite) {
        (MoveKind::Ajustement, 0) => format!("{name} : le compte est juste, {after} en stock."),
        (MoveKind::Ajustement, _) => format!("{name} : {after} comptés ({change})."),
        _ => format!("{name} : {change}, {after} en stock."),
    }
}
