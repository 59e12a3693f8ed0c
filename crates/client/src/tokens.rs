use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use http::HeaderValue;
use tokio::sync::Mutex;
use tonic::transport::Channel;
use tonic::{Code, Status};
use varco_proto::v1::IssueServiceTokenRequest;
use varco_proto::v1::authentication_service_client::AuthenticationServiceClient;

use crate::Credential;

/// A token is renewed when a fifth of its life is left.
const RENEWAL: (u32, u32) = (4, 5);

/// The token of a client. Whoever finds it near its end renews it, while all others who need one
/// wait for that one renewal.
pub(crate) struct Tokens {
    channel: Channel,
    credential: Credential,
    current: RwLock<Option<Arc<Token>>>,
    renewal: Mutex<()>,
}

pub(crate) struct Token {
    /// `Bearer …`, marked as sensitive.
    pub(crate) authorization: HeaderValue,
    renew_at: Instant,
}

impl Tokens {
    pub(crate) fn new(channel: Channel, credential: Credential) -> Self {
        Self { channel, credential, current: RwLock::default(), renewal: Mutex::default() }
    }

    /// A token that works, as far as is known.
    pub(crate) async fn current(&self) -> Result<Arc<Token>, Status> {
        let is_good = |token: &Arc<Token>| Instant::now() < token.renew_at;
        self.find_or_issue(is_good).await
    }

    /// A token in place of one that the server refused.
    pub(crate) async fn replace(&self, refused: &Arc<Token>) -> Result<Arc<Token>, Status> {
        self.find_or_issue(|token| !Arc::ptr_eq(token, refused)).await
    }

    async fn find_or_issue(&self, is_good: impl Fn(&Arc<Token>) -> bool) -> Result<Arc<Token>, Status> {
        if let Some(token) = self.read().filter(&is_good) {
            return Ok(token);
        }
        let _one_at_a_time = self.renewal.lock().await;
        if let Some(token) = self.read().filter(&is_good) {
            return Ok(token);
        }
        let token = Arc::new(self.issue().await?);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&token));
        Ok(token)
    }

    fn read(&self) -> Option<Arc<Token>> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn issue(&self) -> Result<Token, Status> {
        let asked_at = Instant::now();
        let request = IssueServiceTokenRequest {
            client_id: self.credential.client_id().to_owned(),
            client_secret: self.credential.client_secret().to_owned(),
        };
        let issued = AuthenticationServiceClient::new(self.channel.clone()).issue_service_token(request).await?;
        let issued = issued.into_inner();
        let seconds = issued.expires_in.map_or(0, |length| u64::try_from(length.seconds).unwrap_or(0));
        let mut authorization = HeaderValue::try_from(format!("Bearer {}", issued.access_token))
            .map_err(|error| Status::from_error(Box::new(error)))?;
        authorization.set_sensitive(true);
        let life = Duration::from_secs(seconds);
        Ok(Token { authorization, renew_at: asked_at + life * RENEWAL.0 / RENEWAL.1 })
    }
}

/// Whether a response says that the token does not work. Such a response comes without a body, its
/// status among the headers.
pub(crate) fn is_unauthenticated(headers: &http::HeaderMap) -> bool {
    let unauthenticated = (Code::Unauthenticated as i32).to_string();
    headers.get("grpc-status").is_some_and(|status| status.as_bytes() == unauthenticated.as_bytes())
}
