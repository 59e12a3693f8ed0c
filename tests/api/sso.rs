//! Single sign-on, against a provider that nobody here wrote and against one that lies.

mod activation;
mod hostile;
mod limits;
mod meanwhile;
mod passwords;
mod provider;
mod real;

use std::time::Duration;

use tonic::Status;
use varco_proto::v1;
use varco_proto::v1::complete_sso_response::Result as Answer;
use varco_testkit::databases::{Backend, Fixture, TestDatabase};
use varco_testkit::{
    HostileProvider, OrganizationActor, Returned, SSO_CLIENT_ID, SSO_CLIENT_SECRET, SSO_REDIRECT_URI, TestServer,
};

use crate::calls::ask;

const SSO_FAILED: &str = "UNAUTHENTICATED SSO_FAILED";
const UNAVAILABLE: &str = "UNAVAILABLE SSO_PROVIDER_UNAVAILABLE";

/// An organization with a provider of its own.
struct Sso {
    server: TestServer,
    acme: OrganizationActor,
    provider: HostileProvider,
}

impl Fixture for Sso {
    async fn on(backend: Backend) -> Self {
        let server = TestServer::start(TestDatabase::on(backend).await).await;
        let acme = server.organization("Acme").await;
        let provider = HostileProvider::start(&server.clock).await;
        ask!(acme.organizations().set_sso_provider(provider_at(&acme, &provider.issuer))).unwrap();
        Self { server, acme, provider }
    }

    fn at_end(&self) -> impl Future<Output = ()> + Send + use<> {
        self.server.at_end()
    }
}

fn provider_at(acme: &OrganizationActor, issuer: &str) -> v1::SetSsoProviderRequest {
    let provider = v1::SsoProvider {
        issuer: issuer.to_owned(),
        client_id: SSO_CLIENT_ID.to_owned(),
        redirect_uris: vec!["https://app.example.com/elsewhere".to_owned(), SSO_REDIRECT_URI.to_owned()],
    };
    v1::SetSsoProviderRequest {
        organization_id: acme.organization.clone(),
        sso_provider: Some(provider),
        client_secret: SSO_CLIENT_SECRET.to_owned(),
        validate_only: false,
    }
}

/// Begins a single sign-on. Half a minute passes, so that nobody is too early.
async fn begin(server: &TestServer, organization: &str, link: &str) -> Result<v1::BeginSsoResponse, Status> {
    server.clock.advance(Duration::from_secs(30));
    let request = v1::BeginSsoRequest {
        organization_id: organization.to_owned(),
        redirect_uri: SSO_REDIRECT_URI.to_owned(),
        activation_token: link.to_owned(),
        client: None,
    };
    ask!(server.anonymous().begin_sso(request))
}

/// Takes a browser that came back.
async fn complete(server: &TestServer, back: &Returned) -> Result<Answer, Status> {
    let Returned { state, code, issuer } = back.clone();
    let request = v1::CompleteSsoRequest { state, code, issuer, client: None };
    Ok(ask!(server.anonymous().complete_sso(request))?.result.unwrap())
}

/// The user whose session an answer is.
fn user_of(answer: Answer) -> String {
    match answer {
        Answer::Session(tokens) => tokens.session.unwrap().user_id,
        Answer::NextStep(step) => panic!("no session but {step:?}"),
    }
}

impl Sso {
    /// Invites somebody and gives the account with the token of its link.
    async fn invite(&self, username: &str) -> (String, String) {
        let user = self.acme.invite_person(username, v1::BackOfficeLevel::None).await;
        let mail = self.server.last_mail(&format!("{username}@example.com")).await;
        (user, mail.value("token").to_owned())
    }

    /// Invites somebody who activates the account as `subject`.
    async fn member(&self, username: &str, subject: &str) -> String {
        let (user, token) = self.invite(username).await;
        let back = self.come_back_with(&token, subject).await;
        assert_eq!(user_of(complete(&self.server, &back).await.unwrap()), user);
        user
    }

    /// Goes to the provider with a link and comes back as `subject`.
    async fn come_back_with(&self, link: &str, subject: &str) -> Returned {
        let begun = begin(&self.server, "", link).await.unwrap();
        self.provider.sign_in(&begun.authorization_url, subject)
    }

    /// Goes to the provider and comes back as `subject`.
    async fn come_back(&self, subject: &str) -> Returned {
        let begun = begin(&self.server, &self.acme.organization, "").await.unwrap();
        let back = self.provider.sign_in(&begun.authorization_url, subject);
        assert_eq!(back.state, begun.state);
        back
    }
}
