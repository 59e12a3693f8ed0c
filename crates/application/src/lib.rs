//! What the service does: one use case a function, and the ports it needs.
//!
//! A use case takes the `Environment`, the `Caller` and a command; begins at most one unit of work;
//! lets `domain` decide; stores; and commits rows and events together through `Write`. This crate
//! knows no sea-orm, tonic, prost, argon2 or NATS.
//!
//! To add a use case: a file in the folder of its aggregate with its command and its function, and
//! a cause in the aggregate's error enum for everything a caller could act on.

pub mod access;
pub mod assignments;
pub mod authentication;
pub mod catalogs;
pub mod events;
pub mod licenses;
pub mod organizations;
pub mod roles;
pub mod service_accounts;
pub mod storage;
pub mod units;
pub mod users;

mod caller;
mod environment;
mod feed;
mod ports;
mod tokens;
mod write;

pub use caller::{Caller, Identity, Principal, Scope};
pub use environment::{Environment, Tasks};
pub use feed::{Commit, Feed, follow};
pub use ports::{Clock, Entropy, PlainSecret, Sealer, SecretDigest, Secrets};
pub use tokens::TokenCache;
pub use varco_decision as decision;
pub use write::{EncodeAnswer, Mode, Once, Outcome, RequestIdReused, Written};
