//! How a list is narrowed: the words of a search, a period of business days.

use sqlx::{PgConnection, Postgres, QueryBuilder};

use super::{Bounds, Day, Fields, Period};
use crate::error::AppResult;

/// Every word must occur in a column that is kept in its searchable form: ` and …`.
pub fn push_words(sql: &mut QueryBuilder<Postgres>, column: &str, search: Option<&str>) {
    for word in search.unwrap_or_default().split_whitespace() {
        sql.push(format!(" and {column} like '%' || searchable(")).push_bind(like_escaped(word)).push(") || '%'");
    }
}

/// The same, where the column also holds a phone: a number is found however it was typed.
pub fn push_words_or_phone(sql: &mut QueryBuilder<Postgres>, column: &str, search: Option<&str>) {
    let text = search.unwrap_or_default();
    let is_phone = text.chars().filter(char::is_ascii_digit).count() >= 4
        && text.chars().all(|c| c.is_ascii_digit() || " .+-()/".contains(c));
    if !is_phone {
        return push_words(sql, column, search);
    }
    sql.push(format!(" and ({column} like '%' || normalised_phone(")).push_bind(text.to_owned());
    sql.push(format!(") || '%' or {column} like '%' || ")).push_bind(like_escaped(text)).push(" || '%')");
}

/// Takes `start_date` and `end_date` out of the parameters: a filter, so both may be missing.
pub fn read_period(f: &mut Fields) -> (Option<Day>, Option<Day>) {
    let (start, end) = (f.day("start_date").value(), f.day("end_date").value());
    if let (Some(start), Some(end)) = (start, end) {
        if start > end {
            f.refuse("end_date", "periode_inversee", "La fin précède le début.");
        } else if start.days_until(end) >= Period::MAX_DAYS {
            f.refuse("end_date", "periode_trop_longue", "Au plus 3 660 jours.");
        }
    }
    (start, end)
}

/// Narrows an instant to business days, both included: ` and …`. Each bound is asked for once, not row by row.
pub fn push_period(sql: &mut QueryBuilder<Postgres>, column: &str, start: Option<Day>, end: Option<Day>) {
    if let Some(start) = start {
        sql.push(format!(" and {column} >= (select day_start(")).push_bind(start).push("))");
    }
    if let Some(end) = end {
        sql.push(format!(" and {column} < (select day_start(")).push_bind(end.plus(1)).push("))");
    }
}

/// Where business days begin, asked for before the statement that they narrow: told values instead of subqueries, the
/// planner knows whether they leave an hour or everything, and where there is more to narrow by it must know.
pub async fn bounds(db: &mut PgConnection, start: Option<Day>, end: Option<Day>) -> AppResult<Bounds> {
    Ok(sqlx::query_as("select day_start($1), day_start($2)")
        .bind(start)
        .bind(end.map(|end| end.plus(1)))
        .fetch_one(db)
        .await?)
}

/// Narrows an instant to these bounds: ` and …`.
pub fn push_bounds(sql: &mut QueryBuilder<Postgres>, column: &str, (start, end): Bounds) {
    if let Some(start) = start {
        sql.push(format!(" and {column} >= ")).push_bind(start);
    }
    if let Some(end) = end {
        sql.push(format!(" and {column} < ")).push_bind(end);
    }
}

/// `%`, `_` and `\` stand for themselves.
pub fn like_escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_stand_for_themselves() {
        assert_eq!(like_escaped("50%_\\"), "50\\%\\_\\\\");
    }
}
