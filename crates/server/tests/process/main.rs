//! The binary as its users meet it.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing where it looks has failed")]

mod binary;
mod commands;
mod drain;
mod embedded;
mod foreign_client;
mod mail;
mod operator;
mod ports;
mod raw;
mod refusals;
