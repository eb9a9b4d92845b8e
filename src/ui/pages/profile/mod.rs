//! One's own account: data, password, sessions, colours, the way out.

mod identity;
mod password;
mod sessions;

pub use identity::FIELDS;

use leptos::prelude::*;

use crate::auth::server_functions::{FormReturn, PageContext};
use crate::ui::components::{Button, Card, Glyph, Notice, PageHeader, Refusal, Skeleton, Tone};
use crate::ui::editor::came_back;
use crate::ui::layouts::ThemeSwitch;
use crate::ui::pages::errors::ForbiddenPage;
use crate::ui::query::{param, use_query_pairs};
use crate::ui::status;
use crate::users::model::Profile;
use crate::users::server_functions::read_profile;
use identity::Identity;
use password::ChangePassword;
use sessions::OwnSessions;

/// Where it lives.
pub const PATH: &str = "/profil";

/// What a plain form did, as `fait` in the URL says it.
pub const DONE: [(&str, &str); 4] = [
    ("identite", "Vos coordonnées sont enregistrées."),
    ("mot_de_passe", "Votre mot de passe est changé, et vos autres sessions sont fermées."),
    ("session", "La session est fermée."),
    ("sessions", "Vos autres sessions sont fermées."),
];

/// `/profil`
#[component]
pub fn ProfilePage() -> impl IntoView {
    let signed_in = expect_context::<PageContext>().user.is_some();
    view! {
        <div class="page page-narrow">
            {if signed_in { view! { <Content/> }.into_any() } else { view! { <ForbiddenPage/> }.into_any() }}
        </div>
    }
}

#[component]
fn Content() -> impl IntoView {
    let profile = Resource::new(|| (), |()| read_profile());
    let back = came_back();
    let query = use_query_pairs();
    let done = move || {
        let what = query.with(|query| param(query, "fait").map(str::to_owned))?;
        DONE.iter().find(|(name, _)| *name == what).map(|(_, words)| *words)
    };
    let reload = Callback::new(move |()| profile.refetch());
    view! {
        <PageHeader title="Mon profil"/>
        {move || done().map(|words| view! { <Notice tone=Tone::Green>{words}</Notice> })}
        <Transition fallback=|| view! { <Skeleton class="h-96 w-full"/> }>
            {move || {
                let back = back.clone();
                Suspend::new(async move {
                    match profile.await {
                        Ok(profile) => view! { <Found profile back reload/> }.into_any(),
                        Err(error) => {
                            status::set(error.code.status());
                            view! { <Refusal error/> }.into_any()
                        }
                    }
                })
            }}
        </Transition>
    }
}

#[component]
fn Found(profile: Profile, back: FormReturn, reload: Callback<()>) -> impl IntoView {
    let Profile { user, sessions } = profile;
    // A plain form that came back belongs to one of the forms.
    let of = |action: &str| if back.value("action") == Some(action) { back.clone() } else { FormReturn::default() };
    let email = user.email.clone();
    view! {
        <Identity user back=of("identite") reload/>
        <ChangePassword email back=of("mot_de_passe") reload/>
        <OwnSessions sessions back=of("session") reload/>
        <Card title="Apparence">
            <div class="profile-theme">
                <ThemeSwitch id="theme-du-profil"/>
                <p class="field-hint">"Retenu sur cet appareil. Le thème du système suit les réglages de la machine."</p>
            </div>
        </Card>
        <form method="post" action="/deconnexion">
            <Button submit=true icon=Glyph::SignOut text="Se déconnecter"/>
        </form>
    }
}
