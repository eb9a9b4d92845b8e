//! The HTML shell and the table of routes.

use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{Lazy, SsrMode, path};

use crate::auth::server_functions::PageContext;
use crate::live::provide_live;
use crate::ui::components::provide_toasts;
use crate::ui::pages::sign_in::SignInPage;
use crate::ui::preferences::{ChosenTheme, EARLY_SCRIPT};
use crate::ui::sections::{catalogue, desk, entry, orders, overview, people};
use crate::ui::session::Me;
use crate::ui::window_title::WindowTitleView;

/// There is no such page where one does not develop.
#[cfg(not(debug_assertions))]
use crate::ui::sections::desk::Missing as Components;
#[cfg(debug_assertions)]
use crate::ui::sections::dev::Components;

/// The document around every page, drawn by the server alone.
pub fn shell(options: &LeptosOptions) -> impl IntoView + use<> {
    let options = options.clone();
    view! {
        <!DOCTYPE html>
        <html lang="fr">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="robots" content="noindex, nofollow"/>
                <meta name="theme-color" media="(prefers-color-scheme: light)" content="#fbfcfd"/>
                <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#0d131c"/>
                <meta name="format-detection" content="telephone=no"/>
                <script nonce=use_nonce() inner_html=EARLY_SCRIPT></script>
                <link rel="preload" href="/fonts/inter-latin.woff2" r#as="font" r#type="font/woff2" crossorigin="anonymous"/>
                <link rel="icon" href="/favicon.svg" r#type="image/svg+xml"/>
                <HashedStylesheet options=options.clone() id="style"/>
                <AutoReload options=options.clone()/>
                <HydrationScripts options/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// The root of every page.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    // Drawn with the same context on both sides: the server's travels in the page.
    let context = SharedValue::new(PageContext::of_page).into_inner();
    context.currency.clone().choose();
    Me::provide(context.user.as_ref());
    provide_context(ChosenTheme(RwSignal::new(None)));
    provide_context(context);
    provide_toasts();
    provide_live();
    // Made first: the pages below set it.
    let title = view! { <WindowTitleView/> };
    // Every page waits for its data: without JavaScript nothing else would fill its skeletons.
    view! {
        {title}
        <Router>
            <Routes fallback=|| ()>
                <Route path=path!("/connexion") view=|| view! { <SignInPage/> } ssr=SsrMode::Async/>
                <ParentRoute path=path!("") view={Lazy::<desk::Frame>::new()} ssr=SsrMode::Async>
                    <Route path=path!("") view={Lazy::<overview::Dashboard>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/commandes") view={Lazy::<orders::List>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/commandes/nouvelle") view={Lazy::<entry::New>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/commandes/preparation") view={Lazy::<orders::Picking>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/commandes/:id") view={Lazy::<orders::One>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/commandes/:id/articles") view={Lazy::<entry::Lines>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/commandes/:id/bon-de-livraison") view={Lazy::<orders::DeliveryNote>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/commandes/:id/correction") view={Lazy::<entry::Correction>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/commandes/:id/livraison") view={Lazy::<entry::Delivery>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/tournees") view={Lazy::<orders::Rounds>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/produits") view={Lazy::<catalogue::Products>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/produits/import") view={Lazy::<catalogue::Import>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/produits/nouveau") view={Lazy::<catalogue::NewProduct>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/produits/:id") view={Lazy::<catalogue::Product>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/produits/:id/modifier") view={Lazy::<catalogue::EditProduct>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/categories") view={Lazy::<catalogue::Categories>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/categories/:id") view={Lazy::<catalogue::Category>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/stocks") view={Lazy::<catalogue::Stocks>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/stocks/mouvements") view={Lazy::<catalogue::Movements>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/stocks/:id") view={Lazy::<catalogue::Stock>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/clients") view={Lazy::<people::Clients>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/clients/nouveau") view={Lazy::<people::NewClient>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/clients/:id") view={Lazy::<people::Client>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/clients/:id/modifier") view={Lazy::<people::EditClient>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/utilisateurs") view={Lazy::<people::Users>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/utilisateurs/nouveau") view={Lazy::<people::NewUser>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/utilisateurs/:id") view={Lazy::<people::User>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/utilisateurs/:id/modifier") view={Lazy::<people::EditUser>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/journal") view={Lazy::<people::Journal>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/profil") view={Lazy::<people::Profile>::new()} ssr=SsrMode::Async/>
                    // A livreur gets the phone's own page (server/phone.rs); this is for the others.
                    <Route path=path!("/livreur") view={Lazy::<desk::Closed>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/dev/composants") view={Lazy::<Components>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/*ailleurs") view={Lazy::<desk::Missing>::new()} ssr=SsrMode::Async/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}
