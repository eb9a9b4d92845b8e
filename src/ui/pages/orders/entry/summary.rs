//! What the order comes to, why it was refused, and the two ways to save it.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use super::draft::Draft;
use crate::error::ErrorCode;
use crate::ui::components::{Button, ButtonKind, ButtonSize, LiveRegion, Notice, Tone};
use crate::ui::format::count;

/// The id of the button that ends the entry.
pub const CONFIRM_ID: &str = "confirmer";

/// The side of the form that stays in sight.
#[component]
pub fn Summary(
    /// The form.
    draft: Draft,
    /// Saves: confirmed at once, or as a draft.
    on_save: Callback<bool>,
) -> impl IntoView {
    let press = move |confirm: bool| {
        move |ev: MouseEvent| {
            ev.prevent_default();
            on_save.run(confirm);
        }
    };
    let busy = move |confirm: bool| Signal::derive(move || draft.saving.get() == Some(confirm));
    view! {
        <section class="card entry-summary" aria-label="Récapitulatif">
            <Amounts draft/>
            <RefusalNotice draft/>
            <div class="entry-buttons">
                <Button
                    attr:id=CONFIRM_ID
                    attr:name="action"
                    attr:value="confirmer"
                    attr:aria-keyshortcuts="Control+Enter"
                    kind=ButtonKind::Primary
                    size=ButtonSize::Large
                    submit=true
                    busy=busy(true)
                    busy_text="Confirmation…"
                    text="Confirmer"
                    on:click=press(true)
                />
                <Button
                    attr:name="action"
                    attr:value="brouillon"
                    submit=true
                    busy=busy(false)
                    busy_text="Enregistrement…"
                    text="Enregistrer le brouillon"
                    on:click=press(false)
                />
            </div>
            <p class="entry-tip">
                <kbd class="kbd">"Ctrl"</kbd>
                " + "
                <kbd class="kbd">"Entrée"</kbd>
                " pour confirmer"
            </p>
        </section>
    }
}

/// What it comes to: pieces, VAT rate by rate, the total.
#[component]
pub fn Amounts(
    /// The form.
    draft: Draft,
) -> impl IntoView {
    let articles = move || {
        let pieces = draft.values().iter().filter(|l| l.product.is_some()).filter_map(|l| l.counted()).sum::<i64>();
        count(pieces, "article", "articles")
    };
    let total = move || draft.totals().map_or_else(|| "trop grand".to_owned(), |totals| totals.ttc.display());
    let without_tax = move || draft.totals().map(|totals| totals.ht.display());
    let taxes = move || {
        draft
            .totals()
            .unwrap_or_default()
            .vat
            .into_iter()
            .map(|(rate, amount)| {
                view! {
                    <div class="sum-row">
                        <dt>{format!("TVA {}", rate.display())}</dt>
                        <dd>{amount.display()}</dd>
                    </div>
                }
            })
            .collect_view()
    };
    let spoken = Signal::derive(move || {
        let ttc = draft.totals().unwrap_or_default().ttc;
        if draft.live.get() && ttc.0 > 0 { format!("Total {}", ttc.display()) } else { String::new() }
    });
    view! {
            <dl class="sums figures">
                <div class="sum-row">
                    <dt>{articles}</dt>
                    <dd></dd>
                </div>
                <div class="sum-row">
                    <dt>"Total HT"</dt>
                    <dd>{without_tax}</dd>
                </div>
                {taxes}
                <div class="sum-row sum-total">
                    <dt>"Total TTC"</dt>
                    <dd data-testid="total">{total}</dd>
                </div>
            </dl>
            <LiveRegion text=spoken/>
    }
}

/// Why it was refused.
#[component]
fn RefusalNotice(draft: Draft) -> impl IntoView {
    move || {
        let error = draft.refusal.get()?;
        let detail = match error.code {
            ErrorCode::Invalid => "Corrigez les champs signalés, rien n'a été perdu.".to_owned(),
            ErrorCode::InsufficientStock => {
                "Ajustez les quantités signalées, ou enregistrez un brouillon en attendant.".to_owned()
            }
            ErrorCode::IdempotencyConflict => {
                "Cette commande a déjà été enregistrée : retrouvez-la dans la liste avant d'en envoyer une autre."
                    .to_owned()
            }
            _ => error.detail.clone(),
        };
        let unseen = unplaced(&error.errors.iter().map(|e| (e.champ.as_str(), e.message.as_str())).collect::<Vec<_>>());
        let again = match error.code {
            ErrorCode::Unauthenticated => Some(("/connexion", "Se connecter dans un nouvel onglet")),
            ErrorCode::IdempotencyConflict => Some(("/commandes", "Voir les commandes")),
            _ => None,
        };
        Some(view! {
            <div class="entry-refusal" tabindex="-1">
                <Notice tone=Tone::Rose title=error.code.title() alert=true>
                    <p>{detail}</p>
                    {unseen.into_iter().map(|message| view! { <p>{message}</p> }).collect_view()}
                    {again.map(|(href, words)| view! { <a class="link" href=href target="_blank">{words}</a> })}
                </Notice>
            </div>
        })
    }
}

/// Faults of fields that the form does not show.
fn unplaced(faults: &[(&str, &str)]) -> Vec<String> {
    let shown = |champ: &str| champ.starts_with("items") || super::draft::TEXTS.contains(&champ);
    faults.iter().filter(|(champ, _)| !shown(champ)).map(|(champ, message)| format!("{champ} : {message}")).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_fault_goes_unsaid() {
        let faults = [("client_nom", "a"), ("items[0].quantity", "b"), ("client_id", "Client inconnu.")];
        assert_eq!(super::unplaced(&faults), ["client_id : Client inconnu."]);
    }
}
