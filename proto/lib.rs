//! The contract of Varco as Rust: messages, clients, servers, and what every RPC demands.
//!
//! Everything but this file is generated from `proto/varco/v1` by `build.rs`. To add an RPC, write
//! it there with its `access` option; the build fails until it has one.

use std::fmt;

/// Package `varco.v1`.
#[expect(
    clippy::all,
    clippy::pedantic,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    reason = "generated code"
)]
pub mod v1 {
    tonic::include_proto!("varco.v1");
}

mod access {
    include!(concat!(env!("OUT_DIR"), "/access.rs"));
}

pub use access::PATHS;

/// The descriptors of the contract, encoded, for reflection and for tests that walk every RPC.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));

/// One RPC and what it demands of its caller.
#[derive(Clone, Copy, Debug)]
pub struct Rpc {
    /// Such as `/varco.v1.UnitService/CreateUnit`.
    pub path: &'static str,
    /// Such as `varco.v1.UnitService`.
    pub service: &'static str,
    /// Such as `CreateUnit`.
    pub method: &'static str,
    /// Who may call.
    pub caller: v1::Caller,
}

/// A request whose RPC says who may call it. Implemented for every request of the contract.
pub trait Declared {
    /// The RPC.
    const RPC: Rpc;

    /// The organization that the call is about, if the request names one.
    fn organization_id(&self) -> Option<&str>;
}

/// What `Debug` shows instead of a secret.
const REDACTED: &str = "[redacted]";

impl fmt::Debug for v1::CreateServiceAccountResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreateServiceAccountResponse")
            .field("service_account", &self.service_account)
            .field("client_secret", &REDACTED)
            .field("revision", &self.revision)
            .finish()
    }
}

impl fmt::Debug for v1::CreateSecretResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreateSecretResponse")
            .field("secret", &self.secret)
            .field("client_secret", &REDACTED)
            .field("revision", &self.revision)
            .finish()
    }
}

impl fmt::Debug for v1::IssueServiceTokenRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IssueServiceTokenRequest")
            .field("client_id", &self.client_id)
            .field("client_secret", &REDACTED)
            .finish()
    }
}

impl fmt::Debug for v1::IssueServiceTokenResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IssueServiceTokenResponse")
            .field("access_token", &REDACTED)
            .field("expires_in", &self.expires_in)
            .finish()
    }
}
