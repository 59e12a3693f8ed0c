//! What the service does: one use case a function, and the ports it needs.
//!
//! A use case takes the `Environment`, the `Caller` and a command; begins at most one unit of work;
//! lets `domain` decide; stores; and commits rows and events together through `Write`. This crate
//! knows no sea-orm, tonic, prost, argon2 or lettre.
//!
//! To add a use case: a file in the folder of its aggregate with its command and its function, and
//! a cause in the aggregate's error enum for everything a caller could act on.

pub mod access;
pub mod assignments;
pub mod authentication;
pub mod catalogs;
pub mod credentials;
pub mod events;
pub mod keys;
pub mod licenses;
pub mod mails;
pub mod organizations;
pub mod reports;
pub mod retention;
pub mod roles;
pub mod service_accounts;
pub mod sessions;
pub mod sign_in;
pub mod sso;
pub mod storage;
pub mod units;
pub mod users;

mod caller;
mod environment;
mod feed;
mod ports;
mod retry;
mod tokens;
mod write;

pub use caller::{Caller, Identity, Principal, Scope};
pub use environment::{Environment, Tasks};
pub use feed::{Commit, Feed, MAX_WATCHES, follow};
pub use keys::KeyRing;
pub use ports::{
    AccessTokens, Agent, Claims, Clock, Entropy, HasherBusy, KeyUnusable, Mailer, OutgoingMail, PasswordHash,
    PasswordHasher, PasswordRules, PlainSecret, SealedKey, Sealer, SecretDigest, Secrets, TokenRefused, UserAgents,
    Vault, Verified,
};
pub use ports::{SsoAnswer, SsoChallenge, SsoClient, SsoFailure};
pub use tokens::TokenCache;
pub use varco_decision as decision;
pub use write::{EncodeAnswer, Mode, Once, Outcome, RequestIdReused, Written};
