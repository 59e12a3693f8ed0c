use std::fmt;
use std::time::{Duration, UNIX_EPOCH};

use lettre::Address;
use lettre::message::header::{Date, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};
use varco_application::OutgoingMail;

use crate::letter::Letter;

/// Who mails are from, such as `Varco <no-reply@example.com>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender(Mailbox);

/// A text is no sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be an address such as no-reply@example.com, or `Name <no-reply@example.com>`")]
pub struct SenderError;

impl Sender {
    /// Reads a sender.
    pub fn parse(text: &str) -> Result<Self, SenderError> {
        text.parse().map(Self).map_err(|_| SenderError)
    }

    /// After the `@`.
    pub(crate) fn domain(&self) -> &str {
        self.0.email.domain()
    }
}

impl fmt::Display for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Says to programs that answer for absent people that nobody reads their answers (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// Puts a letter into its envelope. Its name is the same at every try, so that a program can tell a
/// mail that came twice.
pub(crate) fn message(
    sender: &Sender,
    mail: &OutgoingMail,
    letter: &Letter,
) -> Result<Message, Box<dyn std::error::Error + Send + Sync>> {
    let recipient: Address = mail.recipient.as_str().parse()?;
    let queued = Duration::from_micros(u64::try_from(mail.created_at.as_micros())?);
    let bodies = MultiPart::alternative_plain_html(letter.text.to_string(), letter.html.to_string());
    let message = Message::builder()
        .from(sender.0.clone())
        .to(Mailbox::new(None, recipient))
        .subject(letter.subject.as_str())
        .header(Date::from(UNIX_EPOCH + queued))
        .header(AutoSubmitted)
        .message_id(Some(format!("<{}@{}>", mail.id, sender.domain())))
        .multipart(bodies)?;
    Ok(message)
}
