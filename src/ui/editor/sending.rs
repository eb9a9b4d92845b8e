//! Sends a form, once at a time, and says how it went.

use std::borrow::Cow;
use std::future::Future;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::draft::Draft;
use super::panel::InPanel;
use crate::auth::server_functions::FormReturn;
use crate::categories::model::Category;
use crate::clients::model::Client;
use crate::error::{AppError, AppResult, ErrorCode, FieldError};
use crate::orders::model::Order;
use crate::products::model::Product;
use crate::stocks::model::{Moved, Stock};
use crate::ui::browser::{focus_first_fault, fresh_key, guard, keep_still};
use crate::ui::components::{Notice, Toasts, Tone, use_toasts};
use crate::users::model::User;

/// What a form that was saved brings back.
pub trait Answer {
    /// The version that is there now: one may go on changing it.
    fn version(&self) -> Option<i32>;
}

macro_rules! answers {
    ($($resource:ty),+) => {
        $(impl Answer for $resource {
            fn version(&self) -> Option<i32> {
                Some(self.audit.version)
            }
        })+
    };
}

answers!(Category, Client, Order, Product, Stock, User);

impl Answer for Moved {
    fn version(&self) -> Option<i32> {
        None
    }
}

impl Answer for () {
    fn version(&self) -> Option<i32> {
        None
    }
}

/// An open form.
#[derive(Clone, Copy)]
pub struct Editor {
    /// Id of its `<form>`.
    pub id: &'static str,
    /// What stands in it.
    pub draft: Draft,
    /// It is being sent.
    pub busy: RwSignal<bool>,
    /// Why it was refused.
    pub refusal: RwSignal<Option<AppError>>,
    /// The version that was read; none for something new.
    pub version: RwSignal<Option<i32>>,
    /// What makes a repeated sending one: a new one once it was used. A change has none: its version does it.
    pub key: RwSignal<String>,
    /// Nobody types in it while it is being sent.
    still: bool,
    toasts: Toasts,
}

impl Editor {
    /// An open form. `back`: a plain form that came back refused. What was typed is guarded until it is saved.
    /// Not inside a suspense: there, [`Editor::keyed`].
    pub fn new(id: &'static str, draft: Draft, version: Option<i32>, back: &FormReturn) -> Self {
        // Also where a change is drawn only once its data is there: shared values are counted in order.
        let key = if version.is_none() { form_key(back) } else { String::new() };
        Self::keyed(id, draft, version, back, key)
    }

    /// The same with a key of [`form_key`], which was made outside the suspense that this form is drawn in.
    pub fn keyed(id: &'static str, draft: Draft, version: Option<i32>, back: &FormReturn, key: String) -> Self {
        let editor = Self {
            id,
            draft,
            busy: RwSignal::new(false),
            refusal: RwSignal::new(back.error.clone().map(at_its_field)),
            version: RwSignal::new(version),
            key: RwSignal::new(key),
            // There is nothing yet that what is typed meanwhile could be a change of.
            still: version.is_none(),
            toasts: use_toasts(),
        };
        guard(Signal::derive(move || draft.is_touched()), Callback::new(move |()| editor.forget()));
        if let Some(panel) = use_context::<InPanel>() {
            Effect::new(move |_| panel.touched.set(draft.is_touched()));
        }
        if back.error.is_some() {
            Effect::new(move |_| focus_first_fault(id));
        }
        editor
    }

    /// What stands in it is spent by sending it, as a password is: nobody types in it meanwhile.
    pub fn spent(self) -> Self {
        Self { still: true, ..self }
    }

    /// What was typed is given up.
    fn forget(self) {
        self.draft.settle(self.draft.texts());
    }

    /// What is wrong with a field.
    pub fn fault(self, name: impl Into<Cow<'static, str>>) -> Signal<Option<String>> {
        let name = name.into();
        Signal::derive(move || {
            self.refusal.with(|refusal| {
                let errors = refusal.as_ref().map(|error| error.errors.as_slice()).unwrap_or_default();
                errors.iter().find(|fault| fault.champ == name).map(|fault| fault.message.clone())
            })
        })
    }

    /// Sends. `check`: the server's own rules, asked before it; `work`: the call; `done`: what comes after,
    /// `stale`: reads what somebody else made of it, once they were faster. What was typed in a change while it was
    /// on its way stays in the form, which then stays open.
    pub fn send<T, W>(
        self,
        check: AppResult<()>,
        work: impl FnOnce() -> W,
        done: impl FnOnce(T) + 'static,
        stale: impl FnOnce() + 'static,
    ) where
        W: Future<Output = Result<T, AppError>> + 'static,
        T: Answer + 'static,
    {
        if self.busy.get_untracked() {
            return;
        }
        if let Err(error) = check {
            self.refuse(error);
            return;
        }
        self.refusal.set(None);
        self.busy.set(true);
        let sent = self.draft.texts();
        let let_go = self.still.then(|| keep_still(self.id));
        let work = work();
        spawn_local(async move {
            let answer = work.await;
            if let Some(let_go) = let_go {
                let_go();
            }
            // The page may be gone by then.
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(value) => {
                    self.key.set(fresh_key());
                    self.draft.settle(sent);
                    let typed_since = untrack(|| self.draft.is_touched());
                    match value.version().filter(|_| typed_since && !self.still) {
                        Some(version) => {
                            self.version.set(Some(version));
                            self.toasts.done("Enregistré. Ce que vous avez saisi depuis ne l'est pas encore.");
                        }
                        None => done(value),
                    }
                }
                Err(error) => {
                    let is_stale = error.code == ErrorCode::StaleVersion;
                    self.refuse(error);
                    if is_stale {
                        stale();
                    }
                }
            }
        });
    }

    /// Says why not, and puts the cursor where it is wrong.
    pub fn refuse(self, error: AppError) {
        match error.code {
            // Sent with another content before: it is another sending.
            ErrorCode::IdempotencyConflict => self.key.set(fresh_key()),
            ErrorCode::Unauthenticated => self.toasts.failed("Votre session a pris fin. Reconnectez-vous dans un autre onglet : rien de ce qui est saisi ici n'est perdu."),
            _ => {}
        }
        self.refusal.set(Some(at_its_field(error)));
        focus_first_fault(self.id);
    }
}

/// The key of an opened form: a plain form that came back keeps its own, unless that one was spent. It
/// travels with the page, so call it where server and browser count alike: not inside a suspense.
pub fn form_key(back: &FormReturn) -> String {
    let spent = back.error.as_ref().is_some_and(|error| error.code == ErrorCode::IdempotencyConflict);
    let kept = back.value("cle").filter(|key| !spent && !key.is_empty()).map(str::to_owned);
    SharedValue::new(move || kept.unwrap_or_else(fresh_key)).into_inner()
}

/// A refusal that is about one field, although it comes from the rows that there are, is shown there.
fn at_its_field(mut error: AppError) -> AppError {
    let champ = match error.code {
        ErrorCode::EmailTaken => "email",
        ErrorCode::ReferenceTaken => "reference",
        ErrorCode::NameTaken => "nom",
        _ => return error,
    };
    if error.errors.is_empty() {
        let (code, message) = (error.code.as_str().to_owned(), error.detail.clone());
        error.errors.push(FieldError { champ: champ.to_owned(), code, message });
    }
    error
}

/// What was refused and stands at no field of the form.
#[component]
pub fn RefusalNotice(
    /// The form.
    editor: Editor,
    /// Fields that show their own faults; all of the form's where that is not said.
    #[prop(optional)]
    fields: Option<&'static [&'static str]>,
) -> impl IntoView {
    let own = move |name: &str| fields.map_or_else(|| editor.draft.has(name), |fields| fields.contains(&name));
    move || {
        let error = editor.refusal.get()?;
        if error.code == ErrorCode::StaleVersion {
            return None;
        }
        let elsewhere: Vec<_> = error.errors.iter().filter(|fault| !own(&fault.champ)).cloned().collect();
        if !error.errors.is_empty() && elsewhere.is_empty() {
            return None;
        }
        let lines = elsewhere.into_iter().map(|fault| view! { <li>{fault.message}</li> }).collect_view();
        Some(view! {
            <Notice tone=Tone::Rose title=error.code.title() alert=true>
                <p>{error.errors.is_empty().then(|| error.detail.clone())}</p>
                <ul>{lines}</ul>
            </Notice>
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_is_said_at_its_field() {
        let taken = at_its_field(AppError::new(ErrorCode::EmailTaken, "Déjà utilisée."));
        assert_eq!(taken.message_for("email"), Some("Déjà utilisée."));
        assert!(at_its_field(AppError::new(ErrorCode::LastAdmin, "Non.")).errors.is_empty());
    }
}
