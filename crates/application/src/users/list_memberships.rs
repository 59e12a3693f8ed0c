use varco_domain::{MembershipKind, OrganizationId, UserId};

use super::UserError;
use crate::storage::{NamedMembership, Page};
use crate::{Caller, Environment};

/// Memberships to list.
#[derive(Clone, Debug)]
pub struct ListMemberships {
    /// The organization that asks.
    pub organization: OrganizationId,
    /// The user.
    pub user: UserId,
    /// The last one seen.
    pub after: Option<OrganizationId>,
    /// How many at most.
    pub limit: usize,
}

/// Lists the memberships of a user with the names of the organizations: all of them for its home organization and for operators, else
/// the one in the organization that asks.
pub async fn list_memberships(
    env: &Environment,
    caller: &Caller,
    command: &ListMemberships,
) -> Result<Page<NamedMembership>, UserError> {
    let organization = command.organization;
    let mut work = env.store.begin_read().await?;
    let here = work.organizations().find(organization).await?.ok_or(UserError::OrganizationNotFound)?;
    let now = env.clock.now();
    let member = work.users().find(organization, command.user).await?;
    let member = member.filter(|it| it.membership.counts_at(now)).ok_or(UserError::UserNotFound)?;
    let is_operator = caller.organization().is_none();
    if is_operator || member.membership.kind == MembershipKind::Internal {
        return Ok(work.users().list_named_memberships(command.user, now, command.after, command.limit).await?);
    }
    let membership = NamedMembership { membership: member.membership, organization_name: here.name };
    Ok(Page { items: vec![membership], has_more: false })
}
