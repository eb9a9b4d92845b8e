//! Pages of a list.

use serde::{Deserialize, Serialize};

/// Matches are counted exactly up to here, then `total` stays there.
pub const COUNT_CAP: i64 = 10_000;

/// One page of a list. With a cursor neither `total` nor `pages` is known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// How many rows match, exact up to 10 000.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub total: Option<i64>,
    /// Present and true when more than 10 000 rows match.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub total_plafonne: bool,
    /// Which page this is, from 1.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub page: Option<i64>,
    /// Rows a page.
    pub per_page: i64,
    /// How many pages there are, within the counted rows.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub pages: Option<i64>,
    /// What to send as `cursor` for the rows after these; null on the last page.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// A page of a counted list.
    pub fn counted(items: Vec<T>, counted: i64, page: i64, per_page: i64, next_cursor: Option<String>) -> Self {
        let total = counted.min(COUNT_CAP);
        Self {
            items,
            total: Some(total),
            total_plafonne: counted > COUNT_CAP,
            page: Some(page),
            per_page,
            pages: Some((total + per_page - 1) / per_page),
            next_cursor,
        }
    }

    /// A page reached by cursor.
    pub fn after_cursor(items: Vec<T>, per_page: i64, next_cursor: Option<String>) -> Self {
        Self { items, total: None, total_plafonne: false, page: None, per_page, pages: None, next_cursor }
    }

    /// The same page of something else.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(f).collect(),
            total: self.total,
            total_plafonne: self.total_plafonne,
            page: self.page,
            per_page: self.per_page,
            pages: self.pages,
            next_cursor: self.next_cursor,
        }
    }
}
