use varco_domain::{EventKind, MailCategory, Member, Membership, OrganizationId, UserId};

use super::UserError;
use super::lock::lock_member;
use crate::storage::{MemberFilter, MemberOrder, MemberQuery, Page};
use crate::write::{Change, Write};
use crate::{Caller, Environment, Mode, Written};

/// What to change of the mail that a member wants.
#[derive(Clone, Debug)]
pub struct UpdateMailPreferences {
    /// The organization.
    pub organization: OrganizationId,
    /// The member.
    pub user: UserId,
    /// Categories, and whether mail of them is wanted from now on.
    pub changes: Vec<(MailCategory, bool)>,
    /// Whether it happens.
    pub mode: Mode,
}

/// Changes which mail a member wants from an organization and its services.
pub async fn update_mail_preferences(
    env: &Environment,
    caller: &Caller,
    command: &UpdateMailPreferences,
) -> Result<Written<Membership>, UserError> {
    let mut write = Write::begin(env, caller).await?;
    let (organization, Member { membership: before, .. }) =
        lock_member(&mut write, command.organization, command.user).await?;
    let mut membership = before.clone();
    for (category, is_wanted) in &command.changes {
        membership.mail.set(*category, *is_wanted);
    }
    if membership != before {
        write.work().users().update_membership(&membership).await?;
        write.record(
            EventKind::MembershipMailChanged,
            Some(organization.id),
            &[("organization", &organization.id), ("user", &membership.user)],
            Change::updated(&before, &membership),
        );
    }
    let revision = write.finish(command.mode).await?;
    Ok(Written { value: membership, revision })
}

/// Recipients to list.
#[derive(Clone, Debug)]
pub struct ListMailRecipients {
    /// The organization.
    pub organization: OrganizationId,
    /// What the mail is about.
    pub category: MailCategory,
    /// The last one seen.
    pub after: Option<UserId>,
    /// How many at most.
    pub limit: usize,
}

/// Lists who wants mail of a category: users and contacts, but nobody who is suspended.
pub async fn list_mail_recipients(env: &Environment, command: &ListMailRecipients) -> Result<Page<Member>, UserError> {
    let mut work = env.store.begin_read().await?;
    work.organizations().find(command.organization).await?.ok_or(UserError::OrganizationNotFound)?;
    let (mail, counts_at) = (Some(command.category), Some(env.clock.now()));
    let filter = MemberFilter { mail, counts_at, ..MemberFilter::default() };
    let order = MemberOrder::Created { after: command.after };
    let query = MemberQuery { filter, order, limit: command.limit };
    Ok(work.users().list(command.organization, &query).await?)
}
