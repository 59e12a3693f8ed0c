//! What ends a token before its time, at once and on every replica.

use std::time::Duration;

use tonic::Status;
use varco_domain::Revision;
use varco_proto::v1;
use varco_proto::v1::BackOfficeLevel;
use varco_testkit::databases::{Backend, Fixture};
use varco_testkit::{Actor, OrganizationActor, TestServer, on_every_database};

use super::{SignedIn, TOKEN_INVALID, begin_session, probe, sign_in};
use crate::calls::{ask, refusal};

async fn suspend(mine: &OrganizationActor, user: &str) -> u64 {
    let (organization_id, user_id) = (mine.organization.clone(), user.to_owned());
    let request = v1::SuspendUserRequest { organization_id, user_id, ..Default::default() };
    ask!(mine.users().suspend_user(request)).unwrap().revision
}

async fn remove(mine: &OrganizationActor, user: &str) -> u64 {
    let (organization_id, user_id) = (mine.organization.clone(), user.to_owned());
    let request = v1::RemoveUserRequest { organization_id, user_id, ..Default::default() };
    ask!(mine.users().remove_user(request)).unwrap().revision
}

async fn set_access(mine: &OrganizationActor, user: &str, app_access: bool, level: BackOfficeLevel) -> u64 {
    let request = v1::SetAccessRequest {
        organization_id: mine.organization.clone(),
        user_id: user.to_owned(),
        app_access: Some(app_access),
        back_office_level: Some(level.into()),
        ..Default::default()
    };
    ask!(mine.users().set_access(request)).unwrap().revision
}

/// A call that is for those who manage the organization.
async fn manage(actor: &Actor, mine: &OrganizationActor) -> Result<(), Status> {
    let request = v1::ListUsersRequest { organization_id: mine.organization.clone(), ..Default::default() };
    ask!(actor.users().list_users(request)).map(drop)
}

const NOT_PERMITTED: &str = "PERMISSION_DENIED CALLER_NOT_PERMITTED";

on_every_database! {
    async fn a_session_that_is_signed_out_takes_its_tokens_along_and_no_others(server: TestServer) {
        let mine = server.organization("mine").await;
        let here = sign_in(&server, &mine, "anna", BackOfficeLevel::None).await;
        let there = begin_session(&server, &mine, &here.user).await;
        assert!(probe(&here.actor).await.unwrap() && probe(&there.actor).await.unwrap());
        ask!(here.actor.authentication().sign_out(v1::SignOutRequest {})).unwrap();

        assert_eq!(refusal(probe(&here.actor).await), TOKEN_INVALID);
        assert!(probe(&there.actor).await.unwrap());
    }

    async fn suspension_and_removal_end_every_token(server: TestServer) {
        let mine = server.organization("mine").await;
        for name in ["suspended", "removed"] {
            let here = sign_in(&server, &mine, name, BackOfficeLevel::None).await;
            let there = begin_session(&server, &mine, &here.user).await;
            assert!(probe(&here.actor).await.unwrap());
            match name {
                "suspended" => suspend(&mine, &here.user).await,
                _ => remove(&mine, &here.user).await,
            };
            assert_eq!(refusal(probe(&here.actor).await), TOKEN_INVALID, "{name}, verified before");
            assert_eq!(refusal(probe(&there.actor).await), TOKEN_INVALID, "{name}, never seen before");
        }
    }

    async fn a_changed_level_changes_what_a_token_may_do(server: TestServer) {
        let mine = server.organization("mine").await;
        let anna = sign_in(&server, &mine, "anna", BackOfficeLevel::Admin).await;
        sign_in(&server, &mine, "other-admin", BackOfficeLevel::Admin).await;
        manage(&anna.actor, &mine).await.unwrap();
        set_access(&mine, &anna.user, true, BackOfficeLevel::Standard).await;
        assert_eq!(refusal(manage(&anna.actor, &mine).await), NOT_PERMITTED);

        set_access(&mine, &anna.user, true, BackOfficeLevel::Admin).await;
        manage(&anna.actor, &mine).await.unwrap();
        set_access(&mine, &anna.user, false, BackOfficeLevel::None).await;
        assert_eq!(refusal(manage(&anna.actor, &mine).await), TOKEN_INVALID);
    }

    async fn a_token_ends_after_five_minutes_and_with_its_session(server: TestServer) {
        let mine = server.organization("mine").await;
        let anna = sign_in(&server, &mine, "anna", BackOfficeLevel::None).await;
        server.clock.advance(Duration::from_secs(298));
        assert!(probe(&anna.actor).await.unwrap());
        server.clock.advance(Duration::from_secs(8));

        assert_eq!(refusal(probe(&anna.actor).await), TOKEN_INVALID);
    }
}

/// Uses a token through one replica while it is ended through the other.
async fn end_elsewhere(
    here: &TestServer,
    there: &TestServer,
    round: u32,
    end: impl AsyncFn(&OrganizationActor, &SignedIn) -> u64,
) {
    let mine = here.organization(&format!("mine {round}")).await;
    let anna = sign_in(here, &mine, &format!("anna-{round}"), BackOfficeLevel::None).await;
    let actor = mine.through(there).with_token(&anna.actor.token);
    // Keeps looking the token up, so that a look-up may overtake its end.
    let look_up = async {
        if round.is_multiple_of(3) {
            probe(&actor).await.unwrap();
        }
        while round % 3 != 2 && probe(&actor).await.is_ok() {}
    };
    let ended = async {
        let revision = end(&mine, &anna).await;
        there.environment().await.feed.reach(Revision::new(revision)).await;
        assert_eq!(refusal(probe(&actor).await), TOKEN_INVALID, "{round}");
    };
    tokio::join!(look_up, ended);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_was_ended_through_one_replica_is_refused_by_the_other() {
    if !Backend::Postgres.is_wanted() {
        return;
    }
    let here = TestServer::on(Backend::Postgres).await;
    let there = here.replica().await;
    for round in 0..9 {
        end_elsewhere(&here, &there, round, async |_, anna| {
            ask!(anna.actor.authentication().sign_out(v1::SignOutRequest {})).unwrap().revision
        })
        .await;
    }
    for round in 9..12 {
        end_elsewhere(&here, &there, round, async |mine, anna| suspend(mine, &anna.user).await).await;
    }
    here.check_index().await;
    there.check_index().await;
}
