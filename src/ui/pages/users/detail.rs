//! One account: who it is, where it is open, what one may do to it.

use leptos::prelude::*;

use super::account::Account;
use super::form::UserForm;
use super::password::ResetPassword;
use super::table::{RoleBadge, StateBadge};
use super::{PATH, address, edit_address};
use crate::auth::model::SessionInfo;
use crate::auth::permission::Permission;
use crate::auth::server_functions::{FormReturn, PageContext};
use crate::error::{AppError, ErrorCode};
use crate::history::model::HistoryOf;
use crate::live::{Topic, follow_beside};
use crate::shared::UserId;
use crate::shared::text::count;
use crate::ui::components::{
    Button, ButtonSize, Card, EmptyState, Glyph, Guarded, HistoryCard, LinkButton, Notice, PageHeader, Refusal,
    Skeleton, Tone,
};
use crate::ui::editor::{ActRefusal, Acts, EditPanel, Onward, came_back, form_key, opens};
use crate::ui::pages::errors::NotFoundPage;
use crate::ui::query::use_id;
use crate::ui::reach;
use crate::ui::session_list::SessionList;
use crate::ui::status;
use crate::users::model::{User, UserSheet};
use crate::users::rules::{Obstacle, against_removal};
use crate::users::server_functions::{end_user_sessions, read_user, restore_user};

const RESTORING: &str = "restaurer";
const ENDING: &str = "sessions";

/// `/utilisateurs/{id}`
#[component]
pub fn UserPage() -> impl IntoView {
    view! {
        <div class="page">
            <Guarded permission=Permission::ManageUsers>
                <Content/>
            </Guarded>
        </div>
    }
}

#[component]
fn Content() -> impl IntoView {
    let id = use_id::<UserId>();
    let sheet = Resource::new(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => read_user(id).await,
                None => Err(AppError::not_found("Cet utilisateur")),
            }
        },
    );
    let back = came_back();
    let key = form_key(&back);
    // A refused password says so in its own form.
    let elsewhere = if back.value("action") == Some("mot_de_passe") { FormReturn::default() } else { back.clone() };
    let acts = Acts::new(&elsewhere, Callback::new(move |()| sheet.refetch()));
    let editing = RwSignal::new(false);
    let saved = Callback::new(move |user: User| {
        editing.set(false);
        acts.toasts.done(format!("{} : enregistré.", user.display()));
        sheet.refetch();
    });
    let shown = RwSignal::new(None::<UserSheet>);
    // Beside the page, which is not drawn anew: one may be typing a password in it.
    follow_beside(
        &[Topic::Users],
        acts.asking.into(),
        move |changes| id.get_untracked().filter(|id| changes.touches(Topic::Users, id.0)).map(read_user),
        move |answer| match answer {
            Ok(now) if Some(now.user.id) != id.get_untracked() => {}
            Ok(now) if shown.with_untracked(|was| was.as_ref().is_some_and(|was| alike(was, &now))) => {
                shown.set(Some(now));
            }
            // Deleted, brought back, gone, or no longer for this person: what one may do here is another thing.
            _ => sheet.refetch(),
        },
    );
    let title = Signal::derive(move || {
        shown.with(|s| s.as_ref().map_or_else(String::new, |s| format!("Modifier {}", s.user.display())))
    });
    view! {
        <Transition fallback=|| view! { <Skeleton class="h-96 w-full"/> }>
            {move || {
                let (back, key) = (back.clone(), key.clone());
                Suspend::new(async move {
                    match sheet.await {
                        Ok(sheet) => {
                            shown.set(Some(sheet.clone()));
                            view! { <Found sheet shown acts editing back key/> }.into_any()
                        }
                        Err(error) if error.code == ErrorCode::NotFound => view! { <NotFoundPage/> }.into_any(),
                        Err(error) => {
                            status::set(error.code.status());
                            view! { <Refusal error/> }.into_any()
                        }
                    }
                })
            }}
        </Transition>
        <HistoryCard what=HistoryOf::User id=Signal::derive(move || id.get().map(|id| id.0))/>
        <EditPanel id="panneau-utilisateur" open=editing title>
            <UserForm sheet=shown.get_untracked() back=FormReturn::default() on_saved=saved/>
        </EditPanel>
    }
}

/// Whether the same can be done to an account.
fn alike(a: &UserSheet, b: &UserSheet) -> bool {
    a.user.deletion.is_deleted == b.user.deletion.is_deleted
}

/// `sheet`: whose account it is; `shown`: how it stands now.
#[component]
fn Found(
    sheet: UserSheet,
    shown: RwSignal<Option<UserSheet>>,
    acts: Acts,
    editing: RwSignal<bool>,
    back: FormReturn,
    key: String,
) -> impl IntoView {
    let context = expect_context::<PageContext>();
    let me = context.user.as_ref().map_or(UserId(0), |user| user.id);
    let (id, living, erased) = (sheet.user.id, !sheet.user.deletion.is_deleted, sheet.user.is_erased());
    let sheet = Memo::new(move |_| shown.get().unwrap_or_else(|| sheet.clone()));
    let user = Signal::derive(move || sheet.with(|sheet| sheet.user.clone()));
    let aside = move || {
        view! {
            {move || {
                let user = user.get();
                view! { <RoleBadge role=user.role/> <StateBadge user/> }
            }}
        }
    };
    let actions = move || {
        living.then(
            || view! { <LinkButton href=edit_address(id) icon=Glyph::Pencil text="Modifier" on:click=opens(editing)/> },
        )
    };
    let account = move || {
        let UserSheet { user, circumstances, .. } = sheet.get();
        let obstacle = against_removal(&user, me, circumstances);
        view! { <Account user obstacle acts/> }
    };
    let sessions = move || view! { <Sessions id sessions=sheet.get().sessions acts/> };
    // Its version and sessions have changed.
    let reset_done = Callback::new(move |()| acts.again());
    view! {
        <PageHeader
            title=Signal::derive(move || user.get().display())
            back=(PATH.to_owned(), "Utilisateurs".to_owned())
            aside=aside
            actions=actions
        />
        <ActRefusal acts/>
        {(!living).then(|| view! { <Deleted id erased acts/> })}
        <div class="sheet">
            <div class="sheet-main">
                {move || view! { <Facts user=user.get()/> }}
                {living.then_some(sessions)}
            </div>
            <div class="sheet-side">
                {living
                    .then(|| {
                        view! {
                            <Card title="Mot de passe">
                                <div class="account-toggle">
                                    <ResetPassword user back key on_saved=reset_done/>
                                </div>
                            </Card>
                            {account}
                        }
                    })}
            </div>
        </div>
    }
}

#[component]
fn Facts(user: User) -> impl IntoView {
    let zone = expect_context::<PageContext>().zone;
    let fact = |name: &'static str, value: AnyView| view! { <dt>{name}</dt><dd>{value}</dd> };
    let none = || view! { <span class="text-ink-faint">"–"</span> }.into_any();
    let phone = user.telephone.clone().map_or_else(none, |text| {
        view! { <a class="link" href=reach::tel(&text)>{reach::phone(&text)}</a> }.into_any()
    });
    let seen = user.last_login_at.map_or_else(|| "Jamais".to_owned(), |at| zone.display(at));
    view! {
        <Card title="Identité">
            <dl class="facts">
                {fact(
                    "E-mail",
                    view! { <a class="link" href=reach::mail(&user.email)>{user.email.clone()}</a> }.into_any(),
                )} {fact("Téléphone", phone)}
                {fact("Rôle", format!("{} : {}", user.role.label(), user.role.description()).into_any())}
                {fact("Dernière connexion", seen.into_any())}
                {fact("Compte ouvert", zone.display(user.audit.created_at).into_any())}
            </dl>
        </Card>
    }
}

/// Where the account is open, and closing all of it.
#[component]
fn Sessions(id: UserId, sessions: Vec<SessionInfo>, acts: Acts) -> impl IntoView {
    let others = sessions.iter().filter(|session| !session.courante).count();
    let end = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        acts.run(ENDING, end_user_sessions(id), move |ended| {
            let ended = count(i64::try_from(ended).unwrap_or(0), "session fermée", "sessions fermées");
            acts.toasts.done(format!("{ended}."));
            Onward::Stay
        });
    };
    let button = move || {
        (others > 0).then(|| {
            view! {
                <form method="post" action=address(id) on:submit=end>
                    <input type="hidden" name="action" value=ENDING/>
                    <Button
                        submit=true
                        size=ButtonSize::Small
                        icon=Glyph::SignOut
                        busy=acts.is_doing(ENDING)
                        text="Fermer ses sessions"
                    />
                </form>
            }
        })
    };
    view! {
        <Card title="Sessions ouvertes" actions=button>
            {if sessions.is_empty() {
                view! { <EmptyState icon=Glyph::Monitor title="Aucune session ouverte"/> }.into_any()
            } else {
                view! { <SessionList sessions end=None/> }.into_any()
            }}
        </Card>
    }
}

/// That it was deleted, and the way back; from an erasure there is none.
#[component]
fn Deleted(id: UserId, erased: bool, acts: Acts) -> impl IntoView {
    let restore = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        acts.run(RESTORING, restore_user(id), move |user| {
            acts.toasts.done(format!("{} : compte restauré.", user.display()));
            Onward::Stay
        });
    };
    let way_back = if erased {
        view! { <p>{Obstacle::Erased.detail()}</p> }.into_any()
    } else {
        view! {
            <p>"Restauré, il s'ouvre de nouveau avec le même mot de passe."</p>
            <form class="notice-action" method="post" action=address(id) on:submit=restore>
                <input type="hidden" name="action" value=RESTORING/>
                <Button submit=true icon=Glyph::Undo busy=acts.is_doing(RESTORING) text="Restaurer le compte"/>
            </form>
        }
        .into_any()
    };
    view! {
        <Notice tone=Tone::Amber title="Ce compte est supprimé">
            {way_back}
        </Notice>
    }
}
