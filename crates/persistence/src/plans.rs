//! How SQLite carries out the statements whose cost must not grow with the data: along an index, in
//! its order, without sorting and without reading a whole table.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, QueryResult, SqlxSqliteConnector, Statement, Value};
use uuid::Uuid;

use crate::batch::{Batch, Columns};
use crate::sql::Sql;

/// What a statement makes itself, and so may read from end to end.
const OWN: [&str; 4] = ["SCAN given", "SCAN below", "SCAN up", "SCAN CONSTANT ROW"];

async fn migrated() -> DatabaseConnection {
    let pool = sea_orm::sqlx::SqlitePool::connect("sqlite::memory:").await.unwrap();
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
        step.contains("TEMP B-TREE") || (step.starts_with("SCAN") && !OWN.iter().any(|own| step.starts_with(own)))
    };
    assert!(!steps.iter().any(is_bad), "{text}\n{steps:#?}");
}

/// Fails if a statement sorts, or reads a table from end to end.
pub(crate) async fn assert_indexed(sql: Sql) {
    assert_along_indexes(sql.into_statement(DbBackend::Sqlite)).await;
}

/// As `assert_indexed`, for a statement over a batch in an organization.
pub(crate) async fn assert_batch_indexed(columns: Columns, text: &str) {
    let row = vec![Value::from(0); columns.len()];
    let statements = Batch::of(columns, row).statements(DbBackend::Sqlite, &[Uuid::nil().into()], text);
    for statement in statements {
        assert_along_indexes(statement).await;
    }
}
