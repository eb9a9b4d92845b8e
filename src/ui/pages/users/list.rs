//! The list of accounts.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::form::UserForm;
use super::table::UserTable;
use super::{NEW, PATH, address};
use crate::auth::permission::{Permission, Role};
use crate::auth::server_functions::FormReturn;
use crate::live::{Topic, live_resource};
use crate::ui::components::{ButtonKind, Choice, Glyph, Guarded, LinkButton, PageHeader, SelectField, Tab, Tabs};
use crate::ui::editor::{EditPanel, opens};
use crate::ui::list::{Chip, Chips, ExportMenu, FilterFields, FilterForm, ListBody, ListSpec, Nothing, as_typed};
use crate::ui::query::{QueryPairs, href_with, param, use_query_pairs};
use crate::users::model::User;
use crate::users::server_functions::list_users;

/// The list.
static SPEC: ListSpec = ListSpec {
    path: PATH,
    one: "utilisateur",
    many: "utilisateurs",
    fields: &["search", "role"],
    narrowing: &["search", "role", "is_active", "is_deleted"],
    default_sort: "nom",
    tidy: as_typed,
};

/// `/utilisateurs`
#[component]
pub fn UserList() -> impl IntoView {
    view! {
        <div class="page">
            <Guarded permission=Permission::ManageUsers>
                <Content/>
            </Guarded>
        </div>
    }
}

#[component]
fn Content() -> impl IntoView {
    let query = use_query_pairs();
    let rows = live_resource(move || query.get(), list_users).follow(&[Topic::Users]);
    let fields = FilterFields::of(&SPEC, query);
    let open = RwSignal::new(false);
    let navigate = use_navigate();
    let saved = Callback::new(move |user: User| {
        open.set(false);
        navigate(&address(user.id), NavigateOptions::default());
    });
    let enter = move || {
        view! {
            <LinkButton
                href=NEW
                kind=ButtonKind::Primary
                icon=Glyph::Plus
                text="Nouvel utilisateur"
                on:click=opens(open)
            />
        }
    };
    let actions = move || view! { <ExportMenu spec=&SPEC query/> {enter()} };
    let nothing =
        Nothing { title: "Aucun utilisateur", text: "Ouvrez un compte à chaque personne.", actions: enter.into() };
    let roles = || {
        let all = std::iter::once(Choice::new("", "Tous les rôles"));
        all.chain(Role::ALL.map(|role| Choice::new(role.as_str(), role.label()))).collect::<Vec<_>>()
    };
    view! {
        <PageHeader title="Utilisateurs" actions=actions/>
        <StateTabs query/>
        <FilterForm spec=&SPEC query fields placeholder="Nom, prénom ou e-mail">
            <SelectField
                name="role"
                id="filtre-role"
                label="Rôle"
                label_hidden=true
                choices=roles()
                model=fields.get("role")
            />
        </FilterForm>
        <Chips spec=&SPEC query chips=Signal::derive(move || query.with(chips))/>
        <ListBody spec=&SPEC query rows=rows.answer quiet=rows.quiet columns=6 table=table nothing/>
        <EditPanel id="panneau-utilisateur" open title="Nouvel utilisateur">
            <UserForm sheet=None back=FormReturn::default() on_saved=saved/>
        </EditPanel>
    }
}

fn table(rows: Vec<User>, query: QueryPairs) -> AnyView {
    view! { <UserTable rows query/> }.into_any()
}

fn chips(query: &QueryPairs) -> Vec<Chip> {
    let role = param(query, "role").map(|code| Role::parse(code).map_or(code.to_owned(), |role| role.label().into()));
    let all = [
        Chip::new(param(query, "search").map(|text| format!("« {text} »")), &["search"]),
        Chip::new(role.map(|role| format!("Rôle : {role}")), &["role"]),
    ];
    all.into_iter().flatten().collect()
}

/// All, active, inactive, deleted.
#[component]
fn StateTabs(query: Memo<QueryPairs>) -> impl IntoView {
    move || {
        let query = query.get();
        let chosen = (param(&query, "is_active"), param(&query, "is_deleted"));
        let tab = |label: &'static str, active: Option<&str>, deleted: Option<&str>| {
            let changes = [("is_active", active), ("is_deleted", deleted), ("page", None), ("cursor", None)];
            let (href, current) = (href_with(PATH, &query, &changes), chosen == (active, deleted));
            view! { <Tab href label current count=None/> }
        };
        let tabs = [
            tab("Tous", None, None).into_any(),
            tab("Actifs", Some("true"), None).into_any(),
            tab("Inactifs", Some("false"), None).into_any(),
            tab("Supprimés", None, Some("true")).into_any(),
        ];
        view! {
            <Tabs label="Comptes par état">
                {tabs.into_iter().collect_view()}
            </Tabs>
        }
    }
}
