//! Putting a delivery right: how many of each article were really handed over, and why it was believed otherwise.
//! In a side panel of the order's page, or on a page of its own.

use leptos::prelude::*;
use serde_json::{Value, json};

use super::correct_form::{CorrectForm, Subject};
use crate::auth::permission::Permission;
use crate::auth::server_functions::FormReturn;
use crate::deliveries::input::{Ordered, ValidCorrection, against};
use crate::deliveries::model::AttemptLine;
use crate::error::{AppError, AppResult, ErrorCode};
use crate::orders::model::{Order, OrderDetail};
use crate::orders::server_functions::read_order;
use crate::orders::workflow::OrderStatus;
use crate::shared::{OrderId, OrderItemId};
use crate::ui::components::{Card, Glyph, Guarded, LinkButton, PageHeader, Refusal, Skeleton, use_toasts};
use crate::ui::editor::{EditPanel, Kind, came_back, opens};
use crate::ui::pages::errors::NotFoundPage;
use crate::ui::status;

/// The quantities that one may put right, as form and body call them; what is left of a line was refused.
pub const PARTS: [&str; 3] = ["remis", "abime", "manquant"];

/// Name of a quantity of a line in the form.
pub fn box_name(part: &str, line: OrderItemId) -> String {
    format!("{part}_{line}")
}

/// A quantity of a line as it is believed to be.
pub fn quantity(line: &AttemptLine, part: &str) -> i64 {
    match part {
        "remis" => line.remis,
        "abime" => line.abime,
        _ => line.manquant,
    }
}

/// What the contract takes, of what was typed: the lines that are not as they were believed to be.
pub fn body_of(lines: &[AttemptLine], motif: &str, typed: impl Fn(&str) -> Option<String>) -> Value {
    let told = lines.iter().filter_map(|line| {
        let now = PARTS.map(|part| json!(quantity(line, part)));
        let read = |part: &str| typed(&box_name(part, line.item_id)).map(|text| Kind::Integer.value(&text));
        let told = PARTS.map(|part| read(part).unwrap_or_else(|| json!(quantity(line, part))));
        let changed = told != now;
        let [remis, abime, manquant] = told;
        changed.then(|| json!({ "item_id": line.item_id, "remis": remis, "abime": abime, "manquant": manquant }))
    });
    json!({ "motif": Kind::Text.value(motif), "lignes": told.collect::<Vec<_>>() })
}

/// The server's own rules, before it is asked.
pub fn check(ordered: &[Ordered], body: &Value) -> AppResult<()> {
    match ValidCorrection::read(body.clone()) {
        Ok(right) => against(ordered, &right.lignes).map(drop),
        Err(bad) => Err(bad.against(ordered)),
    }
}

/// What is wrong with a line of the body is told at its box in the form: a sum at the first one.
pub fn at_their_boxes(mut error: AppError, body: &Value) -> AppError {
    for fault in &mut error.errors {
        let Some((at, part)) = fault.champ.strip_prefix("lignes[").and_then(|rest| rest.split_once(']')) else {
            continue;
        };
        let line = at.parse::<usize>().ok().and_then(|at| body["lignes"][at]["item_id"].as_i64());
        let part = PARTS.into_iter().find(|name| part.strip_prefix('.') == Some(name)).unwrap_or(PARTS[0]);
        if let Some(line) = line {
            fault.champ = box_name(part, OrderItemId(line));
        }
    }
    error
}

/// Whether an order may be put right at all.
fn can_be_corrected(order: &Order) -> bool {
    order.statut == OrderStatus::Livree && !order.deletion.is_deleted
}

/// What the order's page keeps of a correction, beside what is read again.
#[derive(Clone, Copy)]
pub struct Correcting {
    open: RwSignal<bool>,
    subject: RwSignal<Option<Subject>>,
}

impl Correcting {
    /// Nothing opened yet, for one page.
    pub fn closed() -> Self {
        Self { open: RwSignal::new(false), subject: RwSignal::new(None) }
    }
}

/// Where an order is put right.
pub fn address(order: OrderId) -> String {
    format!("/commandes/{order}/correction")
}

/// The way to it.
#[component]
pub fn Correct(
    /// The order.
    order: Order,
    /// How its lines stand.
    livrees: Vec<AttemptLine>,
    /// Whether whoever looks may.
    may: bool,
    /// Its panel.
    correcting: Correcting,
) -> impl IntoView {
    (may && can_be_corrected(&order)).then(|| {
        let href = address(order.id);
        correcting.subject.set(Some(Subject::new(&order, &livrees)));
        view! {
            <section class="order-correct" aria-label="Correction">
                <LinkButton href icon=Glyph::Pencil text="Corriger la livraison" on:click=opens(correcting.open)/>
            </section>
        }
    })
}

/// The panel. Beside what is read again when others change the order: what is being typed stays.
#[component]
pub fn CorrectPanel(
    /// What is corrected.
    correcting: Correcting,
    /// Reads the order again.
    reload: Callback<()>,
) -> impl IntoView {
    let toasts = use_toasts();
    let done = Callback::new(move |order: Order| {
        correcting.open.set(false);
        toasts.done(corrected(&order));
        reload.run(());
    });
    let leave = Callback::new(move |()| correcting.open.set(false));
    let numero = move || correcting.subject.with(|subject| subject.as_ref().map(|s| s.numero.clone()));
    let title = Signal::derive(move || format!("Corriger la livraison {}", numero().unwrap_or_default()));
    view! {
        <EditPanel id="correction" open=correcting.open title>
            {correcting
                .subject
                .get_untracked()
                .map(|subject| view! { <CorrectForm subject back=FormReturn::default() done leave=Some(leave)/> })}
        </EditPanel>
    }
}

fn corrected(order: &Order) -> String {
    format!("La livraison {} est corrigée.", order.numero)
}

/// `/commandes/{id}/correction`: the same form on a page, for browsers without JavaScript.
#[component]
pub fn CorrectionPage() -> impl IntoView {
    view! {
        <div class="page page-narrow">
            <Guarded permission=Permission::WriteOrders>
                <Correction/>
            </Guarded>
        </div>
    }
}

#[component]
fn Correction() -> impl IntoView {
    use leptos_router::NavigateOptions;
    use leptos_router::hooks::use_navigate;
    let id = crate::ui::query::use_id::<OrderId>();
    let detail = Resource::new(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => read_order(id).await,
                None => Err(AppError::not_found("Cette commande")),
            }
        },
    );
    let back = came_back();
    let (navigate, toasts) = (use_navigate(), use_toasts());
    let done = Callback::new(move |order: Order| {
        toasts.done(corrected(&order));
        let quiet = NavigateOptions { replace: true, ..NavigateOptions::default() };
        navigate(&super::actions::address(&order), quiet);
    });
    view! {
        <Suspense fallback=|| view! { <Skeleton class="h-96 w-full"/> }>
            {move || {
                let back = back.clone();
                Suspend::new(async move {
                    match detail.await {
                        Ok(detail) => view! { <Found detail back done/> }.into_any(),
                        Err(error) if error.code == ErrorCode::NotFound => view! { <NotFoundPage/> }.into_any(),
                        Err(error) => {
                            status::set(error.code.status());
                            view! { <Refusal error/> }.into_any()
                        }
                    }
                })
            }}
        </Suspense>
    }
}

#[component]
fn Found(detail: OrderDetail, back: FormReturn, done: Callback<Order>) -> impl IntoView {
    let OrderDetail { order, livrees, .. } = detail;
    let up = (super::actions::address(&order), order.numero.clone());
    if !can_be_corrected(&order) {
        status::set(409);
        let words = "Seule une commande livrée se corrige.";
        return view! {
            <PageHeader title=order.numero.clone() back=up/>
            <Refusal error=AppError::new(ErrorCode::StateConflict, words)/>
        }
        .into_any();
    }
    let subject = Subject::new(&order, &livrees);
    view! {
        <PageHeader title="Corriger la livraison" back=up/>
        <Card title="Quantités de la livraison">
            <CorrectForm subject back done leave=None/>
        </Card>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn line(id: i64, remis: i64, abime: i64) -> AttemptLine {
        AttemptLine { item_id: OrderItemId(id), remis, refuse: 0, abime, manquant: 1 }
    }

    #[test]
    fn only_lines_that_changed_are_sent() {
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

    #[test]
    fn what_is_wrong_is_told_at_its_box() {
        let ordered = [7, 8].map(|id| Ordered { item_id: OrderItemId(id), nom: "Thé".into(), quantity: 4 });
        let lines = [line(7, 3, 0), line(8, 3, 0)];
        let faults = |typed: &[(&str, &str)]| {
            let typed: BTreeMap<_, _> = typed.iter().copied().collect();
            let body = body_of(&lines, typed.get("motif").copied().unwrap_or_default(), |name| {
                typed.get(name).map(|text| (*text).to_owned())
            });
            let error = check(&ordered, &body).map_err(|error| at_their_boxes(error, &body)).expect_err("faults");
            error.errors.into_iter().map(|fault| fault.champ).collect::<Vec<_>>()
        };
        assert_eq!(faults(&[("remis_8", "5"), ("motif", "x")]), ["remis_8"], "more than was ordered");
        assert_eq!(faults(&[("abime_8", "deux"), ("motif", "x")]), ["abime_8"]);
        assert_eq!(faults(&[("remis_7", ""), ("manquant_8", "-1")]), ["motif", "remis_7", "manquant_8"]);
        assert_eq!(faults(&[("remis_8", "9")]), ["motif", "remis_8"], "both at once");
        assert_eq!(faults(&[("remis_7", "deux"), ("remis_8", "9"), ("motif", "x")]), ["remis_7", "remis_8"]);
        assert_eq!(faults(&[("motif", "x")]), ["lignes"], "nothing is different");
    }
}
