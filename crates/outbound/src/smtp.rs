mod connect;

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::client::TlsParameters;
use varco_application::{Mailer, OutgoingMail, PlainSecret};
use varco_domain::MailFault;

use crate::message::{Sender, message};
use crate::templates::Templates;
use crate::{LinkBase, link_base};

/// What servers answer that want another login, or any (RFC 4954 section 6).
const LOGIN_CODES: [&str; 4] = ["530", "534", "535", "538"];

/// How mails reach a mail server.
#[derive(Clone, Debug)]
pub struct SmtpOptions {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way there is encrypted.
    pub tls: SmtpTls,
    /// Whom it trusts besides the machine's own authorities, in PEM.
    pub authority: Option<Vec<u8>>,
    /// Name and password, if it asks for them.
    pub login: Option<(String, PlainSecret)>,
    /// Who mails are from.
    pub sender: Sender,
    /// How long one mail may take in all; see `LIMIT`.
    pub limit: Duration,
    /// What links begin with.
    pub link_base: LinkBase,
}

impl SmtpOptions {
    /// For servers that take their time: less than `Mail::LEASE`, after which a mail may be sent again.
    pub const LIMIT: Duration = Duration::from_secs(30);
}

/// How the way to a mail server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpTls {
    /// From the first byte, on port 465.
    Implicit,
    /// From the command STARTTLS on, which is demanded, on port 587 or 25.
    StartTls,
    /// Not at all: for a mail server on this machine alone.
    None,
}

/// Why mails cannot be sent like that.
#[derive(Debug, thiserror::Error)]
pub enum SmtpSetupError {
    /// Links and passwords would cross a network in clear.
    #[error("must be encrypted unless the mail server is on this machine")]
    Plaintext,
    /// The authority is no certificate, or the machine has none of its own.
    #[error("the mail server's certificate could not be checked: {0}")]
    Tls(#[from] Error),
}

/// Sends mails over SMTP. Each has a connection of its own: none is found dead when the next mail
/// comes.
pub struct SmtpMailer {
    options: SmtpOptions,
    tls: Option<TlsParameters>,
    templates: Templates,
}

impl SmtpMailer {
    /// Sends as the options say. Nothing is connected to yet.
    pub fn new(options: SmtpOptions) -> Result<Self, SmtpSetupError> {
        let tls = match options.tls {
            SmtpTls::None if link_base::is_this_machine(&options.host) => None,
            SmtpTls::None => return Err(SmtpSetupError::Plaintext),
            SmtpTls::Implicit | SmtpTls::StartTls => Some(connect::tls(&options)?),
        };
        let templates = Templates::new(options.link_base.clone());
        Ok(Self { options, tls, templates })
    }

    async fn try_send(&self, mail: &OutgoingMail) -> Result<(), MailFault> {
        let letter = self.templates.write(mail).map_err(|error| unwritable(mail, &error))?;
        let message = message(&self.options.sender, mail, &letter).map_err(|error| unwritable(mail, error.as_ref()))?;
        let mut connection = self.connect().await.map_err(|error| {
            // Also where the server wants nothing of us for good: that is about us, not about the mail.
            tracing::warn!(
                host = self.options.host,
                error = &error as &dyn std::error::Error,
                "no mail server to talk to"
            );
            MailFault::Unreachable
        })?;
        // Where this fails it has hung up already.
        connection.send(message.envelope(), &message.formatted()).await.map_err(|error| fault(&error))?;
        // It has the mail, whatever it says to a goodbye.
        let _ = connection.quit().await;
        Ok(())
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: &OutgoingMail) -> Result<(), MailFault> {
        tokio::time::timeout(self.options.limit, self.try_send(mail)).await.unwrap_or(Err(MailFault::Unreachable))
    }
}

/// What the server's answer about a mail means. Its words are not logged: they may name people.
fn fault(error: &Error) -> MailFault {
    let code = error.status().map(|code| code.to_string());
    let fault = match error {
        // It wants a login that we do not have, which is about us.
        _ if code.as_deref().is_some_and(|code| LOGIN_CODES.contains(&code)) => MailFault::Unreachable,
        error if error.is_permanent() => MailFault::Refused,
        error if error.is_transient() => MailFault::Deferred,
        _ => MailFault::Unreachable,
    };
    tracing::debug!(code, fault = fault.as_str(), "a mail server refused a mail or went away");
    fault
}

fn unwritable(mail: &OutgoingMail, error: &(dyn std::error::Error + 'static)) -> MailFault {
    tracing::error!(mail = %mail.id, error, "a mail cannot be written");
    MailFault::Unwritable
}

impl fmt::Debug for SmtpMailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpMailer").field("options", &self.options).finish_non_exhaustive()
    }
}
