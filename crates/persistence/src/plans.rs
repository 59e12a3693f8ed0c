//! How SQLite carries out the statements whose cost must not grow with the data: along an index, in
//! its order, without sorting and without reading a whole table.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, QueryResult, SqlxSqliteConnector, Statement, Value};
use uuid::Uuid;

use crate::batch::{Batch, Columns};
use crate::sql::Sql;

/// What a statement makes itself, and so may read from end to end.
const OWN: [&str; 4] = ["SCAN given", "SCAN below", "SCAN up", "SCAN CONSTANT ROW"];

async fn migrated() -> DatabaseConnection {
    let pool = sea_orm::sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await.unwrap();
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

#[tokio::test]
async fn tmp_time() {
    use crate::batch::Kind;
    const P: Columns = &[("subject_id", Kind::Uuid), ("unit_id", Kind::Uuid)];
    const E: Columns = &[("subject_id", Kind::Uuid)];
    const R: Columns = &[("subject_id", Kind::Uuid), ("unit_id", Kind::Uuid), ("role_id", Kind::Uuid)];
    let db = migrated().await;
    db.execute_unprepared("PRAGMA foreign_keys=OFF").await.unwrap();
    let u = Uuid::from_u128(7);
    let run = async |columns: Columns, rows: Vec<Value>, text: &str| {
        let t = std::time::Instant::now();
        for s in Batch::of(columns, rows).statements(DbBackend::Sqlite, &[u.into()], text) { db.execute_raw(s).await.unwrap(); }
        println!("{:?} {text}", t.elapsed());
    };
    db.execute_unprepared("PRAGMA foreign_keys=OFF").await.unwrap();
    for n in [4000u128, 8000, 16000] {
        let e: Vec<Value> = (0..n).map(|i| Uuid::from_u128(i+100000).into()).collect();
        let p: Vec<Value> = (0..n).flat_map(|i| [Uuid::from_u128(i+100000).into(), u.into()]).collect();
        let r: Vec<Value> = (0..n).flat_map(|i| [Uuid::from_u128(i+100000).into(), u.into(), u.into()]).collect();
        println!("{n}");
        run(P, p.clone(), "INSERT INTO entries (organization_id, subject_id, unit_id, subject_kind, propagates, barrier) SELECT $1, subject_id, unit_id, 'user', 1, 1 FROM given").await;
        run(R, r.clone(), "INSERT INTO entry_roles (organization_id, subject_id, unit_id, role_id) SELECT $1, subject_id, unit_id, role_id FROM given").await;
        run(E, e.clone(), "SELECT e.subject_id, e.subject_kind, e.unit_id, e.propagates, e.barrier, r.role_id \
            FROM given JOIN entries e ON e.organization_id = $1 AND e.subject_id = given.subject_id \
            LEFT JOIN entry_roles r ON r.organization_id = e.organization_id \
            AND r.subject_id = e.subject_id AND r.unit_id = e.unit_id").await;
        run(E, vec![u.into()], "SELECT DISTINCT e.subject_id, e.subject_kind FROM given, entry_roles r \
            JOIN entries e ON e.organization_id = r.organization_id \
            AND e.subject_id = r.subject_id AND e.unit_id = r.unit_id \
            WHERE r.organization_id = $1 AND r.role_id = $1").await;
        run(R, r, "DELETE FROM entry_roles WHERE organization_id = $1 AND (subject_id, unit_id, role_id) IN (SELECT subject_id, unit_id, role_id FROM given)").await;
        run(P, p, "DELETE FROM entries WHERE organization_id = $1 AND (subject_id, unit_id) IN (SELECT subject_id, unit_id FROM given)").await;
    }
}
