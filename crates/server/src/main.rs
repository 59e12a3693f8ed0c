//! The `varco` binary.

use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use varco_server::cli::Cli;
use varco_server::commands;

/// Something went wrong. Not 1, which says no to a check.
const FAILED: u8 = 2;

/// What still runs when everything that is waited for has ended is not waited for.
const RUNTIME_TIMEOUT: Duration = Duration::from_millis(100);

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error.into()),
    };
    let result = runtime.block_on(commands::run(cli));
    runtime.shutdown_timeout(RUNTIME_TIMEOUT);
    result.unwrap_or_else(|error| fail(&error))
}

fn fail(error: &anyhow::Error) -> ExitCode {
    // Nobody is left to hear that this failed too.
    let _ = writeln!(std::io::stderr(), "varco: {error:#}");
    ExitCode::from(FAILED)
}
