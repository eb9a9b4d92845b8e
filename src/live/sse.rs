//! `GET /evenements`: the stream of a browser. It carries what the role may know of and ends with the session.
//!
//! Events: `pret` first; `changement` with the rows by topic; `relire` when something may have been missed;
//! `coupure` while the database is not heard; `vie` now and then; `remplace` when the session has newer streams.
//! Alone, to a page that says for whom it was drawn: `fin` when nobody is signed in any more, `droits` when whoever is
//! there has another role.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::{Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use futures_util::Stream;
use http::{HeaderName, HeaderValue};
use serde::Deserialize;
use tokio::sync::broadcast::error::RecvError;

use super::hub::{Beginning, News};
use super::model::Changes;
use crate::auth::context::Actor;
use crate::auth::sessions::{self, BrowserSession};
use crate::error::{AppError, AppResult};
use crate::server::state::AppState;

/// A sign of life, for proxies and for a browser that would not notice a dead line.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);

/// Where the stream begins.
#[derive(Debug, Deserialize)]
pub struct Since {
    /// The position that the page was drawn with, or the last one heard.
    depuis: Option<String>,
    /// The role that the page was drawn for.
    role: Option<String>,
}

impl Since {
    /// What a page is told instead of the news, when it was drawn for another role than that of who is there now.
    fn ending(&self, actor: Option<&Actor>) -> Option<&'static str> {
        let drawn = self.role.as_deref()?;
        match actor {
            None => Some("fin"),
            Some(actor) => (actor.role.as_str() != drawn).then_some("droits"),
        }
    }
}

/// Opens the stream.
pub async fn events(
    State(state): State<AppState>,
    Extension(session): Extension<BrowserSession>,
    Query(since): Query<Since>,
) -> Response {
    match open(state, session, since).await {
        Ok(response) => response,
        Err(error) => error.into_response(),
    }
}

async fn open(state: AppState, session: BrowserSession, since: Since) -> AppResult<Response> {
    if let Some(word) = since.ending(session.actor.as_ref()) {
        return Ok(streamed(futures_util::stream::iter([Ok(said(word))])));
    }
    let actor = session.actor.ok_or_else(AppError::unauthenticated)?;
    // Listens before it looks: a session that ends in between is told of.
    let beginning = state.live.listen(since.depuis.as_deref());
    let ends = sessions::expiry(&state.reads, &actor).await?.ok_or_else(AppError::unauthenticated)?;
    Ok(streamed(follow(state, actor, beginning, ends)))
}

/// Events as they come, with a sign of life between them.
fn streamed(events: impl Stream<Item = Result<Event, Infallible>> + Send + 'static) -> Response {
    let life = KeepAlive::new().interval(SIGN_OF_LIFE).event(said("vie"));
    let mut response = Sse::new(events).keep_alive(life).into_response();
    // nginx would hold events back.
    response.headers_mut().insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    response
}

/// An event that says all by its name; browsers pass over those without data.
fn said(name: &str) -> Event {
    Event::default().event(name).data("{}")
}

fn changed(changes: &Changes) -> Event {
    Event::default().event("changement").data(serde_json::to_string(changes).unwrap_or_default())
}

/// What happens next in a stream.
enum Next {
    Told(Arc<News>),
    Missed,
    Expired,
    End(Option<&'static str>),
}

fn follow(
    state: AppState,
    actor: Actor,
    beginning: Beginning,
    mut ends: DateTime<Utc>,
) -> impl Stream<Item = Result<Event, Infallible>> {
    let hub = state.live.clone();
    let seat = hub.seat(actor.session_id);
    async_stream::stream! {
        let Beginning { mut news, missed, position, deaf } = beginning;
        yield Ok(said("pret").id(position));
        if deaf {
            yield Ok(said("coupure"));
        } else if missed.is_none() {
            yield Ok(said("relire"));
        }
        let mut waiting = missed.unwrap_or_default().into_iter();
        loop {
            let next = match waiting.next() {
                Some(missed) => Next::Told(missed),
                None => tokio::select! {
                    () = hub.stopping() => Next::End(None),
                    () = seat.replaced() => Next::End(Some("remplace")),
                    () = until(ends) => Next::Expired,
                    told = news.recv() => match told {
                        Ok(told) => Next::Told(told),
                        Err(RecvError::Lagged(_)) => Next::Missed,
                        Err(RecvError::Closed) => Next::End(None),
                    },
                },
            };
            let (event, look) = match next {
                Next::Expired => (None, true),
                Next::Missed => (Some(said("relire")), true),
                Next::End(word) => {
                    if let Some(word) = word {
                        yield Ok(said(word));
                    }
                    break;
                }
                Next::Told(news) => {
                    let (event, look) = match news.as_ref() {
                        News::Gap(_) => (Some(said("relire")), true),
                        News::Deaf => (Some(said("coupure")), false),
                        News::Changed(_, notice) => {
                            let seen = notice.seen_by(&actor);
                            ((!seen.is_empty()).then(|| changed(&seen)), notice.may_end(&actor))
                        }
                    };
                    let here = |event: Event| match news.position() {
                        Some(number) => event.id(number.to_string()),
                        None => event,
                    };
                    (event.map(here), look)
                }
            };
            if look {
                match sessions::expiry(&state.reads, &actor).await {
                    Ok(Some(later)) => ends = later,
                    // Also when nothing can be found out: the browser comes back and asks again.
                    Ok(None) | Err(_) => break,
                }
            }
            if let Some(event) = event {
                yield Ok(event);
            }
        }
    }
}

/// Until the session has run out; it may have been prolonged by then.
async fn until(instant: DateTime<Utc>) {
    let left = (instant - Utc::now()).to_std().unwrap_or_default();
    // A timer of more than a day is set again.
    tokio::time::sleep(left.clamp(Duration::from_secs(1), Duration::from_secs(86_400))).await;
}
