//! Another password: the one that holds, the new one, and the new one again.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::PATH;
use crate::auth::password_rule::MIN_LENGTH;
use crate::auth::server_functions::FormReturn;
use crate::error::AppResult;
use crate::ui::components::{Button, Card, TextField, use_toasts};
use crate::ui::editor::{Draft, Editor, FormField, Kind, RefusalNotice};
use crate::users::input::PasswordChange;
use crate::users::server_functions::change_password;

const FIELDS: &[FormField] = &[
    FormField::new("current_password", "Mot de passe actuel", Kind::Secret),
    FormField::new("new_password", "Nouveau mot de passe", Kind::Secret),
    FormField::new("repeated_password", "Encore une fois", Kind::Secret),
];

const FORM: &str = "mot_de_passe";

/// The form.
#[component]
pub fn ChangePassword(
    /// One's e-mail: a password may not be it.
    email: String,
    /// A plain form that came back.
    back: FormReturn,
    /// Reads the page anew.
    reload: Callback<()>,
) -> impl IntoView {
    let draft = Draft::new(FIELDS, |_| String::new(), None);
    // No version, and no key either: sent twice, the old password no longer holds.
    let editor = Editor::new(FORM, draft, Some(0), &back).spent();
    let toasts = use_toasts();
    let who = email.clone();
    let save = move |ev: SubmitEvent| {
        ev.prevent_default();
        let check: AppResult<()> = PasswordChange::read_repeated(draft.body().into(), &email).map(|_| ());
        let (current, fresh) =
            (draft.text("current_password").get_untracked(), draft.text("new_password").get_untracked());
        let saved = move |()| {
            draft.reset(|_| String::new());
            toasts.done("Votre mot de passe est changé, et vos autres sessions sont fermées.");
            reload.run(());
        };
        editor.send(check, move || change_password(current, fresh), saved, || ());
    };
    let field = move |name: &'static str, label: &'static str, fill: &'static str| {
        let (model, error) = (draft.text(name), editor.fault(name));
        view! { <TextField name label kind="password" model error maxlength=200_u32 autocomplete=fill/> }
    };
    view! {
        <Card title="Mot de passe">
            <form id=FORM class="sheet-form" method="post" action=PATH novalidate aria-label="Mot de passe" on:submit=save>
                <input type="hidden" name="action" value=FORM/>
                // For the browser's own store of passwords.
                <input type="text" class="hidden" name="username" autocomplete="username" value=who readonly aria-hidden="true" tabindex="-1"/>
                <RefusalNotice editor fields=&["current_password", "new_password", "repeated_password"]/>
                <div class="form-grid">
                    {field("current_password", "Mot de passe actuel", "current-password")}
                    {field("new_password", "Nouveau mot de passe", "new-password")}
                    {field("repeated_password", "Encore une fois", "new-password")}
                </div>
                <p class="field-hint">
                    {format!("Au moins {MIN_LENGTH} caractères, ni courant ni votre e-mail. Vos autres sessions se fermeront.")}
                </p>
                <div class="form-actions">
                    <Button submit=true busy=editor.busy busy_text="Enregistrement…" text="Changer le mot de passe"/>
                </div>
            </form>
        </Card>
    }
}
