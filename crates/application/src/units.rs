//! The unit tree of an organization.

mod create_unit;
mod delete_unit;
mod list_units;
mod move_unit;
mod update_unit;

pub use create_unit::{CreateUnit, create_unit};
pub use delete_unit::{DeleteUnit, delete_unit};
pub use list_units::{ListUnits, UnitPage, find_unit, list_units};
pub use move_unit::{MoveUnit, move_unit};
pub use update_unit::{UpdateUnit, update_unit};

use crate::RequestIdReused;
use crate::storage::{StorageError, UniqueKey};

/// Why something about units did not happen.
#[derive(Debug, thiserror::Error)]
pub enum UnitError {
    /// No such organization.
    #[error("no such organization")]
    OrganizationNotFound,
    /// No such unit in the organization.
    #[error("no such unit")]
    UnitNotFound,
    /// A sibling has that name.
    #[error("a unit beside it has that name")]
    NameTaken,
    /// Below itself.
    #[error("a unit cannot be moved below itself")]
    Cycle,
    /// The root.
    #[error("the root unit cannot be deleted")]
    Root,
    /// Over `MAX_UNIT_DEPTH`.
    #[error("the tree would be deeper than 32 levels")]
    TooDeep,
    /// Children or assignments, and no force.
    #[error("the unit has children or assignments")]
    InUse,
    /// The etag has passed.
    #[error("the unit changed since it was read")]
    Stale,
    /// Of a different request.
    #[error(transparent)]
    RequestIdReused(#[from] RequestIdReused),
    /// Storage failed.
    #[error(transparent)]
    Storage(StorageError),
}

impl From<StorageError> for UnitError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Duplicate(UniqueKey::UnitName) => Self::NameTaken,
            StorageError::Stale => Self::Stale,
            other => Self::Storage(other),
        }
    }
}
