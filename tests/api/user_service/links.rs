//! Mailed links end with whatever stops an account.

use tonic::Status;
use varco_proto::v1::{
    self, ActivateAccountRequest, ActivateSubAccountRequest, BackOfficeLevel, CompletePasswordResetRequest,
    DeactivateSubAccountRequest, ReactivateUserRequest, RemoveUserRequest, ResendActivationRequest, SuspendUserRequest,
};
use varco_testkit::{OrganizationActor, PASSWORD, TestServer, on_every_database};

use crate::calls::{ask, refusal};

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
