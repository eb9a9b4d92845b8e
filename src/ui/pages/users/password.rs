//! Passwords that an admin gives somebody: typed or made up, shown once.

use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;

use super::address;
use crate::auth::password_rule::MIN_LENGTH;
use crate::auth::server_functions::FormReturn;
use crate::error::AppResult;
use crate::shared::UserId;
use crate::ui::browser::{copy, fresh_password, takes_over};
use crate::ui::components::{Button, ButtonKind, Dialog, Glyph, Icon, LinkButton, Notice, TextField, Tone, use_toasts};
use crate::ui::editor::{Draft, Editor, FormField, Kind, RefusalNotice};
use crate::users::input::UserInput;
use crate::users::model::User;
use crate::users::server_functions::update_user;

/// Where a plain form's answer carries the password that is shown once.
pub const HANDED: &str = "remis";
/// Whose it is.
pub const HANDED_ID: &str = "remis_id";
/// Their name.
pub const HANDED_NAME: &str = "remis_nom";

const FIELDS: &[FormField] = &[FormField::new("password", "Mot de passe", Kind::Secret)];
const FORM: &str = "nouveau-mot-de-passe";

/// A password that was just given to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handed {
    /// Whose.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// The password.
    pub password: String,
}

impl Handed {
    /// The one that the answer of a plain form carries.
    pub fn of_form(back: &FormReturn) -> Option<Self> {
        Some(Self {
            id: back.value(HANDED_ID)?.parse().ok()?,
            name: back.value(HANDED_NAME)?.to_owned(),
            password: back.value(HANDED)?.to_owned(),
        })
    }
}

/// A password to type, or to have made up. Seen while it is typed: it is handed over anyway.
#[component]
pub fn PasswordBox(
    /// What stands in it.
    model: RwSignal<String>,
    /// What is wrong with it.
    error: Signal<Option<String>>,
    /// The cursor begins in it.
    #[prop(optional)]
    first: bool,
) -> impl IntoView {
    let live = RwSignal::new(false);
    Effect::new(move |_| live.set(true));
    let hint = format!("Au moins {MIN_LENGTH} caractères.");
    view! {
        <div class="password-box">
            <TextField
                name="password"
                label="Mot de passe"
                hint
                model
                error
                maxlength=200_u32
                autofocus=first
                autocomplete="off"
            />
            {move || {
                live.get()
                    .then(|| {
                        view! { <Button icon=Glyph::Key text="Proposer" on:click=move |_| model.set(fresh_password())/> }
                    })
            }}
        </div>
        {move || {
            (!live.get())
                .then(|| view! { <p class="field-hint">"Laissé vide, il est choisi pour vous et montré une fois."</p> })
        }}
    }
}

/// Shows a password once, to copy it.
#[component]
pub fn Handover(
    /// What is handed over.
    handed: Handed,
    /// What was done.
    title: &'static str,
    /// What comes after, where the page has woken up.
    close: Callback<()>,
) -> impl IntoView {
    let Handed { id, name, password } = handed;
    let toasts = use_toasts();
    let live = RwSignal::new(false);
    Effect::new(move |_| live.set(true));
    let copied = password.clone();
    let on_copy = move |()| {
        if copy(&copied) {
            toasts.done("Mot de passe copié.");
        } else {
            toasts.failed("Ce navigateur ne copie pas ici : sélectionnez le mot de passe.");
        }
    };
    let on_copy = Callback::new(on_copy);
    view! {
        <div class="handover">
            <Notice tone=Tone::Green title=title alert=true>
                <p>"Transmettez ce mot de passe à " {name} " : il ne sera plus affiché."</p>
            </Notice>
            <div class="handover-secret">
                <code data-testid="mot-de-passe">{password}</code>
                {move || {
                    live.get()
                        .then(|| {
                            view! {
                                <Button
                                    icon=Glyph::Copy
                                    text="Copier"
                                    on:click=move |_| on_copy.run(())
                                />
                            }
                        })
                }}
            </div>
            <div class="form-actions">
                {move || {
                    if live.get() {
                        view! { <Button kind=ButtonKind::Primary text="C'est noté" on:click=move |_| close.run(())/> }
                            .into_any()
                    } else {
                        view! { <LinkButton href=address(id) kind=ButtonKind::Primary text="C'est noté"/> }.into_any()
                    }
                }}
            </div>
        </div>
    }
}

/// Gives somebody another password: in a dialog, or without JavaScript in a part of the page that unfolds.
#[component]
pub fn ResetPassword(
    /// Who, as they are now.
    user: Signal<User>,
    /// A plain form that came back.
    back: FormReturn,
    /// Its key, of `form_key`: sent twice without JavaScript, it is one sending.
    key: String,
    /// What comes after.
    on_saved: Callback<()>,
) -> impl IntoView {
    let id = user.with_untracked(|user| user.id);
    let version = move || user.with(|user| user.audit.version);
    let mine = back.value("action") == Some("mot_de_passe");
    let kept = if mine { back.clone() } else { FormReturn::default() };
    let draft = Draft::new(FIELDS, |_| String::new(), None);
    let editor = Editor::keyed(FORM, draft, Some(untrack(version)), &kept, key).spent();
    let handed = RwSignal::new(Handed::of_form(&back));
    let asking = RwSignal::new(mine);
    let part = NodeRef::<html::Details>::new();
    let asks = takes_over(part);
    let save = move |ev: SubmitEvent| {
        ev.prevent_default();
        let now = user.get_untracked();
        let (version, name) = (now.audit.version, now.display());
        let password = draft.text("password").get_untracked();
        let body = draft.body();
        let check: AppResult<()> = UserInput::read_change(body.clone().into(), &now.email).map(|_| ());
        let saved = move |user: User| {
            draft.reset(|_| String::new());
            handed.set(Some(Handed { id: user.id, name, password }));
        };
        editor.send(check, move || update_user(id, body, version), saved, || ());
    };
    let save = StoredValue::new(save);
    let form = move || {
        move || {
            if let Some(done) = handed.get() {
                let close = Callback::new(move |()| {
                    handed.set(None);
                    asking.set(false);
                    on_saved.run(());
                });
                return view! { <Handover handed=done title="Nouveau mot de passe" close/> }.into_any();
            }
            view! {
                <form
                    id=FORM
                    class="sheet-form"
                    method="post"
                    action=address(id)
                    novalidate
                    aria-label="Nouveau mot de passe"
                    on:submit=move |ev| save.with_value(|save| save(ev))
                >
                    <input type="hidden" name="action" value="mot_de_passe"/>
                    <input type="hidden" name="version" value=move || version().to_string()/>
                    <input type="hidden" name="cle" value=move || editor.key.get()/>
                    <RefusalNotice editor fields=&["password"]/>
                    <p>"L'ancien ne vaudra plus, et ses sessions se ferment."</p>
                    <PasswordBox model=draft.text("password") error=editor.fault("password") first=true/>
                    <div class="dialog-actions">
                        <Button
                            kind=ButtonKind::Primary
                            submit=true
                            busy=editor.busy
                            busy_text="Enregistrement…"
                            text="Changer le mot de passe"
                        />
                    </div>
                </form>
            }
            .into_any()
        }
    };
    move || {
        if asks.get() {
            view! {
                <Button icon=Glyph::Key text="Nouveau mot de passe" on:click=move |_| asking.set(true)/>
                <Dialog id="mot-de-passe" open=asking title="Nouveau mot de passe">{form()}</Dialog>
            }
            .into_any()
        } else if handed.get().is_some() {
            form().into_any()
        } else {
            view! {
                <details node_ref=part class="removal-plain" open=mine>
                    <summary class="btn btn-secondary">
                        <Icon of=Glyph::Key/>
                        <span>"Nouveau mot de passe"</span>
                    </summary>
                    {form()}
                </details>
            }
            .into_any()
        }
    }
}
