//! What one writes about a user.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::account::Reason;
use super::password::{Handed, Handover, PasswordBox};
use super::{NEW, edit_address};
use crate::auth::permission::{Permission, Role, allows};
use crate::auth::server_functions::{FormReturn, PageContext};
use crate::error::AppResult;
use crate::ui::components::{Button, ButtonKind, Choice, SelectField, TextField};
use crate::ui::editor::{ConflictNotice, Draft, Editor, FormField, Kind, RefusalNotice};
use crate::users::input::UserInput;
use crate::users::model::{User, UserSheet};
use crate::users::rules::against_role;
use crate::users::server_functions::{create_user, read_user, update_user};

/// The fields of a new user, told once for both doors.
pub const FIELDS: &[FormField] = &[
    FormField::new("prenom", "Prénom", Kind::Text),
    FormField::new("nom", "Nom", Kind::Text),
    FormField::new("email", "E-mail", Kind::Text),
    FormField::new("telephone", "Téléphone", Kind::Text),
    FormField::new("role", "Rôle", Kind::Text),
    FormField::new("password", "Mot de passe", Kind::Secret),
];

/// Those of a change: a password is reset apart from it.
pub const CHANGED: &[FormField] = {
    let (changed, _) = FIELDS.split_at(5);
    changed
};

const NAMES: &[&str] = &["prenom", "nom", "email", "telephone", "role", "password"];

const FORM: &str = "fiche-utilisateur";

fn value_of(user: &User, name: &str) -> String {
    let text = match name {
        "prenom" => user.prenom.clone(),
        "nom" => Some(user.nom.clone()),
        "email" => Some(user.email.clone()),
        "telephone" => user.telephone.clone(),
        "role" => Some(user.role.as_str().to_owned()),
        _ => None,
    };
    text.unwrap_or_default()
}

/// The form, of a new user or of one there is.
#[component]
pub fn UserForm(
    /// Whom it is about; nobody yet for a new one.
    sheet: Option<UserSheet>,
    /// A plain form that came back.
    back: FormReturn,
    /// What comes after.
    on_saved: Callback<User>,
) -> impl IntoView {
    let now = |name: &str| sheet.as_ref().map(|sheet| value_of(&sheet.user, name)).unwrap_or_default();
    let fields = if sheet.is_some() { CHANGED } else { FIELDS };
    let draft = Draft::new(fields, now, Some(&back));
    let editor = Editor::new(FORM, draft, sheet.as_ref().map(|sheet| sheet.user.audit.version), &back);
    let id = sheet.as_ref().map(|sheet| sheet.user.id);
    let me = expect_context::<PageContext>().user.map(|user| user.id);
    let own = id.is_some() && id == me;
    let email = sheet.as_ref().map(|sheet| sheet.user.email.clone()).unwrap_or_default();
    let locked =
        sheet.as_ref().and_then(|sheet| Some((against_role(&sheet.user, sheet.circumstances)?, sheet.user.clone())));
    let action = id.map_or_else(|| NEW.to_owned(), edit_address);
    // Shown once: nobody can read it again afterwards.
    let handed = RwSignal::new(Handed::of_form(&back));
    let made = RwSignal::new(None::<User>);
    if handed.with_untracked(Option::is_some) {
        // Saved already: nothing would be lost.
        draft.settle(draft.texts());
    }
    let save = move |ev: SubmitEvent| {
        ev.prevent_default();
        match (id, editor.version.get_untracked()) {
            (Some(id), Some(version)) => {
                let body = draft.changes();
                let check: AppResult<()> = UserInput::read_change(body.clone().into(), &email).map(|_| ());
                let stale = move || {
                    spawn_local(async move {
                        if let Ok(sheet) = read_user(id).await {
                            editor.version.set(Some(sheet.user.audit.version));
                            draft.meet(|name| value_of(&sheet.user, name));
                        }
                    });
                };
                let saved = move |user: User| match me == Some(user.id) && !allows(user.role, Permission::ManageUsers) {
                    // These pages are closed to them from now on.
                    true => drop(location().assign("/")),
                    false => on_saved.run(user),
                };
                editor.send(check, move || update_user(id, body, version), saved, stale);
            }
            _ => {
                let body = draft.body();
                let check: AppResult<()> = UserInput::read_new(body.clone().into()).map(|_| ());
                let (key, password) = (editor.key.get_untracked(), draft.text("password").get_untracked());
                let saved = move |user: User| {
                    handed.set(Some(Handed { id: user.id, name: user.display(), password }));
                    made.set(Some(user));
                };
                editor.send(check, move || create_user(body, key), saved, || ());
            }
        }
    };
    let save = StoredValue::new(save);
    let field = move |name: &'static str, label: &'static str, kind: &'static str, max: u32, first: bool| {
        let (model, error) = (draft.text(name), editor.fault(name));
        let optional = matches!(name, "prenom" | "telephone");
        view! { <TextField name label kind model error maxlength=max optional autofocus=first autocomplete="off"/> }
    };
    let roles = Role::ALL.map(|role| ("role", role.as_str().to_owned(), role.label().to_owned()));
    let roles = StoredValue::new(Vec::from(roles));
    let action = StoredValue::new(action);
    let locked = StoredValue::new(locked);
    move || {
        if let Some(done) = handed.get() {
            let close = Callback::new(move |()| {
                if let Some(user) = made.get_untracked() {
                    on_saved.run(user);
                }
            });
            return view! { <Handover handed=done title="Compte ouvert" close/> }.into_any();
        }
        view! {
            <form
                id=FORM
                class="sheet-form"
                method="post"
                action=action.get_value()
                novalidate
                aria-label="Utilisateur"
                on:submit=move |ev| save.with_value(|save| save(ev))
            >
                <input type="hidden" name="cle" value=move || editor.key.get()/>
                <input type="hidden" name="version" value=move || editor.version.get().map(|version| version.to_string())/>
                <ConflictNotice editor names=roles.get_value()/>
                <RefusalNotice editor fields=NAMES/>
                <div class="form-grid">
                    {field("prenom", "Prénom", "text", 200, true)} {field("nom", "Nom", "text", 200, false)}
                </div>
                {field("email", "E-mail", "email", 254, false)} {field("telephone", "Téléphone", "tel", 30, false)}
                {match locked.get_value() {
                    Some((obstacle, user)) => {
                        view! {
                            <div class="field">
                                <p class="field-label">"Rôle : " {user.role.label()}</p>
                                <Reason obstacle user/>
                            </div>
                        }
                            .into_any()
                    }
                    None => {
                        view! {
                            <RoleField editor own/>
                        }
                            .into_any()
                    }
                }}
                {id
                    .is_none()
                    .then(|| {
                        view! { <PasswordBox model=draft.text("password") error=editor.fault("password")/> }
                    })}
                <div class="form-actions sheet-actions">
                    <Button
                        kind=ButtonKind::Primary
                        submit=true
                        busy=editor.busy
                        busy_text="Enregistrement…"
                        text=if id.is_some() { "Enregistrer" } else { "Ouvrir le compte" }
                    />
                </div>
            </form>
        }
        .into_any()
    }
}

/// The role, with what it is for.
#[component]
fn RoleField(editor: Editor, own: bool) -> impl IntoView {
    let model = editor.draft.text("role");
    let roles = Role::ALL.map(|role| Choice::new(role.as_str(), role.label()));
    let choices = std::iter::once(Choice::new("", "Choisir…")).chain(roles).collect::<Vec<_>>();
    let words = move || Role::parse(&model.get()).map(Role::description);
    view! {
        <div class="role-field">
            <SelectField name="role" label="Rôle" choices model error=editor.fault("role")/>
            <p class="field-hint">{words}</p>
            {move || {
                let closes = own && Role::parse(&model.get()).is_some_and(|role| !allows(role, Permission::ManageUsers));
                closes
                    .then(|| {
                        view! {
                            <p class="field-warning" role="status">
                                "C'est votre compte : une fois enregistré, vous n'aurez plus accès aux utilisateurs."
                            </p>
                        }
                    })
            }}
        </div>
    }
}
