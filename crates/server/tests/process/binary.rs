//! Runs the binary, in a folder of its own and with an environment of its own.

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Output, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};

/// How long anything may take.
const MAX_WAIT: Duration = Duration::from_mins(1);

/// The last line of the banner.
const BANNER_END: &str = "Ctrl-C stops the server.";

/// A folder to run the binary in.
pub(crate) struct Place(TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        use std::os::unix::fs::PermissionsExt;
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        path
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_varco"));
        command.args(arguments).current_dir(self.0.path()).env_clear().stdin(Stdio::null()).kill_on_drop(true);
        command
    }

    /// Runs a command to its end.
    pub(crate) async fn run(&self, arguments: &[&str]) -> Output {
        let output = self.command(arguments).output();
        tokio::time::timeout(MAX_WAIT, output).await.expect("the command ends").unwrap()
    }

    /// As `run`, for a command that reads its input.
    pub(crate) async fn run_with(&self, arguments: &[&str], input: &str) -> Output {
        self.write("input", input);
        let input = std::fs::File::open(self.path("input")).unwrap();
        let output = self.command(arguments).stdin(Stdio::from(input)).output();
        tokio::time::timeout(MAX_WAIT, output).await.expect("the command ends").unwrap()
    }

    /// Starts the embedded server on free ports and waits until it is up.
    pub(crate) async fn start(&self, arguments: &[&str]) -> Embedded {
        let ports = ["--grpc-listen", "127.0.0.1:0", "--http-listen", "127.0.0.1:0"];
        let arguments: Vec<&str> = ports.iter().chain(arguments).copied().collect();
        let mut child = self.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let banner = async {
            let mut banner = String::new();
            while let Some(line) = lines.next_line().await.unwrap() {
                banner.push_str(&line);
                banner.push('\n');
                if line == BANNER_END {
                    return banner;
                }
            }
            panic!("the server ended before it was up: {banner}{}", errors(&mut child).await);
        };
        let banner = tokio::time::timeout(MAX_WAIT, banner).await.expect("the server comes up");
        Embedded { child, banner }
    }

    /// Starts `varco serve` with the configuration `varco.toml`.
    pub(crate) async fn serve(&self) -> Serving {
        let mut command = self.command(&["serve", "--config", "varco.toml"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = tokio::time::timeout(MAX_WAIT, lines.next_line()).await.expect("the server comes up").unwrap();
        let Some(line) = line else { panic!("the server ended: {}", errors(&mut child).await) };
        let grpc = line.split_whitespace().find_map(|word| word.strip_prefix("grpc=")).unwrap().to_owned();
        Serving { _child: child, grpc }
    }
}

/// A running `varco serve`.
pub(crate) struct Serving {
    _child: Child,
    /// Where gRPC listens.
    pub(crate) grpc: String,
}

/// A running embedded server.
pub(crate) struct Embedded {
    pub(crate) child: Child,
    /// All that it said on standard output so far.
    pub(crate) banner: String,
}

impl Embedded {
    /// Where the gRPC port is.
    pub(crate) fn grpc(&self) -> &str {
        self.banner.lines().find_map(|line| line.trim().strip_prefix("gRPC  ")).unwrap()
    }

    /// Where the HTTP port is.
    pub(crate) fn http(&self) -> &str {
        let line = self.banner.lines().find_map(|line| line.trim().strip_prefix("HTTP  http://")).unwrap();
        line.split('/').next().unwrap()
    }

    /// Sends a signal, such as `-TERM`.
    pub(crate) async fn signal(&self, signal: &str) {
        let pid = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().await.unwrap().success());
    }

    /// Asks it to stop and says how it ended and what it complained of.
    pub(crate) async fn stop(mut self) -> (ExitStatus, String) {
        self.signal("-TERM").await;
        let status = tokio::time::timeout(MAX_WAIT, self.child.wait()).await.expect("it stops").unwrap();
        (status, errors(&mut self.child).await)
    }
}

async fn errors(child: &mut Child) -> String {
    let mut text = String::new();
    if let Some(errors) = child.stderr.as_mut() {
        errors.read_to_string(&mut text).await.unwrap();
    }
    text
}

/// What a finished command said on standard output.
pub(crate) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What a finished command complained of.
pub(crate) fn complaint(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The permission bits of a file.
pub(crate) fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}
