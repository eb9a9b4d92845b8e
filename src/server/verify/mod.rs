//! Recomputes everything that must always be true, and names what is not.
//!
//! Each check is one statement that returns the rows that are off. All of them see the same instant,
//! so that a server at work makes no false alarm. Nothing is written but when the dashboard's figures agreed.

mod deliveries;
mod figures;
mod history;
mod orders;
#[cfg(test)]
mod seal_tests;
mod seals;
mod stock;

#[cfg(test)]
pub(crate) mod tests;

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use sqlx::{AssertSqlSafe, PgConnection, PgPool};

use crate::dashboard::rollups;
use crate::history::seals::Anchor;
use crate::shared::Day;

/// How many findings of one check are told in full.
pub const SHOWN: usize = 20;
/// Checks that run side by side.
const HANDS: u32 = 2;

/// One question put to the database.
struct Check {
    name: &'static str,
    label: &'static str,
    table: &'static str,
    /// Returns (row, expected, found), all text, for each row that is off.
    sql: String,
}

impl Check {
    fn new(name: &'static str, label: &'static str, table: &'static str, sql: impl Into<String>) -> Self {
        Self { name, label, table, sql: sql.into() }
    }
}

/// A row that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Its id, or several.
    pub row: String,
    /// What the other rows say.
    pub expected: String,
    /// What is there.
    pub found: String,
}

/// The answer to one check.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Stable name of the check.
    pub check: &'static str,
    /// What was asked, for people.
    pub label: &'static str,
    /// Where the rows are.
    pub table: &'static str,
    /// How many rows are off.
    pub count: u64,
    /// The first of them.
    pub findings: Vec<Finding>,
    /// How long the question took.
    pub elapsed: Duration,
}

/// Everything that was asked.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// One for each check and table, in a fixed order.
    pub outcomes: Vec<Outcome>,
    /// The newest seal of the trail, for whoever wants to keep it elsewhere.
    pub newest: Option<Anchor>,
}

impl Report {
    /// Whether nothing is off.
    pub fn is_clean(&self) -> bool {
        self.outcomes.iter().all(|outcome| outcome.count == 0)
    }

    /// How many rows are off, all checks together.
    pub fn count(&self) -> u64 {
        self.outcomes.iter().map(|outcome| outcome.count).sum()
    }

    /// The checks that found something.
    pub fn failed(&self) -> impl Iterator<Item = &Outcome> {
        self.outcomes.iter().filter(|outcome| outcome.count > 0)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for outcome in self.failed() {
            writeln!(f, "✗ {} [{}, {}] : {}", outcome.label, outcome.check, outcome.table, outcome.count)?;
            for finding in &outcome.findings {
                writeln!(f, "    {} : attendu {}, trouvé {}", finding.row, finding.expected, finding.found)?;
            }
            if outcome.count as usize > outcome.findings.len() {
                writeln!(f, "    … et {} de plus", outcome.count as usize - outcome.findings.len())?;
            }
        }
        match self.count() {
            0 => write!(f, "{} vérifications, tout est juste.", self.outcomes.len()),
            1 => write!(f, "{} vérifications, 1 anomalie.", self.outcomes.len()),
            n => write!(f, "{} vérifications, {n} anomalies.", self.outcomes.len()),
        }
    }
}

/// Asks every question. The connections must hold the key of the trail (`app.audit_key`).
pub async fn verify(db: &PgPool) -> Result<Report, sqlx::Error> {
    verify_since(db, None).await
}

/// The same, and whether the seal that somebody kept elsewhere is still there.
pub async fn verify_since(db: &PgPool, kept: Option<&Anchor>) -> Result<Report, sqlx::Error> {
    count_fresh_tables(db).await;
    let mut first = db.begin().await?;
    sqlx::raw_sql("set transaction isolation level repeatable read, read only").execute(&mut *first).await?;
    let snapshot: String = sqlx::query_scalar("select pg_export_snapshot()").fetch_one(&mut *first).await?;

    let (has_key, at): (bool, DateTime<Utc>) =
        sqlx::query_as("select coalesce(current_setting('app.audit_key', true), '') <> '', now()")
            .fetch_one(&mut *first)
            .await?;
    let newest = Anchor::newest(&mut *first).await?;
    let checks = all_checks(has_key, kept);

    // The transaction that lent its view of the data stays open until everybody has it.
    let queue = Arc::new(Mutex::new(checks.into_iter().enumerate().collect::<VecDeque<_>>()));
    let mut hands = tokio::task::JoinSet::new();
    for _ in 1..HANDS.min(db.options().get_max_connections()) {
        let (db, queue, snapshot) = (db.clone(), queue.clone(), snapshot.clone());
        hands.spawn(async move {
            let mut tx = db.begin().await?;
            // The database made the name, of hexadecimal digits and dashes; SET takes no parameters.
            let begin = format!(
                "set transaction isolation level repeatable read, read only; set transaction snapshot '{snapshot}'"
            );
            sqlx::raw_sql(AssertSqlSafe(begin)).execute(&mut *tx).await?;
            work(&mut tx, &queue).await
        });
    }
    let mut outcomes = work(&mut first, &queue).await?;
    while let Some(done) = hands.join_next().await {
        outcomes.extend(done.map_err(|error| sqlx::Error::Io(std::io::Error::other(error)))??);
    }
    drop(first);
    outcomes.sort_by_key(|(place, _)| *place);
    let report = Report { outcomes: outcomes.into_iter().map(|(_, outcome)| outcome).collect(), newest };
    if figures::agree(&report)
        && let Err(error) = rollups::agreed(db, at).await
    {
        tracing::debug!(%error, "that the figures agree could not be written down");
    }
    Ok(report)
}

/// Adds up anew the days whose figures are not those of the orders, and only these; which they were.
pub async fn repair(db: &PgPool) -> Result<Vec<Day>, sqlx::Error> {
    let mut tx = db.begin().await?;
    sqlx::raw_sql("set transaction isolation level repeatable read, read only").execute(&mut *tx).await?;
    sqlx::raw_sql(GENEROUS).execute(&mut *tx).await?;
    let days = rollups::differing(&mut tx, None).await?;
    tx.commit().await?;
    rollups::repair(db, &days).await?;
    Ok(days)
}

/// Every question, the longest first.
fn all_checks(has_key: bool, kept: Option<&Anchor>) -> Vec<Check> {
    let mut checks = history::checks(has_key);
    if has_key {
        checks.extend(seals::checks(kept));
    }
    checks.extend(figures::checks());
    checks.extend(orders::checks());
    checks.extend(stock::checks());
    checks.extend(deliveries::checks());
    checks
}

/// A table that was filled a moment ago has no statistics yet: the planner takes it for a small one, and a join
/// of whole tables takes minutes instead of a second. What autovacuum would soon do is done first. It changes no
/// row; where it cannot be done (a standby, another owner), the checks are slower, not wrong.
async fn count_fresh_tables(db: &PgPool) {
    let counted = async {
        let fresh: Option<String> = sqlx::query_scalar(
            "select string_agg(relid::regclass::text, ', ') from pg_stat_user_tables
             where schemaname = current_schema() and n_mod_since_analyze > 1000 + 0.1 * n_live_tup",
        )
        .fetch_one(db)
        .await?;
        match fresh {
            Some(tables) => sqlx::raw_sql(AssertSqlSafe(format!("analyze {tables}"))).execute(db).await.map(drop),
            None => Ok(()),
        }
    };
    if let Err(error) = counted.await {
        tracing::debug!(%error, "statistics could not be refreshed");
    }
}

/// The app's own limits are meant for requests. The hands share the cores: each statement takes one.
const GENEROUS: &str =
    "set local statement_timeout = 0; set local lock_timeout = 0; set local idle_in_transaction_session_timeout = 0;
     set local jit = off; set local work_mem = '128MB'; set local max_parallel_workers_per_gather = 0";

type Queue = Mutex<VecDeque<(usize, Check)>>;

/// Takes checks from the queue until none is left.
async fn work(conn: &mut PgConnection, queue: &Queue) -> Result<Vec<(usize, Outcome)>, sqlx::Error> {
    sqlx::raw_sql(GENEROUS).execute(&mut *conn).await?;
    let mut outcomes = Vec::new();
    loop {
        let next = queue.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).pop_front();
        let Some((place, check)) = next else {
            return Ok(outcomes);
        };
        let started = Instant::now();
        let statement = format!(
            "select f.*, count(*) over () from ({}) as f (place, expected, found) order by 1 limit {SHOWN}",
            check.sql
        );
        let rows: Vec<(String, Option<String>, Option<String>, i64)> =
            sqlx::query_as(AssertSqlSafe(statement)).persistent(false).fetch_all(&mut *conn).await?;
        let outcome = Outcome {
            check: check.name,
            label: check.label,
            table: check.table,
            count: rows.first().map_or(0, |row| row.3.unsigned_abs()),
            findings: rows
                .into_iter()
                .map(|(row, expected, found, _)| Finding {
                    row,
                    expected: expected.unwrap_or_else(|| "rien".into()),
                    found: found.unwrap_or_else(|| "rien".into()),
                })
                .collect(),
            elapsed: started.elapsed(),
        };
        tracing::debug!(check.name, check.table, outcome.count, elapsed = ?outcome.elapsed, "checked");
        outcomes.push((place, outcome));
    }
}
