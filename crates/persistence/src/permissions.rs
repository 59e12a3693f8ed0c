//! Keys of permissions in batches and rows.

use sea_orm::FromQueryResult;
use varco_application::storage::StorageError;
use varco_domain::PermissionKey;

use crate::batch::{Columns, Kind};
use crate::place::Place;

/// A batch of keys.
pub(crate) const PERMISSIONS: Columns = &[("permission", Kind::Text)];

#[derive(FromQueryResult)]
pub(crate) struct PermissionRow {
    permission: String,
}

/// Reads keys, sorted, each once.
pub(crate) fn read_permissions(
    table: &'static str,
    rows: Vec<PermissionRow>,
) -> Result<Vec<PermissionKey>, StorageError> {
    let read = |row: PermissionRow| {
        Place::new(table, &row.permission).read("permission", PermissionKey::parse(&row.permission))
    };
    let mut keys = rows.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
    keys.sort_unstable();
    keys.dedup();
    Ok(keys)
}

/// Reads keys that the database put in one text; they have no spaces.
pub(crate) fn split_permissions<C: FromIterator<PermissionKey>>(keys: Option<&str>) -> Option<C> {
    keys.unwrap_or_default().split_whitespace().map(PermissionKey::parse).collect()
}
