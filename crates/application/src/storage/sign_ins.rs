use std::fmt;

use async_trait::async_trait;
use varco_domain::{
    Client, Door, Email, Label, OrganizationId, SessionId, Shown, SignInFailureId, SignInRefusal, Step, Throttle,
    Timestamp, TooEarly, Tries, UserId, UserStatus, Username, fold,
};

use super::{Page, StorageError};
use crate::SecretDigest;

/// By what somebody says who it is.
#[derive(Clone, PartialEq, Eq)]
pub enum SignInName {
    /// The account's username.
    Username(Username),
    /// The account's address.
    Email(Email),
    /// By nothing that an account could have.
    Nobody,
}

impl SignInName {
    /// No name of an account is longer, in bytes as given.
    const MAX_BYTES: usize = Email::MAX_LENGTH * 4;

    /// Reads a name as somebody typed it. One without `@` is a username, one with it an address; what is
    /// neither names nobody.
    pub fn parse(text: &str) -> Self {
        let text = Self::considered(text);
        if let Ok(email) = Email::parse(text) {
            return Self::Email(email);
        }
        Username::parse(text).map_or(Self::Nobody, Self::Username)
    }

    /// The text by which tries at a name are counted, the same for every spelling of it.
    pub(crate) fn folded(text: &str) -> String {
        fold(Self::considered(text))
    }

    /// Of a text that is no name anyway, no more than nothing is looked at.
    fn considered(text: &str) -> &str {
        if text.len() > Self::MAX_BYTES { "" } else { text.trim() }
    }
}

impl fmt::Debug for SignInName {
    /// Without the name: people type passwords into the wrong field.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignInName([redacted])")
    }
}

/// An account as sign-in sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInAccount {
    /// Which.
    pub user: UserId,
    /// Whether it may act.
    pub status: UserStatus,
    /// Where it lives.
    pub home: OrganizationId,
    /// Where it may go: its memberships that count now and have access to something, by organization.
    pub doors: Vec<NamedDoor>,
}

/// An organization that a user may enter, to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedDoor {
    /// Which, and what it asks for.
    pub door: Door,
    /// Of the organization.
    pub name: Label,
}

/// A sign-in that waits for its next step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// Who signs in.
    pub user: UserId,
    /// What is awaited.
    pub step: Step,
    /// What was shown so far, beside the password.
    pub shown: Shown,
    /// The session in whose place another is to begin, and without which it does not; `None` for a
    /// sign-in.
    pub replaced: Option<SessionId>,
    /// From this instant it no longer goes on.
    pub expires_at: Timestamp,
    /// How often the step was tried, with this time.
    pub attempts: u32,
}

/// A sign-in that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInFailure {
    /// Names it.
    pub id: SignInFailureId,
    /// The account; `None` if no account was named.
    pub user: Option<UserId>,
    /// Where the account lives.
    pub home: Option<OrganizationId>,
    /// When.
    pub occurred_at: Timestamp,
    /// Why.
    pub refusal: SignInRefusal,
    /// From what.
    pub client: Client,
}

/// Of what tries are counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ThrottleKey {
    /// One account, from sources that it is not known to use.
    Account(UserId),
    /// A name that no account has, as the digest of its folded form, in the place of the account.
    Nobody(SecretDigest),
    /// One account from one source that signed in to it before.
    Known(UserId, String),
    /// A name as it is typed at one source, whether an account has it or not.
    Name {
        /// The digest of its folded form.
        name: SecretDigest,
        /// Where it is typed.
        source: String,
        /// Whether anybody has signed in from there.
        is_used: bool,
    },
    /// One source, whatever it tries.
    Source(String),
    /// The PIN of one account, whatever sign-in it is given in.
    Pin(UserId),
    /// The password of one account, from within its sessions.
    Session(UserId),
    /// Links mailed to one account to choose a password.
    LinksTo(UserId),
    /// Links to choose a password that one source asks for.
    LinksFrom(String),
}

impl ThrottleKey {
    /// How tries at it are slowed down.
    pub fn throttle(&self) -> Throttle {
        match self {
            Self::Account(_) | Self::Nobody(_) | Self::Pin(_) => Throttle::UnknownSources,
            Self::Known(..) | Self::Session(_) => Throttle::KnownSource,
            Self::Name { is_used: false, .. } => Throttle::NameFromNewSource,
            Self::Name { is_used: true, .. } => Throttle::NameFromUsedSource,
            Self::Source(_) => Throttle::Source,
            Self::LinksTo(_) => Throttle::LinksToAccount,
            Self::LinksFrom(_) => Throttle::LinksFromSource,
        }
    }
}

/// How many refusals are kept, the newest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptFailures {
    /// Of one account.
    pub of_account: u32,
    /// Of nobody, for one organization and for the operators.
    pub of_nobody: u32,
}

impl KeptFailures {
    /// A flood must not fill the database.
    pub const ALWAYS: Self = Self { of_account: 1_000, of_nobody: 10_000 };
}

/// Of whom there are too many refusals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flood {
    /// The account; `None` for names that no account has.
    pub user: Option<UserId>,
    /// Where the account lives, or through whose programs nobody was named.
    pub home: Option<OrganizationId>,
}

/// What of sign-ins is deleted by its age.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OldSignIns {
    /// Those under way, by the instant at which they end.
    Challenges,
    /// Tries, by the instant from which they slow nobody down.
    Tries,
    /// Sources, by the last sign-in.
    Sources,
    /// Refusals, by when they were.
    Failures,
}

/// Which failures to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FailureFilter {
    /// Only of accounts that live there; `None` for all, also of nobody.
    pub home: Option<OrganizationId>,
    /// Only of this account.
    pub user: Option<UserId>,
}

/// A member that cannot sign in as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityIssue {
    /// Who.
    pub user: UserId,
    /// Its username.
    pub username: Username,
    /// Whether the account is not activated, or its PIN is not although it is demanded.
    pub not_active: bool,
    /// Whether the password must be changed before anything else.
    pub blocked: bool,
    /// Whether the account is suspended.
    pub suspended: bool,
}

/// Sign-ins under way, those that failed, and how often somebody tried.
#[async_trait]
pub trait SignInRepository: Send {
    /// Gives an account by its name or address with where it may go now.
    async fn find_account(&mut self, name: &SignInName, now: Timestamp) -> Result<Option<SignInAccount>, StorageError>;

    /// As `find_account` by id.
    async fn account(&mut self, user: UserId, now: Timestamp) -> Result<Option<SignInAccount>, StorageError>;

    /// Counts a try, or says how long it must wait. Nobody else counts for this key until the end of
    /// the unit of work.
    async fn count_try(&mut self, key: &ThrottleKey, now: Timestamp) -> Result<Result<Tries, TooEarly>, StorageError>;

    /// Takes back a try that was counted and turned out to be none.
    async fn give_back_try(&mut self, key: &ThrottleKey) -> Result<(), StorageError>;

    /// Forgets the tries at something.
    async fn forget_tries(&mut self, key: &ThrottleKey) -> Result<(), StorageError>;

    /// Forgets all tries at an account: it was recovered by other means.
    async fn forget_all_tries(&mut self, user: UserId) -> Result<(), StorageError>;

    /// Says whether an account signed in from a source since an instant.
    async fn is_known_source(&mut self, user: UserId, source: &str, since: Timestamp) -> Result<bool, StorageError>;

    /// Says whether any account signed in from a source since an instant.
    async fn is_used_source(&mut self, source: &str, since: Timestamp) -> Result<bool, StorageError>;

    /// Notes that an account signed in from a source.
    async fn note_source(&mut self, user: UserId, source: &str, now: Timestamp) -> Result<(), StorageError>;

    /// Stores a challenge.
    async fn insert_challenge(&mut self, digest: &SecretDigest, challenge: &Challenge) -> Result<(), StorageError>;

    /// Counts a try at a challenge and gives it with the new count, if it still goes on.
    async fn try_challenge(&mut self, digest: &SecretDigest, now: Timestamp)
    -> Result<Option<Challenge>, StorageError>;

    /// Takes back a try at a challenge that turned out to be none.
    async fn give_back_challenge(&mut self, digest: &SecretDigest) -> Result<(), StorageError>;

    /// Deletes a challenge and says whether it was there: of many at once, one is told so.
    async fn take_challenge(&mut self, digest: &SecretDigest, now: Timestamp) -> Result<bool, StorageError>;

    /// Stores a refusal.
    async fn insert_failure(&mut self, failure: &SignInFailure) -> Result<(), StorageError>;

    /// Lists refusals, newest first.
    async fn list_failures(
        &mut self,
        filter: &FailureFilter,
        before: Option<SignInFailureId>,
        limit: usize,
    ) -> Result<Page<SignInFailure>, StorageError>;

    /// Lists the members of an organization that cannot sign in as they are, by id.
    async fn list_issues(
        &mut self,
        organization: OrganizationId,
        after: Option<UserId>,
        now: Timestamp,
        limit: usize,
    ) -> Result<Page<SecurityIssue>, StorageError>;

    /// Deletes so many, at most, of one kind that are older than an instant or said nothing any more at
    /// it, and says how many it deleted. Waits for nobody: what somebody holds is left for later.
    async fn forget_old(&mut self, what: OldSignIns, until: Timestamp, limit: usize) -> Result<usize, StorageError>;

    /// Gives those of whom there are more refusals than are kept.
    async fn floods(&mut self, kept: KeptFailures) -> Result<Vec<Flood>, StorageError>;

    /// Deletes so many, at most, of the refusals beyond the newest that are kept, and says how many it
    /// deleted.
    async fn forget_flood(&mut self, flood: &Flood, kept: KeptFailures, limit: usize) -> Result<usize, StorageError>;
}
