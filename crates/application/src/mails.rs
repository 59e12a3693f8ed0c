//! Mails to users: queued in the unit of work of the change that they tell of, sent after it.

mod content;
mod deliver;
mod enqueue;
mod list_mails;
mod outbox;
mod retry_mail;

pub use content::{MailContent, MailValues};
pub use deliver::{deliver_due, send_mails};
pub(crate) use enqueue::{NewMail, enqueue};
pub use list_mails::{ListMails, list_mails};
pub use outbox::Outbox;
pub use retry_mail::{RetryMail, retry_mail};

use varco_domain::NotRetried;

use crate::storage::StorageError;

/// Why something about mails did not happen.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// No such organization.
    #[error("no such organization")]
    OrganizationNotFound,
    /// No such mail.
    #[error("no such mail")]
    MailNotFound,
    /// It was not given up, or too long ago.
    #[error(transparent)]
    NotRetried(#[from] NotRetried),
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
