//! The pages, cut into sections: a browser loads the code of a section when it first goes there, and what
//! several sections use with the first of them. Signing in is in the part that every page loads. Each section
//! more multiplies the files of what some of them share, hence so few. The server names in each page the files that it will want.
//!
//! Built for the browser without the feature `split`, all pages are in one file.

use leptos::prelude::*;
use leptos_router::ChooseView;

use crate::ui::layouts::Desk;
use crate::ui::pages::categories::{CategoryList, CategoryPage};
use crate::ui::pages::clients::{ClientList, ClientPage, EditClientPage, NewClientPage};
use crate::ui::pages::dashboard::DashboardPage;
#[cfg(feature = "split")]
use crate::ui::pages::errors::NotLoadedPage;
use crate::ui::pages::errors::{ForbiddenPage, NotFoundPage};
use crate::ui::pages::journal::JournalPage;
use crate::ui::pages::orders::{
    CorrectionPage, DeliveryNotePage, EditDeliveryPage, EditLinesPage, NewOrderPage, OrderList, OrderPage, PickingPage,
};
use crate::ui::pages::products::{EditProductPage, ImportPage, NewProductPage, ProductList, ProductPage};
use crate::ui::pages::profile::ProfilePage;
use crate::ui::pages::rounds::RoundsPage;
use crate::ui::pages::stocks::{MovementList, StockList, StockPage};
use crate::ui::pages::users::{EditUserPage, NewUserPage, UserList, UserPage};
use crate::ui::shortcuts::Overlays;

/// Why a section could not be loaded does not matter here: the network's log says it.
#[cfg(feature = "split")]
struct NotLoaded;

#[cfg(feature = "split")]
impl From<leptos::wasm_split::SplitLoaderError> for NotLoaded {
    fn from(_: leptos::wasm_split::SplitLoaderError) -> Self {
        Self
    }
}

/// Instead of a page whose code did not come. A page that the server has drawn stays as it is, without its
/// code: its links and plain forms work.
#[cfg(feature = "split")]
async fn or_trouble(hydrating: bool, drawn: Result<AnyView, NotLoaded>) -> AnyView {
    match drawn {
        Ok(view) => view,
        Err(NotLoaded) if hydrating => std::future::pending().await,
        Err(NotLoaded) => view! { <NotLoadedPage/> }.into_any(),
    }
}

/// While the code of the next page is on its way, a bar at the top says so (`.loading` in the style).
#[cfg(feature = "split")]
async fn waiting_shown<T>(load: impl Future<Output = T>) -> T {
    let classes = document().document_element().map(|root| root.class_list());
    let show = |shown| {
        if let Some(classes) = &classes {
            // Fails for a name with spaces.
            let _ = classes.toggle_with_force("loading", shown);
        }
    };
    show(true);
    let done = load.await;
    show(false);
    done
}

/// Loads what whoever works here all day will want, once the browser has nothing else to do: going to another
/// page then waits for no code, and survives a moment without network.
pub fn warm() {
    #[cfg(feature = "split")]
    request_idle_callback(|| {
        leptos::task::spawn_local(async {
            // What fails is asked for again when one goes there.
            let _ = overlays::load().await;
            let _ = overview::load().await;
            let _ = orders::load().await;
            let _ = entry::load().await;
            let _ = catalogue::load().await;
            let _ = people::load().await;
        });
    });
}

/// `section!(name { Page => view, … })`: a module with the pages that routes name, whose code is loaded together.
macro_rules! section {
    ($(#[$doc:meta])* $section:ident { $($page:ident => $view:expr),+ $(,)? }) => {
        $(#[$doc])*
        pub mod $section {
            use super::*;

            /// The pages of the section, as the table of routes names them.
            #[derive(Clone, Copy)]
            pub enum Page {
                $(
                    #[doc = stringify!($page)]
                    $page
                ),+
            }

            fn view_of(page: Page) -> AnyView {
                match page { $(Page::$page => $view.into_any()),+ }
            }

            #[cfg(feature = "split")]
            #[leptos::wasm_split::wasm_split(
                $section,
                wasm_split_path = ::leptos::wasm_split,
                preload(load),
                fallible,
            )]
            pub(super) fn split_view(page: Page) -> Result<AnyView, NotLoaded> {
                Ok(view_of(page))
            }

            /// One type for all routes of a section: leptos compiles each type of theirs anew.
            impl ChooseView for Page {
                async fn choose(self) -> AnyView {
                    #[cfg(feature = "split")]
                    {
                        let hydrating = !crate::live::is_page_taken_over();
                        or_trouble(hydrating, split_view(self).await).await
                    }
                    #[cfg(not(feature = "split"))]
                    {
                        #[cfg(feature = "ssr")]
                        crate::server::sections::announce(stringify!($section));
                        view_of(self)
                    }
                }

                async fn preload(&self) {
                    // A failure shows when the page is drawn.
                    #[cfg(feature = "split")]
                    let _ = waiting_shown(load()).await;
                }
            }
        }
    };
}

section!(
    /// The frame of the pages that one works in.
    desk {
        Frame => view! { <Desk/> },
        Missing => view! { <NotFoundPage/> },
        Closed => view! { <ForbiddenPage/> },
    }
);
section!(
    /// What keys open on every page.
    overlays { All => view! { <Overlays/> } }
);
section!(
    /// The dashboard.
    overview { Dashboard => view! { <DashboardPage/> } }
);
section!(
    /// Reading orders, acting on them, and their rounds.
    orders {
        List => view! { <OrderList/> },
        One => view! { <OrderPage/> },
        Picking => view! { <PickingPage/> },
        DeliveryNote => view! { <DeliveryNotePage/> },
        Rounds => view! { <RoundsPage/> },
    }
);
section!(
    /// Writing orders.
    entry {
        New => view! { <NewOrderPage/> },
        Lines => view! { <EditLinesPage/> },
        Delivery => view! { <EditDeliveryPage/> },
        Correction => view! { <CorrectionPage/> },
    }
);
section!(
    /// Products, categories and stocks.
    catalogue {
        Products => view! { <ProductList/> },
        Import => view! { <ImportPage/> },
        NewProduct => view! { <NewProductPage/> },
        Product => view! { <ProductPage/> },
        EditProduct => view! { <EditProductPage/> },
        Categories => view! { <CategoryList/> },
        Category => view! { <CategoryPage/> },
        Stocks => view! { <StockList/> },
        Movements => view! { <MovementList/> },
        Stock => view! { <StockPage/> },
    }
);
section!(
    /// Clients, users, oneself, and who did what.
    people {
        Clients => view! { <ClientList/> },
        NewClient => view! { <NewClientPage/> },
        Client => view! { <ClientPage/> },
        EditClient => view! { <EditClientPage/> },
        Users => view! { <UserList/> },
        NewUser => view! { <NewUserPage/> },
        User => view! { <UserPage/> },
        EditUser => view! { <EditUserPage/> },
        Journal => view! { <JournalPage/> },
        Profile => view! { <ProfilePage/> },
    }
);
#[cfg(debug_assertions)]
section!(
    /// Every component in every state, where one develops.
    dev { Components => view! { <crate::ui::pages::dev::ComponentsPage/> } }
);
