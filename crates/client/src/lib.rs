//! The Rust client of Varco.
//!
//! A [`Client`] proves who calls by itself: it exchanges its [`Credential`] for a token, renews the
//! token before it ends, and asks for a new one when the server no longer takes it. It gives the
//! generated client of every service, and on top of them [`Client::check`] and [`Client::watch`].
//!
//! ```no_run
//! # async fn example() -> Result<(), varco_client::Error> {
//! use varco_client::{CheckQuestion, Client, Credential};
//!
//! let credential = Credential::new("milan-backend", "varco_secret_…");
//! let client = Client::connect("http://127.0.0.1:50051", credential).await?;
//! let answer = client
//!     .check(&CheckQuestion {
//!         organization_id: "org_…".to_owned(),
//!         subject_id: "user_…".to_owned(),
//!         permission: "privacy:register.edit".to_owned(),
//!         unit_id: "unit_…".to_owned(),
//!         at_least: 0,
//!     })
//!     .await?;
//! assert!(answer.allowed);
//! # Ok(())
//! # }
//! ```
//!
//! This crate knows the contract and nothing else of ours. To add a service: its line in
//! `client.rs`.

mod authenticated;
mod check;
mod client;
mod credential;
mod endpoint;
mod error;
mod tokens;
mod watch;

pub use authenticated::Authenticated;
pub use check::{CheckAnswer, CheckQuestion};
pub use client::Client;
pub use credential::Credential;
pub use endpoint::Server;
pub use error::{Error, FieldViolation, Refusal, code_name};
pub use varco_proto::v1;
pub use watch::{Watch, WatchOptions, WatchUpdate};
