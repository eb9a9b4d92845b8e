//! One order: what was ordered, for whom, where; what happened; what one may do with it now.

use leptos::prelude::*;

use super::actions::Actions;
use super::delivery::Delivery;
use super::items::Items;
use super::moves::{Moves, explain};
use super::story::Story;
use crate::auth::permission::Permission;
use crate::auth::server_functions::{FormReturn, PageContext};
use crate::error::{AppError, ErrorCode};
use crate::live::{Topic, live_resource};
use crate::orders::model::OrderDetail;
use crate::orders::server_functions::read_order;
use crate::shared::OrderId;
use crate::ui::components::{Card, Guarded, Notice, PageHeader, Refusal, Skeleton, StatusBadge, Tone};
use crate::ui::pages::errors::NotFoundPage;
use crate::ui::query::use_id;
use crate::ui::status;

/// `/commandes/{id}`
#[component]
pub fn OrderPage() -> impl IntoView {
    view! {
        <div class="page order-page">
            <Guarded permission=Permission::ReadOrders>
                <Content/>
            </Guarded>
        </div>
    }
}

#[component]
fn Content() -> impl IntoView {
    let id = use_id::<OrderId>();
    let detail = live_resource(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => read_order(id).await,
                None => Err(AppError::not_found("Cette commande")),
            }
        },
    )
    .follow_when(&[Topic::Orders], move |changes| {
        id.get_untracked().is_some_and(|id| changes.touches(Topic::Orders, id.0))
    });
    let back = SharedValue::new(|| use_context::<FormReturn>().unwrap_or_default()).into_inner();
    let moves = Moves::new(back, Callback::new(move |()| detail.answer.refetch()));
    view! {
        <Transition fallback=Placeholder>
            {move || Suspend::new(async move {
                match detail.answer.await {
                    Ok(detail) => view! { <Found detail moves/> }.into_any(),
                    Err(error) if error.code == ErrorCode::NotFound => view! { <NotFoundPage/> }.into_any(),
                    Err(error) => {
                        status::set(error.code.status());
                        view! { <Refusal error/> }.into_any()
                    }
                }
            })}
        </Transition>
    }
}

#[component]
fn Found(detail: OrderDetail, moves: Moves) -> impl IntoView {
    let context = expect_context::<PageContext>();
    let OrderDetail { order, events, couriers } = detail;
    let lead = format!("Saisie le {}", context.zone.display(order.audit.created_at));
    let statut = order.statut;
    let notes = order.notes.clone();
    let items = view! { <Items order=order.clone()/> };
    let delivery = view! { <Delivery order=order.clone()/> };
    view! {
        <PageHeader
            title=order.numero.clone()
            lead=lead
            back=("/commandes".to_owned(), "Commandes".to_owned())
            aside=move || view! { <StatusBadge status=statut/> }
        />
        <Refused moves/>
        <div class="order">
            <div class="order-main">
                {items} {delivery}
                {notes
                    .map(|notes| {
                        view! {
                            <Card title="Notes">
                                <p class="order-notes">{notes}</p>
                            </Card>
                        }
                    })} <Story events/>
            </div>
            <div class="order-side">
                <Actions order couriers moves/>
            </div>
        </div>
    }
}

/// Why the last thing was refused.
#[component]
fn Refused(moves: Moves) -> impl IntoView {
    move || {
        moves.refusal.get().map(|error| {
            let (detail, more) = explain(&error);
            let more = more.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
            view! {
                <Notice tone=Tone::Rose title=error.code.title() alert=true>
                    <p>{detail}</p>
                    <ul>{more}</ul>
                </Notice>
            }
        })
    }
}

/// The page's place while it is on its way.
#[component]
fn Placeholder() -> impl IntoView {
    view! {
        <div class="page-head" aria-busy="true">
            <Skeleton class="h-8 w-64"/>
        </div>
        <div class="order">
            <div class="order-main">
                <section class="card p-4">
                    <Skeleton class="h-56 w-full"/>
                </section>
                <section class="card p-4">
                    <Skeleton class="h-32 w-full"/>
                </section>
            </div>
            <div class="order-side">
                <section class="card p-4">
                    <Skeleton class="h-32 w-full"/>
                </section>
            </div>
        </div>
    }
}
