//! The roles of an organization. A change reaches every holder at its revision.

mod add_permissions;
mod copy_role;
mod create_role;
mod delete_role;
mod list_roles;
mod permissions;
mod remove_permissions;
mod set_permissions;
mod update_role;

pub use add_permissions::{AddPermissions, add_permissions};
pub use copy_role::{CopyRole, copy_role};
pub use create_role::{CreateRole, create_role};
pub use delete_role::{DeleteRole, delete_role};
pub use list_roles::{ListRoles, find_role, list_roles};
pub use remove_permissions::{RemovePermissions, remove_permissions};
pub use set_permissions::{SetPermissions, set_permissions};
pub use update_role::{UpdateRole, update_role};

use varco_domain::{OrganizationId, Role, RoleId};

use crate::RequestIdReused;
use crate::storage::{RoleSummary, StorageError, UniqueKey};
use crate::write::Write;

/// Why something about roles did not happen.
#[derive(Debug, thiserror::Error)]
pub enum RoleError {
    /// No such organization.
    #[error("no such organization")]
    OrganizationNotFound,
    /// No such role in the organization.
    #[error("no such role")]
    RoleNotFound,
    /// Another role has that name.
    #[error("a role of the organization has that name")]
    NameTaken,
    /// Permissions that no catalog of the organization offers.
    #[error("the organization subscribes to no catalog with the permission")]
    UnknownPermissions {
        /// Their places among those that were given.
        places: Vec<usize>,
    },
    /// More than a role may grant.
    #[error("the role would grant too many permissions")]
    TooManyPermissions,
    /// Held, and no force.
    #[error("the role is held")]
    InUse {
        /// By how many subjects.
        holders: u32,
    },
    /// The etag has passed.
    #[error("the role changed since it was read")]
    Stale,
    /// Of a different request.
    #[error(transparent)]
    RequestIdReused(#[from] RequestIdReused),
    /// Storage failed.
    #[error(transparent)]
    Storage(StorageError),
}

impl From<StorageError> for RoleError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Duplicate(UniqueKey::RoleName) => Self::NameTaken,
            StorageError::Stale => Self::Stale,
            other => Self::Storage(other),
        }
    }
}

/// Locks the organization and gives one of its roles.
async fn lock_role(write: &mut Write<'_>, organization: OrganizationId, id: RoleId) -> Result<Role, RoleError> {
    write.lock(organization).await?.ok_or(RoleError::OrganizationNotFound)?;
    write.work().roles().find(organization, id).await?.ok_or(RoleError::RoleNotFound)
}

/// Adds how many hold a role.
async fn summarize(write: &mut Write<'_>, role: Role) -> Result<RoleSummary, StorageError> {
    let holders = write.work().roles().count_holders(role.organization, role.id).await?;
    Ok(RoleSummary { role, holders })
}
