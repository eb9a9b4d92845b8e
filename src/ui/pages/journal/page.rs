//! `/journal`

use leptos::prelude::*;

use super::entries::Requests;
use super::filters::Filters;
use super::group::grouped;
use crate::auth::permission::Permission;
use crate::history::model::ToldChange;
use crate::history::server_functions::list_changes;
use crate::live::{Topic, live_resource};
use crate::ui::components::{Guarded, PageHeader};
use crate::ui::list::{ExportMenu, ListBody, ListSpec, Nothing, whole_days};
use crate::ui::query::{QueryPairs, use_query_pairs};

/// Where it lives.
pub const PATH: &str = "/journal";

/// The list.
pub static SPEC: ListSpec = ListSpec {
    path: PATH,
    one: "changement",
    many: "changements",
    fields: &["table", "action", "user_id", "start_date", "end_date"],
    narrowing: &["table", "row_id", "action", "user_id", "start_date", "end_date"],
    default_sort: "-at",
    tidy: whole_days,
};

/// Every change of everything, for those who may see it.
#[component]
pub fn JournalPage() -> impl IntoView {
    view! {
        <div class="page journal">
            <Guarded permission=Permission::ReadAudit>
                <Content/>
            </Guarded>
        </div>
    }
}

#[component]
fn Content() -> impl IntoView {
    let query = use_query_pairs();
    // Everything that is written in it changes one of them.
    let changes = live_resource(move || query.get(), list_changes).follow(Topic::ALL);
    let nothing = Nothing {
        title: "Aucun changement",
        text: "Le journal se remplit dès que quelqu'un enregistre quelque chose.",
        actions: (|| ()).into(),
    };
    view! {
        <PageHeader
            title="Journal"
            lead="Qui a changé quoi, et quand. Rien ne s'y modifie ni ne s'y supprime."
            actions=move || view! { <ExportMenu spec=&SPEC query/> }
        />
        <Filters query/>
        <ListBody spec=&SPEC query rows=changes.answer quiet=changes.quiet columns=4 table=table nothing by_cursor=true/>
    }
}

fn table(changes: Vec<ToldChange>, query: QueryPairs) -> AnyView {
    view! { <Requests requests=grouped(changes) query/> }.into_any()
}
