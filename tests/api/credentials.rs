//! Activation, passwords and PINs: the RPCs by which a person comes by them.

mod activation;
mod change_password;
mod links;
mod order;
mod profile;
mod races;
mod recovery;
mod reset;

use tonic::Status;
use varco_proto::v1::sign_in_response::Result as Answer;
use varco_proto::v1::{
    ActivateAccountRequest, ActivateAccountResponse, BackOfficeLevel, CompletePasswordResetRequest,
    CompletePasswordResetResponse, GetUserRequest, ListEventsRequest, RequestPasswordResetRequest,
    ResendActivationRequest, ResetPasswordRequest, ResetPinRequest, SignInStepKind, SuspendUserRequest, User,
};
use varco_testkit::{OrganizationActor, TestServer};

use crate::calls::ask;

/// One that differs from `PASSWORD`.
const ANOTHER: &str = "a wooden boat, seven oars";

/// A user who was mailed a link and has not used it.
async fn invited(actor: &OrganizationActor, username: &str) -> String {
    actor.invite_person(username, BackOfficeLevel::None).await
}

/// A user who has `PASSWORD`.
async fn person(server: &TestServer, actor: &OrganizationActor, username: &str) -> String {
    actor.create_person(server, username, BackOfficeLevel::None).await
}

/// The token of the link that was mailed last to a user.
async fn link_of(server: &TestServer, username: &str) -> String {
    server.last_mail(&format!("{username}@example.com")).await.value("token").to_owned()
}

async fn activate(server: &TestServer, token: &str, password: &str) -> Result<ActivateAccountResponse, Status> {
    let request = ActivateAccountRequest { token: token.to_owned(), password: password.to_owned() };
    ask!(server.anonymous().activate_account(request))
}

async fn complete(server: &TestServer, token: &str, password: &str) -> Result<CompletePasswordResetResponse, Status> {
    let request = CompletePasswordResetRequest { token: token.to_owned(), password: password.to_owned() };
    ask!(server.anonymous().complete_password_reset(request))
}

/// Asks for a link, and comes back when whatever follows from it has happened.
async fn forget(server: &TestServer, name: &str) {
    let request = RequestPasswordResetRequest { username_or_email: name.to_owned(), client: None };
    ask!(server.anonymous().request_password_reset(request)).unwrap();
    // A drain waits for what goes on behind the answer.
    server.restart().await;
}

async fn resend(actor: &OrganizationActor, user: &str) -> Result<User, Status> {
    let (organization_id, user_id) = (actor.organization.clone(), user.to_owned());
    let request = ResendActivationRequest { organization_id, user_id, validate_only: false };
    ask!(actor.users().resend_activation(request)).map(|answer| answer.user.unwrap())
}

async fn suspend(actor: &OrganizationActor, user: &str) {
    let (organization_id, user_id) = (actor.organization.clone(), user.to_owned());
    let request = SuspendUserRequest { organization_id, user_id, validate_only: false };
    ask!(actor.users().suspend_user(request)).unwrap();
}

fn reset_password(actor: &OrganizationActor, user: &str) -> ResetPasswordRequest {
    let (organization_id, user_id) = (actor.organization.clone(), user.to_owned());
    ResetPasswordRequest { organization_id, user_id, validate_only: false }
}

fn reset_pin(actor: &OrganizationActor, user: &str) -> ResetPinRequest {
    let (organization_id, user_id) = (actor.organization.clone(), user.to_owned());
    ResetPinRequest { organization_id, user_id, validate_only: false }
}

async fn get_user(actor: &OrganizationActor, user: &str) -> User {
    let request = GetUserRequest { organization_id: actor.organization.clone(), user_id: user.to_owned() };
    ask!(actor.users().get_user(request)).unwrap().user.unwrap()
}

/// What a sign-in comes to: a session, the next step, or a refusal.
async fn sign_in(server: &TestServer, username: &str, password: &str) -> String {
    match server.try_sign_in(username, password).await {
        Ok(Answer::Session(_)) => "session".to_owned(),
        Ok(Answer::NextStep(step)) => SignInStepKind::try_from(step.kind).unwrap().as_str_name().to_owned(),
        Err(status) => varco_testkit::status_text(&status),
    }
}

/// The kinds of mail that went to a user so far, oldest first.
async fn mails_to(server: &TestServer, username: &str) -> Vec<&'static str> {
    let recipient = format!("{username}@example.com");
    let mails = server.mails().await.into_iter().filter(|mail| mail.recipient == recipient);
    mails.map(|mail| mail.kind.as_str()).collect()
}

/// The kinds of the events about a user, oldest first, without those about its mails.
async fn events_about(actor: &OrganizationActor, user: &str) -> Vec<String> {
    let request = ListEventsRequest {
        organization_id: actor.organization.clone(),
        subject_id: user.to_owned(),
        page_size: 1000,
        ..ListEventsRequest::default()
    };
    let events = ask!(actor.events().list_events(request)).unwrap().events;
    let kinds = events.into_iter().rev().map(|event| event.r#type);
    kinds.filter(|kind| !kind.starts_with("mail.")).collect()
}
