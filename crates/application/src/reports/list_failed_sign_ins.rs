use varco_domain::{OrganizationId, SignInFailureId, UserId};

use super::ReportError;
use crate::Environment;
use crate::storage::{FailureFilter, Page, SignInFailure};

/// Refused sign-ins to list.
#[derive(Clone, Copy, Debug)]
pub struct ListFailedSignIns {
    /// Only of accounts that live there; `None` for all, also of names that no account has.
    pub organization: Option<OrganizationId>,
    /// Only of this account.
    pub user: Option<UserId>,
    /// The last one seen.
    pub before: Option<SignInFailureId>,
    /// How many at most.
    pub limit: usize,
}

/// Lists sign-ins that were refused, the newest first. Those of a guest are its home's to see.
pub async fn list_failed_sign_ins(
    env: &Environment,
    command: &ListFailedSignIns,
) -> Result<Page<SignInFailure>, ReportError> {
    let mut work = env.store.begin_read().await?;
    if let Some(organization) = command.organization {
        work.organizations().find(organization).await?.ok_or(ReportError::OrganizationNotFound)?;
        if let Some(user) = command.user {
            work.users().find(organization, user).await?.ok_or(ReportError::UserNotFound)?;
        }
    }
    let filter = FailureFilter { home: command.organization, user: command.user };
    Ok(work.sign_ins().list_failures(&filter, command.before, command.limit).await?)
}
