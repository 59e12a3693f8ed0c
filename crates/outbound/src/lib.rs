//! The ports to other systems: mail, and the providers of single sign-on.
//!
//! Mails are written here from templates, in the language of whom they are for, and leave over SMTP
//! or, where there is no mail server, as files. This crate is the one that knows lettre and
//! minijinja. It knows no storage, gRPC or configuration, and decides nothing: when a mail is sent
//! and whether it is tried again is for `application`.
//!
//! To add a kind of mail: its variant in `domain`, what it says in `application`, and its three
//! templates in each language; the tests in `templates.rs` find one that is missing.

mod file;
mod letter;
mod link_base;
mod message;
mod smtp;
mod sso;
mod templates;

pub use file::FileMailer;
pub use link_base::{LinkBase, LinkBaseError, is_this_machine};
pub use message::{Sender, SenderError};
pub use smtp::{SmtpMailer, SmtpOptions, SmtpSetupError, SmtpTls};
pub use sso::{OpenIdClient, Reach};
