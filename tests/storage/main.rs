//! The contract of storage: what every repository promises, on both databases alike.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod assignments;
mod bulk;
mod catalogs;
mod credentials;
mod facts;
mod log;
mod mails;
mod organizations;
mod receipts;
mod roles;
mod schema;
mod search;
mod service_accounts;
mod sessions;
mod sign_ins;
mod signing_keys;
mod sso;
mod texts;
mod throttles;
mod transactions;
mod units;
mod users;
mod world;
