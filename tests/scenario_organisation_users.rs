//! The story of an organization's users (rows A1 to A9 of the requirements), from its first step to its
//! last, on a real server over TCP and on both databases.
//!
//! Each step names the rows that it shows.

#![expect(clippy::unwrap_used, reason = "a scenario that cannot go on fails")]

use prost_types::FieldMask;
use varco_domain::MailKind;
use varco_proto::v1;
use varco_proto::v1::sign_in_response::Result as Answer;
use varco_proto::v1::{BackOfficeLevel, MembershipKind, SeatPool, UserStatus};
use varco_testkit::{
    Actor, OrganizationActor, PASSWORD, TestServer, UserActor, on_every_database, status_text, violations,
};

on_every_database! {
    async fn an_organization_runs_its_users(server: TestServer) {
        let office = server.organization("Aurora").await;
        let (chiara, giulia) = the_back_office_opens(&server, &office).await;
        only_admins_manage_users(&server, &office, &giulia).await;
        a_user_is_created_with_what_the_form_asks_for(&office, &chiara).await;
        the_welcome_mail_leads_to_a_password(&server, &office).await;
        an_account_is_edited_later(&office, &chiara).await;
        each_level_opens_what_it_says(&server, &office, &chiara).await;
        two_pools_of_seats_run_out(&server, &office, &chiara).await;
        a_known_address_brings_a_guest(&server, &office, &chiara).await;
        who_is_removed_is_gone_from_where_it_should(&server, &office, &chiara).await;
    }
}

/// A request for Marco, whose form is filled in.
fn marco(office: &OrganizationActor) -> v1::CreateUserRequest {
    new_user(office, "marco.bianchi", "Marco", "Bianchi")
}

fn new_user(office: &OrganizationActor, username: &str, first_name: &str, last_name: &str) -> v1::CreateUserRequest {
    let (first_name, last_name, language) = (first_name.to_owned(), last_name.to_owned(), "it".to_owned());
    v1::CreateUserRequest {
        organization_id: office.organization.clone(),
        username: username.to_owned(),
        email: format!("{username}@example.com"),
        profile: Some(v1::UserProfile { first_name, last_name, language, ..Default::default() }),
        app_access: true,
        back_office_level: BackOfficeLevel::None.into(),
        ..Default::default()
    }
}

/// Whom the search finds.
async fn find(caller: &Actor, office: &OrganizationActor, search: &str) -> Vec<v1::User> {
    let (organization_id, search) = (office.organization.clone(), search.to_owned());
    let request = v1::ListUsersRequest { organization_id, search, ..Default::default() };
    caller.users().list_users(request).await.unwrap().into_inner().users
}

async fn user(caller: &Actor, office: &OrganizationActor, search: &str) -> v1::User {
    let found = find(caller, office, search).await;
    assert_eq!(found.len(), 1, "{search}");
    found.into_iter().next().unwrap()
}

async fn licenses(caller: &Actor, office: &OrganizationActor) -> v1::GetLicensesResponse {
    let request = v1::GetLicensesRequest { organization_id: office.organization.clone() };
    caller.licenses().get_licenses(request).await.unwrap().into_inner()
}

/// How many app and back-office seats are taken.
async fn seats(caller: &Actor, office: &OrganizationActor) -> (u32, u32) {
    let pools = licenses(caller, office).await.pools;
    let used = |pool: SeatPool| pools.iter().find(|usage| usage.pool() == pool).unwrap().used;
    (used(SeatPool::App), used(SeatPool::BackOffice))
}

async fn set_access(caller: &Actor, office: &OrganizationActor, user: &v1::User, level: BackOfficeLevel, app: bool) {
    let request = v1::SetAccessRequest {
        organization_id: office.organization.clone(),
        user_id: user.user_id.clone(),
        app_access: Some(app),
        back_office_level: Some(level.into()),
        ..Default::default()
    };
    caller.users().set_access(request).await.unwrap();
}

/// A4: an admin and a user of the back office sign in with the passwords they chose.
async fn the_back_office_opens(server: &TestServer, office: &OrganizationActor) -> (UserActor, UserActor) {
    office.create_person(server, "chiara", BackOfficeLevel::Admin).await;
    office.create_person(server, "giulia", BackOfficeLevel::Standard).await;
    (server.sign_in_user("chiara").await, server.sign_in_user("giulia").await)
}

/// A1, A4: whoever may see every section but Users and Admin manages no users, nor does an admin of
/// another organization, for whom this one does not exist.
async fn only_admins_manage_users(server: &TestServer, office: &OrganizationActor, standard: &UserActor) {
    let other = server.organization("Borealis").await;
    other.create_person(server, "boris", BackOfficeLevel::Admin).await;
    let foreign_admin = server.sign_in_user("boris").await;
    let list = v1::ListUsersRequest { organization_id: office.organization.clone(), ..Default::default() };
    for (caller, refusal) in
        [(standard, "PERMISSION_DENIED CALLER_NOT_PERMITTED"), (&foreign_admin, "NOT_FOUND ORGANIZATION_NOT_FOUND")]
    {
        let created = caller.users().create_user(marco(office)).await;
        assert_eq!(status_text(&created.unwrap_err()), refusal);
        let listed = caller.users().list_users(list.clone()).await;
        assert_eq!(status_text(&listed.unwrap_err()), refusal);
    }
}

/// A2, A3, A5: email, first name, last name and username; whether the app may be entered, under the name
/// that the organization gives it. Whoever fills in nothing hears of all of it at once.
async fn a_user_is_created_with_what_the_form_asks_for(office: &OrganizationActor, admin: &UserActor) {
    let empty = v1::CreateUserRequest { organization_id: office.organization.clone(), ..Default::default() };
    let refused = admin.users().create_user(empty).await.unwrap_err();
    let missing = ["username", "email", "profile.first_name", "profile.last_name", "back_office_level"];
    assert_eq!(violations(&refused), missing);

    let request = v1::GetOrganizationRequest { organization_id: office.organization.clone() };
    let organization = admin.organizations().get_organization(request).await.unwrap().into_inner().organization;
    let request = v1::UpdateOrganizationRequest {
        organization_id: office.organization.clone(),
        organization: Some(v1::Organization { app_display_name: "Aurora EA".to_owned(), ..organization.unwrap() }),
        update_mask: Some(FieldMask { paths: vec!["app_display_name".to_owned()] }),
    };
    admin.organizations().update_organization(request).await.unwrap();

    let created = admin.users().create_user(marco(office)).await.unwrap().into_inner().user.unwrap();
    let membership = created.membership.clone().unwrap();
    assert_eq!(created.status(), UserStatus::Invited, "until the link is used");
    assert_eq!((membership.kind(), membership.app_access), (MembershipKind::Internal, true));
    assert_eq!(user(admin, office, "bianchi mar").await, created);
}

/// A5: the mail names the app and carries a link; before it is used nobody signs in, with it a password is
/// chosen, once.
async fn the_welcome_mail_leads_to_a_password(server: &TestServer, office: &OrganizationActor) {
    let mail = server.last_mail("marco.bianchi@example.com").await;
    assert_eq!((mail.kind, mail.language.as_str()), (MailKind::Invitation, "it"));
    assert_eq!((mail.value("first_name"), mail.value("organization")), ("Marco", "Aurora EA"));
    let refused = server.try_sign_in("marco.bianchi", PASSWORD).await.unwrap_err();
    assert_eq!(status_text(&refused), "UNAUTHENTICATED SIGN_IN_FAILED");

    server.choose_password("marco.bianchi@example.com").await;
    let confirmed = server.last_mail("marco.bianchi@example.com").await;
    assert_eq!(confirmed.kind, MailKind::Activated);
    server.clock.advance(std::time::Duration::from_secs(1));
    let marco = server.sign_in_user("marco.bianchi").await;
    assert_eq!(marco.session().organization_id, office.organization);
    let again = v1::ActivateAccountRequest { token: mail.value("token").to_owned(), password: PASSWORD.to_owned() };
    let refused = server.anonymous().activate_account(again).await.unwrap_err();
    assert_eq!(status_text(&refused), "FAILED_PRECONDITION LINK_INVALID");
}

/// A6: names, app access and back-office level change later; username and email never.
async fn an_account_is_edited_later(office: &OrganizationActor, admin: &UserActor) {
    let before = user(admin, office, "marco.bianchi").await;
    assert_eq!(before.status(), UserStatus::Active);
    let profile = v1::UserProfile { first_name: "Marco Aurelio".to_owned(), ..before.profile.clone().unwrap() };
    let edit = |paths: &[&str]| v1::UpdateUserRequest {
        organization_id: office.organization.clone(),
        user: Some(v1::User { profile: Some(profile.clone()), email: "m@example.com".to_owned(), ..before.clone() }),
        update_mask: Some(FieldMask { paths: paths.iter().map(ToString::to_string).collect() }),
    };
    for forbidden in ["username", "email"] {
        let refused = admin.users().update_user(edit(&[forbidden])).await.unwrap_err();
        assert_eq!(violations(&refused), ["update_mask"]);
    }
    admin.users().update_user(edit(&["profile.first_name"])).await.unwrap();
    set_access(admin, office, &before, BackOfficeLevel::Standard, false).await;

    let after = user(admin, office, "aurelio").await;
    assert_eq!((&after.username, &after.email), (&before.username, &before.email));
    let membership = after.membership.unwrap();
    assert_eq!((membership.app_access, membership.back_office_level()), (false, BackOfficeLevel::Standard));
}

/// A4: no access, standard, admin: what a session may do follows the level at once.
async fn each_level_opens_what_it_says(server: &TestServer, office: &OrganizationActor, admin: &UserActor) {
    let marco = user(admin, office, "marco").await;
    let list = v1::ListUsersRequest { organization_id: office.organization.clone(), ..Default::default() };
    for (level, may_manage) in
        [(BackOfficeLevel::Admin, true), (BackOfficeLevel::Standard, false), (BackOfficeLevel::None, false)]
    {
        set_access(admin, office, &marco, level, true).await;
        let session = server.sign_in_user("marco.bianchi").await;
        assert_eq!(session.users().list_users(list.clone()).await.is_ok(), may_manage, "{level:?}");
    }
}

/// A7: one pool for the app, one for the back office; whoever enters both takes two seats. A client asks
/// beforehand; when a pool is empty nobody is created or granted it.
async fn two_pools_of_seats_run_out(server: &TestServer, office: &OrganizationActor, admin: &UserActor) {
    let (app, back_office) = seats(admin, office).await;
    let limit = |pool: SeatPool, limit| v1::SeatLimit { pool: pool.into(), limit: Some(limit) };
    let limits = vec![limit(SeatPool::App, app + 1), limit(SeatPool::BackOffice, back_office + 1)];
    let request = v1::SetLicenseLimitsRequest { organization_id: office.organization.clone(), limits };
    server.operator().await.licenses().set_license_limits(request).await.unwrap();
    let before = licenses(admin, office).await;
    assert!(before.can_create_app_user && before.can_create_back_office_user);

    let standard = BackOfficeLevel::Standard.into();
    let both = v1::CreateUserRequest { back_office_level: standard, ..new_user(office, "elena", "Elena", "Ferrari") };
    admin.users().create_user(both).await.unwrap();
    assert_eq!(seats(admin, office).await, (app + 1, back_office + 1));
    let after = licenses(admin, office).await;
    assert!(!after.can_create_app_user && !after.can_create_back_office_user);

    let one_more = new_user(office, "luca", "Luca", "Romano");
    let refused = admin.users().create_user(one_more.clone()).await.unwrap_err();
    assert_eq!(status_text(&refused), "RESOURCE_EXHAUSTED NO_FREE_SEAT");
    let grant = v1::SetAccessRequest {
        organization_id: office.organization.clone(),
        user_id: user(admin, office, "marco").await.user_id,
        back_office_level: Some(standard),
        ..Default::default()
    };
    let refused = admin.users().set_access(grant).await.unwrap_err();
    assert_eq!(status_text(&refused), "RESOURCE_EXHAUSTED NO_FREE_SEAT");
    let without_seat = v1::CreateUserRequest { app_access: false, ..one_more };
    admin.users().create_user(without_seat).await.unwrap();
    assert_eq!(seats(admin, office).await, (app + 1, back_office + 1));
}

/// A8: an address that nobody has makes an internal user; that of an account of another organization brings
/// that person as external, with the account as it is.
async fn a_known_address_brings_a_guest(server: &TestServer, office: &OrganizationActor, admin: &UserActor) {
    let partner = server.organization("Partner").await;
    partner.create_person(server, "paolo", BackOfficeLevel::None).await;
    let at_home = user(&partner, &partner, "paolo").await;
    let request = v1::CreateUserRequest {
        email: "PAOLO@example.com".to_owned(),
        app_access: false,
        ..new_user(office, "another", "Somebody", "Else")
    };
    let guest = admin.users().create_user(request).await.unwrap().into_inner().user.unwrap();

    assert_eq!((&guest.user_id, &guest.username), (&at_home.user_id, &at_home.username));
    assert_eq!(guest.status(), UserStatus::Active, "nobody has to activate anything again");
    assert_eq!(guest.membership.unwrap().kind(), MembershipKind::External);
    assert_eq!(user(&partner, &partner, "paolo").await, at_home);
}

/// A9: a removed guest stays at home and signs in there; a removed internal user is gone everywhere, and
/// its name is free.
async fn who_is_removed_is_gone_from_where_it_should(
    server: &TestServer,
    office: &OrganizationActor,
    admin: &UserActor,
) {
    let remove = |user: v1::User| v1::RemoveUserRequest {
        organization_id: office.organization.clone(),
        user_id: user.user_id,
        validate_only: false,
    };
    let guest = remove(user(admin, office, "paolo").await);
    assert!(!admin.users().remove_user(guest).await.unwrap().into_inner().account_deleted);
    assert_eq!(find(admin, office, "paolo").await, []);
    let paolo = server.sign_in_user("paolo").await;
    assert_ne!(paolo.session().organization_id, office.organization);

    let marco = server.sign_in_user("marco.bianchi").await;
    let internal = remove(user(admin, office, "marco").await);
    assert!(admin.users().remove_user(internal).await.unwrap().into_inner().account_deleted);
    let refused = marco.authentication().get_profile(v1::GetProfileRequest {}).await.unwrap_err();
    assert_eq!(status_text(&refused), "UNAUTHENTICATED TOKEN_INVALID", "its session ended with it");
    let refused = server.try_sign_in("marco.bianchi", PASSWORD).await;
    assert!(!matches!(refused, Ok(Answer::Session(_) | Answer::NextStep(_))));
    let again = v1::CreateUserRequest { app_access: false, ..self::marco(office) };
    admin.users().create_user(again).await.unwrap();
}
