//! What the phone shows.

mod deliver;
mod header;
mod outbox;
mod problem;
mod quantities;
mod round;
mod sheet;
mod signature;
mod stop;

use leptos::prelude::*;

use super::state::{Phone as State, Session};
use crate::ui::components::{Glyph, Icon};
use header::Header;
use outbox::OutboxPage;
use round::RoundPage;
use sheet::{SheetView, UndoBar};

/// The whole program.
#[component]
pub fn Phone() -> impl IntoView {
    let phone = State::start();
    provide_context(phone);
    view! {
        <Header/>
        <main class="content">
            <Banners/>
            // Both stay: what was scrolled to and unfolded is there when one comes back.
            <div hidden=move || phone.outbox_shown.get()>
                <RoundPage/>
            </div>
            <Show when=move || phone.outbox_shown.get()>
                <OutboxPage/>
            </Show>
        </main>
        <UndoBar/>
        <SheetView/>
    }
}

/// What has to be known before anything else.
#[component]
fn Banners() -> impl IntoView {
    let phone = State::here();
    let session = move || match phone.session.get() {
        Session::Open => None,
        Session::Ended => Some(
            view! {
                <div class="banner banner-amber" role="alert">
                    <p>"Votre session est terminée. Rien n'est perdu : tout part dès que vous êtes reconnecté."</p>
                    <a class="btn btn-primary" href="/connexion?suite=%2Flivreur">"Se connecter"</a>
                </div>
            }
            .into_any(),
        ),
        Session::Refused => Some(
            view! {
                <div class="banner banner-rose" role="alert">
                    <p>"Ce compte ne fait plus de livraisons. Ce qui attend reste sur ce téléphone."</p>
                </div>
            }
            .into_any(),
        ),
    };
    view! {
        {session}
        {move || {
            phone.notice.get().map(|text| {
                view! {
                    <div class="banner banner-rose" role="alert">
                        <p>{text}</p>
                        <button type="button" class="btn" on:click=move |_| phone.notice.set(None)>
                            <Icon of=Glyph::Close size=20/>
                            "Fermer"
                        </button>
                    </div>
                }
            })
        }}
    }
}
