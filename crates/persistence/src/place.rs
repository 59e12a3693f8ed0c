use std::fmt::Display;

use varco_application::storage::StorageError;

/// A row, to say where a value stands that cannot be read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<D> {
    table: &'static str,
    id: D,
}

impl<D: Display> Place<D> {
    pub(crate) const fn new(table: &'static str, id: D) -> Self {
        Self { table, id }
    }

    /// Takes what was read from a column, if it could be.
    pub(crate) fn read<T>(&self, column: &'static str, value: Option<T>) -> Result<T, StorageError> {
        value.ok_or_else(|| StorageError::Corrupt { table: self.table, column, id: self.id.to_string() })
    }

    /// Takes what was parsed from a column, if it could be.
    pub(crate) fn parsed<T, E>(&self, column: &'static str, value: Result<T, E>) -> Result<T, StorageError> {
        self.read(column, value.ok())
    }
}
