//! A mail server that nobody here wrote (aiosmtpd), as a process of its own.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

const PROGRAM: &str = include_str!("smtp/server.py");

/// How long it may take to start or to answer.
const MAX_WAIT: Duration = Duration::from_mins(1);

/// A mail server. It is killed when this is dropped.
pub struct SmtpServer {
    /// On 127.0.0.1.
    pub port: u16,
    folder: TempDir,
    options: SmtpServerOptions,
    process: Option<Process>,
}

/// What a mail server demands.
#[derive(Clone, Debug, Default)]
pub struct SmtpServerOptions {
    /// A certificate and its key, and whether TLS is spoken from the first byte.
    pub tls: Option<(PathBuf, PathBuf, bool)>,
    /// Name and password, if it asks for them.
    pub login: Option<(String, String)>,
}

/// What a mail server does with mails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpMode {
    /// Takes them.
    Accept,
    /// Knows no recipient.
    Refuse,
    /// Puts off every recipient.
    Defer,
    /// Says nothing when it has got the mail.
    Stall,
    /// Hangs up when it has got the mail.
    Drop,
}

struct Process {
    child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

impl SmtpServer {
    /// Starts a mail server that demands nothing.
    pub async fn start() -> Self {
        Self::start_with(SmtpServerOptions::default()).await
    }

    /// Starts a mail server.
    pub async fn start_with(options: SmtpServerOptions) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let (process, port) = spawn(folder.path(), 0, &options).await;
        Self { port, folder, options, process: Some(process) }
    }

    /// Ends it as a power cut would.
    pub async fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.child.kill().await.expect("the mail server can be killed");
        }
    }

    /// Starts it anew on the same port. What it took before is still there.
    pub async fn restart(&mut self) {
        assert!(self.process.is_none(), "the mail server still runs");
        self.process = Some(spawn(self.folder.path(), self.port, &self.options).await.0);
    }

    /// Lets it treat mails like this from now on.
    pub async fn behave(&mut self, mode: SmtpMode) {
        let word = format!("{mode:?}").to_lowercase();
        let process = self.process.as_mut().expect("the mail server runs");
        process.input.write_all(format!("{word}\n").as_bytes()).await.expect("the mail server listens");
        let answer = next_line(&mut process.output).await;
        assert_eq!(answer, format!("mode {word}"));
    }

    /// Every mail that it took, whole, oldest first.
    pub fn received(&self) -> Vec<String> {
        let files = std::fs::read_dir(self.folder.path()).expect("the folder can be read");
        let mut paths: Vec<PathBuf> = files.map(|file| file.expect("a file").path()).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "eml"));
        paths.sort();
        paths.iter().map(|path| String::from_utf8_lossy(&std::fs::read(path).expect("a mail")).into_owned()).collect()
    }

    /// A line for what it was asked for: recipients and logins.
    pub fn log(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }
}

async fn spawn(folder: &Path, port: u16, options: &SmtpServerOptions) -> (Process, u16) {
    let mut command = Command::new(python());
    command.arg("-c").arg(PROGRAM).arg(folder).arg(port.to_string());
    if let Some((certificate, key, is_implicit)) = &options.tls {
        command.arg(certificate).arg(key).arg(if *is_implicit { "implicit" } else { "starttls" });
    }
    if let Some((name, password)) = &options.login {
        command.arg(format!("{name}:{password}"));
    }
    let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true).spawn();
    let mut child = spawned.expect("aiosmtpd is installed by tests/install");
    let input = child.stdin.take().expect("the input is piped");
    let mut output = BufReader::new(child.stdout.take().expect("the output is piped")).lines();
    let line = next_line(&mut output).await;
    let port = line.strip_prefix("port ").and_then(|port| port.parse().ok()).expect("it says where it listens");
    (Process { child, input, output }, port)
}

async fn next_line(output: &mut Lines<BufReader<ChildStdout>>) -> String {
    let line = tokio::time::timeout(MAX_WAIT, output.next_line()).await.expect("the mail server answers in time");
    line.expect("its output can be read").expect("the mail server runs")
}

fn python() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools/aiosmtpd/bin/python")
}
