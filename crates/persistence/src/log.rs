//! The log of events, the facts that follow from it, and the receipts of calls.

mod append;
mod facts;
mod receipts;
mod row;
mod search;

use async_trait::async_trait;
use uuid::Uuid;
use varco_application::decision::Fact;
use varco_application::storage::{EventFilter, EventKey, LogRepository, Page, Receipt, StorageError};
use varco_domain::{Event, Revision, SubjectId, Timestamp};

use crate::sql::{count, sql};
use crate::work::SeaUnitOfWork;
use row::{EventRow, HeadRow, SELECT};

/// Where every commit with events tells of itself on PostgreSQL.
pub(crate) const COMMIT_CHANNEL: &str = "varco_commits";

#[async_trait]
impl LogRepository for SeaUnitOfWork {
    async fn head(&mut self) -> Result<Revision, StorageError> {
        let row = self.row::<HeadRow>(sql("SELECT revision FROM log_head")).await?;
        HeadRow::read(row)
    }

    async fn append(&mut self, events: &mut [Event]) -> Result<Revision, StorageError> {
        self.append_events(events).await
    }

    async fn after(&mut self, key: EventKey, limit: usize) -> Result<Vec<Event>, StorageError> {
        let mut list = sql(SELECT);
        list.push(" WHERE (e.revision, e.ordinal) > (").bind(revision_number(key.revision)).push(", ");
        list.bind(i64::from(key.ordinal)).push(") ORDER BY e.revision, e.ordinal LIMIT ").bind(count(limit));
        self.rows::<EventRow>(list).await?.into_iter().map(Event::try_from).collect()
    }

    async fn search(
        &mut self,
        filter: &EventFilter,
        before: Option<EventKey>,
        limit: usize,
    ) -> Result<Page<Event>, StorageError> {
        let rows = self.rows::<EventRow>(search::events(filter, before, limit)).await?;
        let events = rows.into_iter().map(Event::try_from).collect::<Result<_, _>>()?;
        Ok(Page::of(events, limit))
    }

    async fn facts(&mut self, sink: &mut (dyn FnMut(Fact) + Send)) -> Result<Revision, StorageError> {
        self.read_facts(sink).await
    }

    async fn find_receipt(
        &mut self,
        caller: SubjectId,
        request_id: Uuid,
        not_before: Timestamp,
    ) -> Result<Option<Receipt>, StorageError> {
        self.find_call_receipt(caller, request_id, not_before).await
    }

    async fn insert_receipt(&mut self, receipt: &Receipt, not_before: Timestamp) -> Result<(), StorageError> {
        self.insert_call_receipt(receipt, not_before).await
    }

    async fn forget_receipts(&mut self, not_before: Timestamp) -> Result<(), StorageError> {
        self.execute(receipts::forget(not_before)).await.map(drop)
    }
}

/// A revision as it is stored.
fn revision_number(revision: Revision) -> i64 {
    i64::try_from(revision.get()).unwrap_or(i64::MAX)
}
