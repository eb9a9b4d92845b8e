//! Lists: how one is asked for (page or cursor, sort, filters), and the one way all of them are read.

mod asked;
mod count;
mod whole;

use serde::Serialize;
use sqlx::postgres::PgRow;
use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder, Row};

use super::keyset::Cursor;
pub use super::narrowing::{
    bounds, check_period, is_phone, like_escaped, push_bounds, push_period, push_words, push_words_or_phone,
    read_period,
};
use super::page::COUNT_CAP;
use super::resource::Resource;
use super::{Fields, Page};
use asked::Asked;
use count::count;
pub use whole::rows;

use crate::auth::context::Ctx;
use crate::error::{AppError, AppResult};
use crate::server::readers::Lease;

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
    /// Whether a row keeps its value for ever, so that its place in the list stays the same.
    pub fixed: bool,
}

impl SortColumn {
    /// A column that is never null.
    pub const fn new(name: &'static str, sql: &'static str, cast: &'static str) -> Self {
        Self { name, sql, cast, nullable: false, fixed: false }
    }

    /// The same, for what is written with the row and never changed.
    pub const fn fixed(self) -> Self {
        Self { fixed: true, ..self }
    }

    /// The same, for what not every row has.
    pub const fn nullable(self) -> Self {
        Self { nullable: true, ..self }
    }
}

/// What a list of a resource may be narrowed and sorted by.
pub trait Filter: Serialize + Sized + Send + Sync {
    /// What is listed.
    type Of: Resource;
    /// What it may be sorted by; the first is the default.
    const SORTS: &'static [SortColumn];
    /// Whether the default is downwards.
    const DESCENDING: bool = false;
    /// `from …` for counting, when fewer joins than the resource's will do.
    const COUNT_FROM: &'static str = <Self::Of as Resource>::FROM;

    /// Takes the filters out of the parameters.
    fn read(f: &mut Fields) -> Self;

    /// Narrows: ` and …` for each filter that is set.
    fn push(&self, sql: &mut QueryBuilder<Postgres>);

    /// Asks the database for what narrowing needs to know of it, before it narrows.
    fn settle(&mut self, _db: &mut PgConnection) -> impl Future<Output = AppResult<()>> + Send {
        async { Ok(()) }
    }

    /// Whether some values leave a handful of rows and others nearly all. One plan for all of them is a bad one for
    /// some, so such a list is planned for its own values each time (a millisecond, and a round trip).
    fn is_uneven(&self) -> bool {
        false
    }

    /// A quicker way to have a row for each living one that matches (`select 1 from …`), where there is one.
    fn push_counted(&self, _sql: &mut QueryBuilder<Postgres>, _ctx: &Ctx) -> bool {
        false
    }
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
    pub fn read(f: &mut Fields, columns: &'static [SortColumn], default_descending: bool) -> Self {
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
        Self { place, per_page, sort, descending }
    }

    /// What a cursor is bound to, besides the filters.
    fn signature(&self, filters: &str) -> String {
        format!("{}{}|{filters}", if self.descending { "-" } else { "" }, self.sort.name)
    }

    /// The cursor, if there is one: of this sort and these filters, with a value of the column's type.
    fn cursor(&self, filters: &str) -> AppResult<Option<Cursor>> {
        let Place::After(text) = &self.place else { return Ok(None) };
        let cursor = Cursor::decode(text, &self.signature(filters))?;
        if let Some(value) = &cursor.v {
            check_value(value, self.sort.cast)?;
        }
        Ok(Some(cursor))
    }

    /// ` and` the rows after the cursor.
    fn push_after(&self, sql: &mut QueryBuilder<Postgres>, id: &str, filters: &str) -> AppResult<()> {
        let Some(cursor) = self.cursor(filters)? else { return Ok(()) };
        let SortColumn { sql: expr, cast, .. } = self.sort;
        let cmp = if self.descending { "<" } else { ">" };
        match &cursor.v {
            Some(value) => {
                // Rows without a value come after all of these: see `Asked::valueless`.
                sql.push(format!(" and ({expr}, {id}) {cmp} (("));
                sql.push_bind(value.clone()).push(format!(")::text::{cast}, "));
                sql.push_bind(cursor.id).push(")");
            }
            None => {
                sql.push(format!(" and {expr} is null and {id} {cmp} ")).push_bind(cursor.id);
            }
        }
        Ok(())
    }

    /// Whether the rows without a value may still be to come after a cursor whose row had one.
    fn may_end_valueless(&self, filters: &str) -> bool {
        let had_one = |cursor: Option<Cursor>| cursor.is_some_and(|cursor| cursor.v.is_some());
        self.sort.nullable && self.cursor(filters).is_ok_and(had_one)
    }

    fn push_order(&self, sql: &mut QueryBuilder<Postgres>, id: &str) {
        let dir = if self.descending { "desc" } else { "asc" };
        let nulls = if self.sort.nullable && self.descending { " nulls last" } else { "" };
        sql.push(format!(" order by {} {dir}{nulls}, {id} {dir}", self.sort.sql));
    }

    /// Cuts the one row too many off, and makes the cursor of the last one kept.
    fn cut<R>(&self, rows: &mut Vec<Keyed<R>>, filters: &str) -> Option<String> {
        let more = rows.len() as i64 > self.per_page;
        rows.truncate(usize::try_from(self.per_page).unwrap_or(usize::MAX));
        let last = rows.last().filter(|_| more)?;
        Some(Cursor::new(&self.signature(filters), last.sort_key.clone(), last.key).encode())
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

/// A row with what a cursor needs to know of it.
struct Keyed<R> {
    row: R,
    sort_key: Option<String>,
    key: i64,
}

impl<'r, R: FromRow<'r, PgRow>> FromRow<'r, PgRow> for Keyed<R> {
    fn from_row(row: &'r PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self { row: R::from_row(row)?, sort_key: row.try_get("list_sort_key")?, key: row.try_get("list_key")? })
    }
}

/// A page of a list.
pub async fn page<F: Filter>(ctx: &Ctx, query: Vec<(String, String)>) -> AppResult<Page<F::Of>> {
    page_on::<F>(None, ctx, query).await
}

/// The same, on a connection that is at hand, if there is one: rows and count need one alone.
pub async fn page_on<F: Filter>(
    lease: Option<Lease>,
    ctx: &Ctx,
    query: Vec<(String, String)>,
) -> AppResult<Page<F::Of>> {
    let mut asked = Asked::<F>::read(ctx, query)?;
    let per_page = asked.listing.per_page;
    let mut lease = match lease {
        Some(lease) => lease,
        None => ctx.reads.lease().await?,
    };
    lease
        .read(async |db| {
            asked.filter.settle(&mut *db).await?;
            let skipped = match asked.listing.place {
                Place::Page(page) => (page - 1) * per_page,
                Place::After(_) => 0,
            };
            // One more than asked tells whether there is a next page.
            let sql = asked.part(ctx, per_page + 1, skipped)?;
            let mut rows = asked.fetch(&mut *db, sql).await?;
            let missing = per_page + 1 - rows.len() as i64;
            if missing > 0 && asked.listing.may_end_valueless(&asked.signature) {
                let mut sql = asked.valueless(ctx);
                sql.push(" limit ").push_bind(missing);
                rows.extend(asked.fetch(&mut *db, sql).await?);
            }
            let next = asked.listing.cut(&mut rows, &asked.signature);
            let shown = rows.len() as i64;
            let items = rows.into_iter().map(|keyed| F::Of::build(keyed.row, ctx)).collect::<AppResult<Vec<_>>>()?;
            match asked.listing.place {
                Place::After(_) => Ok(Page::after_cursor(items, per_page, next)),
                // A last page that is not empty has told how many there are.
                Place::Page(page) if next.is_none() && (shown > 0 || page == 1) => {
                    Ok(Page::counted(items, skipped + shown, page, per_page, next))
                }
                Place::Page(page) => {
                    let counted = count(db, ctx, &asked.filter, asked.deleted).await?;
                    Ok(Page::counted(items, counted, page, per_page, next))
                }
            }
        })
        .await
}

/// The first rows alone, uncounted: for what is proposed while one types.
pub async fn first<F: Filter>(ctx: &Ctx, query: Vec<(String, String)>, rows: i64) -> AppResult<Vec<F::Of>> {
    let mut asked = Asked::<F>::read(ctx, query)?;
    let found = ctx
        .reads
        .read(async |db| {
            asked.filter.settle(&mut *db).await?;
            let sql = asked.part(ctx, rows, 0)?;
            asked.fetch(db, sql).await
        })
        .await?;
    found.into_iter().map(|keyed| F::Of::build(keyed.row, ctx)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_holds_a_value_of_its_column() {
        assert!(check_value("2026-11-22T10:00:00.000123+00:00", "timestamptz").is_ok());
        assert!(check_value("12", "bigint").is_ok() && check_value("2026-02-28", "date").is_ok());
        for (value, cast) in [("x", "bigint"), ("hier", "timestamptz"), ("2026-02-30", "date"), ("a\0", "text")] {
            assert!(check_value(value, cast).is_err(), "{value}");
        }
    }
}
