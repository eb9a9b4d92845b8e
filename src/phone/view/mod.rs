//! What the phone shows.

mod deliver;
mod header;
mod outbox;
mod parts;
mod problem;
mod quantities;
mod round;
mod sheet;
mod signature;
mod stop;

use leptos::prelude::*;

use super::state::{Phone as State, Session};
use crate::ui::components::Glyph;
use header::Header;
use outbox::OutboxPage;
use parts::{Press, WaysOut, When, live};
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
            <div hidden=live(move || phone.outbox_shown.get())>
                <RoundPage/>
            </div>
            <When is=move || phone.outbox_shown.get()>
                <OutboxPage/>
            </When>
        </main>
        <UndoBar/>
        <SheetView/>
    }
}

/// What has to be known before anything else.
#[component]
fn Banners() -> impl IntoView {
    let phone = State::here();
    let ways = WaysOut::here();
    // Drawn anew only when it has changed: whatever was pressed stays under the finger.
    let known = Memo::new(move |_| phone.session.get());
    let session = move || match known.get() {
        Session::Open => None,
        Session::Ended => Some(
            view! {
                <div class="banner banner-amber" role="alert">
                    <p>"Votre session est terminée. Rien n'est perdu : tout part dès que vous êtes reconnecté."</p>
                    {live(move || ways.refused().map(|words| view! { <p>{words}</p> }.into_any()))}
                    <a
                        class="btn btn-primary"
                        href="/connexion?suite=%2Flivreur"
                        on:click=move |event| ways.leave(&event, "Sans réseau, on ne peut pas se connecter.")
                    >
                        "Se connecter"
                    </a>
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
        {live(session)}
        {live(move || {
            phone.notice.get().map(|text| {
                view! {
                    <div class="banner banner-rose" role="alert">
                        <p>{text}</p>
                        <Press class="btn" icon=Glyph::Close words="Fermer" on_press=move || phone.notice.set(None)/>
                    </div>
                }
                .into_any()
            })
        })}
    }
}
