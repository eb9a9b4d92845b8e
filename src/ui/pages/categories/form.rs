//! The form of a category, above the list: the URL opens it, so that it is there without JavaScript too.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use serde_json::{Map, Value};

use super::deeds::Deeds;
use super::{EDIT, NEW, PATH, edit_address, new_address};
use crate::auth::server_functions::FormReturn;
use crate::categories::model::{Category, read_change, read_new};
use crate::categories::server_functions::{create_category, read_category, update_category};
use crate::error::{AppError, AppResult};
use crate::shared::CategoryId;
use crate::ui::browser::focus;
use crate::ui::components::{Button, ButtonKind, Card, LinkButton, Refusal, Skeleton, TextArea, TextField};
use crate::ui::editor::{ConflictNotice, Draft, Editor, FormField, Kind, RefusalNotice, form_key};
use crate::ui::query::{QueryPairs, param};

/// Id of the form.
const FORM_ID: &str = "fiche-categorie";

/// What one fills in.
pub const FIELDS: &[FormField] =
    &[FormField::new("nom", "Nom", Kind::Text), FormField::new("description", "Description", Kind::Text)];
const NAMES: &[&str] = &["nom", "description"];

/// What the URL opens.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Opened {
    Nothing,
    New,
    Known(CategoryId),
}

fn opened(query: &QueryPairs) -> Opened {
    match param(query, EDIT) {
        Some(NEW) => Opened::New,
        Some(id) => id.parse().map_or(Opened::Nothing, |id: i64| Opened::Known(CategoryId(id))),
        None => Opened::Nothing,
    }
}

/// The form, while the URL says so.
#[component]
pub fn FormPlace(
    /// The URL's parameters.
    query: Memo<QueryPairs>,
    /// A plain form that came back.
    back: FormReturn,
    /// Reads the list again.
    deeds: Deeds,
) -> impl IntoView {
    let wanted = Memo::new(move |_| query.with(opened));
    let key = form_key(&back);
    let category = Resource::new(
        move || wanted.get(),
        |wanted| async move {
            match wanted {
                Opened::Known(id) => read_category(id).await.map(Some),
                Opened::New | Opened::Nothing => Ok(None),
            }
        },
    );
    // Only the form that came back keeps what was typed in it.
    let first = query.with_untracked(opened);
    let again = move || if wanted.get_untracked() == first { back.clone() } else { FormReturn::default() };
    view! {
        <Suspense fallback=move || {
            (wanted.get_untracked() != Opened::Nothing).then(|| view! { <section class="card p-4"><Skeleton class="h-40 w-full"/></section> })
        }>
            {move || {
                let (again, key) = (again.clone(), key.clone());
                Suspend::new(async move {
                    let read = category.await;
                    shown(wanted.get_untracked(), read, again(), key, deeds)
                })
            }}
        </Suspense>
    }
}

fn shown(
    wanted: Opened,
    category: Result<Option<Category>, AppError>,
    back: FormReturn,
    key: String,
    deeds: Deeds,
) -> Option<AnyView> {
    let title = match &wanted {
        Opened::Nothing => return None,
        Opened::New => "Nouvelle catégorie".to_owned(),
        Opened::Known(_) => "Modifier la catégorie".to_owned(),
    };
    Some(match category {
        Err(error) => view! { <Refusal error/> }.into_any(),
        Ok(category) => view! {
            <Card title=title>
                <CategoryForm category back key deeds/>
            </Card>
        }
        .into_any(),
    })
}

fn known(category: &Category, name: &str) -> String {
    match name {
        "nom" => category.nom.clone(),
        "description" => category.description.clone().unwrap_or_default(),
        _ => String::new(),
    }
}

/// The server's own rules for what is about to be sent.
fn check(is_new: bool, body: &Map<String, Value>) -> AppResult<()> {
    let body = Value::Object(body.clone());
    if is_new { read_new(body).map(|_| ()) } else { read_change(body).map(|_| ()) }
}

#[component]
fn CategoryForm(category: Option<Category>, back: FormReturn, key: String, deeds: Deeds) -> impl IntoView {
    let id = category.as_ref().map(|category| category.id);
    let now = |name: &str| category.as_ref().map(|category| known(category, name)).unwrap_or_default();
    // An action of the list that came back says nothing of this form.
    let back = if back.value("nom").is_some() { back } else { FormReturn::default() };
    let draft = Draft::new(FIELDS, now, Some(&back));
    let version = category.as_ref().map(|category| category.audit.version);
    let editor = Editor::keyed(FORM_ID, draft, version, &back, key);
    let navigate = use_navigate();
    let close = Callback::new(move |()| {
        navigate(PATH, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
    });
    // Opened by a link further down: the cursor follows.
    Effect::new(move |_| focus("categorie-nom".to_owned()));
    let stale = move || {
        let Some(id) = id else { return };
        spawn_local(async move {
            match read_category(id).await {
                Ok(theirs) => {
                    draft.meet(|name| known(&theirs, name));
                    editor.version.set(Some(theirs.audit.version));
                }
                Err(error) => editor.refuse(error),
            }
        });
    };
    let on_submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        let body = if id.is_none() { draft.body() } else { draft.changes() };
        let allowed = check(id.is_none(), &body);
        let (body, key, version) = (Value::Object(body), editor.key.get_untracked(), editor.version.get_untracked());
        let work = move || async move {
            match id {
                None => create_category(body, key).await,
                Some(id) => update_category(id, body, version).await,
            }
        };
        let done = move |category: Category| {
            deeds.saved(&category);
            close.run(());
        };
        editor.send(allowed, work, done, stale);
    };
    let action = id.map_or_else(new_address, edit_address);
    let save = if id.is_none() { "Ajouter la catégorie" } else { "Enregistrer" };
    view! {
        <form id=FORM_ID class="product-form" method="post" action=action novalidate on:submit=on_submit>
            <input type="hidden" name="action" value="enregistrer"/>
            <input type="hidden" name="id" value=id.map(|id| id.to_string())/>
            <input type="hidden" name="cle" value=move || editor.key.get()/>
            <input type="hidden" name="version" value=move || editor.version.get().map(|version| version.to_string())/>
            <RefusalNotice editor fields=NAMES/>
            <ConflictNotice editor/>
            <TextField
                id="categorie-nom"
                name="nom"
                label="Nom"
                model=draft.text("nom")
                error=editor.fault("nom")
                maxlength=200_u32
                autocomplete="off"
                required=true
            />
            <TextArea
                id="categorie-description"
                name="description"
                label="Description"
                optional=true
                rows=2
                model=draft.text("description")
                error=editor.fault("description")
            />
            <div class="form-actions">
                <Button kind=ButtonKind::Primary submit=true busy=editor.busy busy_text="Enregistrement…" text=save/>
                <LinkButton href=PATH text="Annuler"/>
            </div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_opens_the_form() {
        let pairs = |value: &str| vec![(EDIT.to_owned(), value.to_owned())];
        assert_eq!(opened(&pairs("nouvelle")), Opened::New);
        assert_eq!(opened(&pairs("3")), Opened::Known(CategoryId(3)));
        assert_eq!(opened(&pairs("x")), Opened::Nothing);
        assert_eq!(opened(&Vec::new()), Opened::Nothing);
    }
}
