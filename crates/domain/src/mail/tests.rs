use uuid::Uuid;

use super::*;

const NOW: Timestamp = Timestamp::from_micros(1_000_000);

fn mail() -> Mail {
    Mail {
        id: MailId::from_uuid(Uuid::from_u128(1)),
        organization: OrganizationId::from_uuid(Uuid::from_u128(2)),
        user: UserId::from_uuid(Uuid::from_u128(3)),
        recipient: Email::parse("ada@example.com").unwrap(),
        language: Language::default(),
        kind: MailKind::Invitation,
        status: MailStatus::Queued,
        attempts: 0,
        next_attempt_at: NOW,
        created_at: NOW,
        sent_at: None,
        last_fault: None,
    }
}

#[test]
fn pauses_double_up_to_a_quarter_of_an_hour() {
    let mut mail = mail();
    let pauses: Vec<u64> = (0..9)
        .map(|_| {
            mail.claim(NOW);
            mail.failed(MailFault::Unreachable, NOW);
            mail.next_attempt_at.since(NOW).as_secs()
        })
        .collect();

    assert_eq!(pauses, [10, 20, 40, 80, 160, 320, 640, 900, 900]);
}

#[test]
fn a_mail_is_tried_for_a_day_and_then_given_up() {
    let (mut mail, mut now) = (mail(), NOW);
    while mail.status == MailStatus::Queued {
        mail.claim(now);
        mail.failed(MailFault::Deferred, now);
        now = now.max(mail.next_attempt_at);
    }

    assert_eq!((mail.status, mail.attempts), (MailStatus::Dead, Mail::MAX_ATTEMPTS));
    assert!(now.since(NOW) > Duration::from_hours(23), "{:?}", now.since(NOW));
}

#[test]
fn what_is_refused_for_good_is_given_up_at_once() {
    for fault in MailFault::ALL {
        let mut mail = mail();
        mail.claim(NOW);
        mail.failed(fault, NOW);
        let is_final = matches!(fault, MailFault::Refused | MailFault::Unwritable);
        assert_eq!(mail.status == MailStatus::Dead, is_final, "{fault:?}");
        assert_eq!(mail.last_fault, Some(fault));
    }
}

#[test]
fn only_a_dead_mail_is_queued_again_and_then_at_once() {
    let mut mail = mail();
    assert_eq!(mail.retry(NOW), Err(NotRetried::NotDead));
    mail.claim(NOW);
    mail.failed(MailFault::Refused, NOW);
    let later = NOW.plus(Duration::from_hours(1));

    assert_eq!(mail.retry(later), Ok(()));
    assert_eq!((mail.status, mail.attempts, mail.next_attempt_at), (MailStatus::Queued, 0, later));

    mail.claim(later);
    mail.sent(later);
    assert_eq!(mail.retry(later), Err(NotRetried::NotDead));
    assert_eq!((mail.status, mail.sent_at, mail.last_fault), (MailStatus::Sent, Some(later), None));
}

#[test]
fn a_dead_mail_is_queued_again_as_long_as_it_is_kept_what_it_says() {
    let mut mail = mail();
    mail.claim(NOW);
    mail.failed(MailFault::Refused, NOW);
    let end = NOW.plus(Mail::CONTENT_KEPT_FOR);

    assert_eq!(mail.retry(end), Err(NotRetried::TooOld));
    assert_eq!(mail.status, MailStatus::Dead);
    assert_eq!(mail.retry(end.minus(Duration::from_micros(1))), Ok(()));
}

#[test]
fn every_name_reads_back() {
    assert!(MailKind::ALL.iter().all(|it| MailKind::parse(it.as_str()) == Some(*it)));
    assert!(MailCategory::ALL.iter().all(|it| MailCategory::parse(it.as_str()) == Some(*it)));
    assert!(MailStatus::ALL.iter().all(|it| MailStatus::parse(it.as_str()) == Some(*it)));
    assert!(MailFault::ALL.iter().all(|it| MailFault::parse(it.as_str()) == Some(*it)));
}
