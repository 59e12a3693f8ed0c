//! A server over a made-up world, with the floor beside its services.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tonic::Code;
use varco_application::authentication::{Credentials, issue_service_token};
use varco_application::decision::Index;
use varco_application::service_accounts::bootstrap_operator;
use varco_application::storage::Store;
use varco_application::{Caller, Environment, Feed, Tasks, TokenCache};
use varco_credentials::{AeadSealer, MasterKey, SystemClock, SystemEntropy, TokenSecrets};
use varco_domain::Username;
use varco_persistence::SeaStore;
use varco_proto::Rpc;
use varco_transport::health::Health;
use varco_transport::{Gate, Observer, grpc};

use crate::floor::FloorService;

/// A server that answers, and what it takes to call it.
pub(crate) struct Served {
    pub(crate) address: String,
    pub(crate) token: String,
    _files: TempDir,
}

impl Served {
    /// Serves an index; the store beside it holds but the caller's credential.
    pub(crate) async fn start(mut index: Index) -> anyhow::Result<Self> {
        let files = TempDir::new()?;
        let store = Arc::new(SeaStore::open_sqlite(&files.path().join("bench.db")).await?);
        let bare = environment(Arc::clone(&store), Index::default());
        let token = operator_token(&bare).await?;
        index.advance(store.begin_read().await?.log().head().await?);

        let env = Arc::new(environment(store, index));
        let health = Health::not_serving().await;
        let routes = grpc::routes(&Gate::new(Arc::clone(&env), Arc::new(Nobody)), &health, false);
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}", listener.local_addr()?);
        let tasks = env.tasks.clone();
        let served =
            grpc::serve(listener, routes.add_service(FloorService), None, async move { tasks.stopping().await })?;
        env.tasks.spawn(async move {
            // Without a server every call fails and says so.
            let _ = served.await;
        });
        Ok(Self { address, token, _files: files })
    }
}

fn environment(store: Arc<SeaStore>, index: Index) -> Environment {
    let entropy = Arc::new(SystemEntropy);
    let master_key = MasterKey::generate(entropy.as_ref());
    let tokens = Arc::new(TokenCache::default());
    Environment {
        store,
        clock: Arc::new(SystemClock),
        secrets: Arc::new(TokenSecrets::new(Arc::clone(&entropy) as _)),
        sealer: Arc::new(AeadSealer::new(&master_key, Arc::clone(&entropy) as _)),
        entropy,
        // Nothing follows the log here, and nothing is written to it.
        feed: Arc::new(Feed::new(index, Arc::clone(&tokens), Duration::MAX)),
        tokens,
        tasks: Tasks::default(),
    }
}

async fn operator_token(env: &Environment) -> anyhow::Result<String> {
    let username = Username::parse("bench")?;
    let operator = bootstrap_operator(env, &Caller::system("bench"), &username).await?;
    let (account, unverified_secret) = operator.context("the store is new and has no operator yet")?;
    let credentials = Credentials { client_id: account.id.to_string(), unverified_secret };
    Ok(issue_service_token(env, &credentials).await?.token.expose().to_owned())
}

struct Nobody;

impl Observer for Nobody {
    fn adopt_trace(&self, _: &tracing::Span, _: &str) {}

    fn rpc(&self, _: &Rpc, _: Code, _: Duration) {}
}
