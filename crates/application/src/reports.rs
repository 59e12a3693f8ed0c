//! What administrators look through: sign-ins that failed, accounts that cannot sign in.

mod list_failed_sign_ins;
mod list_security_issues;

pub use list_failed_sign_ins::{ListFailedSignIns, list_failed_sign_ins};
pub use list_security_issues::{ListSecurityIssues, list_security_issues};

use crate::storage::StorageError;

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// No such organization.
    #[error("no such organization")]
    OrganizationNotFound,
    /// No such user in the organization.
    #[error("no such user")]
    UserNotFound,
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
