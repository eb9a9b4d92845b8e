//! What one sends about a person, read the same way by the server and, before sending, by the screens.

use serde_json::Value;

use crate::auth::password_rule;
use crate::auth::permission::Role;
use crate::error::{AppError, AppResult};
use crate::shared::Fields;
use crate::shared::audit::READ_ONLY;
use crate::shared::fields::Sent;

/// Refused when the same password was not typed twice.
pub const NOT_REPEATED: &str = "Les deux saisies diffèrent.";

/// The fields of a user, as far as they were sent.
pub struct UserInput {
    /// E-mail to sign in with.
    pub email: Sent<String>,
    /// Surname.
    pub nom: Sent<String>,
    /// First name.
    pub prenom: Sent<String>,
    /// Phone.
    pub telephone: Sent<String>,
    /// Role.
    pub role: Sent<Role>,
    /// A password, judged.
    pub password: Sent<String>,
}

impl UserInput {
    /// `email_now`: what a password is judged beside when no other e-mail is sent.
    fn read(f: &mut Fields, email_now: &str) -> Self {
        let roles = Role::ALL.map(Role::as_str).join(", ");
        let email = f.email("email");
        let beside = email.clone().value().unwrap_or_else(|| email_now.to_owned());
        Self {
            email,
            nom: f.line("nom", 200),
            prenom: f.line("prenom", 200),
            telephone: f.line("telephone", 30),
            role: f.choice("role", Role::parse, &roles),
            password: new_password(f, "password", &beside),
        }
    }

    /// A new user: `{email, password, nom, prenom?, telephone?, role}`.
    pub fn read_new(body: Value) -> AppResult<Self> {
        let mut f = Fields::of_body(body)?;
        let sent = Self::read(&mut f, "");
        f.required("email", sent.email.clone());
        f.required("nom", sent.nom.clone());
        f.required("role", sent.role.clone());
        f.required("password", sent.password.clone());
        f.finish()?;
        Ok(sent)
    }

    /// A change: what is not sent stays.
    pub fn read_change(body: Value, email_now: &str) -> AppResult<Self> {
        let mut f = Fields::of_body(body)?;
        let sent = Self::read(&mut f, email_now);
        f.kept("email", &sent.email);
        f.kept("nom", &sent.nom);
        f.kept("role", &sent.role);
        f.kept("password", &sent.password);
        f.ignore(READ_ONLY);
        f.ignore(&["is_active", "last_login_at"]);
        f.finish()?;
        Ok(sent)
    }
}

/// Reads a new password and judges it by the rule for new ones.
fn new_password(f: &mut Fields, name: &str, email: &str) -> Sent<String> {
    let sent = f.secret(name);
    if let Sent::Value(text) = &sent
        && let Err((code, message)) = password_rule::check_new(text, email)
    {
        f.refuse(name, code, message);
    }
    sent
}

/// What one may change of oneself.
pub struct ProfileInput {
    /// Surname.
    pub nom: Sent<String>,
    /// First name.
    pub prenom: Sent<String>,
    /// Phone.
    pub telephone: Sent<String>,
}

impl ProfileInput {
    /// `{nom?, prenom?, telephone?}`
    pub fn read(body: Value) -> AppResult<Self> {
        let mut f = Fields::of_body(body)?;
        let sent = Self { nom: f.line("nom", 200), prenom: f.line("prenom", 200), telephone: f.line("telephone", 30) };
        f.kept("nom", &sent.nom);
        f.ignore(READ_ONLY);
        f.ignore(&["email", "role", "is_active", "last_login_at"]);
        f.finish()?;
        Ok(sent)
    }
}

/// A password one changes oneself: the one that holds, and the new one.
pub struct PasswordChange {
    /// The one that holds.
    pub current: String,
    /// The new one, or what is wrong with it: to be told together with a current one that does not hold.
    pub fresh: AppResult<String>,
}

impl PasswordChange {
    /// `{current_password, new_password}`
    pub fn read(body: Value, email: &str) -> AppResult<Self> {
        let mut f = Fields::of_body(body)?;
        let current = f.secret("current_password");
        let current = f.required("current_password", current);
        let fresh = new_password(&mut f, "new_password", email);
        let fresh = f.required("new_password", fresh);
        let faults = f.finish();
        let fresh = fresh.unwrap_or_default();
        match current {
            Some(current) => Ok(Self { current, fresh: faults.map(|()| fresh) }),
            // Without it there is nothing to try.
            None => faults.map(|()| Self { current: String::new(), fresh: Ok(fresh) }),
        }
    }

    /// The same as a form has it, where the new one is typed a second time: `{…, repeated_password}`.
    pub fn read_repeated(mut body: Value, email: &str) -> AppResult<Self> {
        let repeated = body.as_object_mut().and_then(|body| body.remove("repeated_password"));
        let sent = Self::read(body, email)?;
        let fresh = sent.fresh?;
        if repeated.as_ref().and_then(Value::as_str) != Some(fresh.as_str()) {
            return Err(AppError::field("repeated_password", "differe", NOT_REPEATED));
        }
        Ok(Self { fresh: Ok(fresh), ..sent })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fields(error: crate::error::AppError) -> Vec<String> {
        error.errors.into_iter().map(|fault| fault.champ).collect()
    }

    #[test]
    fn a_password_is_judged_beside_the_e_mail_that_will_hold() {
        let change = |body: Value| UserInput::read_change(body, "zoe@shop.fr").map(|_| ()).map_err(fields);
        assert_eq!(change(json!({"password": "zoe@shop.fr"})), Err(vec!["password".into()]));
        assert_eq!(change(json!({"password": "zoe@shop.fr", "email": "z@shop.fr"})), Ok(()));
        assert_eq!(change(json!({"nom": null, "role": "chef"})), Err(vec!["nom".into(), "role".into()]));
    }

    #[test]
    fn a_new_password_is_typed_twice_in_a_form() {
        let read = |repeated: &str| {
            let body =
                json!({"current_password": "x", "new_password": "une autre phrase", "repeated_password": repeated});
            PasswordChange::read_repeated(body, "a@b.fr").and_then(|sent| sent.fresh).map_err(fields)
        };
        assert_eq!(read("une autre phrase"), Ok("une autre phrase".into()));
        assert_eq!(read("une autre"), Err(vec!["repeated_password".into()]));
        let short = json!({"current_password": "", "new_password": "court", "repeated_password": ""});
        let faults = PasswordChange::read_repeated(short, "a@b.fr").map(|_| ()).map_err(fields);
        assert_eq!(faults, Err(vec!["current_password".into(), "new_password".into()]));
    }
}
