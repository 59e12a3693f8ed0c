//! The contract, RPC by RPC, against the real wiring on both databases.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing where it looks has failed")]

mod unit_service;
