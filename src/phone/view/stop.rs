//! One delivery: the card of the next one, what a later one unfolds, what is left of one that is done.

use leptos::prelude::*;
use serde_json::Map;

use crate::deliveries::model::{ActionKind, AttemptResult};
use crate::orders::model::Order;
use crate::phone::host;
use crate::phone::round::{Step, Stop};
use crate::phone::state::{Phone, Sheet};
use crate::shared::OrderId;
use crate::ui::components::{Glyph, Icon};
use crate::ui::{format, reach};

/// `9 h – 11 h 30`
pub fn slot(order: &Order) -> Option<String> {
    let hour = |text: &str| match text.split_once(':') {
        Some((hours, minutes)) => {
            let hours = hours.trim_start_matches('0');
            let hours = if hours.is_empty() { "0" } else { hours };
            if minutes == "00" { format!("{hours}\u{a0}h") } else { format!("{hours}\u{a0}h\u{a0}{minutes}") }
        }
        None => text.to_owned(),
    };
    match (&order.creneau_debut, &order.creneau_fin) {
        (Some(from), Some(to)) => Some(format!("{} – {}", hour(from), hour(to))),
        (Some(from), None) => Some(format!("dès {}", hour(from))),
        (None, Some(to)) => Some(format!("avant {}", hour(to))),
        (None, None) => None,
    }
}

/// What is special about a stop, in words.
pub fn badges(stop: &Stop) -> AnyView {
    let late = stop.delivery.en_retard && stop.step.is_open();
    let step = match stop.step {
        Step::NotReady => Some(("badge badge-slate", "Pas encore prête")),
        Step::ToLoad => Some(("badge badge-amber", "À prendre")),
        Step::OnTheWay => None,
        Step::Failed => Some(("badge badge-amber", "Problème")),
        Step::Done => Some(("badge badge-green", "Livrée")),
        Step::GivenUp => Some(("badge badge-rose", "Annulée")),
    };
    view! {
        {late.then(|| view! { <span class="badge badge-rose">"En retard"</span> })}
        {step.map(|(class, words)| view! { <span class=class>{words}</span> })}
        {match (stop.refused, stop.waits) {
            (true, _) => Some(view! { <span class="badge badge-rose">"Refusée, à voir"</span> }),
            (false, true) => Some(view! { <span class="badge badge-slate">"À envoyer"</span> }),
            (false, false) => None,
        }}
    }
    .into_any()
}

/// The next one, large; what is done with it is in the thumb's reach.
#[component]
pub fn NextStop(id: OrderId) -> impl IntoView {
    let phone = Phone::here();
    let stop = phone.stop(id);
    view! {
        <section class="next" aria-labelledby="prochaine" data-commande=id.to_string()>
            <div class="next-head">
                <p class="next-label">"Prochaine livraison"</p>
                <p class="stop-badges">{move || stop.with(|stop| stop.as_ref().map(badges))}</p>
            </div>
            <h2 id="prochaine" class="next-who">
                {move || stop.with(|stop| stop.as_ref().map(|stop| stop.delivery.order.client_nom.clone()))}
            </h2>
            <Details id/>
        </section>
        <div class="thumb">
            <Act id/>
        </div>
    }
    .into_any()
}

/// Where, when, whom to call, what to hand over and to collect.
#[component]
pub fn Details(id: OrderId) -> impl IntoView {
    let stop = Phone::here().stop(id);
    // Drawn anew when the delivery changes: it holds nothing that one types in.
    let shown = Memo::new(move |_| stop.with(|stop| stop.as_ref().map(|stop| stop.delivery.clone())));
    move || {
        shown.with(|delivery| {
            let delivery = delivery.as_ref()?;
            let order = &delivery.order;
            let collect = (delivery.montant_a_encaisser.0 > 0).then(|| delivery.montant_a_encaisser.display());
            let lines = order.items.iter().map(|item| {
                view! {
                    <li class="line">
                        <span class="line-count">{format!("{} ×", format::number(item.quantity))}</span>
                        <span>{item.product_nom.clone()}</span>
                    </li>
                }
            });
            let failed = delivery.tentatives.last().filter(|last| last.resultat == AttemptResult::Echec).map(|last| {
                let why = last.motif.map_or(last.resultat.label(), |motif| motif.label());
                view! { <p class="note note-amber">{format!("Dernier passage : {}", why.to_lowercase())}</p> }
            });
            Some(
                view! {
                    <div class="details">
                        {where_to(order)}
                        {slot(order).map(|slot| view! {
                            <p class="fact">
                                <Icon of=Glyph::Clock size=20/>
                                {slot}
                            </p>
                        })}
                        {reaching(order)}
                        {collect.map(|amount| view! {
                            <p class="collect">
                                <span>"À encaisser"</span>
                                <strong class="figures">{amount}</strong>
                            </p>
                        })}
                        {failed}
                        {order.notes.clone().map(|notes| view! { <p class="note">{notes}</p> })}
                        <ul class="lines" aria-label="À remettre">{lines.collect_view()}</ul>
                        <p class="numero">{order.numero.clone()}</p>
                    </div>
                }
                .into_any(),
            )
        })
    }
}

fn where_to(order: &Order) -> AnyView {
    let lines =
        reach::address_lines(order.adresse_livraison.as_deref(), order.code_postal.as_deref(), order.ville.as_deref());
    if lines.is_empty() {
        return view! { <p class="fact">"Pas d'adresse : appelez le client."</p> }.into_any();
    }
    view! { <p class="address">{lines.into_iter().map(|line| view! { <span>{line}</span> }).collect_view()}</p> }
        .into_any()
}

/// The phone's own navigation, calls and messages.
fn reaching(order: &Order) -> AnyView {
    let lines =
        reach::address_lines(order.adresse_livraison.as_deref(), order.code_postal.as_deref(), order.ville.as_deref());
    let way = reach::navigation(order.latitude.zip(order.longitude), &lines, host::is_apple());
    let number = order.client_telephone.clone();
    view! {
        <div class="reach">
            {way.map(|way| view! {
                <a class="btn" href=way>
                    <Icon of=Glyph::MapPin size=22/>
                    "Y aller"
                </a>
            })}
            {number.map(|number| view! {
                <a class="btn" href=reach::tel(&number)>
                    <Icon of=Glyph::Phone size=22/>
                    "Appeler"
                </a>
                <a class="btn" href=reach::sms(&number)>
                    <Icon of=Glyph::Mail size=22/>
                    "SMS"
                </a>
            })}
        </div>
    }
    .into_any()
}

/// What can be done now.
#[component]
pub fn Act(id: OrderId) -> impl IntoView {
    let phone = Phone::here();
    let stop = phone.stop(id);
    let step = Memo::new(move |_| stop.with(|stop| stop.as_ref().map(|stop| (stop.step, stop.refused))));
    let take = move |_| {
        leptos::task::spawn_local(async move {
            let Some(stop) = stop.get_untracked() else { return };
            let order = stop.delivery.order;
            let said = format!("Prise en charge : {}", order.client_nom);
            let kept = phone.act(&order, ActionKind::PriseEnCharge, Map::new(), Vec::new(), said).await;
            if let Err(not_kept) = kept {
                phone.notice.set(Some(not_kept.text()));
            }
        });
    };
    move || {
        match step.get() {
        Some((_, true)) => view! {
            <button type="button" class="btn btn-wide" on:click=move |_| phone.outbox_shown.set(true)>
                "Voir ce qui a été refusé"
            </button>
        }
        .into_any(),
        Some((Step::ToLoad, _)) => view! {
            <button type="button" class="btn btn-primary btn-wide" on:click=take>
                <Icon of=Glyph::Truck size=22/>
                "Prendre en charge"
            </button>
        }
        .into_any(),
        Some((Step::OnTheWay | Step::Failed, _)) => view! {
            <div class="acts">
                <button type="button" class="btn btn-problem" on:click=move |_| phone.sheet.set(Some(Sheet::Problem(id)))>
                    <Icon of=Glyph::Warning size=22/>
                    "Problème"
                </button>
                <button type="button" class="btn btn-primary" on:click=move |_| phone.sheet.set(Some(Sheet::Deliver(id)))>
                    <Icon of=Glyph::Check size=22/>
                    "Livrée"
                </button>
            </div>
        }
        .into_any(),
        _ => ().into_any(),
    }
    }
}

/// One that is done, or was tried.
#[component]
pub fn DoneStop(id: OrderId) -> impl IntoView {
    let phone = Phone::here();
    let stop = phone.stop(id);
    let failed = Memo::new(move |_| stop.with(|stop| stop.as_ref().is_some_and(|stop| stop.step == Step::Failed)));
    let told = move || {
        stop.with(|stop| {
            let last = stop.as_ref()?.last()?;
            let at = phone
                .data
                .with(|data| data.as_ref().map(|data| data.fuseau.local(last.survenu_le).format("%H:%M").to_string()));
            let what = last.motif.map_or(last.resultat.label(), |motif| motif.label()).to_owned();
            let who = last.receveur.as_ref().map(|who| format!("reçu par {who}"));
            let cash = last.montant_encaisse.map(|cash| format!("{} encaissés", cash.display()));
            Some([at, Some(what), who, cash].into_iter().flatten().collect::<Vec<_>>().join(" · "))
        })
    };
    view! {
        <li class="stop stop-done" data-commande=id.to_string()>
            <p class="stop-who">
                {move || stop.with(|stop| stop.as_ref().map(|stop| stop.delivery.order.client_nom.clone()))}
            </p>
            <p class="stop-where">{told}</p>
            <p class="stop-badges">{move || stop.with(|stop| stop.as_ref().map(badges))}</p>
            <Show when=move || failed.get()>
                <Act id/>
            </Show>
        </li>
    }
    .into_any()
}
