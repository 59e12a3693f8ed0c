//! What the binary does, a file a command.

mod check;
mod check_config;
mod connection;
mod embedded;
mod health;
mod lookup;
mod people;
mod serve;
mod service_account;
mod sign_in;
mod token;
mod watch;

use std::process::ExitCode;

use crate::cli::{Cli, Command, ServiceAccountCommand};

/// Runs what the command line asks for.
pub async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command {
        None => Box::pin(embedded::run(cli.embedded)).await,
        Some(Command::Serve(options)) => Box::pin(serve::run(&options.config)).await,
        Some(Command::CheckConfig(options)) => check_config::run(&options.config),
        Some(Command::Check(options)) => check::check(&options).await,
        Some(Command::Explain(options)) => check::explain(&options).await,
        Some(Command::Watch(options)) => watch::run(&options).await,
        Some(Command::Health(options)) => health::run(&options).await,
        Some(Command::Token(options)) => token::run(&options).await,
        Some(Command::Invite(options)) => people::invite(&options).await,
        Some(Command::Activate(options)) => sign_in::activate(&options).await,
        Some(Command::Grant(options)) => people::grant(&options).await,
        Some(Command::SignIn(options)) => sign_in::sign_in(&options).await,
        Some(Command::ServiceAccount(ServiceAccountCommand::Create(options))) => {
            service_account::create(&options).await
        }
    }
}
