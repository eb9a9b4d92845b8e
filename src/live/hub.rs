//! What this server knows of the changes, and who is listening.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, broadcast};
use tokio_util::sync::CancellationToken;

use super::notice::Notice;
use crate::shared::SessionId;

/// So many news are kept for those who were away for a moment, and wait for a slow stream.
const KEPT: usize = 256;
/// So many streams one session may have; a browser has one for each tab in sight. Over plain HTTP/1.1 it has six
/// connections to one server, and one must stay free for everything else.
pub const STREAMS: usize = 5;

/// Something to tell.
#[derive(Debug)]
pub enum News {
    /// Rows changed: what is told, and its number among all that was ever told, on all servers.
    Changed(u64, Notice),
    /// Something may have been missed: everything is to be read again. From this number on all is heard; none while that
    /// is not known.
    Gap(Option<u64>),
    /// Nothing is heard from the database for now.
    Deaf,
}

impl News {
    /// Where a page stands that was told; none where it stands as before.
    pub fn position(&self) -> Option<u64> {
        match self {
            News::Changed(number, _) => Some(*number),
            News::Gap(from) => *from,
            News::Deaf => None,
        }
    }
}

#[derive(Default)]
struct Past {
    /// How many news there were.
    told: u64,
    /// The number of the last change that was heard.
    heard: Option<u64>,
    /// What came after this number is all in `recent`.
    whole_after: Option<u64>,
    recent: VecDeque<(u64, Arc<News>)>,
    deaf: bool,
}

impl Past {
    fn note(&mut self, news: &Arc<News>) {
        self.told += 1;
        self.deaf = matches!(**news, News::Deaf);
        match **news {
            News::Deaf => {}
            News::Gap(from) => {
                self.recent.clear();
                (self.heard, self.whole_after) = (from, from);
            }
            News::Changed(number, _) => {
                self.whole_after = self.whole_after.or(Some(number));
                self.heard = self.heard.max(Some(number));
                if self.recent.len() == KEPT
                    && let Some((oldest, _)) = self.recent.pop_front()
                {
                    self.whole_after = self.whole_after.max(Some(oldest));
                }
                self.recent.push_back((number, news.clone()));
            }
        }
    }

    fn since(&self, position: u64) -> Option<Vec<Arc<News>>> {
        let known = self.whole_after? <= position && position <= self.heard?;
        known.then(|| {
            self.recent.iter().filter(|(number, _)| *number > position).map(|(_, news)| news.clone()).collect()
        })
    }
}

/// Where news come in and go out.
pub struct Hub {
    past: Mutex<Past>,
    news: broadcast::Sender<Arc<News>>,
    seats: Mutex<HashMap<SessionId, VecDeque<(u64, CancellationToken)>>>,
    written: Notify,
    stopping: CancellationToken,
}

/// What a new stream begins with.
pub struct Beginning {
    /// What comes from now on.
    pub news: broadcast::Receiver<Arc<News>>,
    /// What came since; none where that cannot be told.
    pub missed: Option<Vec<Arc<News>>>,
    /// Where things stand.
    pub position: String,
    /// Nothing is heard from the database for now.
    pub deaf: bool,
}

fn name(position: Option<u64>) -> String {
    position.map(|number| number.to_string()).unwrap_or_default()
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Default for Hub {
    fn default() -> Self {
        Self {
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
        let news = Arc::new(news);
        let mut past = locked(&self.past);
        past.note(&news);
        // Under the lock, so that all hear them in one order. Nobody listening is no fault.
        let _ = self.news.send(news);
    }

    /// How many news there were since this server started.
    pub fn told(&self) -> u64 {
        locked(&self.past).told
    }

    /// Where things stand: what a page is drawn with, and gives back to whichever server it listens to. Ask before reading
    /// what it shows. Empty while nothing is known.
    pub fn position(&self) -> String {
        name(locked(&self.past).heard)
    }

    /// Listens from a position on; what was missed is not known without one, from before this server listened, and from
    /// one that it has not heard of yet.
    pub fn listen(&self, since: Option<&str>) -> Beginning {
        let past = locked(&self.past);
        Beginning {
            news: self.news.subscribe(),
            missed: since.and_then(|since| past.since(since.parse().ok()?)),
            position: name(past.heard),
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
        let missed = |since: u64| hub.listen(Some(&since.to_string())).missed.map(|missed| missed.len());
        let change = |number| hub.publish(News::Changed(number, Notice::default()));
        assert_eq!((hub.position().as_str(), missed(0)), ("", None), "nothing is known yet");
        hub.publish(News::Gap(Some(40)));
        assert_eq!((hub.position().as_str(), missed(40)), ("40", Some(0)), "as on any other server");
        // A sender that had to give up leaves a number out.
        for number in [41, 43, 44] {
            change(number);
        }
        assert_eq!((missed(40), missed(42), missed(43), missed(44)), (Some(3), Some(2), Some(1), Some(0)));
        assert_eq!((missed(39), missed(45)), (None, None));
        for unknown in ["", "-1", "abc-1", "44x"] {
            assert!(hub.listen(Some(unknown)).missed.is_none(), "{unknown}");
        }
        assert!(hub.listen(None).missed.is_none());
        hub.publish(News::Deaf);
        assert_eq!((hub.position().as_str(), missed(44)), ("44", Some(0)));
        hub.publish(News::Gap(None));
        assert_eq!((hub.position().as_str(), missed(44)), ("", None));
        change(50);
        assert_eq!((missed(49), missed(50)), (None, Some(0)), "known again from the next one on");
        for number in 51..=50 + KEPT as u64 {
            change(number);
        }
        assert_eq!((missed(49), missed(50)), (None, Some(KEPT)));
        change(51 + KEPT as u64);
        assert_eq!((missed(50), missed(51)), (None, Some(KEPT)));
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
