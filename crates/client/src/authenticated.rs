use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use tonic::body::Body;
use tonic::transport::Channel;
use tower::{Service, ServiceExt};

use crate::tokens::{Token, Tokens, is_unauthenticated};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A channel whose calls carry the token of the client's credential.
#[derive(Clone)]
pub struct Authenticated {
    channel: Channel,
    tokens: Arc<Tokens>,
}

impl Authenticated {
    pub(crate) fn new(channel: Channel, tokens: Arc<Tokens>) -> Self {
        Self { channel, tokens }
    }

    /// Sends a call; if its token is refused, once more with a new one. The server has not looked
    /// at the request then, so nothing happens twice.
    async fn send(self, request: Request<Body>) -> Result<Response<Body>, BoxError> {
        let token = self.tokens.current().await?;
        let (head, body) = request.into_parts();
        // Kept for the second try. A request is one message, which the contract keeps small.
        let body = body.collect().await?.to_bytes();
        let response = self.send_with(&token, &head, body.clone()).await?;
        if !is_unauthenticated(response.headers()) {
            return Ok(response);
        }
        let token = self.tokens.replace(&token).await?;
        self.send_with(&token, &head, body).await
    }

    async fn send_with(
        &self,
        token: &Token,
        head: &http::request::Parts,
        body: Bytes,
    ) -> Result<Response<Body>, BoxError> {
        let mut request = Request::from_parts(head.clone(), Body::new(Full::new(body)));
        request.headers_mut().insert(AUTHORIZATION, token.authorization.clone());
        Ok(self.channel.clone().oneshot(request).await?)
    }
}

impl Service<Request<Body>> for Authenticated {
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        Box::pin(self.clone().send(request))
    }
}
