//! What every page needs to know about who looks at it.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::permission::{Permission, Role, allows};
use crate::error::AppError;
use crate::shared::money::Currency;
use crate::shared::{Day, UserId, ZoneTable};
use crate::users::model::full_name;

/// The person looking at the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SignedIn {
    /// Id.
    pub id: UserId,
    /// Surname.
    pub nom: String,
    /// First name.
    pub prenom: Option<String>,
    /// E-mail.
    pub email: String,
    /// Role.
    pub role: Role,
}

impl SignedIn {
    /// First name, then surname.
    pub fn display(&self) -> String {
        full_name(self.prenom.as_deref(), &self.nom)
    }

    /// Whether this person may do something: what the screens show; the operations ask again.
    pub fn may(&self, permission: Permission) -> bool {
        allows(self.role, permission)
    }
}

/// What a page is drawn with, the same on the server and in the browser.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PageContext {
    /// Who is there.
    pub user: Option<SignedIn>,
    /// What the business is called, on paper.
    pub business: String,
    /// The shop's currency.
    pub currency: Currency,
    /// The shop's time zone.
    pub zone: ZoneTable,
    /// The business day today, when the page was asked for.
    pub today: Day,
    /// `demo` shows the accounts on the sign-in page.
    pub demo: bool,
    /// Where the news stood when the page was asked for.
    pub live: String,
}

impl PageContext {
    /// The context of this page: provided by the server, then carried in the page to the browser.
    pub fn of_page() -> PageContext {
        expect_context::<PageContext>()
    }
}

/// A plain form that came back: what was typed and why it was refused. Passwords are left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct FormReturn {
    /// What was typed, name by name.
    pub values: Vec<(String, String)>,
    /// Why it was refused.
    pub error: Option<AppError>,
}

impl FormReturn {
    /// What was typed under a name.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// The same for one of several forms of a page, which each say their `action`; empty for the others.
    pub fn of_action(&self, action: &str) -> FormReturn {
        if self.value("action") == Some(action) { self.clone() } else { FormReturn::default() }
    }
}
