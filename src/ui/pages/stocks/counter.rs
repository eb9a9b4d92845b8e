//! Taking a movement back: never by changing it, always by its opposite, and only after a question.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::kinds::signed;
use super::mover::Mover;
use crate::stocks::model::Movement;
use crate::ui::components::{Button, ButtonKind, ButtonSize, Dialog, Glyph};

/// What the rows of one product's movements share.
#[derive(Clone, Copy)]
pub struct Counters {
    /// Whether this person may move stocks.
    pub writes: bool,
    mover: Mover,
    asked: RwSignal<Option<Movement>>,
    open: RwSignal<bool>,
    busy: RwSignal<bool>,
}

impl Counters {
    /// For one page.
    pub fn new(writes: bool, mover: Mover) -> Self {
        Self { writes, mover, asked: RwSignal::new(None), open: RwSignal::new(false), busy: RwSignal::new(false) }
    }

    fn ask(self, movement: Movement) {
        self.asked.set(Some(movement));
        self.open.set(true);
    }

    fn carry_out(self) {
        let Some(id) = self.asked.with_untracked(|asked| asked.as_ref().map(|movement| movement.id)) else { return };
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.mover.take_back(id, move || {
            // The page may be gone by then.
            let _ = self.busy.try_set(false);
            let _ = self.open.try_set(false);
        });
    }
}

/// The button of a row, where there is something to take back. Without JavaScript it does so at once.
#[component]
pub fn Counter(
    /// What the rows share.
    counters: Counters,
    /// The movement.
    movement: Movement,
) -> impl IntoView {
    movement.counter()?;
    let id = movement.id.to_string();
    let value = id.clone();
    let name = format!("Contre-passer {} {}", movement.r#type.label().to_lowercase(), signed(movement.quantite));
    let action = format!("/stocks/{}", movement.product_id);
    let on_submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        counters.ask(movement.clone());
    };
    Some(view! {
        <form method="post" action=action on:submit=on_submit>
            <input type="hidden" name="action" value="contre-passer"/>
            <input type="hidden" name="mouvement" value=value/>
            <Button
                kind=ButtonKind::Quiet
                size=ButtonSize::Small
                submit=true
                icon=Glyph::Undo
                text="Contre-passer"
                attr:id=format!("contre-passer-{id}")
                attr:aria-label=name
                attr:title="Contre-passer"
            />
        </form>
    })
}

/// The question.
#[component]
pub fn CounterDialog(
    /// What the rows share.
    counters: Counters,
) -> impl IntoView {
    let words = move || {
        counters.asked.with(|asked| {
            let movement = asked.as_ref()?;
            let (kind, _) = movement.counter()?;
            let back = signed(-movement.quantite);
            Some(format!(
                "Le mouvement {} reste au journal ; une {} de {back} est écrite pour le reprendre.",
                signed(movement.quantite),
                kind.label().to_lowercase(),
            ))
        })
    };
    view! {
        <Dialog id="contre-passation" open=counters.open title="Contre-passer ce mouvement">
            <p>{words}</p>
            <div class="dialog-actions">
                <Button text="Garder le mouvement" on:click=move |_| counters.open.set(false)/>
                <Button
                    kind=ButtonKind::Primary
                    busy=counters.busy
                    busy_text="Enregistrement…"
                    text="Contre-passer"
                    on:click=move |_| counters.carry_out()
                />
            </div>
        </Dialog>
    }
}
