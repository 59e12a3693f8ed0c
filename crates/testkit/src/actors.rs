//! Who calls in a test. RPCs that many tests need are methods; all others go through the generated
//! clients, which carry the actor's token.

mod organization;
mod people;
mod read;
mod steps;

pub use organization::OrganizationActor;
pub use people::{PASSWORD, UserActor};

use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Channel;
use tonic::{Request, Status};
use varco_proto::v1;
use varco_proto::v1::authentication_service_client::AuthenticationServiceClient;

use crate::TestServer;
use crate::server::Credential;

/// A service account that calls.
#[derive(Clone)]
pub struct Actor {
    /// Its access token.
    pub token: String,
    /// What it got the token for.
    pub credential: Credential,
    channel: Channel,
}

/// Adds a token to every call.
#[derive(Clone)]
pub struct Bearer(MetadataValue<Ascii>);

impl Interceptor for Bearer {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        request.metadata_mut().insert("authorization", self.0.clone());
        Ok(request)
    }
}

/// The transport of an actor's clients.
pub type WithToken = InterceptedService<Channel, Bearer>;

macro_rules! services {
    ($($name:ident $module:ident $client:ident;)*) => {
        impl Actor {$(
            #[doc = concat!("The generated `", stringify!($client), "`.")]
            pub fn $name(&self) -> v1::$module::$client<WithToken> {
                v1::$module::$client::with_interceptor(self.channel.clone(), self.bearer())
            }
        )*}
    };
}

services! {
    access access_service_client AccessServiceClient;
    assignments assignment_service_client AssignmentServiceClient;
    authentication authentication_service_client AuthenticationServiceClient;
    catalogs catalog_service_client CatalogServiceClient;
    events event_service_client EventServiceClient;
    licenses license_service_client LicenseServiceClient;
    mails mail_service_client MailServiceClient;
    organizations organization_service_client OrganizationServiceClient;
    reports report_service_client ReportServiceClient;
    roles role_service_client RoleServiceClient;
    service_accounts service_account_service_client ServiceAccountServiceClient;
    units unit_service_client UnitServiceClient;
    users user_service_client UserServiceClient;
}

impl Actor {
    /// Exchanges a credential for a token.
    pub async fn sign_in(channel: &Channel, credential: &Credential) -> Result<Self, Status> {
        let Credential { client_id, client_secret } = credential.clone();
        let request = v1::IssueServiceTokenRequest { client_id, client_secret };
        let issued = AuthenticationServiceClient::new(channel.clone()).issue_service_token(request).await?;
        let token = issued.into_inner().access_token;
        Ok(Self { token, credential: credential.clone(), channel: channel.clone() })
    }

    /// The connection, without the token.
    pub fn channel(&self) -> &Channel {
        &self.channel
    }

    /// Puts another token into every call.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: token.to_owned(), ..self.clone() }
    }

    fn bearer(&self) -> Bearer {
        Bearer(format!("Bearer {}", self.token).parse().expect("a token is ASCII"))
    }
}

impl TestServer {
    /// The operator that the server was started with.
    pub async fn operator(&self) -> Actor {
        self.actor(&self.operator).await
    }

    /// Whoever has this credential.
    pub async fn actor(&self, credential: &Credential) -> Actor {
        Actor::sign_in(self.channel(), credential).await.expect("the credential works")
    }
}
