//! The varco binary: configuration, wiring, lifecycle, commands.
//!
//! A library so that the tests run the same wiring as the binary. Errors here are for humans at
//! start-up: `anyhow`, with what to do about it. The environment is read in `config` alone.
//!
//! To add a setting: a field with its default and its comment in the section's file in `config/`,
//! and its line in `varco check-config`. To add a command: a file in `commands/`.

mod observer;
pub mod running;
pub mod wiring;
