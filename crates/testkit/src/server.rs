//! A server in the test's own process: the real wiring, over TCP, with a clock and an entropy of
//! the test's choice.

mod index;
mod signing_keys;

use std::net::SocketAddr;
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::Mutex;
use tonic::transport::{Channel, Endpoint};
use varco_application::service_accounts::bootstrap_operator;
use varco_application::{Caller, Environment, Secrets};
use varco_credentials::{
    AeadSealer, AeadVault, Argon2Passwords, HashParameters, JwtAccessTokens, MasterKey, TokenScope, TokenSecrets,
};
use varco_domain::Username;
use varco_outbound::{OpenIdClient, Reach};
use varco_persistence::SeaStore;
use varco_server::running::{GrpcOptions, Ports, Running};
use varco_server::wiring::{Parts, assemble};

use crate::databases::{Backend, Fixture, TestDatabase};
use crate::{FrozenClock, RecordingMailer, SeededEntropy};

/// How long a drain may take before the test goes on.
const GRACE: Duration = Duration::from_secs(5);

/// The same in every run, so that nothing random happens unless a test wants it.
const SEED: u64 = 0x0076_6172_636f;

/// A server in the test's own process. It stops when this is dropped, and in a test on every database
/// after its index was checked.
pub struct TestServer {
    /// Its time.
    pub clock: Arc<FrozenClock>,
    /// Its randomness.
    pub entropy: Arc<SeededEntropy>,
    pub(crate) mailer: Arc<RecordingMailer>,
    /// Its database.
    pub database: Arc<TestDatabase>,
    pub(crate) channel: Channel,
    pub(crate) operator: Credential,
    address: SocketAddr,
    master_key: Arc<MasterKey>,
    run: Arc<Mutex<Option<Run>>>,
}

/// A service account's id and secret.
#[derive(Clone)]
pub struct Credential {
    /// `sa_…`.
    pub client_id: String,
    /// In clear.
    pub client_secret: String,
}

/// A server in the test's own process, for whoever must not keep it alive.
#[derive(Clone)]
pub(crate) struct ServerHandle(Weak<Mutex<Option<Run>>>);

impl ServerHandle {
    /// What the use cases of the server run on.
    pub(crate) async fn environment(&self) -> Arc<Environment> {
        let run = self.0.upgrade().expect("the server runs");
        let run = run.lock().await;
        Arc::clone(&run.as_ref().expect("the server runs").running.service.env)
    }
}

struct Run {
    running: Running,
    store: Arc<SeaStore>,
    http_address: SocketAddr,
}

impl Fixture for TestServer {
    async fn on(backend: Backend) -> Self {
        Self::start(TestDatabase::on(backend).await).await
    }

    /// The index is what the rows say, after whatever the test did.
    fn at_end(&self) -> impl Future<Output = ()> + Send + use<> {
        let (database, run) = (Arc::clone(&self.database), Arc::clone(&self.run));
        async move {
            index::check(&run).await;
            drop((run, database));
        }
    }
}

impl TestServer {
    /// Starts a server on an empty database and creates an operator.
    pub async fn start(database: TestDatabase) -> Self {
        let clock = Arc::new(FrozenClock::default());
        let entropy = Arc::new(SeededEntropy::new(SEED));
        let master_key = Arc::new(MasterKey::generate(entropy.as_ref()));
        let database = Arc::new(database);
        let mailer = Arc::new(RecordingMailer::default());
        let run = Run::start(&database, &clock, &entropy, &master_key, &mailer, unused_port()).await;
        let address = run.running.grpc_address;
        let operator = create_operator(&run.running.service.env, "operator").await;
        let run = Arc::new(Mutex::new(Some(run)));
        Self { clock, entropy, mailer, database, channel: channel(address), operator, address, master_key, run }
    }

    /// Starts another server on the same PostgreSQL database, with the same clock, entropy and key.
    pub async fn replica(&self) -> Self {
        let (clock, entropy, database) = (self.clock.clone(), self.entropy.clone(), self.database.clone());
        let mailer = self.mailer.clone();
        let run = Run::start(&database, &clock, &entropy, &self.master_key, &mailer, unused_port()).await;
        let address = run.running.grpc_address;
        let (master_key, operator) = (self.master_key.clone(), self.operator.clone());
        let run = Arc::new(Mutex::new(Some(run)));
        Self { clock, entropy, mailer, database, channel: channel(address), operator, address, master_key, run }
    }

    /// Drains the server and starts it anew on the same database and port.
    pub async fn restart(&self) {
        let mut run = self.run.lock().await;
        if let Some(run) = run.take() {
            run.stop().await;
        }
        *run = Some(
            Run::start(&self.database, &self.clock, &self.entropy, &self.master_key, &self.mailer, self.address).await,
        );
    }

    /// Drains the server.
    pub async fn stop(&self) {
        if let Some(run) = self.run.lock().await.take() {
            run.stop().await;
        }
    }

    /// What its use cases run on, for what no RPC can do.
    pub async fn environment(&self) -> Arc<Environment> {
        self.handle().environment().await
    }

    pub(crate) fn handle(&self) -> ServerHandle {
        ServerHandle(Arc::downgrade(&self.run))
    }

    /// Where it listens, as `http://127.0.0.1:port`.
    pub fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where it answers HTTP.
    pub async fn http_address(&self) -> SocketAddr {
        self.run.lock().await.as_ref().expect("the server runs").http_address
    }

    /// The key of the installation.
    pub fn master_key(&self) -> &MasterKey {
        &self.master_key
    }

    /// A connection without any token, shared with the actors.
    pub fn channel(&self) -> &Channel {
        &self.channel
    }
}

impl Run {
    async fn start(
        database: &TestDatabase,
        clock: &Arc<FrozenClock>,
        entropy: &Arc<SeededEntropy>,
        master_key: &MasterKey,
        mailer: &Arc<RecordingMailer>,
        address: SocketAddr,
    ) -> Self {
        let store = database.open().await;
        let secrets: Arc<dyn Secrets> = Arc::new(TokenSecrets::new(entropy.clone()));
        let vault = Arc::new(AeadVault::new(master_key, entropy.clone()));
        let service_parts = Parts {
            store: store.clone(),
            clock: clock.clone(),
            entropy: entropy.clone(),
            secrets,
            sealer: Arc::new(AeadSealer::new(master_key, entropy.clone())),
            password_hasher: Arc::new(Argon2Passwords::start(HashParameters::FOR_TESTS, master_key, entropy.clone())),
            access_tokens: Arc::new(JwtAccessTokens::new(token_scope(), vault.clone(), entropy.clone())),
            vault,
            mailer: mailer.clone(),
            sso: Arc::new(OpenIdClient::new(Reach::Private)),
            max_staleness: Duration::from_secs(10),
        };
        let grpc = TcpListener::bind(address).await.expect("the server's port is free");
        let http = TcpListener::bind(unused_port()).await.expect("a port is free");
        let http_address = http.local_addr().expect("the port has an address");
        let ports = Ports { grpc, http: Some(http) };
        let options = GrpcOptions { tls: None, reflection: true };
        let running = Running::start(ports, options, assemble(service_parts)).await.expect("the server starts");
        Self { running, store, http_address }
    }

    async fn stop(self) {
        self.running.drain(GRACE).await;
        self.store.close().await;
    }
}

/// Who issues the access tokens of users in tests, and for whom.
pub fn token_scope() -> TokenScope {
    TokenScope { issuer: "https://varco.test".to_owned(), audience: "varco".to_owned() }
}

fn unused_port() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

fn channel(address: SocketAddr) -> Channel {
    let endpoint = Endpoint::from_shared(format!("http://{address}")).expect("an address is an endpoint");
    endpoint.connect_lazy()
}

async fn create_operator(env: &Environment, name: &str) -> Credential {
    let username = Username::parse(name).expect("a name for an operator");
    let created = bootstrap_operator(env, &Caller::system("test"), &username).await;
    let (account, secret) = created.expect("the database answers").expect("the database is empty");
    Credential { client_id: account.id.to_string(), client_secret: secret.expose().to_owned() }
}
