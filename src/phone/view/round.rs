//! The round: what is next large, the rest compact, what is done folded away.

use leptos::prelude::*;

use super::stop::{Act, Details, DoneStop, NextStop};
use crate::orders::model::Order;
use crate::phone::host;
use crate::phone::round::{Step, Stop, moved, next};
use crate::phone::state::{Link, Phone, Session};
use crate::shared::OrderId;
use crate::ui::components::{Glyph, Icon};
use crate::ui::format;

/// The page.
#[component]
pub fn RoundPage() -> impl IntoView {
    let phone = Phone::here();
    let ids = move |wanted: fn(Step) -> bool| {
        phone.stops.with(|stops| stops.iter().filter(|stop| wanted(stop.step)).map(Stop::id).collect::<Vec<_>>())
    };
    let first = Memo::new(move |_| phone.stops.with(|stops| next(stops)));
    let later = Memo::new(move |_| {
        let first = first.get();
        ids(Step::is_open).into_iter().filter(|id| Some(*id) != first).collect::<Vec<_>>()
    });
    let done = Memo::new(move |_| ids(|step| !step.is_open()));
    let known = Memo::new(move |_| phone.data.with(Option::is_some));
    let opened = RwSignal::new(None::<OrderId>);
    view! {
        <TakeAll/>
        <For each=move || first.get() key=|id| *id let:id>
            <NextStop id/>
        </For>
        <Show when=move || known.get() && first.get().is_none()>
            <Finished/>
        </Show>
        <Show when=move || !known.get() && phone.session.get() == Session::Open>
            <div role="status">
                <p class="visually-hidden">"Lecture de la tournée…"</p>
                <div class="bones bones-next"></div>
                <div class="bones"></div>
            </div>
        </Show>
        <Show when=move || !later.with(Vec::is_empty)>
            <section aria-labelledby="ensuite">
                <h2 id="ensuite" class="section-title">
                    {move || format!("Ensuite ({})", later.with(Vec::len))}
                </h2>
                <ol class="stops">
                    <For each=move || later.get() key=|id| *id let:id>
                        <LaterStop id opened/>
                    </For>
                </ol>
                <Show when=move || !phone.by_hand.with(Vec::is_empty)>
                    <button type="button" class="btn btn-wide" on:click=move |_| phone.put_in_order(Vec::new())>
                        <Icon of=Glyph::Route size=20/>
                        "Reprendre l'ordre du bureau"
                    </button>
                </Show>
            </section>
        </Show>
        <Show when=move || !done.with(Vec::is_empty)>
            <details class="done">
                <summary class="section-title done-summary">
                    {move || format!("Faites ({})", done.with(Vec::len))}
                    <Icon of=Glyph::ChevronDown size=20/>
                </summary>
                <ul class="stops">
                    <For each=move || done.get() key=|id| *id let:id>
                        <DoneStop id/>
                    </For>
                </ul>
            </details>
        </Show>
        <Show when=move || known.get() || phone.session.get() != Session::Open>
            <Foot/>
        </Show>
    }
    .into_any()
}

/// Everything that is packed, with one gesture.
#[component]
fn TakeAll() -> impl IntoView {
    let phone = Phone::here();
    let ready = Memo::new(move |_| {
        phone.stops.with(|stops| {
            let ready = stops.iter().filter(|stop| stop.step == Step::ToLoad && !stop.refused);
            ready.map(|stop| stop.delivery.order.clone()).collect::<Vec<Order>>()
        })
    });
    let take = move |_| {
        leptos::task::spawn_local(async move {
            let orders = ready.get_untracked();
            let said = format!("{} à bord", format::count(orders.len() as i64, "commande", "commandes"));
            if let Err(not_kept) = phone.take_along(&orders, said).await {
                phone.notice.set(Some(not_kept.text()));
            }
        });
    };
    view! {
        <Show when=move || ready.with(|ready| ready.len() >= 2)>
            <button type="button" class="btn btn-wide btn-load" on:click=take>
                <Icon of=Glyph::Truck size=22/>
                {move || format!("Tout prendre en charge ({})", ready.with(Vec::len))}
            </button>
        </Show>
    }
}

/// A stop for later: one line, which opens.
#[component]
fn LaterStop(id: OrderId, opened: RwSignal<Option<OrderId>>) -> impl IntoView {
    let phone = Phone::here();
    let stop = phone.stop(id);
    let is_open = Memo::new(move |_| opened.get() == Some(id));
    let line = move |read: fn(&Stop) -> String| move || stop.with(|stop| stop.as_ref().map(read).unwrap_or_default());
    let shift = move |up: bool| phone.put_in_order(phone.stops.with_untracked(|stops| moved(stops, id, up)));
    view! {
        <li class="stop" data-commande=id.to_string()>
            <button
                type="button"
                class="stop-line"
                aria-expanded=move || is_open.get().to_string()
                on:click=move |_| opened.set(if is_open.get_untracked() { None } else { Some(id) })
            >
                <span class="stop-who">{line(|stop| stop.delivery.order.client_nom.clone())}</span>
                <span class="stop-where">{line(where_and_when)}</span>
                <span class="stop-badges">{move || stop.with(|stop| stop.as_ref().map(super::stop::badges))}</span>
                <Icon of=Glyph::ChevronDown size=20/>
            </button>
            <Show when=move || is_open.get()>
                <Details id/>
                <div class="stop-shift">
                    <button type="button" class="btn" on:click=move |_| shift(true)>
                        <Icon of=Glyph::ChevronUp size=20/>
                        "Plus tôt"
                    </button>
                    <button type="button" class="btn" on:click=move |_| shift(false)>
                        <Icon of=Glyph::ChevronDown size=20/>
                        "Plus tard"
                    </button>
                </div>
                <Act id/>
            </Show>
        </li>
    }
    .into_any()
}

/// Town and slot, or the street where no town is known.
fn where_and_when(stop: &Stop) -> String {
    let order = &stop.delivery.order;
    let place = order.ville.as_ref().or(order.adresse_livraison.as_ref()).cloned();
    [place, super::stop::slot(order)].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

#[component]
fn Finished() -> impl IntoView {
    let phone = Phone::here();
    let any = move || phone.stops.with(|stops| !stops.is_empty());
    view! {
        <div class="empty">
            <Icon of=Glyph::PackageCheck size=40/>
            <p class="empty-title">
                {move || if any() { "Tournée terminée" } else { "Rien à livrer pour l'instant" }}
            </p>
            <p>"Les nouvelles livraisons arrivent ici d'elles-mêmes."</p>
        </div>
    }
}

/// Who is there, and the way out.
#[component]
fn Foot() -> impl IntoView {
    let phone = Phone::here();
    let name = move || phone.data.with(|data| data.as_ref().map(|data| data.personne.nom.clone()).unwrap_or_default());
    let waiting = move || phone.rows.with(Vec::len);
    let sign_out = move |event: leptos::ev::SubmitEvent| {
        if phone.link.get_untracked() == Link::Offline || !host::is_online() {
            event.prevent_default();
            phone.notice.set(Some("Sans réseau, on ne peut pas se déconnecter.".to_owned()));
        } else {
            host::remember_person(0.0);
        }
    };
    view! {
        <footer class="foot">
            <p>{name}</p>
            <Show when=move || waiting() != 0>
                <p class="foot-note">"Ce qui attend reste sur ce téléphone, et part à votre prochaine connexion."</p>
            </Show>
            <div class="foot-ways">
                <a class="btn" href="/profil">
                    <Icon of=Glyph::User size=20/>
                    "Mon profil"
                </a>
                <form method="post" action="/deconnexion" on:submit=sign_out>
                    <button type="submit" class="btn">
                        <Icon of=Glyph::SignOut size=20/>
                        "Se déconnecter"
                    </button>
                </form>
            </div>
        </footer>
    }
}
