//! What is kept, for how long, and what is left of it after.

use std::time::Duration;

use varco_application::Environment;
use varco_application::retention::forget_old;
use varco_application::storage::{FailureFilter, KeptFailures, MailQuery, SignInFailure};
use varco_domain::{Client, Mail, MailFault, MailId, SignInRefusal};
use varco_proto::v1::{self, BackOfficeLevel, MailStatus};
use varco_testkit::{OrganizationActor, PASSWORD, TestServer, on_every_database};

use crate::calls::{ask, refusal};

const REQUEST: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
const DAY: Duration = Duration::from_hours(24);
const MINUTE: Duration = Duration::from_mins(1);

/// A mail to a person who is invited, which no mail server takes.
async fn refused_invitation(server: &TestServer, mine: &OrganizationActor) -> MailId {
    mine.invite_person("ana", BackOfficeLevel::None).await;
    server.mailer().fail(Some(MailFault::Refused));
    assert!(server.mails().await.is_empty());
    server.mailer().fail(None);
    mails(server.environment().await.as_ref()).await[0].id
}

async fn mails(env: &Environment) -> Vec<Mail> {
    let query = MailQuery { limit: 1000, ..MailQuery::default() };
    env.store.begin_read().await.unwrap().mails().list(&query).await.unwrap().items
}

async fn content(env: &Environment, mail: MailId) -> Vec<u8> {
    env.store.begin_read().await.unwrap().mails().content(mail).await.unwrap().unwrap()
}

async fn retry(server: &TestServer, mail: MailId) -> Result<v1::RetryMailResponse, tonic::Status> {
    let request = v1::RetryMailRequest { mail_id: mail.to_string(), validate_only: false };
    ask!(server.operator().await.mails().retry_mail(request))
}

/// Refusals of names that no account has.
async fn keep_failures(env: &Environment, count: u32) {
    let mut work = env.store.begin().await.unwrap();
    for _ in 0..count {
        let (id, occurred_at) = (env.new_id(), env.clock.now());
        let (refusal, client) = (SignInRefusal::UnknownUser, Client::default());
        let failure = SignInFailure { id, user: None, home: None, occurred_at, refusal, client };
        work.sign_ins().insert_failure(&failure).await.unwrap();
    }
    work.commit().await.unwrap();
}

async fn failures(env: &Environment) -> usize {
    let mut work = env.store.begin_read().await.unwrap();
    work.sign_ins().list_failures(&FailureFilter::default(), None, 20_000).await.unwrap().items.len()
}

on_every_database! {
    async fn a_mail_that_was_given_up_can_be_sent_again_for_seven_days(server: TestServer) {
        let mine = server.organization("mine").await;
        let mail = refused_invitation(&server, &mine).await;
        let env = server.environment().await;
        server.clock.advance(DAY * 7 - MINUTE);
        forget_old(&env).await.unwrap();

        let queued = retry(&server, mail).await.unwrap().mail.unwrap();
        assert_eq!(queued.status(), MailStatus::Queued);
        assert_eq!(server.last_mail("ana@example.com").await.id, mail);
    }

    async fn what_a_mail_said_that_was_given_up_is_wiped_after_seven_days(server: TestServer) {
        let mine = server.organization("mine").await;
        let mail = refused_invitation(&server, &mine).await;
        let env = server.environment().await;
        server.clock.advance(DAY * 7 - MINUTE);
        forget_old(&env).await.unwrap();
        assert!(!content(&env, mail).await.is_empty());

        server.clock.advance(MINUTE);
        assert_eq!(refusal(retry(&server, mail).await), "FAILED_PRECONDITION MAIL_TOO_OLD", "wiped or not");
        forget_old(&env).await.unwrap();
        assert!(content(&env, mail).await.is_empty());
        assert_eq!(refusal(retry(&server, mail).await), "FAILED_PRECONDITION MAIL_TOO_OLD");
        assert_eq!(mails(&env).await.len(), 1, "the history still has it");
    }

    async fn the_history_of_mails_goes_back_a_year(server: TestServer) {
        let mine = server.organization("mine").await;
        refused_invitation(&server, &mine).await;
        mine.create_person(&server, "bea", BackOfficeLevel::None).await;
        assert!(server.mails().await.len() > 1);
        let env = server.environment().await;
        let before = mails(&env).await.len();
        server.clock.advance(DAY * 365 - MINUTE);
        server.organization("later").await.invite_person("cleo", BackOfficeLevel::None).await;
        forget_old(&env).await.unwrap();
        assert_eq!(mails(&env).await.len(), before + 1);

        server.clock.advance(MINUTE);
        forget_old(&env).await.unwrap();
        let left: Vec<String> = mails(&env).await.into_iter().map(|mail| mail.recipient.as_str().to_owned()).collect();
        assert_eq!(left, ["cleo@example.com"]);
    }

    async fn a_mail_that_waits_is_kept_however_old(server: TestServer) {
        let mine = server.organization("mine").await;
        mine.invite_person("ana", BackOfficeLevel::None).await;
        let env = server.environment().await;
        server.clock.advance(DAY * 366);
        forget_old(&env).await.unwrap();
        assert_eq!(server.mails().await.len(), 1);
    }

    async fn the_answer_to_a_call_is_kept_for_a_day(server: TestServer) {
        let mine = server.organization("mine").await;
        let request = v1::CreateUserRequest {
            organization_id: mine.organization.clone(),
            username: "ana".to_owned(),
            email: "ana@example.com".to_owned(),
            profile: Some(v1::UserProfile {
                first_name: "Ana".to_owned(),
                last_name: "Canary".to_owned(),
                ..Default::default()
            }),
            back_office_level: BackOfficeLevel::None.into(),
            request_id: REQUEST.to_owned(),
            ..Default::default()
        };
        let first = ask!(mine.users().create_user(request.clone())).unwrap();
        let env = server.environment().await;
        server.clock.advance(DAY - MINUTE);
        forget_old(&env).await.unwrap();
        let young = mine.with_token(&server.actor(&mine.credential).await.token);
        assert_eq!(ask!(young.users().create_user(request.clone())).unwrap(), first);

        server.clock.advance(MINUTE);
        forget_old(&env).await.unwrap();
        // Set back, the clock would let it count again.
        server.clock.set(env.clock.now().minus(DAY / 2));
        let anew = ask!(young.users().create_user(request)).unwrap_err();
        assert_eq!(refusal::<()>(Err(anew)), "ALREADY_EXISTS ALREADY_MEMBER", "nobody remembers the call");
    }

    async fn what_is_old_goes_however_much_it_is(server: TestServer) {
        let env = server.environment().await;
        keep_failures(&env, 1_100).await;
        server.clock.advance(DAY * 90);
        keep_failures(&env, 1).await;
        forget_old(&env).await.unwrap();
        assert_eq!(failures(&env).await, 1);
    }

    async fn of_a_flood_of_refused_sign_ins_the_newest_are_kept(server: TestServer) {
        let env = server.environment().await;
        keep_failures(&env, KeptFailures::ALWAYS.of_nobody + 600).await;
        forget_old(&env).await.unwrap();
        assert_eq!(failures(&env).await, 10_000);
    }

    async fn refused_sign_ins_are_kept_for_ninety_days(server: TestServer) {
        server.try_sign_in("nobody", PASSWORD).await.unwrap_err();
        let env = server.environment().await;
        server.clock.advance(DAY * 90 - MINUTE);
        forget_old(&env).await.unwrap();
        assert_eq!(failures(&env).await, 1);

        server.clock.advance(MINUTE);
        forget_old(&env).await.unwrap();
        assert_eq!(failures(&env).await, 0);
    }
}
