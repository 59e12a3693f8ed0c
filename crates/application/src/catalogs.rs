//! What applications can be permitted to do, and which organizations use it.
//!
//! A catalog is locked before any organization, and whoever takes a permission out of it locks
//! every subscriber: a role cannot begin to grant what is just going.

mod apply_catalog;
mod list_catalogs;
mod list_permissions;
mod predefined_roles;
mod subscribe;
mod unsubscribe;

pub use apply_catalog::{ApplyCatalog, apply_catalog};
pub use list_catalogs::{find_catalog, list_catalogs};
pub use list_permissions::{ListPermissions, list_permissions};
pub use subscribe::{Subscribe, subscribe};
pub use unsubscribe::{Unsubscribe, unsubscribe};

use varco_domain::PermissionKey;

use crate::storage::{StorageError, UniqueKey};

/// Why something about catalogs did not happen.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// No such organization.
    #[error("no such organization")]
    OrganizationNotFound,
    /// No such catalog.
    #[error("no such catalog")]
    CatalogNotFound,
    /// Other content under the version that is applied, or under an earlier one.
    #[error("the catalog has version {applied} with other content")]
    VersionNotNewer {
        /// The version that is applied.
        applied: u32,
    },
    /// Roles grant what would go.
    #[error("roles grant permissions that would go")]
    PermissionInUse {
        /// All of them, sorted.
        permissions: Vec<PermissionKey>,
    },
    /// The organization uses it.
    #[error("the organization subscribes to the catalog already")]
    AlreadySubscribed,
    /// The organization does not use it.
    #[error("the organization does not subscribe to the catalog")]
    NotSubscribed,
    /// Storage failed.
    #[error(transparent)]
    Storage(StorageError),
}

impl From<StorageError> for CatalogError {
    fn from(error: StorageError) -> Self {
        match error {
            // Somebody else applied the first version just now. The next try finds it.
            StorageError::Duplicate(UniqueKey::CatalogKey) => Self::Storage(StorageError::Contention),
            StorageError::Duplicate(UniqueKey::Subscription) => Self::AlreadySubscribed,
            other => Self::Storage(other),
        }
    }
}
