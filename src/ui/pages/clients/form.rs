//! What one writes about a client.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Map, Value};

use super::{NEW, edit_address};
use crate::auth::server_functions::FormReturn;
use crate::clients::input::ClientInput;
use crate::clients::model::Client;
use crate::clients::server_functions::{create_client, read_client, update_client};
use crate::error::AppResult;
use crate::ui::components::{Button, ButtonKind, Glyph, Icon, TextArea, TextField};
use crate::ui::editor::{ConflictNotice, Draft, Editor, FormField, Kind, RefusalNotice};

/// The fields, told once for both doors.
pub const FIELDS: &[FormField] = &[
    FormField::new("nom", "Nom", Kind::Text),
    FormField::new("telephone", "Téléphone", Kind::Text),
    FormField::new("email", "E-mail", Kind::Text),
    FormField::new("adresse", "Adresse", Kind::Text),
    FormField::new("code_postal", "Code postal", Kind::Text),
    FormField::new("ville", "Ville", Kind::Text),
    FormField::new("latitude", "Latitude", Kind::Number),
    FormField::new("longitude", "Longitude", Kind::Number),
    FormField::new("notes", "Notes", Kind::Text),
];

const NAMES: &[&str] =
    &["nom", "telephone", "email", "adresse", "code_postal", "ville", "latitude", "longitude", "notes"];

const FORM: &str = "fiche-client";

/// What a field holds now.
fn value_of(client: &Client, name: &str) -> String {
    let degrees = |value: Option<f64>| value.map(|value| value.to_string().replace('.', ","));
    let text = match name {
        "nom" => Some(client.nom.clone()),
        "telephone" => client.telephone.clone(),
        "email" => client.email.clone(),
        "adresse" => client.adresse.clone(),
        "code_postal" => client.code_postal.clone(),
        "ville" => client.ville.clone(),
        "latitude" => degrees(client.latitude),
        "longitude" => degrees(client.longitude),
        "notes" => client.notes.clone(),
        _ => None,
    };
    text.unwrap_or_default()
}

/// What was changed. A position goes as a whole: one half of it says nothing.
fn changes(draft: Draft) -> Map<String, Value> {
    let mut changes = draft.changes();
    if changes.contains_key("latitude") || changes.contains_key("longitude") {
        let all = draft.body();
        let halves = all.into_iter().filter(|(name, _)| matches!(name.as_str(), "latitude" | "longitude"));
        changes.extend(halves);
    }
    changes
}

/// The form, of a new client or of one there is.
#[component]
pub fn ClientForm(
    /// Whom it is about; nobody yet for a new one.
    client: Option<Client>,
    /// A plain form that came back.
    back: FormReturn,
    /// What comes after.
    on_saved: Callback<Client>,
) -> impl IntoView {
    let now = |name: &str| client.as_ref().map(|client| value_of(client, name)).unwrap_or_default();
    let draft = Draft::new(FIELDS, now, Some(&back));
    let editor = Editor::new(FORM, draft, client.as_ref().map(|client| client.audit.version), &back);
    let id = client.as_ref().map(|client| client.id);
    let action = id.map_or_else(|| NEW.to_owned(), edit_address);
    let save = move |ev: SubmitEvent| {
        ev.prevent_default();
        let saved = move |client: Client| on_saved.run(client);
        match (id, editor.version.get_untracked()) {
            (Some(id), Some(version)) => {
                let body = changes(draft);
                let check: AppResult<()> = ClientInput::read_change(body.clone().into()).map(|_| ());
                let stale = move || {
                    spawn_local(async move {
                        if let Ok(sheet) = read_client(id).await {
                            editor.version.set(Some(sheet.client.audit.version));
                            draft.meet(|name| value_of(&sheet.client, name));
                        }
                    });
                };
                editor.send(check, move || update_client(id, body, version), saved, stale);
            }
            _ => {
                let body = draft.body();
                let check: AppResult<()> = ClientInput::read_new(body.clone().into()).map(|_| ());
                let key = editor.key.get_untracked();
                editor.send(check, move || create_client(body, key), saved, || ());
            }
        }
    };
    let text = move |name: &'static str| (draft.text(name), editor.fault(name));
    let field = move |name: &'static str, label: &'static str, kind: &'static str, max: u32| {
        let (model, error) = text(name);
        view! { <TextField name label kind model error maxlength=max optional=true autocomplete="off"/> }
    };
    let (nom, nom_error) = text("nom");
    let (notes, notes_error) = text("notes");
    let placed = client.as_ref().is_some_and(|client| client.latitude.is_some());
    let degrees = move |name: &'static str, label: &'static str| {
        let (model, error) = text(name);
        view! { <TextField name label model error inputmode="decimal" autocomplete="off"/> }
    };
    view! {
        <form id=FORM class="sheet-form" method="post" action=action novalidate aria-label="Client" on:submit=save>
            <input type="hidden" name="cle" value=move || editor.key.get()/>
            <input type="hidden" name="version" value=move || editor.version.get().map(|version| version.to_string())/>
            <ConflictNotice editor/>
            <RefusalNotice editor fields=NAMES/>
            <TextField name="nom" label="Nom" model=nom error=nom_error maxlength=200_u32 autofocus=true autocomplete="off" required=true/>
            <div class="form-grid">
                {field("telephone", "Téléphone", "tel", 30)} {field("email", "E-mail", "email", 254)}
            </div>
            {field("adresse", "Adresse", "text", 500)}
            <div class="form-grid">
                {field("code_postal", "Code postal", "text", 20)} {field("ville", "Ville", "text", 200)}
            </div>
            <details class="sheet-more" open=placed>
                <summary>
                    <Icon of=Glyph::MapPin size=14/>
                    "Position exacte"
                </summary>
                <p class="field-hint">"Pour une adresse que la carte ne trouve pas. En degrés, les deux ou aucune."</p>
                <div class="form-grid">
                    {degrees("latitude", "Latitude")} {degrees("longitude", "Longitude")}
                </div>
            </details>
            <TextArea
                name="notes"
                label="Notes"
                optional=true
                hint="Étage, code, habitudes : ce que le livreur ou la boutique doit savoir."
                model=notes
                error=notes_error
            />
            <div class="form-actions sheet-actions">
                <Button
                    kind=ButtonKind::Primary
                    submit=true
                    busy=editor.busy
                    busy_text="Enregistrement…"
                    text=if id.is_some() { "Enregistrer" } else { "Ajouter le client" }
                />
            </div>
        </form>
    }
}
