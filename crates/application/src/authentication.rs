//! Proof of who calls.

mod authenticate;
mod issue_service_token;

pub use authenticate::{AuthenticationError, authenticate};
pub use issue_service_token::{AccessToken, Credentials, IssueServiceTokenError, issue_service_token};
