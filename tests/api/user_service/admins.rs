//! An organization keeps somebody who can administer it.

use tonic::Status;
use varco_proto::v1::{
    BackOfficeLevel, RemoveMembershipRequest, RemoveUserRequest, SetAccessRequest, SuspendUserRequest, User,
};
use varco_testkit::{OrganizationActor, TestServer, on_every_database};

use super::{access, created, guest, new_user, with_level};
use crate::calls::{ask, refusal};

async fn demote(actor: &OrganizationActor, user: &User) -> Result<(), Status> {
    let level = Some(BackOfficeLevel::Standard.into());
    let request = SetAccessRequest { back_office_level: level, ..access(actor, user) };
    ask!(actor.users().set_access(request)).map(drop)
}

async fn suspend(actor: &OrganizationActor, user: &User) -> Result<(), Status> {
    let request = SuspendUserRequest {
        organization_id: actor.organization.clone(),
        user_id: user.user_id.clone(),
        validate_only: false,
    };
    ask!(actor.users().suspend_user(request)).map(drop)
}

async fn remove(actor: &OrganizationActor, user: &User) -> Result<(), Status> {
    let request = RemoveUserRequest {
        organization_id: actor.organization.clone(),
        user_id: user.user_id.clone(),
        validate_only: false,
    };
    ask!(actor.users().remove_user(request)).map(drop)
}

async fn end(actor: &OrganizationActor, user: &User) -> Result<(), Status> {
    let (organization_id, user_id) = (actor.organization.clone(), user.user_id.clone());
    let request = RemoveMembershipRequest { organization_id, user_id, validate_only: false };
    ask!(actor.users().remove_membership(request)).map(drop)
}

const LAST_ADMIN: &str = "FAILED_PRECONDITION LAST_ADMIN";

on_every_database! {
    async fn the_last_active_admin_stays(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = with_level(&mine, "ana", BackOfficeLevel::Admin).await;
        with_level(&mine, "bea", BackOfficeLevel::Standard).await;

        assert_eq!(refusal(demote(&mine, &ana).await), LAST_ADMIN);
        assert_eq!(refusal(suspend(&mine, &ana).await), LAST_ADMIN);
        assert_eq!(refusal(remove(&mine, &ana).await), LAST_ADMIN);
    }

    async fn an_admin_may_go_where_another_one_is_active(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = with_level(&mine, "ana", BackOfficeLevel::Admin).await;
        let bea = with_level(&mine, "bea", BackOfficeLevel::Admin).await;
        suspend(&mine, &bea).await.unwrap();

        assert_eq!(refusal(remove(&mine, &ana).await), LAST_ADMIN, "the other one is suspended");
        remove(&mine, &bea).await.unwrap();
        let cleo = with_level(&mine, "cleo", BackOfficeLevel::Admin).await;
        demote(&mine, &ana).await.unwrap();
        assert_eq!(refusal(demote(&mine, &cleo).await), LAST_ADMIN);
    }

    async fn an_organization_without_admins_is_not_concerned(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = with_level(&mine, "ana", BackOfficeLevel::Standard).await;

        suspend(&mine, &ana).await.unwrap();
        remove(&mine, &ana).await.unwrap();
    }

    async fn a_guest_who_is_the_last_admin_stays(server: TestServer) {
        let (home, other) = (server.organization("home").await, server.organization("other").await);
        let ana = created(&home, new_user(&home, "ana")).await;
        ask!(other.users().add_membership(guest(&other, "ana@example.com"))).unwrap();
        let level = Some(BackOfficeLevel::Admin.into());
        let raise = SetAccessRequest { back_office_level: level, ..access(&other, &ana) };
        ask!(other.users().set_access(raise)).unwrap();

        assert_eq!(refusal(end(&other, &ana).await), LAST_ADMIN);
        assert_eq!(refusal(remove(&other, &ana).await), LAST_ADMIN);
        assert_eq!(refusal(suspend(&home, &ana).await), LAST_ADMIN, "by its home as well");
        assert_eq!(refusal(remove(&home, &ana).await), LAST_ADMIN, "by its home as well");

        with_level(&other, "bea", BackOfficeLevel::Admin).await;
        end(&other, &ana).await.unwrap();
        remove(&home, &ana).await.unwrap();
    }
}
