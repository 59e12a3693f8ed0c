//! Mails of the binary, at a mail server that nobody here wrote.

use varco_testkit::databases::{Backend, Fixture, TestDatabase};
use varco_testkit::{ServerProcess, ServerProcessOptions, SmtpServer};

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_arrives_at_the_mail_server_that_the_configuration_names() {
    let mail_server = SmtpServer::start().await;
    let options = ServerProcessOptions { smtp_port: Some(mail_server.port), ..ServerProcessOptions::default() };
    let server = ServerProcess::start_with(TestDatabase::on(Backend::Sqlite).await, options).await;
    let mine = server.organization("Mine").await;
    let watch = varco_proto::v1::WatchRequest {
        organization_id: mine.organization.clone(),
        after_revision: None,
        types: vec!["mail.sent".to_owned()],
    };
    let mut watched = mine.events().watch(watch).await.unwrap().into_inner();
    mine.invite_person("ana", varco_proto::v1::BackOfficeLevel::None).await;
    while watched.message().await.unwrap().unwrap().events.is_empty() {}

    let received = mail_server.received();
    let [mail] = received.as_slice() else { panic!("one mail: {received:?}") };
    for line in ["X-Envelope-From: no-reply@varco.test", "To: ana@example.com", "Auto-Submitted: auto-generated"] {
        assert!(mail.lines().any(|it| it == line), "no line {line}\n{mail}");
    }
    assert!(mail.contains("https://app.varco.test/") && mail.contains("varco_link_"), "{mail}");
    assert!(!server.log().contains("varco_link_"), "a mailed link is in no log");
}
