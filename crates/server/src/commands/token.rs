use std::process::ExitCode;

use super::connection::connect;
use crate::cli::ClientOptions;
use crate::lifecycle::say;

pub(super) async fn run(options: &ClientOptions) -> anyhow::Result<ExitCode> {
    let (client, _) = connect(options).await?;
    say(&format!("{}\n", client.token().await?))?;
    Ok(ExitCode::SUCCESS)
}
