use varco_domain::{Mail, MailId, OrganizationId, UserId};

use super::UserError;
use crate::Environment;
use crate::storage::{MailQuery, Page};

/// Mails to a user to list.
#[derive(Clone, Debug)]
pub struct ListSentMails {
    /// The organization, which sees no mail in the name of another.
    pub organization: OrganizationId,
    /// The user.
    pub user: UserId,
    /// The last one seen.
    pub after: Option<MailId>,
    /// How many at most.
    pub limit: usize,
}

/// Lists the mails to a user, newest first, without what they say.
pub async fn list_sent_mails(env: &Environment, command: &ListSentMails) -> Result<Page<Mail>, UserError> {
    let ListSentMails { organization, user, after, limit } = *command;
    let mut work = env.store.begin_read().await?;
    work.organizations().find(organization).await?.ok_or(UserError::OrganizationNotFound)?;
    work.users().find(organization, user).await?.ok_or(UserError::UserNotFound)?;
    let query = MailQuery { organization: Some(organization), user: Some(user), status: None, after, limit };
    Ok(work.mails().list(&query).await?)
}
