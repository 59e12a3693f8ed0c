use varco_proto::v1::{CreateUserRequest, ReactivateUserRequest, SeatPool, SuspendUserRequest, User, UserStatus};
use varco_testkit::{OrganizationActor, TestServer, on_every_database};

use super::{created, events_about, found, guest, new_user, used_seats};
use crate::calls::{ask, refusal};

fn suspend(actor: &OrganizationActor, user: &User) -> SuspendUserRequest {
    SuspendUserRequest {
        organization_id: actor.organization.clone(),
        user_id: user.user_id.clone(),
        validate_only: false,
    }
}

fn reactivate(actor: &OrganizationActor, user: &User) -> ReactivateUserRequest {
    ReactivateUserRequest {
        organization_id: actor.organization.clone(),
        user_id: user.user_id.clone(),
        validate_only: false,
    }
}

on_every_database! {
    async fn a_suspended_account_keeps_its_seat_and_can_come_back(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = created(&mine, CreateUserRequest { app_access: true, ..new_user(&mine, "ana") }).await;

        let too_early = ask!(mine.users().reactivate_user(reactivate(&mine, &ana)));
        assert_eq!(refusal(too_early), "FAILED_PRECONDITION NOT_SUSPENDED");
        let stopped = ask!(mine.users().suspend_user(suspend(&mine, &ana))).unwrap().user.unwrap();
        assert_eq!(stopped.status(), UserStatus::Suspended);
        assert_ne!(stopped.etag, ana.etag);
        assert_eq!(used_seats(&mine, SeatPool::App).await, 1);
        let twice = ask!(mine.users().suspend_user(suspend(&mine, &ana)));
        assert_eq!(refusal(twice), "FAILED_PRECONDITION ALREADY_SUSPENDED");

        let back = ask!(mine.users().reactivate_user(reactivate(&mine, &ana))).unwrap().user.unwrap();
        assert_eq!(back.status(), UserStatus::Active);
        assert_eq!(events_about(&mine, &ana.user_id).await[..2], ["user.reactivated", "user.suspended"]);
    }

    async fn validate_only_says_the_status_and_leaves_it(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = created(&mine, new_user(&mine, "ana")).await;
        let before = mine.event_count().await;
        let request = SuspendUserRequest { validate_only: true, ..suspend(&mine, &ana) };
        let answer = ask!(mine.users().suspend_user(request)).unwrap().user.unwrap();
        assert_eq!(answer.status(), UserStatus::Suspended);
        assert_eq!((found(&mine, &ana.user_id).await.unwrap(), mine.event_count().await), (ana.clone(), before));

        let stopped = ask!(mine.users().suspend_user(suspend(&mine, &ana))).unwrap().user.unwrap();
        let before = mine.event_count().await;
        let request = ReactivateUserRequest { validate_only: true, ..reactivate(&mine, &ana) };
        let answer = ask!(mine.users().reactivate_user(request)).unwrap().user.unwrap();
        assert_eq!(answer.status(), UserStatus::Active);
        assert_eq!((found(&mine, &ana.user_id).await.unwrap(), mine.event_count().await), (stopped, before));
    }

    async fn only_home_stops_an_account_and_everybody_sees_it(server: TestServer) {
        let (home, other) = (server.organization("home").await, server.organization("other").await);
        let ana = created(&home, new_user(&home, "ana")).await;
        ask!(other.users().add_membership(guest(&other, "ana@example.com"))).unwrap();

        let by_host = ask!(other.users().suspend_user(suspend(&other, &ana)));
        assert_eq!(refusal(by_host), "FAILED_PRECONDITION NOT_HOME_ORGANIZATION");
        let by_host = ask!(other.users().reactivate_user(reactivate(&other, &ana)));
        assert_eq!(refusal(by_host), "FAILED_PRECONDITION NOT_HOME_ORGANIZATION");
        ask!(home.users().suspend_user(suspend(&home, &ana))).unwrap();
        assert_eq!(found(&other, &ana.user_id).await.unwrap().status(), UserStatus::Suspended);
    }

    async fn every_organization_of_an_account_hears_of_its_status(server: TestServer) {
        let (home, other) = (server.organization("home").await, server.organization("other").await);
        let stranger = server.organization("stranger").await;
        let ana = created(&home, new_user(&home, "ana")).await;
        ask!(other.users().add_membership(guest(&other, "ana@example.com"))).unwrap();
        ask!(home.users().suspend_user(suspend(&home, &ana))).unwrap();
        ask!(home.users().reactivate_user(reactivate(&home, &ana))).unwrap();

        for actor in [&home, &other] {
            let events = events_about(actor, &ana.user_id).await;
            assert_eq!(events[..2], ["user.reactivated", "user.suspended"]);
        }
        assert_eq!(events_about(&stranger, &ana.user_id).await, [""; 0]);
    }

    async fn a_stranger_is_not_found(server: TestServer) {
        let (home, other) = (server.organization("home").await, server.organization("other").await);
        let ana = created(&home, new_user(&home, "ana")).await;
        let not_found = "NOT_FOUND USER_NOT_FOUND";

        assert_eq!(refusal(ask!(other.users().suspend_user(suspend(&other, &ana)))), not_found);
        assert_eq!(refusal(ask!(other.users().reactivate_user(reactivate(&other, &ana)))), not_found);
        assert_eq!(refusal(found(&other, &ana.user_id).await), not_found);
    }
}
