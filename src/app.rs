//! The HTML shell and the table of routes.

use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{SsrMode, path};

use crate::auth::server_functions::PageContext;
use crate::ui::components::provide_toasts;
use crate::ui::layouts::{Desk, Missing};
use crate::ui::pages::clients::{ClientList, ClientPage, EditClientPage, NewClientPage};
use crate::ui::pages::dashboard::DashboardPage;
use crate::ui::pages::orders::{NewOrderPage, OrderList, OrderPage};
use crate::ui::pages::profile::ProfilePage;
use crate::ui::pages::sign_in::SignInPage;
use crate::ui::pages::users::{EditUserPage, NewUserPage, UserList, UserPage};
use crate::ui::preferences::{ChosenTheme, EARLY_SCRIPT};
use crate::ui::session::Me;
use crate::ui::window_title::WindowTitleView;

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
    // Made first: the pages below set it.
    let title = view! { <WindowTitleView/> };
    // Every page waits for its data: without JavaScript nothing else would fill its skeletons.
    view! {
        {title}
        <Router>
            <Routes fallback=|| view! { <Missing/> }.into_any()>
                <Route path=path!("/connexion") view=|| view! { <SignInPage/> }.into_any() ssr=SsrMode::Async/>
                <ParentRoute path=path!("") view=|| view! { <Desk/> }.into_any() ssr=SsrMode::Async>
                    <Route path=path!("") view=|| view! { <DashboardPage/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/commandes") view=|| view! { <OrderList/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/commandes/nouvelle") view=|| view! { <NewOrderPage/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/commandes/:id") view=|| view! { <OrderPage/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/clients") view=|| view! { <ClientList/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/clients/nouveau") view=|| view! { <NewClientPage/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/clients/:id") view=|| view! { <ClientPage/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/clients/:id/modifier") view=|| view! { <EditClientPage/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/utilisateurs") view=|| view! { <UserList/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/utilisateurs/nouveau") view=|| view! { <NewUserPage/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/utilisateurs/:id") view=|| view! { <UserPage/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/utilisateurs/:id/modifier") view=|| view! { <EditUserPage/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/profil") view=|| view! { <ProfilePage/> }.into_any() ssr=SsrMode::Async/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}
