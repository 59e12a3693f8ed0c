//! One write: a unit of work, the events that say what it did, and the commit that makes both
//! durable together and known to the index before the caller hears of it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tracing::Instrument;
use uuid::Uuid;
use varco_domain::{
    Actor, Event, EventKind, Organization, OrganizationId, Record, Revision, Subject, SubjectId, Timestamp, User,
    UserId,
};

use crate::storage::{Receipt, StorageError, UnitOfWork};
use crate::{Caller, Environment};

/// How long the answer to a call with a request id is kept.
pub(crate) const RECEIPT_TTL: Duration = Duration::from_hours(24);

/// What a write gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written<T> {
    /// What it made or changed.
    pub value: T,
    /// Of the change; the current one if nothing changed.
    pub revision: Revision,
}

/// What a write that may be repeated gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome<T> {
    /// It was done now.
    Done(Written<T>),
    /// The same call was done before: the answer that it got, as it was encoded then.
    Repeated(Vec<u8>),
}

/// Turns what a write gave into the bytes to answer a repeat with.
pub type EncodeAnswer<'a, T> = &'a (dyn Fn(&Written<T>) -> Vec<u8> + Sync);

/// Makes a repeat of a call answer as the first did.
pub struct Once<'a, T> {
    /// Chosen by the caller.
    pub request_id: Uuid,
    /// Of the whole request.
    pub digest: [u8; 32],
    /// Encodes the answer.
    pub encode: EncodeAnswer<'a, T>,
}

/// The request id was used for another request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the request id was used within 24 hours for a different request")]
pub struct RequestIdReused;

/// Whether a write happens or only says what would happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It happens.
    Execute,
    /// Nothing changes.
    Validate,
}

/// An open write.
pub(crate) struct Write<'a> {
    env: &'a Environment,
    caller: &'a Caller,
    /// As events name who does it.
    actor: Actor,
    work: Box<dyn UnitOfWork>,
    events: Vec<Event>,
    now: Timestamp,
    has_mails: bool,
}

impl<'a> Write<'a> {
    pub(crate) async fn begin(env: &'a Environment, caller: &'a Caller) -> Result<Self, StorageError> {
        let work = env.store.begin().await?;
        Ok(Self {
            env,
            caller,
            actor: caller.actor(),
            work,
            events: Vec::new(),
            now: env.clock.now(),
            has_mails: false,
        })
    }

    /// Names the user who calls without a session, and has proved by a link or a password who it is.
    pub(crate) fn act_as(&mut self, user: &User) {
        self.actor = Actor::Subject { id: SubjectId::User(user.id), organization: Some(user.home) };
    }

    /// Names the user whose session in an organization this write begins.
    pub(crate) fn act_in(&mut self, user: UserId, organization: OrganizationId) {
        self.actor = Actor::Subject { id: SubjectId::User(user), organization: Some(organization) };
    }

    /// The open unit of work.
    pub(crate) fn work(&mut self) -> &mut dyn UnitOfWork {
        self.work.as_mut()
    }

    /// The instant of the change: one for all it does.
    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    /// Wakes whoever sends mails when this write is durable.
    pub(crate) fn wake_sender(&mut self) {
        self.has_mails = true;
    }

    /// Takes the organization's row, which keeps every other write in it out until the commit.
    pub(crate) async fn lock(&mut self, id: OrganizationId) -> Result<Option<Organization>, StorageError> {
        self.work.organizations().lock(id).await
    }

    /// Takes the rows of several organizations and gives those that exist, by id. Always in the order of
    /// their ids, in which nobody waits for somebody who waits for him.
    pub(crate) async fn lock_all(
        &mut self,
        ids: impl IntoIterator<Item = OrganizationId>,
    ) -> Result<Vec<Organization>, StorageError> {
        let ids: BTreeSet<OrganizationId> = ids.into_iter().collect();
        let mut locked = Vec::with_capacity(ids.len());
        for id in ids {
            locked.extend(self.lock(id).await?);
        }
        Ok(locked)
    }

    /// Notes what happened. `subjects` are pairs of kind and identifier.
    pub(crate) fn record(
        &mut self,
        kind: EventKind,
        organization: Option<OrganizationId>,
        subjects: &[(&str, &dyn ToString)],
        change: Change,
    ) {
        let subject = |(kind, id): &(&str, &dyn ToString)| Subject { kind: (*kind).to_owned(), id: id.to_string() };
        self.events.push(Event {
            revision: Revision::ZERO,
            ordinal: 0,
            occurred_at: self.now,
            organization,
            kind,
            subjects: subjects.iter().map(subject).collect(),
            actor: self.actor,
            address: self.caller.address.clone(),
            request_id: self.caller.request_id.clone(),
            before: change.before,
            after: change.after,
        });
    }

    /// Commits, or in `Validate` mode drops, and gives the revision. A write that noted nothing
    /// changed nothing: it is dropped too.
    pub(crate) async fn finish(mut self, mode: Mode) -> Result<Revision, StorageError> {
        if mode == Mode::Validate || self.events.is_empty() {
            return self.work.log().head().await;
        }
        let revision = self.work.log().append(&mut self.events).await?;
        self.commit(revision).await
    }

    /// As `finish` in `Execute` mode, but commits also what no event tells: it is of no concern to
    /// anybody but whoever did it, such as a step of a sign-in.
    pub(crate) async fn finish_always(mut self) -> Result<(), StorageError> {
        if self.events.is_empty() {
            return self.work.commit().await;
        }
        let revision = self.work.log().append(&mut self.events).await?;
        self.commit(revision).await.map(drop)
    }

    /// As `finish`, and keeps the answer for a repeat of the call.
    pub(crate) async fn finish_once<T>(
        mut self,
        mode: Mode,
        value: T,
        once: Option<&Once<'_, T>>,
    ) -> Result<Outcome<T>, StorageError> {
        let receipt = once.zip(self.caller.principal);
        let (Some((once, principal)), Mode::Execute) = (receipt, mode) else {
            let revision = self.finish(mode).await?;
            return Ok(Outcome::Done(Written { value, revision }));
        };
        let revision = if self.events.is_empty() {
            self.work.log().head().await?
        } else {
            self.work.log().append(&mut self.events).await?
        };
        let written = Written { value, revision };
        let receipt = Receipt {
            caller: principal.subject(),
            request_id: once.request_id,
            digest: once.digest,
            answer: (once.encode)(&written),
            created_at: self.now,
        };
        let not_before = self.now.minus(RECEIPT_TTL);
        self.work.log().insert_receipt(&receipt, not_before).await?;
        self.commit(revision).await?;
        Ok(Outcome::Done(written))
    }

    /// The answer that the same call got before, if it was made before.
    pub(crate) async fn repeated<T>(
        &mut self,
        once: Option<&Once<'_, T>>,
    ) -> Result<Result<Option<Vec<u8>>, RequestIdReused>, StorageError> {
        let Some((once, principal)) = once.zip(self.caller.principal) else { return Ok(Ok(None)) };
        let not_before = self.now.minus(RECEIPT_TTL);
        let receipt = self.work.log().find_receipt(principal.subject(), once.request_id, not_before).await?;
        Ok(match receipt {
            None => Ok(None),
            Some(receipt) if receipt.digest == once.digest => Ok(Some(receipt.answer)),
            Some(_) => Err(RequestIdReused),
        })
    }

    async fn commit(self, revision: Revision) -> Result<Revision, StorageError> {
        self.work.commit().instrument(tracing::debug_span!("storage.commit", revision = revision.get())).await?;
        if self.has_mails {
            self.env.outbox.ring();
        }
        if !self.events.is_empty() {
            self.env.feed.offer(revision, Arc::from(self.events));
            // The replica that wrote has applied its own write before it answers the writer.
            // Where the index can no longer follow, checks are refused; the write is done all the same.
            let _ = self.env.feed.reach(revision).await;
        }
        Ok(revision)
    }
}

/// How a thing was and how it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Change {
    before: Option<Record>,
    after: Option<Record>,
}

impl Change {
    pub(crate) fn created(after: impl Into<Record>) -> Self {
        Self { before: None, after: Some(after.into()) }
    }

    pub(crate) fn updated(before: impl Into<Record>, after: impl Into<Record>) -> Self {
        Self { before: Some(before.into()), after: Some(after.into()) }
    }

    pub(crate) fn deleted(before: impl Into<Record>) -> Self {
        Self { before: Some(before.into()), after: None }
    }

    /// From one optional state to another.
    pub(crate) fn between<T: Into<Record>>(before: Option<T>, after: Option<T>) -> Self {
        Self { before: before.map(Into::into), after: after.map(Into::into) }
    }
}
