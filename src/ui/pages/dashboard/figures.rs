//! The figures as the server draws them: the browser needs neither their types nor the code that draws them.

use leptos::html;
use leptos::prelude::*;
use leptos::reactive::computed::ScopedFuture;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use super::waiting::Waiting;
use crate::error::{AppError, ErrorCode};
use crate::live::{Topic, live_resource};
use crate::ui::browser::bring_up_to_date;
use crate::ui::components::chart::Readable;
use crate::ui::components::{ButtonKind, EmptyState, Glyph, LinkButton};
use crate::ui::pages::errors::PageError;
use crate::ui::query::{QueryPairs, address_faults};
use crate::ui::status;

/// What the figures are made of.
const FOLLOWED: &[Topic] = &[Topic::Orders, Topic::Stocks, Topic::Products, Topic::Categories];

/// What goes into the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Drawing {
    /// The period that was asked for.
    asked: QueryPairs,
    /// None in the browser when it came with the page, where it already stands.
    #[serde(skip)]
    html: Option<String>,
}

/// All figures of a period, and the deliveries of today, drawn; the parameters are those of
/// `GET /api/v1/dashboard/summary`.
#[server(prefix = "/_fn", endpoint = "dashboard_figures", input = Json)]
pub async fn dashboard_figures(query: Vec<(String, String)>) -> Result<String, AppError> {
    use crate::auth::context::Ctx;
    use crate::auth::permission::Permission;
    use crate::dashboard::{deliveries, operations};

    let ctx = Ctx::of_browser().await?;
    let figures = operations::figures(&ctx, query).await?.value()?;
    let day = deliveries::of_day(&ctx, Vec::new()).await?.value()?;
    Ok(super::drawing::draw(figures, day, &ctx.shop.zone, ctx.may(Permission::WriteOrders)))
}

/// The figures. What is on the page is brought up to date, not drawn again: what one reads or has unfolded stays.
#[component]
pub fn Figures(
    /// The parameters of the period.
    asked: Memo<QueryPairs>,
) -> impl IntoView {
    let read = |asked: QueryPairs| async {
        let html = Some(dashboard_figures(asked.clone()).await?);
        Ok(Drawing { asked, html })
    };
    let answer = live_resource(move || asked.get(), read).follow(FOLLOWED).answer;
    // The period that stands on the page; none before the page is awake.
    let shown = RwSignal::new(None::<QueryPairs>);
    let refreshing =
        Signal::derive(move || shown.with(|shown| shown.as_ref().is_some_and(|shown| *shown != asked.get())));
    let place = NodeRef::<html::Div>::new();
    // The first drawing of a place: the later ones are no business of the framework's, which would draw it anew.
    let first = StoredValue::new(None::<String>);
    let (drawn, kinds) = (RwSignal::new(0), RwSignal::new(0));
    Effect::new(move |failed_before: Option<Option<bool>>| {
        let failed_before = failed_before.flatten();
        // Also when the place is new.
        let place = place.get();
        let Some(answer) = answer.get() else { return failed_before };
        let failed = answer.is_err();
        match answer {
            Ok(Drawing { asked, html }) => {
                if let (Some(place), Some(html)) = (place, html) {
                    bring_up_to_date(&place, &html);
                }
                shown.set(Some(asked));
            }
            Err(_) => shown.set(Some(asked.get_untracked())),
        }
        if failed_before.is_some_and(|before| before || failed) {
            kinds.update(|kinds| *kinds += 1);
        }
        drawn.update(|drawn| *drawn += 1);
        Some(failed)
    });
    let show = move |drawing: Drawing| {
        if first.with_value(Option::is_none) {
            first.set_value(Some(drawing.html.unwrap_or_default()));
        }
        view! {
            <div
                node_ref=place
                class="dash"
                class:refreshing=refreshing
                aria-busy=move || refreshing.get().then_some("true")
                inner_html=first.get_value()
            ></div>
        }
    };
    view! {
        <Readable drawn of=asked>
            <Transition fallback=|| view! { <Waiting/> }>
                {move || {
                    // Only this is followed, not each answer.
                    kinds.track();
                    Suspend::new(async move {
                        let error = match ScopedFuture::new_untracked(answer.into_future()).await {
                            Ok(drawing) => return show(drawing).into_any(),
                            Err(error) => error,
                        };
                        // The place goes; the next one begins with what is read then.
                        first.set_value(None);
                        if error.code == ErrorCode::Invalid {
                            view! { <NoSuchPeriod error/> }.into_any()
                        } else {
                            view! { <PageError error/> }.into_any()
                        }
                    })
                }}
            </Transition>
        </Readable>
    }
}

/// The address holds a period that does not exist: what is wrong with it, and a way out.
#[component]
fn NoSuchPeriod(error: AppError) -> impl IntoView {
    status::set(error.code.status());
    view! {
        <EmptyState icon=Glyph::Calendar title="Cette période n'existe pas" text=address_faults(&error).unwrap_or_default()>
            <LinkButton href="/" kind=ButtonKind::Primary text="Voir les 30 derniers jours"/>
        </EmptyState>
    }
}
