//! The round: what is next large, the rest compact, what is done folded away.

use leptos::prelude::*;

use super::parts::{Press, WaysOut, When, live, rows};
use super::stop::{Act, Details, DoneStop, NextStop};
use crate::phone::data::Delivery;
use crate::phone::round::{Step, Stop, moved, next};
use crate::phone::state::{Phone, Session};
use crate::phone::sync;
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
    let failed = Memo::new(move |_| ids(|step| step == Step::Failed));
    let done = Memo::new(move |_| ids(|step| !step.is_open() && step != Step::Failed));
    let known = Memo::new(move |_| phone.data.with(Option::is_some));
    let unread = Memo::new(move |_| !known.get() && phone.unread.get() && phone.session.get() == Session::Open);
    let opened = RwSignal::new(None::<OrderId>);
    view! {
        <TakeAll/>
        {rows(move || Vec::from_iter(first.get()), |id| view! { <NextStop id/> }.into_any())}
        <When is=move || known.get() && first.get().is_none()>
            <Finished/>
        </When>
        <When is=move || unread.get()>
            <Unread/>
        </When>
        <When is=move || !known.get() && !unread.get() && phone.session.get() == Session::Open>
            <div role="status">
                <p class="visually-hidden">"Lecture de la tournée…"</p>
                <div class="bones bones-next"></div>
                <div class="bones"></div>
            </div>
        </When>
        <When is=move || !later.with(Vec::is_empty)>
            <section aria-labelledby="ensuite">
                <h2 id="ensuite" class="section-title">
                    {live(move || format!("Ensuite ({})", later.with(Vec::len)))}
                </h2>
                <ol class="stops">
                    {rows(move || later.get(), move |id| view! { <LaterStop id opened/> }.into_any())}
                </ol>
                <When is=move || !phone.by_hand.with(Vec::is_empty)>
                    <Press
                        class="btn btn-wide"
                        icon=Glyph::Route
                        words="Reprendre l'ordre du bureau"
                        on_press=move || phone.put_in_order(Vec::new())
                    />
                </When>
            </section>
        </When>
        <When is=move || !failed.with(Vec::is_empty)>
            <section aria-labelledby="a-representer">
                <h2 id="a-representer" class="section-title">
                    {live(move || format!("À représenter ({})", failed.with(Vec::len)))}
                </h2>
                <ul class="stops">
                    {rows(move || failed.get(), move |id| view! { <LaterStop id opened/> }.into_any())}
                </ul>
            </section>
        </When>
        <When is=move || !done.with(Vec::is_empty)>
            <details class="done">
                <summary class="section-title done-summary">
                    {live(move || format!("Faites ({})", done.with(Vec::len)))}
                    <Icon of=Glyph::ChevronDown size=20/>
                </summary>
                <ul class="stops">
                    {rows(move || done.get(), |id| view! { <DoneStop id/> }.into_any())}
                </ul>
            </details>
        </When>
        <When is=move || known.get() || unread.get() || phone.session.get() != Session::Open>
            <Foot/>
        </When>
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
            ready.map(|stop| stop.delivery.clone()).collect::<Vec<Delivery>>()
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
        <When is=move || ready.with(|ready| ready.len() >= 2)>
            <button type="button" class="btn btn-wide btn-load" on:click=take>
                <Icon of=Glyph::Truck size=22/>
                {live(move || format!("Tout prendre en charge ({})", ready.with(Vec::len)))}
            </button>
        </When>
    }
}

/// A stop for later, or to be tried again: one line, which opens.
#[component]
fn LaterStop(id: OrderId, opened: RwSignal<Option<OrderId>>) -> impl IntoView {
    let phone = Phone::here();
    let stop = phone.stop(id);
    let is_open = Memo::new(move |_| opened.get() == Some(id));
    let line =
        move |read: fn(&Stop) -> String| live(move || stop.with(|stop| stop.as_ref().map(read).unwrap_or_default()));
    let shift = move |up: bool| phone.put_in_order(phone.stops.with_untracked(|stops| moved(stops, id, up)));
    view! {
        <li class="stop" data-commande=id.to_string()>
            <button
                type="button"
                class="stop-line"
                aria-expanded=live(move || is_open.get().to_string())
                on:click=move |_| opened.set(if is_open.get_untracked() { None } else { Some(id) })
            >
                <span class="stop-who">{line(|stop| stop.delivery.client_nom.clone())}</span>
                <span class="stop-where">{line(where_and_when)}</span>
                <span class="stop-badges">{live(move || stop.with(|stop| stop.as_ref().map(super::stop::badges)))}</span>
                <Icon of=Glyph::ChevronDown size=20/>
            </button>
            <When is=move || is_open.get()>
                <Details id/>
                <When is=move || stop.with(|stop| stop.as_ref().is_some_and(|stop| stop.step.is_open()))>
                    <div class="stop-shift">
                        <Press class="btn" icon=Glyph::ChevronUp words="Plus tôt" on_press=move || shift(true)/>
                        <Press class="btn" icon=Glyph::ChevronDown words="Plus tard" on_press=move || shift(false)/>
                    </div>
                </When>
                <Act id/>
            </When>
        </li>
    }
    .into_any()
}

/// Town and slot, or the street where no town is known.
fn where_and_when(stop: &Stop) -> String {
    let order = &stop.delivery;
    let place = order.ville.as_ref().or(order.adresse_livraison.as_ref()).cloned();
    [place, super::stop::slot(order)].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

#[component]
fn Finished() -> impl IntoView {
    let phone = Phone::here();
    let words = move || {
        phone.stops.with(|stops| match (stops.is_empty(), stops.iter().any(|stop| stop.step == Step::Failed)) {
            (true, _) => "Rien à livrer pour l'instant",
            (_, true) => "Il reste des commandes à représenter",
            (_, false) => "Tournée terminée",
        })
    };
    view! {
        <div class="empty">
            <Icon of=Glyph::PackageCheck size=40/>
            <p class="empty-title">{live(words)}</p>
            <p>"Les nouvelles livraisons arrivent ici d'elles-mêmes."</p>
        </div>
    }
}

/// Nothing is known of this person's round, and the server did not tell it.
#[component]
fn Unread() -> impl IntoView {
    let phone = Phone::here();
    let again = move || {
        phone.unread.set(false);
        sync::sync_now(phone);
    };
    view! {
        <div class="empty" role="alert">
            <Icon of=Glyph::Alert size=40/>
            <p class="empty-title">"Impossible de lire votre tournée"</p>
            <p>
                {live(move || if phone.looked.get() {
                    "Le serveur n'a pas répondu, et ce téléphone n'en garde pas de copie."
                } else {
                    "Le serveur n'a pas répondu."
                })}
            </p>
            <Press class="btn btn-primary btn-wide" icon=Glyph::Refresh words="Réessayer" on_press=again/>
        </div>
    }
}

/// Who is there, and the way out.
#[component]
fn Foot() -> impl IntoView {
    let phone = Phone::here();
    let name = move || phone.data.with(|data| data.as_ref().map(|data| data.personne.nom.clone()).unwrap_or_default());
    let waiting = move || phone.rows.with(Vec::len);
    let ways = WaysOut::here();
    view! {
        <footer class="foot">
            <p>{live(name)}</p>
            <When is=move || waiting() != 0>
                <p class="foot-note">"Si vous vous déconnectez, ce qui attend reste sur ce téléphone, et part à votre prochaine connexion."</p>
            </When>
            <p class="error" role="alert">{live(move || ways.refused())}</p>
            <div class="foot-ways">
                <a class="btn" href="/profil" on:click=move |event| ways.leave(&event, "Sans réseau, votre profil ne s'ouvre pas.")>
                    <Icon of=Glyph::User size=20/>
                    "Mon profil"
                </a>
                <form method="post" action="/deconnexion">
                    <button
                        type="submit"
                        class="btn"
                        on:click=move |event| ways.leave(&event, "Sans réseau, on ne peut pas se déconnecter.")
                    >
                        <Icon of=Glyph::SignOut size=20/>
                        "Se déconnecter"
                    </button>
                </form>
            </div>
        </footer>
    }
}
