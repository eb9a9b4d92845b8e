//! The title of the window. One for all pages, that each page sets: titles that come and go with a part of
//! the page stay behind when that part is drawn anew (leptos_meta forgets them), and then read what is gone.

use leptos::prelude::*;
use leptos_meta::Title;

/// Counted by reference: the server writes the title once the page's own signals are out of reach.
#[derive(Debug, Clone)]
struct WindowTitle(ArcRwSignal<String>);

/// Shows what [`set`] says, with the product's name. Once, at the root.
#[component]
pub fn WindowTitleView() -> impl IntoView {
    let title = ArcRwSignal::new(String::new());
    provide_context(WindowTitle(title.clone()));
    let whole = |title: String| {
        if title.is_empty() { "Dashboard FB".to_owned() } else { format!("{title} · Dashboard FB") }
    };
    view! { <Title formatter=whole text=move || title.get()/> }
}

/// Makes this the title of the window, while it lasts.
pub fn set(title: Signal<String>) {
    if let Some(WindowTitle(shown)) = use_context() {
        shown.set(title.get_untracked());
        Effect::new(move |_| shown.set(title.get()));
    }
}
