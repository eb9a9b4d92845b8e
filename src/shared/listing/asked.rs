//! One list as somebody asked for it, and the statements that read it.

use sqlx::{PgConnection, Postgres, QueryBuilder};

use super::{Filter, Keyed, Listing};
use crate::auth::context::Ctx;
use crate::auth::permission::Permission;
use crate::error::AppResult;
use crate::shared::Fields;
use crate::shared::resource::Resource;

/// Which rows of those that can be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deleted {
    /// The living ones.
    No,
    /// All.
    Too,
    /// The deleted ones.
    Only,
}

impl Deleted {
    fn read<R: Resource>(f: &mut Fields) -> Self {
        let mut asked = |name: &str| R::DELETABLE && f.boolean(name).value().unwrap_or(false);
        match (asked("is_deleted"), asked("include_deleted")) {
            (true, _) => Self::Only,
            (false, true) => Self::Too,
            (false, false) => Self::No,
        }
    }

    /// What holds for these rows.
    pub(super) fn condition<R: Resource>(self) -> String {
        match self {
            Self::No if R::DELETABLE => format!("not {}.is_deleted", R::ALIAS),
            Self::Only => format!("{}.is_deleted", R::ALIAS),
            Self::No | Self::Too => "true".to_owned(),
        }
    }
}

/// A list as it was asked for, checked.
pub(super) struct Asked<F> {
    pub(super) listing: Listing,
    pub(super) filter: F,
    pub(super) deleted: Deleted,
    pub(super) signature: String,
}

impl<F: Filter> Asked<F> {
    /// Reads the parameters, and refuses who may not see what is deleted.
    pub(super) fn read(ctx: &Ctx, query: Vec<(String, String)>) -> AppResult<Self> {
        ctx.require(<F::Of as Resource>::READ)?;
        let mut f = Fields::of_pairs(query);
        let deleted = Deleted::read::<F::Of>(&mut f);
        // The role comes before what else may be wrong.
        if deleted != Deleted::No {
            ctx.require(Permission::Restore)?;
        }
        let listing = Listing::read(&mut f, F::SORTS, F::DESCENDING);
        let filter = F::read(&mut f);
        f.finish()?;
        let signature = format!("{deleted:?}{}", serde_json::to_string(&filter).unwrap_or_default());
        Ok(Self { listing, filter, deleted, signature })
    }

    /// The statement of the whole list, from its place on. Its order is the index's, and what costs
    /// (lines, joins of the answer) is computed for the rows that are kept alone.
    pub(super) fn sql(&self, ctx: &Ctx) -> AppResult<QueryBuilder<Postgres>> {
        let mut sql = self.select(ctx, &self.columns(), self.deleted);
        self.listing.push_after(&mut sql, &id_of::<F::Of>(), &self.signature)?;
        self.listing.push_order(&mut sql, &id_of::<F::Of>());
        Ok(sql)
    }

    /// The statement of so many of its rows, after those that are skipped.
    pub(super) fn part(&self, ctx: &Ctx, rows: i64, skipped: i64) -> AppResult<QueryBuilder<Postgres>> {
        let mut sql = match self.deleted {
            Deleted::Too => self.first_of_both(ctx, rows + skipped)?,
            Deleted::No | Deleted::Only => self.sql(ctx)?,
        };
        sql.push(" limit ").push_bind(rows);
        if skipped > 0 {
            sql.push(" offset ").push_bind(skipped);
        }
        Ok(sql)
    }

    /// The statement of the first living and the first deleted rows, so many of each. No index holds both in one order,
    /// so all of them together would have to be sorted.
    fn first_of_both(&self, ctx: &Ctx, rows: i64) -> AppResult<QueryBuilder<Postgres>> {
        let id = id_of::<F::Of>();
        let mut sql =
            QueryBuilder::new(format!("select {} {} where {id} in ((", self.columns(), <F::Of as Resource>::FROM));
        for (state, end) in [(Deleted::No, ") union all ("), (Deleted::Only, "))")] {
            self.push_select(&mut sql, ctx, &id, state);
            self.listing.push_after(&mut sql, &id, &self.signature)?;
            self.listing.push_order(&mut sql, &id);
            sql.push(" limit ").push_bind(rows).push(end);
        }
        self.listing.push_order(&mut sql, &id);
        Ok(sql)
    }

    /// The statement of the rows that have no value to sort by: the list's end. Apart, because no index walks along
    /// "less than this, or none".
    pub(super) fn valueless(&self, ctx: &Ctx) -> QueryBuilder<Postgres> {
        let mut sql = self.select(ctx, &self.columns(), self.deleted);
        sql.push(format!(" and {} is null", self.listing.sort.sql));
        self.listing.push_order(&mut sql, &id_of::<F::Of>());
        sql
    }

    /// Runs one of these.
    pub(super) async fn fetch(
        &self,
        db: &mut PgConnection,
        mut sql: QueryBuilder<Postgres>,
    ) -> AppResult<Vec<Keyed<<F::Of as Resource>::Row>>> {
        // Another sort than the first walks another index, past what the filter leaves out.
        let even = !self.filter.is_uneven() && self.listing.sort.name == F::SORTS[0].name;
        Ok(sql.build_query_as().persistent(even).fetch_all(db).await?)
    }

    fn columns(&self) -> String {
        format!(
            "{}, to_jsonb({}) #>> '{{}}' as list_sort_key, {}::bigint as list_key",
            <F::Of as Resource>::COLUMNS,
            self.listing.sort.sql,
            id_of::<F::Of>()
        )
    }

    fn select(&self, ctx: &Ctx, columns: &str, state: Deleted) -> QueryBuilder<Postgres> {
        let mut sql = QueryBuilder::default();
        self.push_select(&mut sql, ctx, columns, state);
        sql
    }

    fn push_select(&self, sql: &mut QueryBuilder<Postgres>, ctx: &Ctx, columns: &str, state: Deleted) {
        sql.push(format!("select {columns} {} where {}", <F::Of as Resource>::FROM, state.condition::<F::Of>()));
        F::Of::push_visible(sql, ctx);
        self.filter.push(sql);
    }
}

fn id_of<R: Resource>() -> String {
    format!("{}.{}", R::ALIAS, R::KEY)
}
