//! `varco.v1.MailService`, the history of mails, and what becomes of mails when mail servers fail.

use std::time::Duration;

use futures::future::join_all;
use varco_application::mails::deliver_due;
use varco_domain::{MailFault, MailKind};
use varco_proto::v1::{self, BackOfficeLevel, MailCategory, MailStatus};
use varco_testkit::{Actor, OrganizationActor, TestServer, on_every_database};

use crate::calls::{ask, refusal};

async fn invite(actor: &OrganizationActor, username: &str) -> String {
    actor.invite_person(username, BackOfficeLevel::None).await
}

fn history_of(organization: &str, user: &str) -> v1::ListSentMailsRequest {
    v1::ListSentMailsRequest {
        organization_id: organization.to_owned(),
        user_id: user.to_owned(),
        ..Default::default()
    }
}

async fn history(actor: &OrganizationActor, user: &str) -> Vec<v1::SentMail> {
    ask!(actor.users().list_sent_mails(history_of(&actor.organization, user))).unwrap().mails
}

async fn queue(operator: &Actor, status: MailStatus) -> Vec<v1::Mail> {
    let request = v1::ListMailsRequest { status: status.into(), ..Default::default() };
    ask!(operator.mails().list_mails(request)).unwrap().mails
}

fn retry(mail_id: &str) -> v1::RetryMailRequest {
    v1::RetryMailRequest { mail_id: mail_id.to_owned(), validate_only: false }
}

async fn mail_events(actor: &OrganizationActor) -> Vec<String> {
    let events = actor.events_so_far().await.into_iter();
    // They are listed newest first.
    events.rev().map(|event| event.r#type).filter(|kind| kind.starts_with("mail.")).collect()
}

on_every_database! {
    async fn an_invitation_goes_out_once_and_stays_in_the_history(server: TestServer) {
        let mine = server.organization("Mine").await;
        let ana = invite(&mine, "ana").await;
        let queued = history(&mine, &ana).await;
        assert_eq!(queued.len(), 1);
        assert_eq!((queued[0].status(), queued[0].send_time), (MailStatus::Queued, None));

        let mails = server.mails().await;
        assert_eq!(server.mails().await, mails, "nothing goes out twice");

        assert_eq!(mails.len(), 1);
        assert_eq!((mails[0].kind, mails[0].recipient.as_str()), (MailKind::Invitation, "ana@example.com"));
        assert!(!mails[0].value("token").is_empty());
        let sent = history(&mine, &ana).await;
        assert_eq!((sent[0].status(), sent[0].kind()), (MailStatus::Sent, v1::MailKind::Invitation));
        assert_eq!((sent[0].category(), sent[0].recipient.as_str()), (MailCategory::General, "ana@example.com"));
        assert!(sent[0].send_time.is_some());
        assert_eq!(mail_events(&mine).await, ["mail.queued", "mail.sent"]);
    }

    async fn a_history_is_for_the_organization_in_whose_name_it_was_written(server: TestServer) {
        let (mine, other) = (server.organization("Mine").await, server.organization("Other").await);
        let ana = invite(&mine, "ana").await;

        let foreign = other.users().list_sent_mails(history_of(&other.organization, &ana)).await;
        assert_eq!(refusal(foreign), "NOT_FOUND USER_NOT_FOUND");
        let elsewhere = other.users().list_sent_mails(history_of(&mine.organization, &ana)).await;
        assert_eq!(refusal(elsewhere), "NOT_FOUND ORGANIZATION_NOT_FOUND");
        let listed = mine.mails().list_mails(v1::ListMailsRequest::default()).await;
        assert_eq!(refusal(listed), "PERMISSION_DENIED CALLER_NOT_PERMITTED");
    }

    async fn a_mail_server_that_is_down_for_an_hour_costs_no_write_and_no_mail(server: TestServer) {
        let mine = server.organization("Mine").await;
        server.mailer().fail(Some(MailFault::Unreachable));
        let env = server.environment().await;
        for minute in 0..60 {
            if minute % 10 == 0 {
                invite(&mine, &format!("user{minute}")).await;
            }
            assert_eq!(deliver_due(&env).await.unwrap(), 0);
            server.clock.advance(Duration::from_mins(1));
        }
        // A token of an hour ago has ended.
        let operator = server.operator().await;
        let waiting = queue(&operator, MailStatus::Queued).await;
        assert_eq!(waiting.len(), 6);
        assert!(waiting.iter().all(|mail| mail.last_fault() == v1::MailFault::Unreachable && mail.attempts > 0));
        assert!(waiting.iter().any(|mail| mail.attempts < 20 && mail.attempts > 8), "it is asked less and less often");

        server.mailer().fail(None);
        server.clock.advance(Duration::from_mins(15));

        let mut recipients: Vec<String> = server.mails().await.into_iter().map(|mail| mail.recipient).collect();
        recipients.sort_unstable();
        let everyone: Vec<String> = [0, 10, 20, 30, 40, 50].map(|at| format!("user{at}@example.com")).to_vec();
        assert_eq!(recipients, everyone, "each once");
        assert!(queue(&operator, MailStatus::Queued).await.is_empty());
    }

    async fn a_mail_goes_out_once_however_many_send(server: TestServer) {
        let mine = server.organization("Mine").await;
        for number in 0..5 {
            invite(&mine, &format!("user{number}")).await;
        }
        let env = server.environment().await;

        let counts = join_all((0..8).map(|_| deliver_due(&env))).await;

        let sent: usize = counts.into_iter().map(Result::unwrap).sum();
        assert_eq!((sent, server.mailer().received().len()), (5, 5));
    }

    async fn an_operator_sees_a_mail_that_was_refused_and_sends_it_again(server: TestServer) {
        let (mine, operator) = (server.organization("Mine").await, server.operator().await);
        let ana = invite(&mine, "ana").await;
        server.mailer().fail(Some(MailFault::Refused));
        assert!(server.mails().await.is_empty());
        let dead = queue(&operator, MailStatus::Dead).await;
        assert_eq!(dead.len(), 1);
        let mail = &dead[0];
        assert_eq!((mail.user_id.as_str(), mail.last_fault()), (ana.as_str(), v1::MailFault::Refused));
        assert_eq!((mail.attempts, mail.next_attempt_time, mail.send_time), (1, None, None));
        server.mailer().fail(None);
        server.clock.advance(Duration::from_mins(30));
        assert!(server.mails().await.is_empty(), "it is not tried again by itself");

        let validated = v1::RetryMailRequest { validate_only: true, ..retry(&mail.mail_id) };
        ask!(operator.mails().retry_mail(validated)).unwrap();
        assert!(server.mails().await.is_empty(), "nothing happened");
        let queued = ask!(operator.mails().retry_mail(retry(&mail.mail_id))).unwrap().mail.unwrap();
        assert_eq!((queued.status(), queued.attempts), (MailStatus::Queued, 0));
        let again = operator.mails().retry_mail(retry(&mail.mail_id)).await;
        assert_eq!(refusal(again), "FAILED_PRECONDITION MAIL_NOT_DEAD");

        assert_eq!(server.last_mail("ana@example.com").await.id.to_string(), mail.mail_id);
        assert_eq!(mail_events(&mine).await, ["mail.queued", "mail.died", "mail.retried", "mail.sent"]);
        let again = operator.mails().retry_mail(retry(&mail.mail_id)).await;
        assert_eq!(refusal(again), "FAILED_PRECONDITION MAIL_NOT_DEAD");
        let absent = operator.mails().retry_mail(retry("mail_01kagbbbbbfbbvbbbbbbbbbbbb")).await;
        assert_eq!(refusal(absent), "NOT_FOUND MAIL_NOT_FOUND");
    }

    async fn mails_to_a_user_who_is_removed_are_never_sent(server: TestServer) {
        let (mine, operator) = (server.organization("Mine").await, server.operator().await);
        let user_id = invite(&mine, "ana").await;
        let request =
            v1::RemoveUserRequest { organization_id: mine.organization.clone(), user_id, validate_only: false };
        ask!(mine.users().remove_user(request)).unwrap();

        assert!(server.mails().await.is_empty());
        assert!(queue(&operator, MailStatus::Unspecified).await.is_empty());
    }
}
