//! A server over a made-up world, with the floor beside its services.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use async_trait::async_trait;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tonic::Code;
use varco_application::authentication::{Credentials, issue_service_token};
use varco_application::decision::Index;
use varco_application::service_accounts::bootstrap_operator;
use varco_application::storage::Store;
use varco_application::{Caller, Environment, Feed, Mailer, OutgoingMail, TokenCache};
use varco_credentials::{MasterKey, SystemEntropy, TokenScope};
use varco_domain::{MailFault, Username};
use varco_outbound::Reach;
use varco_persistence::SeaStore;
use varco_proto::Rpc;
use varco_server::wiring::{Parts, assemble, system_parts};
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
        let service = assemble(parts(store.clone())).await?;
        let token = operator_token(&service.env).await?;
        index.advance(store.begin_read().await?.log().head().await?);
        service.follower.stop();

        let env = Arc::into_inner(service.env).context("nothing else has the environment yet")?;
        let tokens = Arc::new(TokenCache::default());
        // Nothing follows the log here, and nothing is written to it.
        let feed = Arc::new(Feed::new(index, Arc::clone(&tokens), Duration::MAX));
        let env = Arc::new(Environment { feed, tokens, ..env });
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

/// What a server in production stands on, but for mails.
pub(crate) fn parts(store: Arc<dyn Store>) -> Parts {
    let master_key = MasterKey::generate(&SystemEntropy);
    let scope = TokenScope { issuer: "https://bench.example".to_owned(), audience: "bench".to_owned() };
    system_parts(store, &master_key, scope, Arc::new(NoMail), Reach::Public, Duration::from_mins(1))
}

/// Nobody here is mailed anything.
struct NoMail;

#[async_trait]
impl Mailer for NoMail {
    async fn send(&self, _: &OutgoingMail) -> Result<(), MailFault> {
        Ok(())
    }
}

pub(crate) async fn operator_token(env: &Environment) -> anyhow::Result<String> {
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
