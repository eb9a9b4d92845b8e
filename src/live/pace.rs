//! When a page reads again: soon after a change, but never faster than it can.

use super::model::Changes;

/// Changes that come together are read together. Milliseconds, as all times here.
const GATHER: f64 = 150.0;
/// Between the beginnings of two reads.
const APART: f64 = 700.0;

/// The pace of one read.
#[derive(Debug, Default)]
pub(super) struct Pace {
    pending: Changes,
    waiting: bool,
    began: Option<f64>,
    not_before: f64,
}

impl Pace {
    /// Changes came in; after how long to look whether to read, if nobody waits for that already.
    pub(super) fn hear(&mut self, changes: Changes, now: f64) -> Option<f64> {
        self.pending.merge(changes);
        self.wait(now)
    }

    /// The wait is over: what to read again. Nothing while the page is out of sight or still reading.
    pub(super) fn due(&mut self, in_sight: bool) -> Option<Changes> {
        self.waiting = false;
        if !in_sight || self.began.is_some() || self.pending.is_empty() {
            return None;
        }
        Some(std::mem::take(&mut self.pending))
    }

    /// Came into sight again, or otherwise ready to go on.
    pub(super) fn wait(&mut self, now: f64) -> Option<f64> {
        if self.waiting || self.began.is_some() || self.pending.is_empty() {
            return None;
        }
        self.waiting = true;
        Some(GATHER.max(self.not_before - now))
    }

    /// Something was done about what was due.
    pub(super) fn acted(&mut self, now: f64) {
        self.not_before = now + APART;
    }

    /// What was done goes on for a while.
    pub(super) fn begin(&mut self, now: f64) {
        self.began = Some(now);
    }

    /// It ended. A slow one is left as long again before the next.
    pub(super) fn end(&mut self, now: f64) -> Option<f64> {
        if let Some(began) = self.began.take() {
            self.not_before = self.not_before.max(now + (now - began));
        }
        self.wait(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::model::Topic;

    fn order(id: i64) -> Changes {
        let mut changes = Changes::default();
        changes.add(Topic::Orders, Some([id]));
        changes
    }

    #[test]
    fn changes_gather_and_reads_keep_their_distance() {
        let mut pace = Pace::default();
        assert_eq!(pace.hear(order(1), 1000.0), Some(150.0));
        assert_eq!(pace.hear(order(2), 1100.0), None, "the first one's wait takes both");
        let read = pace.due(true).expect("something to read");
        assert!(read.touches(Topic::Orders, 1) && read.touches(Topic::Orders, 2));
        pace.begin(1150.0);
        pace.acted(1150.0);
        assert_eq!(pace.hear(order(3), 1160.0), None, "still reading");
        assert_eq!(pace.end(1200.0), Some(650.0), "700 ms after the last beginning");
        assert!(pace.due(true).is_some());
        assert_eq!(pace.due(true), None, "nothing more");
        pace.begin(1850.0);
        pace.acted(1850.0);
        assert_eq!(pace.end(5850.0), None);
        assert_eq!(pace.hear(order(4), 5900.0), Some(3950.0), "a slow read rests as long as it took");
    }

    #[test]
    fn out_of_sight_it_waits() {
        let mut pace = Pace::default();
        assert!(pace.hear(order(1), 0.0).is_some());
        assert_eq!(pace.due(false), None);
        assert_eq!(pace.wait(60_000.0), Some(150.0));
        assert!(pace.due(true).is_some_and(|read| read.touches(Topic::Orders, 1)));
        assert_eq!(pace.wait(61_000.0), None, "once");
    }
}
