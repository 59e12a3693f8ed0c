use std::sync::Arc;

use varco_proto::v1;

use crate::tokens::Tokens;
use crate::{Authenticated, Credential, Error, Server};

/// The size of messages in either direction: the server's own limit.
const MAX_MESSAGE_BYTES: usize = 4 * 1024 * 1024;

/// A connection to a server, shared by its clones.
#[derive(Clone)]
pub struct Client {
    channel: Authenticated,
    tokens: Arc<Tokens>,
}

macro_rules! services {
    ($($name:ident $module:ident $client:ident;)*) => {
        impl Client {$(
            #[doc = concat!("The generated `", stringify!($client), "`.")]
            pub fn $name(&self) -> v1::$module::$client<Authenticated> {
                v1::$module::$client::new(self.channel.clone())
                    .max_decoding_message_size(MAX_MESSAGE_BYTES)
                    .max_encoding_message_size(MAX_MESSAGE_BYTES)
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
    roles role_service_client RoleServiceClient;
    service_accounts service_account_service_client ServiceAccountServiceClient;
    units unit_service_client UnitServiceClient;
    users user_service_client UserServiceClient;
}

impl Client {
    /// Connects to `http://host:port` or `https://host:port`, and proves the credential.
    pub async fn connect(address: &str, credential: Credential) -> Result<Self, Error> {
        Self::connect_to(&Server::new(address), credential).await
    }

    /// As `connect`, for a server with a certificate authority of its own.
    pub async fn connect_to(server: &Server, credential: Credential) -> Result<Self, Error> {
        let channel = server.channel().await?;
        let tokens = Arc::new(Tokens::new(channel.clone(), credential));
        tokens.current().await?;
        Ok(Self { channel: Authenticated::new(channel, Arc::clone(&tokens)), tokens })
    }

    /// The token that calls carry now, for another client to use until it ends.
    pub async fn token(&self) -> Result<String, Error> {
        let token = self.tokens.current().await?;
        let text = token.authorization.to_str().unwrap_or_default();
        Ok(text.trim_start_matches("Bearer ").to_owned())
    }
}
