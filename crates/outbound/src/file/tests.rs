use std::os::unix::fs::PermissionsExt;

use varco_domain::MailKind;

use super::*;
use crate::templates::tests::mail;

fn base() -> LinkBase {
    LinkBase::parse("http://localhost:8080").unwrap()
}

#[tokio::test]
async fn a_mail_is_a_readable_file_for_its_owner_alone() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("data/mail");
    let mailer = FileMailer::new(folder.clone(), base()).unwrap();

    mailer.send(&mail(MailKind::Invitation, "it")).await.unwrap();
    mailer.send(&mail(MailKind::Invitation, "it")).await.unwrap();

    let files: Vec<PathBuf> = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
    let [file] = files.as_slice() else { panic!("a mail is one file, however often it is sent: {files:?}") };
    let name = file.file_name().unwrap().to_str().unwrap();
    assert!(name.starts_with("20260101T000000Z-invitation-mail_"), "{name}");
    assert_eq!(file.extension(), Some("txt".as_ref()));
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(file), mode(&folder)), (0o600, 0o700));
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.starts_with("To: ada@example.com\nSubject: Attivi il suo account su Aurora\n\nGentile Ada"), "{text}");
    assert!(text.contains("\nhttp://localhost:8080/activate#token=varco_link_abc-123\n"), "{text}");
}

#[tokio::test]
async fn a_mail_that_cannot_be_written_waits() {
    let home = tempfile::tempdir().unwrap();
    let mailer = FileMailer::new(home.path().join("mail"), base()).unwrap();
    std::fs::remove_dir(home.path().join("mail")).unwrap();

    assert_eq!(mailer.send(&mail(MailKind::Activated, "en")).await, Err(MailFault::Unreachable));
}
