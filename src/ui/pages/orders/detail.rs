//! One order: what was ordered, for whom, where; what happened; what one may do with it now.

use leptos::prelude::*;

use super::actions::Actions;
use super::cancel::CancelDialog;
use super::correct::{Correct, CorrectPanel, Correcting};
use super::delivery::Delivery;
use super::edit_delivery::{DeliveryEdit, DeliveryPanel, can_change};
use super::items::Items;
use super::moves::{Moves, explain};
use super::remove::{Deleted, Remove};
use super::story::Story;
use crate::auth::permission::Permission;
use crate::auth::server_functions::{FormReturn, PageContext};
use crate::error::{AppError, ErrorCode};
use crate::history::model::HistoryOf;
use crate::live::{Topic, live_resource};
use crate::orders::model::OrderDetail;
use crate::orders::server_functions::read_order;
use crate::shared::OrderId;
use crate::ui::components::{
    Card, Glyph, Guarded, HistoryCard, Icon, LinkButton, Notice, PageHeader, Refusal, Skeleton, StatusBadge, Tone,
    VisuallyHidden,
};
use crate::ui::pages::errors::NotFoundPage;
use crate::ui::query::use_id;
use crate::ui::status;

/// `/commandes/{id}`
#[component]
pub fn OrderPage() -> impl IntoView {
    view! {
        <div class="page order-page">
            <Guarded permission=Permission::ReadAllOrders>
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
    let correcting = Correcting::closed();
    let reload = Callback::new(move |()| detail.answer.refetch());
    let writes = expect_context::<PageContext>().user.is_some_and(|user| user.may(Permission::WriteOrders));
    let moves = Moves::new(back, reload);
    // Beside what is read again, so that a reload does not touch what is being typed.
    let edit = DeliveryEdit::new(FormReturn::default(), reload);
    view! {
        <Transition fallback=Placeholder>
            {move || Suspend::new(async move {
                match detail.answer.await {
                    Ok(detail) => view! { <Found detail moves edit correcting/> }.into_any(),
                    Err(error) if error.code == ErrorCode::NotFound => view! { <NotFoundPage/> }.into_any(),
                    Err(error) => {
                        status::set(error.code.status());
                        view! { <Refusal error/> }.into_any()
                    }
                }
            })}
        </Transition>
        <HistoryCard what=HistoryOf::Order id=Signal::derive(move || id.get().map(|id| id.0))/>
        <DeliveryPanel edit/>
        <CancelDialog moves/>
        {writes.then(|| view! { <CorrectPanel correcting reload/> })}
    }
}

#[component]
fn Found(detail: OrderDetail, moves: Moves, edit: DeliveryEdit, correcting: Correcting) -> impl IntoView {
    let context = expect_context::<PageContext>();
    let OrderDetail { order, events, couriers, livrees, gone } = detail;
    let writes = context.user.as_ref().is_some_and(|user| user.may(Permission::WriteOrders));
    let path = format!("/commandes/{}", order.id);
    let deleted = order.deletion.is_deleted;
    let printed = {
        let path = path.clone();
        move || links(&path, writes, deleted)
    };
    let change_items = {
        let to = (writes && !deleted && order.statut.is_editable()).then(|| format!("{path}/articles"));
        move || {
            to.clone().map(|href| view! { <a class="btn btn-quiet btn-small" href=href><Icon of=Glyph::Pencil size=14/><span>"Modifier"<VisuallyHidden>" les articles"</VisuallyHidden></span></a> })
        }
    };
    let change_delivery = {
        let order = (writes && can_change(&order)).then(|| order.clone());
        let href = format!("{path}/livraison");
        move || {
            let order = order.clone()?;
            let on_click = move |ev: leptos::ev::MouseEvent| {
                ev.prevent_default();
                edit.open(&order);
                edit.panel.set(true);
            };
            Some(
                view! { <a class="btn btn-quiet btn-small" href=href.clone() on:click=on_click><Icon of=Glyph::Pencil size=14/><span>"Modifier"<VisuallyHidden>" la livraison"</VisuallyHidden></span></a> },
            )
        }
    };
    let lead = format!("Saisie le {}", context.zone.display(order.audit.created_at));
    let statut = order.statut;
    let notes = order.notes.clone();
    let items = view! { <Items order=order.clone() gone=gone.products actions=change_items/> };
    let delivery = view! { <Delivery order=order.clone() client_gone=gone.client actions=change_delivery/> };
    view! {
        <PageHeader
            title=order.numero.clone()
            lead=lead
            back=("/commandes".to_owned(), "Commandes".to_owned())
            aside=move || view! { <StatusBadge status=statut/> }
            actions=printed
        />
        {deleted.then(|| view! { <Deleted order=order.clone() moves/> })}
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
                {(!deleted).then(|| view! { <Actions order=order.clone() couriers moves/> })}
                <Correct order=order.clone() livrees may=writes correcting/>
                <Remove order moves/>
            </div>
        </div>
    }
}

/// What one may do with an order whatever its status.
fn links(path: &str, writes: bool, deleted: bool) -> impl IntoView + use<> {
    let id = path.rsplit('/').next().unwrap_or_default();
    let again = (writes && !deleted).then(|| format!("/commandes/nouvelle?copie={id}"));
    view! {
        {again.map(|href| view! { <LinkButton href icon=Glyph::Copy text="Commander à nouveau"/> })}
        <LinkButton href=format!("{path}/bon-de-livraison") icon=Glyph::Slip text="Bon de livraison"/>
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
