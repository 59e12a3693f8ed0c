use async_trait::async_trait;
use uuid::Uuid;
use varco_decision::Fact;
use varco_domain::{Event, OrganizationId, Revision, SubjectId, Timestamp};

use super::{Page, StorageError};

/// Which events to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// Only of this organization; `None` for all.
    pub organization: Option<OrganizationId>,
    /// Only at or after this instant.
    pub from: Option<Timestamp>,
    /// Only before this instant.
    pub until: Option<Timestamp>,
    /// Only by this user or service account.
    pub actor: Option<SubjectId>,
    /// Only by those who acted for this organization; `None` for all.
    pub actor_organization: Option<OrganizationId>,
    /// Only about the thing with this identifier as written.
    pub subject: Option<String>,
    /// Only of these types (`role.created`); empty for all.
    pub types: Vec<String>,
}

/// The place of an event in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventKey {
    /// Its revision.
    pub revision: Revision,
    /// Its place there.
    pub ordinal: u32,
}

/// The stored answer to a call that carried a request id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Who called.
    pub caller: SubjectId,
    /// The id it chose.
    pub request_id: Uuid,
    /// Of the whole request, so that another request cannot pass for this one.
    pub digest: [u8; 32],
    /// The answer, encoded by whoever encodes answers.
    pub answer: Vec<u8>,
    /// When.
    pub created_at: Timestamp,
}

/// The log of events, the facts that follow from it, and the receipts of calls.
#[async_trait]
pub trait LogRepository: Send {
    /// The revision of the last change.
    async fn head(&mut self) -> Result<Revision, StorageError>;

    /// Takes the head of the log until the end of the unit of work, steps it, and stores the events
    /// under the new revision, which it writes into them, numbered in order. Taken last, so that
    /// the order of commits is the order of revisions.
    async fn append(&mut self, events: &mut [Event]) -> Result<Revision, StorageError>;

    /// Events after a place, in order.
    async fn after(&mut self, key: EventKey, limit: usize) -> Result<Vec<Event>, StorageError>;

    /// Events that match, newest first.
    async fn search(
        &mut self,
        filter: &EventFilter,
        before: Option<EventKey>,
        limit: usize,
    ) -> Result<Page<Event>, StorageError>;

    /// Gives every fact that decisions rest on, as of the unit of work's snapshot, and the head there.
    /// Units come parents first, and entries after units, roles and members.
    async fn facts(&mut self, sink: &mut (dyn FnMut(Fact) + Send)) -> Result<Revision, StorageError>;

    /// The stored answer for a caller's request id, if it is not older than `not_before`.
    async fn find_receipt(
        &mut self,
        caller: SubjectId,
        request_id: Uuid,
        not_before: Timestamp,
    ) -> Result<Option<Receipt>, StorageError>;

    /// Stores an answer, in place of one older than `not_before`, and forgets the caller's others
    /// that are. Fails if there is one that is not.
    async fn insert_receipt(&mut self, receipt: &Receipt, not_before: Timestamp) -> Result<(), StorageError>;

    /// Deletes answers older than `not_before`, whoever called.
    async fn forget_receipts(&mut self, not_before: Timestamp) -> Result<(), StorageError>;
}
