use varco_domain::{Membership, MembershipKind, OrganizationId, UserId};

use super::UserError;
use crate::storage::Page;
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

/// Lists the memberships of a user: all of them for its home organization and for operators, else
/// the one in the organization that asks.
pub async fn list_memberships(
    env: &Environment,
    caller: &Caller,
    command: &ListMemberships,
) -> Result<Page<Membership>, UserError> {
    let organization = command.organization;
    let mut work = env.store.begin_read().await?;
    work.organizations().find(organization).await?.ok_or(UserError::OrganizationNotFound)?;
    let member = work.users().find(organization, command.user).await?.ok_or(UserError::UserNotFound)?;
    let is_operator = caller.organization().is_none();
    if is_operator || member.membership.kind == MembershipKind::Internal {
        return Ok(work.users().list_memberships(command.user, command.after, command.limit).await?);
    }
    Ok(Page { items: vec![member.membership], has_more: false })
}
