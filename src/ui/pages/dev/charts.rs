//! Charts.

use leptos::prelude::*;

use crate::ui::components::Card;
use crate::ui::components::chart::{ShareBar, Sparkline};

/// Sparklines and shares; the bars are on the dashboard, with figures behind them.
#[component]
pub fn Charts() -> impl IntoView {
    view! {
        <Card title="Courbes et parts">
            <div class="grid gap-4 max-w-md">
                <Sparkline values=vec![3.0, 8.0, 5.0, 9.0, 4.0, 12.0, 7.0]/>
                <Sparkline values=vec![0.0, 0.0, 0.0]/>
                <ShareBar percent=0.0/>
                <ShareBar percent=42.0/>
                <ShareBar percent=100.0/>
            </div>
        </Card>
    }
}
