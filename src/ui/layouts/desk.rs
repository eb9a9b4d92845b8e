//! The frame of the pages one works in: menu at the left (a bar at the bottom on phones), a thin bar on top.

use leptos::ev::MouseEvent;
use leptos::html;
use leptos::prelude::*;
use leptos_router::components::{A, Outlet};
use leptos_router::hooks::use_location;

use super::{AccountMenu, Brand, MenuEntry, menu_of, round_of};
use crate::auth::permission::Permission;
use crate::auth::server_functions::PageContext;
use crate::live::{Connection, use_live};
use crate::ui::browser::{is_typed_in, keep_hold};
use crate::ui::components::{Button, ButtonSize, Glyph, Icon, LiveDot, Notice, Toaster, Tone};
use crate::ui::session::sign_in_again;
use crate::ui::shortcuts::{Opened, Shortcuts};
use crate::ui::{preferences, sections};

/// The frame around the page of the route.
#[component]
pub fn Desk() -> impl IntoView {
    let context = expect_context::<PageContext>();
    if let Some(user) = &context.user {
        let live = use_live();
        live.open(user.role, context.live);
        Effect::new(|_| sections::warm());
        // What is typed stays: whoever sends it is told to sign in elsewhere first.
        Effect::new(move |_| {
            if live.connection() == Connection::Ended && !is_typed_in() {
                sign_in_again();
            }
        });
    }
    let user = context.user;
    let entries = user.as_ref().map(menu_of).unwrap_or_default();
    // A livreur is at home in a program that the router does not know.
    let (home, rel) = user.as_ref().and_then(round_of).map_or(("/", None), |round| (round.href, Some("external")));
    let main = NodeRef::<html::Main>::new();
    keep_focus(main);
    keep_hold();
    let path = use_location().pathname;
    // The pages of orders have this button themselves.
    let offered_there = move || matches!(path.get().as_str(), "/commandes" | "/commandes/nouvelle");
    let palette = Opened::provide().palette;
    let may_order = user.as_ref().is_some_and(|user| user.may(Permission::WriteOrders));
    // The router only scrolls there.
    let skip = move |ev: MouseEvent| {
        if let Some(main) = main.get_untracked() {
            ev.prevent_default();
            // Fails only for an element that has left the page.
            let _ = main.focus();
        }
    };
    view! {
        <a class="skip-link" href="#contenu" on:click=skip>
            "Aller au contenu"
        </a>
        <div class="desk">
            <aside class="side">
                <a class="side-brand" href=home rel=rel aria-label="Dashboard FB, accueil">
                    <Brand/>
                </a>
                <nav class="side-nav" aria-label="Menu">
                    {entries.iter().copied().map(side_link).collect::<Vec<_>>()}
                </nav>
                <FoldButton/>
            </aside>
            <div class="desk-main">
                <header class="top">
                    <a class="top-brand" href=home rel=rel aria-label="Dashboard FB, accueil">
                        <Brand/>
                    </a>
                    {user.is_some().then(|| view! { <PaletteButton palette/> })}
                    <div class="top-actions">
                        <LiveDot/>
                        {may_order
                            .then(|| {
                                view! {
                                    <a
                                        class="btn btn-secondary btn-small top-new"
                                        class:hidden=offered_there
                                        href="/commandes/nouvelle"
                                    >
                                        <Icon of=Glyph::Plus size=14/>
                                        "Nouvelle commande"
                                    </a>
                                }
                            })}
                        {user.clone().map(|user| view! { <AccountMenu user/> })}
                    </div>
                </header>
                <OtherRole/>
                <main node_ref=main id="contenu" tabindex="-1">
                    <Outlet/>
                </main>
            </div>
            <nav class="bottom" aria-label="Menu">
                {entries.iter().copied().take(NEAR).map(bottom_link).collect::<Vec<_>>()}
                {may_order
                    .then(|| {
                        view! {
                            <A href="/commandes/nouvelle" attr:class="bottom-link">
                                <Icon of=Glyph::Plus size=20/>
                                <span>"Nouvelle"</span>
                            </A>
                        }
                    })}
                <BottomMore entries=entries.iter().copied().skip(NEAR).collect()/>
            </nav>
        </div>
        {user.map(|user| view! { <Shortcuts user/> })}
        <Toaster/>
    }
}

/// Says that the page was drawn for another role than the person has now. They choose when it is drawn anew: they
/// may be typing.
#[component]
fn OtherRole() -> impl IntoView {
    let live = use_live();
    move || {
        (live.connection() == Connection::OtherRole).then(|| {
            view! {
                <div class="desk-notice">
                    <Notice tone=Tone::Amber title="Vos droits ont changé.">
                        <p>"Rechargez la page pour continuer. Ce que vous saisissez reste affiché jusque-là."</p>
                        <Button
                            size=ButtonSize::Small
                            text="Recharger la page"
                            on:click=move |_| {
                                // Fails for a document that is being left already.
                                let _ = location().reload();
                            }
                        />
                    </Notice>
                </div>
            }
        })
    }
}

/// Opens the palette; unseen until it can.
#[component]
fn PaletteButton(palette: RwSignal<bool>) -> impl IntoView {
    let ready = RwSignal::new(false);
    Effect::new(move |_| ready.set(true));
    view! {
        <button
            type="button"
            class="top-search"
            class:invisible=move || !ready.get()
            aria-keyshortcuts="Control+K"
            on:click=move |_| palette.set(true)
        >
            <Icon of=Glyph::Search size=14/>
            <span>"Aller à…"</span>
            <kbd aria-hidden="true">"Ctrl K"</kbd>
        </button>
    }
}

/// A link that leads to another page disappears with its own page: the focus goes to the new one's content
/// instead of the top of the document, unless the new page wants it elsewhere.
fn keep_focus(main: NodeRef<html::Main>) {
    let path = use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let now = path.get();
        if before.is_some_and(|before| before != now) {
            request_animation_frame(move || {
                let nowhere = document().active_element().is_none_or(|element| element.tag_name() == "BODY");
                if let Some(main) = main.get_untracked().filter(|_| nowhere) {
                    // Fails for an element that left the page meanwhile.
                    let _ = main.focus();
                }
            });
        }
        now
    });
}

/// A link that the browser follows itself: it leads to another program.
fn outside(entry: MenuEntry, class: &'static str, words: &'static str, size: u8) -> AnyView {
    view! {
        <a href=entry.href rel="external" class=class title=entry.label>
            <Icon of=entry.icon size/>
            <span>{words}</span>
        </a>
    }
    .into_any()
}

fn side_link(entry: MenuEntry) -> impl IntoView {
    if entry.phone {
        return outside(entry, "side-link", entry.label, 18);
    }
    view! {
        <A href=entry.href exact=entry.exact attr:class="side-link" attr:title=entry.label>
            <Icon of=entry.icon size=18/>
            <span>{entry.label}</span>
        </A>
    }
    .into_any()
}

/// How many pages a phone's bar names; the others unfold.
const NEAR: usize = 3;

/// The other pages, in a panel that the browser opens and closes by itself.
#[component]
fn BottomMore(entries: Vec<MenuEntry>) -> impl IntoView {
    if entries.is_empty() {
        return None;
    }
    let links = entries.into_iter().map(side_link).collect::<Vec<_>>();
    Some(view! {
        <button type="button" class="bottom-link" popovertarget="menu-plus">
            <Icon of=Glyph::More size=20/>
            <span>"Plus"</span>
        </button>
        <div id="menu-plus" class="bottom-more" popover="auto">
            {links}
        </div>
    })
}

fn bottom_link(entry: MenuEntry) -> impl IntoView {
    if entry.phone {
        return outside(entry, "bottom-link", entry.short, 20);
    }
    view! {
        <A href=entry.href exact=entry.exact attr:class="bottom-link">
            <Icon of=entry.icon size=20/>
            <span>{entry.short}</span>
        </A>
    }
    .into_any()
}

/// Folds the menu to its icons, and back.
#[component]
fn FoldButton() -> impl IntoView {
    let folded = RwSignal::new(false);
    let ready = RwSignal::new(false);
    Effect::new(move |_| {
        folded.set(preferences::menu_is_folded());
        ready.set(true);
    });
    view! {
        <button
            type="button"
            class="side-fold"
            class:invisible=move || !ready.get()
            on:click=move |_| {
                folded.update(|folded| *folded = !*folded);
                preferences::fold_menu(folded.get_untracked());
            }
        >
            <span class="side-fold-icon">
                <Icon of=Glyph::Fold size=18/>
            </span>
            <span>{move || if folded.get() { "Déplier le menu" } else { "Replier le menu" }}</span>
        </button>
    }
}
