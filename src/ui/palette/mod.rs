//! `Ctrl K`: a few letters, and one is there. Pages and actions are matched here, orders, products and
//! clients are asked for.

mod entries;

use std::time::Duration;

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{HtmlElement, HtmlFormElement};
use leptos_router::hooks::{use_location, use_navigate};

use self::entries::{Entry, Target, of_hit, standing};
use crate::auth::server_functions::SignedIn;
use crate::search::server_functions::find_anything;
use crate::ui::browser::may_leave;
use crate::ui::components::suggestions::{SuggestionList, Suggestions};
use crate::ui::components::{Dialog, Glyph, Icon};
use crate::ui::list::export_address;
use crate::ui::preferences::ChosenTheme;
use crate::ui::query::use_query_pairs;
use crate::ui::shortcuts::Opened;

const LIST: &str = "palette-liste";

/// The palette, closed until [`Opened::palette`] is set.
#[component]
pub fn Palette(
    /// Who looks at the page.
    user: SignedIn,
) -> impl IntoView {
    let Opened { palette: open, keys: help } = expect_context::<Opened>();
    let ChosenTheme(chosen) = expect_context();
    let standing = StoredValue::new(standing(&user));
    let suggestions = Suggestions::<Entry>::new();
    let text = RwSignal::new(String::new());
    let looking = RwSignal::new(false);
    let node = NodeRef::<html::Input>::new();
    let navigate = use_navigate();
    let (path, query) = (use_location().pathname, use_query_pairs());
    let take = Callback::new(move |entry: Entry| {
        open.set(false);
        match entry.target {
            Target::Page(href) if may_leave() => navigate(&href, Default::default()),
            Target::SignOut if may_leave() => sign_out(),
            Target::Page(_) | Target::SignOut => {}
            // The list one is on as it is shown, another one whole.
            Target::Export(list) => {
                let here = path.with_untracked(|path| path == list);
                let filters = if here { query.get_untracked() } else { Vec::new() };
                download(&export_address(list, &filters, "xlsx"));
            }
            Target::Theme(theme) => {
                theme.choose();
                chosen.set(Some(theme));
            }
            Target::Keys => help.set(true),
        }
    });
    let ask = move |typed: String| {
        let here = path.with_untracked(|path| standing.with_value(|all| entries::matching(all, &typed, path)));
        suggestions.show(here.clone());
        // Even without proposals the box stays a box of this list.
        suggestions.open.set(true);
        let asks = typed.trim().chars().count() >= 2;
        looking.set(asks);
        text.set(typed.clone());
        if !asks {
            return;
        }
        suggestions.ask(
            Duration::from_millis(150),
            move || find_anything(typed),
            move |answer| {
                looking.set(false);
                let mut all = here;
                all.extend(answer.unwrap_or_default().into_iter().map(of_hit));
                let kept = suggestions.active.get_untracked().min(all.len().saturating_sub(1));
                suggestions.options.set(all);
                suggestions.active.set(kept);
            },
        );
    };
    Effect::new(move |_| {
        if open.get() {
            ask(String::new());
            request_animation_frame(move || {
                if let Some(input) = node.get_untracked() {
                    input.set_value("");
                    let _ = input.focus();
                }
            });
        } else {
            suggestions.close();
        }
    });
    let on_key = move |ev: KeyboardEvent| {
        // Escape closes the palette itself, as it does every dialog.
        if ev.key() == "Escape" {
            return;
        }
        if let Some(entry) = suggestions.key(&ev) {
            take.run(entry);
        }
    };
    let none = move || {
        suggestions.options.with(Vec::is_empty).then(|| {
            let words = if looking.get() { "Recherche…" } else { "Rien de ce nom." };
            view! { <p class="palette-none">{words}</p> }
        })
    };
    view! {
        <Dialog id="palette" open title=Signal::stored("Aller à…".to_owned()) wide=true>
            <div class="palette suggest">
                <span class="control-with-icon">
                    <Icon of=Glyph::Search/>
                    <input
                        node_ref=node
                        class="control"
                        type="text"
                        role="combobox"
                        aria-label="Page, action, commande, produit ou client"
                        placeholder="Page, action, commande, produit ou client"
                        aria-autocomplete="list"
                        aria-controls=LIST
                        aria-expanded=suggestions.expanded()
                        aria-activedescendant=suggestions.descendant(LIST.to_owned())
                        autocomplete="off"
                        spellcheck="false"
                        on:input=move |ev| ask(event_target_value(&ev))
                        on:keydown=on_key
                    />
                </span>
                <SuggestionList
                    id=LIST.to_owned()
                    label="Propositions"
                    suggestions
                    draw=entries::draw
                    on_take=take
                />
                <div aria-live="polite">{none}</div>
            </div>
        </Dialog>
    }
}

/// Follows a link to a file as one of the page is followed: nothing is left by it.
fn download(href: &str) {
    let link = document().create_element("a").ok().and_then(|link| link.dyn_into::<HtmlElement>().ok());
    if let Some(link) = link {
        let _ = link.set_attribute("href", href);
        let _ = link.set_attribute("download", "");
        link.click();
    }
}

/// Sends the form of the account's menu, which stands beside the palette.
fn sign_out() {
    let form = document().query_selector("form[action='/deconnexion']").ok().flatten();
    if let Some(form) = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) {
        let _ = form.submit();
    }
}
