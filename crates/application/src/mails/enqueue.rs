use varco_domain::{EventKind, Label, Mail, MailId, MailStatus, Organization, OrganizationId, User};

use super::MailContent;
use crate::Environment;
use crate::storage::StorageError;
use crate::write::{Change, Write};

/// A mail to queue.
#[derive(Clone, Debug)]
pub(crate) struct NewMail<'a> {
    /// In whose name it is sent.
    pub(crate) organization: OrganizationId,
    /// To whom.
    pub(crate) user: &'a User,
    /// What it says.
    pub(crate) content: MailContent,
}

/// Queues a mail, which goes out after the commit and never without it.
pub(crate) async fn enqueue(
    write: &mut Write<'_>,
    env: &Environment,
    new: &NewMail<'_>,
) -> Result<MailId, StorageError> {
    // Gone since the caller looked: whoever tries again hears of it.
    let organization = write.work().organizations().find(new.organization).await?.ok_or(StorageError::Contention)?;
    let mail = Mail {
        id: env.new_id(),
        organization: new.organization,
        user: new.user.id,
        recipient: new.user.email.clone(),
        language: new.user.profile.language.clone(),
        kind: new.content.kind(),
        status: MailStatus::Queued,
        attempts: 0,
        next_attempt_at: write.now(),
        created_at: write.now(),
        sent_at: None,
        last_fault: None,
    };
    let values = new
        .content
        .values()
        .with("first_name", new.user.profile.first_name.as_str())
        .with("last_name", new.user.profile.last_name.as_str())
        .with("username", new.user.username.as_str())
        .with("organization", display_name(&organization).as_str());
    let sealed = env.vault.seal(&vault_context(mail.id), &values.encode());
    write.work().mails().insert(&mail, &sealed).await?;
    record(write, EventKind::MailQueued, &mail, Change::created(&mail));
    write.wake_sender();
    Ok(mail.id)
}

/// Notes what happened to a mail.
pub(super) fn record(write: &mut Write<'_>, kind: EventKind, mail: &Mail, change: Change) {
    write.record(kind, Some(mail.organization), &[("mail", &mail.id), ("user", &mail.user)], change);
}

/// What the content of a mail is sealed for.
pub(super) fn vault_context(id: MailId) -> Vec<u8> {
    format!("content of {id}").into_bytes()
}

/// By which its users know it.
fn display_name(organization: &Organization) -> &Label {
    organization.app_display_name.as_ref().unwrap_or(&organization.name)
}
