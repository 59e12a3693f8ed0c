//! The varco binary: configuration, wiring, lifecycle, commands.
//!
//! A library so that the tests run the same wiring as the binary. Errors here are for humans at
//! start-up: `anyhow`, with what to do about it. The environment is read in `config` and `cli` alone.
//!
//! To add a setting: a field with its default and its comment in the section's file in `config/`,
//! and its line in that section's `effective`. To add a command: a file in `commands/` and its
//! options in `cli.rs`.

pub mod background;
pub mod cli;
pub mod commands;
pub mod config;
pub mod credential_file;
pub mod operator;
pub mod running;
pub mod wiring;

mod demo;
mod lifecycle;
mod observer;
mod private_file;
mod signals;
