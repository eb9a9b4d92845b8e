//! The HTML shell and the table of routes.

use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{SsrMode, path};

use crate::auth::server_functions::PageContext;
use crate::live::provide_live;
use crate::ui::components::provide_toasts;
use crate::ui::layouts::{Desk, Missing};
use crate::ui::pages::categories::CategoryList;
use crate::ui::pages::clients::{ClientList, ClientPage, EditClientPage, NewClientPage};
use crate::ui::pages::dashboard::DashboardPage;
use crate::ui::pages::journal::JournalPage;
use crate::ui::pages::orders::{
    DeliveryNotePage, EditDeliveryPage, EditLinesPage, NewOrderPage, OrderList, OrderPage, PickingPage,
};
use crate::ui::pages::products::{EditProductPage, ImportPage, NewProductPage, ProductList, ProductPage};
use crate::ui::pages::profile::ProfilePage;
use crate::ui::pages::rounds::RoundsPage;
use crate::ui::pages::sign_in::SignInPage;
use crate::ui::pages::stocks::{MovementList, StockList, StockPage};
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
    provide_live();
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
                    <Route path=path!("/commandes/preparation") view=|| view! { <PickingPage/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/commandes/:id") view=|| view! { <OrderPage/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/commandes/:id/articles") view=|| view! { <EditLinesPage/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/commandes/:id/bon-de-livraison") view=|| view! { <DeliveryNotePage/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/commandes/:id/livraison") view=|| view! { <EditDeliveryPage/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/tournees") view=|| view! { <RoundsPage/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/produits") view=|| view! { <ProductList/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/produits/import") view=|| view! { <ImportPage/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/produits/nouveau") view=|| view! { <NewProductPage/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/produits/:id") view=|| view! { <ProductPage/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/produits/:id/modifier") view=|| view! { <EditProductPage/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/categories") view=|| view! { <CategoryList/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/stocks") view=|| view! { <StockList/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/stocks/mouvements") view=|| view! { <MovementList/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/stocks/:id") view=|| view! { <StockPage/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/clients") view=|| view! { <ClientList/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/clients/nouveau") view=|| view! { <NewClientPage/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/clients/:id") view=|| view! { <ClientPage/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/clients/:id/modifier") view=|| view! { <EditClientPage/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/utilisateurs") view=|| view! { <UserList/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/utilisateurs/nouveau") view=|| view! { <NewUserPage/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/utilisateurs/:id") view=|| view! { <UserPage/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/utilisateurs/:id/modifier") view=|| view! { <EditUserPage/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/journal") view=|| view! { <JournalPage/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/profil") view=|| view! { <ProfilePage/> }.into_any() ssr=SsrMode::Async/>
                    <Route path=path!("/dev/composants") view=components_page ssr=SsrMode::Async/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// Every component in every state, where one develops.
#[cfg(debug_assertions)]
fn components_page() -> AnyView {
    view! { <crate::ui::pages::dev::ComponentsPage/> }.into_any()
}

/// There is no such page.
#[cfg(not(debug_assertions))]
fn components_page() -> AnyView {
    view! { <crate::ui::pages::errors::NotFoundPage/> }.into_any()
}
