//! The dashboard's figures beside the orders.

use super::{Check, Report};
use crate::dashboard::rollups::comparisons;

/// What their names begin with.
const PREFIX: &str = "chiffres_";

pub(super) fn checks() -> Vec<Check> {
    comparisons(None).into_iter().map(|c| Check::new(c.name, c.label, c.table, c.sql)).collect()
}

/// Whether none of them is off.
pub(super) fn agree(report: &Report) -> bool {
    report.failed().all(|outcome| !outcome.check.starts_with(PREFIX))
}
