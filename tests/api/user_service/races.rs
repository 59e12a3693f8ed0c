//! Calls at the same time.

use futures::future::join_all;
use tonic::Status;
use varco_proto::v1::{
    BackOfficeLevel, CreateUserRequest, MembershipKind, RemoveUserRequest, SeatPool, SetAccessRequest, User,
};
use varco_testkit::{OrganizationActor, TestServer, on_every_database};

use super::{access, count, created, found, guest, limit_seats, membership, new_user, used_seats, with_level};
use crate::calls::{ask, patiently, refusal};

async fn try_create(actor: &OrganizationActor, request: CreateUserRequest) -> Result<User, Status> {
    ask!(actor.users().create_user(request)).map(|response| response.user.unwrap())
}

/// As a client would: what was aborted by contention is tried again.
async fn create_patiently(actor: &OrganizationActor, request: CreateUserRequest) -> Result<User, Status> {
    patiently(async || try_create(actor, request.clone()).await).await
}

on_every_database! {
    async fn a_hundred_creations_take_exactly_ten_free_seats(server: TestServer) {
        let mine = server.organization("mine").await;
        limit_seats(&server, &mine, SeatPool::App, 10).await;
        let creations = (0..100).map(async |number| {
            let request = CreateUserRequest { app_access: true, ..new_user(&mine, &format!("user-{number}")) };
            create_patiently(&mine, request).await
        });

        let outcomes = join_all(creations).await;
        let (created, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
        assert_eq!(created.len(), 10);
        for outcome in refused {
            assert_eq!(refusal(outcome), "RESOURCE_EXHAUSTED NO_FREE_SEAT");
        }
        assert_eq!((count(&mine).await, used_seats(&mine, SeatPool::App).await), (10, 10));
    }

    async fn one_of_two_creations_of_a_username_wins(server: TestServer) {
        let (mine, other) = (server.organization("mine").await, server.organization("other").await);
        let request = |actor, email: &str| CreateUserRequest { email: email.to_owned(), ..new_user(actor, "ana") };
        let (first, second) = tokio::join!(
            create_patiently(&mine, request(&mine, "a@example.com")),
            create_patiently(&other, request(&other, "b@example.com")),
        );

        let (won, lost) = if first.is_ok() { (first, second) } else { (second, first) };
        assert_eq!(won.unwrap().username, "ana");
        assert_eq!(refusal(lost), "ALREADY_EXISTS USERNAME_TAKEN");
        assert_eq!(count(&mine).await + count(&other).await, 1);
    }

    async fn two_organizations_that_invite_one_person_share_one_account(server: TestServer) {
        let (mine, other) = (server.organization("mine").await, server.organization("other").await);
        for round in 0..5 {
            let username = format!("ana-{round}");
            let (first, second) = tokio::join!(
                create_patiently(&mine, new_user(&mine, &username)),
                create_patiently(&other, new_user(&other, &username)),
            );
            let (first, second) = (first.unwrap(), second.unwrap());

            assert_eq!(first.user_id, second.user_id);
            let mut kinds = [membership(&first).kind(), membership(&second).kind()];
            kinds.sort_unstable();
            assert_eq!(kinds, [MembershipKind::Internal, MembershipKind::External]);
        }
    }

    async fn of_two_admins_who_remove_each_other_one_stays(server: TestServer) {
        let mine = server.organization("mine").await;
        let (ana, bea) = (
            with_level(&mine, "ana", BackOfficeLevel::Admin).await,
            with_level(&mine, "bea", BackOfficeLevel::Admin).await,
        );
        let demote = async |user: &User| {
            let level = Some(BackOfficeLevel::None.into());
            let request = SetAccessRequest { back_office_level: level, ..access(&mine, user) };
            ask!(mine.users().set_access(request))
        };
        let outcomes = tokio::join!(demote(&ana), demote(&bea));

        assert_ne!(outcomes.0.is_ok(), outcomes.1.is_ok());
        assert_eq!(used_seats(&mine, SeatPool::BackOffice).await, 1);
    }

    async fn an_account_that_goes_while_it_is_invited_leaves_nothing_behind(server: TestServer) {
        let (home, other) = (server.organization("home").await, server.organization("other").await);
        for round in 0..5 {
            let username = format!("ana-{round}");
            let ana = created(&home, new_user(&home, &username)).await;
            let (organization_id, user_id) = (home.organization.clone(), ana.user_id.clone());
            let remove = RemoveUserRequest { organization_id, user_id, validate_only: false };
            let invite = guest(&other, &ana.email);
            let (removed, invited) = tokio::join!(
                async { ask!(home.users().remove_user(remove)) },
                async { ask!(other.users().add_membership(invite)) },
            );

            assert!(removed.unwrap().account_deleted);
            if let Err(status) = invited {
                assert_eq!(refusal::<()>(Err(status)), "NOT_FOUND USER_NOT_FOUND");
            }
            assert!(found(&other, &ana.user_id).await.is_err());
        }
        assert_eq!((count(&home).await, count(&other).await), (0, 0));
    }
}
