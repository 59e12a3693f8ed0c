use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use varco_persistence::{PostgresOptions, SeaStore};

use crate::background;
use crate::config::{Config, DatabaseConfig};
use crate::credential_file::client_address;
use crate::lifecycle::{bind, run as run_until_stopped, say, unless_stopped};
use crate::operator::{MissingFile, ensure_operator, require_operator};
use crate::running::{GrpcOptions, Ports, Running};
use crate::signals::StopSignals;
use crate::wiring::{Service, assemble, system_parts};

pub(super) async fn run(path: &Path) -> anyhow::Result<ExitCode> {
    let config = Config::load(path)?;
    let telemetry = varco_telemetry::init(&config.telemetry.config)?;
    let mut signals = StopSignals::listen()?;
    let grace = config.shutdown.grace;
    let (running, store) = unless_stopped(&mut signals, Box::pin(start(config))).await?;
    let result = run_until_stopped(running, store, signals, grace).await;
    crate::lifecycle::finish(telemetry);
    result.map(|()| ExitCode::SUCCESS)
}

async fn start(config: Config) -> anyhow::Result<(Running, Arc<SeaStore>)> {
    let grpc = bind(config.grpc.listen.get(), "grpc.listen").await?;
    let http = bind(config.http.listen.get(), "http.listen").await?;
    let addresses = format!("listening grpc={} http={}\n", grpc.local_addr()?, http.local_addr()?);
    let store = Arc::new(open(&config.database).await?);
    let address = client_address(grpc.local_addr()?, config.grpc.tls.is_some());
    let ports = Ports { grpc, http: Some(http) };
    let mailer = config.mail.mailer()?;
    let (master_key, max_staleness) = (&config.secrets.master_key, config.index.max_staleness);
    let service_parts =
        system_parts(store.clone(), master_key, config.tokens.scope, mailer, config.sso.reach, max_staleness);
    let credential_file = config.bootstrap.operator_credential_file;
    let assembling = async {
        let service = assemble(service_parts).await?;
        bootstrap(&service, credential_file.as_deref(), &address).await?;
        Ok(service)
    };
    let options = GrpcOptions { tls: config.grpc.tls.map(|files| files.tls), reflection: config.grpc.reflection };
    let running = Running::start(ports, options, assembling).await?;
    background::start(&running.service.env);
    say(&addresses)?;
    Ok((running, store))
}

async fn open(database: &DatabaseConfig) -> anyhow::Result<SeaStore> {
    match database {
        DatabaseConfig::Postgres { url, .. } => SeaStore::connect_postgres(url.expose(), &PostgresOptions::default())
            .await
            .with_context(|| format!("could not open the database at {url}")),
        DatabaseConfig::Sqlite { path } => Ok(SeaStore::open_sqlite(path).await?),
    }
}

async fn bootstrap(service: &Service, file: Option<&Path>, address: &str) -> anyhow::Result<()> {
    if let Some(file) = file
        && ensure_operator(&service.env, file, address, MissingFile::Leave).await?.is_some()
    {
        tracing::info!(file = %file.display(), "the first operator's credential was written");
    }
    require_operator(&service.env).await
}
