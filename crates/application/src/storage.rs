//! The port to storage: a unit of work and the repositories that live in it.
//!
//! A unit of work is one open transaction. `commit` consumes it; dropping it rolls back. Any error
//! ends it: after one, nothing but dropping is allowed. Lookups give `None` for what is absent and
//! for what belongs to another organization alike: every method takes the organization it works in,
//! but those that look for a person before it is known where.

mod assignments;
mod catalogs;
mod credentials;
mod error;
mod log;
mod mails;
mod organizations;
mod roles;
mod service_accounts;
mod sessions;
mod sign_ins;
mod signing_keys;
mod sso;
mod units;
mod users;

pub use assignments::{AssignmentRepository, EntryChange};
pub use catalogs::CatalogRepository;
pub use credentials::{CredentialRepository, Link, LinkPurpose, StoredPassword, StoredPin};
pub use error::{StorageError, UniqueKey};
pub use log::{EventFilter, EventKey, LogRepository, Receipt};
pub use mails::{MailQuery, MailRepository};
pub use organizations::OrganizationRepository;
pub use roles::{RoleRepository, RoleSummary};
pub use service_accounts::{IssuedToken, SecretHolder, ServiceAccountRepository};
pub use sessions::{EndedSession, LiveSession, SessionRepository, SessionsOf, TokenUse};
pub use sign_ins::{
    Challenge, FailureFilter, Flood, KeptFailures, NamedDoor, OldSignIns, SecurityIssue, SignInAccount, SignInFailure,
    SignInName, SignInRepository, ThrottleKey,
};
pub use signing_keys::{SigningKey, SigningKeyRepository};
pub use sso::{SsoRepository, SsoRequest, StoredSsoProvider};
pub use units::{UnitAncestors, UnitQuery, UnitRepository, UnitScope};
pub use users::{MemberFilter, MemberOrder, MemberQuery, NamedMembership, UserRepository};

use async_trait::async_trait;

/// Opens units of work.
#[async_trait]
pub trait Store: Send + Sync {
    /// Starts a unit of work that may write.
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StorageError>;

    /// Starts a unit of work that sees one snapshot and writes nothing.
    async fn begin_read(&self) -> Result<Box<dyn UnitOfWork>, StorageError>;

    /// Waits until another process may have committed. Where no other process can (SQLite) it waits
    /// for ever. A wake-up may be missed: whoever waits also polls.
    async fn wait_for_commits(&self);
}

/// One open transaction.
#[async_trait]
pub trait UnitOfWork: Send {
    /// Organizations, their seats and subscriptions.
    fn organizations(&mut self) -> &mut dyn OrganizationRepository;
    /// Accounts and memberships.
    fn users(&mut self) -> &mut dyn UserRepository;
    /// Passwords, PINs and mailed links.
    fn credentials(&mut self) -> &mut dyn CredentialRepository;
    /// Sessions and their refresh tokens.
    fn sessions(&mut self) -> &mut dyn SessionRepository;
    /// Sign-ins under way, those that failed, and how often somebody tried.
    fn sign_ins(&mut self) -> &mut dyn SignInRepository;
    /// Units.
    fn units(&mut self) -> &mut dyn UnitRepository;
    /// Roles.
    fn roles(&mut self) -> &mut dyn RoleRepository;
    /// Entries.
    fn assignments(&mut self) -> &mut dyn AssignmentRepository;
    /// Catalogs.
    fn catalogs(&mut self) -> &mut dyn CatalogRepository;
    /// Service accounts, their secrets and tokens.
    fn service_accounts(&mut self) -> &mut dyn ServiceAccountRepository;
    /// The keys that sign access tokens.
    fn signing_keys(&mut self) -> &mut dyn SigningKeyRepository;
    /// Single sign-on.
    fn sso(&mut self) -> &mut dyn SsoRepository;
    /// The log of events and the receipts of calls.
    fn log(&mut self) -> &mut dyn LogRepository;
    /// Mails.
    fn mails(&mut self) -> &mut dyn MailRepository;
    /// Makes everything done in this unit of work durable, together.
    async fn commit(self: Box<Self>) -> Result<(), StorageError>;
}

/// One page of a list read by its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// What was found, in order.
    pub items: Vec<T>,
    /// Whether more follows.
    pub has_more: bool,
}

impl<T> Page<T> {
    /// Makes a page of what was read with a limit of one more than wanted.
    pub fn of(mut items: Vec<T>, limit: usize) -> Self {
        let has_more = items.len() > limit;
        items.truncate(limit);
        Self { items, has_more }
    }

    /// Turns every item into another.
    pub fn map<U>(self, present: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(present).collect(), has_more: self.has_more }
    }
}
