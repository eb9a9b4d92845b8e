//! `/`: how business goes, for a period that stands in the URL.

#[cfg(feature = "ssr")]
mod breakdown;
#[cfg(feature = "ssr")]
mod deliveries;
#[cfg(feature = "ssr")]
mod drawing;
mod figures;
#[cfg(feature = "ssr")]
mod kpis;
#[cfg(feature = "ssr")]
mod links;
pub(crate) mod period;
#[cfg(feature = "ssr")]
mod sales;
#[cfg(feature = "ssr")]
mod stocks;
mod waiting;
#[cfg(feature = "ssr")]
mod why;

use leptos::prelude::*;

use crate::auth::permission::Permission;
use crate::auth::server_functions::PageContext;
use crate::ui::components::{Guarded, PageHeader};
use crate::ui::format;
use crate::ui::query::use_query_pairs;
use figures::Figures;
use period::{PeriodPicker, is_read, period_of};

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
    let hours = format::local_time(&context.zone.name);
    let query = use_query_pairs();
    // Only the period is asked for: whatever else an address carries is not for the server to refuse.
    let asked = Memo::new(move |_| {
        let mut pairs = query.get();
        pairs.retain(|(name, _)| name == "start_date" || name == "end_date");
        pairs
    });
    let period = Memo::new(move |_| period_of(&asked.get(), context.today));
    view! {
        <div class="page">
            <PageHeader
                title="Tableau de bord"
                lead=Signal::derive(move || match is_read(&asked.get()) {
                    true => Some(format!("{} · {hours}", format::period(period.get()))),
                    false => Some(hours.clone()),
                })
            />
            <PeriodPicker period today=context.today/>
            <Figures asked/>
        </div>
    }
}
