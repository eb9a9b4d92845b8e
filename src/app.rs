//! The HTML shell and the table of routes.

use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags, Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{SsrMode, path};

use crate::auth::server_functions::PageContext;
use crate::ui::components::provide_toasts;
use crate::ui::layouts::{Desk, Missing};
use crate::ui::pages::dashboard::DashboardPage;
use crate::ui::pages::orders::{
    DeliveryNotePage, EditDeliveryPage, EditLinesPage, NewOrderPage, OrderList, OrderPage, PickingPage,
};
use crate::ui::pages::rounds::RoundsPage;
use crate::ui::pages::sign_in::SignInPage;
use crate::ui::preferences::EARLY_SCRIPT;

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
    provide_context(context);
    provide_toasts();
    // Every page waits for its data: without JavaScript nothing else would fill its skeletons.
    view! {
        <Title formatter=|title: String| if title.is_empty() { "Dashboard FB".to_owned() } else { format!("{title} · Dashboard FB") }/>
        <Router>
            <Routes fallback=|| view! { <Missing/> }.into_any()>
                <Route path=path!("/connexion") view=|| view! { <SignInPage/> }.into_any() ssr=SsrMode::Async/>
                <ParentRoute path=path!("") view=|| view! { <Desk/> }.into_any() ssr=SsrMode::Async>
                    <Route path=path!("") view=|| view! { <DashboardPage/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/commandes") view=|| view! { <OrderList/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/commandes/nouvelle") view=|| view! { <NewOrderPage/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/commandes/preparation") view=|| view! { <PickingPage/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/commandes/:id") view=|| view! { <OrderPage/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/commandes/:id/livraison") view=|| view! { <EditDeliveryPage/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/commandes/:id/articles") view=|| view! { <EditLinesPage/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/commandes/:id/bon-de-livraison") view=|| view! { <DeliveryNotePage/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/tournees") view=|| view! { <RoundsPage/> }.into_any() ssr=SsrMode::Async/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}
