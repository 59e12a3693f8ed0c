use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs a program to its end and gives what it wrote; what it complains of becomes the error.
pub(super) fn run(command: &mut Command) -> io::Result<String> {
    let output = command
        .output()
        .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", command.get_program().display())))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(format!("{}: {}", command.get_program().display(), complaint.trim())))
}

/// Runs SQL in a PostgreSQL database.
pub(super) fn psql(url: &str, sql: &str) -> io::Result<String> {
    let options = ["--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--set=ON_ERROR_STOP=1"];
    run(postgres("psql").args(options).args(["--dbname", url, "--command", sql]))
}

/// Runs SQL in a SQLite file.
pub(super) fn sqlite(path: &Path, sql: &str) -> io::Result<String> {
    run(Command::new("sqlite3").arg(path).arg(sql))
}

/// One of PostgreSQL's programs: the newest installed, else whatever the path has.
pub(super) fn postgres(name: &str) -> Command {
    Command::new(newest(name).unwrap_or_else(|| name.into()))
}

fn newest(name: &str) -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?.filter_map(Result::ok);
    let number = |version: &OsStr| version.to_str().and_then(|version| version.parse::<u32>().ok());
    let newest = versions.filter_map(|entry| Some((number(&entry.file_name())?, entry.path()))).max()?;
    Some(newest.1.join("bin").join(name)).filter(|program| program.exists())
}
