//! One delivery: the card of the next one, what a later one unfolds, what is left of one that is done.

use leptos::prelude::*;
use serde_json::Map;

use super::parts::{Press, live};
use crate::deliveries::model::{ActionKind, AttemptResult};
use crate::phone::data::Delivery;
use crate::phone::host;
use crate::phone::outbox::handed;
use crate::phone::round::{Step, Stop};
use crate::phone::state::{Phone, Sheet};
use crate::shared::OrderId;
use crate::ui::components::{Glyph, Icon};
use crate::ui::{format, reach};

/// `9 h – 11 h 30`
pub fn slot(order: &Delivery) -> Option<String> {
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
                <p class="stop-badges">{live(move || stop.with(|stop| stop.as_ref().map(badges)))}</p>
            </div>
            <h2 id="prochaine" class="next-who">
                {live(move || stop.with(|stop| stop.as_ref().map(|stop| stop.delivery.client_nom.clone())))}
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
    let phone = Phone::here();
    let stop = phone.stop(id);
    // Drawn anew when the delivery changes: it holds nothing that one types in.
    let shown = Memo::new(move |_| stop.with(|stop| stop.as_ref().map(|stop| stop.delivery.clone())));
    live(move || {
        shown.with(|delivery| {
            let order = delivery.as_ref()?;
            let collect = (order.montant_a_encaisser.0 > 0).then(|| order.montant_a_encaisser.display());
            let lines = order.items.iter().map(|item| {
                view! {
                    <li class="line">
                        <span class="line-count">{format!("{} ×", format::number(item.quantity))}</span>
                        <span>{item.product_nom.clone()}</span>
                    </li>
                }
            });
            let failed = order.tentatives.last().filter(|last| last.resultat == AttemptResult::Echec).map(|last| {
                let why = last.motif.map_or(last.resultat.label(), |motif| motif.label()).to_ascii_lowercase();
                let at = phone
                    .data
                    .with_untracked(|data| data.as_ref().map(|data| data.fuseau.display_short(last.survenu_le)));
                let mut words = format!("Dernier passage le {} : {why}", at.unwrap_or_default());
                if let Some(note) = &last.note {
                    words.push('\n');
                    words.push_str(note);
                }
                view! { <p class="note note-amber">{words}</p> }
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
    })
}

fn where_to(order: &Delivery) -> AnyView {
    let lines =
        reach::address_lines(order.adresse_livraison.as_deref(), order.code_postal.as_deref(), order.ville.as_deref());
    if lines.is_empty() {
        return view! { <p class="fact">"Pas d'adresse : appelez le client."</p> }.into_any();
    }
    view! { <p class="address">{lines.into_iter().map(|line| view! { <span>{line}</span> }).collect_view()}</p> }
        .into_any()
}

/// The phone's own navigation, calls and messages.
fn reaching(order: &Delivery) -> AnyView {
    let lines =
        reach::address_lines(order.adresse_livraison.as_deref(), order.code_postal.as_deref(), order.ville.as_deref());
    let way = reach::navigation(order.point.as_deref(), &lines, host::is_apple());
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
    let take = move || {
        leptos::task::spawn_local(async move {
            let Some(stop) = stop.get_untracked() else { return };
            let order = stop.delivery;
            let said = format!("Prise en charge : {}", order.client_nom);
            let kept = phone.act(&order, ActionKind::PriseEnCharge, Map::new(), Vec::new(), said).await;
            if let Err(not_kept) = kept {
                phone.notice.set(Some(not_kept.text()));
            }
        });
    };
    live(move || match step.get() {
        Some((_, true)) => view! {
            <Press
                class="btn btn-wide"
                words="Voir ce qui a été refusé"
                on_press=move || phone.outbox_shown.set(true)
            />
        }
        .into_any(),
        Some((Step::ToLoad, _)) => view! {
            <Press
                class="btn btn-primary btn-wide"
                icon=Glyph::Truck
                size=22
                words="Prendre en charge"
                on_press=take
            />
        }
        .into_any(),
        Some((Step::OnTheWay | Step::Failed, _)) => view! {
            <div class="acts">
                <Press
                    class="btn btn-problem"
                    icon=Glyph::Warning
                    size=22
                    words="Problème"
                    on_press=move || phone.open_sheet(Sheet::Problem(id))
                />
                <Press
                    class="btn btn-primary"
                    icon=Glyph::Check
                    size=22
                    words="Livrée"
                    on_press=move || phone.open_sheet(Sheet::Deliver(id))
                />
            </div>
        }
        .into_any(),
        _ => ().into_any(),
    })
}

/// One that is done.
#[component]
pub fn DoneStop(id: OrderId) -> impl IntoView {
    let phone = Phone::here();
    let stop = phone.stop(id);
    let told = move || {
        stop.with(|stop| {
            let last = stop.as_ref()?.last()?;
            let at = phone.data.with(|data| data.as_ref().map(|data| data.fuseau.time(last.survenu_le)));
            let what = last.motif.map_or(last.resultat.label(), |motif| motif.label()).to_owned();
            let [who, cash] = handed(last.receveur.as_ref(), last.montant_encaisse);
            Some([at, Some(what), who, cash].into_iter().flatten().collect::<Vec<_>>().join(" · "))
        })
    };
    view! {
        <li class="stop stop-done" data-commande=id.to_string()>
            <p class="stop-who">
                {live(move || stop.with(|stop| stop.as_ref().map(|stop| stop.delivery.client_nom.clone())))}
            </p>
            <p class="stop-where">{live(told)}</p>
            <p class="stop-badges">{live(move || stop.with(|stop| stop.as_ref().map(badges)))}</p>
        </li>
    }
    .into_any()
}
