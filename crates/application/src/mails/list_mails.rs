use varco_domain::Mail;

use super::MailError;
use crate::Environment;
use crate::storage::{MailQuery, Page};

/// Mails to list, for an operator.
#[derive(Clone, Debug)]
pub struct ListMails {
    /// Which, and from where.
    pub query: MailQuery,
}

/// Lists mails, newest first.
pub async fn list_mails(env: &Environment, command: &ListMails) -> Result<Page<Mail>, MailError> {
    let mut work = env.store.begin_read().await?;
    if let Some(organization) = command.query.organization {
        work.organizations().find(organization).await?.ok_or(MailError::OrganizationNotFound)?;
    }
    Ok(work.mails().list(&command.query).await?)
}
