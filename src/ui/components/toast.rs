//! Short news that come and go: what was done, what failed.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use super::badge::Tone;
use super::button::{Button, ButtonSize};
use super::icon::{Glyph, Icon};

/// Takes something back.
type Undo = Arc<dyn Fn() + Send + Sync>;

/// One piece of news.
#[derive(Clone)]
struct Toast {
    id: u32,
    failed: bool,
    text: String,
    undo: Option<Undo>,
}

/// Where news are put: `use_toasts().done("Commande confirmée.")`.
#[derive(Clone, Copy)]
pub struct Toasts {
    list: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
}

/// Makes [`use_toasts`] work below here. Once, at the root.
pub fn provide_toasts() {
    provide_context(Toasts { list: RwSignal::new(Vec::new()), next: StoredValue::new(0) });
}

/// Where to put news.
pub fn use_toasts() -> Toasts {
    expect_context::<Toasts>()
}

impl Toasts {
    /// Something was done: leaves by itself.
    pub fn done(self, text: impl Into<String>) {
        let id = self.push(false, text.into(), None);
        set_timeout(move || self.dismiss(id), Duration::from_secs(5));
    }

    /// Something was done that one may take back for ten seconds, as long as its page is open.
    pub fn undoable(self, text: impl Into<String>, undo: Callback<()>) {
        // A page that is gone takes its callbacks along.
        self.undoable_later(text, move || {
            let _ = undo.try_run(());
        });
    }

    /// The same, where taking it back works from another page too.
    pub fn undoable_later(self, text: impl Into<String>, undo: impl Fn() + Send + Sync + 'static) {
        let id = self.push(false, text.into(), Some(Arc::new(undo)));
        set_timeout(move || self.dismiss(id), Duration::from_secs(10));
    }

    /// Something failed: stays until it was read.
    pub fn failed(self, text: impl Into<String>) {
        self.push(true, text.into(), None);
    }

    fn push(self, failed: bool, text: String, undo: Option<Undo>) -> u32 {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        self.list.update(|list| {
            // Three at a time: older ones have been seen.
            if list.len() >= 3 {
                list.remove(0);
            }
            list.push(Toast { id, failed, text, undo });
        });
        id
    }

    fn dismiss(self, id: u32) {
        // The page may be gone by then.
        let _ = self.list.try_update(|list| list.retain(|toast| toast.id != id));
    }
}

/// Shows the news. Once, in the layout.
#[component]
pub fn Toaster() -> impl IntoView {
    let toasts = use_toasts();
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || toasts.list.get() key=|toast| toast.id let:toast>
                <div class=format!("toast {}", if toast.failed { Tone::Rose } else { Tone::Green }.class())>
                    <Icon of=if toast.failed { Glyph::Alert } else { Glyph::Check }/>
                    <p class="toast-text">{toast.text.clone()}</p>
                    {toast
                        .undo
                        .clone()
                        .map(|undo| {
                            view! {
                                <Button
                                    size=ButtonSize::Small
                                    icon=Glyph::Undo
                                    text="Annuler"
                                    on:click=move |_| {
                                        toasts.dismiss(toast.id);
                                        undo();
                                    }
                                />
                            }
                        })}
                    <button
                        type="button"
                        class="btn btn-quiet btn-small btn-icon"
                        aria-label="Fermer"
                        on:click=move |_| toasts.dismiss(toast.id)
                    >
                        <Icon of=Glyph::Close size=14/>
                    </button>
                </div>
            </For>
        </div>
    }
}
