//! A new order, entered from the keyboard alone; without JavaScript, a plain form that loses nothing.

mod catalogue;
mod client;
mod conflicts;
mod draft;
mod edit;
mod line;
mod lines;
mod lookup;
mod merge;
mod pasted;
mod quick_entry;
mod save;
mod summary;
mod told;
mod totals;

use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::prelude::*;

use crate::auth::permission::Permission;
use crate::auth::server_functions::FormReturn;
use crate::clients::model::ClientChoice;
use crate::clients::server_functions::known_client;
use crate::error::{AppError, ErrorCode};
use crate::orders::server_functions::copy_order;
use crate::orders::sets::OrderCopy;
use crate::products::server_functions::product_choices;
use crate::shared::{ClientId, OrderId};
use crate::ui::browser::{enter_goes_on, focus_first_fault, fresh_key, guard};
use crate::ui::components::{Card, Guarded, Notice, PageHeader, Skeleton, TextArea, Tone};
use crate::ui::query::{param, use_query_pairs};
use catalogue::Catalogue;
pub use catalogue::{exact, written_name};
use client::{ClientPicker, Text};
use draft::Draft;
pub use draft::TEXTS;
pub use edit::EditLinesPage;
pub use line::read_quantity;
use lines::LineEditor;
pub use quick_entry::quick_entry;
use save::Saving;
use summary::Summary;
pub use totals::totals;

/// The form's id.
const FORM_ID: &str = "nouvelle-commande";

/// `/commandes/nouvelle`
#[component]
pub fn NewOrderPage() -> impl IntoView {
    view! {
        <div class="page">
            <Guarded permission=Permission::WriteOrders>
                <PageHeader
                    title="Nouvelle commande"
                    back=("/commandes".to_owned(), "Commandes".to_owned())
                />
                <Entry/>
            </Guarded>
        </div>
    }
}

/// The form, once the articles are known.
#[component]
fn Entry() -> impl IntoView {
    // Made outside the suspense, so that server and browser count them alike.
    let back = SharedValue::new(|| use_context::<FormReturn>().unwrap_or_default()).into_inner();
    // A form that came back keeps its key, unless that one was spent.
    let spent = back.error.as_ref().is_some_and(|error| error.code == ErrorCode::IdempotencyConflict);
    let kept = back.value("cle").filter(|_| !spent).map(str::to_owned);
    let key = SharedValue::new(move || kept.unwrap_or_else(fresh_key)).into_inner();
    let articles = Resource::new(|| (), |()| product_choices(String::new(), catalogue::CATALOGUE_SIZE));
    // A client's page leads here with their id, an order's with its own: once, when the form is opened.
    let query = use_query_pairs();
    let wanted = move || query.with_untracked(|query| param(query, "client_id").and_then(|id| id.parse().ok()));
    let client = Resource::new(wanted, |id: Option<ClientId>| async move {
        match id {
            Some(id) => known_client(id).await.ok(),
            None => None,
        }
    });
    let model = Memo::new(move |_| query.with(|query| param(query, "copie").and_then(|id| id.parse().ok())));
    let copy = Resource::new(
        move || model.get(),
        |id: Option<OrderId>| async move {
            match id {
                Some(id) => Some(copy_order(id).await),
                None => None,
            }
        },
    );
    view! {
        <Suspense fallback=|| view! { <EntrySkeleton/> }>
            {move || {
                let (back, key) = (back.clone(), key.clone());
                Suspend::new(async move {
                    // Without the list one can still type: the server is asked for each article.
                    let catalogue = Catalogue::new(articles.await.unwrap_or_default());
                    let client = client.await;
                    // A form that came back holds what was made of the copy.
                    let copy = copy.await.filter(|_| back.values.is_empty());
                    view! { <EntryForm catalogue client back key copy/> }
                })
            }}
        </Suspense>
    }
}

/// The form.
#[component]
fn EntryForm(
    catalogue: Catalogue,
    client: Option<ClientChoice>,
    back: FormReturn,
    key: String,
    copy: Option<Result<OrderCopy, AppError>>,
) -> impl IntoView {
    let draft = Draft::new(catalogue, &back);
    if let Some(client) = client.filter(|_| back.values.is_empty()) {
        draft.choose_client(&client);
        draft.touched.set(false);
    }
    if let Some(Ok(copy)) = &copy {
        draft.take_copy(copy);
    }
    let copied = copy.map(copy_words);
    let key = RwSignal::new(key);
    let saving = Saving::new(draft, key);
    let came_back = back.error.is_some();
    Effect::new(move |_| {
        draft.live.set(true);
        if came_back {
            focus_first_fault(FORM_ID);
        }
        // What was typed before the page woke up has been taken over by then.
        request_animation_frame(move || lookup::resolve_left(draft));
    });
    guard(draft.touched.into(), Callback::new(move |()| draft.touched.set(false)));
    let on_keydown = move |ev: KeyboardEvent| {
        if ev.key() != "Enter" || ev.default_prevented() || ev.is_composing() {
            return;
        }
        if ev.ctrl_key() || ev.meta_key() {
            ev.prevent_default();
            saving.save(true);
        } else {
            enter_goes_on(&ev, FORM_ID);
        }
    };
    view! {
        {copied
            .map(|(tone, title, words)| {
                view! {
                    <Notice tone title=title>
                        <p>{words}</p>
                    </Notice>
                }
            })}
        <form
            id=FORM_ID
            class="entry"
            method="post"
            action="/commandes/nouvelle"
            novalidate
            aria-label="Nouvelle commande"
            on:submit=move |ev: SubmitEvent| ev.prevent_default()
            on:keydown=on_keydown
        >
            <input type="hidden" name="cle" value=move || key.get()/>
            <div class="entry-main">
                <Card title="Client et adresse">
                    <ClientPicker draft/>
                </Card>
                <Card title="Articles">
                    <LineEditor draft/>
                </Card>
                <Card title="Livraison">
                    <Delivery draft/>
                </Card>
            </div>
            <div class="entry-side">
                <Summary draft on_save=Callback::new(move |confirm| saving.save(confirm))/>
            </div>
        </form>
    }
}

/// What was taken over from the model, and what was not.
fn copy_words(copy: Result<OrderCopy, AppError>) -> (Tone, String, String) {
    match copy {
        Ok(copy) if copy.gone.is_empty() => {
            let words = "Client et articles sont repris, aux prix d'aujourd'hui. Vérifiez, puis confirmez.";
            (Tone::Blue, format!("Copie de {}", copy.numero), words.to_owned())
        }
        Ok(copy) => {
            let words = format!("Repris aux prix d'aujourd'hui. Plus en vente : {}.", copy.gone.join(", "));
            (Tone::Amber, format!("Copie de {}", copy.numero), words)
        }
        Err(error) => (Tone::Amber, "La commande n'a pas pu être reprise".to_owned(), error.detail),
    }
}

/// When, and anything to know.
#[component]
fn Delivery(draft: Draft) -> impl IntoView {
    let error = Signal::derive(move || draft.fault("notes"));
    view! {
        <div class="entry-client">
            <Text draft name="date_livraison_prevue" label="Date prévue" kind="date" wide=true/>
            <Text draft name="creneau_debut" label="Créneau, de" kind="time"/>
            <Text draft name="creneau_fin" label="Créneau, à" kind="time"/>
            <div
                class="entry-full"
                on:input=move |_| {
                    draft.touched.set(true);
                    draft.clear_fault("notes");
                }
            >
                <TextArea name="notes" label="Notes" rows=2 model=draft.text("notes") error=error/>
            </div>
        </div>
    }
}

/// The form's place while the articles are on their way.
#[component]
fn EntrySkeleton() -> impl IntoView {
    let bars = |n: usize| (0..n).map(|_| view! { <Skeleton class="h-9 w-full"/> }).collect_view();
    view! {
        <div class="entry" aria-busy="true">
            <div class="entry-main">
                <Card title="Client et adresse">
                    <div class="entry-client">{bars(6)}</div>
                </Card>
                <Card title="Articles">
                    <div class="grid gap-6">{bars(5)}</div>
                </Card>
            </div>
            <div class="entry-side">
                <section class="card entry-summary">{bars(4)}</section>
            </div>
        </div>
    }
}
