//! The replica stops while people work.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, Instant};

use super::cluster::until;
use super::{BEHIND, Shop, exported, orders};

/// What was written so far, and what was read.
#[derive(Default)]
struct Course {
    begun: AtomicUsize,
    written: Mutex<Vec<Instant>>,
    rounds: [AtomicUsize; 3],
    stop: AtomicBool,
}

impl Course {
    fn written_before(&self, instant: Instant) -> usize {
        self.written.lock().expect("a lock").iter().filter(|written| **written < instant).count()
    }

    /// Until everybody has come around some more times.
    async fn goes_on(&self) {
        let before = self.rounds.each_ref().map(|rounds| rounds.load(SeqCst));
        until("everybody goes on", async || {
            self.rounds.iter().zip(before).all(|(rounds, before)| rounds.load(SeqCst) >= before + 4)
        })
        .await;
    }

    /// Reads until told to stop: no answer may lack what was written so long before, nor have what was not begun.
    async fn reads(&self, task: usize, behind: Duration, mut read: impl AsyncFnMut() -> i64) {
        while !self.stop.load(SeqCst) {
            let asked = Instant::now();
            let least = asked.checked_sub(behind).map_or(0, |then| self.written_before(then));
            let seen = usize::try_from(read().await).expect("a number");
            let most = self.begun.load(SeqCst);
            assert!((least..=most).contains(&seen), "{least} <= {seen} <= {most}");
            self.rounds[task].fetch_add(1, SeqCst);
        }
    }
}

/// Orders are written, the dashboard and an export are read, and meanwhile the replica stops and comes back: every
/// answer is one, and right.
pub async fn nothing_fails(shop: &mut Shop, writer: &str, other: &str, product: i64) {
    let course = Course::default();
    let already = usize::try_from(orders(&shop.strict, writer).await).expect("a number");
    course.begun.store(already, SeqCst);
    course.written.lock().expect("a lock").extend(vec![Instant::now(); already]);
    let Shop { standby, strict, two, .. } = shop;
    let writes = async {
        while !course.stop.load(SeqCst) {
            let count = course.begun.fetch_add(1, SeqCst) + 1;
            two.order(writer, &[(product, 1)]).await;
            course.written.lock().expect("a lock").push(Instant::now());
            assert_eq!(usize::try_from(orders(strict, writer).await), Ok(count), "their own");
            course.rounds[0].fetch_add(1, SeqCst);
        }
    };
    let looks = course.reads(1, Duration::ZERO, async || orders(strict, other).await);
    let exports = course.reads(2, BEHIND, async || exported(strict, other).await);
    let stops = async {
        let read = "exists (select from pg_stat_activity where application_name = 'strict' and query = 'commit')";
        for _ in 0..2 {
            until("the replica is read", async || standby.is_so(read).await).await;
            course.goes_on().await;
            standby.stop();
            course.goes_on().await;
            // Everybody it had has gone: whoever is seen now came back by itself.
            standby.start().await;
        }
        until("the replica is read again", async || standby.is_so(read).await).await;
        course.goes_on().await;
        course.stop.store(true, SeqCst);
    };
    tokio::join!(writes, looks, exports, stops);
}
