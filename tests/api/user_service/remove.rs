use varco_proto::v1::{
    Actor, ActorKind, CreateUserRequest, Event, GrantRolesRequest, ListAssignmentsRequest, ListEventsRequest,
    RemoveMembershipRequest, RemoveUserRequest, SeatPool, SetAccessRequest, User, WatchRequest,
};
use varco_testkit::{OrganizationActor, TestServer, on_every_database, status_text};

use super::{access, count, created, events_about, found, guest, new_user, used_seats};
use crate::calls::{ask, refusal};

fn remove(actor: &OrganizationActor, user: &User) -> RemoveUserRequest {
    RemoveUserRequest {
        organization_id: actor.organization.clone(),
        user_id: user.user_id.clone(),
        validate_only: false,
    }
}

/// Gives a user app access and a role at the root.
async fn equip(actor: &OrganizationActor, user: &User) {
    let request = SetAccessRequest { app_access: Some(true), ..access(actor, user) };
    ask!(actor.users().set_access(request)).unwrap();
    let role = actor.create_role("Viewer", &[]).await;
    let request = GrantRolesRequest {
        organization_id: actor.organization.clone(),
        subject_id: user.user_id.clone(),
        unit_id: actor.root_unit.clone(),
        role_ids: vec![role],
        ..GrantRolesRequest::default()
    };
    ask!(actor.assignments().grant_roles(request)).unwrap();
}

async fn assignments(actor: &OrganizationActor) -> usize {
    let organization_id = actor.organization.clone();
    let request = ListAssignmentsRequest { organization_id, ..ListAssignmentsRequest::default() };
    ask!(actor.assignments().list_assignments(request)).unwrap().cells.len()
}

/// What a stream tells of a revision.
async fn watched(actor: &OrganizationActor, revision: u64) -> Vec<Event> {
    let (organization_id, after_revision) = (actor.organization.clone(), Some(revision - 1));
    let request = WatchRequest { organization_id, after_revision, types: Vec::new() };
    let mut stream = ask!(actor.events().watch(request)).unwrap();
    loop {
        let events = stream.message().await.unwrap().unwrap().events;
        if !events.is_empty() {
            return events;
        }
    }
}

on_every_database! {
    async fn removing_a_guest_ends_the_membership_alone(server: TestServer) {
        let (home, other) = (server.organization("home").await, server.organization("other").await);
        let ana = created(&home, new_user(&home, "ana")).await;
        ask!(other.users().add_membership(guest(&other, "ana@example.com"))).unwrap();
        equip(&home, &ana).await;
        equip(&other, &ana).await;

        let removed = ask!(other.users().remove_user(remove(&other, &ana))).unwrap();
        assert!(!removed.account_deleted);
        assert_eq!(refusal(found(&other, &ana.user_id).await), "NOT_FOUND USER_NOT_FOUND");
        assert_eq!((used_seats(&other, SeatPool::App).await, assignments(&other).await), (0, 0));
        assert_eq!(events_about(&other, &ana.user_id).await[..2], ["membership.removed", "assignment.revoked"]);

        assert!(found(&home, &ana.user_id).await.is_ok());
        assert_eq!((used_seats(&home, SeatPool::App).await, assignments(&home).await), (1, 1));
    }

    async fn removing_an_account_ends_it_everywhere(server: TestServer) {
        let (home, other) = (server.organization("home").await, server.organization("other").await);
        let ana = created(&home, new_user(&home, "ana")).await;
        ask!(other.users().add_membership(guest(&other, "ana@example.com"))).unwrap();
        equip(&home, &ana).await;
        equip(&other, &ana).await;

        let removed = ask!(home.users().remove_user(remove(&home, &ana))).unwrap();
        assert!(removed.account_deleted);
        for actor in [&home, &other] {
            assert_eq!(refusal(found(actor, &ana.user_id).await), "NOT_FOUND USER_NOT_FOUND");
            assert_eq!((used_seats(actor, SeatPool::App).await, assignments(actor).await), (0, 0));
            let events = events_about(actor, &ana.user_id).await;
            assert!(events.contains(&"assignment.revoked".to_owned()), "{events:?}");
            assert!(events.contains(&"membership.removed".to_owned()), "{events:?}");
        }
        assert_eq!(events_about(&home, &ana.user_id).await[0], "user.removed");
    }

    async fn validate_only_says_what_would_go_and_removes_nothing(server: TestServer) {
        let (home, other) = (server.organization("home").await, server.organization("other").await);
        let ana = created(&home, new_user(&home, "ana")).await;
        ask!(other.users().add_membership(guest(&other, "ana@example.com"))).unwrap();
        equip(&home, &ana).await;
        equip(&other, &ana).await;
        let users = [found(&home, &ana.user_id).await.unwrap(), found(&other, &ana.user_id).await.unwrap()];
        let before = (home.event_count().await, other.event_count().await);

        for (actor, account_deleted) in [(&home, true), (&other, false)] {
            let request = RemoveUserRequest { validate_only: true, ..remove(actor, &ana) };
            let answer = ask!(actor.users().remove_user(request)).unwrap();
            assert_eq!(answer.account_deleted, account_deleted);
        }
        for (actor, expected) in [(&home, Some("FAILED_PRECONDITION INTERNAL_MEMBERSHIP")), (&other, None)] {
            let (organization_id, user_id) = (actor.organization.clone(), ana.user_id.clone());
            let request = RemoveMembershipRequest { organization_id, user_id, validate_only: true };
            let outcome = ask!(actor.users().remove_membership(request));
            assert_eq!(outcome.err().map(|refused| status_text(&refused)).as_deref(), expected);
        }
        for (actor, user) in [&home, &other].into_iter().zip(users) {
            assert_eq!(found(actor, &ana.user_id).await.unwrap(), user);
            assert_eq!((used_seats(actor, SeatPool::App).await, assignments(actor).await), (1, 1));
        }
        assert_eq!((home.event_count().await, other.event_count().await), before);
    }

    async fn a_host_is_not_told_who_removed_an_account_at_home(server: TestServer) {
        let (home, other) = (server.organization("home").await, server.organization("other").await);
        let ana = created(&home, new_user(&home, "ana")).await;
        ask!(other.users().add_membership(guest(&other, "ana@example.com"))).unwrap();
        equip(&other, &ana).await;
        let before = other.event_count().await;
        ask!(home.users().remove_user(remove(&home, &ana))).unwrap();

        let mut seen = other.events_so_far().await;
        seen.truncate(seen.len() - before);
        assert!(seen.len() >= 2, "{seen:?}");
        for event in seen.iter().chain(&watched(&other, seen[0].revision).await) {
            let hidden = Actor { kind: ActorKind::ServiceAccount.into(), ..Actor::default() };
            assert_eq!((event.actor.as_ref(), event.request_id.as_str()), (Some(&hidden), ""), "{event:?}");
        }
        let operator = server.operator().await;
        let request = ListEventsRequest { organization_id: other.organization.clone(), page_size: 1, ..Default::default() };
        let events = ask!(operator.events().list_events(request)).unwrap().events;
        for event in events.iter().chain(&home.events_so_far().await[..1]) {
            let actor = event.actor.clone().unwrap();
            assert_eq!((actor.actor_id, actor.address.as_str()), (home.credential.client_id.clone(), "127.0.0.1"));
            assert_ne!(event.request_id, "");
        }
    }

    async fn username_and_email_become_free(server: TestServer) {
        let (home, other) = (server.organization("home").await, server.organization("other").await);
        let ana = created(&home, new_user(&home, "ana")).await;
        ask!(home.users().remove_user(remove(&home, &ana))).unwrap();
        let again = ask!(home.users().remove_user(remove(&home, &ana)));
        assert_eq!(refusal(again), "NOT_FOUND USER_NOT_FOUND");

        let new = created(&other, new_user(&other, "ana")).await;
        assert_ne!(new.user_id, ana.user_id);
    }

    async fn a_stranger_cannot_be_removed(server: TestServer) {
        let (home, other) = (server.organization("home").await, server.organization("other").await);
        let ana = created(&home, CreateUserRequest { app_access: true, ..new_user(&home, "ana") }).await;

        let outcome = ask!(other.users().remove_user(remove(&other, &ana)));
        assert_eq!(refusal(outcome), "NOT_FOUND USER_NOT_FOUND");
        assert_eq!(count(&home).await, 1);
    }
}
