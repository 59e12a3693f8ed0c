//! Words in which the migrations describe tables, so that each is spelled alike.

use sea_orm::sea_query::{
    Check, ColumnDef, Expr, ExprTrait, ForeignKey, ForeignKeyAction, ForeignKeyCreateStatement, Index,
    IndexCreateStatement, Table, TableCreateStatement,
};
use sea_orm::{ConnectionTrait, DbBackend, DbErr};
use sea_orm_migration::SchemaManager;

/// Describes one table. Every constraint is named after the table and its columns.
pub(super) struct TableOf {
    name: &'static str,
    backend: DbBackend,
    statement: TableCreateStatement,
}

impl TableOf {
    pub(super) fn new(manager: &SchemaManager<'_>, name: &'static str) -> Self {
        let mut statement = Table::create();
        statement.table(name);
        Self { name, backend: manager.get_database_backend(), statement }
    }

    /// SQLite keeps the rows in the primary key itself, which suits small rows that are read by it.
    pub(super) fn kept_by_key(mut self) -> Self {
        if self.backend == DbBackend::Sqlite {
            self.statement.extra("WITHOUT ROWID");
        }
        self
    }

    pub(super) fn uuid(self, column: &'static str) -> Self {
        self.column(ColumnDef::new(column).uuid().not_null())
    }

    pub(super) fn maybe_uuid(self, column: &'static str) -> Self {
        self.column(ColumnDef::new(column).uuid().null())
    }

    pub(super) fn text(self, column: &'static str) -> Self {
        let mut definition = self.text_column(column);
        self.column(definition.not_null())
    }

    pub(super) fn maybe_text(self, column: &'static str) -> Self {
        let mut definition = self.text_column(column);
        self.column(definition.null())
    }

    /// Texts are ordered by their bytes on both databases.
    fn text_column(&self, column: &'static str) -> ColumnDef {
        let mut definition = ColumnDef::new(column);
        definition.text();
        if self.backend == DbBackend::Postgres {
            definition.extra(r#"COLLATE "C""#);
        }
        definition
    }

    /// A text that is one of a few.
    pub(super) fn one_of(self, column: &'static str, values: &[&'static str]) -> Self {
        self.only(column, values).text(column)
    }

    /// As `one_of`, or nothing.
    pub(super) fn maybe_one_of(self, column: &'static str, values: &[&'static str]) -> Self {
        self.only(column, values).maybe_text(column)
    }

    fn only(mut self, column: &'static str, values: &[&'static str]) -> Self {
        let name = format!("{}_{column}_check", self.name);
        self.statement.check(Check::named(name, Expr::col(column).is_in(values.iter().copied())));
        self
    }

    pub(super) fn number(self, column: &'static str) -> Self {
        self.column(ColumnDef::new(column).big_integer().not_null())
    }

    pub(super) fn maybe_number(self, column: &'static str) -> Self {
        self.column(ColumnDef::new(column).big_integer().null())
    }

    /// A number that only locks touch.
    pub(super) fn lock_counter(self) -> Self {
        self.column(ColumnDef::new("lock_count").big_integer().not_null().default(0))
    }

    pub(super) fn flag(self, column: &'static str) -> Self {
        self.column(ColumnDef::new(column).boolean().not_null())
    }

    pub(super) fn bytes(self, column: &'static str) -> Self {
        self.column(ColumnDef::new(column).binary().not_null())
    }

    pub(super) fn maybe_bytes(self, column: &'static str) -> Self {
        self.column(ColumnDef::new(column).binary().null())
    }

    fn column(mut self, definition: &mut ColumnDef) -> Self {
        self.statement.col(definition.take());
        self
    }

    pub(super) fn check(mut self, name: &'static str, condition: Expr) -> Self {
        self.statement.check(Check::named(name, condition));
        self
    }

    pub(super) fn primary_key(mut self, columns: &[&'static str]) -> Self {
        let mut key = index_over(columns);
        self.statement.primary_key(key.name(format!("{}_pkey", self.name)));
        self
    }

    pub(super) fn unique(mut self, columns: &[&'static str]) -> Self {
        let mut key = index_over(columns);
        self.statement.index(key.unique().name(format!("{}_{}_key", self.name, columns.join("_"))));
        self
    }

    /// The row must exist that these columns name.
    pub(super) fn references(
        mut self,
        columns: &[&'static str],
        table: &'static str,
        referenced: &[&'static str],
    ) -> Self {
        self.statement.foreign_key(&mut foreign_key(self.name, columns, table, referenced));
        self
    }

    /// This row goes with the row that these columns name.
    pub(super) fn belongs_to(
        mut self,
        columns: &[&'static str],
        table: &'static str,
        referenced: &[&'static str],
    ) -> Self {
        let mut key = foreign_key(self.name, columns, table, referenced);
        self.statement.foreign_key(key.on_delete(ForeignKeyAction::Cascade));
        self
    }

    pub(super) async fn create(self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        manager.get_connection().execute(&self.statement).await.map(drop)
    }
}

fn index_over(columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    for column in columns {
        index.col(*column);
    }
    index
}

fn foreign_key(
    name: &'static str,
    columns: &[&'static str],
    table: &'static str,
    referenced: &[&'static str],
) -> ForeignKeyCreateStatement {
    let mut key = ForeignKey::create();
    key.name(format!("{name}_{}_fkey", columns.join("_"))).from_tbl(name).to_tbl(table);
    for (column, referenced) in columns.iter().zip(referenced) {
        key.from_col(*column).to_col(*referenced);
    }
    key
}

/// Adds an index, which is named after its table and columns.
pub(super) async fn create_index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    let mut index = index_over(columns);
    index.table(table).name(format!("{table}_{}_idx", columns.join("_")));
    manager.create_index(index).await
}
