//! The file that keeps a service account's credential for the client commands.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;

use anyhow::Context;
use serde::{Deserialize, Serialize};

use crate::private_file;

/// What the file says.
#[derive(Clone, Deserialize, Serialize)]
pub struct CredentialFile {
    /// `sa_…`.
    pub service_account_id: String,
    /// Its name.
    pub username: String,
    /// One of its secrets.
    pub client_secret: String,
    /// Where the server listens, such as `http://127.0.0.1:50051`.
    pub grpc_address: String,
}

impl fmt::Debug for CredentialFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CredentialFile")
            .field("service_account_id", &self.service_account_id)
            .field("username", &self.username)
            .field("grpc_address", &self.grpc_address)
            .finish_non_exhaustive()
    }
}

impl CredentialFile {
    /// Reads a file.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("could not read `{}`", path.display()))?;
        serde_json::from_str(&text).with_context(|| {
            format!("`{}` is not a credential as `varco` writes it; restore or remove it", path.display())
        })
    }

    /// Writes the file for its owner alone.
    pub fn write(&self, path: &Path) -> anyhow::Result<()> {
        private_file::write(path, &self.to_json()?).with_context(|| format!("could not write `{}`", path.display()))
    }

    /// As the file has it.
    pub fn to_json(&self) -> anyhow::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

/// How a client on the same machine reaches a port.
pub fn client_address(listen: SocketAddr, is_encrypted: bool) -> String {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    let scheme = if is_encrypted { "https" } else { "http" };
    format!("{scheme}://{}", SocketAddr::new(ip, listen.port()))
}
