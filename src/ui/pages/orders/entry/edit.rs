//! Changing the lines of an order that exists, with the editor in which it was entered.

use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::catalogue::{CATALOGUE_SIZE, Catalogue};
use super::conflicts::{Conflicts, Met, quantities};
use super::draft::Draft;
use super::line::collect;
use super::lines::LineEditor;
use super::lookup::{resolve_all, resolve_left};
use super::merge::{Quantities, differences, merge};
use super::summary::{Amounts, CONFIRM_ID};
use super::told::told;
use crate::auth::permission::Permission;
use crate::auth::server_functions::FormReturn;
use crate::error::{AppError, ErrorCode};
use crate::orders::model::{NewOrderItem, Order, OrderItem};
use crate::orders::server_functions::{order_choices, read_order, replace_order_lines};
use crate::products::model::ProductChoice;
use crate::products::server_functions::product_choices;
use crate::shared::{OrderId, ProductId};
use crate::ui::browser::{enter_goes_on, focus_first_fault, fresh_key, guard, keep_still};
use crate::ui::components::{
    Button, ButtonKind, ButtonSize, Card, Guarded, LinkButton, Notice, PageHeader, Refusal, Skeleton, Toasts, Tone,
    use_toasts,
};
use crate::ui::editor::Theirs;
use crate::ui::pages::errors::NotFoundPage;
use crate::ui::pages::orders::edit_delivery::{TooLate, too_late};
use crate::ui::pages::orders::moves::explain;
use crate::ui::status;

/// The form's id.
const FORM_ID: &str = "articles-commande";

/// `/commandes/{id}/articles`
#[component]
pub fn EditLinesPage() -> impl IntoView {
    view! {
        <div class="page">
            <Guarded permission=Permission::WriteOrders>
                <EditLines/>
            </Guarded>
        </div>
    }
}

/// The order, its articles, and all that one may order.
type Read = (Order, Vec<ProductChoice>, Vec<ProductChoice>);

async fn read(id: Option<OrderId>) -> Result<Read, AppError> {
    let Some(id) = id else { return Err(AppError::not_found("Cette commande")) };
    let order = read_order(id).await?.order;
    // A deleted one has nothing to edit.
    let own = if order.deletion.is_deleted { Vec::new() } else { order_choices(id).await? };
    // Without the list one can still type: the server is asked for each article.
    let all = product_choices(String::new(), CATALOGUE_SIZE).await.unwrap_or_default();
    Ok((order, own, all))
}

#[component]
fn EditLines() -> impl IntoView {
    let id = crate::ui::query::use_id::<OrderId>();
    let found = Resource::new(move || id.get(), read);
    let back = SharedValue::new(|| use_context::<FormReturn>().unwrap_or_default()).into_inner();
    let key = SharedValue::new(fresh_key).into_inner();
    view! {
        <Suspense fallback=|| view! { <Skeleton class="h-96 w-full"/> }>
            {move || {
                let (back, key) = (back.clone(), key.clone());
                Suspend::new(async move {
                    match found.await {
                        Ok((order, own, all)) if order.statut.is_editable() && !order.deletion.is_deleted => {
                            view! { <LinesForm order own all back key/> }.into_any()
                        }
                        Ok((order, ..)) => view! { <TooLate order/> }.into_any(),
                        Err(error) if error.code == ErrorCode::NotFound => view! { <NotFoundPage/> }.into_any(),
                        Err(error) => {
                            status::set(error.code.status());
                            view! { <Refusal error/> }.into_any()
                        }
                    }
                })
            }}
        </Suspense>
    }
}

/// What saving needs.
#[derive(Clone, Copy)]
struct Saving {
    id: OrderId,
    draft: Draft,
    key: RwSignal<String>,
    version: RwSignal<i32>,
    /// The lines as they were read when the form was opened.
    first: StoredValue<Vec<OrderItem>>,
    /// The lines as they were read last.
    base: StoredValue<Quantities>,
    /// What somebody else made of them.
    met: RwSignal<Option<Met>>,
    busy: RwSignal<bool>,
    waiting: RwSignal<bool>,
    toasts: Toasts,
    go: Callback<()>,
}

impl Saving {
    fn save(self) {
        if self.busy.get_untracked() {
            return;
        }
        resolve_all(self.draft);
        if untrack(|| self.draft.is_looking()) {
            self.waiting.set(true);
            return;
        }
        let draft = self.draft;
        draft.refusal.set(None);
        let (items, keys) = match collect(&untrack(|| draft.values())) {
            Ok(sent) => sent,
            Err(faults) => {
                draft.refusal.set(Some(AppError::new(ErrorCode::Invalid, "Certaines lignes sont à corriger.")));
                draft.faults.set(faults);
                focus_first_fault(FORM_ID);
                return;
            }
        };
        draft.faults.set(Vec::new());
        self.busy.set(true);
        let (version, key) = (self.version.get_untracked(), self.key.get_untracked());
        let let_go = keep_still(FORM_ID);
        spawn_local(async move {
            let answer = replace_order_lines(self.id, items.clone(), version, key).await;
            let_go();
            // The page may be gone by then.
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(order) => {
                    draft.touched.set(false);
                    self.toasts.done(format!("Les articles de {} sont à jour.", order.numero));
                    self.go.run(());
                }
                Err(error) => self.refused(error, items, &keys).await,
            }
        });
    }

    async fn refused(self, error: AppError, mine: Vec<NewOrderItem>, keys: &[u32]) {
        self.key.set(fresh_key());
        let code = error.code;
        self.draft.refuse(error, keys);
        if code == ErrorCode::StaleVersion {
            self.meet(mine).await;
        } else if code == ErrorCode::InsufficientStock {
            // What the order holds itself counts as available: the lines say what is left in all.
            if let Ok(fresh) = order_choices(self.id).await {
                self.draft.refresh(&fresh);
            }
        }
        focus_first_fault(FORM_ID);
    }

    /// Takes over what somebody else changed; what both did waits for a choice.
    async fn meet(self, mine: Vec<NewOrderItem>) {
        let (Ok(now), Ok(fresh)) = (read_order(self.id).await, order_choices(self.id).await) else { return };
        if self.version.try_set(now.order.audit.version).is_some() {
            return;
        }
        if !now.order.statut.is_editable() {
            return self.draft.refuse(too_late(&now.order), &[]);
        }
        let theirs = quantities(&now.order);
        let mine: Quantities = mine.iter().map(|item| (item.product_id, item.quantity)).collect();
        let base = self.base.get_value();
        let (merged, conflicts) = merge(&base, &mine, &theirs);
        // Since the form was opened: they may have saved more than once.
        let told = self.first.with_value(|first| told(first, &now.order.items, &base, &mine, &merged));
        let made = match (conflicts.is_empty() && told.is_empty(), differences(&merged, &theirs).is_empty()) {
            (true, _) => Theirs::Nothing,
            (false, true) => Theirs::Alike,
            (false, false) => Theirs::Something,
        };
        let known = self.draft.products();
        let find = |id: ProductId| fresh.iter().chain(&known).find(|choice| choice.id == id).cloned();
        let lines = merged.into_iter().filter_map(|(id, quantity)| Some((find(id)?, quantity))).collect();
        let name = |id| find(id).map(|choice| choice.nom).unwrap_or_default();
        let conflicts = conflicts.into_iter().map(|conflict| (name(conflict.product), conflict)).collect();
        self.met.set(Some(Met { conflicts, told, theirs: made }));
        self.draft.learn(&fresh);
        self.draft.fill(lines);
        if made == Theirs::Alike {
            // Nothing is lost by leaving.
            self.draft.touched.set(false);
        }
        self.base.set_value(theirs);
    }
}

/// The form.
#[component]
fn LinesForm(
    order: Order,
    own: Vec<ProductChoice>,
    all: Vec<ProductChoice>,
    back: FormReturn,
    key: String,
) -> impl IntoView {
    let path = format!("/commandes/{}", order.id);
    let base = quantities(&order);
    let others = all.into_iter().filter(|choice| own.iter().all(|kept| kept.id != choice.id));
    let whole = Catalogue::new(own.iter().cloned().chain(others).collect());
    let draft = Draft::new(whole, &back);
    if back.values.is_empty() {
        let quantity = |id| base.iter().find(|(product, _)| *product == id).map_or(1, |(_, quantity)| *quantity);
        draft.fill(
            own.into_iter()
                .map(|choice| {
                    let n = quantity(choice.id);
                    (choice, n)
                })
                .collect(),
        );
    }
    let navigate = use_navigate();
    let action = format!("{path}/articles");
    let target = path.clone();
    let go = Callback::new(move |()| {
        navigate(&target, NavigateOptions { replace: true, ..NavigateOptions::default() });
    });
    let saving = Saving {
        id: order.id,
        draft,
        key: RwSignal::new(key),
        version: RwSignal::new(order.audit.version),
        first: StoredValue::new(order.items.clone()),
        base: StoredValue::new(base),
        met: RwSignal::new(None),
        busy: RwSignal::new(false),
        waiting: RwSignal::new(false),
        toasts: use_toasts(),
        go,
    };
    Effect::new(move |_| {
        if !draft.is_looking() && saving.waiting.get() {
            saving.waiting.set(false);
            saving.save();
        }
    });
    Effect::new(move |_| {
        draft.live.set(true);
        request_animation_frame(move || resolve_left(draft));
    });
    guard(draft.touched.into(), Callback::new(move |()| draft.touched.set(false)));
    let on_keydown = move |ev: KeyboardEvent| {
        if ev.key() != "Enter" || ev.default_prevented() || ev.is_composing() {
            return;
        }
        if ev.ctrl_key() || ev.meta_key() {
            ev.prevent_default();
            saving.save();
        } else {
            enter_goes_on(&ev, FORM_ID);
        }
    };
    let hint = if order.confirmed_at.is_some() {
        "Les articles déjà commandés gardent leur prix ; la réservation suit les quantités."
    } else {
        "Les articles déjà notés gardent leur prix."
    };
    view! {
        <PageHeader title="Modifier les articles" back=(path.clone(), order.numero.clone()) lead=hint/>
        <form
            id=FORM_ID
            class="entry"
            method="post"
            action=action
            novalidate
            aria-label="Articles de la commande"
            on:submit=move |ev: SubmitEvent| ev.prevent_default()
            on:keydown=on_keydown
        >
            <input type="hidden" name="version" value=move || saving.version.get().to_string()/>
            <div class="entry-main">
                <Conflicts draft met=saving.met theirs=order.clone()/>
                <Card title="Articles">
                    <LineEditor draft/>
                </Card>
            </div>
            <div class="entry-side">
                <section class="card entry-summary" aria-label="Récapitulatif">
                    <Amounts draft/>
                    <Refused draft/>
                    <div class="entry-buttons">
                        <Button
                            attr:id=CONFIRM_ID
                            attr:name="action"
                            attr:value="articles"
                            attr:aria-keyshortcuts="Control+Enter"
                            kind=ButtonKind::Primary
                            size=ButtonSize::Large
                            submit=true
                            busy=saving.busy
                            busy_text="Enregistrement…"
                            text="Enregistrer"
                            on:click=move |ev: leptos::ev::MouseEvent| {
                                ev.prevent_default();
                                saving.save();
                            }
                        />
                        <LinkButton href=path text="Annuler"/>
                    </div>
                </section>
            </div>
        </form>
    }
}

/// Why saving was refused.
#[component]
fn Refused(draft: Draft) -> impl IntoView {
    move || {
        let error = draft.refusal.get().filter(|error| error.code != ErrorCode::StaleVersion)?;
        let (detail, more) = match error.code {
            ErrorCode::Invalid => ("Corrigez les lignes signalées, rien n'a été perdu.".to_owned(), Vec::new()),
            ErrorCode::InsufficientStock => ("Ajustez les quantités signalées.".to_owned(), Vec::new()),
            _ => explain(&error),
        };
        let more = more.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
        Some(view! {
            <div class="entry-refusal" tabindex="-1">
                <Notice tone=Tone::Rose title=error.code.title() alert=true>
                    <p>{detail}</p>
                    <ul>{more}</ul>
                </Notice>
            </div>
        })
    }
}
