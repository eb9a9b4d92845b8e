//! How a list is narrowed: the words of a search, a period of business days.

use sqlx::{PgConnection, Postgres, QueryBuilder};

use super::text::count;
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
    if !is_phone(text) {
        return push_words(sql, column, search);
    }
    sql.push(format!(" and ({column} like '%' || normalised_phone(")).push_bind(text.to_owned());
    sql.push(format!(") || '%' or {column} like '%' || ")).push_bind(like_escaped(text)).push(" || '%')");
}

/// Whether what is searched may be a phone number.
pub fn is_phone(text: &str) -> bool {
    text.chars().filter(char::is_ascii_digit).count() >= 4
        && text.chars().all(|c| c.is_ascii_digit() || " .+-()/".contains(c))
}

/// Takes `start_date` and `end_date` out of the parameters: a filter, so both may be missing.
pub fn read_period(f: &mut Fields) -> (Option<Day>, Option<Day>) {
    let (start, end) = (f.day("start_date").value(), f.day("end_date").value());
    if let (Some(start), Some(end)) = (start, end) {
        check_period(f, Period { start, end }, "end_date");
    }
    (start, end)
}

/// Notes what is wrong with a period. `at`: the parameter that is told of it, the last day where that was sent.
pub fn check_period(f: &mut Fields, period: Period, at: &str) {
    if period.start > period.end {
        f.refuse(at, "periode_inversee", "La fin précède le début.");
    } else if period.days() > Period::MAX_DAYS {
        f.refuse(at, "periode_trop_longue", format!("Au plus {}.", count(Period::MAX_DAYS, "jour", "jours")));
    }
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

    #[test]
    fn a_period_ends_after_it_began_and_within_its_limit() {
        let fault = |start: &str, end: &str| {
            let pairs = [("start_date", start), ("end_date", end)].map(|(k, v)| (k.to_owned(), v.to_owned()));
            let mut f = Fields::of_pairs(pairs);
            read_period(&mut f);
            f.finish().err().map(|mut error| error.errors.remove(0))
        };
        assert_eq!(fault("2016-01-01", "2026-01-07"), None);
        let told = |start: &str, end: &str| fault(start, end).map(|fault| (fault.champ, fault.code, fault.message));
        let at_the_end = |code: &str, message: &str| Some(("end_date".to_owned(), code.to_owned(), message.to_owned()));
        assert_eq!(told("2026-03-02", "2026-03-01"), at_the_end("periode_inversee", "La fin précède le début."));
        assert_eq!(
            told("2016-01-01", "2026-01-08"),
            at_the_end("periode_trop_longue", "Au plus 3\u{202f}660\u{a0}jours.")
        );
    }
}
