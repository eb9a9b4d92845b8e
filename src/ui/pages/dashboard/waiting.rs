//! The page in its final size while its figures are on their way.

use leptos::prelude::*;

use crate::ui::components::{Skeleton, VisuallyHidden};

/// Grey bars where the figures will stand.
#[component]
pub fn Waiting() -> impl IntoView {
    let card = || {
        view! {
            <div class="kpi">
                <Skeleton class="h-5 w-28"/>
                <Skeleton class="h-9 w-36 mt-1"/>
                <Skeleton class="h-5 w-44"/>
                <Skeleton class="sparkline"/>
            </div>
        }
    };
    view! {
        <div class="dash" aria-busy="true">
            <VisuallyHidden>"Chargement des chiffres…"</VisuallyHidden>
            <div class="kpis">{(0..4).map(|_| card()).collect::<Vec<_>>()}</div>
            <div class="card chart-card-waiting"></div>
            <div class="dash-columns">
                <div class="card pair-waiting"></div>
                <div class="card pair-waiting"></div>
            </div>
        </div>
    }
}
