//! The story of a team and its accounts (rows C1 to C3, C5 to C13 and C15 of the requirements), from
//! its first step to its last, on a real server over TCP and on both databases.
//!
//! Each step names the rows that it shows. Who acts is a signed-in administrator, not a program.

#![expect(clippy::unwrap_used, reason = "a scenario that cannot go on fails")]

use std::time::Duration;

use tonic::Status;
use varco_proto::v1;
use varco_proto::v1::continue_sign_in_request::Answer as Given;
use varco_proto::v1::{BackOfficeLevel, SecurityIssueKind, SignInRefusal, SignInStep, SignInStepKind, UserStatus};
use varco_testkit::{OrganizationActor, PASSWORD, TestServer, UserActor, on_every_database, status_text, violations};

const NEW_PASSWORD: &str = "a wooden boat, seven oars";

on_every_database! {
    async fn a_team_and_its_accounts(server: TestServer) {
        let team = Team::new(&server).await;
        let carla = a_colleague_is_created_and_found(&server, &team).await;
        personal_data_are_edited_but_never_the_name(&team, &carla).await;
        another_organization_sees_a_guest_and_changes_nothing(&server, &team, &carla).await;
        a_pin_is_asked_for_and_reset(&server, &team, &carla).await;
        a_password_is_reset(&server, &team, &carla).await;
        nobody_resets_what_is_his_own(&team).await;
        an_account_is_suspended_and_reactivated(&server, &team, &carla).await;
        issues_and_failed_sign_ins_are_seen(&server, &team, &carla).await;
        programs_have_a_name_and_an_id(&team).await;
        only_administrators_see_any_of_it(&server, &team).await;
    }
}

/// An organization with a person who administers it, signed in.
struct Team {
    organization: OrganizationActor,
    admin: UserActor,
}

impl Team {
    async fn new(server: &TestServer) -> Self {
        let organization = server.organization("Aurora").await;
        organization.create_person(server, "giulia.admin", BackOfficeLevel::Admin).await;
        Self { admin: server.sign_in_user("giulia.admin").await, organization }
    }

    fn id(&self) -> String {
        self.organization.organization.clone()
    }

    async fn users(&self, search: &str) -> Vec<v1::User> {
        let request =
            v1::ListUsersRequest { organization_id: self.id(), search: search.to_owned(), ..Default::default() };
        self.admin.users().list_users(request).await.unwrap().into_inner().users
    }

    async fn user(&self, user: &str) -> v1::User {
        let request = v1::GetUserRequest { organization_id: self.id(), user_id: user.to_owned() };
        self.admin.users().get_user(request).await.unwrap().into_inner().user.unwrap()
    }
}

fn refusal<T: std::fmt::Debug>(outcome: Result<T, Status>) -> String {
    status_text(&outcome.unwrap_err())
}

/// C1, C3: a colleague is created with name, gender, email and language, and found by any of them, with
/// the status of the account.
async fn a_colleague_is_created_and_found(server: &TestServer, team: &Team) -> String {
    let profile = v1::UserProfile {
        first_name: "Carla".to_owned(),
        last_name: "Neri".to_owned(),
        gender: v1::Gender::Female.into(),
        language: "it".to_owned(),
        ..Default::default()
    };
    let request = v1::CreateUserRequest {
        organization_id: team.id(),
        username: "carla.neri".to_owned(),
        email: "carla@aurora.example".to_owned(),
        profile: Some(profile),
        app_access: true,
        back_office_level: BackOfficeLevel::Standard.into(),
        ..Default::default()
    };
    for bad in ["carla neri", "carla/neri"] {
        let request = v1::CreateUserRequest { username: bad.to_owned(), ..request.clone() };
        assert_eq!(violations(&team.admin.users().create_user(request).await.unwrap_err()), ["username"]);
    }
    let created = team.admin.users().create_user(request).await.unwrap().into_inner().user.unwrap();
    assert_eq!(created.status(), UserStatus::Invited);
    for search in ["car", "neri", "carla.neri", "carla@aurora"] {
        let found = team.users(search).await;
        let ids: Vec<&str> = found.iter().map(|user| user.user_id.as_str()).collect();
        assert_eq!(ids, [created.user_id.as_str()], "{search}");
    }
    server.choose_password("carla@aurora.example").await;
    let activated = team.user(&created.user_id).await;
    assert_eq!(activated.status(), UserStatus::Active);
    assert_eq!(activated.profile.unwrap().gender(), v1::Gender::Female);
    created.user_id
}

/// C5: birth date, mobile phone, language and time zone change; username and email never do.
async fn personal_data_are_edited_but_never_the_name(team: &Team, carla: &str) {
    let before = team.user(carla).await;
    let profile = v1::UserProfile {
        birth_date: "1990-04-12".to_owned(),
        mobile_phone: "+39 333 1234567".to_owned(),
        language: "en".to_owned(),
        time_zone: "Europe/Rome".to_owned(),
        ..Default::default()
    };
    let update = |paths: &[&str]| v1::UpdateUserRequest {
        organization_id: team.id(),
        user: Some(v1::User {
            user_id: carla.to_owned(),
            etag: before.etag.clone(),
            username: "else".to_owned(),
            email: "else@example.com".to_owned(),
            profile: Some(profile.clone()),
            ..Default::default()
        }),
        update_mask: Some(prost_types::FieldMask { paths: paths.iter().map(ToString::to_string).collect() }),
    };
    for never in ["username", "email"] {
        let refused = team.admin.users().update_user(update(&[never])).await.unwrap_err();
        assert_eq!(violations(&refused), ["update_mask"], "{never}");
    }
    let paths = ["profile.birth_date", "profile.mobile_phone", "profile.language", "profile.time_zone"];
    team.admin.users().update_user(update(&paths)).await.unwrap();
    let after = team.user(carla).await;
    let (kept, now) = (before.profile.unwrap(), after.profile.unwrap());
    assert_eq!((now.birth_date.as_str(), now.time_zone.as_str()), ("1990-04-12", "Europe/Rome"));
    assert_eq!((now.first_name, now.gender), (kept.first_name, kept.gender));
    assert_eq!((after.username, after.email), (before.username, before.email));
}

/// C2, C6: an account is added to another organization, seen there, and changed only at home; its
/// organizations are listed, and one is taken away again.
async fn another_organization_sees_a_guest_and_changes_nothing(server: &TestServer, team: &Team, carla: &str) {
    let other = server.organization("Borea").await;
    let join = v1::AddMembershipRequest {
        organization_id: other.organization.clone(),
        email: "carla@aurora.example".to_owned(),
        app_access: true,
        back_office_level: BackOfficeLevel::None.into(),
        ..Default::default()
    };
    other.users().add_membership(join).await.unwrap();
    let seen = other.user(carla).await;
    assert_eq!(seen.username, "carla.neri");
    assert_eq!(seen.profile.as_ref().unwrap().birth_date, "", "of a guest no more is shown than who it is");
    let edit = v1::UpdateUserRequest {
        organization_id: other.organization.clone(),
        user: Some(seen),
        update_mask: Some(prost_types::FieldMask { paths: vec!["profile.first_name".to_owned()] }),
    };
    assert_eq!(refusal(other.users().update_user(edit).await), "FAILED_PRECONDITION NOT_HOME_ORGANIZATION");
    let reset = v1::ResetPasswordRequest {
        organization_id: other.organization.clone(),
        user_id: carla.to_owned(),
        ..Default::default()
    };
    assert_eq!(refusal(other.users().reset_password(reset).await), "FAILED_PRECONDITION NOT_HOME_ORGANIZATION");

    assert_eq!(organizations_of(team, carla).await, ["Aurora", "Borea"]);
    let leave = v1::RemoveMembershipRequest {
        organization_id: other.organization.clone(),
        user_id: carla.to_owned(),
        ..Default::default()
    };
    other.users().remove_membership(leave).await.unwrap();
    assert_eq!(organizations_of(team, carla).await, ["Aurora"]);
}

async fn organizations_of(team: &Team, user: &str) -> Vec<String> {
    let request =
        v1::ListMembershipsRequest { organization_id: team.id(), user_id: user.to_owned(), ..Default::default() };
    let memberships = team.admin.users().list_memberships(request).await.unwrap().into_inner().memberships;
    memberships.into_iter().map(|membership| membership.organization_name).collect()
}

async fn begin(server: &TestServer, password: &str) -> SignInStep {
    match server.try_sign_in("carla.neri", password).await.unwrap() {
        v1::sign_in_response::Result::NextStep(step) => step,
        v1::sign_in_response::Result::Session(_) => panic!("something is needed first"),
    }
}

async fn go_on(
    server: &TestServer,
    step: &SignInStep,
    given: Given,
) -> Result<v1::continue_sign_in_response::Result, Status> {
    let challenge_token = step.challenge_token.clone();
    let request = v1::ContinueSignInRequest { challenge_token, answer: Some(given), client: None };
    Ok(server.anonymous().continue_sign_in(request).await?.into_inner().result.unwrap())
}

/// C7: the PIN that was mailed opens the way in; after a reset only the new one does.
async fn a_pin_is_asked_for_and_reset(server: &TestServer, team: &Team, carla: &str) {
    let get = v1::GetOrganizationRequest { organization_id: team.id() };
    let organization = team.organization.organizations().get_organization(get).await.unwrap().into_inner();
    let mut organization = organization.organization.unwrap();
    organization.policies.as_mut().unwrap().pin_required = true;
    let update = v1::UpdateOrganizationRequest {
        organization_id: team.id(),
        organization: Some(organization),
        update_mask: Some(prost_types::FieldMask { paths: vec!["policies.pin_required".to_owned()] }),
    };
    team.organization.organizations().update_organization(update).await.unwrap();

    let step = begin(server, PASSWORD).await;
    assert_eq!(step.kind(), SignInStepKind::Pin);
    let first = server.last_mail("carla@aurora.example").await.value("pin").to_owned();
    go_on(server, &step, Given::Pin(first.clone())).await.unwrap();
    let reset = v1::ResetPinRequest { organization_id: team.id(), user_id: carla.to_owned(), validate_only: false };
    team.admin.users().reset_pin(reset).await.unwrap();
    let second = server.last_mail("carla@aurora.example").await.value("pin").to_owned();
    assert_ne!(first, second);
    let step = begin(server, PASSWORD).await;
    assert_eq!(refusal(go_on(server, &step, Given::Pin(first)).await), "UNAUTHENTICATED SIGN_IN_FAILED");
    go_on(server, &step, Given::Pin(second)).await.unwrap();
}

/// C8: the current password stops working; the temporary one that is mailed must be changed at once.
async fn a_password_is_reset(server: &TestServer, team: &Team, carla: &str) {
    let reset =
        v1::ResetPasswordRequest { organization_id: team.id(), user_id: carla.to_owned(), validate_only: false };
    team.admin.users().reset_password(reset).await.unwrap();
    let temporary = server.last_mail("carla@aurora.example").await.value("password").to_owned();
    assert_eq!(issues(team, carla).await, [SecurityIssueKind::Blocked]);
    assert_eq!(refusal(server.try_sign_in("carla.neri", PASSWORD).await), "UNAUTHENTICATED SIGN_IN_FAILED");
    server.clock.advance(Duration::from_secs(2));
    let step = begin(server, &temporary).await;
    assert_eq!(step.kind(), SignInStepKind::ChangePassword);
    let given = go_on(server, &step, Given::NewPassword(NEW_PASSWORD.to_owned())).await.unwrap();
    let v1::continue_sign_in_response::Result::NextStep(step) = given else { panic!("the PIN is needed too") };
    assert_eq!(step.kind(), SignInStepKind::Pin);
    assert!(issues(team, carla).await.is_empty());
    server.clock.advance(Duration::from_secs(2));
}

/// C9: not even an administrator.
async fn nobody_resets_what_is_his_own(team: &Team) {
    let (organization_id, user_id) = (team.id(), team.admin.user.clone());
    let password = v1::ResetPasswordRequest {
        organization_id: organization_id.clone(),
        user_id: user_id.clone(),
        validate_only: false,
    };
    let pin = v1::ResetPinRequest { organization_id, user_id, validate_only: false };
    let refused = refusal(team.admin.users().reset_password(password).await);
    assert_eq!(refused, "FAILED_PRECONDITION CANNOT_RESET_OWN");
    assert_eq!(refusal(team.admin.users().reset_pin(pin).await), refused);
}

/// C10, C11: a suspended account cannot sign in, and nothing of it is lost.
async fn an_account_is_suspended_and_reactivated(server: &TestServer, team: &Team, carla: &str) {
    let before = team.user(carla).await;
    let suspend =
        v1::SuspendUserRequest { organization_id: team.id(), user_id: carla.to_owned(), ..Default::default() };
    team.admin.users().suspend_user(suspend).await.unwrap();
    assert_eq!(team.user(carla).await.status(), UserStatus::Suspended);
    assert_eq!(issues(team, carla).await, [SecurityIssueKind::Suspended]);
    assert_eq!(refusal(server.try_sign_in("carla.neri", NEW_PASSWORD).await), "UNAUTHENTICATED SIGN_IN_FAILED");
    let reactivate =
        v1::ReactivateUserRequest { organization_id: team.id(), user_id: carla.to_owned(), ..Default::default() };
    team.admin.users().reactivate_user(reactivate).await.unwrap();
    let after = team.user(carla).await;
    assert_eq!((after.status(), after.profile), (UserStatus::Active, before.profile));
    server.clock.advance(Duration::from_secs(5));
    assert_eq!(begin(server, NEW_PASSWORD).await.kind(), SignInStepKind::Pin);
}

async fn issues(team: &Team, user: &str) -> Vec<SecurityIssueKind> {
    let request = v1::ListSecurityIssuesRequest { organization_id: team.id(), ..Default::default() };
    let issues = team.admin.reports().list_security_issues(request).await.unwrap().into_inner().issues;
    issues.iter().filter(|issue| issue.user_id == user).flat_map(v1::SecurityIssue::kinds).collect()
}

/// C11, C12: who has not used the PIN is listed; failed sign-ins are kept with time, place and reason.
async fn issues_and_failed_sign_ins_are_seen(server: &TestServer, team: &Team, carla: &str) {
    team.organization.create_person(server, "new.colleague", BackOfficeLevel::None).await;
    let colleague = team.users("new.colleague").await.remove(0).user_id;
    assert_eq!(issues(team, &colleague).await, [SecurityIssueKind::NotActive]);

    let request =
        v1::ListFailedSignInsRequest { organization_id: team.id(), user_id: carla.to_owned(), ..Default::default() };
    let failed = team.admin.reports().list_failed_sign_ins(request).await.unwrap().into_inner().failed_sign_ins;
    let reasons: Vec<SignInRefusal> = failed.iter().map(v1::FailedSignIn::reason).collect();
    let expected = [SignInRefusal::Suspended, SignInRefusal::WrongPassword, SignInRefusal::WrongPin];
    assert_eq!(reasons, expected, "the newest first");
    assert!(failed.iter().all(|failed| failed.address == "127.0.0.1" && failed.occur_time.is_some()));
}

/// C13: programs of the organization have a username and an id.
async fn programs_have_a_name_and_an_id(team: &Team) {
    let request = v1::CreateServiceAccountRequest {
        organization_id: team.id(),
        username: "aurora-sync".to_owned(),
        secret_ttl: None,
    };
    let created = team.admin.service_accounts().create_service_account(request).await.unwrap().into_inner();
    let account = created.service_account.unwrap();
    assert!(account.service_account_id.starts_with("sa_") && account.username == "aurora-sync");
}

/// C15: a colleague who does not administer is refused each of these, though not his own affairs.
async fn only_administrators_see_any_of_it(server: &TestServer, team: &Team) {
    server.clock.advance(Duration::from_secs(20));
    let step = match server.try_sign_in("new.colleague", PASSWORD).await.unwrap() {
        v1::sign_in_response::Result::NextStep(step) => step,
        v1::sign_in_response::Result::Session(_) => panic!("the PIN is needed first"),
    };
    let pin = server.last_mail("new.colleague@example.com").await.value("pin").to_owned();
    let given = go_on(server, &step, Given::Pin(pin)).await.unwrap();
    let v1::continue_sign_in_response::Result::Session(tokens) = given else { panic!("nothing more is needed") };
    let colleague = UserActor::new(server, tokens);

    let organization_id = team.id();
    let users = v1::ListUsersRequest { organization_id: organization_id.clone(), ..Default::default() };
    let issues = v1::ListSecurityIssuesRequest { organization_id: organization_id.clone(), ..Default::default() };
    let failed = v1::ListFailedSignInsRequest { organization_id: organization_id.clone(), ..Default::default() };
    let reset = v1::ResetPasswordRequest { organization_id, user_id: team.admin.user.clone(), validate_only: false };
    let refused = [
        refusal(colleague.users().list_users(users).await),
        refusal(colleague.reports().list_security_issues(issues).await),
        refusal(colleague.reports().list_failed_sign_ins(failed).await),
        refusal(colleague.users().reset_password(reset).await),
    ];
    assert_eq!(refused, ["PERMISSION_DENIED CALLER_NOT_PERMITTED"; 4]);
    let own = colleague.authentication().list_sessions(v1::ListSessionsRequest::default()).await.unwrap();
    assert_eq!(own.into_inner().sessions.len(), 1);
}
