//! Deleting something, apart from everything else. Where it can be undone it is done at once; else it asks.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::acts::Acts;
use crate::ui::components::{Button, ButtonKind, Dialog, Glyph, Icon};

/// Name of this act, for [`Acts::is_doing`].
pub const REMOVING: &str = "supprimer";

/// The button; without JavaScript a part of the page that unfolds and asks. A plain form of the page, with
/// `action` = `supprimer` and the version that was seen.
#[component]
pub fn Removal(
    /// The page's address.
    #[prop(into)]
    address: String,
    /// The version that was seen.
    version: i32,
    /// What the button says: "Supprimer le client".
    text: &'static str,
    /// What it will do.
    hint: &'static str,
    /// Nobody here can take it back: it asks first.
    asks: bool,
    /// Why it cannot be done now.
    #[prop(optional_no_strip)]
    obstacle: Option<ViewFn>,
    /// What is done on this page.
    acts: Acts,
    /// Does it.
    on_remove: Callback<()>,
) -> impl IntoView {
    let asking = acts.asking;
    let busy = acts.is_doing(REMOVING);
    let (blocked, address) = (obstacle.is_some(), StoredValue::new(address));
    let form = move || {
        let submit = move |ev: SubmitEvent| {
            ev.prevent_default();
            asking.set(false);
            on_remove.run(());
        };
        view! {
            <form class="removal-form" method="post" action=address.get_value() on:submit=submit>
                <input type="hidden" name="action" value=REMOVING/>
                <input type="hidden" name="version" value=version.to_string()/>
                <p>{hint}</p>
                <div class="dialog-actions">
                    {move || acts.live.get().then(|| view! { <Button text="Annuler" on:click=move |_| asking.set(false)/> })}
                    <Button kind=ButtonKind::DangerSolid submit=true busy icon=Glyph::Trash text/>
                </div>
            </form>
        }
    };
    view! {
        <section class="removal" aria-label="Suppression">
            {move || {
                if acts.live.get() || blocked {
                    view! {
                        <Button
                            kind=ButtonKind::Danger
                            icon=Glyph::Trash
                            text
                            busy
                            disabled=blocked
                            on:click=move |_| if asks { asking.set(true) } else { on_remove.run(()) }
                        />
                        {asks.then(|| view! { <Dialog id="suppression" open=asking title=text>{form()}</Dialog> })}
                    }
                        .into_any()
                } else {
                    view! {
                        <details class="removal-plain">
                            <summary class="btn btn-danger">
                                <Icon of=Glyph::Trash/>
                                <span>{text}</span>
                            </summary>
                            {form()}
                        </details>
                    }
                        .into_any()
                }
            }}
            {match obstacle {
                Some(obstacle) => obstacle.run(),
                None => view! { <p class="field-hint">{hint}</p> }.into_any(),
            }}
        </section>
    }
}
