use varco_domain::{OrganizationId, UserId};

use super::ReportError;
use crate::Environment;
use crate::storage::{Page, SecurityIssue};

/// Security issues to list.
#[derive(Clone, Copy, Debug)]
pub struct ListSecurityIssues {
    /// Of whose members.
    pub organization: OrganizationId,
    /// The last member seen.
    pub after: Option<UserId>,
    /// How many at most.
    pub limit: usize,
}

/// Lists the members of an organization that cannot sign in as they are, the oldest account first.
pub async fn list_security_issues(
    env: &Environment,
    command: &ListSecurityIssues,
) -> Result<Page<SecurityIssue>, ReportError> {
    let ListSecurityIssues { organization, after, limit } = *command;
    let mut work = env.store.begin_read().await?;
    work.organizations().find(organization).await?.ok_or(ReportError::OrganizationNotFound)?;
    Ok(work.sign_ins().list_issues(organization, after, env.clock.now(), limit).await?)
}
