//! Every kind of token against everything that takes one: none passes for another.

use tonic::Status;
use varco_proto::v1;
use varco_testkit::{OrganizationActor, TestServer, on_every_database};

use crate::calls::ask;

const PASSWORD: &str = "seven lions under an old tree";

/// What proves something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    UserToken,
    ServiceToken,
    ServiceSecret,
    RefreshToken,
    ChallengeToken,
    ActivationLink,
    ResetLink,
    PageToken,
}

/// Where something is taken as proof.
#[derive(Clone, Copy, Debug)]
enum Acceptor {
    Bearer,
    Introspection,
    ClientSecret,
    Refresh,
    Challenge,
    Activation,
    Reset,
    Page,
    SsoState,
    SignInPassword,
}

const ACCEPTORS: [Acceptor; 10] = [
    Acceptor::Introspection,
    Acceptor::Bearer,
    Acceptor::ClientSecret,
    Acceptor::Page,
    Acceptor::SsoState,
    Acceptor::SignInPassword,
    Acceptor::Challenge,
    Acceptor::Activation,
    Acceptor::Refresh,
    Acceptor::Reset,
];

impl Acceptor {
    fn takes(self, kind: Kind) -> bool {
        match self {
            Self::Bearer | Self::Introspection => matches!(kind, Kind::UserToken | Kind::ServiceToken),
            Self::ClientSecret => kind == Kind::ServiceSecret,
            Self::Refresh => kind == Kind::RefreshToken,
            Self::Challenge => kind == Kind::ChallengeToken,
            Self::Activation => kind == Kind::ActivationLink,
            Self::Reset => kind == Kind::ResetLink,
            Self::Page => kind == Kind::PageToken,
            Self::SsoState | Self::SignInPassword => false,
        }
    }
}

async fn present(mine: &OrganizationActor, acceptor: Acceptor, token: &str) -> Result<bool, Status> {
    let public = mine.authentication();
    let token = token.to_owned();
    match acceptor {
        Acceptor::Bearer => {
            let request = v1::IntrospectTokenRequest::default();
            ask!(mine.with_token(&token).authentication().introspect_token(request)).map(|_| true)
        }
        Acceptor::Introspection => {
            ask!(mine.authentication().introspect_token(v1::IntrospectTokenRequest { token })).map(|it| it.active)
        }
        Acceptor::ClientSecret => {
            let client_id = mine.credential.client_id.clone();
            let request = v1::IssueServiceTokenRequest { client_id, client_secret: token };
            ask!({ public }.issue_service_token(request)).map(|_| true)
        }
        Acceptor::Refresh => {
            ask!({ public }.refresh_session(v1::RefreshSessionRequest { refresh_token: token })).map(|_| true)
        }
        Acceptor::Challenge => {
            let answer = v1::continue_sign_in_request::Answer::NewPassword(format!("{PASSWORD}, and an eighth"));
            let (challenge_token, answer) = (token, Some(answer));
            let request = v1::ContinueSignInRequest { challenge_token, answer, client: None };
            ask!({ public }.continue_sign_in(request)).map(|_| true)
        }
        Acceptor::Activation => {
            let request = v1::ActivateAccountRequest { token, password: PASSWORD.to_owned() };
            ask!({ public }.activate_account(request)).map(|_| true)
        }
        Acceptor::Reset => {
            let password = format!("{PASSWORD}, and a ninth");
            ask!({ public }.complete_password_reset(v1::CompletePasswordResetRequest { token, password })).map(|_| true)
        }
        Acceptor::Page => {
            let organization_id = mine.organization.clone();
            let request =
                v1::ListUsersRequest { organization_id, page_size: 1, page_token: token, ..Default::default() };
            ask!(mine.users().list_users(request)).map(|_| true)
        }
        Acceptor::SsoState => {
            let request = v1::CompleteSsoRequest { state: token, code: "code".to_owned(), ..Default::default() };
            ask!({ public }.complete_sso(request)).map(|_| true)
        }
        Acceptor::SignInPassword => sign_in(mine, "anna", &token).await.map(|_| true),
    }
}

async fn invite(server: &TestServer, mine: &OrganizationActor, username: &str) -> (String, String) {
    let email = format!("{username}@example.com");
    let request = v1::CreateUserRequest {
        organization_id: mine.organization.clone(),
        username: username.to_owned(),
        email: email.clone(),
        profile: Some(v1::UserProfile {
            first_name: "Some".to_owned(),
            last_name: username.to_owned(),
            ..Default::default()
        }),
        app_access: true,
        back_office_level: v1::BackOfficeLevel::None.into(),
        ..Default::default()
    };
    let user = ask!(mine.users().create_user(request)).unwrap().user.unwrap().user_id;
    (user, server.last_mail(&email).await.value("token").to_owned())
}

async fn activate(server: &TestServer, mine: &OrganizationActor, username: &str) -> String {
    let (user, token) = invite(server, mine, username).await;
    let request = v1::ActivateAccountRequest { token, password: PASSWORD.to_owned() };
    ask!(mine.authentication().activate_account(request)).unwrap();
    user
}

async fn sign_in(
    mine: &OrganizationActor,
    username: &str,
    password: &str,
) -> Result<v1::sign_in_response::Result, Status> {
    let (username, password) = (username.to_owned(), password.to_owned());
    let request = v1::SignInRequest { username, password, ..Default::default() };
    ask!(mine.authentication().sign_in(request)).map(|answer| answer.result.unwrap())
}

/// One of each kind, all of which work.
async fn tokens(server: &TestServer, mine: &OrganizationActor) -> Vec<(Kind, String)> {
    let (_, activation_link) = invite(server, mine, "carl").await;
    activate(server, mine, "anna").await;
    activate(server, mine, "bert").await;
    let v1::sign_in_response::Result::Session(session) = sign_in(mine, "anna", PASSWORD).await.unwrap() else {
        panic!("a step is asked for")
    };
    let request = v1::RequestPasswordResetRequest { username_or_email: "bert".to_owned(), ..Default::default() };
    ask!(mine.authentication().request_password_reset(request)).unwrap();
    // The answer does not wait for the mail; the end of a server does.
    server.restart().await;
    let reset_link = server.last_mail("bert@example.com").await.value("token").to_owned();
    let page = v1::ListUsersRequest { organization_id: mine.organization.clone(), page_size: 1, ..Default::default() };
    let page = ask!(mine.users().list_users(page)).unwrap();
    vec![
        (Kind::UserToken, session.access_token),
        (Kind::ServiceToken, mine.token.clone()),
        (Kind::ServiceSecret, mine.credential.client_secret.clone()),
        (Kind::RefreshToken, session.refresh_token),
        (Kind::ChallengeToken, challenge(server, mine).await),
        (Kind::ActivationLink, activation_link),
        (Kind::ResetLink, reset_link),
        (Kind::PageToken, page.next_page_token),
    ]
}

/// What a user gets who signs in with a temporary password.
async fn challenge(server: &TestServer, mine: &OrganizationActor) -> String {
    let user_id = activate(server, mine, "dora").await;
    let request =
        v1::ResetPasswordRequest { organization_id: mine.organization.clone(), user_id, ..Default::default() };
    ask!(mine.users().reset_password(request)).unwrap();
    let password = server.last_mail("dora@example.com").await.value("password").to_owned();
    let v1::sign_in_response::Result::NextStep(step) = sign_in(mine, "dora", &password).await.unwrap() else {
        panic!("no step is asked for")
    };
    step.challenge_token
}

on_every_database! {
    async fn no_kind_of_token_passes_for_another(server: TestServer) {
        let mine = server.organization("mine").await;
        let tokens = tokens(&server, &mine).await;
        let mut refused = 0;
        for acceptor in ACCEPTORS {
            for (kind, token) in tokens.iter().filter(|(kind, _)| !acceptor.takes(*kind)) {
                let outcome = present(&mine, acceptor, token).await;
                assert!(!outcome.unwrap_or_default(), "{acceptor:?} takes {kind:?}");
                refused += 1;
            }
        }
        assert_eq!(refused, 70);
        // The control: each is what it says, and nothing above has used it up.
        for acceptor in ACCEPTORS {
            for (kind, token) in tokens.iter().filter(|(kind, _)| acceptor.takes(*kind)) {
                let outcome = present(&mine, acceptor, token).await;
                assert!(outcome.clone().unwrap_or_default(), "{acceptor:?} refuses {kind:?}: {outcome:?}");
            }
        }
    }
}
