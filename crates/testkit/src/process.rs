//! The real binary as a process of its own, for what happens to processes: being killed, being
//! asked to stop, running out of memory.

mod configuration;
mod spawn;

pub use spawn::binary;

use std::net::SocketAddr;
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio::sync::Mutex;
use tonic::transport::{Channel, Endpoint};
use varco_credentials::{MasterKey, SystemEntropy};
use varco_server::credential_file::CredentialFile;

use crate::databases::{Backend, Fixture, TestDatabase};
use crate::{Actor, Credential, OrganizationActor};
use configuration::{write_configuration, write_private};
use spawn::spawn;

/// How long a start or an end may take before the test fails.
const MAX_WAIT: Duration = Duration::from_mins(1);

/// `varco serve` on a database of its own. It is killed when this is dropped.
pub struct ServerProcess {
    /// Its database.
    pub database: Arc<TestDatabase>,
    folder: TempDir,
    channel: Channel,
    addresses: Addresses,
    child: Mutex<Option<Child>>,
}

/// Where a process listens.
#[derive(Clone, Copy, Debug)]
struct Addresses {
    grpc: SocketAddr,
    http: SocketAddr,
}

/// How a process is configured.
#[derive(Clone, Copy, Debug)]
pub struct ServerProcessOptions {
    /// What is logged.
    pub log_filter: &'static str,
    /// Where a mail server listens on this machine; without it mails become files.
    pub smtp_port: Option<u16>,
}

impl Default for ServerProcessOptions {
    fn default() -> Self {
        Self { log_filter: "info", smtp_port: None }
    }
}

impl Fixture for ServerProcess {
    async fn on(backend: Backend) -> Self {
        Self::start(TestDatabase::on(backend).await).await
    }
}

impl ServerProcess {
    /// Starts a process on an empty database.
    pub async fn start(database: TestDatabase) -> Self {
        Self::start_with(database, ServerProcessOptions::default()).await
    }

    /// As `start`, configured otherwise.
    pub async fn start_with(database: TestDatabase, options: ServerProcessOptions) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let key = MasterKey::generate(&SystemEntropy);
        write_private(&folder.path().join("key"), key.encode().expose());
        let port = SocketAddr::from(([127, 0, 0, 1], 0));
        write_configuration(folder.path(), &database, Addresses { grpc: port, http: port }, options);
        let (child, addresses) = spawn(folder.path()).await;
        // From now on always there, so that clients find it again.
        write_configuration(folder.path(), &database, addresses, options);
        let endpoint = Endpoint::from_shared(format!("http://{}", addresses.grpc)).expect("an address is an endpoint");
        let (database, child) = (Arc::new(database), Mutex::new(Some(child)));
        Self { database, folder, channel: endpoint.connect_lazy(), addresses, child }
    }

    /// Kills the process as a power cut would.
    pub async fn kill_9(&self) {
        if let Some(mut child) = self.child.lock().await.take() {
            child.kill().await.expect("the process can be killed");
        }
    }

    /// Asks the process to stop (SIGTERM) and says how it ended.
    pub async fn terminate(&self) -> ExitStatus {
        let mut child = self.child.lock().await.take().expect("the process runs");
        let pid = child.id().expect("the process has not ended").to_string();
        let sent = Command::new("kill").args(["-TERM", &pid]).status().await;
        assert!(sent.is_ok_and(|sent| sent.success()), "no signal could be sent");
        let ended = tokio::time::timeout(MAX_WAIT, child.wait()).await;
        ended.expect("the process ends when asked to").expect("the process can be waited for")
    }

    /// Starts the process anew after it ended, at the same address. It is ready on return.
    pub async fn restart(&self) {
        let mut child = self.child.lock().await;
        assert!(child.is_none(), "the process still runs: kill_9 or terminate it first");
        *child = Some(spawn(self.folder.path()).await.0);
    }

    /// The process id.
    pub async fn pid(&self) -> u32 {
        self.child.lock().await.as_ref().and_then(Child::id).expect("the process runs")
    }

    /// Lets no file of it grow beyond this many bytes, as if the disk were full; `None` for no limit.
    pub async fn limit_file_size(&self, bytes: Option<u64>) {
        let pid = self.pid().await.to_string();
        let soft_limit = format!("--fsize={}:", bytes.map_or("unlimited".to_owned(), |bytes| bytes.to_string()));
        let set = Command::new("prlimit").args(["--pid", &pid, &soft_limit]).status().await;
        assert!(set.is_ok_and(|set| set.success()), "no limit could be set");
    }

    /// How much memory it holds, in bytes.
    pub async fn resident_bytes(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid().await)).expect("the process runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("the system says how much");
        line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number of kilobytes") * 1024
    }

    /// Everything that it has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// Every mail that became a file, as it reads, oldest first.
    pub fn mails(&self) -> Vec<String> {
        let files = std::fs::read_dir(self.folder.path().join("mail")).expect("the folder can be read");
        let mut paths: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
        paths.sort();
        paths.iter().map(|path| std::fs::read_to_string(path).expect("a mail")).collect()
    }

    /// The first operator.
    pub async fn operator(&self) -> Actor {
        let file = CredentialFile::read(&self.folder.path().join("operator.json")).expect("the credential was written");
        let credential = Credential { client_id: file.service_account_id, client_secret: file.client_secret };
        Actor::sign_in(&self.channel, &credential).await.expect("the credential works")
    }

    /// As `TestServer::organization`.
    pub async fn organization(&self, name: &str) -> OrganizationActor {
        self.operator().await.create_organization(name).await
    }

    /// Where gRPC listens, as `http://127.0.0.1:port`.
    pub fn address(&self) -> String {
        format!("http://{}", self.addresses.grpc)
    }

    /// Where HTTP listens.
    pub fn http_address(&self) -> SocketAddr {
        self.addresses.http
    }

    /// A connection without any token, which finds the process again after a restart.
    pub fn channel(&self) -> &Channel {
        &self.channel
    }
}
