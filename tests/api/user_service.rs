//! `UserService`.

mod access;
mod admins;
mod contacts;
mod create;
mod details;
mod dormant;
mod expiry;
mod guests;
mod links;
mod list;
mod mail_preferences;
mod races;
mod remove;
mod status;
mod update;

use tonic::Status;
use varco_proto::v1::{
    AddMembershipRequest, BackOfficeLevel, CreateUserRequest, GetLicensesRequest, GetUserRequest, ListEventsRequest,
    ListUsersRequest, Membership, MembershipKind, SeatLimit, SeatPool, SetAccessRequest, SetLicenseLimitsRequest, User,
    UserProfile, UserStatus,
};
use varco_testkit::{OrganizationActor, TestServer};

use crate::calls::ask;

/// A request for a user without access.
fn new_user(actor: &OrganizationActor, username: &str) -> CreateUserRequest {
    CreateUserRequest {
        organization_id: actor.organization.clone(),
        username: username.to_owned(),
        email: format!("{username}@example.com"),
        profile: Some(profile("Ana", "Rossi", "it")),
        back_office_level: BackOfficeLevel::None.into(),
        ..CreateUserRequest::default()
    }
}

fn profile(first_name: &str, last_name: &str, language: &str) -> UserProfile {
    let (first_name, last_name) = (first_name.to_owned(), last_name.to_owned());
    UserProfile { first_name, last_name, language: language.to_owned(), ..UserProfile::default() }
}

/// Creates a user, which must succeed, and activates the account if it is new.
async fn created(actor: &OrganizationActor, request: CreateUserRequest) -> User {
    let user = ask!(actor.users().create_user(request)).unwrap().user.unwrap();
    if user.status() == UserStatus::Invited && membership(&user).kind() == MembershipKind::Internal {
        actor.activate(&user.user_id).await;
    }
    actor.user(&user.user_id).await
}

/// Creates a user with a back-office level.
async fn with_level(actor: &OrganizationActor, username: &str, level: BackOfficeLevel) -> User {
    let request = CreateUserRequest { back_office_level: level.into(), ..new_user(actor, username) };
    created(actor, request).await
}

/// A request for an external membership without access.
fn guest(actor: &OrganizationActor, email: &str) -> AddMembershipRequest {
    AddMembershipRequest {
        organization_id: actor.organization.clone(),
        email: email.to_owned(),
        back_office_level: BackOfficeLevel::None.into(),
        ..AddMembershipRequest::default()
    }
}

async fn found(actor: &OrganizationActor, user_id: &str) -> Result<User, Status> {
    let request = GetUserRequest { organization_id: actor.organization.clone(), user_id: user_id.to_owned() };
    ask!(actor.users().get_user(request)).map(|response| response.user.unwrap())
}

fn membership(user: &User) -> &Membership {
    user.membership.as_ref().unwrap()
}

/// How many users an organization has.
async fn count(actor: &OrganizationActor) -> u64 {
    let organization_id = actor.organization.clone();
    let request = ListUsersRequest { organization_id, with_total_size: true, ..ListUsersRequest::default() };
    ask!(actor.users().list_users(request)).unwrap().total_size.unwrap()
}

/// A change of access at one member.
fn access(actor: &OrganizationActor, user: &User) -> SetAccessRequest {
    SetAccessRequest {
        organization_id: actor.organization.clone(),
        user_id: user.user_id.clone(),
        ..SetAccessRequest::default()
    }
}

/// Sets the limit of a pool.
async fn limit_seats(server: &TestServer, actor: &OrganizationActor, pool: SeatPool, limit: u32) {
    let operator = server.operator().await;
    let limits = vec![SeatLimit { pool: pool.into(), limit: Some(limit) }];
    let request = SetLicenseLimitsRequest { organization_id: actor.organization.clone(), limits };
    ask!(operator.licenses().set_license_limits(request)).unwrap();
}

/// How many seats of a pool are taken.
async fn used_seats(actor: &OrganizationActor, pool: SeatPool) -> u32 {
    let request = GetLicensesRequest { organization_id: actor.organization.clone() };
    let pools = ask!(actor.licenses().get_licenses(request)).unwrap().pools;
    pools.into_iter().find(|usage| usage.pool == i32::from(pool)).unwrap().used
}

/// The types of the events about a thing, newest first.
async fn events_about(actor: &OrganizationActor, id: &str) -> Vec<String> {
    let organization_id = actor.organization.clone();
    let request = ListEventsRequest { organization_id, subject_id: id.to_owned(), ..ListEventsRequest::default() };
    let events = ask!(actor.events().list_events(request)).unwrap().events;
    events.into_iter().map(|event| event.r#type).collect()
}
