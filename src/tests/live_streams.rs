//! What the tests of `/evenements` read: a stream, event by event.

use std::time::Duration;

use axum::body::Body;
use http::Method;
use http_body_util::BodyExt;
use serde_json::Value;

use super::App;
use crate::live::tasks::Tasks;

/// Longer than anything takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// An event of a stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// What kind.
    pub name: String,
    /// Its data.
    pub data: Value,
    /// Where it stands.
    pub id: String,
}

/// A stream that somebody listens to.
pub struct Stream {
    body: Body,
    text: String,
}

impl App {
    /// Starts what a served process runs beside its requests; the listener is there when it returns.
    pub async fn go_live(&self) -> Tasks {
        let before = self.state.live.position();
        let tasks = Tasks::start((*self.db.connect_options()).clone(), self.state.live.clone());
        let heard = async {
            while self.state.live.position() == before {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, heard).await.expect("the listener is there");
        tasks
    }

    /// Opens a stream, from where things stand now.
    pub async fn listen(&self, cookie: &str) -> Stream {
        let position = self.state.live.position();
        self.listen_at(cookie, &format!("/evenements?depuis={position}")).await
    }

    /// The same, at an address.
    pub async fn listen_at(&self, cookie: &str, address: &str) -> Stream {
        let mut stream = self.open_stream(cookie, address).await;
        assert_eq!(stream.next().await.expect("a beginning").name, "pret");
        stream
    }

    /// The same, before its first event.
    pub async fn open_stream(&self, cookie: &str, address: &str) -> Stream {
        let response = self.call(Method::GET, address).header("cookie", cookie).open().await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-cache");
        Stream { body: response.into_body(), text: String::new() }
    }
}

impl Stream {
    /// The next event; none when the stream has ended.
    pub async fn next(&mut self) -> Option<Told> {
        loop {
            while let Some((event, rest)) = self.text.split_once("\n\n") {
                let told = read(event);
                self.text = rest.to_owned();
                if let Some(told) = told.filter(|told| told.name != "vie") {
                    return Some(told);
                }
            }
            let frame = tokio::time::timeout(PATIENCE, self.body.frame()).await.expect("an event or an end")?;
            let data = frame.expect("a frame").into_data().expect("data");
            self.text.push_str(&String::from_utf8_lossy(&data));
        }
    }

    /// The changes that come next.
    pub async fn changes(&mut self) -> Value {
        let told = self.next().await.expect("the stream goes on");
        assert_eq!(told.name, "changement", "{told:?}");
        told.data
    }

    /// Reads until a change of a row has been told.
    pub async fn hears_of(&mut self, topic: &str, id: i64) {
        while !self.changes().await[topic].as_array().is_some_and(|ids| ids.contains(&id.into())) {}
    }

    /// Asserts that the stream ends, after whatever changes were on their way.
    pub async fn assert_ends(&mut self) {
        while let Some(told) = self.next().await {
            assert_eq!(told.name, "changement", "the stream ends");
        }
    }
}

fn read(event: &str) -> Option<Told> {
    let field = |name: &str| {
        let line = event.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.map(|value| value.strip_prefix(' ').unwrap_or(value).to_owned())
    };
    let data = serde_json::from_str(&field("data")?).expect("data is JSON");
    Some(Told { name: field("event")?, data, id: field("id").unwrap_or_default() })
}
