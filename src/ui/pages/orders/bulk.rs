//! What one does to several orders at once: each under the version that was seen, each with its own outcome.

use std::collections::BTreeMap;

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::bulk_words::{in_words, summary};
use super::moves::explain;
use crate::error::{AppError, ErrorCode};
use crate::orders::model::Order;
use crate::orders::server_functions::act_on_orders;
use crate::orders::sets::{BulkAction, BulkAnswer, Seen};
use crate::orders::workflow::{OrderStatus, TRANSITIONS, Transition, transition};
use crate::shared::OrderId;
use crate::shared::several::MAX_AT_ONCE;
use crate::ui::browser::{focus, fresh_key, guard_text};
use crate::ui::components::{
    Button, ButtonKind, ButtonSize, Choice, Dialog, Glyph, Icon, SelectField, TextArea, Toasts, use_toasts,
};
use crate::ui::format::count;
use crate::ui::list::{BulkBar, Outcome, Outcomes, Selection, told_elsewhere};
use crate::users::server_functions::couriers;

/// The choice that takes the livreur off.
const NOBODY: &str = "none";

/// An order as its row showed it.
#[derive(Debug, Clone)]
struct Row {
    numero: String,
    statut: OrderStatus,
    version: i32,
}

/// The chosen orders and what is done to them; a context of the list.
#[derive(Clone, Copy)]
pub struct Bulk {
    /// Which ones.
    pub selection: Selection,
    rows: RwSignal<BTreeMap<i64, Row>>,
    busy: RwSignal<bool>,
    key: StoredValue<String>,
    outcomes: RwSignal<Vec<Outcome>>,
    told: RwSignal<bool>,
    assigning: RwSignal<bool>,
    cancelling: RwSignal<bool>,
    people: RwSignal<Vec<Choice>>,
    courier: RwSignal<String>,
    courier_error: RwSignal<Option<String>>,
    reason: RwSignal<String>,
    toasts: Toasts,
    reload: Callback<()>,
}

impl Bulk {
    /// For one list; `reload` reads it again.
    pub fn new(reload: Callback<()>) -> Self {
        let reason = RwSignal::new(String::new());
        guard_text(reason);
        Self {
            selection: Selection::new(),
            rows: RwSignal::new(BTreeMap::new()),
            busy: RwSignal::new(false),
            key: StoredValue::new(String::new()),
            outcomes: RwSignal::new(Vec::new()),
            told: RwSignal::new(false),
            assigning: RwSignal::new(false),
            cancelling: RwSignal::new(false),
            people: RwSignal::new(Vec::new()),
            courier: RwSignal::new(String::new()),
            courier_error: RwSignal::new(None),
            reason,
            toasts: use_toasts(),
            reload,
        }
    }

    /// Remembers rows as they are shown: a choice is kept while one pages on.
    pub fn see(self, orders: &[Order]) {
        let row =
            |order: &Order| Row { numero: order.numero.clone(), statut: order.statut, version: order.audit.version };
        self.rows.update(|rows| rows.extend(orders.iter().map(|order| (order.id.0, row(order)))));
    }

    /// The statuses of the chosen ones; tracked.
    fn statuses(self) -> Vec<OrderStatus> {
        self.rows.with(|rows| {
            let chosen = rows.iter().filter(|(id, _)| self.selection.has(**id));
            chosen.map(|(_, row)| row.statut).collect()
        })
    }

    /// Does it to each of the chosen.
    fn act(self, action: BulkAction) {
        if self.busy.get_untracked() {
            return;
        }
        let seen: Vec<_> = self.rows.with_untracked(|rows| {
            let known = self.selection.ids().into_iter().filter_map(|id| Some((id, rows.get(&id)?)));
            known.map(|(id, row)| Seen { id: OrderId(id), version: row.version }).collect()
        });
        // A press that got no answer keeps its key: pressed again, nothing is done twice.
        if self.key.with_value(String::is_empty) {
            self.key.set_value(fresh_key());
        }
        let key = self.key.get_value();
        let numeros = self
            .rows
            .with_untracked(|rows| rows.iter().map(|(id, row)| (*id, row.numero.clone())).collect::<BTreeMap<_, _>>());
        self.busy.set(true);
        spawn_local(async move {
            let answer = act_on_orders(action.clone(), seen, key).await;
            if self.busy.try_set(false).is_some() {
                // The list is gone by now: it is told where one is.
                return match answer {
                    Ok(answers) => {
                        let outcomes: Vec<_> =
                            answers.into_iter().map(|answer| outcome(&action, &numeros, answer)).collect();
                        told_elsewhere(self.toasts, &outcomes);
                    }
                    Err(error) => self.toasts.failed(error.detail),
                };
            }
            self.assigning.set(false);
            self.cancelling.set(false);
            match answer {
                Ok(answers) => self.done(&action, &numeros, answers),
                Err(error) if error.code == ErrorCode::Unauthenticated => crate::ui::session::sign_in_again(),
                Err(error) => {
                    if error.code != ErrorCode::Unavailable {
                        self.key.set_value(String::new());
                    }
                    self.toasts.failed(error.detail);
                }
            }
        });
    }

    fn done(self, action: &BulkAction, numeros: &BTreeMap<i64, String>, answers: Vec<BulkAnswer>) {
        self.key.set_value(String::new());
        self.reason.set(String::new());
        let done: Vec<_> = answers.iter().filter(|answer| answer.refus.is_none()).map(|answer| answer.id.0).collect();
        let all = done.len() == answers.len();
        // What was refused stays chosen.
        self.selection.set(&done, false);
        if all {
            let n = i64::try_from(done.len()).unwrap_or(0);
            self.toasts.done(summary(action, n));
        } else {
            self.outcomes.set(answers.into_iter().map(|answer| outcome(action, numeros, answer)).collect());
            self.told.set(true);
        }
        self.reload.run(());
    }

    fn ask_courier(self) {
        self.courier.set(String::new());
        self.courier_error.set(None);
        self.assigning.set(true);
        spawn_local(async move {
            // Nothing is chosen for them: who presses at once takes nobody's livreur away.
            let mut choices = vec![Choice::new("", "Choisissez un livreur")];
            match couriers().await {
                Ok(people) => {
                    choices.extend(people.iter().map(|person| Choice::new(person.id.to_string(), person.display())));
                    choices.push(Choice::new(NOBODY, "Retirer le livreur"));
                }
                Err(error) => drop(self.courier_error.try_set(Some(error.detail))),
            }
            self.people.try_set(choices);
        });
    }
}

fn outcome(action: &BulkAction, numeros: &BTreeMap<i64, String>, answer: BulkAnswer) -> Outcome {
    Outcome {
        name: numeros.get(&answer.id.0).cloned().unwrap_or_else(|| format!("n° {}", answer.id)),
        result: answer.refus.map_or_else(|| Ok(in_words(action)), |error| Err(plain(&error))),
    }
}

/// The refusal in one sentence.
fn plain(error: &AppError) -> AppError {
    let (detail, more) = match error.code {
        ErrorCode::StaleVersion => ("modifiée entre-temps : voici son état actuel".to_owned(), Vec::new()),
        _ => explain(error),
    };
    let words: Vec<_> = std::iter::once(detail).chain(more).filter(|text| !text.is_empty()).collect();
    AppError::new(error.code, words.join(" "))
}

/// The next step of those that are least far; the others are refused by name.
fn next_step(statuses: &[OrderStatus]) -> Option<&'static Transition> {
    TRANSITIONS.iter().find(|step| step.to != OrderStatus::Annulee && statuses.contains(&step.from))
}

fn any_takes_courier(statuses: &[OrderStatus]) -> bool {
    statuses.iter().any(|status| status.takes_courier())
}

fn any_can_be_cancelled(statuses: &[OrderStatus]) -> bool {
    statuses.iter().any(|status| transition(*status, OrderStatus::Annulee).is_some())
}

/// The bar that comes up with a choice, its dialogs and the outcomes.
#[component]
pub fn BulkActions(
    /// The chosen orders.
    bulk: Bulk,
) -> impl IntoView {
    let step = Memo::new(move |_| next_step(&bulk.statuses()));
    let too_many = move || bulk.selection.len() > MAX_AT_ONCE;
    let assigns = Memo::new(move |_| any_takes_courier(&bulk.statuses()));
    let cancels = Memo::new(move |_| any_can_be_cancelled(&bulk.statuses()));
    let onward = move || {
        step.get().map(|step| {
            view! {
                <Button
                    kind=ButtonKind::Primary
                    size=ButtonSize::Small
                    icon=Glyph::of_status(step.to)
                    busy=bulk.busy
                    text=step.action
                    on:click=move |_| bulk.act(BulkAction::Status { statut: step.to, motif: None })
                />
            }
        })
    };
    let assign = move || {
        assigns.get().then(|| {
            view! {
                <Button
                    size=ButtonSize::Small
                    icon=Glyph::User
                    text="Assigner un livreur"
                    on:click=move |_| bulk.ask_courier()
                />
            }
        })
    };
    let cancel = move || {
        cancels.get().then(|| {
            view! {
                <Button
                    kind=ButtonKind::Danger
                    size=ButtonSize::Small
                    icon=Glyph::Ban
                    text="Annuler"
                    on:click=move |_| bulk.cancelling.set(true)
                />
            }
        })
    };
    let nothing = move || step.get().is_none() && !assigns.get() && !cancels.get();
    let list = move || {
        bulk.selection.len();
        let ids: Vec<_> = bulk.selection.ids().iter().map(i64::to_string).collect();
        format!("/commandes/preparation?ids={}", ids.join(","))
    };
    view! {
        <BulkBar selection=bulk.selection one="commande choisie" many="commandes choisies">
            {move || {
                if too_many() {
                    view! { <span class="bulk-hint">{format!("Au plus {MAX_AT_ONCE} à la fois.")}</span> }.into_any()
                } else {
                    view! {
                        {onward}
                        {assign}
                        <a class="btn btn-secondary btn-small" href=list>
                            <Icon of=Glyph::Checklist/>
                            <span>"Imprimer la préparation"</span>
                        </a>
                        {cancel}
                        {move || {
                            nothing()
                                .then(|| {
                                    view! { <span class="bulk-hint">"Ces commandes ne changent plus."</span> }
                                })
                        }}
                    }
                        .into_any()
                }
            }}
        </BulkBar>
        <AssignDialog bulk/>
        <CancelDialog bulk/>
        <Outcomes open=bulk.told outcomes=bulk.outcomes/>
    }
}

#[component]
fn AssignDialog(bulk: Bulk) -> impl IntoView {
    let title = Signal::derive(move || {
        let n = i64::try_from(bulk.selection.len()).unwrap_or(0);
        format!("Assigner {}", count(n, "commande", "commandes"))
    });
    let on_submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        let chosen = bulk.courier.get_untracked();
        let livreur_id = chosen.parse().ok();
        if livreur_id.is_none() && chosen != NOBODY {
            bulk.courier_error.set(Some("Choisissez un livreur.".to_owned()));
            return focus("assigner-livreur".to_owned());
        }
        bulk.courier_error.set(None);
        bulk.act(BulkAction::Courier { livreur_id });
    };
    view! {
        <Dialog id="assigner-plusieurs" open=bulk.assigning title>
            <form on:submit=on_submit>
                {move || {
                    let choices = bulk.people.get();
                    view! {
                        <SelectField
                            name="livreur_id"
                            id="assigner-livreur"
                            label="Livreur"
                            choices
                            model=bulk.courier
                            error=bulk.courier_error
                        />
                    }
                }}
                <div class="dialog-actions">
                    <Button text="Fermer" on:click=move |_| bulk.assigning.set(false)/>
                    <Button kind=ButtonKind::Primary submit=true busy=bulk.busy text="Assigner"/>
                </div>
            </form>
        </Dialog>
    }
}

#[component]
fn CancelDialog(bulk: Bulk) -> impl IntoView {
    let title = Signal::derive(move || {
        let n = i64::try_from(bulk.selection.len()).unwrap_or(0);
        format!("Annuler {}", count(n, "commande", "commandes"))
    });
    let on_submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        let motif = Some(bulk.reason.get_untracked()).filter(|text| !text.trim().is_empty());
        bulk.act(BulkAction::Status { statut: OrderStatus::Annulee, motif });
    };
    let keep = move |_| {
        bulk.reason.set(String::new());
        bulk.cancelling.set(false);
    };
    view! {
        <Dialog id="annuler-plusieurs" open=bulk.cancelling title>
            <form class="order-cancel-form" on:submit=on_submit>
                <p>"Ce qui était réservé est libéré, ce qui était parti revient en stock. Une commande annulée ne revient pas."</p>
                <TextArea
                    name="motif"
                    id="motif-plusieurs"
                    label="Motif"
                    optional=true
                    hint="Il reste dans l'historique de chacune."
                    rows=2
                    model=bulk.reason
                    autofocus=true
                />
                <div class="dialog-actions">
                    <Button text="Garder les commandes" on:click=keep/>
                    <Button kind=ButtonKind::DangerSolid submit=true busy=bulk.busy text="Annuler les commandes"/>
                </div>
            </form>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Member;
    use OrderStatus::*;

    #[test]
    fn what_some_of_them_can_do_is_offered() {
        let step = |statuses: &[OrderStatus]| next_step(statuses).map(|step| step.to);
        assert_eq!(step(&[Brouillon, Brouillon]), Some(Confirmee));
        assert_eq!(step(&[Confirmee]), Some(EnPreparation));
        assert_eq!(step(&[Livree, Confirmee, Brouillon]), Some(Confirmee), "the one that is least far");
        assert_eq!((step(&[Livree]), step(&[])), (None, None));
        assert!(any_takes_courier(&[Brouillon, Confirmee]) && !any_takes_courier(&[Brouillon, Livree]));
        assert!(any_can_be_cancelled(&[Livree, EnLivraison]) && !any_can_be_cancelled(&[Livree]));
    }

    #[test]
    fn a_refusal_names_what_is_missing() {
        let lines = serde_json::json!([{"product_id": 1, "nom": "Thé vert", "disponible": 2, "demande": 4}]);
        let error = AppError::new(ErrorCode::InsufficientStock, "Stock insuffisant.").with(Member::ShortLines, lines);
        assert_eq!(plain(&error).detail, "Il manque : Thé vert : 2\u{a0}disponibles pour 4\u{a0}demandés");
    }
}
