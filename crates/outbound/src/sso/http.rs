//! One HTTP request at a time, on a connection of its own.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures::future::{BoxFuture, Either, FutureExt, select};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::header::{CONNECTION, HOST, HeaderValue, USER_AGENT};
use hyper::{Request, Response, Uri};
use hyper_util::rt::TokioIo;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto};

use super::reach::Reach;
use crate::is_this_machine;

/// From looking up the name to the last byte of the answer.
const MAX_TIME: Duration = Duration::from_secs(4);

/// Of an answer: descriptions of providers have a few KiB, sets of keys some more.
const MAX_BODY_BYTES: usize = 256 * 1024;

/// Of the head of an answer.
const MAX_HEAD_BYTES: usize = 32 * 1024;

/// Of the addresses behind a name.
const MAX_ADDRESSES: usize = 4;

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(super) struct HttpFailure(pub(super) &'static str);

/// Whether a request may go without encryption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plain {
    /// It may not.
    Never,
    /// It may as long as it stays on this machine.
    OnThisMachine,
}

impl Plain {
    pub(super) fn allows(self, host: &str) -> bool {
        self == Self::OnThisMachine && is_this_machine(host)
    }
}

/// Sends the requests that the OpenID library makes for one provider.
pub(super) struct Courier {
    pub(super) http: Arc<HttpClient>,
    pub(super) plain: Plain,
}

impl<'c> AsyncHttpClient<'c> for Courier {
    type Error = HttpFailure;
    type Future = BoxFuture<'c, Result<HttpResponse, HttpFailure>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        self.http.send(request, self.plain).boxed()
    }
}

/// Sends requests: no redirects, no proxies, no compression, no connection kept.
pub(super) struct HttpClient {
    reach: Reach,
    tls: OnceLock<Arc<ClientConfig>>,
}

impl HttpClient {
    pub(super) fn new(reach: Reach) -> Self {
        Self { reach, tls: OnceLock::new() }
    }

    /// Sends a request and gives the answer, whatever its status.
    async fn send(&self, request: HttpRequest, plain: Plain) -> Result<HttpResponse, HttpFailure> {
        let sent = tokio::time::timeout(MAX_TIME, self.send_patiently(request, plain)).await;
        sent.unwrap_or(Err(HttpFailure("no answer in time")))
    }

    async fn send_patiently(&self, request: HttpRequest, plain: Plain) -> Result<HttpResponse, HttpFailure> {
        let target = Target::of(request.uri()).ok_or(HttpFailure("an address that cannot be requested"))?;
        if !target.is_encrypted && !plain.allows(&target.host) {
            return Err(HttpFailure("an address without encryption"));
        }
        let stream = self.connect(&target).await?;
        let request = prepare(request, &target)?;
        if !target.is_encrypted {
            return exchange(stream, request).await;
        }
        let name = ServerName::try_from(target.host.clone()).map_err(|_| HttpFailure("a host that has no name"))?;
        let connector = TlsConnector::from(self.tls_config()?);
        let stream = connector.connect(name, stream).await.map_err(|_| HttpFailure("no TLS connection"))?;
        exchange(stream, request).await
    }

    /// Connects to an address that was looked at: nobody can exchange it behind our back.
    async fn connect(&self, target: &Target) -> Result<TcpStream, HttpFailure> {
        let looked_up = tokio::net::lookup_host((target.host.as_str(), target.port)).await;
        let addresses = looked_up.map_err(|_| HttpFailure("a host that is not known"))?;
        let allowed: Vec<SocketAddr> = addresses.filter(|address| self.reach.allows(address.ip())).collect();
        if allowed.is_empty() {
            return Err(HttpFailure("an address that this installation does not let the server talk to"));
        }
        for address in allowed.into_iter().take(MAX_ADDRESSES) {
            if let Ok(stream) = TcpStream::connect(address).await {
                return Ok(stream);
            }
        }
        Err(HttpFailure("no connection"))
    }

    /// Trusts what this machine trusts.
    fn tls_config(&self) -> Result<Arc<ClientConfig>, HttpFailure> {
        if let Some(config) = self.tls.get() {
            return Ok(Arc::clone(config));
        }
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if roots.is_empty() {
            return Err(HttpFailure("this machine has no root certificates"));
        }
        let builder = ClientConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()));
        let versions = builder.with_safe_default_protocol_versions();
        let builder = versions.map_err(|_| HttpFailure("no TLS version"))?;
        let config = Arc::new(builder.with_root_certificates(roots).with_no_client_auth());
        Ok(Arc::clone(self.tls.get_or_init(|| config)))
    }
}

/// Where a request goes.
struct Target {
    is_encrypted: bool,
    host: String,
    port: u16,
    authority: HeaderValue,
}

impl Target {
    fn of(uri: &Uri) -> Option<Self> {
        let is_encrypted = match uri.scheme_str()? {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let port = uri.port_u16().unwrap_or(if is_encrypted { 443 } else { 80 });
        let authority = HeaderValue::from_str(uri.authority()?.as_str()).ok()?;
        // Only in a URI an IPv6 address stands in brackets.
        let host = uri.host()?.trim_start_matches('[').trim_end_matches(']').to_owned();
        Some(Self { is_encrypted, host, port, authority })
    }
}

/// Gives a request the head that it travels with.
fn prepare(request: HttpRequest, target: &Target) -> Result<Request<Full<Bytes>>, HttpFailure> {
    let (mut head, body) = request.into_parts();
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    head.uri = path.parse().map_err(|_| HttpFailure("an address that cannot be requested"))?;
    head.headers.insert(HOST, target.authority.clone());
    head.headers.insert(CONNECTION, HeaderValue::from_static("close"));
    head.headers.insert(USER_AGENT, HeaderValue::from_static("varco"));
    Ok(Request::from_parts(head, Full::new(Bytes::from(body))))
}

async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send,
    request: Request<Full<Bytes>>,
) -> Result<HttpResponse, HttpFailure> {
    let broken = |_: hyper::Error| HttpFailure("no HTTP answer");
    let mut builder = http1::Builder::new();
    let handshake = builder.max_buf_size(MAX_HEAD_BYTES).handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = handshake.map_err(broken)?;
    let answer = pin!(async move { read(sender.send_request(request).await.map_err(broken)?).await });
    // The connection does the work for the answer, and may be done with it first.
    match select(answer, pin!(connection)).await {
        Either::Left((answer, _)) => answer,
        Either::Right((_, answer)) => answer.await,
    }
}

async fn read(response: Response<Incoming>) -> Result<HttpResponse, HttpFailure> {
    let (head, body) = response.into_parts();
    let body = Limited::new(body, MAX_BODY_BYTES).collect().await.map_err(|error| {
        let is_too_large = error.is::<LengthLimitError>();
        HttpFailure(if is_too_large { "an answer that is too large" } else { "an answer that breaks off" })
    })?;
    Ok(Response::from_parts(head, body.to_bytes().into()))
}

#[cfg(test)]
mod tests;
