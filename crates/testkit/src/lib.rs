//! The harness of the tests: servers, databases, actors; never shipped.
//!
//! A test takes a [`TestServer`] (the real wiring, in the test's process) or a [`ServerProcess`] (the
//! real binary) from [`on_every_database!`], calls as an [`Actor`], and looks at what came of it.

#![expect(clippy::missing_panics_doc, reason = "a harness that cannot do its part fails the test")]

pub mod databases;

mod actors;
mod clock;
mod entropy;
mod process;
mod refusal;
mod server;

pub use actors::{Actor, Bearer, OrganizationActor, WithToken};
pub use clock::FrozenClock;
pub use entropy::SeededEntropy;
pub use process::{ServerProcess, binary};
pub use refusal::{status_text, violations};
pub use server::{Credential, TestServer};
