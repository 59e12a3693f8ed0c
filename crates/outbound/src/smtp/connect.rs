use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters, TlsVersion};
use lettre::transport::smtp::extension::ClientId;

use super::{SmtpMailer, SmtpOptions, SmtpTls};

/// How long the server may take for each step.
const STEP: Duration = Duration::from_secs(10);

/// Passwords are sent in the two ways that every server knows, under TLS.
const MECHANISMS: [Mechanism; 2] = [Mechanism::Plain, Mechanism::Login];

/// Whom to trust when the server shows its certificate.
pub(super) fn tls(options: &SmtpOptions) -> Result<TlsParameters, Error> {
    let builder = TlsParameters::builder(options.host.clone()).set_min_tls_version(TlsVersion::Tlsv12);
    match &options.authority {
        Some(pem) => builder.add_root_certificate(Certificate::from_pem(pem)?),
        None => builder,
    }
    .build()
}

impl SmtpMailer {
    /// Connects up to where a mail can be handed over.
    pub(super) async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let SmtpOptions { host, port, tls, login, sender, .. } = &self.options;
        let hello = ClientId::Domain(sender.domain().to_owned());
        let implicit = self.tls.clone().filter(|_| *tls == SmtpTls::Implicit);
        let server = (host.trim_start_matches('[').trim_end_matches(']'), *port);
        let mut connection = AsyncSmtpConnection::connect_tokio1(server, Some(STEP), &hello, implicit, None).await?;
        if let (SmtpTls::StartTls, Some(parameters)) = (tls, &self.tls) {
            connection.starttls(parameters.clone(), &hello).await?;
        }
        if let Some((name, password)) = login {
            let credentials = Credentials::new(name.clone(), password.expose().to_owned());
            connection.auth(&MECHANISMS, &credentials).await?;
        }
        Ok(connection)
    }
}
