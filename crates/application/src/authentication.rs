//! Proof of who calls.

mod authenticate;

pub use authenticate::{AuthenticationError, authenticate};
