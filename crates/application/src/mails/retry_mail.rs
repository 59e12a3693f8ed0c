use varco_domain::{EventKind, Mail, MailId};

use super::MailError;
use super::enqueue::record;
use crate::storage::StorageError;
use crate::write::{Change, Write};
use crate::{Caller, Environment, Mode, Written};

/// A mail to queue again.
#[derive(Clone, Debug)]
pub struct RetryMail {
    /// The mail.
    pub mail: MailId,
    /// Whether it happens.
    pub mode: Mode,
}

/// Queues a mail again that was given up, as long as it is kept what it says.
pub async fn retry_mail(env: &Environment, caller: &Caller, command: &RetryMail) -> Result<Written<Mail>, MailError> {
    let mut write = Write::begin(env, caller).await?;
    let before = write.work().mails().find(command.mail).await?.ok_or(MailError::MailNotFound)?;
    let mut mail = before.clone();
    mail.retry(write.now())?;
    if !write.work().mails().replace(&before, &mail).await? {
        return Err(StorageError::Contention.into());
    }
    record(&mut write, EventKind::MailRetried, &mail, Change::updated(&before, &mail));
    write.wake_sender();
    let revision = write.finish(command.mode).await?;
    Ok(Written { value: mail, revision })
}
