use async_trait::async_trait;
use varco_domain::{Email, Language, MailFault, MailId, MailKind, OrganizationId, Timestamp};

use crate::mails::MailValues;

/// Writes mails and hands them to a mail server.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Sends one. Done means that the mail server has taken it; after `Mail::LEASE` somebody else
    /// may send it too, so it takes less.
    async fn send(&self, mail: &OutgoingMail) -> Result<(), MailFault>;
}

/// A mail to write and send.
#[derive(Clone, Debug)]
pub struct OutgoingMail {
    /// Names it, at every try alike.
    pub id: MailId,
    /// In whose name it is sent.
    pub organization: OrganizationId,
    /// To whom.
    pub recipient: Email,
    /// In which it is written, if there are words in it.
    pub language: Language,
    /// What it says.
    pub kind: MailKind,
    /// When it was queued.
    pub created_at: Timestamp,
    /// What it says in particular.
    pub values: MailValues,
}
