//! Two servers on one PostgreSQL database. What one of them answers, the other knows when it has
//! reached the revision of the answer.

use std::collections::BTreeSet;

use tokio::task::JoinSet;
use tonic::Status;
use varco_application::mails::deliver_due;
use varco_domain::Revision;
use varco_proto::v1;
use varco_testkit::databases::{Backend, Fixture};
use varco_testkit::{Actor, Credential, OrganizationActor, TestServer};

use crate::calls::{ask, patiently, refusal};
use crate::event_service::{read_until, watch};

const VIEW: &str = "test:things.view";

/// Runs a test on two replicas, whose indexes must be alike in the end.
async fn on_replicas(test: impl AsyncFnOnce(&TestServer, &TestServer)) {
    if !Backend::Postgres.is_wanted() {
        return;
    }
    let here = TestServer::on(Backend::Postgres).await;
    let there = here.replica().await;
    test(&here, &there).await;
    here.check_index().await;
    there.check_index().await;
}

/// Whether a user may view things at the root, as of a revision or later.
async fn may_at(actor: &OrganizationActor, user: &str, at_least: u64) -> bool {
    let request = v1::CheckRequest {
        organization_id: actor.organization.clone(),
        subject_id: user.to_owned(),
        permission: VIEW.to_owned(),
        unit_id: actor.root_unit.clone(),
        at_least,
    };
    let decision = ask!(actor.access().check(request)).unwrap();
    assert!(decision.revision >= at_least);
    decision.allowed
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_through_one_is_seen_by_the_next_check_through_the_other() {
    on_replicas(async |here, there| {
        let mine = here.organization("mine").await;
        let elsewhere = mine.through(there);
        let user = mine.create_user("anna").await;
        let role = mine.create_role("Reader", &[VIEW]).await;
        for round in 0..100 {
            let granted = mine.grant(&user, &mine.root_unit, &[&role]).await;
            assert!(may_at(&elsewhere, &user, granted).await, "round {round}");
            let revoked = mine.revoke(&user, &mine.root_unit, &[&role]).await;
            assert!(!may_at(&elsewhere, &user, revoked).await, "round {round}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_mail_goes_out_once_whichever_of_them_sends_it() {
    on_replicas(async |here, there| {
        const MAILS: usize = 40;
        let mine = here.organization("mine").await;
        let mut senders = JoinSet::new();
        for number in 0..MAILS {
            mine.invite_person(&format!("user-{number}"), v1::BackOfficeLevel::None).await;
            // From the first on, while more are queued.
            for server in [here, there] {
                let env = server.environment().await;
                senders.spawn(async move { deliver_due(&env).await.unwrap() });
            }
        }
        let sent: usize = senders.join_all().await.into_iter().sum();
        let mails = here.mails().await;

        let ids: BTreeSet<String> = mails.iter().map(|mail| mail.id.to_string()).collect();
        let recipients: BTreeSet<&str> = mails.iter().map(|mail| mail.recipient.as_str()).collect();
        assert_eq!((mails.len(), ids.len(), recipients.len()), (MAILS, MAILS, MAILS));
        assert_eq!(sent, MAILS, "nothing was left for a second look");
    })
    .await;
}

/// Creates units; grants there and, at every other one, revokes. Gives the last revision.
async fn work(actor: &OrganizationActor, name: &str, user: &str, role: &str) -> u64 {
    let organization_id = &actor.organization;
    let mut revision = 0;
    for number in 0..20 {
        let create = v1::CreateUnitRequest {
            organization_id: organization_id.clone(),
            parent_unit_id: actor.root_unit.clone(),
            name: format!("{name} {number}"),
            ..Default::default()
        };
        let unit = patiently(async || ask!(actor.units().create_unit(create.clone()))).await.unwrap().unit.unwrap();
        let grant = v1::GrantRolesRequest {
            organization_id: organization_id.clone(),
            subject_id: user.to_owned(),
            unit_id: unit.unit_id.clone(),
            role_ids: vec![role.to_owned()],
            validate_only: false,
        };
        revision = patiently(async || ask!(actor.assignments().grant_roles(grant.clone()))).await.unwrap().revision;
        let revoke = v1::RevokeRolesRequest {
            organization_id: organization_id.clone(),
            subject_id: user.to_owned(),
            unit_id: unit.unit_id,
            role_ids: vec![role.to_owned()],
            validate_only: false,
        };
        if number % 2 == 0 {
            revision =
                patiently(async || ask!(actor.assignments().revoke_roles(revoke.clone()))).await.unwrap().revision;
        }
    }
    revision
}

#[tokio::test(flavor = "multi_thread")]
async fn writes_through_both_reach_both_once_and_in_order() {
    on_replicas(async |here, there| {
        let mine = here.organization("mine").await;
        let role = mine.create_role("Reader", &[VIEW]).await;
        let user = mine.create_user("anna").await;
        let elsewhere = mine.through(there);
        let operator = there.operator().await;
        let before = mine.events_so_far().await[0].revision;
        let mut stream = watch(&operator, "", Some(before), &[]).await;
        let (one, other) = tokio::join!(work(&mine, "here", &user, &role), work(&elsewhere, "there", &user, &role));
        let last = one.max(other);
        let events = read_until(&mut stream, last).await;

        let keys: Vec<(u64, u32)> = events.iter().map(|event| (event.revision, event.ordinal)).collect();
        assert!(keys.is_sorted_by(|one, next| one < next), "{keys:?}");
        let revisions: BTreeSet<u64> = keys.iter().map(|(revision, _)| *revision).collect();
        assert_eq!(revisions, (before + 1..=last).collect());
        assert_eq!(facts_at(here, last).await, facts_at(there, last).await);
    })
    .await;
}

async fn facts_at(server: &TestServer, revision: u64) -> Vec<varco_decision::Fact> {
    let env = server.environment().await;
    env.feed.reach(Revision::new(revision)).await;
    env.feed.index().facts()
}

async fn probe(actor: &Actor, organization: &str) -> Result<(), Status> {
    let request = v1::ListServiceAccountsRequest { organization_id: organization.to_owned(), ..Default::default() };
    ask!(actor.service_accounts().list_service_accounts(request)).map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_was_revoked_through_one_is_refused_by_the_other() {
    on_replicas(async |here, there| {
        let mine = here.organization("mine").await;
        for round in 0..30 {
            let request = v1::CreateServiceAccountRequest {
                organization_id: mine.organization.clone(),
                username: format!("robot-{round}"),
                secret_ttl: None,
            };
            let created = ask!(mine.service_accounts().create_service_account(request)).unwrap();
            let account = created.service_account.unwrap();
            let credential =
                Credential { client_id: account.service_account_id.clone(), client_secret: created.client_secret };
            let robot = there.actor(&credential).await;
            let revoke = v1::RevokeSecretRequest {
                organization_id: mine.organization.clone(),
                service_account_id: account.service_account_id,
                secret_id: account.secrets[0].secret_id.clone(),
                validate_only: false,
            };
            // Known there already, or looked up meanwhile, so that a look-up may overtake the revocation.
            if round % 3 == 0 {
                probe(&robot, &mine.organization).await.unwrap();
            }
            let look_up = async { while round % 3 != 2 && probe(&robot, &mine.organization).await.is_ok() {} };
            let revoked = async {
                let revision = ask!(mine.service_accounts().revoke_secret(revoke)).unwrap().revision;
                there.environment().await.feed.reach(Revision::new(revision)).await;
                assert_eq!(
                    refusal(probe(&robot, &mine.organization).await),
                    "UNAUTHENTICATED TOKEN_INVALID",
                    "{round}"
                );
            };
            tokio::join!(look_up, revoked);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_token_of_one_is_good_for_the_other() {
    on_replicas(async |here, there| {
        let mine = here.organization("mine").await;
        let elsewhere = mine.through(there);
        let mut expected = Vec::new();
        for number in 0..5 {
            expected.insert(0, mine.create_role(&format!("Role {number}"), &[]).await);
        }
        let (mut listed, mut page_token) = (Vec::new(), String::new());
        for actor in [&mine, &elsewhere].into_iter().cycle() {
            let organization_id = mine.organization.clone();
            let request = v1::ListRolesRequest { organization_id, page_size: 2, page_token, ..Default::default() };
            let page = ask!(actor.roles().list_roles(request)).unwrap();
            listed.extend(page.roles.into_iter().map(|role| role.role_id));
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        assert_eq!(listed, expected);
    })
    .await;
}
