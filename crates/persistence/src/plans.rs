//! How SQLite carries out the statements whose cost must not grow with the data: along an index, in
//! its order, without sorting and without reading a whole table.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, QueryResult, SqlxSqliteConnector, Statement, Value};
use uuid::Uuid;

use crate::batch::{Batch, Columns};
use crate::sql::Sql;

/// What a statement makes itself, and so may read from end to end.
const OWN: [&str; 3] = ["SCAN given", "SCAN below", "SCAN up"];

async fn migrated() -> DatabaseConnection {
    let pool =
        sea_orm::sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await.unwrap();
    let connection = SqlxSqliteConnector::from_sqlx_sqlite_pool(pool);
    crate::migrations::migrate(&connection).await.unwrap();
    connection
}

async fn steps(statement: Statement) -> Vec<String> {
    let explained = Statement { sql: format!("EXPLAIN QUERY PLAN {}", statement.sql), ..statement };
    let steps = migrated().await.query_all_raw(explained).await.unwrap();
    let detail = |step: &QueryResult| step.try_get::<String>("", "detail").unwrap();
    steps.iter().map(detail).collect()
}

async fn assert_along_indexes(statement: Statement) {
    let text = statement.sql.clone();
    let steps = steps(statement).await;
    let is_bad = |step: &String| {
        step.contains("TEMP B-TREE")
            || step.ends_with("(organization_id=?)")
            || (step.starts_with("SCAN")
                && !step.contains("CONSTANT ROW")
                && !OWN.iter().any(|own| step.starts_with(own)))
    };
    assert!(!steps.iter().any(is_bad), "{text}\n{steps:#?}");
}

/// Fails if a statement sorts, or reads a table from end to end or all of an organization.
pub(crate) async fn assert_indexed(sql: Sql) {
    assert_along_indexes(sql.into_statement(DbBackend::Sqlite)).await;
}

/// As `assert_indexed`, for a statement over a batch in an organization.
pub(crate) async fn assert_batch_indexed(columns: Columns, text: &str) {
    // Many: what is right for a few rows may be wrong for more.
    let rows = vec![Value::from(0); columns.len() * 2000];
    let statements = Batch::of(columns, rows).statements(DbBackend::Sqlite, &[Uuid::nil().into()], text);
    for statement in statements {
        assert_along_indexes(statement).await;
    }
}
