use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use varco_application::Clock;
use varco_credentials::SystemClock;
use varco_domain::Timestamp;

use super::browser::{Browser, Returned};
use super::{SSO_CLIENT_ID, SSO_CLIENT_SECRET, SSO_REDIRECT_URI};

/// How long a start may take before the test fails.
const MAX_WAIT: Duration = Duration::from_mins(1);

/// The npm package `oidc-provider`, as a process of its own. It ends when this is dropped, and when the
/// test does, however it ends.
pub struct OidcProvider {
    /// Its issuer.
    pub issuer: String,
    _child: Child,
    /// Its end is how the process learns that nobody needs it.
    _stdin: ChildStdin,
    /// It ends when nobody takes what it says.
    _stdout: Lines<BufReader<ChildStdout>>,
}

impl OidcProvider {
    /// Starts it on a free port. It answers on return.
    pub async fn start() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let entry = root.join("../../target/tools/oidc-provider/node_modules/oidc-provider/lib/index.js");
        assert!(entry.exists(), "there is no {}: run tests/install", entry.display());
        let mut child = Command::new("node")
            .arg(root.join("src/sso/real.mjs"))
            .arg(entry)
            .args([SSO_CLIENT_ID, SSO_CLIENT_SECRET, SSO_REDIRECT_URI])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("node starts");
        let stdin = child.stdin.take().expect("the input is piped");
        let mut lines = BufReader::new(child.stdout.take().expect("the output is piped")).lines();
        let ready = async {
            while let Some(line) = lines.next_line().await.expect("the output can be read") {
                if line.starts_with("http://") {
                    return Some(line);
                }
            }
            None
        };
        let issuer = tokio::time::timeout(MAX_WAIT, ready).await.ok().flatten().expect("the provider starts");
        Self { issuer, _child: child, _stdin: stdin, _stdout: lines }
    }

    /// Its time, which is that of the machine.
    pub fn now(&self) -> Timestamp {
        SystemClock.now()
    }

    /// Goes to the address that `BeginSso` gave, as somebody who signs in there.
    pub async fn sign_in(&self, authorization_url: &str, login: &str) -> Returned {
        Browser::default().sign_in(authorization_url, login).await
    }
}
