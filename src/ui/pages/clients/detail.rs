//! One client: how to reach them, what they ordered and received, what one may do.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::contact::Contact;
use super::form::ClientForm;
use super::orders::{ClientOrders, ROWS};
use super::{PATH, address, edit_address};
use crate::auth::permission::Permission;
use crate::auth::server_functions::{FormReturn, PageContext};
use crate::clients::model::{Client, ClientFigures, ClientSheet, ERASED_FOR_GOOD};
use crate::clients::server_functions::{delete_client, read_client, restore_client};
use crate::error::{AppError, ErrorCode};
use crate::history::model::HistoryOf;
use crate::live::{Topic, live_resource};
use crate::orders::server_functions::list_orders;
use crate::shared::{ClientId, Day};
use crate::ui::components::{
    Badge, Button, ButtonKind, Glyph, Guarded, HistoryCard, LinkButton, Notice, PageHeader, Refusal, Skeleton, Tone,
};
use crate::ui::editor::{ActRefusal, Acts, EditPanel, Onward, REMOVING, Removal, came_back, opens, undoable};
use crate::ui::format::number;
use crate::ui::pages::errors::NotFoundPage;
use crate::ui::query::{QueryPairs, href, param, use_id, use_query_pairs};
use crate::ui::status;

const RESTORING: &str = "restaurer";

/// `/clients/{id}`
#[component]
pub fn ClientPage() -> impl IntoView {
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
    let id = use_id::<ClientId>();
    let query = use_query_pairs();
    let read = live_resource(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => read_client(id).await,
                None => Err(AppError::not_found("Ce client")),
            }
        },
    );
    let acts = Acts::new(&came_back(), Callback::new(move |()| read.answer.refetch()));
    // Any order may be one of theirs.
    let sheet = read.follow_when_unless(&[Topic::Clients, Topic::Orders], acts.asking.into(), move |changes| {
        changes.0.contains_key(&Topic::Orders)
            || id.get_untracked().is_some_and(|id| changes.touches(Topic::Clients, id.0))
    });
    let asked = Memo::new(move |_| (id.get(), query.with(|query| param(query, "page").map(str::to_owned))));
    let orders = live_resource(
        move || asked.get(),
        |(id, page)| async move {
            let wanted = [
                Some(("client_id".to_owned(), id.map_or_else(String::new, |id| id.to_string()))),
                Some(("per_page".to_owned(), ROWS.to_string())),
                page.map(|page| ("page".to_owned(), page)),
            ];
            list_orders(wanted.into_iter().flatten().collect()).await
        },
    )
    .follow_unless(&[Topic::Orders], acts.asking.into());
    let editing = RwSignal::new(false);
    let shown = RwSignal::new(None::<Client>);
    let saved = Callback::new(move |client: Client| {
        editing.set(false);
        acts.toasts.done(format!("{} : enregistré.", client.nom));
        sheet.answer.refetch();
    });
    let writes = expect_context::<PageContext>().user.is_some_and(|user| user.may(Permission::WriteClients));
    let title =
        Signal::derive(move || shown.with(|c| c.as_ref().map_or_else(String::new, |c| format!("Modifier {}", c.nom))));
    view! {
        <Transition fallback=Placeholder>
            {move || Suspend::new(async move {
                // Both at once: what waits inside of what waits is left out of the page that the server draws.
                let (sheet, orders) = (sheet.answer.await, orders.answer.await);
                match sheet {
                    Ok(sheet) => {
                        let id = sheet.client.id;
                        shown.set(Some(sheet.client.clone()));
                        let list = move || {
                            let query: QueryPairs = query.get_untracked();
                            view! { <ClientOrders client=id orders=orders.clone() query/> }
                        };
                        view! { <Found sheet acts editing orders=list/> }.into_any()
                    }
                    Err(error) if error.code == ErrorCode::NotFound => view! { <NotFoundPage/> }.into_any(),
                    Err(error) => {
                        status::set(error.code.status());
                        view! { <Refusal error/> }.into_any()
                    }
                }
            })}
        </Transition>
        <HistoryCard what=HistoryOf::Client id=Signal::derive(move || id.get().map(|id| id.0))/>
        // Beside what is read again, so that what is being typed stays.
        {writes
            .then(|| {
                view! {
                    <EditPanel id="panneau-client" open=editing title>
                        <ClientForm client=shown.get_untracked() back=FormReturn::default() on_saved=saved/>
                    </EditPanel>
                }
            })}
    }
}

#[component]
fn Found(sheet: ClientSheet, acts: Acts, editing: RwSignal<bool>, #[prop(into)] orders: ViewFn) -> impl IntoView {
    let context = expect_context::<PageContext>();
    let may = |permission| context.user.as_ref().is_some_and(|user| user.may(permission));
    let ClientSheet { client, figures } = sheet;
    let (deleted, erased) = (client.deletion.is_deleted, client.is_erased());
    let writes = may(Permission::WriteClients) && !deleted;
    let orders_too = may(Permission::WriteOrders) && !deleted;
    let restores = may(Permission::Restore);
    let id = client.id;
    let lead = format!("Client depuis le {}", Day(context.zone.local(client.audit.created_at).date()).display());
    let actions = move || {
        view! {
            {writes
                .then(|| {
                    view! { <LinkButton href=edit_address(id) icon=Glyph::Pencil text="Modifier" on:click=opens(editing)/> }
                })}
            {orders_too
                .then(|| {
                    view! {
                        <LinkButton
                            href=href("/commandes/nouvelle", &[("client_id", id.to_string())])
                            kind=ButtonKind::Primary
                            icon=Glyph::Plus
                            text="Nouvelle commande"
                        />
                    }
                })}
        }
    };
    view! {
        <PageHeader
            title=client.nom.clone()
            lead=lead
            back=(PATH.to_owned(), "Clients".to_owned())
            aside=move || deleted.then(|| view! { <Badge tone=Tone::Rose icon=Glyph::Trash text="Supprimé"/> })
            actions=actions
        />
        <ActRefusal acts/>
        {(deleted && restores).then(|| view! { <Deleted id erased acts/> })}
        <div class="sheet">
            <div class="sheet-main">
                <Figures figures/>
                {move || orders.run()}
            </div>
            <div class="sheet-side">
                <Contact client=client.clone()/>
                {writes.then(|| view! { <Delete client restores acts/> })}
            </div>
        </div>
    }
}

/// What they come to.
#[component]
fn Figures(figures: ClientFigures) -> impl IntoView {
    let zone = expect_context::<PageContext>().zone;
    let last = figures.derniere_commande.map_or_else(|| "–".to_owned(), |at| Day(zone.local(at).date()).display());
    let figure = |name: &'static str, value: String| {
        view! {
            <div class="sheet-figure">
                <dt>{name}</dt>
                <dd>{value}</dd>
            </div>
        }
    };
    view! {
        <dl class="sheet-figures">
            {figure("Commandes", number(figures.commandes))}
            {figure("Chiffre d'affaires", figures.chiffre_affaires.display())} {figure("Dernière commande", last)}
        </dl>
    }
}

/// That it was deleted, and the way back; from an erasure there is none.
#[component]
fn Deleted(id: ClientId, erased: bool, acts: Acts) -> impl IntoView {
    let restore = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        acts.run(RESTORING, restore_client(id), move |client| {
            acts.toasts.done(format!("{} : restauré.", client.nom));
            Onward::Stay
        });
    };
    let way_back = if erased {
        view! { <p>{ERASED_FOR_GOOD}</p> }.into_any()
    } else {
        view! {
            <form class="notice-action" method="post" action=address(id) on:submit=restore>
                <input type="hidden" name="action" value=RESTORING/>
                <Button submit=true icon=Glyph::Undo busy=acts.is_doing(RESTORING) text="Restaurer le client"/>
            </form>
        }
        .into_any()
    };
    view! {
        <Notice tone=Tone::Amber title="Ce client est supprimé">
            <p>"Il n'est plus proposé dans les commandes ; celles qu'il a passées restent."</p>
            {way_back}
        </Notice>
    }
}

#[component]
fn Delete(client: Client, restores: bool, acts: Acts) -> impl IntoView {
    let restores = restores && !client.is_erased();
    let (id, version, name) = (client.id, client.audit.version, client.nom);
    let navigate = use_navigate();
    let told = undoable(acts.toasts, move || restore_client(id), address(id));
    let remove = Callback::new(move |()| {
        let (navigate, told, name) = (navigate.clone(), told.clone(), name.clone());
        acts.run(REMOVING, delete_client(id, version), move |()| {
            let text = format!("{name} : supprimé.");
            if restores {
                told(text);
            } else {
                acts.toasts.done(text);
            }
            navigate(PATH, NavigateOptions::default());
            Onward::Away
        });
    });
    view! {
        <Removal
            address=address(id)
            version
            text="Supprimer le client"
            hint="Ses commandes restent, avec ses coordonnées d'alors."
            asks=!restores
            obstacle=None
            acts
            on_remove=remove
        />
    }
}

/// The page's place while it is on its way.
#[component]
fn Placeholder() -> impl IntoView {
    view! {
        <div class="page-head" aria-busy="true">
            <Skeleton class="h-8 w-64"/>
        </div>
        <div class="sheet">
            <div class="sheet-main">
                <Skeleton class="h-20 w-full"/>
                <Skeleton class="h-96 w-full"/>
            </div>
            <div class="sheet-side">
                <Skeleton class="h-56 w-full"/>
            </div>
        </div>
    }
}
