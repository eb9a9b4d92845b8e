//! The threshold of a stock.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;

use crate::auth::server_functions::FormReturn;
use crate::error::ErrorCode;
use crate::shared::Fields;
use crate::stocks::input::read_threshold;
use crate::stocks::model::Stock;
use crate::stocks::server_functions::{read_stock, update_stock};
use crate::ui::components::{Button, Card, TextField, Toasts, use_toasts};
use crate::ui::editor::{ConflictNotice, Draft, Editor, FormField, Kind, RefusalNotice};
use crate::ui::format::number;

/// What one may set.
pub const FIELDS: [FormField; 1] = [FormField::new("seuil_alerte", "Seuil d'alerte", Kind::Integer)];

/// Fields that show their own faults.
const OWN_FAULTS: &[&str] = &["seuil_alerte"];

/// The form of the threshold.
#[derive(Clone, Copy)]
pub struct Settings {
    editor: Editor,
    /// The stock, as it is now.
    stock: RwSignal<Option<Stock>>,
    toasts: Toasts,
}

fn of_stock(stock: &Stock) -> impl Fn(&str) -> String + use<> {
    let threshold = stock.figures.seuil_alerte.to_string();
    move |_: &str| threshold.clone()
}

impl Settings {
    /// `back`: a plain form that came back.
    pub fn new(stock: RwSignal<Option<Stock>>, back: &FormReturn) -> Self {
        let draft = Draft::new(&FIELDS, |_| String::new(), Some(back));
        Self { editor: Editor::new("reglages", draft, None, back), stock, toasts: use_toasts() }
    }

    /// The stock was read.
    pub fn arrive(self, stock: &Stock, back: &FormReturn) {
        self.editor.draft.arrive(of_stock(stock), back);
        self.editor.version.set(Some(stock.audit.version));
    }

    /// Somebody else changed it: what is being typed stays, and is asked about once it is sent.
    pub fn follow(self, stock: &Stock) {
        if untrack(move || self.editor.draft.is_touched()) {
            return;
        }
        let refused = self.editor.refusal.with_untracked(|refusal| refusal.as_ref().map(|error| error.code));
        if refused == Some(ErrorCode::StaleVersion) {
            // The notice that somebody was faster still says what they changed.
            self.editor.draft.meet(of_stock(stock));
            self.editor.version.set(Some(stock.audit.version));
        } else {
            self.arrive(stock, &FormReturn::default());
        }
    }

    fn send(self) {
        let Some(id) = self.stock.with_untracked(|stock| stock.as_ref().map(|stock| stock.product_id)) else { return };
        let version = self.editor.version.get_untracked().unwrap_or_default();
        let body = Value::Object(self.editor.draft.body());
        let check = Fields::of_body(body.clone()).and_then(read_threshold).map(drop);
        let done = move |stock: Stock| {
            self.arrive(&stock, &FormReturn::default());
            self.toasts.done(format!("{} : alerte à {}.", stock.product.nom, number(stock.figures.seuil_alerte)));
            self.stock.set(Some(stock));
        };
        let stale = move || {
            spawn_local(async move {
                let Ok(stock) = read_stock(id).await else { return };
                // The page may be gone by then.
                if self.editor.version.try_set(Some(stock.audit.version)).is_none() {
                    self.editor.draft.meet(of_stock(&stock));
                    self.stock.set(Some(stock));
                }
            });
        };
        self.editor.send(check, move || update_stock(id, body, version), done, stale);
    }
}

/// The form; without JavaScript it posts to the page.
#[component]
pub fn SettingsCard(
    /// The form.
    settings: Settings,
) -> impl IntoView {
    let editor = settings.editor;
    let action =
        move || settings.stock.with(|stock| stock.as_ref().map(|stock| format!("/stocks/{}", stock.product_id)));
    let version = move || editor.version.get().map(|version| version.to_string());
    let on_submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        settings.send();
    };
    view! {
        <Card title="Réglages">
            <form id="reglages" class="stock-form" method="post" action=action novalidate on:submit=on_submit>
                <input type="hidden" name="action" value="reglages"/>
                <input type="hidden" name="version" value=version/>
                <ConflictNotice editor/>
                <RefusalNotice editor fields=OWN_FAULTS/>
                <TextField
                    name="seuil_alerte"
                    label="Seuil d'alerte"
                    hint="En alerte dès qu'il en reste autant ou moins."
                    inputmode="numeric"
                    autocomplete="off"
                    model=editor.draft.text("seuil_alerte")
                    error=editor.fault("seuil_alerte")
                />
                <div class="form-actions">
                    <Button submit=true busy=editor.busy busy_text="Enregistrement…" text="Enregistrer le seuil"/>
                </div>
            </form>
        </Card>
    }
}
