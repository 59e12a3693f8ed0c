//! What was mailed ends with whatever stops an account.

use std::time::Duration;

use tonic::Status;
use varco_proto::v1::continue_sign_in_request::Answer as Given;
use varco_proto::v1::sign_in_response::Result as Begun;
use varco_proto::v1::{
    self, ActivateAccountRequest, ActivateSubAccountRequest, BackOfficeLevel, CompletePasswordResetRequest,
    DeactivateSubAccountRequest, ReactivateUserRequest, RemoveUserRequest, ResendActivationRequest, SuspendUserRequest,
};
use varco_testkit::{OrganizationActor, PASSWORD, TestServer, on_every_database};

use crate::calls::{ask, refusal};

const SIGN_IN_FAILED: &str = "UNAUTHENTICATED SIGN_IN_FAILED";
const LINK_INVALID: &str = "FAILED_PRECONDITION LINK_INVALID";
const ANOTHER: &str = "a wooden boat, seven oars";

/// The token of the link that was mailed to Ana last.
async fn link(server: &TestServer) -> String {
    server.last_mail("ana@example.com").await.value("token").to_owned()
}

async fn activate(server: &TestServer, token: &str) -> Result<v1::ActivateAccountResponse, Status> {
    let request = ActivateAccountRequest { token: token.to_owned(), password: PASSWORD.to_owned() };
    ask!(server.anonymous().activate_account(request))
}

async fn complete(server: &TestServer, token: &str) -> Result<v1::CompletePasswordResetResponse, Status> {
    let request = CompletePasswordResetRequest { token: token.to_owned(), password: ANOTHER.to_owned() };
    ask!(server.anonymous().complete_password_reset(request))
}

/// A link to choose a password, for Ana.
async fn recovery_link(server: &TestServer) -> String {
    let username_or_email = "ana".to_owned();
    let request = v1::RequestPasswordResetRequest { username_or_email, client: None };
    ask!(server.anonymous().request_password_reset(request)).unwrap();
    // A drain waits for what goes on behind the answer.
    server.restart().await;
    link(server).await
}

/// What is mailed to a user in place of the password.
async fn temporary_password(server: &TestServer, actor: &OrganizationActor, user: &str) -> String {
    let (organization_id, user_id) = (actor.organization.clone(), user.to_owned());
    let request = v1::ResetPasswordRequest { organization_id, user_id, validate_only: false };
    ask!(actor.users().reset_password(request)).unwrap();
    server.last_mail("ana@example.com").await.value("password").to_owned()
}

async fn new_pin(server: &TestServer, actor: &OrganizationActor, user: &str) -> String {
    let (organization_id, user_id) = (actor.organization.clone(), user.to_owned());
    let request = v1::ResetPinRequest { organization_id, user_id, validate_only: false };
    ask!(actor.users().reset_pin(request)).unwrap();
    server.last_mail("ana@example.com").await.value("pin").to_owned()
}

async fn demand_pin(actor: &OrganizationActor) {
    let get = v1::GetOrganizationRequest { organization_id: actor.organization.clone() };
    let mut organization = ask!(actor.organizations().get_organization(get)).unwrap().organization.unwrap();
    organization.policies.get_or_insert_default().pin_required = true;
    let request = v1::UpdateOrganizationRequest {
        organization_id: actor.organization.clone(),
        organization: Some(organization),
        update_mask: Some(prost_types::FieldMask { paths: vec!["policies.pin_required".to_owned()] }),
    };
    ask!(actor.organizations().update_organization(request)).unwrap();
}

/// The step in which a sign-in of Ana waits for the PIN.
async fn asked_for_pin(server: &TestServer) -> String {
    match server.try_sign_in("ana", PASSWORD).await.unwrap() {
        Begun::NextStep(step) => step.challenge_token,
        Begun::Session(_) => panic!("the PIN is needed"),
    }
}

async fn give_pin(server: &TestServer, challenge: &str, pin: &str) -> Result<v1::ContinueSignInResponse, Status> {
    let (challenge_token, answer) = (challenge.to_owned(), Some(Given::Pin(pin.to_owned())));
    let request = v1::ContinueSignInRequest { challenge_token, answer, client: None };
    ask!(server.anonymous().continue_sign_in(request))
}

async fn suspend_and_reactivate(actor: &OrganizationActor, user: &str) {
    let (organization_id, user_id) = (actor.organization.clone(), user.to_owned());
    let request = SuspendUserRequest { organization_id, user_id, validate_only: false };
    ask!(actor.users().suspend_user(request)).unwrap();
    let (organization_id, user_id) = (actor.organization.clone(), user.to_owned());
    let request = ReactivateUserRequest { organization_id, user_id, validate_only: false };
    ask!(actor.users().reactivate_user(request)).unwrap();
}

async fn remove(actor: &OrganizationActor, user: &str) {
    let (organization_id, user_id) = (actor.organization.clone(), user.to_owned());
    let request = RemoveUserRequest { organization_id, user_id, validate_only: false };
    ask!(actor.users().remove_user(request)).unwrap();
}

/// Makes a contact of Ana, and a user again.
async fn put_out_and_let_in(actor: &OrganizationActor, user: &str) {
    let (organization_id, user_id) = (actor.organization.clone(), user.to_owned());
    let request = DeactivateSubAccountRequest { organization_id, user_id, validate_only: false };
    ask!(actor.users().deactivate_sub_account(request)).unwrap();
    let request = ActivateSubAccountRequest {
        organization_id: actor.organization.clone(),
        user_id: user.to_owned(),
        app_access: true,
        back_office_level: BackOfficeLevel::None.into(),
        validate_only: false,
    };
    ask!(actor.users().activate_sub_account(request)).unwrap();
}

on_every_database! {
    async fn a_suspension_ends_the_invitation_for_good(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = mine.invite_person("ana", BackOfficeLevel::None).await;
        let before = link(&server).await;
        suspend_and_reactivate(&mine, &ana).await;
        assert_eq!(refusal(activate(&server, &before).await), LINK_INVALID);

        let (organization_id, user_id) = (mine.organization.clone(), ana);
        let request = ResendActivationRequest { organization_id, user_id, validate_only: false };
        ask!(mine.users().resend_activation(request)).unwrap();
        activate(&server, &link(&server).await).await.unwrap();
    }

    async fn a_suspension_ends_the_recovery_for_good(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = mine.create_person(&server, "ana", BackOfficeLevel::None).await;
        let before = recovery_link(&server).await;
        suspend_and_reactivate(&mine, &ana).await;
        assert_eq!(refusal(complete(&server, &before).await), LINK_INVALID);

        complete(&server, &recovery_link(&server).await).await.unwrap();
    }

    async fn a_suspension_ends_a_temporary_password_for_good(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = mine.create_person(&server, "ana", BackOfficeLevel::None).await;
        let before = temporary_password(&server, &mine, &ana).await;
        suspend_and_reactivate(&mine, &ana).await;
        assert_eq!(refusal(server.try_sign_in("ana", &before).await), SIGN_IN_FAILED);

        let after = temporary_password(&server, &mine, &ana).await;
        server.clock.advance(Duration::from_mins(1));
        assert!(matches!(server.try_sign_in("ana", &after).await.unwrap(), Begun::NextStep(_)));
    }

    async fn a_suspension_ends_a_pin_that_was_never_used_for_good(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = mine.create_person(&server, "ana", BackOfficeLevel::None).await;
        let before = new_pin(&server, &mine, &ana).await;
        suspend_and_reactivate(&mine, &ana).await;
        demand_pin(&mine).await;
        let challenge = asked_for_pin(&server).await;
        let after = server.last_mail("ana@example.com").await.value("pin").to_owned();
        assert_ne!(before, after, "whoever is asked for a PIN and has none is mailed one");
        assert_eq!(refusal(give_pin(&server, &challenge, &before).await), SIGN_IN_FAILED);
        give_pin(&server, &challenge, &after).await.unwrap();
    }

    async fn a_suspension_leaves_what_its_person_chose_and_used(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = mine.create_person(&server, "ana", BackOfficeLevel::None).await;
        demand_pin(&mine).await;
        let pin = new_pin(&server, &mine, &ana).await;
        give_pin(&server, &asked_for_pin(&server).await, &pin).await.unwrap();
        suspend_and_reactivate(&mine, &ana).await;
        give_pin(&server, &asked_for_pin(&server).await, &pin).await.unwrap();
    }

    async fn a_suspension_that_is_only_asked_about_ends_no_link(server: TestServer) {
        let mine = server.organization("mine").await;
        let user_id = mine.invite_person("ana", BackOfficeLevel::None).await;
        let organization_id = mine.organization.clone();
        let request = SuspendUserRequest { organization_id, user_id, validate_only: true };
        ask!(mine.users().suspend_user(request)).unwrap();
        activate(&server, &link(&server).await).await.unwrap();
    }

    async fn a_removal_ends_every_link_also_for_who_comes_after(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = mine.invite_person("ana", BackOfficeLevel::None).await;
        let invitation = link(&server).await;
        remove(&mine, &ana).await;
        let ana = mine.create_person(&server, "ana", BackOfficeLevel::None).await;
        let recovery = recovery_link(&server).await;
        remove(&mine, &ana).await;
        mine.invite_person("ana", BackOfficeLevel::None).await;

        assert_eq!(refusal(activate(&server, &invitation).await), LINK_INVALID);
        assert_eq!(refusal(complete(&server, &recovery).await), LINK_INVALID);
        activate(&server, &link(&server).await).await.unwrap();
        assert_eq!(refusal(complete(&server, &recovery).await), LINK_INVALID);
    }

    async fn whoever_becomes_a_contact_and_comes_back_needs_the_new_link(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = mine.invite_person("ana", BackOfficeLevel::None).await;
        let before = link(&server).await;
        put_out_and_let_in(&mine, &ana).await;
        assert_eq!(refusal(activate(&server, &before).await), LINK_INVALID);
        activate(&server, &link(&server).await).await.unwrap();

        let recovery = recovery_link(&server).await;
        put_out_and_let_in(&mine, &ana).await;
        activate(&server, &link(&server).await).await.unwrap();
        assert_eq!(refusal(complete(&server, &recovery).await), LINK_INVALID);
    }
}
