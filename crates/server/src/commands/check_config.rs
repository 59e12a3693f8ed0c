use std::path::Path;
use std::process::ExitCode;

use crate::config::Config;
use crate::lifecycle::say;

pub(super) fn run(path: &Path) -> anyhow::Result<ExitCode> {
    let config = Config::load(path)?;
    say(&toml::to_string(&config.effective())?)?;
    Ok(ExitCode::SUCCESS)
}
