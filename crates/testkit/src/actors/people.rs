//! People: how they come by a password, sign in, and call.

use std::ops::Deref;

use tonic::{Request, Status};
use varco_proto::v1;
use varco_proto::v1::authentication_service_client::AuthenticationServiceClient;
use varco_proto::v1::sign_in_response::Result as Answer;

use super::{Actor, OrganizationActor};
use crate::TestServer;
use crate::server::Credential;

/// The password that people choose in tests.
pub const PASSWORD: &str = "correct horse, green battery";

/// A signed-in user who calls.
#[derive(Clone)]
pub struct UserActor {
    actor: Actor,
    /// The account.
    pub user: String,
    /// What the sign-in gave.
    pub tokens: v1::SessionTokens,
}

impl Deref for UserActor {
    type Target = Actor;

    fn deref(&self) -> &Actor {
        &self.actor
    }
}

impl UserActor {
    /// Whoever these tokens are for.
    pub fn new(server: &TestServer, tokens: v1::SessionTokens) -> Self {
        let session = tokens.session.as_ref().expect("the answer has it");
        let credential = Credential { client_id: session.user_id.clone(), client_secret: String::new() };
        let actor = Actor { token: tokens.access_token.clone(), credential, channel: server.channel().clone() };
        Self { actor, user: session.user_id.clone(), tokens }
    }

    /// The session by which it calls.
    pub fn session(&self) -> &v1::Session {
        self.tokens.session.as_ref().expect("the answer has it")
    }
}

impl OrganizationActor {
    /// Creates a user who chooses `PASSWORD` by the mailed link, and gives its id.
    pub async fn create_person(&self, server: &TestServer, username: &str, level: v1::BackOfficeLevel) -> String {
        let user = self.invite_person(username, level).await;
        server.choose_password(&format!("{username}@example.com")).await;
        user
    }

    /// Creates a user with app access who is mailed a link and has not used it. Gives its id.
    pub async fn invite_person(&self, username: &str, level: v1::BackOfficeLevel) -> String {
        let (first_name, last_name) = ("Some".to_owned(), username.to_owned());
        let request = v1::CreateUserRequest {
            organization_id: self.organization.clone(),
            username: username.to_owned(),
            email: format!("{username}@example.com"),
            profile: Some(v1::UserProfile { first_name, last_name, ..Default::default() }),
            app_access: true,
            back_office_level: level.into(),
            ..Default::default()
        };
        let created = self.users().create_user(request).await.expect("a user is created").into_inner();
        created.user.expect("the answer has it").user_id
    }
}

impl TestServer {
    /// A client without any token.
    pub fn anonymous(&self) -> AuthenticationServiceClient<tonic::transport::Channel> {
        AuthenticationServiceClient::new(self.channel().clone())
    }

    /// Activates the account of this address by the link mailed last, with `PASSWORD`.
    pub async fn choose_password(&self, email: &str) {
        let token = self.last_mail(email).await.value("token").to_owned();
        let request = v1::ActivateAccountRequest { token, password: PASSWORD.to_owned() };
        self.anonymous().activate_account(request).await.expect("the account is activated");
    }

    /// Begins a sign-in.
    pub async fn try_sign_in(&self, username: &str, password: &str) -> Result<Answer, Status> {
        let request = sign_in_request(username, password);
        let answer = self.anonymous().sign_in(request).await?.into_inner();
        Ok(answer.result.expect("the answer has one"))
    }

    /// As `try_sign_in`, carried by a gateway for a user at this address.
    pub async fn try_sign_in_from(
        &self,
        gateway: &Actor,
        address: &str,
        username: &str,
        password: &str,
    ) -> Result<Answer, Status> {
        let client = v1::SignInClient { address: address.to_owned(), user_agent: String::new() };
        let request = v1::SignInRequest { client: Some(client), ..sign_in_request(username, password) };
        let answer = gateway.authentication().sign_in(Request::new(request)).await?.into_inner();
        Ok(answer.result.expect("the answer has one"))
    }

    /// Signs a user in who has `PASSWORD`, where nothing else is needed.
    pub async fn sign_in_user(&self, username: &str) -> UserActor {
        match self.try_sign_in(username, PASSWORD).await.expect("the password is right") {
            Answer::Session(tokens) => UserActor::new(self, tokens),
            Answer::NextStep(step) => panic!("something is needed first: {step:?}"),
        }
    }
}

fn sign_in_request(username: &str, password: &str) -> v1::SignInRequest {
    v1::SignInRequest { username: username.to_owned(), password: password.to_owned(), ..Default::default() }
}
