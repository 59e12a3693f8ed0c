//! Who holds which roles where.

mod alter;
mod bulk;
mod clear;
mod list_assignments;
mod place;
mod revoke_role;

pub use alter::{Alteration, alter_assignment};
pub use bulk::{BulkAction, BulkAssign, BulkReport, CellOutcome, CellRefusal, MAX_CELLS, OnRefused, bulk_assign};
pub use list_assignments::{ListAssignments, list_assignments};
pub use place::Place;

pub(crate) use clear::{clear_subject, clear_units};
pub(crate) use revoke_role::revoke_role_everywhere;

use varco_domain::AssignmentRefused;

use crate::RequestIdReused;
use crate::access::AccessError;
use crate::storage::StorageError;

/// Why something about assignments did not happen.
#[derive(Debug, thiserror::Error)]
pub enum AssignmentError {
    /// No such organization.
    #[error("no such organization")]
    OrganizationNotFound,
    /// No such user or service account in the organization.
    #[error("no such user or service account")]
    SubjectNotFound,
    /// No such unit in the organization.
    #[error("no such unit")]
    UnitNotFound,
    /// No such role in the organization.
    #[error("no such role")]
    RoleNotFound,
    /// The rules of inheritance forbid it.
    #[error(transparent)]
    Refused(#[from] AssignmentRefused),
    /// A cell of a bulk call was refused.
    #[error("a cell was refused")]
    CellRefused(CellRefusal),
    /// Of a different request.
    #[error(transparent)]
    RequestIdReused(#[from] RequestIdReused),
    /// The index cannot answer.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
