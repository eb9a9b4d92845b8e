//! `/connexion`: a plain form, so that one gets in before the page has woken up and without JavaScript.

mod demo;

use leptos::prelude::*;

use crate::auth::server_functions::{FormReturn, PageContext};
use crate::error::ErrorCode;
use crate::ui::components::{Button, ButtonKind, ButtonSize, Notice, TextField, Tone};
use crate::ui::layouts::Brand;
use crate::ui::query::{param, use_query_pairs};
use crate::ui::session::SESSION_ENDED;
use crate::ui::window_title;
use demo::DemoAccounts;

/// The page.
#[component]
pub fn SignInPage() -> impl IntoView {
    window_title::set(Signal::stored("Connexion".to_owned()));
    let returned = SharedValue::new(|| use_context::<FormReturn>().unwrap_or_default()).into_inner();
    let demo = expect_context::<PageContext>().demo;
    // A form that came back has them among its values: its address has no query any more.
    let query = use_query_pairs().get_untracked();
    let given = |name: &str| returned.value(name).or_else(|| param(&query, name)).map(str::to_owned);
    let next = given("suite");
    let (name, value) = SESSION_ENDED;
    let ended = given(name).as_deref() == Some(value);
    let typed = returned.value("email").unwrap_or_default().to_owned();
    let error = returned.error;
    let wrong = |champ: &str| error.as_ref().and_then(|e| e.message_for(champ)).map(str::to_owned);
    let (email_error, password_error) = (wrong("email"), wrong("password"));
    // Who is refused most often has to type the password again, not the address.
    let to_password = !typed.is_empty() && email_error.is_none();

    let (email, password) = (RwSignal::new(typed), RwSignal::new(String::new()));
    let sending = RwSignal::new(false);
    // Going back shows this page as it was left: no longer sending.
    Effect::new(move |_| {
        let shown_again = window_event_listener_untyped("pageshow", move |_| sending.set(false));
        on_cleanup(move || shown_again.remove());
    });
    let why = ended.then(|| view! { <Notice>"Votre session est terminée. Reconnectez-vous pour continuer."</Notice> });
    let summary = error
        .filter(|error| error.code != ErrorCode::Invalid)
        .map(|error| view! { <Notice tone=Tone::Rose alert=true>{error.detail}</Notice> });
    view! {
        <main class="sign-in">
            <div class="sign-in-column">
                <Brand/>
                <h1 class="sign-in-title">"Se connecter"</h1>
                {why}
                {summary}
                <form class="sign-in-form" method="post" action="/connexion" novalidate on:submit=move |_| sending.set(true)>
                    {next.map(|next| view! { <input type="hidden" name="suite" value=next/> })}
                    {ended.then(|| view! { <input type="hidden" name=name value=value/> })}
                    <TextField
                        name="email"
                        label="Adresse e-mail"
                        kind="email"
                        model=email
                        error=email_error
                        required=true
                        autofocus=!to_password
                        autocomplete="username"
                        inputmode="email"
                    />
                    <TextField
                        name="password"
                        label="Mot de passe"
                        kind="password"
                        model=password
                        error=password_error
                        required=true
                        autofocus=to_password
                        autocomplete="current-password"
                    />
                    <Button
                        kind=ButtonKind::Primary
                        size=ButtonSize::Large
                        submit=true
                        busy=sending
                        busy_text="Connexion…"
                        text="Se connecter"
                    />
                </form>
                {demo.then(|| view! { <DemoAccounts email password/> })}
            </div>
        </main>
    }
}
