//! How a list is asked for: page or cursor, sort; and how the SQL behind it ends.

use sqlx::{Postgres, QueryBuilder};

use super::Fields;
use super::keyset::Cursor;
use super::page::COUNT_CAP;
use crate::error::{AppError, AppResult};

/// A column one may sort by: its name on the wire, its SQL, its type for comparing with a cursor.
#[derive(Debug, Clone, Copy)]
pub struct SortColumn {
    /// `?sort=` name.
    pub name: &'static str,
    /// SQL expression.
    pub sql: &'static str,
    /// SQL type of the expression.
    pub cast: &'static str,
    /// Whether it may be null (nulls come last).
    pub nullable: bool,
}

/// Where in the list.
#[derive(Debug, Clone, PartialEq)]
pub enum Place {
    /// The n-th page, from 1.
    Page(i64),
    /// The rows after a cursor, not decoded yet.
    After(String),
}

/// How a list is asked for.
#[derive(Debug, Clone)]
pub struct Listing {
    /// Where.
    pub place: Place,
    /// Rows a page, 1…100.
    pub per_page: i64,
    /// By what.
    pub sort: SortColumn,
    /// Downwards.
    pub descending: bool,
}

impl Listing {
    /// Takes `page`, `per_page`, `cursor` and `sort` out of the parameters. `columns`: the white list, the default first.
    pub fn read(f: &mut Fields, columns: &'static [SortColumn], default_descending: bool) -> AppResult<Self> {
        let page = f.integer("page", 1, i64::from(i32::MAX)).value();
        let per_page = f.integer("per_page", 1, 100).value().unwrap_or(20);
        let cursor = f.line("cursor", 2_000).value();
        let allowed: Vec<_> = columns.iter().map(|c| c.name).collect();
        let read = |text: &str| {
            let (name, descending) = text.strip_prefix('-').map_or((text, false), |name| (name, true));
            columns.iter().find(|c| c.name == name).map(|c| (*c, descending))
        };
        let chosen = f.choice("sort", read, &format!("{}, avec - pour l'ordre inverse", allowed.join(", "))).value();
        let (sort, descending) = chosen.unwrap_or((columns[0], default_descending));
        let place = match (page, cursor) {
            (Some(_), Some(_)) => {
                f.refuse("cursor", "incompatible", "page et cursor ne vont pas ensemble.");
                Place::Page(1)
            }
            (_, Some(cursor)) => Place::After(cursor),
            (page, None) => Place::Page(page.unwrap_or(1)),
        };
        if let Place::Page(page) = place
            && (page - 1) * per_page >= COUNT_CAP
        {
            f.refuse("page", "trop_loin", "Au-delà de 10 000 lignes, utilisez le curseur (use the cursor).");
        }
        Ok(Self { place, per_page, sort, descending })
    }

    /// What a cursor is bound to, besides the filters.
    pub fn signature(&self, filters: &str) -> String {
        format!("{}{}|{filters}", if self.descending { "-" } else { "" }, self.sort.name)
    }

    /// Ends a statement: `and` the rows after the cursor, order, limit (one more row than asked, to know
    /// whether there is a next page). `id`: SQL of the id column.
    pub fn finish(&self, sql: &mut QueryBuilder<Postgres>, id: &str, filters: &str) -> AppResult<()> {
        let SortColumn { sql: expr, cast, nullable, .. } = self.sort;
        let (cmp, dir) = if self.descending { ("<", "desc") } else { (">", "asc") };
        if let Place::After(text) = &self.place {
            let cursor = Cursor::decode(text, &self.signature(filters))?;
            match &cursor.v {
                Some(value) => {
                    check_value(value, cast)?;
                    sql.push(format!(" and (({expr}, {id}) {cmp} (("));
                    sql.push_bind(value.clone()).push(format!(")::text::{cast}, "));
                    sql.push_bind(cursor.id).push(")");
                    sql.push(if nullable { format!(" or {expr} is null)") } else { ")".to_owned() });
                }
                None => {
                    sql.push(format!(" and {expr} is null and {id} {cmp} ")).push_bind(cursor.id);
                }
            }
        }
        let nulls = match (nullable, self.descending) {
            (true, true) => " nulls last",
            _ => "",
        };
        sql.push(format!(" order by {expr} {dir}{nulls}, {id} {dir} limit ")).push_bind(self.per_page + 1);
        if let Place::Page(page) = self.place {
            sql.push(" offset ").push_bind((page - 1) * self.per_page);
        }
        Ok(())
    }

    /// Cuts the one row too many off, and makes the cursor of the last one kept.
    pub fn cut<T>(
        &self,
        rows: &mut Vec<T>,
        filters: &str,
        key: impl Fn(&T) -> (Option<String>, i64),
    ) -> Option<String> {
        let more = rows.len() as i64 > self.per_page;
        rows.truncate(self.per_page as usize);
        let last = rows.last().filter(|_| more)?;
        let (value, id) = key(last);
        Some(Cursor::new(&self.signature(filters), value, id).encode())
    }
}

/// A cursor is opaque, not trusted: what it holds must be of the column's type.
fn check_value(value: &str, cast: &str) -> AppResult<()> {
    let sound = match cast {
        "bigint" => value.parse::<i64>().is_ok(),
        "timestamptz" => value.parse::<chrono::DateTime<chrono::Utc>>().is_ok(),
        "date" => super::Day::parse(value).is_some(),
        _ => !value.contains('\0'),
    };
    if sound { Ok(()) } else { Err(AppError::field("cursor", "curseur_invalide", "Ce curseur n'est pas lisible.")) }
}
