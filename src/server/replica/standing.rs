//! Whether the replica is read, and what is said in the log when that changes.

use std::time::{Duration, Instant};

/// How the replica stands.
#[derive(Debug)]
pub enum Standing {
    /// Nobody has looked yet.
    Untried,
    /// It may be read until then, where it has at least that.
    Used {
        /// By then it has to have reached more.
        until: Instant,
        /// What it had reached when it was looked at.
        position: i64,
    },
    /// It is looked at until it may be read again.
    Aside {
        /// Since when.
        since: Instant,
        /// It does not answer, or failed; else it is only behind.
        gone: bool,
    },
}

impl Standing {
    /// The least that it has, where it may be read now.
    pub fn readable(&self) -> Option<i64> {
        match self {
            Self::Used { until, position } if Instant::now() < *until => Some(*position),
            _ => None,
        }
    }

    /// What it is reading may never come to an end.
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::Aside { gone: true, .. })
    }

    /// Sets it aside, saying so once; true when anything changed.
    pub fn set_aside(&mut self, gone: bool, why: &str) -> bool {
        if let Self::Aside { gone: was, .. } = self {
            return std::mem::replace(was, gone) != gone;
        }
        tracing::warn!("the replica is set aside, the database itself is read: {why}");
        *self = Self::Aside { since: Instant::now(), gone };
        true
    }

    /// It has reached what the database had at that instant: too little and it is set aside, enough and it is read again.
    pub fn reached(&mut self, asked: Instant, position: i64, behind: Duration) -> bool {
        // Not in and out at the border.
        let enough = if matches!(self, Self::Aside { .. }) { behind * 3 / 4 } else { behind };
        if asked.elapsed() > enough {
            return self.set_aside(false, &format!("it is more than {} s behind", enough.as_secs_f32()));
        }
        match self {
            Self::Used { .. } => {}
            Self::Untried => tracing::info!("the dashboard and exports read from the replica"),
            Self::Aside { since, .. } => {
                tracing::info!("the replica is read again after {} s", since.elapsed().as_secs())
            }
        }
        *self = Self::Used { until: asked + behind, position };
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn ago(milliseconds: u64) -> Instant {
        Instant::now().checked_sub(Duration::from_millis(milliseconds)).expect("an instant")
    }

    #[test]
    fn it_is_read_for_as_long_as_it_is_little_behind() {
        let mut standing = Standing::Untried;
        assert_eq!((standing.readable(), standing.is_gone()), (None, false));
        assert!(standing.reached(ago(900), 7, SECOND));
        assert_eq!(standing.readable(), Some(7));
        assert!(standing.reached(ago(1_001), 7, SECOND));
        assert_eq!((standing.readable(), standing.is_gone()), (None, false));
        assert!(!standing.reached(ago(900), 8, SECOND), "not before it is well ahead of the border");
        assert_eq!(standing.readable(), None);
        standing.reached(ago(100), 9, SECOND);
        assert_eq!(standing.readable(), Some(9));
        // Nobody looked for a while.
        let late = Standing::Used { until: ago(1), position: 9 };
        assert_eq!(late.readable(), None);
    }

    #[test]
    fn it_is_gone_until_it_answers() {
        let mut standing = Standing::Untried;
        assert!(standing.set_aside(true, "refused") && standing.is_gone());
        assert!(!standing.set_aside(true, "refused"));
        assert!(standing.set_aside(false, "behind") && !standing.is_gone());
        assert!(standing.reached(ago(0), 1, SECOND) && standing.readable() == Some(1));
    }
}
