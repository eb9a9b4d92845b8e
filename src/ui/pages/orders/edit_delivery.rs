//! Changing for whom and where: in a side panel of the order's page, or on a page of its own.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use serde_json::{Map, Value};

use crate::auth::permission::Permission;
use crate::auth::server_functions::FormReturn;
use crate::error::{AppError, ErrorCode};
use crate::orders::input::check_delivery;
use crate::orders::model::Order;
use crate::orders::server_functions::{read_order, update_order};
use crate::orders::workflow::OrderStatus;
use crate::ui::components::{
    Button, ButtonKind, Card, Dialog, Guarded, LinkButton, PageHeader, Refusal, Skeleton, TextArea, TextField, Toasts,
    use_toasts,
};
use crate::ui::editor::{ConflictNotice, Draft, Editor, FormField, Kind, RefusalNotice};
use crate::ui::pages::errors::NotFoundPage;
use crate::ui::status;

/// Id of the form.
const FORM_ID: &str = "livraison";

/// The fields, as the contract calls them.
pub const FIELDS: [FormField; 10] = [
    FormField::new("client_nom", "Client", Kind::Text),
    FormField::new("client_telephone", "Téléphone", Kind::Text),
    FormField::new("client_email", "E-mail", Kind::Text),
    FormField::new("adresse_livraison", "Adresse de livraison", Kind::Text),
    FormField::new("code_postal", "Code postal", Kind::Text),
    FormField::new("ville", "Ville", Kind::Text),
    FormField::new("date_livraison_prevue", "Date prévue", Kind::Text),
    FormField::new("creneau_debut", "Créneau, de", Kind::Text),
    FormField::new("creneau_fin", "Créneau, à", Kind::Text),
    FormField::new("notes", "Notes", Kind::Text),
];

const NAMES: &[&str] = &[
    "client_nom",
    "client_telephone",
    "client_email",
    "adresse_livraison",
    "code_postal",
    "ville",
    "date_livraison_prevue",
    "creneau_debut",
    "creneau_fin",
    "notes",
];

/// Whether client and delivery of an order may still change at all.
pub fn can_change(order: &Order) -> bool {
    !order.deletion.is_deleted && !matches!(order.statut, OrderStatus::Livree | OrderStatus::Annulee)
}

/// What stands on an order under a name.
fn value_of(order: &Order, name: &str) -> String {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    match name {
        "client_nom" => order.client_nom.clone(),
        "client_telephone" => text(&order.client_telephone),
        "client_email" => text(&order.client_email),
        "adresse_livraison" => text(&order.adresse_livraison),
        "code_postal" => text(&order.code_postal),
        "ville" => text(&order.ville),
        "date_livraison_prevue" => order.date_livraison_prevue.map(|day| day.to_string()).unwrap_or_default(),
        "creneau_debut" => text(&order.creneau_debut),
        "creneau_fin" => text(&order.creneau_fin),
        "notes" => text(&order.notes),
        _ => String::new(),
    }
}

/// Another address is another place: the point on the map goes with the old one.
pub fn with_the_place(mut changes: Map<String, Value>, order: &Order) -> Map<String, Value> {
    let moved = ["adresse_livraison", "code_postal", "ville"].iter().any(|name| {
        changes.get(*name).is_some_and(|sent| sent.as_str().unwrap_or_default().trim() != value_of(order, name))
    });
    if moved && order.latitude.is_some() {
        changes.insert("latitude".into(), Value::Null);
        changes.insert("longitude".into(), Value::Null);
    }
    changes
}

/// The open form and the order that it is about.
#[derive(Clone, Copy)]
pub struct DeliveryEdit {
    /// The form.
    pub editor: Editor,
    /// Whether the side panel is open.
    pub panel: RwSignal<bool>,
    order: RwSignal<Option<Order>>,
    back: StoredValue<FormReturn>,
    toasts: Toasts,
    done: Callback<()>,
}

impl DeliveryEdit {
    /// Nothing opened yet. `done`: what comes after saving.
    pub fn new(back: FormReturn, done: Callback<()>) -> Self {
        let editor = Editor::new(FORM_ID, Draft::new(&FIELDS, |_| String::new(), None), None, &back);
        Self {
            editor,
            panel: RwSignal::new(false),
            order: RwSignal::new(None),
            back: StoredValue::new(back),
            toasts: use_toasts(),
            done,
        }
    }

    /// Shows an order as it is; what was typed before, here or in a plain form that came back, is kept.
    pub fn open(self, order: &Order) {
        let again = self.order.with_untracked(|before| before.as_ref().is_some_and(|before| before.id == order.id));
        if again && untrack(|| self.editor.draft.is_touched()) {
            self.editor.draft.meet(|name| value_of(order, name));
        } else {
            self.editor.draft.reset(|name| value_of(order, name));
        }
        self.editor.version.set(Some(order.audit.version));
        // Drawn more than once on the server: what came back stays.
        let back = self.back.get_value();
        if back.values.is_empty() {
            self.editor.refusal.set(None);
        } else {
            let stale = back.error.as_ref().is_some_and(|error| error.code == ErrorCode::StaleVersion);
            self.editor.draft.came_back(&back, stale);
        }
        self.order.set(Some(order.clone()));
    }

    fn send(self) {
        let Some(order) = self.order.get_untracked() else { return };
        let changes = with_the_place(self.editor.draft.changes(), &order);
        if changes.is_empty() {
            self.editor.refusal.set(None);
            self.end();
            return;
        }
        let (id, version, key) = (order.id, self.editor.version.get_untracked(), self.editor.key.get_untracked());
        let check = check_delivery(Value::Object(changes.clone()), &order);
        let send = move || update_order(id, Value::Object(changes), version.unwrap_or_default(), key);
        self.editor.send(
            check,
            send,
            move |order: Order| {
                self.toasts.done(format!("{} est à jour.", order.numero));
                self.end();
            },
            move || self.meet(order),
        );
    }

    /// What was typed is given up.
    fn give_up(self) {
        if let Some(order) = self.order.get_untracked() {
            self.editor.draft.reset(|name| value_of(&order, name));
        }
        self.editor.refusal.set(None);
        self.panel.set(false);
    }

    fn end(self) {
        self.panel.set(false);
        self.done.run(());
    }

    /// Reads what somebody else made of it.
    fn meet(self, seen: Order) {
        spawn_local(async move {
            if let Ok(now) = read_order(seen.id).await {
                if self.editor.version.try_set(Some(now.order.audit.version)).is_some() {
                    return;
                }
                if !can_change(&now.order) {
                    return self.editor.refusal.set(Some(too_late(&now.order)));
                }
                self.editor.draft.meet(|name| value_of(&now.order, name));
                self.order.set(Some(now.order));
            }
        });
    }
}

/// The side panel.
#[component]
pub fn DeliveryPanel(
    /// What is edited.
    edit: DeliveryEdit,
) -> impl IntoView {
    view! {
        <Dialog id="modifier-livraison" open=edit.panel title="Modifier la livraison" side=true>
            {move || edit.panel.get().then(|| view! { <DeliveryForm edit in_panel=true/> })}
        </Dialog>
    }
}

/// The form.
#[component]
fn DeliveryForm(edit: DeliveryEdit, in_panel: bool) -> impl IntoView {
    let order = edit.order.get_untracked();
    let path = order.as_ref().map(|order| format!("/commandes/{}", order.id)).unwrap_or_default();
    let editable = order.is_some_and(|order| order.statut.is_editable());
    let editor = edit.editor;
    let on_submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        edit.send();
    };
    let first = if editable { "client_nom" } else { "client_telephone" };
    let text = move |name: &'static str, kind: &'static str, longest: u32, class: &'static str| {
        let label = FIELDS.iter().find(|field| field.name == name).map_or("", |field| field.label);
        view! {
            <div class=class>
                <TextField
                    name=name
                    label=label
                    kind=kind
                    autocomplete="off"
                    maxlength=longest
                    model=editor.draft.text(name)
                    error=editor.fault(name)
                    autofocus=name == first
                />
            </div>
        }
    };
    let leave = {
        let path = path.clone();
        move || {
            if in_panel {
                view! { <Button text="Annuler" on:click=move |_| edit.give_up()/> }.into_any()
            } else {
                view! { <LinkButton href=path.clone() text="Annuler"/> }.into_any()
            }
        }
    };
    view! {
        <form
            id=FORM_ID
            class="edit-form"
            method="post"
            action=format!("{path}/livraison")
            novalidate
            aria-label="Livraison"
            on:submit=on_submit
        >
            <input type="hidden" name="version" value=move || editor.version.get().map(|v| v.to_string())/>
            <ConflictNotice editor/>
            <RefusalNotice editor fields=NAMES/>
            <div class="edit-grid">
                {if editable {
                    text("client_nom", "text", 200, "edit-full").into_any()
                } else {
                    view! {
                        <p class="field-hint edit-full">"En préparation, le client et les articles ne changent plus."</p>
                    }
                        .into_any()
                }}
                {text("client_telephone", "tel", 30, "")}
                {text("client_email", "email", 254, "")}
                {text("adresse_livraison", "text", 500, "edit-full")}
                {text("code_postal", "text", 20, "")}
                {text("ville", "text", 200, "")}
                {text("date_livraison_prevue", "date", 10, "edit-full")}
                {text("creneau_debut", "time", 5, "")}
                {text("creneau_fin", "time", 5, "")}
                <div class="edit-full">
                    <TextArea
                        name="notes"
                        label="Notes"
                        rows=3
                        model=editor.draft.text("notes")
                        error=editor.fault("notes")
                    />
                </div>
            </div>
            <div class="dialog-actions">
                {leave()}
                <Button
                    kind=ButtonKind::Primary
                    submit=true
                    busy=editor.busy
                    busy_text="Enregistrement…"
                    text="Enregistrer"
                />
            </div>
        </form>
    }
}

/// `/commandes/{id}/livraison`: the same form on a page, for browsers without JavaScript.
#[component]
pub fn EditDeliveryPage() -> impl IntoView {
    view! {
        <div class="page page-narrow">
            <Guarded permission=Permission::WriteOrders>
                <EditDelivery/>
            </Guarded>
        </div>
    }
}

#[component]
fn EditDelivery() -> impl IntoView {
    let id = crate::ui::query::use_id::<crate::shared::OrderId>();
    let detail = Resource::new(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => read_order(id).await,
                None => Err(AppError::not_found("Cette commande")),
            }
        },
    );
    let back = SharedValue::new(|| use_context::<FormReturn>().unwrap_or_default()).into_inner();
    let navigate = use_navigate();
    let done = Callback::new(move |()| {
        if let Some(id) = id.get_untracked() {
            navigate(&format!("/commandes/{id}"), NavigateOptions { replace: true, ..NavigateOptions::default() });
        }
    });
    let edit = DeliveryEdit::new(back, done);
    view! {
        <Suspense fallback=|| view! { <Skeleton class="h-96 w-full"/> }>
            {move || Suspend::new(async move {
                match detail.await {
                    Ok(detail) if can_change(&detail.order) => {
                        let order = detail.order;
                        edit.open(&order);
                        let path = format!("/commandes/{}", order.id);
                        view! {
                            <PageHeader title="Modifier la livraison" back=(path, order.numero.clone())/>
                            <Card title="Client et livraison">
                                <DeliveryForm edit in_panel=false/>
                            </Card>
                        }
                            .into_any()
                    }
                    Ok(detail) => view! { <TooLate order=detail.order/> }.into_any(),
                    Err(error) if error.code == ErrorCode::NotFound => view! { <NotFoundPage/> }.into_any(),
                    Err(error) => {
                        status::set(error.code.status());
                        view! { <Refusal error/> }.into_any()
                    }
                }
            })}
        </Suspense>
    }
}

/// What is over does not change any more.
#[component]
pub fn TooLate(
    /// The order.
    order: Order,
) -> impl IntoView {
    status::set(409);
    let error = too_late(&order);
    let path = format!("/commandes/{}", order.id);
    view! {
        <PageHeader title=order.numero.clone() back=(path, order.numero.clone())/>
        <Refusal error/>
    }
}

/// Why an order that has moved on is not changed.
pub fn too_late(order: &Order) -> AppError {
    let words = format!("Au statut « {} », cette commande ne se modifie plus ainsi.", order.statut.label());
    AppError::new(ErrorCode::StateConflict, words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_field_is_named_once() {
        assert_eq!(FIELDS.map(|field| field.name).as_slice(), NAMES);
    }

    #[test]
    fn another_address_takes_its_point_away() {
        let at = "2026-11-22T10:00:00Z";
        let order: Order = serde_json::from_value(json!({
            "id": 1, "numero": "CMD", "statut": "confirmee", "statut_libelle": "", "client_id": 1, "client_nom": "Anne",
            "adresse_livraison": "1 rue A", "latitude": 1.0, "longitude": 2.0, "total": 1, "total_ht": 1, "total_tva": 0,
            "items": [], "transitions_permises": [], "created_at": at, "updated_at": at, "created_by": 1, "updated_by": 1,
            "version": 1, "is_deleted": false
        }))
        .expect("an order");
        let sent = |name: &str, value: &str| {
            let changes = Map::from_iter([(name.to_owned(), json!(value))]);
            with_the_place(changes, &order).contains_key("latitude")
        };
        assert!(sent("adresse_livraison", "2 rue B") && sent("ville", "Lyon"));
        assert!(!sent("adresse_livraison", "1 rue A") && !sent("notes", "x"));
    }
}
