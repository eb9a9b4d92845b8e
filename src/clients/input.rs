//! What one sends about a client, read the same way by the server and, before sending, by the screens.

use serde_json::Value;

use crate::error::AppResult;
use crate::shared::Fields;
use crate::shared::audit::READ_ONLY;
use crate::shared::fields::Sent;
use crate::shared::place::Place;

/// The fields of a client, as far as they were sent.
pub struct ClientInput {
    /// Name.
    pub nom: Sent<String>,
    /// Phone.
    pub telephone: Sent<String>,
    /// E-mail.
    pub email: Sent<String>,
    /// Street.
    pub adresse: Sent<String>,
    /// Postcode.
    pub code_postal: Sent<String>,
    /// Town.
    pub ville: Sent<String>,
    /// Where that is.
    pub position: Sent<Place>,
    /// Anything to know.
    pub notes: Sent<String>,
}

impl ClientInput {
    fn read(f: &mut Fields) -> Self {
        Self {
            nom: f.line("nom", 200),
            telephone: f.line("telephone", 30),
            email: f.email("email"),
            adresse: f.line("adresse", 500),
            code_postal: f.line("code_postal", 20),
            ville: f.line("ville", 200),
            position: f.place(),
            notes: f.paragraph("notes", 5_000),
        }
    }

    /// A new client: a name is needed.
    pub fn read_new(body: Value) -> AppResult<Self> {
        let mut f = Fields::of_body(body)?;
        let sent = Self::read(&mut f);
        f.required("nom", sent.nom.clone());
        f.finish()?;
        Ok(sent)
    }

    /// A change: what is not sent stays.
    pub fn read_change(body: Value) -> AppResult<Self> {
        let mut f = Fields::of_body(body)?;
        let sent = Self::read(&mut f);
        f.kept("nom", &sent.nom);
        f.ignore(READ_ONLY);
        f.finish()?;
        Ok(sent)
    }
}
