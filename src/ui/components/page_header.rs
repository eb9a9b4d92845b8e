//! The top of a page.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::ui::window_title;

/// The title of the page and of its window, the way back, and what one may do, at the right.
#[component]
pub fn PageHeader(
    /// The title.
    #[prop(into)]
    title: Signal<String>,
    /// Where one comes from: address and name.
    #[prop(optional, into)]
    back: Option<(String, String)>,
    /// One line under the title.
    #[prop(optional, into)]
    lead: MaybeProp<String>,
    /// Behind the title: a badge.
    #[prop(optional, into)]
    aside: Option<ViewFn>,
    /// At the right: buttons.
    #[prop(optional, into)]
    actions: Option<ViewFn>,
) -> impl IntoView {
    window_title::set(title);
    view! {
        <header class="page-head">
            <div>
                {back
                    .map(|(href, name)| {
                        view! {
                            <a class="page-back" href=href>
                                <Icon of=Glyph::ArrowLeft size=14/>
                                {name}
                            </a>
                        }
                    })}
                <h1 class="page-title">
                    <span>{move || title.get()}</span>
                    {aside.map(|aside| aside.run())}
                </h1>
                {move || lead.get().map(|lead| view! { <p class="page-lead">{lead}</p> })}
            </div>
            {actions.map(|actions| view! { <div class="page-actions">{actions.run()}</div> })}
        </header>
    }
}
