use sea_orm::FromQueryResult;
use uuid::Uuid;
use varco_application::storage::StorageError;
use varco_domain::{Email, Language, Mail, MailFault, MailId, MailKind, MailStatus, OrganizationId, Timestamp, UserId};

use crate::place::Place;

#[derive(FromQueryResult)]
pub(super) struct MailRow {
    id: Uuid,
    organization_id: Uuid,
    user_id: Uuid,
    recipient: String,
    language: String,
    kind: String,
    status: String,
    attempts: i64,
    next_attempt_at: i64,
    created_at: i64,
    sent_at: Option<i64>,
    last_fault: Option<String>,
}

#[derive(FromQueryResult)]
pub(super) struct ContentRow {
    pub(super) content: Vec<u8>,
}

impl MailRow {
    pub(super) fn into_mail(self) -> Result<Mail, StorageError> {
        let id = MailId::from_uuid(self.id);
        let at = Place::new("mails", id);
        let last_fault = self.last_fault.map(|fault| at.read("last_fault", MailFault::parse(&fault)));
        Ok(Mail {
            id,
            organization: OrganizationId::from_uuid(self.organization_id),
            user: UserId::from_uuid(self.user_id),
            recipient: at.parsed("recipient", Email::parse(&self.recipient))?,
            language: at.parsed("language", Language::parse(&self.language))?,
            kind: at.read("kind", MailKind::parse(&self.kind))?,
            status: at.read("status", MailStatus::parse(&self.status))?,
            attempts: at.parsed("attempts", u32::try_from(self.attempts))?,
            next_attempt_at: Timestamp::from_micros(self.next_attempt_at),
            created_at: Timestamp::from_micros(self.created_at),
            sent_at: self.sent_at.map(Timestamp::from_micros),
            last_fault: last_fault.transpose()?,
        })
    }
}
