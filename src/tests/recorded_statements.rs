//! What `.sqlx` says of each statement is what the schema of today says: the macros believe it without asking.

use std::collections::HashSet;

use serde_json::Value;
use sqlx::{AssertSqlSafe, Column, Executor, PgPool, Row, SqlSafeStr, Statement, TypeInfo};

use super::database::database;

/// Columns of the schema that are never null, as `table.column`.
async fn never_null(pool: &PgPool) -> HashSet<String> {
    sqlx::query(
        "select table_name || '.' || column_name from information_schema.columns
         where table_schema = 'public' and is_nullable = 'NO'",
    )
    .fetch_all(pool)
    .await
    .expect("the schema")
    .iter()
    .map(|row| row.get(0))
    .collect()
}

#[tokio::test]
async fn recorded_statements_fit_the_schema() {
    let pool = database().await;
    let never_null = never_null(&pool).await;
    let mut count = 0;
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.sqlx")).expect(".sqlx") {
        let text = std::fs::read_to_string(entry.expect("entry").path()).expect("text");
        let recorded: Value = serde_json::from_str(&text).expect("json");
        let sql = recorded["query"].as_str().expect("query").to_owned();
        let statement = pool
            .prepare(AssertSqlSafe(sql.clone()).into_sql_str())
            .await
            .unwrap_or_else(|error| panic!("the schema refuses a statement ({error}): run `make prepare`\n{sql}"));
        let columns = recorded["describe"]["columns"].as_array().expect("columns");
        assert_eq!(columns.len(), statement.columns().len(), "run `make prepare`\n{sql}");
        for (index, (then, now)) in columns.iter().zip(statement.columns()).enumerate() {
            assert_eq!(then["name"], now.name(), "run `make prepare`\n{sql}");
            // Arrays and types of extensions are recorded as objects; the plain ones by name.
            if let Some(name) = then["type_info"].as_str() {
                let today = now.type_info().name().to_lowercase();
                // An array is `int8array` on record and `int8[]` today.
                let then = name.to_lowercase();
                let then = then.strip_suffix("array").map_or(then.clone(), |of| format!("{of}[]"));
                assert_eq!(then, today, "run `make prepare`\n{sql}");
            }
            let origin = &then["origin"]["Table"];
            if let (Some(table), Some(column)) = (origin["table"].as_str(), origin["name"].as_str())
                && recorded["describe"]["nullable"][index] == false
            {
                assert!(
                    never_null.contains(&format!("{table}.{column}")),
                    "{table}.{column}: run `make prepare`\n{sql}"
                );
            }
        }
        count += 1;
    }
    assert!(count > 10, "only {count} statements are recorded");
}
