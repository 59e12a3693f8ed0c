use async_trait::async_trait;
use varco_domain::{Mail, MailId, MailStatus, OrganizationId, Timestamp, UserId};

use super::{Page, StorageError};

/// One page of mails.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailQuery {
    /// Only those in the name of this organization; `None` for an operator, who sees all.
    pub organization: Option<OrganizationId>,
    /// Only those to this user.
    pub user: Option<UserId>,
    /// Only those that are so far.
    pub status: Option<MailStatus>,
    /// The last one seen.
    pub after: Option<MailId>,
    /// How many at most.
    pub limit: usize,
}

/// Mails: those that wait, and what is kept of those that were sent. They go with their user and
/// with their organization.
#[async_trait]
pub trait MailRepository: Send {
    /// Stores a new one with its content, sealed.
    async fn insert(&mut self, mail: &Mail, content: &[u8]) -> Result<(), StorageError>;

    /// Gives one, whoever sent it: for operators.
    async fn find(&mut self, id: MailId) -> Result<Option<Mail>, StorageError>;

    /// Gives the content of one that was not sent yet.
    async fn content(&mut self, id: MailId) -> Result<Option<Vec<u8>>, StorageError>;

    /// Lists, newest first.
    async fn list(&mut self, query: &MailQuery) -> Result<Page<Mail>, StorageError>;

    /// Gives queued mails whose time has come, in the order in which they became due.
    async fn due(&mut self, now: Timestamp, limit: usize) -> Result<Vec<Mail>, StorageError>;

    /// Stores a mail if it still is as it was seen, and says whether it was. The content of one that
    /// was sent is wiped.
    async fn replace(&mut self, seen: &Mail, mail: &Mail) -> Result<bool, StorageError>;

    /// Wipes the content of those that were given up and were queued first until an instant.
    async fn wipe_dead(&mut self, until: Timestamp) -> Result<(), StorageError>;

    /// Deletes those that were sent or given up and were queued first until an instant.
    async fn forget_old(&mut self, until: Timestamp) -> Result<(), StorageError>;
}
