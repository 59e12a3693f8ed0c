use sea_orm::FromQueryResult;
use uuid::Uuid;
use varco_application::storage::StorageError;
use varco_domain::{
    Actor, Event, EventKind, OrganizationId, Record, Revision, ServiceAccountId, SubjectId, Timestamp, UserId,
};

use crate::codec::{read_record, read_subjects};
use crate::place::Place;

macro_rules! event_columns {
    () => {
        "e.revision, e.ordinal, e.occurred_at, e.organization_id, e.kind, e.subjects, e.actor_kind, e.actor_id, \
         e.actor_organization_id, e.address, e.request_id, e.before_record, e.after_record"
    };
}

/// Reads events, by the name `e`.
pub(super) const SELECT: &str = concat!("SELECT ", event_columns!(), " FROM events e");

/// Reads the events that name a thing, by the name `e`.
pub(super) const SELECT_BY_SUBJECT: &str = concat!(
    "SELECT ",
    event_columns!(),
    " FROM event_subjects s JOIN events e ON e.revision = s.revision AND e.ordinal = s.ordinal",
);

#[derive(FromQueryResult)]
pub(super) struct HeadRow {
    revision: i64,
}

impl HeadRow {
    /// Reads the head, which is always there.
    pub(super) fn read(row: Option<Self>) -> Result<Revision, StorageError> {
        let revision = row.and_then(|row| u64::try_from(row.revision).ok());
        Place::new("log_head", 1).read("revision", revision).map(Revision::new)
    }
}

#[derive(FromQueryResult)]
pub(super) struct EventRow {
    revision: i64,
    ordinal: i64,
    occurred_at: i64,
    organization_id: Option<Uuid>,
    kind: String,
    subjects: String,
    actor_kind: String,
    actor_id: Option<Uuid>,
    actor_organization_id: Option<Uuid>,
    address: Option<String>,
    request_id: String,
    before_record: Option<String>,
    after_record: Option<String>,
}

impl TryFrom<EventRow> for Event {
    type Error = StorageError;

    fn try_from(row: EventRow) -> Result<Self, StorageError> {
        let at = Place::new("events", format!("{}.{}", row.revision, row.ordinal));
        let record = |column, text: Option<String>| -> Result<Option<Record>, StorageError> {
            text.map(|text| at.read(column, read_record(&text))).transpose()
        };
        let actor_organization = row.actor_organization_id.map(OrganizationId::from_uuid);
        Ok(Self {
            revision: at.parsed("revision", row.revision.try_into()).map(Revision::new)?,
            ordinal: at.parsed("ordinal", row.ordinal.try_into())?,
            occurred_at: Timestamp::from_micros(row.occurred_at),
            organization: row.organization_id.map(OrganizationId::from_uuid),
            kind: at.read("kind", EventKind::parse(&row.kind))?,
            subjects: at.read("subjects", read_subjects(&row.subjects))?,
            actor: at.read("actor_kind", read_actor(&row.actor_kind, row.actor_id, actor_organization))?,
            address: row.address,
            request_id: row.request_id,
            before: record("before_record", row.before_record)?,
            after: record("after_record", row.after_record)?,
        })
    }
}

fn read_actor(kind: &str, id: Option<Uuid>, organization: Option<OrganizationId>) -> Option<Actor> {
    let id = match kind {
        "system" => return Some(Actor::System),
        "user" => SubjectId::User(UserId::from_uuid(id?)),
        "service_account" => SubjectId::ServiceAccount(ServiceAccountId::from_uuid(id?)),
        _ => return None,
    };
    Some(Actor::Subject { id, organization })
}
