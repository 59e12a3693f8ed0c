//! What a server does on its own, while it runs: the sweeps, in the server's time.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing where it looks has failed")]

use std::collections::BTreeSet;
use std::time::Duration;

use varco_application::Environment;
use varco_application::storage::FailureFilter;
use varco_proto::v1;
use varco_server::background::{self, SWEEPS};
use varco_testkit::{OrganizationActor, PASSWORD, TestServer, on_every_database};

/// Makes a user of one organization a guest in another, for ten minutes.
async fn guest_for_ten_minutes(server: &TestServer, home: &OrganizationActor, host: &OrganizationActor) {
    home.create_user("ana").await;
    let now = varco_application::Clock::now(server.clock.as_ref()).as_micros() / 1_000_000;
    let request = v1::AddMembershipRequest {
        organization_id: host.organization.clone(),
        email: "ana@example.com".to_owned(),
        app_access: true,
        expire_time: Some(prost_types::Timestamp { seconds: now + 600, nanos: 0 }),
        back_office_level: v1::BackOfficeLevel::None.into(),
        ..Default::default()
    };
    host.users().add_membership(request).await.unwrap();
}

/// Keeps the record of one sign-in that was refused, by now too old to be kept.
async fn leave_something_old(server: &TestServer) {
    server.try_sign_in("nobody", PASSWORD).await.unwrap_err();
    server.clock.advance(Duration::from_hours(24 * 90));
}

async fn has_leftovers(env: &Environment) -> bool {
    let mut work = env.store.begin_read().await.unwrap();
    !work.sign_ins().list_failures(&FailureFilter::default(), None, 1).await.unwrap().items.is_empty()
}

#[test]
fn there_are_three_sweeps_at_their_intervals() {
    let sweeps = SWEEPS.map(|sweep| (sweep.name, sweep.interval.as_secs()));
    assert_eq!(sweeps, [("memberships", 1), ("keys", 60), ("leftovers", 600)]);
}

on_every_database! {
    async fn every_sweep_is_started(server: TestServer) {
        let (home, host) = (server.organization("home").await, server.organization("host").await);
        guest_for_ten_minutes(&server, &home, &host).await;
        let last = home.events_so_far().await[0].revision;
        leave_something_old(&server).await;
        let (env, operator) = (server.environment().await, server.operator().await);
        let types = ["membership.expired", "signing_key.created"].map(str::to_owned).to_vec();
        let request = v1::WatchRequest { organization_id: String::new(), after_revision: Some(last), types };
        let mut stream = operator.events().watch(request).await.unwrap().into_inner();
        let often = SWEEPS.map(|sweep| sweep.every(Duration::from_millis(1)));
        background::start_with(&env, &often);
        let mut missing = BTreeSet::from(["membership.expired".to_owned(), "signing_key.created".to_owned()]);
        while !missing.is_empty() {
            for event in stream.message().await.unwrap().unwrap().events {
                missing.remove(&event.r#type);
            }
        }
        while has_leftovers(&env).await {}

        server.stop().await;
        env.tasks.ended().await;
    }

    async fn a_membership_is_ended_when_its_time_comes_and_mails_go_out(server: TestServer) {
        let (home, host) = (server.organization("home").await, server.organization("host").await);
        guest_for_ten_minutes(&server, &home, &host).await;
        let types = ["membership.expired", "mail.sent"].map(str::to_owned).to_vec();
        let (organization_id, after_revision) = (String::new(), Some(0));
        let request = v1::WatchRequest { organization_id, after_revision, types };
        let operator = server.operator().await;
        let mut stream = operator.events().watch(request).await.unwrap().into_inner();
        let env = server.environment().await;
        background::start(&env);
        let mut seen = Vec::new();
        while !seen.iter().any(|kind| kind == "mail.sent") {
            seen.extend(stream.message().await.unwrap().unwrap().events.into_iter().map(|event| event.r#type));
        }
        assert!(!seen.iter().any(|kind| kind == "membership.expired"), "its time has not come");
        server.clock.advance(Duration::from_mins(10));
        while !seen.iter().any(|kind| kind == "membership.expired") {
            seen.extend(stream.message().await.unwrap().unwrap().events.into_iter().map(|event| event.r#type));
        }

        server.stop().await;
        env.tasks.ended().await;
    }
}
