//! Who has not signed in for long.

use std::time::Duration;

use prost_types::Timestamp;
use varco_application::Environment;
use varco_domain::UserId;
use varco_proto::v1::{ListUsersRequest, User};
use varco_testkit::{OrganizationActor, TestServer, on_every_database};

use super::contacts::contact;
use super::{created, found, guest, new_user};
use crate::calls::ask;

const START: i64 = 1_767_225_600;

async fn note_sign_in(env: &Environment, user: &User, seconds: i64) {
    let mut work = env.store.begin().await.unwrap();
    let at = varco_domain::Timestamp::from_micros(seconds * 1_000_000);
    work.users().note_sign_in(UserId::parse(&user.user_id).unwrap(), at).await.unwrap();
    work.commit().await.unwrap();
}

async fn dormant_since(actor: &OrganizationActor, seconds: i64) -> Vec<String> {
    let request = ListUsersRequest {
        organization_id: actor.organization.clone(),
        dormant_since: Some(Timestamp { seconds, nanos: 0 }),
        with_total_size: true,
        ..ListUsersRequest::default()
    };
    let listed = ask!(actor.users().list_users(request)).unwrap();
    assert_eq!(listed.total_size, Some(listed.users.len() as u64));
    listed.users.into_iter().map(|user| user.username).collect()
}

on_every_database! {
    async fn the_last_sign_in_is_shown_at_home_alone(server: TestServer) {
        let (home, other) = (server.organization("home").await, server.organization("other").await);
        let ana = created(&home, new_user(&home, "ana")).await;
        ask!(other.users().add_membership(guest(&other, &ana.email))).unwrap();
        assert_eq!(ana.last_sign_in_time, None);
        let env = server.environment().await;
        for seconds in [START + 50, START + 20] {
            note_sign_in(&env, &ana, seconds).await;
        }

        let seen = found(&home, &ana.user_id).await.unwrap();
        assert_eq!(seen.last_sign_in_time, Some(Timestamp { seconds: START + 50, nanos: 0 }), "the latest counts");
        assert_eq!(seen.etag, ana.etag);
        assert_eq!(found(&other, &ana.user_id).await.unwrap().last_sign_in_time, None);
    }

    async fn dormant_are_those_who_live_here_and_did_not_sign_in_since(server: TestServer) {
        let (home, other) = (server.organization("home").await, server.organization("other").await);
        let mut users = Vec::new();
        for name in ["early", "late", "never"] {
            users.push(created(&home, new_user(&home, name)).await);
        }
        contact(&home, "carla").await;
        created(&other, new_user(&other, "guest")).await;
        ask!(home.users().add_membership(guest(&home, "guest@example.com"))).unwrap();
        server.clock.advance(Duration::from_mins(10));
        created(&home, new_user(&home, "new")).await;
        let env = server.environment().await;
        note_sign_in(&env, &users[0], START + 300).await;
        note_sign_in(&env, &users[1], START + 500).await;

        assert_eq!(dormant_since(&home, START + 400).await, ["early", "never"]);
        assert_eq!(dormant_since(&home, START + 300).await, ["never"], "who signed in just then did");
        assert_eq!(dormant_since(&home, START + 3000).await, ["early", "late", "never", "new"]);
        assert_eq!(dormant_since(&home, START).await, [""; 0]);
    }
}
