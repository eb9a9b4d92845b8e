//! Which clients' names a search of orders means: each name and phone that orders carry is kept once (`order_names`),
//! so that a common name is looked up there, and its orders are found and counted along an index.

use sqlx::{PgConnection, QueryBuilder};

use crate::error::AppResult;
use crate::shared::listing::{is_phone, push_words};

/// The most names that an index is asked for one by one. A search that means more of them means so many orders that
/// any walk soon has enough.
const MANY: usize = 1_000;

/// The names that a search means; nothing where a number could be meant too, or too many names.
pub async fn meant(db: &mut PgConnection, search: Option<&str>) -> AppResult<Option<Vec<i64>>> {
    if !is_name(search.unwrap_or_default()) {
        return Ok(None);
    }
    let mut sql = QueryBuilder::new("select n.id from order_names n where true");
    push_words(&mut sql, "n.recherche", search);
    sql.push(" limit ").push_bind(MANY as i64 + 1);
    // Planned for its own words, as every search.
    let names: Vec<i64> = sql.build_query_scalar().persistent(false).fetch_all(db).await?;
    Ok((names.len() <= MANY).then_some(names))
}

/// Whether none of the words can be part of an order's number, which is made of `CMD-` and digits.
fn is_name(search: &str) -> bool {
    let told = |word: &str| word.chars().any(|c| c.is_ascii_graphic() && !"cmdCMD-0123456789".contains(c));
    !search.trim().is_empty() && !is_phone(search) && search.split_whitespace().all(told)
}

/// What was typed for a number, as orders bear it: `#000404`, `cmd20261128000404`.
pub fn spelled(search: String) -> String {
    let word = search.trim();
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let bare = word.strip_prefix('#').unwrap_or(word);
    let after = bare.get(..3).filter(|head| head.eq_ignore_ascii_case("cmd")).map(|_| &bare[3..]);
    match after {
        Some(rest) if rest.len() > 8 && digits(rest) => format!("CMD-{}-{}", &rest[..8], &rest[8..]),
        None if bare != word && !bare.is_empty() && digits(bare) => bare.to_owned(),
        _ => search,
    }
}

/// Throws away the names that no order carries any more: somebody's, maybe, who was erased.
pub async fn forget_unused(db: &mut PgConnection) -> Result<(), sqlx::Error> {
    let unused = "not exists (select from orders o where o.name_id = n.id and not o.is_deleted)
              and not exists (select from orders o where o.name_id = n.id and o.is_deleted)";
    // Whoever is about to use one holds it; only once they are done can it be told whether it is used.
    let ids: Vec<i64> = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
        "select n.id from order_names n where {unused} order by n.id for update"
    )))
    .fetch_all(&mut *db)
    .await?;
    sqlx::query(sqlx::AssertSqlSafe(format!("delete from order_names n where n.id = any($1) and {unused}")))
        .bind(ids)
        .execute(db)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{is_name, spelled};

    #[test]
    fn numbers_are_found_however_they_are_typed() {
        for (typed, borne) in [
            ("CMD20261128000404", "CMD-20261128-000404"),
            (" #cmd20261128000404", "CMD-20261128-000404"),
            ("#000404", "000404"),
            ("CMD-20261128-000404", "CMD-20261128-000404"),
            ("cmd2026", "cmd2026"),
            ("#", "#"),
            ("#12 rue Pasteur", "#12 rue Pasteur"),
            ("Cémd", "Cémd"),
        ] {
            assert_eq!(spelled(typed.to_owned()), borne);
        }
    }

    #[test]
    fn what_can_be_part_of_a_number_is_no_name() {
        for name in ["dupont", "Marie du", "l'abbé", "b", "a 12e"] {
            assert!(is_name(name), "{name}");
        }
        for other in
            ["", "  ", "cmd", "CMD-2026", "000123", "dupont 12", "Dupont d", "06 39 98 01 02", "(06) 39", "é", "２"]
        {
            assert!(!is_name(other), "{other}");
        }
    }
}
