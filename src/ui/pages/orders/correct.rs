//! Putting a delivery right: how many of each article were really handed over, and why it was believed otherwise.

use std::collections::BTreeMap;

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use serde_json::{Value, json};

use super::actions::address;
use super::moves::{Doing, Moves};
use crate::auth::permission::Permission;
use crate::auth::server_functions::{FormReturn, PageContext};
use crate::deliveries::model::AttemptLine;
use crate::live::use_live;
use crate::orders::model::Order;
use crate::orders::workflow::OrderStatus;
use crate::shared::OrderId;
use crate::shared::text::count;
use crate::ui::components::{Button, ButtonKind, Dialog, Glyph, Icon, Notice, TextArea, Tone, VisuallyHidden};

/// Name of the form among those of the page.
pub const ACTION: &str = "correction";

fn remis(line: &AttemptLine) -> String {
    format!("remis_{}", line.item_id)
}

fn abime(line: &AttemptLine) -> String {
    format!("abime_{}", line.item_id)
}

fn manquant(line: &AttemptLine) -> String {
    format!("manquant_{}", line.item_id)
}

/// What the contract takes, of what was typed: the lines that are not as they were believed to be. What is left
/// of a line was refused.
pub fn body_of(lines: &[AttemptLine], motif: &str, typed: impl Fn(&str) -> Option<String>) -> Value {
    let read = |name: &str, now: i64| match typed(name) {
        None => json!(now),
        Some(text) => text.trim().parse::<i64>().map_or_else(|_| json!(text), |n| json!(n)),
    };
    let told = lines.iter().filter_map(|line| {
        let now = [line.remis, line.abime, line.manquant];
        let told = [read(&remis(line), now[0]), read(&abime(line), now[1]), read(&manquant(line), now[2])];
        let changed = told != now.map(|n| json!(n));
        let [remis, abime, manquant] = told;
        changed.then(|| json!({ "item_id": line.item_id, "remis": remis, "abime": abime, "manquant": manquant }))
    });
    json!({ "motif": motif, "lignes": told.collect::<Vec<_>>() })
}

/// A delivered order as its correction speaks of it.
#[derive(Debug, Clone, PartialEq)]
struct Subject {
    id: OrderId,
    version: i32,
    numero: String,
    address: String,
    lines: Vec<Line>,
}

#[derive(Debug, Clone, PartialEq)]
struct Line {
    nom: String,
    quantity: i64,
    now: AttemptLine,
}

/// What the page keeps of a correction while the order is read again.
#[derive(Clone, Copy)]
pub struct Correcting {
    open: RwSignal<bool>,
    reason: RwSignal<String>,
    typed: RwSignal<BTreeMap<String, String>>,
    subject: RwSignal<Option<Subject>>,
}

impl Correcting {
    /// For one page; `back`: a plain form that was refused.
    pub fn new(back: &FormReturn) -> Self {
        let back = back.of_action(ACTION);
        let reason = back.value("motif").unwrap_or_default().to_owned();
        Self {
            open: RwSignal::new(false),
            reason: RwSignal::new(reason),
            typed: RwSignal::new(back.values.into_iter().collect()),
            subject: RwSignal::new(None),
        }
    }

    fn clear(self) {
        self.open.set(false);
        self.reason.set(String::new());
        self.typed.set(BTreeMap::new());
    }
}

fn subject_of(order: &Order, livrees: &[AttemptLine]) -> Subject {
    let lines = order.items.iter().filter_map(|item| {
        let now = *livrees.iter().find(|line| line.item_id == item.id)?;
        Some(Line { nom: item.product_nom.clone(), quantity: item.quantity, now })
    });
    Subject {
        id: order.id,
        version: order.audit.version,
        numero: order.numero.clone(),
        address: address(order),
        lines: lines.collect(),
    }
}

/// The way to it: a button, or without JavaScript a part of the page that unfolds.
#[component]
pub fn Correct(
    /// The order.
    order: Order,
    /// How its lines stand.
    livrees: Vec<AttemptLine>,
    /// What was typed.
    correcting: Correcting,
    /// Carries it out.
    moves: Moves,
) -> impl IntoView {
    let may = expect_context::<PageContext>().user.is_some_and(|user| user.may(Permission::WriteOrders));
    (may && order.statut == OrderStatus::Livree).then(|| {
        let live = use_live();
        let subject = StoredValue::new(subject_of(&order, &livrees));
        Effect::new(move |_| correcting.subject.set(Some(subject.get_value())));
        let unfolded = correcting.typed.with_untracked(|typed| !typed.is_empty());
        view! {
            <section class="order-correct" aria-label="Correction">
                {move || {
                    if live.awake() {
                        view! {
                            <Button
                                icon=Glyph::Pencil
                                text="Corriger la livraison"
                                on:click=move |_| correcting.open.set(true)
                            />
                        }
                            .into_any()
                    } else {
                        view! {
                            <details class="order-cancel-plain" open=unfolded>
                                <summary class="btn btn-secondary">
                                    <Icon of=Glyph::Pencil/>
                                    <span>"Corriger la livraison"</span>
                                </summary>
                                <CorrectForm subject=subject.get_value() correcting moves/>
                            </details>
                        }
                            .into_any()
                    }
                }}
            </section>
        }
    })
}

/// Asks for the quantities. Beside what is read again when others change the order.
#[component]
pub fn CorrectDialog(
    /// What was typed.
    correcting: Correcting,
    /// Carries it out.
    moves: Moves,
) -> impl IntoView {
    let live = use_live();
    let title = Signal::derive(move || {
        let numero = correcting.subject.with(|subject| subject.as_ref().map(|s| s.numero.clone()));
        format!("Corriger la livraison {}", numero.unwrap_or_default())
    });
    let told = Memo::new(move |_| correcting.subject.get());
    view! {
        <Show when=move || live.awake()>
            <Dialog id="correction" open=correcting.open title wide=true>
                {move || {
                    moves
                        .refusal
                        .get()
                        .map(|error| {
                            let (detail, more) = super::moves::explain(&error);
                            let more = more.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
                            view! {
                                <Notice tone=Tone::Rose title=error.code.title() alert=true>
                                    <p>{detail}</p>
                                    <ul>{more}</ul>
                                </Notice>
                            }
                        })
                }}
                {move || told.get().map(|subject| view! { <CorrectForm subject correcting moves/> })}
            </Dialog>
        </Show>
    }
}

#[component]
fn CorrectForm(subject: Subject, correcting: Correcting, moves: Moves) -> impl IntoView {
    let live = use_live();
    let busy = Signal::derive(move || moves.doing.get() == Some(Doing::Correcting));
    let (id, version) = (subject.id, subject.version);
    let lines: Vec<_> = subject.lines.iter().map(|line| line.now).collect();
    let on_submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        let reason = correcting.reason.get_untracked();
        let body = correcting.typed.with_untracked(|typed| body_of(&lines, &reason, |name| typed.get(name).cloned()));
        moves.correct(id, version, body, move || correcting.clear());
    };
    let box_of = move |name: String, label: String, now: i64, most: i64| {
        let value =
            correcting.typed.with_untracked(|typed| typed.get(&name).cloned()).unwrap_or_else(|| now.to_string());
        let typed = name.clone();
        view! {
            <input
                class="control control-number"
                type="number"
                min="0"
                max=most.to_string()
                inputmode="numeric"
                name=name
                value=value
                aria-label=label
                on:input:target=move |event| {
                    let text = event.target().value();
                    correcting.typed.update(|all| drop(all.insert(typed.clone(), text)));
                }
            />
        }
    };
    let rows = subject
        .lines
        .iter()
        .map(|line| {
            let handed = box_of(remis(&line.now), format!("{}, remis", line.nom), line.now.remis, line.quantity);
            let damaged = box_of(abime(&line.now), format!("{}, abîmés", line.nom), line.now.abime, line.quantity);
            let missing =
                box_of(manquant(&line.now), format!("{}, manquants", line.nom), line.now.manquant, line.quantity);
            view! {
                <tr>
                    <th scope="row">
                        {line.nom.clone()}
                        <span class="correct-ordered">{count(line.quantity, "commandé", "commandés")}</span>
                    </th>
                    <td class="number">{handed}</td>
                    <td class="number">{damaged}</td>
                    <td class="number">{missing}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <form class="order-cancel-form" method="post" action=subject.address novalidate on:submit=on_submit>
            <input type="hidden" name="action" value=ACTION/>
            <input type="hidden" name="version" value=version.to_string()/>
            <table class="table correct-lines">
                <caption>
                    <VisuallyHidden>"Quantités de la livraison"</VisuallyHidden>
                </caption>
                <thead>
                    <tr>
                        <th scope="col">"Article"</th>
                        <th scope="col" class="number">
                            "Remis"
                        </th>
                        <th scope="col" class="number">
                            "Abîmé"
                        </th>
                        <th scope="col" class="number">
                            "Manquant"
                        </th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <p class="field-hint">
                "Le reste de chaque ligne a été refusé. Ce qui est refusé ou manquant revient en stock, ce qui est abîmé \
                 non. L'ancienne saisie reste dans l'historique."
            </p>
            <TextArea name="motif" id="motif-correction" label="Motif" rows=2 model=correcting.reason required=true/>
            <div class="dialog-actions">
                {move || {
                    live
                        .awake()
                        .then(|| view! { <Button text="Ne rien changer" on:click=move |_| correcting.clear()/> })
                }}
                <Button kind=ButtonKind::Primary submit=true busy text="Corriger la livraison"/>
            </div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::OrderItemId;

    #[test]
    fn only_lines_that_changed_are_sent() {
        let line = |id, remis, abime| AttemptLine { item_id: OrderItemId(id), remis, refuse: 0, abime, manquant: 1 };
        let typed = BTreeMap::from([
            ("remis_1", "2"),
            ("remis_2", "4"),
            ("abime_2", "0"),
            ("remis_3", "deux"),
            ("manquant_4", "0"),
        ]);
        let body = body_of(&[line(1, 3, 0), line(2, 4, 0), line(3, 1, 0), line(4, 4, 0)], "Erreur", |name| {
            typed.get(name).map(|text| (*text).to_owned())
        });
        let expected = json!({"motif": "Erreur", "lignes": [
            {"item_id": 1, "remis": 2, "abime": 0, "manquant": 1},
            {"item_id": 3, "remis": "deux", "abime": 0, "manquant": 1}, {"item_id": 4, "remis": 4, "abime": 0, "manquant": 0}]});
        assert_eq!(body, expected);
    }
}
