//! Many rows in one statement.
//!
//! A batch becomes the table `given` of a statement. PostgreSQL gets one array a column, so the text
//! of the statement and its cost to plan do not grow with the rows; SQLite has no arrays and gets
//! `VALUES`, in chunks under its limit of parameters.
//!
//! A statement that reads what a batch asks for says `FROM given CROSS JOIN …`: to PostgreSQL that is
//! any join, and SQLite goes through the batch first, as written, and not through the whole table.

use sea_orm::sea_query::ArrayType;
use sea_orm::{DbBackend, Statement, Value};
use uuid::Uuid;

/// Parameters in one statement of SQLite. It takes 32,766, but what is prepared is also kept.
const MAX_SQLITE_PARAMETERS: usize = 8_000;
/// Rows in one statement of PostgreSQL, so that neither its memory nor its time grow with the batch.
const MAX_POSTGRES_ROWS: usize = 5_000;

/// What a column of a batch holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Uuid,
    /// A UUID, or null.
    MaybeUuid,
    Text,
    /// A text that is not empty, or null.
    MaybeText,
    Number,
    Flag,
}

/// The columns of a batch.
pub(crate) type Columns = &'static [(&'static str, Kind)];

/// Rows for one or more statements.
#[derive(Clone, Debug)]
pub(crate) struct Batch {
    columns: Columns,
    /// Row after row.
    values: Vec<Value>,
}

impl Batch {
    pub(crate) fn new(columns: Columns) -> Self {
        Self { columns, values: Vec::new() }
    }

    /// A batch of one column.
    pub(crate) fn of<T: Into<Value>>(columns: Columns, values: impl IntoIterator<Item = T>) -> Self {
        Self { columns, values: values.into_iter().map(Into::into).collect() }
    }

    /// Adds a row.
    pub(crate) fn push<const N: usize>(&mut self, row: [Value; N]) {
        debug_assert_eq!(N, self.columns.len(), "a row has every column");
        self.values.extend(row);
    }

    /// The statements that take all rows: `fixed` values come first, as `$1` and on, and `text` goes
    /// on from the table `given`.
    pub(crate) fn statements(self, backend: DbBackend, fixed: &[Value], text: &str) -> Vec<Statement> {
        let width = self.columns.len();
        let rows = match backend {
            DbBackend::Sqlite => (MAX_SQLITE_PARAMETERS - fixed.len()) / width,
            _ => MAX_POSTGRES_ROWS,
        };
        let chunks = self.values.chunks(rows * width);
        chunks.map(|chunk| statement(backend, self.columns, fixed, chunk, text)).collect()
    }
}

fn statement(backend: DbBackend, columns: Columns, fixed: &[Value], chunk: &[Value], text: &str) -> Statement {
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let names = names.join(", ");
    let (source, text, values) = if backend == DbBackend::Sqlite {
        (value_rows(columns.len(), chunk.len()), renumbered(text, chunk.len()), [chunk, fixed].concat())
    } else {
        let arrays = arrays(columns, chunk);
        (unnested(columns, fixed.len()), text.to_owned(), fixed.iter().cloned().chain(arrays).collect())
    };
    Statement::from_sql_and_values(backend, format!("WITH RECURSIVE given({names}) AS ({source}) {text}"), values)
}

/// `VALUES (?,?),(?,?)`. Without numbers: SQLite looks through all numbered parameters for each one
/// that is bound.
fn value_rows(width: usize, total: usize) -> String {
    let row = format!("({})", vec!["?"; width].join(","));
    format!("VALUES {}", vec![row.as_str(); total / width].join(","))
}

/// On SQLite the fixed values come after the rows, whose parameters have no numbers.
fn renumbered(text: &str, after: usize) -> String {
    let mut parts = text.split('$');
    let mut renumbered = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = part.split_at(digits);
        let number = number.parse::<usize>().unwrap_or_default();
        renumbered.push('$');
        renumbered.push_str(&(after + number).to_string());
        renumbered.push_str(rest);
    }
    renumbered
}

/// `SELECT c0, NULLIF(c1, '') FROM UNNEST($2::uuid[], $3::text[]) AS unnested(c0, c1)`.
fn unnested(columns: Columns, taken: usize) -> String {
    let each = |show: &dyn Fn(usize, Kind) -> String| {
        let shown: Vec<String> = columns.iter().enumerate().map(|(place, (_, kind))| show(place, *kind)).collect();
        shown.join(", ")
    };
    let selected = each(&|place, kind| match kind {
        Kind::MaybeUuid => format!("NULLIF(c{place}, '{}'::uuid)", Uuid::nil()),
        Kind::MaybeText => format!("NULLIF(c{place}, '')"),
        Kind::Uuid | Kind::Text | Kind::Number | Kind::Flag => format!("c{place}"),
    });
    let arrays = each(&|place, kind| format!("${}::{}[]", taken + place + 1, kind.postgres_type()));
    let names = each(&|place, _| format!("c{place}"));
    format!("SELECT {selected} FROM UNNEST({arrays}) AS unnested({names})")
}

fn arrays(columns: Columns, chunk: &[Value]) -> impl Iterator<Item = Value> {
    columns.iter().enumerate().map(move |(place, (_, kind))| {
        let column = chunk.iter().skip(place).step_by(columns.len());
        Value::Array(kind.array_type(), Some(Box::new(column.map(|value| kind.without_null(value)).collect())))
    })
}

impl Kind {
    fn postgres_type(self) -> &'static str {
        match self {
            Self::Uuid | Self::MaybeUuid => "uuid",
            Self::Text | Self::MaybeText => "text",
            Self::Number => "bigint",
            Self::Flag => "boolean",
        }
    }

    fn array_type(self) -> ArrayType {
        match self {
            Self::Uuid | Self::MaybeUuid => ArrayType::Uuid,
            Self::Text | Self::MaybeText => ArrayType::String,
            Self::Number => ArrayType::BigInt,
            Self::Flag => ArrayType::Bool,
        }
    }

    /// Arrays travel without nulls; what stands for one is turned back in the statement.
    fn without_null(self, value: &Value) -> Value {
        match (self, value) {
            (Self::MaybeUuid, Value::Uuid(None)) => Uuid::nil().into(),
            (Self::MaybeText, Value::String(None)) => "".into(),
            _ => value.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: Columns = &[("id", Kind::Uuid), ("name", Kind::MaybeText)];
    const TEXT: &str = "SELECT $1, $2, id FROM given";

    fn batch(rows: usize) -> Batch {
        let mut batch = Batch::new(COLUMNS);
        for _ in 0..rows {
            batch.push([Uuid::nil().into(), Option::<String>::None.into()]);
        }
        batch
    }

    #[test]
    fn sqlite_gets_rows_before_the_fixed_values() {
        let statements = batch(2).statements(DbBackend::Sqlite, &[1.into(), 2.into()], TEXT);
        assert_eq!(statements.len(), 1);
        let expected = "WITH RECURSIVE given(id, name) AS (VALUES (?,?),(?,?)) SELECT $5, $6, id FROM given";
        assert_eq!(statements[0].sql, expected);
        assert_eq!(statements[0].values.as_ref().map(|values| values.0.len()), Some(6));
    }

    #[test]
    fn postgres_gets_one_array_a_column() {
        let statements = batch(MAX_POSTGRES_ROWS + 1).statements(DbBackend::Postgres, &[1.into(), 2.into()], TEXT);
        assert_eq!(statements.len(), 2);
        let expected = "WITH RECURSIVE given(id, name) AS (SELECT c0, NULLIF(c1, '') \
            FROM UNNEST($3::uuid[], $4::text[]) AS unnested(c0, c1)) SELECT $1, $2, id FROM given";
        assert!(statements.iter().all(|statement| statement.sql == expected), "{}", statements[0].sql);
        assert_eq!(statements[0].values.as_ref().map(|values| values.0.len()), Some(4));
    }

    #[test]
    fn no_rows_need_no_statement() {
        for backend in [DbBackend::Sqlite, DbBackend::Postgres] {
            assert!(batch(0).statements(backend, &[], TEXT).is_empty());
        }
    }
}
