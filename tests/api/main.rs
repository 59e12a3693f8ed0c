//! The contract, RPC by RPC, against the real wiring on both databases.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing where it looks has failed")]

mod access_service;
mod access_tokens;
mod assignment_service;
mod authentication_service;
mod calls;
mod canary;
mod catalog_service;
mod credentials;
mod dynamic;
mod event_service;
mod every_rpc;
mod index;
mod inheritance_vectors;
mod license_service;
mod mail_service;
mod organization_service;
mod replicas;
mod retention;
mod role_service;
mod service_account_service;
mod sessions;
mod sign_in;
mod sso;
mod tampered;
mod unit_service;
mod user_service;
