//! gRPC and HTTP: parse, call, present.
//!
//! An RPC passes the `Gate`, which proves who calls and holds the call against what the contract
//! declares; its file parses the message into a command, with every field problem at once, calls
//! the use case and presents the result. Only `failure.rs` builds a `Status`.
//!
//! To add an RPC: a file in its service's folder, a line in the service's `impl`, and an answer for
//! every new cause of the use case's error.

mod access_service;
mod assignment_service;
mod authentication_service;
mod call;
mod catalog_service;
mod connections;
mod event_service;
mod failure;
mod fields;
mod gate;
pub mod grpc;
pub mod health;
pub mod http;
mod license_service;
mod mail_service;
mod once;
mod organization_service;
mod paging;
mod present;
mod report_service;
mod role_service;
mod service_account_service;
mod unit_service;
mod user_service;

pub use gate::{Gate, Observer};
