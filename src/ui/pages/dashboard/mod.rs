//! `/`: how business goes, for a period that stands in the URL.

mod breakdown;
mod deliveries;
mod kpis;
mod links;
pub(crate) mod period;
mod sales;
mod stocks;
mod waiting;
mod why;

use leptos::prelude::*;

use crate::auth::permission::Permission;
use crate::auth::server_functions::PageContext;
use crate::dashboard::model::Summary;
use crate::dashboard::server_functions::dashboard_summary;
use crate::error::{AppError, ErrorCode};
use crate::live::{Topic, live_resource};
use crate::shared::Period;
use crate::ui::components::{ButtonKind, EmptyState, Glyph, Guarded, LinkButton, PageHeader};
use crate::ui::format;
use crate::ui::pages::errors::PageError;
use crate::ui::query::use_query_pairs;
use crate::ui::status;
use breakdown::{ByCategory, ByProduct, ByStatus};
use deliveries::DeliveriesCard;
use kpis::Kpis;
use period::{PeriodPicker, period_of};
use sales::SalesCard;
use stocks::StockCard;
use waiting::Waiting;
use why::Rules;

/// What the figures are made of.
const FOLLOWED: &[Topic] = &[Topic::Orders, Topic::Stocks, Topic::Products, Topic::Categories];

/// The page.
#[component]
pub fn DashboardPage() -> impl IntoView {
    view! {
        <Guarded permission=Permission::ReadDashboard>
            <Dashboard/>
        </Guarded>
    }
}

#[component]
fn Dashboard() -> impl IntoView {
    let context = expect_context::<PageContext>();
    let zone = context.zone.name.clone();
    let query = use_query_pairs();
    // Only the period is asked for: whatever else an address carries is not for the server to refuse.
    let asked = Memo::new(move |_| {
        let mut pairs = query.get();
        pairs.retain(|(name, _)| name == "start_date" || name == "end_date");
        pairs
    });
    let period = Memo::new(move |_| period_of(&asked.get(), context.today));
    let summary = live_resource(move || asked.get(), dashboard_summary).follow(FOLLOWED);
    let (pending, set_pending) = signal(false);
    // The day that is read in the chart, until another period is.
    let active = RwSignal::new(None::<usize>);
    // The first figures come with the page: only those of another period are waited for in sight.
    let moved = RwSignal::new(false);
    Effect::new(move |before: Option<()>| {
        asked.track();
        if before.is_some() {
            moved.set(true);
            active.set(None);
        }
    });
    let refreshing = Signal::derive(move || pending.get() && moved.get() && !summary.quiet.get());
    view! {
        <div class="page">
            <PageHeader
                title="Tableau de bord"
                lead=Signal::derive(move || Some(format!("{} · heure de {zone}", format::period(period.get()))))
            />
            <PeriodPicker period today=context.today/>
            <Transition fallback=|| view! { <Waiting/> } set_pending>
                {move || Suspend::new(async move {
                    match summary.answer.await {
                        Ok(summary) => view! {
                            <div class="dash" class:refreshing=refreshing aria-busy=move || refreshing.get().then_some("true")>
                                <Figures summary active/>
                            </div>
                        }
                        .into_any(),
                        Err(error) if error.code == ErrorCode::Invalid => view! { <NoSuchPeriod error/> }.into_any(),
                        Err(error) => view! { <PageError error/> }.into_any(),
                    }
                })}
            </Transition>
            <DeliveriesCard/>
        </div>
    }
}

/// The address holds a period that does not exist: what is wrong with it, and a way out.
#[component]
fn NoSuchPeriod(error: AppError) -> impl IntoView {
    status::set(error.code.status());
    let faults: Vec<_> = error
        .errors
        .into_iter()
        .map(|fault| {
            let name = match fault.champ.as_str() {
                "start_date" => "Premier jour",
                "end_date" => "Dernier jour",
                _ => "Période",
            };
            format!("{name} : {}", fault.message)
        })
        .collect();
    view! {
        <EmptyState icon=Glyph::Calendar title="Cette période n'existe pas" text=faults.join(" ")>
            <LinkButton href="/" kind=ButtonKind::Primary text="Voir les 30 derniers jours"/>
        </EmptyState>
    }
}

/// Everything that was read.
#[component]
fn Figures(summary: Summary, active: RwSignal<Option<usize>>) -> impl IntoView {
    let period = Period { start: summary.start_date, end: summary.end_date };
    let rules = Rules {
        zone: expect_context::<PageContext>().zone.name,
        period,
        sold: summary.chiffre_affaires.nombre_commandes,
        entered: summary.commandes.total,
    };
    let agreed = summary.concordance_le.map(|at| expect_context::<PageContext>().zone.display(at));
    view! {
        <Kpis summary=summary.clone() rules=rules.clone()/>
        <SalesCard sales=summary.ventes_par_jour turnover=summary.chiffre_affaires rules=rules.clone() active/>
        <div class="dash-columns">
            <div class="dash-column">
                <ByProduct sales=summary.ventes_par_article period rules=rules.clone()/>
                <ByCategory sales=summary.ventes_par_categorie period rules=rules.clone()/>
            </div>
            <div class="dash-column">
                <ByStatus orders=summary.commandes period rules=rules.clone()/>
                <StockCard stocks=summary.etat_stocks rules/>
            </div>
        </div>
        <p class="dash-agreed">
            {match agreed {
                Some(at) => format!("Chiffres de chaque jour comparés aux commandes le {at} : ils concordent."),
                None => "Les chiffres de chaque jour n'ont pas encore été comparés aux commandes.".to_owned(),
            }}
        </p>
    }
}
