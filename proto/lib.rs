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

impl fmt::Debug for v1::IntrospectTokenRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IntrospectTokenRequest([redacted])")
    }
}

impl fmt::Debug for v1::ActivateAccountRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ActivateAccountRequest([redacted])")
    }
}

impl fmt::Debug for v1::CompletePasswordResetRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CompletePasswordResetRequest([redacted])")
    }
}

impl fmt::Debug for v1::ChangePasswordRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChangePasswordRequest([redacted])")
    }
}

impl fmt::Debug for v1::SessionTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionTokens")
            .field("session", &self.session)
            .field("access_token", &REDACTED)
            .field("expires_in", &self.expires_in)
            .field("refresh_token", &REDACTED)
            .finish()
    }
}

impl fmt::Debug for v1::SignInStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignInStep")
            .field("kind", &self.kind())
            .field("challenge_token", &REDACTED)
            .field("expires_in", &self.expires_in)
            .field("organizations", &self.organizations)
            .finish()
    }
}

impl fmt::Debug for v1::SignInRequest {
    /// Without the username as well: people type passwords into the wrong field.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignInRequest")
            .field("username", &REDACTED)
            .field("password", &REDACTED)
            .field("organization_id", &self.organization_id)
            .field("client", &self.client)
            .finish()
    }
}

impl fmt::Debug for v1::ContinueSignInRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContinueSignInRequest")
            .field("challenge_token", &REDACTED)
            .field("answer", &self.answer.as_ref().map(|_| REDACTED))
            .field("client", &self.client)
            .finish()
    }
}

impl fmt::Debug for v1::RefreshSessionRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefreshSessionRequest").field("refresh_token", &REDACTED).finish()
    }
}

impl fmt::Debug for v1::SetSsoProviderRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SetSsoProviderRequest")
            .field("organization_id", &self.organization_id)
            .field("sso_provider", &self.sso_provider)
            .field("client_secret", &REDACTED)
            .field("validate_only", &self.validate_only)
            .finish()
    }
}

impl fmt::Debug for v1::BeginSsoRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BeginSsoRequest")
            .field("organization_id", &self.organization_id)
            .field("redirect_uri", &self.redirect_uri)
            .field("activation_token", &REDACTED)
            .field("client", &self.client)
            .finish()
    }
}

impl fmt::Debug for v1::BeginSsoResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BeginSsoResponse([redacted])")
    }
}

impl fmt::Debug for v1::CompleteSsoRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CompleteSsoRequest([redacted])")
    }
}
