//! Memberships that end by themselves.

use std::time::Duration;

use prost_types::Timestamp;
use tonic::Status;
use varco_application::users::expire_memberships;
use varco_proto::v1::set_access_request::Expiry;
use varco_proto::v1::{
    AccessServiceListUnitsRequest, AccessServiceListUsersRequest, AddMembershipRequest, BackOfficeLevel,
    CreateUserRequest, DecisionReason, ListAssignmentsRequest, ListMembershipsRequest, Membership, SeatPool,
    SetAccessRequest, User,
};
use varco_testkit::{OrganizationActor, TestServer, on_every_database};

use super::{access, count, created, events_about, found, guest, membership, new_user, used_seats, with_level};
use crate::calls::{ask, bad_fields, refusal};

const VIEW: &str = "test:things.view";

/// An instant some minutes after the start of every test.
fn after(minutes: i64) -> Option<Timestamp> {
    Some(Timestamp { seconds: 1_767_225_600 + 60 * minutes, nanos: 0 })
}

fn guest_until(actor: &OrganizationActor, email: &str, minutes: i64) -> AddMembershipRequest {
    AddMembershipRequest { expire_time: after(minutes), app_access: true, ..guest(actor, email) }
}

async fn until(actor: &OrganizationActor, user: &User, expiry: Expiry) -> Result<Membership, Status> {
    let request = SetAccessRequest { expiry: Some(expiry), ..access(actor, user) };
    ask!(actor.users().set_access(request)).map(|response| response.membership.unwrap())
}

/// A guest for ten minutes who may view things everywhere.
async fn visitor(home: &OrganizationActor, host: &OrganizationActor) -> User {
    let ana = created(home, new_user(home, "ana")).await;
    let request = guest_until(host, &ana.email, 10);
    let seen = ask!(host.users().add_membership(request)).unwrap().user.unwrap();
    let role = host.create_role("Reader", &[VIEW]).await;
    host.grant(&ana.user_id, &host.root_unit, &[&role]).await;
    seen
}

async fn reason(actor: &OrganizationActor, user: &User) -> DecisionReason {
    actor.check(&user.user_id, VIEW, &actor.root_unit).await.reason()
}

on_every_database! {
    async fn what_has_ended_does_not_count_before_anybody_cleans_up(server: TestServer) {
        let (home, host) = (server.organization("home").await, server.organization("host").await);
        let ana = visitor(&home, &host).await;
        assert_eq!(membership(&ana).expire_time, after(10));
        server.clock.advance(Duration::from_secs(590));
        assert_eq!(reason(&host, &ana).await, DecisionReason::Allowed, "not yet");
        server.clock.advance(Duration::from_secs(10));

        assert_eq!(reason(&host, &ana).await, DecisionReason::NotAMember);
        assert_eq!(refusal(found(&host, &ana.user_id).await), "NOT_FOUND USER_NOT_FOUND");
        assert_eq!(count(&host).await, 0);
        assert_eq!(refusal(ask!(host.users().set_access(access(&host, &ana)))), "NOT_FOUND USER_NOT_FOUND");
        let (organization_id, unit_id) = (host.organization.clone(), host.root_unit.clone());
        let (permission, subject_id) = (VIEW.to_owned(), ana.user_id.clone());
        let request = AccessServiceListUsersRequest {
            organization_id: organization_id.clone(),
            permission: permission.clone(),
            unit_id,
            ..Default::default()
        };
        assert_eq!(ask!(host.access().list_users(request)).unwrap().subject_ids, [""; 0]);
        let request = AccessServiceListUnitsRequest {
            organization_id: organization_id.clone(),
            subject_id,
            permission,
            ..Default::default()
        };
        assert_eq!(ask!(host.access().list_units(request)).unwrap().unit_ids, [""; 0]);
        let request = ListAssignmentsRequest { organization_id, ..Default::default() };
        assert_eq!(ask!(host.assignments().list_assignments(request)).unwrap().cells, []);
        let request = ListMembershipsRequest {
            organization_id: home.organization.clone(),
            user_id: ana.user_id.clone(),
            ..Default::default()
        };
        let left = ask!(home.users().list_memberships(request)).unwrap().memberships;
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].organization_id, home.organization);
    }

    async fn the_clean_up_ends_it_with_its_event_as_a_removal_does(server: TestServer) {
        let (home, host) = (server.organization("home").await, server.organization("host").await);
        let ana = visitor(&home, &host).await;
        let env = server.environment().await;
        assert_eq!(expire_memberships(&env).await.unwrap(), 0, "nothing has ended yet");
        assert_eq!(used_seats(&host, SeatPool::App).await, 1);
        server.clock.advance(Duration::from_mins(10));

        assert_eq!(expire_memberships(&env).await.unwrap(), 1);
        assert_eq!(expire_memberships(&env).await.unwrap(), 0, "it ends once");
        assert_eq!(used_seats(&host, SeatPool::App).await, 0);
        let events = events_about(&host, &ana.user_id).await;
        assert_eq!(events[..2], ["membership.expired", "assignment.revoked"]);
        let expired = host.events_so_far().await.into_iter().find(|event| event.r#type == "membership.expired");
        assert_eq!(expired.unwrap().actor.unwrap_or_default().actor_id, "", "the service itself did it");
        assert_eq!(reason(&host, &ana).await, DecisionReason::NotAMember);
        assert!(found(&home, &ana.user_id).await.is_ok(), "the account lives on");
    }

    async fn many_end_in_one_go(server: TestServer) {
        let (home, host) = (server.organization("home").await, server.organization("host").await);
        for number in 0..7 {
            let name = format!("user-{number}");
            created(&home, new_user(&home, &name)).await;
            let request = guest_until(&host, &format!("{name}@example.com"), number + 1);
            ask!(host.users().add_membership(request)).unwrap();
        }
        server.clock.advance(Duration::from_secs(290));
        assert_eq!(expire_memberships(server.environment().await.as_ref()).await.unwrap(), 4);
        assert_eq!((count(&host).await, used_seats(&host, SeatPool::App).await), (3, 3));
    }

    async fn an_end_can_be_set_moved_and_taken_away(server: TestServer) {
        let (home, host) = (server.organization("home").await, server.organization("host").await);
        let ana = created(&home, new_user(&home, "ana")).await;
        let request = AddMembershipRequest { app_access: true, ..guest(&host, &ana.email) };
        let ana = ask!(host.users().add_membership(request)).unwrap().user.unwrap();
        assert_eq!(membership(&ana).expire_time, None);

        let end = Expiry::ExpireTime(after(1).unwrap());
        assert_eq!(until(&host, &ana, end).await.unwrap().expire_time, after(1));
        let later = Expiry::ExpireTime(after(9).unwrap());
        assert_eq!(until(&host, &ana, later).await.unwrap().expire_time, after(9));
        server.clock.advance(Duration::from_mins(2));
        assert_eq!(reason(&host, &ana).await, DecisionReason::NoRoleHere, "still a member");
        let kept = SetAccessRequest { app_access: Some(false), ..access(&host, &ana) };
        let kept = ask!(host.users().set_access(kept)).unwrap().membership.unwrap();
        assert_eq!(kept.expire_time, after(9), "what is absent stays");
        assert_eq!(until(&host, &ana, Expiry::NeverExpires(true)).await.unwrap().expire_time, None);
        server.clock.advance(Duration::from_mins(9));
        assert!(found(&host, &ana.user_id).await.is_ok());
        assert_eq!(expire_memberships(server.environment().await.as_ref()).await.unwrap(), 0);
    }

    async fn who_was_away_can_join_again_at_once(server: TestServer) {
        let (home, host) = (server.organization("home").await, server.organization("host").await);
        let ana = visitor(&home, &host).await;
        server.clock.advance(Duration::from_mins(10));

        let request = CreateUserRequest { app_access: true, email: ana.email.clone(), ..new_user(&host, "other") };
        let back = ask!(host.users().create_user(request)).unwrap().user.unwrap();
        assert_eq!(membership(&back).expire_time, None);
        assert_eq!(used_seats(&host, SeatPool::App).await, 1);
        assert_eq!(reason(&host, &ana).await, DecisionReason::NoRoleHere, "what was granted before is gone");
        let events = events_about(&host, &ana.user_id).await;
        assert_eq!(events[..2], ["membership.added", "membership.expired"]);
    }

    async fn an_end_lies_ahead_and_within_a_hundred_years(server: TestServer) {
        let (home, host) = (server.organization("home").await, server.organization("host").await);
        let ana = created(&home, new_user(&home, "ana")).await;
        for minutes in [0, -5, 60 * 24 * 366 * 101] {
            let outcome = ask!(host.users().add_membership(guest_until(&host, &ana.email, minutes)));
            assert_eq!(bad_fields(outcome), ["expire_time"], "{minutes}");
        }
        let ana = ask!(host.users().add_membership(guest(&host, &ana.email))).unwrap().user.unwrap();
        let outcome = until(&host, &ana, Expiry::ExpireTime(after(0).unwrap())).await;
        assert_eq!(bad_fields(outcome), ["expire_time"]);
        assert_eq!(bad_fields(until(&host, &ana, Expiry::NeverExpires(false)).await), ["never_expires"]);
    }

    async fn a_membership_at_home_has_no_end(server: TestServer) {
        let mine = server.organization("mine").await;
        let internal = "FAILED_PRECONDITION INTERNAL_MEMBERSHIP";
        let request = CreateUserRequest { expire_time: after(10), ..new_user(&mine, "ana") };
        assert_eq!(refusal(ask!(mine.users().create_user(request))), internal);
        assert_eq!(count(&mine).await, 0);
        let ana = created(&mine, new_user(&mine, "ana")).await;
        assert_eq!(refusal(until(&mine, &ana, Expiry::ExpireTime(after(10).unwrap())).await), internal);
        assert!(until(&mine, &ana, Expiry::NeverExpires(true)).await.is_ok());
    }

    async fn who_stays_for_a_while_is_no_successor_of_the_last_admin(server: TestServer) {
        let (mine, other) = (server.organization("mine").await, server.organization("other").await);
        let ana = with_level(&mine, "ana", BackOfficeLevel::Admin).await;
        created(&other, new_user(&other, "bea")).await;
        let level = BackOfficeLevel::Admin.into();
        let request = AddMembershipRequest { back_office_level: level, ..guest_until(&mine, "bea@example.com", 10) };
        let bea = ask!(mine.users().add_membership(request)).unwrap().user.unwrap();

        let last_admin = "FAILED_PRECONDITION LAST_ADMIN";
        let less = Some(BackOfficeLevel::Standard.into());
        let demote = |user: &User| SetAccessRequest { back_office_level: less, ..access(&mine, user) };
        assert_eq!(refusal(ask!(mine.users().set_access(demote(&ana)))), last_admin);
        until(&mine, &bea, Expiry::NeverExpires(true)).await.unwrap();
        ask!(mine.users().set_access(demote(&ana))).unwrap();
        let outcome = until(&mine, &bea, Expiry::ExpireTime(after(10).unwrap())).await;
        assert_eq!(refusal(outcome), last_admin, "now she is the last");
    }
}
