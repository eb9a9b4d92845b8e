//! `/dev/composants`: every component in every state, in development builds alone.

mod charts;
mod controls;
mod feedback;
mod lists;

use leptos::prelude::*;

use crate::ui::components::PageHeader;
use charts::Charts;
use controls::Controls;
use feedback::Feedback;
use lists::Lists;

/// The page.
#[component]
pub fn ComponentsPage() -> impl IntoView {
    view! {
        <div class="page">
            <PageHeader title="Composants" lead="Chaque composant, dans chaque état. Développement seulement.".to_owned()/>
            <Controls/>
            <Lists/>
            <Charts/>
            <Feedback/>
        </div>
    }
}
