//! What one may change of oneself.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::PATH;
use crate::auth::server_functions::FormReturn;
use crate::error::AppResult;
use crate::ui::components::{Button, ButtonKind, Card, TextField, use_toasts};
use crate::ui::editor::{ConflictNotice, Draft, Editor, FormField, Kind, RefusalNotice};
use crate::ui::session::Me;
use crate::users::input::ProfileInput;
use crate::users::model::User;
use crate::users::server_functions::{read_profile, update_profile};

/// The fields, told once for both doors.
pub const FIELDS: &[FormField] = &[
    FormField::new("prenom", "Prénom", Kind::Text),
    FormField::new("nom", "Nom", Kind::Text),
    FormField::new("telephone", "Téléphone", Kind::Text),
];

const FORM: &str = "identite";

fn value_of(user: &User, name: &str) -> String {
    match name {
        "prenom" => user.prenom.clone(),
        "nom" => Some(user.nom.clone()),
        "telephone" => user.telephone.clone(),
        _ => None,
    }
    .unwrap_or_default()
}

/// Name and phone; what only an admin changes is told.
#[component]
pub fn Identity(
    /// Oneself.
    user: User,
    /// A plain form that came back.
    back: FormReturn,
    /// Reads the page anew.
    reload: Callback<()>,
) -> impl IntoView {
    let draft = Draft::new(FIELDS, |name| value_of(&user, name), Some(&back));
    let editor = Editor::new(FORM, draft, Some(user.audit.version), &back);
    let (toasts, me) = (use_toasts(), Me::here());
    let save = move |ev: SubmitEvent| {
        ev.prevent_default();
        let body = draft.changes();
        let check: AppResult<()> = ProfileInput::read(body.clone().into()).map(|_| ());
        let version = editor.version.get_untracked().unwrap_or_default();
        let saved = move |user: User| {
            me.rename(&user);
            toasts.done("Vos coordonnées sont enregistrées.");
            reload.run(());
        };
        let stale = move || {
            spawn_local(async move {
                if let Ok(profile) = read_profile().await {
                    editor.version.set(Some(profile.user.audit.version));
                    draft.meet(|name| value_of(&profile.user, name));
                }
            });
        };
        editor.send(check, move || update_profile(body, version), saved, stale);
    };
    let field = move |name: &'static str, label: &'static str, kind: &'static str, fill: &'static str, max: u32| {
        let (model, error) = (draft.text(name), editor.fault(name));
        view! { <TextField name label kind model error maxlength=max autocomplete=fill/> }
    };
    view! {
        <Card title="Mes coordonnées">
            <dl class="facts profile-facts">
                <dt>"E-mail"</dt>
                <dd>{user.email.clone()}</dd>
                <dt>"Rôle"</dt>
                <dd>{format!("{} · {}", user.role.label(), user.role.description())}</dd>
            </dl>
            <p class="field-hint">"Seul un administrateur peut changer l'e-mail et le rôle."</p>
            <form id=FORM class="sheet-form" method="post" action=PATH novalidate aria-label="Mes coordonnées" on:submit=save>
                <input type="hidden" name="action" value=FORM/>
                <input type="hidden" name="version" value=move || editor.version.get().map(|version| version.to_string())/>
                <ConflictNotice editor/>
                <RefusalNotice editor fields=&["prenom", "nom", "telephone"]/>
                <div class="form-grid">
                    {field("prenom", "Prénom", "text", "given-name", 200)}
                    {field("nom", "Nom", "text", "family-name", 200)} {field("telephone", "Téléphone", "tel", "tel", 30)}
                </div>
                <div class="form-actions">
                    <Button
                        kind=ButtonKind::Primary
                        submit=true
                        busy=editor.busy
                        busy_text="Enregistrement…"
                        text="Enregistrer"
                    />
                </div>
            </form>
        </Card>
    }
}
