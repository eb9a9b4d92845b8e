//! Who is signed in: the name that is shown, and a session that has ended while a page was open.

use leptos::prelude::*;

use crate::auth::server_functions::SignedIn;
use crate::ui::query::href;
use crate::users::model::{User, full_name};

/// The name of the person at this page, wherever it is shown: it may change while the page is open.
#[derive(Debug, Clone, Copy)]
pub struct Me(RwSignal<(Option<String>, String)>);

impl Me {
    /// Makes [`Me::here`] work below here.
    pub fn provide(user: Option<&SignedIn>) {
        let name = user.map(|user| (user.prenom.clone(), user.nom.clone())).unwrap_or_default();
        provide_context(Self(RwSignal::new(name)));
    }

    /// The person at this page.
    pub fn here() -> Self {
        expect_context::<Self>()
    }

    /// First name, then surname; tracked.
    pub fn display(self) -> String {
        self.0.with(|(prenom, nom)| full_name(prenom.as_deref(), nom))
    }

    /// The first letters, `KB`; tracked.
    pub fn initials(self) -> String {
        let first = |text: &str| text.chars().next();
        self.0.with(|(prenom, nom)| {
            prenom.as_deref().and_then(first).into_iter().chain(first(nom)).flat_map(char::to_uppercase).collect()
        })
    }

    /// They have changed their name.
    pub fn rename(self, user: &User) {
        self.0.set((user.prenom.clone(), user.nom.clone()));
    }
}

/// What the address of the sign-in page says of a session that has ended: the page tells it in words.
pub const SESSION_ENDED: (&str, &str) = ("fin", "session");

/// Goes to the sign-in page, which says that the session has ended and leads back here. Browser only: call it from an
/// effect or a handler.
pub fn sign_in_again() {
    let location = leptos::prelude::window().location();
    let here = format!("{}{}", location.pathname().unwrap_or_default(), location.search().unwrap_or_default());
    // Fails only for an address that is none.
    let _ = location.set_href(&href("/connexion", &[("suite", here.as_str()), SESSION_ENDED]));
}
