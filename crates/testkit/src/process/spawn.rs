use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::OnceLock;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use super::{Addresses, MAX_WAIT};

/// The `varco` binary of the same build as the test.
pub fn binary() -> PathBuf {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(find_binary).clone()
}

fn find_binary() -> PathBuf {
    let test = std::env::current_exe().expect("the test has a path");
    // Tests lie in `target/<profile>/deps`, the binary one up.
    let candidates = test.ancestors().skip(1).take(2).map(|folder| folder.join("varco"));
    candidates.into_iter().find(|path| path.is_file()).unwrap_or_else(|| {
        panic!("there is no varco binary beside {}: build it with `cargo build --package varco-server`", test.display())
    })
}

/// Starts the binary in a folder with a configuration, and waits until it is ready.
pub(super) async fn spawn(folder: &Path) -> (Child, Addresses) {
    let log =
        std::fs::OpenOptions::new().create(true).append(true).open(folder.join("log")).expect("a log can be made");
    // Without a signal a write beyond a limit on file sizes fails as it does on a full disk.
    let mut child = Command::new("sh")
        .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""])
        .arg(binary())
        .args(["serve", "--config"])
        .arg(folder.join("varco.toml"))
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log)
        .kill_on_drop(true)
        .spawn()
        .expect("the binary starts");
    let mut lines = BufReader::new(child.stdout.take().expect("the output is piped")).lines();
    let ready = async {
        while let Some(line) = lines.next_line().await.expect("the output can be read") {
            if let Some(addresses) = parse_addresses(&line) {
                return Some(addresses);
            }
        }
        None
    };
    let addresses = tokio::time::timeout(MAX_WAIT, ready).await.ok().flatten();
    let log = || std::fs::read_to_string(folder.join("log")).unwrap_or_default();
    (child, addresses.unwrap_or_else(|| panic!("the server did not become ready:\n{}", log())))
}

/// Reads `listening grpc=address http=address`.
fn parse_addresses(line: &str) -> Option<Addresses> {
    let (grpc, http) = line.strip_prefix("listening grpc=")?.split_once(" http=")?;
    Some(Addresses { grpc: grpc.parse().ok()?, http: http.parse().ok()? })
}
