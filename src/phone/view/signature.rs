//! A signature, drawn by a finger.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::parts::{Changed, Press, When, live};
use crate::phone::host;
use crate::ui::components::{Glyph, Icon};

/// The box to sign in; `signed` once somebody has drawn in it.
#[component]
pub fn SignatureBox(
    canvas: NodeRef<html::Canvas>,
    signed: RwSignal<bool>,
    /// What was drawn before.
    kept: Option<JsValue>,
    /// Told of what is drawn after each stroke, and when it is wiped away.
    #[prop(into)]
    on_change: Changed,
) -> impl IntoView {
    let resumed = kept.is_some();
    let asked = RwSignal::new(resumed);
    let (kept, on_change) = (StoredValue::new_local(kept), StoredValue::new_local(on_change));
    let changed = move |picture| on_change.try_with_value(|on_change| (on_change.0)(picture));
    let drawn = move || {
        signed.set(true);
        leptos::task::spawn_local(async move {
            let Some(Some(canvas)) = canvas.try_get_untracked() else { return };
            if let Ok(picture) = host::picture_of(canvas).await {
                changed(Some(picture));
            }
        });
    };
    let prepare = move || {
        let Some(canvas) = canvas.get_untracked() else { return };
        host::drawable(&canvas, drawn);
        if let Some(before) = kept.try_update_value(Option::take).flatten() {
            leptos::task::spawn_local(async move {
                if host::draw_again(&canvas, &before).await.is_err() {
                    // It is no signature that nobody sees.
                    signed.set(false);
                }
            });
        }
    };
    // What was just asked for is in sight from its title on: whoever signs has to see what, and where.
    let show = move || {
        if let Some(Some(canvas)) = canvas.try_get_untracked()
            && let Some(all) = canvas.parent_element()
        {
            all.scroll_into_view_with_bool(true);
        }
    };
    // Once it has its size.
    Effect::new(move |_| {
        if asked.get() && canvas.get().is_some() {
            request_animation_frame(move || {
                prepare();
                if !resumed {
                    show();
                }
            });
        }
    });
    let clear = move |_| {
        prepare();
        signed.set(false);
        changed(None);
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
