//! Mails over SMTP, to a mail server that nobody here wrote.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::{Path, PathBuf};
use std::time::Duration;

use uuid::Uuid;
use varco_application::mails::MailValues;
use varco_application::{Mailer, OutgoingMail, PlainSecret};
use varco_domain::{Email, Language, MailFault, MailId, MailKind, OrganizationId, Timestamp};
use varco_outbound::{LinkBase, Sender, SmtpMailer, SmtpOptions, SmtpSetupError, SmtpTls};
use varco_testkit::{SmtpMode, SmtpServer, SmtpServerOptions};

fn mail(recipient: &str) -> OutgoingMail {
    OutgoingMail {
        id: MailId::from_uuid(Uuid::from_u128(1)),
        organization: OrganizationId::from_uuid(Uuid::from_u128(2)),
        recipient: Email::parse(recipient).unwrap(),
        language: Language::parse("it").unwrap(),
        kind: MailKind::NewPin,
        created_at: Timestamp::from_micros(1_767_225_600_000_000),
        values: MailValues::default()
            .with("first_name", "Zoë")
            .with("last_name", "Rossi")
            .with("username", "zoe")
            .with("organization", "Società Aurora")
            .with("pin", "402917"),
    }
}

fn options(port: u16, tls: SmtpTls) -> SmtpOptions {
    SmtpOptions {
        host: "localhost".to_owned(),
        port,
        tls,
        authority: None,
        login: None,
        sender: Sender::parse("Varco <no-reply@varco.example>").unwrap(),
        limit: SmtpOptions::LIMIT,
        link_base: LinkBase::parse("https://app.example.com").unwrap(),
    }
}

fn mailer(port: u16) -> SmtpMailer {
    SmtpMailer::new(options(port, SmtpTls::None)).unwrap()
}

/// The certificate that the server's tests use: for localhost, trusted by nobody.
fn certificate() -> (PathBuf, PathBuf) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../server/tests/process/tls");
    (folder.join("certificate.pem"), folder.join("key.pem"))
}

async fn over_tls(is_implicit: bool, login: Option<(&str, &str)>) -> SmtpServer {
    let (certificate, key) = certificate();
    let login = login.map(|(name, password)| (name.to_owned(), password.to_owned()));
    SmtpServer::start_with(SmtpServerOptions { tls: Some((certificate, key, is_implicit)), login }).await
}

fn tls_options(server: &SmtpServer, is_implicit: bool) -> SmtpOptions {
    let tls = if is_implicit { SmtpTls::Implicit } else { SmtpTls::StartTls };
    SmtpOptions { authority: Some(std::fs::read(certificate().0).unwrap()), ..options(server.port, tls) }
}

#[tokio::test]
async fn a_mail_arrives_as_text_and_html_with_its_headers() {
    let server = SmtpServer::start().await;

    mailer(server.port).send(&mail("zoe@example.com")).await.unwrap();

    let received = server.received();
    let [mail] = received.as_slice() else { panic!("one mail: {received:?}") };
    for line in [
        "X-Envelope-From: no-reply@varco.example",
        "From: Varco <no-reply@varco.example>",
        "To: zoe@example.com",
        "Subject: Il suo nuovo PIN per =?utf-8?b?U29jaWV0w6A=?= Aurora",
        "Date: Thu, 01 Jan 2026 00:00:00 +0000",
        "Auto-Submitted: auto-generated",
        "Message-ID: <mail_00000000000000000000000001@varco.example>",
    ] {
        assert!(mail.lines().any(|it| it == line), "no line {line}\n{mail}");
    }
    assert!(mail.contains("Content-Type: multipart/alternative"), "{mail}");
    assert!(mail.contains("Content-Type: text/plain") && mail.contains("Content-Type: text/html"), "{mail}");
    assert_eq!(mail.matches("402917").count(), 2, "{mail}");
    assert_eq!(server.log(), ["rcpt zoe@example.com"]);
}

#[tokio::test]
async fn what_the_server_refuses_is_told_from_what_it_puts_off() {
    let mut server = SmtpServer::start().await;
    let mailer = mailer(server.port);
    for (mode, expected) in [
        (SmtpMode::Refuse, Err(MailFault::Refused)),
        (SmtpMode::Defer, Err(MailFault::Deferred)),
        (SmtpMode::Drop, Err(MailFault::Unreachable)),
        (SmtpMode::Accept, Ok(())),
    ] {
        server.behave(mode).await;
        assert_eq!(mailer.send(&mail("zoe@example.com")).await, expected, "{mode:?}");
    }
    assert_eq!(server.received().len(), 1);
}

/// Hanging up on an encrypted connection is another matter than on a plain one.
#[tokio::test]
async fn what_is_refused_over_tls_is_refused_too() {
    for is_implicit in [true, false] {
        let mut server = over_tls(is_implicit, None).await;
        let mailer = SmtpMailer::new(tls_options(&server, is_implicit)).unwrap();
        server.behave(SmtpMode::Refuse).await;
        assert_eq!(mailer.send(&mail("zoe@example.com")).await, Err(MailFault::Refused));
    }
}

#[tokio::test]
async fn a_server_that_stalls_is_given_up() {
    let mut server = SmtpServer::start().await;
    server.behave(SmtpMode::Stall).await;

    let limit = Duration::from_secs(2);
    let mailer = SmtpMailer::new(SmtpOptions { limit, ..options(server.port, SmtpTls::None) }).unwrap();

    assert_eq!(mailer.send(&mail("zoe@example.com")).await, Err(MailFault::Unreachable));

    assert_eq!(server.log().last().map(String::as_str), Some("stall"), "it stalled where it should");
}

#[tokio::test]
async fn a_server_that_is_away_is_found_again() {
    let mut server = SmtpServer::start().await;
    let mailer = mailer(server.port);
    server.stop().await;
    assert_eq!(mailer.send(&mail("zoe@example.com")).await, Err(MailFault::Unreachable));

    server.restart().await;

    assert_eq!(mailer.send(&mail("zoe@example.com")).await, Ok(()));
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn mails_and_passwords_cross_tls_of_both_kinds() {
    for is_implicit in [true, false] {
        let server = over_tls(is_implicit, Some(("varco", "correct horse"))).await;
        let login = Some(("varco".to_owned(), PlainSecret::new("correct horse".to_owned())));
        let mailer = SmtpMailer::new(SmtpOptions { login, ..tls_options(&server, is_implicit) }).unwrap();

        assert_eq!(mailer.send(&mail("zoe@example.com")).await, Ok(()), "implicit: {is_implicit}");

        assert_eq!(server.log(), ["auth right", "rcpt zoe@example.com"]);
        assert!(server.received()[0].contains("X-Over-TLS: yes"), "{}", server.received()[0]);
    }
}

/// A mistake in the configuration must not cost a single mail: they wait.
#[tokio::test]
async fn a_wrong_password_is_about_us_and_not_about_the_mail() {
    let server = over_tls(false, Some(("varco", "correct horse"))).await;
    let login = Some(("varco".to_owned(), PlainSecret::new("battery staple".to_owned())));
    let wrong = SmtpMailer::new(SmtpOptions { login, ..tls_options(&server, false) }).unwrap();
    let missing = SmtpMailer::new(tls_options(&server, false)).unwrap();

    assert_eq!(wrong.send(&mail("zoe@example.com")).await, Err(MailFault::Unreachable));
    assert_eq!(missing.send(&mail("zoe@example.com")).await, Err(MailFault::Unreachable));

    assert_eq!(server.log(), ["auth wrong"]);
}

#[tokio::test]
async fn nothing_is_said_to_a_server_that_cannot_prove_itself() {
    for is_implicit in [true, false] {
        let server = over_tls(is_implicit, None).await;
        let trusting_nobody = SmtpOptions { authority: None, ..tls_options(&server, is_implicit) };
        let mailer = SmtpMailer::new(trusting_nobody).unwrap();

        assert_eq!(mailer.send(&mail("zoe@example.com")).await, Err(MailFault::Unreachable));
        assert!(server.log().is_empty() && server.received().is_empty());
    }
}

/// STARTTLS is demanded: whoever strips it from the answer gets no mail.
#[tokio::test]
async fn a_server_without_tls_gets_nothing_where_tls_is_meant() {
    let server = SmtpServer::start().await;
    let mailer = SmtpMailer::new(options(server.port, SmtpTls::StartTls)).unwrap();

    assert_eq!(mailer.send(&mail("zoe@example.com")).await, Err(MailFault::Unreachable));
    assert!(server.log().is_empty());
}

#[test]
fn plaintext_is_for_this_machine_alone() {
    for host in ["mail.example.com", "192.0.2.1", "localhost.example.com"] {
        let options = SmtpOptions { host: host.to_owned(), ..options(25, SmtpTls::None) };
        assert!(matches!(SmtpMailer::new(options), Err(SmtpSetupError::Plaintext)), "{host}");
    }
    for host in ["localhost", "127.0.0.1", "::1", "[::1]"] {
        assert!(SmtpMailer::new(SmtpOptions { host: host.to_owned(), ..options(25, SmtpTls::None) }).is_ok(), "{host}");
    }
}

#[test]
fn debug_shows_no_password() {
    let login = Some(("varco".to_owned(), PlainSecret::new("correct horse".to_owned())));
    let mailer = SmtpMailer::new(SmtpOptions { login, ..options(25, SmtpTls::None) }).unwrap();

    assert!(!format!("{mailer:?}").contains("horse"));
    assert!(SmtpOptions::LIMIT < varco_domain::Mail::LEASE, "nobody else sends it meanwhile");
}
