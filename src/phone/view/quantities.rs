//! Line by line: what was not handed over, and why. What is left of the quantity was.

use leptos::prelude::*;
use serde_json::{Value, json};

use super::parts::live;
use crate::phone::data::Item;
use crate::shared::OrderItemId;
use crate::ui::components::{Glyph, Icon};

/// One line as it is being told.
#[derive(Clone, Copy)]
pub struct LineDraft {
    /// Which line.
    pub item_id: OrderItemId,
    quantity: i64,
    /// Refused, damaged, missing.
    parts: [RwSignal<i64>; 3],
}

impl LineDraft {
    /// Everything handed over, but for what was told of the line before.
    pub fn new(item: &Item, told: &Value) -> Self {
        let line = told.as_array().and_then(|lines| lines.iter().find(|line| line["item_id"] == item.id.0));
        let parts = ["refuse", "abime", "manquant"].map(|part| line.and_then(|line| line[part].as_i64()).unwrap_or(0));
        let fits = parts.iter().all(|part| *part >= 0) && parts.iter().sum::<i64>() <= item.quantity;
        let parts = parts.map(|part| RwSignal::new(if fits { part } else { 0 }));
        Self { item_id: item.id, quantity: item.quantity, parts }
    }

    /// What is left to hand over; tracked.
    pub fn handed(self) -> i64 {
        self.quantity - self.parts.iter().map(|part| part.get()).sum::<i64>()
    }

    /// As it is sent, where not all was handed over. Not tracked.
    pub fn told(self) -> Option<Value> {
        let [refuse, abime, manquant] = self.parts.map(|part| part.get_untracked());
        let remis = self.quantity - refuse - abime - manquant;
        let line =
            json!({ "item_id": self.item_id, "remis": remis, "refuse": refuse, "abime": abime, "manquant": manquant });
        (remis != self.quantity).then_some(line)
    }
}

/// The steps of one line.
#[component]
pub fn LineSteps(line: LineDraft, name: String) -> impl IntoView {
    const WORDS: [&str; 3] = ["Refusé", "Abîmé", "Manquant"];
    let steps = line.parts.into_iter().zip(WORDS).map(|(part, word)| {
        let label = |verb: &str| format!("{verb} : {} ({})", word.to_ascii_lowercase(), name);
        view! {
            <div class="steps">
                <span class="steps-word">{word}</span>
                <div class="steps-keys">
                    <button
                        type="button"
                        class="btn btn-icon"
                        aria-label=label("Moins")
                        disabled=live(move || part.get() == 0)
                        on:click=move |_| part.update(|n| *n -= 1)
                    >
                        <Icon of=Glyph::Minus size=22/>
                    </button>
                    <span class="steps-count figures">{live(move || part.get().to_string())}</span>
                    <button
                        type="button"
                        class="btn btn-icon"
                        aria-label=label("Plus")
                        disabled=live(move || line.handed() == 0)
                        on:click=move |_| part.update(|n| *n += 1)
                    >
                        <Icon of=Glyph::Plus size=22/>
                    </button>
                </div>
            </div>
        }
    });
    let steps = steps.collect_view();
    view! {
        <li class="quantities">
            <p class="quantities-name">{name.clone()}</p>
            <p class="quantities-handed" role="status">
                {live(move || format!("Remis : {} sur {}", line.handed(), line.quantity))}
            </p>
            {steps}
        </li>
    }
    .into_any()
}
