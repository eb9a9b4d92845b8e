//! What the page says back.

use leptos::prelude::*;

use crate::error::{AppError, ErrorCode};
use crate::ui::components::{
    Button, ButtonKind, Card, Dialog, Glyph, Notice, Refusal, Timeline, TimelineEntry, Tone, use_toasts,
};

/// Notices, dialogs, toasts, a timeline.
#[component]
pub fn Feedback() -> impl IntoView {
    let toasts = use_toasts();
    let (dialog, side) = (RwSignal::new(false), RwSignal::new(false));
    let refused = AppError::new(ErrorCode::StaleVersion, "Quelqu'un a modifié ces données entre-temps.");
    view! {
        <Card title="Messages">
            <div class="grid gap-3">
                <Notice tone=Tone::Blue title="À savoir">"Deux articles sont en alerte."</Notice>
                <Notice tone=Tone::Amber title="Attention">"Le livreur n'est pas encore choisi."</Notice>
                <Notice tone=Tone::Rose title="Refusé">"Il manque : Thé vert."</Notice>
                <Refusal error=refused/>
                <div class="form-actions">
                    <Button text="Fait" on:click=move |_| toasts.done("Commande confirmée.")/>
                    <Button
                        text="Fait, annulable"
                        on:click=move |_| toasts.undoable("Produit supprimé.", Callback::new(move |()| toasts.done("Produit restauré.")))
                    />
                    <Button kind=ButtonKind::Danger text="Échec" on:click=move |_| toasts.failed("Stock insuffisant.")/>
                    <Button text="Question" on:click=move |_| dialog.set(true)/>
                    <Button text="Panneau" on:click=move |_| side.set(true)/>
                </div>
            </div>
            <Dialog id="dev-question" open=dialog title=Signal::stored("Annuler la commande".to_owned())>
                <p>"Le stock réservé redevient disponible."</p>
                <div class="dialog-actions">
                    <Button text="Garder" on:click=move |_| dialog.set(false)/>
                    <Button kind=ButtonKind::DangerSolid text="Annuler la commande"/>
                </div>
            </Dialog>
            <Dialog id="dev-panneau" open=side title=Signal::stored("Modifier le produit".to_owned()) side=true>
                <p>"Un formulaire, à côté de ce qu'il change."</p>
            </Dialog>
        </Card>
        <Card title="Chronologie">
            <Timeline label="Exemple">
                <TimelineEntry
                    text="Confirmée"
                    author="Claire Delaunay"
                    at="25 nov. 2026 à 09:12"
                    tone=Tone::Blue
                    icon=Glyph::Confirmed
                />
                <TimelineEntry
                    text="Annulée"
                    author="Claire Delaunay"
                    at="25 nov. 2026 à 09:02"
                    detail=Some("Le client ne répond pas.".to_owned())
                    tone=Tone::Rose
                    icon=Glyph::Ban
                />
            </Timeline>
        </Card>
    }
}
