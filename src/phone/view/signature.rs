//! A signature, drawn by a finger.

use leptos::html;
use leptos::prelude::*;

use super::parts::{Press, When, live};
use crate::phone::host;
use crate::ui::components::{Glyph, Icon};

/// The box to sign in; `signed` once somebody has drawn in it.
#[component]
pub fn SignatureBox(canvas: NodeRef<html::Canvas>, signed: RwSignal<bool>) -> impl IntoView {
    let asked = RwSignal::new(false);
    let prepare = move || {
        if let Some(canvas) = canvas.get_untracked() {
            host::drawable(&canvas, move || signed.set(true));
        }
    };
    // Once it has its size.
    Effect::new(move |_| {
        if asked.get() && canvas.get().is_some() {
            request_animation_frame(prepare);
        }
    });
    let clear = move |_| {
        prepare();
        signed.set(false);
    };
    view! {
        <When is=move || !asked.get()>
            <Press
                class="btn btn-wide"
                icon=Glyph::Pencil
                size=22
                words="Faire signer"
                on_press=move || asked.set(true)
            />
        </When>
        <When is=move || asked.get()>
            <div class="signature">
                <p class="field-label" id="signature-mots">"Signature du client"</p>
                <canvas node_ref=canvas class="signature-box" role="img" aria-labelledby="signature-mots"></canvas>
                <button type="button" class="btn" on:click=clear disabled=live(move || !signed.get())>
                    <Icon of=Glyph::Trash size=20/>
                    "Effacer la signature"
                </button>
            </div>
        </When>
    }
}
