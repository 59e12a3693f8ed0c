//! Contacts, who cannot sign in, and the switch that turns them into users and back.

use varco_domain::MailKind;
use varco_proto::v1::authentication_service_client::AuthenticationServiceClient;
use varco_proto::v1::{
    ActivateSubAccountRequest, AddMembershipRequest, BackOfficeLevel, CreateContactRequest, CreateUserRequest,
    DeactivateSubAccountRequest, DecisionReason, ListUsersRequest, MailPreferences, MembershipKind,
    ReactivateUserRequest, SeatPool, SetAccessRequest, SuspendUserRequest, User, UserStatus,
};
use varco_testkit::{OrganizationActor, TestServer, on_every_database};

use super::{
    access, count, created, events_about, found, guest, limit_seats, membership, new_user, profile, used_seats,
    with_level,
};
use crate::calls::{ask, bad_fields, refusal};

/// A request for a contact.
pub(super) fn new_contact(actor: &OrganizationActor, name: &str) -> CreateContactRequest {
    CreateContactRequest {
        organization_id: actor.organization.clone(),
        email: format!("{name}@example.com"),
        profile: Some(profile("Carla", "Verdi", "it")),
        ..CreateContactRequest::default()
    }
}

pub(super) async fn contact(actor: &OrganizationActor, name: &str) -> User {
    ask!(actor.users().create_contact(new_contact(actor, name))).unwrap().user.unwrap()
}

fn let_in(actor: &OrganizationActor, user: &User) -> ActivateSubAccountRequest {
    ActivateSubAccountRequest {
        organization_id: actor.organization.clone(),
        user_id: user.user_id.clone(),
        app_access: true,
        back_office_level: BackOfficeLevel::Standard.into(),
        validate_only: false,
    }
}

fn put_out(actor: &OrganizationActor, user: &User) -> DeactivateSubAccountRequest {
    let (organization_id, user_id) = (actor.organization.clone(), user.user_id.clone());
    DeactivateSubAccountRequest { organization_id, user_id, validate_only: false }
}

async fn seats(actor: &OrganizationActor) -> (u32, u32) {
    (used_seats(actor, SeatPool::App).await, used_seats(actor, SeatPool::BackOffice).await)
}

on_every_database! {
    async fn a_contact_takes_no_seat_and_may_nothing(server: TestServer) {
        let mine = server.organization("mine").await;
        let carla = contact(&mine, "carla").await;
        let role = mine.create_role("Reader", &["test:things.view"]).await;
        mine.grant(&carla.user_id, &mine.root_unit, &[&role]).await;

        assert_eq!(carla.status(), UserStatus::Contact);
        assert_eq!(membership(&carla).kind(), MembershipKind::Internal);
        assert_eq!(membership(&carla).mail_preferences, Some(MailPreferences::default()));
        assert_eq!(carla.username, carla.user_id.replace("user_", "contact-"));
        assert_eq!(seats(&mine).await, (0, 0));
        let checked = mine.check(&carla.user_id, "test:things.view", &mine.root_unit).await;
        assert_eq!(checked.reason(), DecisionReason::UserNotActive);
        assert_eq!(server.mails().await, [], "nobody invited it");
        let organization_id = mine.organization.clone();
        let status = UserStatus::Contact.into();
        let request = ListUsersRequest { organization_id, status, ..ListUsersRequest::default() };
        assert_eq!(ask!(mine.users().list_users(request)).unwrap().users, [carla]);
    }

    async fn a_contact_is_created_once(server: TestServer) {
        let mine = server.organization("mine").await;
        let request = CreateContactRequest {
            username: "carla".to_owned(),
            request_id: "01890a5d-ac96-774b-bcce-b302099a8057".to_owned(),
            ..new_contact(&mine, "carla")
        };
        let only_asked = CreateContactRequest { validate_only: true, ..request.clone() };
        ask!(mine.users().create_contact(only_asked)).unwrap();
        assert_eq!(count(&mine).await, 0);
        let first = ask!(mine.users().create_contact(request.clone())).unwrap();
        assert_eq!(ask!(mine.users().create_contact(request.clone())).unwrap(), first);
        assert_eq!(events_about(&mine, &first.user.unwrap().user_id).await, ["membership.added", "user.created"]);

        let same_name = CreateContactRequest { request_id: String::new(), ..request };
        let other_address = CreateContactRequest { email: "c@example.com".to_owned(), ..same_name.clone() };
        assert_eq!(refusal(ask!(mine.users().create_contact(other_address))), "ALREADY_EXISTS USERNAME_TAKEN");
        assert_eq!(refusal(ask!(mine.users().create_contact(same_name))), "ALREADY_EXISTS ALREADY_MEMBER");
    }

    async fn somebody_from_elsewhere_becomes_an_external_contact(server: TestServer) {
        let (home, other) = (server.organization("home").await, server.organization("other").await);
        let ana = created(&home, new_user(&home, "ana")).await;
        let billing = Some(MailPreferences { billing: true, ..MailPreferences::default() });
        let request = CreateContactRequest { mail_preferences: billing, ..new_contact(&other, "ana") };
        let seen = ask!(other.users().create_contact(request)).unwrap().user.unwrap();

        assert_eq!((&seen.user_id, seen.status()), (&ana.user_id, UserStatus::Active));
        assert_eq!(membership(&seen).kind(), MembershipKind::External);
        assert_eq!(membership(&seen).mail_preferences, billing);
        assert_eq!(seats(&other).await, (0, 0));
    }

    async fn every_bad_field_of_a_contact_is_named(server: TestServer) {
        let mine = server.organization("mine").await;
        let request = CreateContactRequest {
            username: "-".to_owned(),
            email: "nobody".to_owned(),
            profile: Some(profile("", "Verdi", "it")),
            request_id: "1".to_owned(),
            ..new_contact(&mine, "carla")
        };
        let outcome = ask!(mine.users().create_contact(request));
        assert_eq!(bad_fields(outcome), ["username", "email", "profile.first_name", "request_id"]);
    }

    async fn a_switch_turns_a_contact_into_an_invited_user_and_back(server: TestServer) {
        let mine = server.organization("mine").await;
        let carla = contact(&mine, "carla").await;
        let only_asked = ActivateSubAccountRequest { validate_only: true, ..let_in(&mine, &carla) };
        let answer = ask!(mine.users().activate_sub_account(only_asked)).unwrap().user.unwrap();
        assert_eq!((answer.status(), seats(&mine).await), (UserStatus::Invited, (0, 0)));
        assert_eq!(server.mails().await, []);

        let invited = ask!(mine.users().activate_sub_account(let_in(&mine, &carla))).unwrap().user.unwrap();
        assert_eq!((invited.status(), seats(&mine).await), (UserStatus::Invited, (1, 1)));
        assert_eq!(membership(&invited).back_office_level(), BackOfficeLevel::Standard);
        assert_eq!(server.last_mail("carla@example.com").await.kind, MailKind::Invitation);
        let again = ask!(mine.users().activate_sub_account(let_in(&mine, &carla)));
        assert_eq!(refusal(again), "FAILED_PRECONDITION NOT_CONTACT");

        mine.activate(&carla.user_id).await;
        let back = ask!(mine.users().deactivate_sub_account(put_out(&mine, &carla))).unwrap().user.unwrap();
        assert_eq!((back.status(), back.activate_time, seats(&mine).await), (UserStatus::Contact, None, (0, 0)));
        assert!(!membership(&back).app_access);
        assert_eq!(found(&mine, &carla.user_id).await.unwrap(), back);
        let again = ask!(mine.users().deactivate_sub_account(put_out(&mine, &carla)));
        assert_eq!(refusal(again), "FAILED_PRECONDITION USER_IS_CONTACT");
    }

    async fn who_comes_back_has_what_was_granted(server: TestServer) {
        let mine = server.organization("mine").await;
        let user = mine.create_user("ana").await;
        let role = mine.create_role("Reader", &["test:things.view"]).await;
        mine.grant(&user, &mine.root_unit, &[&role]).await;
        let ana = mine.user(&user).await;
        ask!(mine.users().deactivate_sub_account(put_out(&mine, &ana))).unwrap();
        assert!(!mine.may(&user, "test:things.view", &mine.root_unit).await);

        ask!(mine.users().activate_sub_account(let_in(&mine, &ana))).unwrap();
        assert!(!mine.may(&user, "test:things.view", &mine.root_unit).await, "before the link is used");
        mine.activate(&user).await;
        assert!(mine.may(&user, "test:things.view", &mine.root_unit).await);
    }

    async fn a_link_of_a_deactivated_account_is_gone(server: TestServer) {
        let mine = server.organization("mine").await;
        let carla = contact(&mine, "carla").await;
        ask!(mine.users().activate_sub_account(let_in(&mine, &carla))).unwrap();
        let token = server.last_mail("carla@example.com").await.value("token").to_owned();
        ask!(mine.users().deactivate_sub_account(put_out(&mine, &carla))).unwrap();

        let request = varco_proto::v1::ActivateAccountRequest { token, password: "una frase lunga e buona".to_owned() };
        let outcome = ask!(AuthenticationServiceClient::new(mine.channel().clone()).activate_account(request));
        assert_eq!(refusal(outcome), "FAILED_PRECONDITION LINK_INVALID");
    }

    async fn a_contact_without_a_seat_stays_a_contact(server: TestServer) {
        let mine = server.organization("mine").await;
        limit_seats(&server, &mine, SeatPool::App, 0).await;
        let carla = contact(&mine, "carla").await;
        let outcome = ask!(mine.users().activate_sub_account(let_in(&mine, &carla)));
        assert_eq!(refusal(outcome), "RESOURCE_EXHAUSTED NO_FREE_SEAT");
        assert_eq!(found(&mine, &carla.user_id).await.unwrap(), carla);
        assert_eq!((seats(&mine).await, server.mails().await.len()), ((0, 0), 0));
    }

    async fn a_contact_gets_no_access_anywhere(server: TestServer) {
        let (home, other) = (server.organization("home").await, server.organization("other").await);
        let carla = contact(&home, "carla").await;
        let is_contact = "FAILED_PRECONDITION USER_IS_CONTACT";

        let request = SetAccessRequest { app_access: Some(true), ..access(&home, &carla) };
        assert_eq!(refusal(ask!(home.users().set_access(request))), is_contact);
        let email = carla.email.clone();
        let request = AddMembershipRequest { app_access: true, ..guest(&other, &email) };
        assert_eq!(refusal(ask!(other.users().add_membership(request))), is_contact);
        let request = CreateUserRequest { app_access: true, email, ..new_user(&other, "carla") };
        assert_eq!(refusal(ask!(other.users().create_user(request))), is_contact);
        ask!(other.users().add_membership(guest(&other, &carla.email))).unwrap();
        let suspend = SuspendUserRequest {
            organization_id: home.organization.clone(),
            user_id: carla.user_id.clone(),
            validate_only: false,
        };
        assert_eq!(refusal(ask!(home.users().suspend_user(suspend))), is_contact);
    }

    async fn only_home_turns_the_switch(server: TestServer) {
        let (home, other) = (server.organization("home").await, server.organization("other").await);
        let stranger = server.organization("stranger").await;
        let carla = contact(&home, "carla").await;
        ask!(other.users().add_membership(guest(&other, &carla.email))).unwrap();

        let elsewhere = "FAILED_PRECONDITION NOT_HOME_ORGANIZATION";
        assert_eq!(refusal(ask!(other.users().activate_sub_account(let_in(&other, &carla)))), elsewhere);
        assert_eq!(refusal(ask!(other.users().deactivate_sub_account(put_out(&other, &carla)))), elsewhere);
        let absent = "NOT_FOUND USER_NOT_FOUND";
        assert_eq!(refusal(ask!(stranger.users().activate_sub_account(let_in(&stranger, &carla)))), absent);
        assert_eq!(refusal(ask!(stranger.users().deactivate_sub_account(put_out(&stranger, &carla)))), absent);
    }

    async fn a_deactivated_account_frees_its_seats_everywhere(server: TestServer) {
        let (home, other) = (server.organization("home").await, server.organization("other").await);
        let user = home.create_user("ana").await;
        let ana = home.user(&user).await;
        let request = AddMembershipRequest { app_access: true, ..guest(&other, &ana.email) };
        ask!(other.users().add_membership(request)).unwrap();
        ask!(home.users().deactivate_sub_account(put_out(&home, &ana))).unwrap();

        assert_eq!((seats(&home).await, seats(&other).await), ((0, 0), (0, 0)));
        assert_eq!(found(&other, &user).await.unwrap().status(), UserStatus::Contact);
        let events = events_about(&other, &user).await;
        assert_eq!(events[..2], ["user.sub_account_deactivated", "membership.access_changed"]);
    }

    async fn the_last_admin_does_not_become_a_contact(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = with_level(&mine, "ana", BackOfficeLevel::Admin).await;
        let outcome = ask!(mine.users().deactivate_sub_account(put_out(&mine, &ana)));
        assert_eq!(refusal(outcome), "FAILED_PRECONDITION LAST_ADMIN");
        assert_eq!(found(&mine, &ana.user_id).await.unwrap(), ana);
    }

    async fn a_suspended_account_that_was_never_activated_is_invited_again(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = ask!(mine.users().create_user(new_user(&mine, "ana"))).unwrap().user.unwrap();
        let (organization_id, user_id) = (mine.organization.clone(), ana.user_id);
        let suspend = SuspendUserRequest {
            organization_id: organization_id.clone(),
            user_id: user_id.clone(),
            validate_only: false,
        };
        ask!(mine.users().suspend_user(suspend)).unwrap();
        let request = ReactivateUserRequest { organization_id, user_id, validate_only: false };
        let back = ask!(mine.users().reactivate_user(request)).unwrap().user.unwrap();
        assert_eq!(back.status(), UserStatus::Invited);
    }
}
