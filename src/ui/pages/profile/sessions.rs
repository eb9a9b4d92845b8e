//! Where one is signed in, and closing what one does not use any more.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::PATH;
use crate::auth::model::SessionInfo;
use crate::auth::server_functions::FormReturn;
use crate::shared::SessionId;
use crate::ui::components::{Button, ButtonSize, Card, Glyph};
use crate::ui::editor::{ActRefusal, Acts, Onward};
use crate::ui::session_list::SessionList;
use crate::users::server_functions::{end_other_sessions, end_own_session};

const ENDING_ONE: &str = "session";
const ENDING_ALL: &str = "sessions";

/// One's sessions.
#[component]
pub fn OwnSessions(
    /// The sessions.
    sessions: Vec<SessionInfo>,
    /// A plain form that came back.
    back: FormReturn,
    /// Reads the page anew.
    reload: Callback<()>,
) -> impl IntoView {
    let acts = Acts::new(&back, reload);
    // What draws the buttons of the list finds it here.
    provide_context(acts);
    let others = sessions.iter().filter(|session| !session.courante).count();
    let end = move |ev: SubmitEvent| {
        ev.prevent_default();
        acts.run(ENDING_ALL, end_other_sessions(), move |_| {
            acts.toasts.done("Vos autres sessions sont fermées.");
            Onward::Stay
        });
    };
    let button = move || {
        (others > 0).then(|| {
            view! {
                <form method="post" action=PATH on:submit=end>
                    <input type="hidden" name="action" value=ENDING_ALL/>
                    <Button
                        submit=true
                        size=ButtonSize::Small
                        icon=Glyph::SignOut
                        busy=acts.is_doing(ENDING_ALL)
                        text="Fermer toutes les autres"
                    />
                </form>
            }
        })
    };
    view! {
        <Card title="Sessions ouvertes" actions=button>
            <ActRefusal acts/>
            <SessionList sessions end=Some(end_one)/>
        </Card>
    }
}

/// The button that ends one session.
fn end_one(id: SessionId) -> AnyView {
    let acts = expect_context::<Acts>();
    let end = move |ev: SubmitEvent| {
        ev.prevent_default();
        acts.run(ENDING_ONE, end_own_session(id), move |()| {
            acts.toasts.done("La session est fermée.");
            Onward::Stay
        });
    };
    view! {
        <form method="post" action=PATH on:submit=end>
            <input type="hidden" name="action" value=ENDING_ONE/>
            <input type="hidden" name="id" value=id.to_string()/>
            <Button submit=true size=ButtonSize::Small text="Fermer"/>
        </form>
    }
    .into_any()
}
