use std::collections::BTreeSet;

use sea_orm::{DbBackend, Value};
use varco_application::storage::StorageError;
use varco_domain::{Actor, Event, Revision, SubjectId};

use super::row::HeadRow;
use super::{COMMIT_CHANNEL, revision_number};
use crate::batch::{Batch, Columns, Kind};
use crate::codec::{write_record, write_subjects};
use crate::sql::sql;
use crate::work::SeaUnitOfWork;

/// Events in one batch, so that memory does not grow with the change.
const CHUNK: usize = 10_000;

const EVENTS: Columns = &[
    ("ordinal", Kind::Number),
    ("occurred_at", Kind::Number),
    ("organization_id", Kind::MaybeUuid),
    ("kind", Kind::Text),
    ("subjects", Kind::Text),
    ("actor_kind", Kind::Text),
    ("actor_id", Kind::MaybeUuid),
    ("actor_organization_id", Kind::MaybeUuid),
    ("address", Kind::MaybeText),
    ("request_id", Kind::Text),
    ("before_record", Kind::MaybeText),
    ("after_record", Kind::MaybeText),
];
const SUBJECTS: Columns = &[("subject_id", Kind::Text), ("ordinal", Kind::Number)];

const INSERT_EVENTS: &str = "INSERT INTO events (revision, ordinal, occurred_at, organization_id, kind, subjects, \
    actor_kind, actor_id, actor_organization_id, address, request_id, before_record, after_record) \
    SELECT $1, ordinal, occurred_at, organization_id, kind, subjects, \
    actor_kind, actor_id, actor_organization_id, address, request_id, before_record, after_record FROM given";
const INSERT_SUBJECTS: &str = "INSERT INTO event_subjects (subject_id, revision, ordinal) \
    SELECT subject_id, $1, ordinal FROM given";

impl SeaUnitOfWork {
    pub(super) async fn append_events(&self, events: &mut [Event]) -> Result<Revision, StorageError> {
        let revision = self.step_head().await?;
        for (ordinal, event) in (0..).zip(events.iter_mut()) {
            event.revision = revision;
            event.ordinal = ordinal;
        }
        let fixed = [revision_number(revision).into()];
        for chunk in events.chunks(CHUNK) {
            self.execute_batch(&fixed, event_batch(chunk), INSERT_EVENTS).await?;
            self.execute_batch(&fixed, subject_batch(chunk), INSERT_SUBJECTS).await?;
        }
        Ok(revision)
    }

    /// Takes the head and steps it. On PostgreSQL the same statement has the commit told to every
    /// process that listens; nothing is told if the unit of work is rolled back.
    async fn step_head(&self) -> Result<Revision, StorageError> {
        let step = "UPDATE log_head SET revision = revision + 1 RETURNING revision";
        let text = match self.backend() {
            DbBackend::Postgres => {
                format!("WITH head AS ({step}) SELECT revision, pg_notify('{COMMIT_CHANNEL}', '')::text FROM head")
            }
            _ => step.to_owned(),
        };
        HeadRow::read(self.row(sql(&text)).await?)
    }
}

fn event_batch(events: &[Event]) -> Batch {
    let mut batch = Batch::new(EVENTS);
    for event in events {
        batch.push(event_row(event));
    }
    batch
}

fn event_row(event: &Event) -> [Value; EVENTS.len()] {
    let (actor_kind, actor, actor_organization) = match event.actor {
        Actor::System => ("system", None, None),
        Actor::Subject { id: id @ SubjectId::User(_), organization } => ("user", Some(id.as_uuid()), organization),
        Actor::Subject { id: id @ SubjectId::ServiceAccount(_), organization } => {
            ("service_account", Some(id.as_uuid()), organization)
        }
    };
    [
        i64::from(event.ordinal).into(),
        event.occurred_at.as_micros().into(),
        event.organization.map(|organization| organization.as_uuid()).into(),
        event.kind.as_str().into(),
        write_subjects(&event.subjects).into(),
        actor_kind.into(),
        actor.into(),
        actor_organization.map(|organization| organization.as_uuid()).into(),
        event.address.clone().into(),
        event.request_id.as_str().into(),
        event.before.as_ref().map(write_record).into(),
        event.after.as_ref().map(write_record).into(),
    ]
}

/// Under which things events are found; an event is found once under each.
fn subject_batch(events: &[Event]) -> Batch {
    let mut batch = Batch::new(SUBJECTS);
    for event in events {
        let ids: BTreeSet<&str> = event.subjects.iter().map(|subject| subject.id.as_str()).collect();
        for id in ids {
            batch.push([id.into(), i64::from(event.ordinal).into()]);
        }
    }
    batch
}
