//! What the page says back.

use leptos::prelude::*;
use serde_json::Value;

use crate::auth::server_functions::FormReturn;
use crate::error::{AppError, ErrorCode};
use crate::history::model::{Action, Change, HistoryOf, ToldChange};
use crate::live::Connection;
use crate::shared::{Page, UserId};
use crate::ui::components::{
    Button, ButtonKind, Card, Dialog, Glyph, History, HistoryCard, LiveDot, LiveMark, Notice, Refusal, TextField,
    Timeline, TimelineEntry, Tone, use_toasts,
};
use crate::ui::editor::{ConflictNotice, Draft, Editor, FormField, Kind};

/// A form whose fields somebody else changed meanwhile.
#[component]
fn Late() -> impl IntoView {
    const FIELDS: &[FormField] =
        &[FormField::new("nom", "Nom", Kind::Text), FormField::new("prix", "Prix", Kind::Decimal)];
    let late = FormReturn {
        values: vec![("nom".into(), "Miel d'acacia".into()), ("prix".into(), "8,50".into())],
        error: Some(AppError::new(ErrorCode::StaleVersion, "Quelqu'un a modifié ces données entre-temps.")),
    };
    let theirs = |name: &str| if name == "nom" { "Miel d'acacia 250 g" } else { "8,50" }.to_owned();
    let draft = Draft::new(FIELDS, theirs, Some(&late));
    // Told as if it had just been refused, but without the cursor, which would scroll the page to it.
    let editor = Editor::keyed("dev-retard", draft, Some(2), &FormReturn::default(), String::new());
    editor.refusal.set(late.error);
    view! {
        <form id="dev-retard" class="sheet-form" aria-label="Exemple" on:submit=|ev| ev.prevent_default()>
            <ConflictNotice editor/>
            <TextField name="nom" label="Nom" model=draft.text("nom")/>
        </form>
    }
}

/// A thing that was entered, changed and deleted.
fn history() -> Page<ToldChange> {
    let change = |id: i64, action: Action, champ: &str, avant: Value, apres: Value| ToldChange {
        change: Change {
            id,
            table: "products".into(),
            row_id: 1,
            parent_id: None,
            version: i32::try_from(id).unwrap_or(1),
            action,
            champ: Some(champ.into()),
            avant: Some(avant),
            apres: Some(apres),
            efface: false,
            at: "2026-11-25T08:12:00Z".parse().unwrap_or_default(),
            user_id: UserId(1),
            auteur: "Claire Delaunay".into(),
            request_id: None,
        },
        about: None,
        avant: None,
        apres: None,
    };
    let items = vec![
        change(4, Action::Restauration, "is_deleted", true.into(), false.into()),
        change(3, Action::Suppression, "is_deleted", false.into(), true.into()),
        change(2, Action::Modification, "prix", Value::from(8.5), Value::from(9)),
        change(1, Action::Creation, "nom", Value::Null, "Miel d'acacia".into()),
    ];
    Page::counted(items, 50, 2, 20, None)
}

/// Notices, dialogs, toasts, a timeline.
#[component]
pub fn Feedback() -> impl IntoView {
    let toasts = use_toasts();
    let (dialog, side) = (RwSignal::new(false), RwSignal::new(false));
    let states =
        [Connection::Asleep, Connection::Live, Connection::Reconnecting, Connection::Ended, Connection::OtherRole]
            .map(|connection| view! { <LiveMark connection=Signal::stored(connection)/> });
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
        <Card title="Formulaire en retard sur quelqu'un">
            <Late/>
        </Card>
        <Card title="Historique, champ par champ">
            <History page=history() path="/dev/composants" query=Vec::new()/>
            <History page=Page::counted(Vec::new(), 0, 1, 20, None) path="/dev/composants" query=Vec::new()/>
        </Card>
        <HistoryCard what=HistoryOf::Category id=Signal::stored(Some(1))/>
        <Card title="En direct">
            <div class="form-actions">
                <LiveDot/>
                {states}
            </div>
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
