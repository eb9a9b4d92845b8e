//! The form that puts a delivery right: three quantities a line, and why.

use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::correct::{PARTS, address, at_their_boxes, body_of, box_name, check, quantity};
use crate::auth::server_functions::FormReturn;
use crate::deliveries::input::Ordered;
use crate::deliveries::model::AttemptLine;
use crate::deliveries::server_functions::correct_delivery;
use crate::orders::model::Order;
use crate::orders::server_functions::read_order;
use crate::shared::text::count;
use crate::shared::{OrderId, OrderItemId};
use crate::ui::browser::{follow, sure_to_leave};
use crate::ui::components::{Button, ButtonKind, FieldError, LinkButton, TextArea, VisuallyHidden};
use crate::ui::editor::{ConflictNotice, Draft, Editor, Kind, Named, RefusalNotice};

/// Id of the form.
const FORM_ID: &str = "correction-livraison";
/// Name of the reason.
const REASON: &str = "motif";

/// A delivered order as its correction speaks of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// The order.
    pub id: OrderId,
    /// Its version, as it was seen.
    pub version: i32,
    /// Its number.
    pub numero: String,
    ordered: Vec<Ordered>,
    now: Vec<AttemptLine>,
}

impl Subject {
    /// From the order and how its lines stand.
    pub fn new(order: &Order, livrees: &[AttemptLine]) -> Self {
        let known = |item: &Ordered| livrees.iter().find(|line| line.item_id == item.item_id).copied();
        let ordered: Vec<_> = order.items.iter().map(Ordered::from).filter(|item| known(item).is_some()).collect();
        let now = ordered.iter().filter_map(known).collect();
        Self { id: order.id, version: order.audit.version, numero: order.numero.clone(), ordered, now }
    }

    fn fields(&self) -> Vec<Named> {
        let of_line = |item: &Ordered| {
            PARTS.map(|part| (box_name(part, item.item_id).into(), label(&item.nom, part).into(), Kind::Integer))
        };
        let reason: Named = (REASON.into(), "Motif".into(), Kind::Text);
        self.ordered.iter().flat_map(of_line).chain([reason]).collect()
    }

    /// What a box holds; nothing for the reason, which is always a new one.
    fn value(&self, name: &str) -> String {
        let found = name.split_once('_').and_then(|(part, id)| {
            let id = OrderItemId(id.parse().ok()?);
            self.now.iter().find(|line| line.item_id == id).map(|line| quantity(line, part))
        });
        found.map(|n| n.to_string()).unwrap_or_default()
    }
}

/// `Thé vert, abîmés`
fn label(nom: &str, part: &str) -> String {
    let words = match part {
        "remis" => "remis",
        "abime" => "abîmés",
        _ => "manquants",
    };
    format!("{nom}, {words}")
}

/// The form.
#[component]
pub fn CorrectForm(
    /// What is corrected.
    subject: Subject,
    /// A plain form that came back.
    back: FormReturn,
    /// What comes after.
    done: Callback<Order>,
    /// Closes its panel; on a page of its own a link leads back.
    leave: Option<Callback<()>>,
) -> impl IntoView {
    let (id, version) = (subject.id, subject.version);
    // The reason is a new one each time: nobody else's stands against it.
    let reason = StoredValue::new(back.value(REASON).unwrap_or_default().to_owned());
    let now = |name: &str| if name == REASON { reason.get_value() } else { subject.value(name) };
    let draft = Draft::of(subject.fields(), now, Some(&back));
    let text = move |name: &str| draft.text(name).get_untracked();
    let editor = Editor::keyed(FORM_ID, draft, Some(version), &back, String::new());
    let rows = subject.ordered.iter().map(|item| view! { <Row item=item.clone() editor/> }).collect_view();
    let seen = StoredValue::new(subject);
    let stale = move || {
        spawn_local(async move {
            match read_order(id).await {
                Ok(now) => {
                    let now = Subject::new(&now.order, &now.livrees);
                    // The page may be gone by then.
                    if editor.version.try_set(Some(now.version)).is_none() {
                        draft.meet(|name| if name == REASON { reason.get_value() } else { now.value(name) });
                        seen.set_value(now);
                    }
                }
                Err(error) => editor.refuse(error),
            }
        });
    };
    let on_submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        let body = seen.with_value(|seen| body_of(&seen.now, &text(REASON), |name| Some(text(name))));
        let allowed = seen.with_value(|seen| check(&seen.ordered, &body)).map_err(|error| at_their_boxes(error, &body));
        let version = editor.version.get_untracked().unwrap_or(version);
        let work = move || async move {
            // The version that was seen makes a second sending harmless.
            let answer = correct_delivery(id, body.clone(), version, String::new()).await;
            answer.map_err(|error| at_their_boxes(error, &body))
        };
        editor.send(allowed, work, move |order| done.run(order), stale);
    };
    let head = |name: &'static str| view! { <th scope="col" class="number">{name}</th> };
    view! {
        <form
            id=FORM_ID
            class="order-cancel-form"
            method="post"
            action=address(id)
            novalidate
            aria-label="Correction"
            on:submit=on_submit
        >
            <input type="hidden" name="version" value=move || editor.version.get().map(|version| version.to_string())/>
            <ConflictNotice editor/>
            <RefusalNotice editor/>
            <table class="table correct-lines">
                <caption>
                    <VisuallyHidden>"Quantités de la livraison"</VisuallyHidden>
                </caption>
                <thead>
                    <tr>
                        <th scope="col">"Article"</th>
                        {head("Remis")} {head("Abîmé")} {head("Manquant")}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <p class="field-hint">
                "Le reste de chaque ligne a été refusé. Ce qui est refusé ou manquant revient en stock, ce qui est abîmé \
                 non. L'ancienne saisie reste dans l'historique."
            </p>
            <TextArea
                name=REASON
                id="motif-correction"
                label="Motif"
                rows=2
                model=draft.text(REASON)
                error=editor.fault(REASON)
                required=true
            />
            <div class="dialog-actions">
                {match leave {
                    Some(leave) => {
                        let on_click = move |_| {
                            if !untrack(|| draft.is_touched()) || sure_to_leave() {
                                leave.run(());
                            }
                        };
                        view! { <Button text="Ne rien changer" on:click=on_click/> }.into_any()
                    }
                    None => view! { <LinkButton href=format!("/commandes/{id}") text="Ne rien changer"/> }.into_any(),
                }}
                <Button
                    kind=ButtonKind::Primary
                    submit=true
                    busy=editor.busy
                    busy_text="Enregistrement…"
                    text="Corriger la livraison"
                />
            </div>
        </form>
    }
}

/// A line: its article, and a box for each quantity. What is wrong with one stands under the line, where there is room.
#[component]
fn Row(item: Ordered, editor: Editor) -> impl IntoView {
    let names = PARTS.map(|part| box_name(part, item.item_id));
    let faults = names.clone().map(|name| (format!("{name}-erreur"), editor.fault(name)));
    let any = {
        let faults = faults.clone();
        Signal::derive(move || faults.iter().any(|(_, fault)| fault.with(Option::is_some)))
    };
    let boxes = PARTS.into_iter().zip(names).map(|(part, name)| {
        let label = label(&item.nom, part);
        view! {
            <td>
                <Quantity name label editor/>
            </td>
        }
    });
    let boxes = boxes.collect_view();
    view! {
        <tr class:correct-wrong=any>
            <th scope="row">
                {item.nom.clone()}
                <span class="correct-ordered">{count(item.quantity, "commandé", "commandés")}</span>
            </th>
            {boxes}
        </tr>
        {move || {
            let told = faults.clone().map(|(id, error)| view! { <FieldError id error/> });
            any.get()
                .then(|| {
                    view! {
                        <tr>
                            <td colspan="4">
                                {told}
                            </td>
                        </tr>
                    }
                })
        }}
    }
}

/// A box of a line.
#[component]
fn Quantity(name: String, label: String, editor: Editor) -> impl IntoView {
    let (model, fault) = (editor.draft.text(&name), editor.fault(name.clone()));
    let node = NodeRef::<html::Input>::new();
    follow(node, Some(model));
    let described = format!("{name}-erreur");
    view! {
        <input
            node_ref=node
            class="control control-number"
            type="text"
            inputmode="numeric"
            autocomplete="off"
            id=name.clone()
            name=name
            value=model.get_untracked()
            aria-label=label
            aria-invalid=move || fault.with(Option::is_some).then_some("true")
            aria-describedby=move || fault.with(Option::is_some).then(|| described.clone())
            on:input:target=move |event| model.set(event.target().value())
        />
    }
}
