//! The rounds of a day: who takes which orders, in which order, and how far they are.

mod board;
mod dragging;
mod lane;
mod stop;

use leptos::prelude::*;

use crate::auth::permission::Permission;
use crate::auth::server_functions::{FormReturn, PageContext};
use crate::error::AppError;
use crate::orders::rounds::{DayRounds, is_open};
use crate::orders::server_functions::read_rounds;
use crate::shared::Day;
use crate::ui::components::{
    EmptyState, Glyph, Guarded, Icon, LinkButton, LiveRegion, Notice, PageHeader, Refusal, Skeleton, Tone,
};
use crate::ui::format::count;
use crate::ui::pages::orders::{DayPicker, PICKING, day_of, of_day};
use crate::ui::query::use_query_pairs;
use crate::ui::status;
use board::Board;
use lane::Lane;

/// Where it lives.
const PATH: &str = "/tournees";

/// The address of a day.
pub fn address(day: Day) -> String {
    of_day(PATH, day)
}

/// `/tournees?jour=…`
#[component]
pub fn RoundsPage() -> impl IntoView {
    view! {
        <div class="page rounds-page">
            <Guarded permission=Permission::WriteOrders>
                <Content/>
            </Guarded>
        </div>
    }
}

#[component]
fn Content() -> impl IntoView {
    let today = expect_context::<PageContext>().today;
    let query = use_query_pairs();
    let day = Memo::new(move |_| query.with(|query| day_of(query, today)));
    let rounds = Resource::new(move || day.get(), read_rounds);
    let back = SharedValue::new(|| use_context::<FormReturn>().unwrap_or_default()).into_inner();
    let board = Board::new(back.error);
    board.follow();
    let print = move || {
        let to = of_day(PICKING, day.get());
        view! { <a class="btn btn-secondary" href=to><Icon of=Glyph::Checklist/><span>"Liste de préparation"</span></a> }
    };
    let lead = move || {
        let words = if day.get() == today { "Aujourd'hui, ".to_owned() } else { String::new() };
        format!("{words}{}", day.get().display())
    };
    view! {
        <PageHeader title="Tournées" lead=Signal::derive(lead) actions=move || view! { {print} }/>
        <DayPicker path=PATH query today/>
        <LiveRegion text=board.told/>
        <Refused board/>
        <Transition fallback=|| view! { <Skeleton class="h-96 w-full"/> }>
            {move || Suspend::new(async move { drawn(rounds.await, board) })}
        </Transition>
    }
}

/// Why the last move was refused.
#[component]
fn Refused(board: Board) -> impl IntoView {
    move || {
        board.refusal.get().map(|error| {
            view! {
                <Notice tone=Tone::Rose title="La tournée n'a pas été enregistrée" alert=true>
                    <p>{error.detail}</p>
                </Notice>
            }
        })
    }
}

fn drawn(rounds: Result<DayRounds, AppError>, board: Board) -> AnyView {
    match rounds {
        Ok(rounds) => {
            board.take(rounds);
            view! { <TheDay board/> }.into_any()
        }
        Err(error) => {
            status::set(error.code.status());
            view! { <Refusal error/> }.into_any()
        }
    }
}

/// The rounds of the day, or that there are none; drawn once, what others change comes into it.
#[component]
fn TheDay(board: Board) -> impl IntoView {
    let nothing = Memo::new(move |_| board.orders.with(Vec::is_empty));
    move || {
        if nothing.get() {
            view! {
                <section class="card" aria-label="Résultat">
                    <EmptyState
                        icon=Glyph::Route
                        title="Rien à livrer ce jour-là"
                        text="Les commandes confirmées apparaissent ici le jour prévu de leur livraison."
                    >
                        <LinkButton href="/commandes?statut=confirmee" text="Voir les commandes confirmées"/>
                    </EmptyState>
                </section>
            }
            .into_any()
        } else {
            view! { <Lanes board/> }.into_any()
        }
    }
}

#[component]
fn Lanes(board: Board) -> impl IntoView {
    let late = move || {
        let day = board.day.get();
        let late = board.orders.with(|orders| {
            orders
                .iter()
                .filter(|order| is_open(order) && order.date_livraison_prevue.is_some_and(|d| Some(d) < day))
                .count()
        });
        (late > 0).then(|| {
            let n = i64::try_from(late).unwrap_or(0);
            let words = count(n, "commande aurait dû être livrée avant", "commandes auraient dû être livrées avant");
            view! {
                <p class="rounds-late">
                    <Icon of=Glyph::Warning/>
                    {format!("{words} ce jour.")}
                </p>
            }
        })
    };
    let more = move || {
        board.more.get().then(|| {
            view! {
                <Notice tone=Tone::Amber title="Toutes les commandes ne sont pas affichées">
                    <p>"Ce jour en a plus que cette page n'en montre. La liste des commandes les a toutes."</p>
                </Notice>
            }
        })
    };
    let lanes = move || {
        let couriers = board.couriers.get().into_iter();
        couriers
            .map(|courier| view! { <Lane board lane=Some(courier.id) name=courier.display() phone=courier.telephone/> })
            .collect_view()
    };
    view! {
        {more}
        {late}
        <div class="rounds" role="region" aria-label="Tournées" tabindex="0" data-scrolls="">
            <Lane board lane=None name="Non assignées".to_owned() phone=None/>
            {lanes}
        </div>
    }
}
