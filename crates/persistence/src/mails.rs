//! Mails: the queue and the history.

mod row;

use async_trait::async_trait;
use varco_application::storage::{MailQuery, MailRepository, Page, StorageError};
use varco_domain::{Mail, MailFault, MailId, MailStatus, Timestamp};

use crate::sql::{Sql, count, sql};
use crate::work::SeaUnitOfWork;
use row::{ContentRow, MailRow};

const SELECT: &str = "SELECT id, organization_id, user_id, recipient, language, kind, status, attempts, \
    next_attempt_at, created_at, sent_at, last_fault FROM mails";

const WIPE: &str = "UPDATE mails SET content = $2 WHERE status = 'dead' AND created_at <= $1 AND content <> $2";
const FORGET: &str = "DELETE FROM mails WHERE status IN ('sent', 'dead') AND created_at <= $1";

#[async_trait]
impl MailRepository for SeaUnitOfWork {
    async fn insert(&mut self, mail: &Mail, content: &[u8]) -> Result<(), StorageError> {
        let insert =
            sql("INSERT INTO mails (id, organization_id, user_id, recipient, language, kind, status, attempts, \
             next_attempt_at, created_at, sent_at, last_fault, content) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)")
            .with(mail.id.as_uuid())
            .with(mail.organization.as_uuid())
            .with(mail.user.as_uuid())
            .with(mail.recipient.as_str())
            .with(mail.language.as_str())
            .with(mail.kind.as_str())
            .with(mail.status.as_str())
            .with(i64::from(mail.attempts))
            .with(mail.next_attempt_at.as_micros())
            .with(mail.created_at.as_micros())
            .with(mail.sent_at.map(Timestamp::as_micros))
            .with(mail.last_fault.map(MailFault::as_str))
            .with(content.to_vec());
        self.execute(insert).await.map(drop)
    }

    async fn find(&mut self, id: MailId) -> Result<Option<Mail>, StorageError> {
        let mut find = sql(SELECT);
        find.push(" WHERE id = ").bind(id.as_uuid());
        Ok(self.read_mails(find).await?.pop())
    }

    async fn content(&mut self, id: MailId) -> Result<Option<Vec<u8>>, StorageError> {
        let find = sql("SELECT content FROM mails WHERE id = $1 AND status <> 'sent'").with(id.as_uuid());
        Ok(self.row::<ContentRow>(find).await?.map(|row| row.content))
    }

    async fn list(&mut self, query: &MailQuery) -> Result<Page<Mail>, StorageError> {
        let mut list = sql(SELECT);
        // Identifiers sort by creation, and none is after this one.
        let after = query.after.map_or(uuid::Uuid::max(), |after| after.as_uuid());
        list.push(" WHERE id < ").bind(after);
        if let Some(organization) = query.organization {
            list.push(" AND organization_id = ").bind(organization.as_uuid());
        }
        if let Some(user) = query.user {
            list.push(" AND user_id = ").bind(user.as_uuid());
        }
        if let Some(status) = query.status {
            list.push(" AND status = ").bind(status.as_str());
        }
        list.push(" ORDER BY id DESC").limit(query.limit);
        Ok(Page::of(self.read_mails(list).await?, query.limit))
    }

    async fn due(&mut self, now: Timestamp, limit: usize) -> Result<Vec<Mail>, StorageError> {
        let mut due = sql(SELECT);
        due.push(" WHERE status = 'queued' AND next_attempt_at <= ").bind(now.as_micros());
        due.push(" ORDER BY next_attempt_at, id LIMIT ").bind(count(limit));
        self.read_mails(due).await
    }

    async fn replace(&mut self, seen: &Mail, mail: &Mail) -> Result<bool, StorageError> {
        let update = sql("UPDATE mails SET status = $1, attempts = $2, next_attempt_at = $3, sent_at = $4, \
             last_fault = $5 WHERE id = $6 AND status = $7 AND attempts = $8 AND next_attempt_at = $9")
        .with(mail.status.as_str())
        .with(i64::from(mail.attempts))
        .with(mail.next_attempt_at.as_micros())
        .with(mail.sent_at.map(Timestamp::as_micros))
        .with(mail.last_fault.map(MailFault::as_str))
        .with(mail.id.as_uuid())
        .with(seen.status.as_str())
        .with(i64::from(seen.attempts))
        .with(seen.next_attempt_at.as_micros());
        let is_replaced = self.execute(update).await? > 0;
        if is_replaced && mail.status == MailStatus::Sent {
            let wipe = sql("UPDATE mails SET content = $1 WHERE id = $2");
            self.execute(wipe.with(Vec::<u8>::new()).with(mail.id.as_uuid())).await?;
        }
        Ok(is_replaced)
    }

    async fn wipe_dead(&mut self, until: Timestamp) -> Result<(), StorageError> {
        self.execute(sql(WIPE).with(until.as_micros()).with(Vec::<u8>::new())).await.map(drop)
    }

    async fn forget_old(&mut self, until: Timestamp) -> Result<(), StorageError> {
        self.execute(sql(FORGET).with(until.as_micros())).await.map(drop)
    }
}

impl SeaUnitOfWork {
    async fn read_mails(&self, select: Sql) -> Result<Vec<Mail>, StorageError> {
        self.rows::<MailRow>(select).await?.into_iter().map(MailRow::into_mail).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plans::assert_indexed;

    #[tokio::test]
    async fn old_mails_are_found_along_indexes() {
        assert_indexed(sql(WIPE).with(0_i64).with(Vec::<u8>::new())).await;
        assert_indexed(sql(FORGET).with(0_i64)).await;
    }
}
