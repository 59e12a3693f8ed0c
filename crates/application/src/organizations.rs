//! Tenants.

mod create_organization;
mod delete_organization;
mod list_organizations;
mod update_organization;

pub use create_organization::{CreateOrganization, create_organization};
pub use delete_organization::{DeleteOrganization, delete_organization};
pub use list_organizations::{ListOrganizations, find_organization, list_organizations};
pub use update_organization::{OrganizationChange, UpdateOrganization, update_organization};

use crate::RequestIdReused;
use crate::storage::{StorageError, UniqueKey};

/// Why something about organizations did not happen.
#[derive(Debug, thiserror::Error)]
pub enum OrganizationError {
    /// No such organization.
    #[error("no such organization")]
    OrganizationNotFound,
    /// No such parent organization.
    #[error("no such parent organization")]
    ParentNotFound,
    /// Another organization has that name.
    #[error("an organization has that name")]
    NameTaken,
    /// Others have it as their parent.
    #[error("the organization has child organizations")]
    HasChildren,
    /// The etag has passed.
    #[error("the organization changed since it was read")]
    Stale,
    /// Of a different request.
    #[error(transparent)]
    RequestIdReused(#[from] RequestIdReused),
    /// Storage failed.
    #[error(transparent)]
    Storage(StorageError),
}

impl From<StorageError> for OrganizationError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Duplicate(UniqueKey::OrganizationName) => Self::NameTaken,
            StorageError::Stale => Self::Stale,
            other => Self::Storage(other),
        }
    }
}
