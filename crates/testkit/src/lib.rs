//! The harness of the tests: servers, databases, actors; never shipped.
//!
//! A test takes a [`TestServer`] (the real wiring, in the test's process) or a [`ServerProcess`] (the
//! real binary) from [`on_every_database!`], calls as an [`Actor`], and looks at what came of it.

#![expect(clippy::missing_panics_doc, reason = "a harness that cannot do its part fails the test")]

pub mod databases;

mod actors;
mod clock;
mod entropy;
mod faults;
mod mails;
mod process;
mod refusal;
mod server;
mod smtp;
mod sso;

pub use actors::{Actor, Bearer, OrganizationActor, PASSWORD, UserActor, WithToken};
pub use clock::FrozenClock;
pub use entropy::SeededEntropy;
pub use faults::Faults;
pub use mails::{ReceivedMail, RecordingMailer};
pub use process::{ServerProcess, ServerProcessOptions, binary};
pub use refusal::{status_text, violations};
pub use server::{Credential, TestServer, token_scope};
pub use smtp::{SmtpMode, SmtpServer, SmtpServerOptions};
pub use sso::{
    HostileProvider, Mischief, OidcProvider, Pending, Returned, SSO_CLIENT_ID, SSO_CLIENT_SECRET, SSO_REDIRECT_URI,
};
