//! The HTML shell and the table of routes.

use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{SsrMode, path};

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
const COMPONENTS: desk::Page = desk::Page::Missing;
#[cfg(debug_assertions)]
const COMPONENTS: crate::ui::sections::dev::Page = crate::ui::sections::dev::Page::Components;

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
                <ParentRoute path=path!("") view={desk::Page::Frame} ssr=SsrMode::Async>
                    <Route path=path!("") view={overview::Page::Dashboard} ssr=SsrMode::Async/>
                    <Route path=path!("/commandes") view={orders::Page::List} ssr=SsrMode::Async/>
                    <Route path=path!("/commandes/nouvelle") view={entry::Page::New} ssr=SsrMode::Async/>
                    <Route path=path!("/commandes/preparation") view={orders::Page::Picking} ssr=SsrMode::Async/>
                    <Route path=path!("/commandes/:id") view={orders::Page::One} ssr=SsrMode::Async/>
                    <Route path=path!("/commandes/:id/articles") view={entry::Page::Lines} ssr=SsrMode::Async/>
                    <Route path=path!("/commandes/:id/bon-de-livraison") view={orders::Page::DeliveryNote} ssr=SsrMode::Async/>
                    <Route path=path!("/commandes/:id/correction") view={entry::Page::Correction} ssr=SsrMode::Async/>
                    <Route path=path!("/commandes/:id/livraison") view={entry::Page::Delivery} ssr=SsrMode::Async/>
                    <Route path=path!("/tournees") view={orders::Page::Rounds} ssr=SsrMode::Async/>
                    <Route path=path!("/produits") view={catalogue::Page::Products} ssr=SsrMode::Async/>
                    <Route path=path!("/produits/import") view={catalogue::Page::Import} ssr=SsrMode::Async/>
                    <Route path=path!("/produits/nouveau") view={catalogue::Page::NewProduct} ssr=SsrMode::Async/>
                    <Route path=path!("/produits/:id") view={catalogue::Page::Product} ssr=SsrMode::Async/>
                    <Route path=path!("/produits/:id/modifier") view={catalogue::Page::EditProduct} ssr=SsrMode::Async/>
                    <Route path=path!("/categories") view={catalogue::Page::Categories} ssr=SsrMode::Async/>
                    <Route path=path!("/categories/:id") view={catalogue::Page::Category} ssr=SsrMode::Async/>
                    <Route path=path!("/stocks") view={catalogue::Page::Stocks} ssr=SsrMode::Async/>
                    <Route path=path!("/stocks/mouvements") view={catalogue::Page::Movements} ssr=SsrMode::Async/>
                    <Route path=path!("/stocks/:id") view={catalogue::Page::Stock} ssr=SsrMode::Async/>
                    <Route path=path!("/clients") view={people::Page::Clients} ssr=SsrMode::Async/>
                    <Route path=path!("/clients/nouveau") view={people::Page::NewClient} ssr=SsrMode::Async/>
                    <Route path=path!("/clients/:id") view={people::Page::Client} ssr=SsrMode::Async/>
                    <Route path=path!("/clients/:id/modifier") view={people::Page::EditClient} ssr=SsrMode::Async/>
                    <Route path=path!("/utilisateurs") view={people::Page::Users} ssr=SsrMode::Async/>
                    <Route path=path!("/utilisateurs/nouveau") view={people::Page::NewUser} ssr=SsrMode::Async/>
                    <Route path=path!("/utilisateurs/:id") view={people::Page::User} ssr=SsrMode::Async/>
                    <Route path=path!("/utilisateurs/:id/modifier") view={people::Page::EditUser} ssr=SsrMode::Async/>
                    <Route path=path!("/journal") view={people::Page::Journal} ssr=SsrMode::Async/>
                    <Route path=path!("/profil") view={people::Page::Profile} ssr=SsrMode::Async/>
                    // A livreur gets the phone's own page (server/phone.rs); this is for the others.
                    <Route path=path!("/livreur") view={desk::Page::Closed} ssr=SsrMode::Async/>
                    <Route path=path!("/dev/composants") view={COMPONENTS} ssr=SsrMode::Async/>
                    <Route path=path!("/*ailleurs") view={desk::Page::Missing} ssr=SsrMode::Async/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}
