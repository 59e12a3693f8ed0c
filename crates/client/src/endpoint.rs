use std::time::Duration;

use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint};

use crate::Error;

/// How long it may take to reach the server.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// A connection on which nothing comes is asked whether it is there. Not more often than every
/// 30 seconds: the server would take that for an attack.
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(30);
const KEEPALIVE_TIMEOUT: Duration = Duration::from_secs(10);

/// Where a server is and how to trust it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    address: String,
    ca_certificate: Option<Vec<u8>>,
}

impl Server {
    /// Takes `http://host:port`, `https://host:port`, or `host:port` for the former.
    pub fn new(address: &str) -> Self {
        let has_scheme = address.contains("://");
        let address = if has_scheme { address.to_owned() } else { format!("http://{address}") };
        Self { address, ca_certificate: None }
    }

    /// Trusts this certificate authority (PEM) instead of those of the system.
    #[must_use]
    pub fn with_ca_certificate(mut self, pem: Vec<u8>) -> Self {
        self.ca_certificate = Some(pem);
        self
    }

    /// Its address.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Connects without proving anything, as for health or reflection.
    pub async fn channel(&self) -> Result<Channel, Error> {
        let unreachable = |source| Error::Unreachable { address: self.address.clone(), source };
        self.endpoint()?.connect().await.map_err(unreachable)
    }

    fn endpoint(&self) -> Result<Endpoint, Error> {
        let malformed = |source| Error::Address { address: self.address.clone(), source };
        let endpoint = Endpoint::from_shared(self.address.clone())
            .map_err(malformed)?
            .connect_timeout(CONNECT_TIMEOUT)
            .http2_keep_alive_interval(KEEPALIVE_INTERVAL)
            .keep_alive_timeout(KEEPALIVE_TIMEOUT)
            .tcp_nodelay(true);
        if endpoint.uri().scheme_str() != Some("https") {
            return Ok(endpoint);
        }
        let tls = match &self.ca_certificate {
            Some(pem) => ClientTlsConfig::new().ca_certificate(Certificate::from_pem(pem)),
            None => ClientTlsConfig::new().with_enabled_roots(),
        };
        endpoint.tls_config(tls).map_err(malformed)
    }
}
