//! Sign-in, sessions, and what administrators see of those that fail.

mod conversation;
mod ends;
pub(crate) mod enumeration;
mod gateways;
mod kept;
mod lost;
mod order;
mod races;
mod refresh;
mod reports;
mod sessions;
mod three_replicas;
mod throttling;

use tonic::Status;
use varco_proto::v1;
use varco_proto::v1::continue_sign_in_request::Answer as Given;
use varco_proto::v1::{BackOfficeLevel, SignInStep, SignInStepKind};
use varco_testkit::{OrganizationActor, PASSWORD, TestServer, UserActor};

use crate::calls::ask;

const SIGN_IN_FAILED: &str = "UNAUTHENTICATED SIGN_IN_FAILED";
const TOO_MANY: &str = "RESOURCE_EXHAUSTED TOO_MANY_ATTEMPTS";
const TOKEN_INVALID: &str = "UNAUTHENTICATED TOKEN_INVALID";
const REFRESH_TOKEN_INVALID: &str = "UNAUTHENTICATED REFRESH_TOKEN_INVALID";

/// One that differs from `PASSWORD`.
const ANOTHER: &str = "a wooden boat, seven oars";

/// A user who has `PASSWORD`.
async fn person(server: &TestServer, actor: &OrganizationActor, username: &str) -> String {
    actor.create_person(server, username, BackOfficeLevel::None).await
}

/// An organization with a user who has `PASSWORD`.
async fn office(server: &TestServer) -> (OrganizationActor, String) {
    let actor = server.organization("mine").await;
    let user = person(server, &actor, "ana").await;
    (actor, user)
}

/// What is needed next.
async fn next(server: &TestServer, username: &str, password: &str) -> SignInStep {
    match server.try_sign_in(username, password).await.unwrap() {
        v1::sign_in_response::Result::NextStep(step) => step,
        v1::sign_in_response::Result::Session(_) => panic!("nothing more is needed"),
    }
}

/// Goes on with a sign-in.
async fn go_on(
    server: &TestServer,
    step: &SignInStep,
    given: Given,
) -> Result<v1::continue_sign_in_response::Result, Status> {
    let challenge_token = step.challenge_token.clone();
    let request = v1::ContinueSignInRequest { challenge_token, answer: Some(given), client: None };
    Ok(ask!(server.anonymous().continue_sign_in(request))?.result.unwrap())
}

/// The session that a step gave.
fn session(server: &TestServer, given: v1::continue_sign_in_response::Result) -> UserActor {
    match given {
        v1::continue_sign_in_response::Result::Session(tokens) => UserActor::new(server, tokens),
        v1::continue_sign_in_response::Result::NextStep(step) => panic!("something is needed first: {step:?}"),
    }
}

/// What a step asks for next.
fn step(given: v1::continue_sign_in_response::Result) -> SignInStep {
    match given {
        v1::continue_sign_in_response::Result::NextStep(step) => step,
        v1::continue_sign_in_response::Result::Session(_) => panic!("nothing more is needed"),
    }
}

/// Lets an organization ask for the PIN from now on.
async fn demand_pin(actor: &OrganizationActor) {
    set_policies(actor, "policies.pin_required", |policies| policies.pin_required = true).await;
}

async fn set_policies(actor: &OrganizationActor, path: &str, change: impl FnOnce(&mut v1::OrganizationPolicies)) {
    let get = v1::GetOrganizationRequest { organization_id: actor.organization.clone() };
    let mut organization = ask!(actor.organizations().get_organization(get)).unwrap().organization.unwrap();
    change(organization.policies.get_or_insert_default());
    let request = v1::UpdateOrganizationRequest {
        organization_id: actor.organization.clone(),
        organization: Some(organization),
        update_mask: Some(prost_types::FieldMask { paths: vec![path.to_owned()] }),
    };
    ask!(actor.organizations().update_organization(request)).unwrap();
}

async fn reset_password(actor: &OrganizationActor, user: &str) {
    let request = v1::ResetPasswordRequest {
        organization_id: actor.organization.clone(),
        user_id: user.to_owned(),
        validate_only: false,
    };
    ask!(actor.users().reset_password(request)).unwrap();
}

async fn suspend(actor: &OrganizationActor, user: &str) {
    let request = v1::SuspendUserRequest {
        organization_id: actor.organization.clone(),
        user_id: user.to_owned(),
        ..Default::default()
    };
    ask!(actor.users().suspend_user(request)).unwrap();
}

/// Makes an account of another organization a guest here.
async fn invite_guest(actor: &OrganizationActor, username: &str) {
    let request = v1::AddMembershipRequest {
        organization_id: actor.organization.clone(),
        email: format!("{username}@example.com"),
        app_access: true,
        back_office_level: BackOfficeLevel::None.into(),
        ..Default::default()
    };
    ask!(actor.users().add_membership(request)).unwrap();
}

/// Whether a session works: its access token lets its user look at itself.
async fn works(user: &UserActor) -> bool {
    let answer = user.authentication().list_sessions(v1::ListSessionsRequest::default()).await;
    answer.map_err(|status| assert_eq!(varco_testkit::status_text(&status), TOKEN_INVALID)).is_ok()
}

async fn refresh(server: &TestServer, refresh_token: &str) -> Result<v1::SessionTokens, Status> {
    let request = v1::RefreshSessionRequest { refresh_token: refresh_token.to_owned() };
    Ok(ask!(server.anonymous().refresh_session(request))?.session.unwrap())
}

/// The PIN that was mailed last.
async fn mailed_pin(server: &TestServer, username: &str) -> String {
    server.last_mail(&format!("{username}@example.com")).await.value("pin").to_owned()
}

fn is_kind(step: &SignInStep, kind: SignInStepKind) {
    assert_eq!(step.kind(), kind, "{step:?}");
    assert!(!step.challenge_token.is_empty());
}

/// A password that is nobody's.
fn wrong() -> &'static str {
    assert_ne!(PASSWORD, ANOTHER);
    ANOTHER
}
