//! The storage ports over sea-orm, for SQLite and PostgreSQL.
//!
//! One unit of work is one database transaction, and it implements every repository, each in a file
//! of its own. Both databases run the same statements; where they differ, the difference is in one
//! place: how a store opens in `store/`, how many rows travel at once in `batch.rs`, what an error
//! means in `classify.rs` and `constraint.rs`, how a deletion passes by what others hold in
//! `forget.rs`. This crate knows no gRPC and decides nothing.
//!
//! To add a table: a new migration in `migrations/` (released ones are never edited), its queries in
//! the repository it belongs to, and its unique keys, if callers hear of them, in `constraint.rs`.

mod assignments;
mod batch;
mod catalogs;
mod classify;
mod codec;
mod constraint;
mod credentials;
mod existing;
mod forget;
mod log;
mod mails;
mod migrations;
mod organizations;
mod permissions;
mod place;
#[cfg(test)]
mod plans;
mod roles;
mod search;
mod service_accounts;
mod sessions;
mod sign_ins;
mod signing_keys;
mod sql;
mod sso;
mod store;
mod total;
mod units;
mod users;
mod work;

pub use store::{OpenError, PostgresOptions, SeaStore};
