use std::collections::BTreeSet;

use uuid::Uuid;
use varco_domain::{Email, MailId, OrganizationId};

use super::*;

/// 2026-01-08 00:05 UTC.
const EXPIRY: Timestamp = Timestamp::from_micros(1_767_830_700_999_999);

pub(crate) fn mail(kind: MailKind, language: &str) -> OutgoingMail {
    let values = MailValues::default()
        .with("first_name", "Ada")
        .with("last_name", "Lovelace")
        .with("username", "ada")
        .with("organization", "Aurora")
        .with("token", "varco_link_abc-123")
        .with("password", "kestrel-7f3a")
        .with("pin", "402917")
        .with("expires_at", &EXPIRY.as_micros().to_string());
    OutgoingMail {
        id: MailId::from_uuid(Uuid::from_u128(1)),
        organization: OrganizationId::from_uuid(Uuid::from_u128(2)),
        recipient: Email::parse("ada@example.com").unwrap(),
        language: Language::parse(language).unwrap(),
        kind,
        created_at: Timestamp::from_micros(1_767_225_600_000_000),
        values,
    }
}

fn templates() -> Templates {
    Templates::new(LinkBase::parse("https://app.example.com").unwrap())
}

fn write(mail: &OutgoingMail) -> Letter {
    templates().write(mail).unwrap_or_else(|error| panic!("{:?}: {error}", mail.kind))
}

#[test]
fn every_kind_is_written_in_every_language() {
    let mut letters = BTreeSet::new();
    for language in LANGUAGES {
        for kind in MailKind::ALL {
            let letter = write(&mail(kind, language));
            for part in [letter.text.as_str(), letter.html.as_str()] {
                assert!(part.contains("Ada Lovelace") && part.contains("Aurora"), "{kind:?} in {language}: {part}");
                assert!(!part.contains("{{") && !part.contains("{%"), "{kind:?} in {language}: {part}");
            }
            assert!(letter.html.contains(&format!("<html lang=\"{language}\">")), "{}", letter.html.as_str());
            assert!(!letter.subject.is_empty() && !letter.subject.contains('\n'), "{}", letter.subject);
            letters.insert(letter.text.to_string());
        }
    }
    assert_eq!(letters.len(), LANGUAGES.len() * MailKind::ALL.len(), "two mails say the same");
}

#[test]
fn a_mail_brings_what_it_is_sent_for_and_nothing_else() {
    for language in LANGUAGES {
        for kind in MailKind::ALL {
            let letter = write(&mail(kind, language));
            // Templates escape the slash too, which browsers read all the same.
            for part in [letter.text.to_string(), letter.html.replace("&#x2f;", "/")] {
                let is_invitation = kind == MailKind::Invitation;
                let is_reset = kind == MailKind::PasswordReset;
                let link = |page| part.contains(&format!("https://app.example.com/{page}#token=varco_link_abc-123"));
                assert_eq!(link("activate"), is_invitation, "{kind:?}");
                assert_eq!(link("reset-password"), is_reset, "{kind:?}");
                assert_eq!(part.contains("varco_link"), is_invitation || is_reset, "{kind:?}");
                assert_eq!(part.contains("2026-01-08 00:05 UTC"), is_invitation || is_reset, "{kind:?}");
                assert_eq!(part.contains("kestrel-7f3a"), kind == MailKind::TemporaryPassword, "{kind:?}");
                assert_eq!(part.contains("402917"), kind == MailKind::NewPin, "{kind:?}");
            }
            assert!(!letter.subject.contains("varco_link") && !letter.subject.contains("402917"));
        }
    }
}

#[test]
fn the_language_is_that_of_the_user_or_english() {
    for (tag, word) in [("it", "Gentile"), ("it-CH", "Gentile"), ("IT", "Gentile"), ("en-GB", "Hello"), ("fr", "Hello")]
    {
        assert!(write(&mail(MailKind::Activated, tag)).text.starts_with(word), "{tag}");
    }
}

/// Whatever people call themselves is text and no more.
#[test]
fn hostile_names_are_escaped() {
    let hostile = "<script>alert(\"x\")</script><a href='https://evil.example'>{{ token }}{% raw %}&";
    for language in LANGUAGES {
        for kind in MailKind::ALL {
            let mut hostile_mail = mail(kind, language);
            for place in ["first_name", "last_name", "username", "organization"] {
                hostile_mail.values = hostile_mail.values.with(place, hostile);
            }
            let letter = write(&hostile_mail);
            let html = letter.html.as_str();
            assert!(!html.contains("<script") && !html.contains("<a href='"), "{html}");
            assert!(html.contains("&lt;script&gt;"), "{html}");
            assert!(html.contains("{{ token }}") && letter.text.contains("{{ token }}"), "a name was rendered");
        }
    }
}

/// A link is one address also in HTML, and ends nowhere but at its end.
#[test]
fn a_hostile_token_cannot_leave_its_link() {
    let mut mail = mail(MailKind::Invitation, "en");
    mail.values = mail.values.with("token", "\"><script>alert(1)</script>");
    let letter = write(&mail);

    assert!(!letter.html.contains("<script"), "{}", letter.html.as_str());
    assert!(letter.link.unwrap().ends_with("#token=%22%3E%3Cscript%3Ealert%281%29%3C%2Fscript%3E"));
}

#[test]
fn a_mail_that_lacks_what_it_should_bring_is_not_written() {
    let mut mail = mail(MailKind::NewPin, "en");
    mail.values = MailValues::default().with("first_name", "Ada");

    assert!(templates().write(&mail).is_err());
}

#[test]
fn debug_of_a_letter_shows_no_secret() {
    let shown = format!("{:?}", write(&mail(MailKind::NewPin, "en")));

    assert!(shown.contains("PIN") && !shown.contains("402917"), "{shown}");
}
