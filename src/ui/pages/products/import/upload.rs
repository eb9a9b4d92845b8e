//! Chooses a file, sees what it would do, imports it. A plain form with a file; where the page has woken up,
//! it is sent without leaving the page.

use leptos::ev::{MouseEvent, SubmitEvent};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlFormElement;

use super::PATH;
use super::preview::Preview;
use crate::auth::server_functions::FormReturn;
use crate::error::{AppError, ErrorCode};
use crate::imports::model::ImportReport;
use crate::imports::server_functions::undo_import;
use crate::products::model::ProductFormData;
use crate::shared::ImportId;
use crate::shared::text::count;
use crate::ui::browser::{follow, fresh_key, send_form};
use crate::ui::components::{Button, ButtonKind, Card, Glyph, LiveRegion, Notice, Toasts, Tone, use_toasts};

/// Id of the form.
const FORM_ID: &str = "import-produits";

/// What is being done with the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Checking,
    Importing,
}

impl Step {
    /// Its name in the plain form.
    fn action(self) -> &'static str {
        match self {
            Step::Checking => "verifier",
            Step::Importing => "importer",
        }
    }
}

/// What the form is at.
#[derive(Clone, Copy)]
struct Work {
    step: RwSignal<Option<Step>>,
    report: RwSignal<Option<ImportReport>>,
    refusal: RwSignal<Option<AppError>>,
    key: RwSignal<String>,
    reload: RwSignal<u32>,
    toasts: Toasts,
}

impl Work {
    /// Sends the form as it stands.
    fn send(self, step: Step) {
        if self.step.get_untracked().is_some() {
            return;
        }
        let form = document().get_element_by_id(FORM_ID).and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
        let Some(form) = form else { return };
        self.refusal.set(None);
        self.step.set(Some(step));
        spawn_local(async move {
            let answer = send_form::<ImportReport>(form.clone(), PATH, &[("action", step.action())]).await;
            // The page may be gone by then.
            if self.step.try_set(None).is_some() {
                return;
            }
            match answer {
                Ok(report) => match report.id {
                    None => self.report.set(Some(report)),
                    Some(id) => self.imported(id, &report, &form),
                },
                Err(error) => self.refuse(error),
            }
        });
    }

    fn imported(self, id: ImportId, report: &ImportReport, form: &HtmlFormElement) {
        form.reset();
        self.report.set(None);
        self.key.set(fresh_key());
        self.reload.update(|n| *n += 1);
        let (toasts, reload) = (self.toasts, self.reload);
        self.toasts.undoable_later(format!("Import terminé : {}.", summary(report)), move || {
            spawn_local(async move {
                match undo_import(id).await {
                    Ok(_) => toasts.done("L'import est annulé."),
                    Err(error) => toasts.failed(error.detail),
                }
                let _ = reload.try_update(|n| *n += 1);
            });
        });
    }

    fn refuse(self, error: AppError) {
        match error.code {
            ErrorCode::IdempotencyConflict => self.key.set(fresh_key()),
            ErrorCode::Unauthenticated => crate::ui::session::sign_in_again(),
            _ => {}
        }
        self.refusal.set(Some(error));
    }
}

/// `3 produits créés, 2 modifiés`
fn summary(report: &ImportReport) -> String {
    let parts = [
        (report.crees, "créé", "créés"),
        (report.modifies, "modifié", "modifiés"),
        (report.inchanges, "inchangé", "inchangés"),
    ];
    let told: Vec<_> = parts.into_iter().filter(|(n, ..)| *n > 0).map(|(n, one, many)| count(n, one, many)).collect();
    if told.is_empty() { "rien à faire".to_owned() } else { told.join(", ") }
}

/// The form and what the file would do.
#[component]
pub fn Upload(
    /// A plain form that came back.
    back: FormReturn,
    /// Names this sending.
    key: String,
    /// Names the categories.
    data: Resource<Result<ProductFormData, AppError>>,
    /// Counted up, reads the past imports again.
    reload: RwSignal<u32>,
) -> impl IntoView {
    let report = back.value("rapport").and_then(|json| serde_json::from_str::<ImportReport>(json).ok());
    // A refused undo is said where the imports are.
    let refusal = back.error.clone().filter(|_| back.value("action") != Some("annuler"));
    let work = Work {
        step: RwSignal::new(None),
        report: RwSignal::new(report),
        refusal: RwSignal::new(refusal),
        key: RwSignal::new(key),
        reload,
        toasts: use_toasts(),
    };
    let carried = |name: &'static str| {
        let value = back.value(name).unwrap_or_default().to_owned();
        view! { <input type="hidden" name=name value=value/> }
    };
    let (content, name) = (carried("contenu"), carried("nom_fichier"));
    let live = RwSignal::new(false);
    Effect::new(move |_| live.set(true));
    let chosen = NodeRef::<html::Input>::new();
    follow(chosen, None);
    let on_submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        work.send(Step::Checking);
    };
    let import = move |ev: MouseEvent| {
        ev.prevent_default();
        work.send(Step::Importing);
    };
    let at = move |step: Step| Signal::derive(move || work.step.get() == Some(step));
    let spoken = Signal::derive(move || match (work.step.get(), work.report.get()) {
        (Some(Step::Checking), _) => "Lecture du fichier…".to_owned(),
        (Some(Step::Importing), _) => "Import en cours…".to_owned(),
        (None, Some(report)) => format!("{}, {}", summary(&report), count(report.erreurs, "erreur", "erreurs")),
        (None, None) => String::new(),
    });
    view! {
        <form
            id=FORM_ID
            class="import-form"
            method="post"
            action=PATH
            enctype="multipart/form-data"
            aria-label="Importer un fichier"
            on:submit=on_submit
        >
            <input type="hidden" name="cle" value=move || work.key.get()/>
            {content} {name}
            <Card title="Fichier">
                <div class="import-choose">
                    <div class="field">
                        <label class="field-label" for="fichier">
                            "Fichier CSV ou Excel (XLSX)"
                        </label>
                        <input
                            node_ref=chosen
                            class="control"
                            id="fichier"
                            name="fichier"
                            type="file"
                            accept=".csv,.xlsx,text/csv"
                            aria-describedby="fichier-aide"
                            on:change=move |_| {
                                work.report.set(None);
                                work.send(Step::Checking);
                            }
                        />
                    </div>
                    <Button
                        submit=true
                        icon=Glyph::Eye
                        busy=at(Step::Checking)
                        busy_text="Lecture…"
                        text="Vérifier le fichier"
                        attr:name="action"
                        attr:value="verifier"
                    />
                </div>
                <p class="field-hint" id="fichier-aide">
                    "Une ligne par produit, reconnu à sa référence ou, sans elle, à l'identifiant que donne un export : les produits connus \
                     sont modifiés, les autres créés. Un export de la liste se réimporte tel quel. Rien n'est écrit avant votre accord."
                </p>
                {move || work.step.get().map(|_| view! { <progress class="import-progress" aria-label="En cours"></progress> })}
            </Card>
            <LiveRegion text=spoken/>
            {move || work.refusal.get().map(|error| view! { <Refused error/> })}
            {move || {
                work.report
                    .get()
                    .map(|report| {
                        let ready = report.erreurs == 0;
                        let nothing = report.crees + report.modifies == 0;
                        let lines = count(report.crees + report.modifies, "produit", "produits");
                        let actions = view! {
                            <div class="form-actions">
                                <Button
                                    kind=ButtonKind::Primary
                                    submit=true
                                    icon=Glyph::Upload
                                    busy=at(Step::Importing)
                                    busy_text="Import en cours…"
                                    disabled=!ready || nothing
                                    text=if nothing { "Rien à importer".to_owned() } else { format!("Importer {lines}") }
                                    attr:name="action"
                                    attr:value="importer"
                                    on:click=import
                                />
                                {(!ready)
                                    .then(|| {
                                        view! {
                                            <p class="text-ink-soft">
                                                "Corrigez les erreurs dans le fichier, puis choisissez-le à nouveau."
                                            </p>
                                        }
                                    })}
                            </div>
                        };
                        view! {
                            <Preview report data live/>
                            {actions}
                        }
                    })
            }}
        </form>
    }
}

/// Why the file was refused, all of it.
#[component]
fn Refused(error: AppError) -> impl IntoView {
    let lines = error
        .errors
        .iter()
        .take(20)
        .map(|fault| view! { <li>{format!("{} : {}", place(&fault.champ), fault.message)}</li> })
        .collect_view();
    let lead = error.errors.is_empty().then(|| error.detail.clone());
    // People chose a file and know nothing of a request.
    let title = if error.code == ErrorCode::BadRequest { "Fichier illisible" } else { error.code.title() };
    view! {
        <Notice tone=Tone::Rose title alert=true>
            <p>{lead}</p>
            <ul>{lines}</ul>
        </Notice>
    }
}

/// `lignes[12].prix` as people say it; a column by its name.
fn place(champ: &str) -> String {
    let line = champ.strip_prefix("lignes[").and_then(|rest| rest.split_once("]."));
    match line {
        Some((line, field)) => format!("Ligne {line}, {}", super::preview::column_label(field)),
        // The one that a file may lack, by its name on the wire.
        None if matches!(champ, "fichier" | "reference") => "Fichier".to_owned(),
        None => format!("Colonne « {champ} »"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_found_in_the_file() {
        assert_eq!(place("lignes[12].prix"), "Ligne 12, Prix TTC");
        assert_eq!(place("Couleur"), "Colonne « Couleur »");
        assert_eq!((place("fichier"), place("reference")), ("Fichier".to_owned(), "Fichier".to_owned()));
    }
}
