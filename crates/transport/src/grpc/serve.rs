use std::time::Duration;

use futures::TryStreamExt;
use tokio::net::TcpListener;
use tonic::service::Routes;
use tonic::transport::{Error, Identity, Server, ServerTlsConfig};
use tower::util::MapResponseLayer;

use super::heard::Heard;
use super::unread;
use crate::connections::Port;

/// Connections at a time. Further ones wait in the system's queue; a silent one makes room soon.
const MAX_CONNECTIONS: usize = 10_000;

/// Calls that a connection may have open. Said explicitly: tonic's default is no limit at all.
const MAX_STREAMS: u32 = 200;

/// Calls of a connection that are worked on at a time. The others, of which the limit on streams
/// leaves 72, wait: to shed them would fail calls that the client was told it may make.
const MAX_CONCURRENCY: usize = 128;

/// How often a silent peer is asked whether it is there, and how long it has to answer.
pub(super) const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(30);
pub(super) const KEEPALIVE_TIMEOUT: Duration = Duration::from_secs(10);

/// All headers of a request together. A token has 60 bytes.
const MAX_HEADER_BYTES: u32 = 16 * 1024;

/// After this long a connection is asked to begin anew, so that clients spread over new replicas.
/// Its open calls are finished first, however long: a watch stream is not cut for it.
const MAX_CONNECTION_AGE: Duration = Duration::from_mins(30);

/// How long a client may take to set up TLS.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(5);

/// The server's certificate chain and its key, in PEM.
pub struct Tls {
    /// The chain, the server's own certificate first.
    pub certificate: Vec<u8>,
    /// Its private key.
    pub key: Vec<u8>,
}

impl Tls {
    /// Fails if the certificate or its key is none, or if they do not belong together.
    pub fn check(&self) -> Result<(), Error> {
        Server::builder().tls_config(self.config()).map(drop)
    }

    fn config(&self) -> ServerTlsConfig {
        let identity = Identity::from_pem(&self.certificate, &self.key);
        ServerTlsConfig::new().identity(identity).timeout(HANDSHAKE_TIMEOUT)
    }
}

/// Serves until `stop` resolves and the open calls have ended. Fails at once if the certificate or
/// its key is none.
pub fn serve<F: Future<Output = ()>>(
    listener: TcpListener,
    routes: Routes,
    tls: Option<Tls>,
    stop: F,
) -> Result<impl Future<Output = Result<(), Error>> + use<F>, Error> {
    let mut server = Server::builder()
        .layer(MapResponseLayer::new(unread::explain))
        .max_concurrent_streams(MAX_STREAMS)
        .concurrency_limit_per_connection(MAX_CONCURRENCY)
        .http2_keepalive_interval(Some(KEEPALIVE_INTERVAL))
        .http2_keepalive_timeout(Some(KEEPALIVE_TIMEOUT))
        .http2_max_header_list_size(MAX_HEADER_BYTES)
        .max_connection_age(MAX_CONNECTION_AGE);
    if let Some(tls) = tls {
        server = server.tls_config(tls.config())?;
    }
    let incoming = Port::new(listener, MAX_CONNECTIONS).incoming().map_ok(Heard::new);
    Ok(server.serve_with_incoming_shutdown(routes, incoming, stop))
}
