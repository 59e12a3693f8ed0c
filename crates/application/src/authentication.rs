//! Proof of who calls.

mod authenticate;
mod introspect_token;
mod issue_access_token;
mod issue_service_token;

pub use authenticate::{AuthenticationError, ProvedToken, authenticate};
pub use introspect_token::{IntrospectToken, introspect_token};
pub use issue_access_token::{TokenHolder, issue_access_token};
pub use issue_service_token::{AccessToken, Credentials, IssueServiceTokenError, issue_service_token};
