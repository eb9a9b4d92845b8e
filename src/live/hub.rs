//! What this server knows of the changes, and who is listening.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, broadcast};
use tokio_util::sync::CancellationToken;

use super::notice::Notice;
use crate::server::keys::{hex, random_bytes};
use crate::shared::SessionId;

/// So many news are kept for those who were away for a moment, and wait for a slow stream.
const KEPT: usize = 256;
/// So many streams one session may have; a browser has one for each tab in sight.
pub const STREAMS: usize = 8;

/// Something to tell.
#[derive(Debug)]
pub enum News {
    /// Rows changed.
    Changed(Notice),
    /// Something may have been missed: everything is to be read again.
    Gap,
    /// Nothing is heard from the database for now.
    Deaf,
}

/// News and their place in the course of things.
#[derive(Debug, Clone)]
pub struct Numbered {
    /// Counts from 1 at each start.
    pub number: u64,
    /// What is to be told.
    pub news: Arc<News>,
}

#[derive(Default)]
struct Past {
    number: u64,
    recent: VecDeque<Numbered>,
    deaf: bool,
}

/// Where news come in and go out.
pub struct Hub {
    boot: String,
    past: Mutex<Past>,
    news: broadcast::Sender<Numbered>,
    seats: Mutex<HashMap<SessionId, VecDeque<(u64, CancellationToken)>>>,
    written: Notify,
    stopping: CancellationToken,
}

/// What a new stream begins with.
pub struct Beginning {
    /// What comes from now on.
    pub news: broadcast::Receiver<Numbered>,
    /// What came since; none where that cannot be told.
    pub missed: Option<Vec<Numbered>>,
    /// Where things stand.
    pub position: String,
    /// Nothing is heard from the database for now.
    pub deaf: bool,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Default for Hub {
    fn default() -> Self {
        Self {
            boot: hex(&random_bytes::<6>()),
            past: Mutex::new(Past { deaf: true, ..Past::default() }),
            news: broadcast::channel(KEPT).0,
            seats: Mutex::default(),
            written: Notify::new(),
            stopping: CancellationToken::new(),
        }
    }
}

impl Hub {
    /// Tells everybody.
    pub fn publish(&self, news: News) {
        let mut past = locked(&self.past);
        past.number += 1;
        past.deaf = matches!(news, News::Deaf);
        let news = Numbered { number: past.number, news: Arc::new(news) };
        if past.recent.len() == KEPT {
            past.recent.pop_front();
        }
        past.recent.push_back(news.clone());
        // Under the lock, so that all hear them in one order. Nobody listening is no fault.
        let _ = self.news.send(news);
    }

    /// A place in the course of things, as the browser gives it back.
    pub fn name(&self, number: u64) -> String {
        format!("{}-{number}", self.boot)
    }

    /// How many news there were since this server started.
    pub fn told(&self) -> u64 {
        locked(&self.past).number
    }

    /// Where things stand: what a page is drawn with. Ask before reading what it shows.
    pub fn position(&self) -> String {
        self.name(locked(&self.past).number)
    }

    /// Listens from a position on; without one, or from before this start, what was missed is not known.
    pub fn listen(&self, since: Option<&str>) -> Beginning {
        let past = locked(&self.past);
        let since = since
            .and_then(|since| since.strip_prefix(self.boot.as_str())?.strip_prefix('-')?.parse::<u64>().ok())
            .filter(|since| *since <= past.number && past.number - since <= past.recent.len() as u64);
        Beginning {
            news: self.news.subscribe(),
            missed: since.map(|since| past.recent.iter().filter(|news| news.number > since).cloned().collect()),
            position: self.name(past.number),
            deaf: past.deaf,
        }
    }

    /// Something was written by this server: its sender need not wait for its next look.
    pub fn wrote(&self) {
        self.written.notify_one();
    }

    /// Until this server has written something.
    pub async fn written(&self) {
        self.written.notified().await;
    }

    /// Ends all streams, and refuses new ones.
    pub fn stop(&self) {
        self.stopping.cancel();
    }

    /// Until streams are to end.
    pub async fn stopping(&self) {
        self.stopping.cancelled().await;
    }

    /// A place among the streams of a session; the oldest one gives way.
    pub fn seat(self: &Arc<Self>, session: SessionId) -> Seat {
        let mut seats = locked(&self.seats);
        let taken = seats.entry(session).or_default();
        if taken.len() >= STREAMS
            && let Some((_, oldest)) = taken.pop_front()
        {
            oldest.cancel();
        }
        let number = taken.back().map_or(0, |(number, _)| number + 1);
        let replaced = CancellationToken::new();
        taken.push_back((number, replaced.clone()));
        Seat { hub: self.clone(), session, number, replaced }
    }

    /// How many streams there are.
    pub fn streams(&self) -> usize {
        locked(&self.seats).values().map(VecDeque::len).sum()
    }
}

/// A stream's place; given back when it ends.
pub struct Seat {
    hub: Arc<Hub>,
    session: SessionId,
    number: u64,
    replaced: CancellationToken,
}

impl Seat {
    /// Until a newer stream of the session wants the place.
    pub async fn replaced(&self) {
        self.replaced.cancelled().await;
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seats = locked(&self.hub.seats);
        if let Some(taken) = seats.get_mut(&self.session) {
            taken.retain(|(number, _)| *number != self.number);
            if taken.is_empty() {
                seats.remove(&self.session);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_missed_is_told_again_or_known_to_be_unknown() {
        let hub = Hub::default();
        let start = hub.position();
        for _ in 0..3 {
            hub.publish(News::Changed(Notice::default()));
        }
        let missed = |since: &str| hub.listen(Some(since)).missed.map(|missed| missed.len());
        assert_eq!((missed(&start), missed(&hub.name(2)), missed(&hub.position())), (Some(3), Some(1), Some(0)));
        for unknown in [&hub.name(4), "", "-1", "abc-1", &format!("{}-x", hub.boot)] {
            assert_eq!(missed(unknown), None, "{unknown}");
        }
        assert!(hub.listen(None).missed.is_none());
        for _ in 0..KEPT {
            hub.publish(News::Gap);
        }
        assert_eq!((missed(&hub.name(2)), missed(&hub.name(3))), (None, Some(KEPT)));
    }

    #[tokio::test]
    async fn a_session_has_so_many_streams_and_the_newest_wins() {
        let hub = Arc::new(Hub::default());
        let first = hub.seat(SessionId(1));
        let others: Vec<_> = (1..STREAMS).map(|_| hub.seat(SessionId(1))).collect();
        let stranger = hub.seat(SessionId(2));
        assert!(!first.replaced.is_cancelled());
        let newest = hub.seat(SessionId(1));
        first.replaced().await;
        assert!([&others[0], &stranger, &newest].iter().all(|seat| !seat.replaced.is_cancelled()));
        drop(first);
        assert_eq!(hub.streams(), STREAMS + 1);
        drop((others, stranger, newest));
        assert_eq!(hub.streams(), 0);
    }
}
