use varco_domain::{Member, OrganizationId, UserId};

use super::UserError;
use crate::Environment;
use crate::storage::{MemberQuery, Page};

/// Users to list.
#[derive(Clone, Debug)]
pub struct ListUsers {
    /// The organization.
    pub organization: OrganizationId,
    /// Which, in which order, and from where.
    pub query: MemberQuery,
    /// Whether to count all that match.
    pub with_total: bool,
}

/// One page of users.
#[derive(Clone, Debug)]
pub struct UserPage {
    /// The page.
    pub page: Page<Member>,
    /// How many match in all, if asked for.
    pub total: Option<u64>,
}

/// Gives one user.
pub async fn find_user(env: &Environment, organization: OrganizationId, id: UserId) -> Result<Member, UserError> {
    let mut work = env.store.begin_read().await?;
    work.organizations().find(organization).await?.ok_or(UserError::OrganizationNotFound)?;
    let member = work.users().find(organization, id).await?;
    member.filter(|it| it.membership.counts_at(env.clock.now())).ok_or(UserError::UserNotFound)
}

/// Lists users, those alone whose memberships count.
pub async fn list_users(env: &Environment, command: &ListUsers) -> Result<UserPage, UserError> {
    let organization = command.organization;
    let mut work = env.store.begin_read().await?;
    work.organizations().find(organization).await?.ok_or(UserError::OrganizationNotFound)?;
    let mut query = command.query.clone();
    query.filter.counts_at = Some(env.clock.now());
    let page = work.users().list(organization, &query).await?;
    let total = if command.with_total { Some(work.users().count(organization, &query.filter).await?) } else { None };
    Ok(UserPage { page, total })
}
