//! Indexes and foreign keys cost more to keep, row by row, than to build at the end: a large seed
//! takes them away and puts them back, inside its own transaction.

use sqlx::{AssertSqlSafe, PgConnection};

use super::SeedError;

const TABLES: &str = "array['orders', 'order_items', 'stock_movements', 'history']::regclass[]";

/// What was taken away, as statements of the database's own making.
pub(super) struct Shelved {
    drop: Vec<String>,
    restore: Vec<String>,
}

/// Takes away every foreign key from or to the filled tables, their unique constraints and their indexes.
pub(super) async fn shelve(conn: &mut PgConnection) -> Result<Shelved, SeedError> {
    // Foreign keys hang on the unique constraints of other tables, so they go first and come back last.
    let constraints: Vec<(String, String)> = sqlx::query_as(AssertSqlSafe(format!(
        "select format('alter table %s drop constraint %I', conrelid::regclass, conname),
                format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
         from pg_constraint
         where (contype in ('p', 'u', 'f') and conrelid = any ({TABLES}))
            or (contype = 'f' and confrelid = any ({TABLES}))
         order by contype = 'f' desc, conrelid, conname"
    )))
    .fetch_all(&mut *conn)
    .await?;
    let indexes: Vec<(String, String)> = sqlx::query_as(AssertSqlSafe(format!(
        "select format('drop index %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
         from pg_index i
         where indrelid = any ({TABLES}) and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
         order by indrelid, indexrelid::regclass::text"
    )))
    .fetch_all(&mut *conn)
    .await?;
    let mut shelved = Shelved { drop: Vec::new(), restore: Vec::new() };
    for (drop, restore) in constraints.into_iter().chain(indexes) {
        shelved.drop.push(drop);
        shelved.restore.push(restore);
    }
    for statement in &shelved.drop {
        sqlx::raw_sql(AssertSqlSafe(statement.clone())).execute(&mut *conn).await?;
    }
    // Foreign keys were first to go: from behind, each finds the key that it leans on.
    shelved.restore.reverse();
    Ok(shelved)
}

impl Shelved {
    /// Puts everything back; foreign keys are checked against all rows.
    pub(super) async fn restore(self, conn: &mut PgConnection) -> Result<(), SeedError> {
        for statement in self.restore {
            let started = std::time::Instant::now();
            sqlx::raw_sql(AssertSqlSafe(statement.clone())).execute(&mut *conn).await?;
            tracing::debug!(statement, elapsed = ?started.elapsed(), "restored");
        }
        Ok(())
    }
}
