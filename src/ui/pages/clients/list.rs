//! The list of clients.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::form::ClientForm;
use super::table::ClientTable;
use super::{NEW, PATH, address};
use crate::auth::permission::Permission;
use crate::auth::server_functions::{FormReturn, PageContext};
use crate::clients::model::{Client, ClientSheet};
use crate::clients::server_functions::list_clients;
use crate::live::{Topic, live_resource};
use crate::ui::components::{ButtonKind, Glyph, Guarded, LinkButton, PageHeader, Tab, Tabs, use_toasts};
use crate::ui::editor::{EditPanel, opens};
use crate::ui::list::{Chip, Chips, ExportMenu, FilterFields, FilterForm, ListBody, ListSpec, Nothing, as_typed};
use crate::ui::query::{QueryPairs, href_with, param, use_query_pairs};

/// The list.
static SPEC: ListSpec = ListSpec {
    path: PATH,
    one: "client",
    many: "clients",
    fields: &["search"],
    narrowing: &["search", "is_deleted"],
    default_sort: "nom",
    tidy: as_typed,
};

/// `/clients`
#[component]
pub fn ClientList() -> impl IntoView {
    view! {
        <div class="page">
            <Guarded permission=Permission::ReadClients>
                <Content/>
            </Guarded>
        </div>
    }
}

#[component]
fn Content() -> impl IntoView {
    let user = expect_context::<PageContext>().user;
    let may = |permission| user.as_ref().is_some_and(|user| user.may(permission));
    let writes = may(Permission::WriteClients);
    let (exports, restores) = (may(Permission::ExportClients), may(Permission::Restore));
    let query = use_query_pairs();
    let rows = live_resource(move || query.get(), list_clients).follow(&[Topic::Clients, Topic::Orders]);
    let fields = FilterFields::of(&SPEC, query);
    let open = RwSignal::new(false);
    let (navigate, toasts) = (use_navigate(), use_toasts());
    let saved = Callback::new(move |client: Client| {
        open.set(false);
        toasts.done(format!("{} : client ajouté.", client.nom));
        navigate(&address(client.id), NavigateOptions::default());
    });
    let enter = move || {
        writes.then(|| {
            view! {
                <LinkButton
                    href=NEW
                    kind=ButtonKind::Primary
                    icon=Glyph::Plus
                    text="Nouveau client"
                    on:click=opens(open)
                />
            }
        })
    };
    let actions = move || view! { {exports.then(|| view! { <ExportMenu spec=&SPEC query/> })} {enter()} };
    let nothing = Nothing {
        title: "Aucun client",
        text: "Un client s'ajoute ici, ou de lui-même à sa première commande.",
        actions: enter.into(),
    };
    let chips = move || {
        let search = query.with(|query| param(query, "search").map(|text| format!("« {text} »")));
        Chip::new(search, &["search"]).into_iter().collect::<Vec<_>>()
    };
    view! {
        <PageHeader title="Clients" actions=actions/>
        {restores.then(|| view! { <LifeTabs query/> })}
        <FilterForm spec=&SPEC query fields placeholder="Nom, téléphone ou e-mail"/>
        <Chips spec=&SPEC query chips=Signal::derive(chips)/>
        <ListBody spec=&SPEC query rows=rows.answer quiet=rows.quiet columns=7 table=table nothing/>
        {writes
            .then(|| {
                view! {
                    <EditPanel id="panneau-client" open title="Nouveau client">
                        <ClientForm client=None back=FormReturn::default() on_saved=saved/>
                    </EditPanel>
                }
            })}
    }
}

fn table(rows: Vec<ClientSheet>, query: QueryPairs) -> AnyView {
    view! { <ClientTable rows query/> }.into_any()
}

/// The living and the deleted.
#[component]
fn LifeTabs(query: Memo<QueryPairs>) -> impl IntoView {
    move || {
        let query = query.get();
        let deleted = param(&query, "is_deleted") == Some("true");
        let to = |deleted| href_with(PATH, &query, &[("is_deleted", deleted), ("page", None), ("cursor", None)]);
        let (living, gone) = (to(None), to(Some("true")));
        view! {
            <Tabs label="Clients actuels ou supprimés">
                <Tab href=living label="Clients" current=!deleted count=None/>
                <Tab href=gone label="Supprimés" current=deleted count=None/>
            </Tabs>
        }
    }
}
