//! A server for one machine that needs nothing: what runs without a command.

mod banner;

use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use varco_application::{Environment, Mailer};
use varco_credentials::{MasterKey, SystemEntropy, TokenScope};
use varco_outbound::{FileMailer, LinkBase, Reach};
use varco_persistence::SeaStore;
use varco_telemetry::{LogFormat, TelemetryConfig};

use crate::cli::EmbeddedOptions;
use crate::credential_file::{CredentialFile, client_address};
use crate::lifecycle::{bind, finish, run as run_until_stopped, say, unless_stopped};
use crate::operator::{MissingFile, ensure_operator};
use crate::running::{GrpcOptions, Ports, Running};
use crate::signals::StopSignals;
use crate::wiring::{assemble, system_parts};
use crate::{background, demo, private_file};
use banner::Banner;

const MAX_STALENESS: Duration = Duration::from_secs(10);
const GRACE: Duration = Duration::from_secs(8);

pub(super) async fn run(options: EmbeddedOptions) -> anyhow::Result<ExitCode> {
    // The banner says what people want to know; the log is for what goes wrong.
    let telemetry = varco_telemetry::init(&TelemetryConfig {
        service_version: env!("CARGO_PKG_VERSION").to_owned(),
        log_format: LogFormat::Text,
        log_filter: "warn,varco_outbound=info".to_owned(),
        otlp_endpoint: None,
        trace_sample_ratio: 0.0,
    })?;
    let mut signals = StopSignals::listen()?;
    let (running, store) = unless_stopped(&mut signals, Box::pin(start(options))).await?;
    let result = run_until_stopped(running, store, signals, GRACE).await;
    finish(telemetry);
    result.map(|()| ExitCode::SUCCESS)
}

async fn start(options: EmbeddedOptions) -> anyhow::Result<(Running, Arc<SeaStore>)> {
    if !options.grpc_listen.is_loopback() {
        bail!(
            "--grpc-listen {} is not loopback, so tokens would cross a network in clear: use `varco serve`, which \
             takes a certificate",
            options.grpc_listen
        );
    }
    let grpc = bind(options.grpc_listen.get(), "--grpc-listen").await?;
    let http = bind(options.http_listen.get(), "--http-listen").await?;
    let folder = options.data_dir.as_path();
    private_file::create_folder(folder).with_context(|| unusable(folder))?;
    let store = Arc::new(SeaStore::open_sqlite(&folder.join("varco.db")).await.with_context(|| unusable(folder))?);
    let master_key = master_key(folder)?;
    let mut banner = Banner {
        grpc: grpc.local_addr()?,
        http: http.local_addr()?,
        is_default_folder: folder == Path::new("./data"),
        data_dir: folder.to_owned(),
        new_operator: None,
        has_new_demo: false,
    };
    let service_parts = system_parts(
        store.clone(),
        &master_key,
        token_scope(),
        mailer(folder, banner.http)?,
        Reach::Private,
        MAX_STALENESS,
    );
    let ports = Ports { grpc, http: Some(http) };
    let assembling = async {
        let service = assemble(service_parts).await?;
        let address = client_address(banner.grpc, false);
        banner.new_operator = operator(&service.env, folder, &address).await?;
        banner.has_new_demo = !options.no_demo && demo::ensure(&service.env, folder).await?;
        Ok(service)
    };
    let starting = Running::start(ports, GrpcOptions { tls: None, reflection: true }, assembling);
    let running = Box::pin(starting).await?;
    background::start(&running.service.env);
    say(&banner.to_string())?;
    Ok((running, store))
}

fn unusable(folder: &Path) -> String {
    format!("the data directory `{}` cannot be used: choose another with --data-dir", folder.display())
}

/// Fixed, whatever the port: tokens go on working when the server is started on another one.
fn token_scope() -> TokenScope {
    TokenScope { issuer: "http://127.0.0.1:8080".to_owned(), audience: "varco".to_owned() }
}

/// Mails become files, whose links are printed to the log.
fn mailer(folder: &Path, http: SocketAddr) -> anyhow::Result<Arc<dyn Mailer>> {
    let link_base = LinkBase::parse(&format!("http://localhost:{}", http.port()))?;
    Ok(Arc::new(FileMailer::new(folder.join("mail"), link_base).with_context(|| unusable(folder))?))
}

/// The key of the installation, made at the first start.
fn master_key(folder: &Path) -> anyhow::Result<MasterKey> {
    let path = folder.join("secret.key");
    if !path.exists() {
        let key = MasterKey::generate(&SystemEntropy);
        private_file::write(&path, &format!("{}\n", key.encode().expose())).with_context(|| unusable(folder))?;
        return Ok(key);
    }
    let text = std::fs::read_to_string(&path).with_context(|| format!("could not read `{}`", path.display()))?;
    MasterKey::parse(&text).with_context(|| {
        format!("`{}` is damaged; put it back from a copy: without it no password and no key works", path.display())
    })
}

/// The operator, whose credential is new at the first start. Later only its address may change.
async fn operator(env: &Environment, folder: &Path, address: &str) -> anyhow::Result<Option<CredentialFile>> {
    let path = folder.join("operator.json");
    let new = ensure_operator(env, &path, address, MissingFile::Replace).await?;
    if new.is_none() {
        let known = CredentialFile::read(&path)?;
        if known.grpc_address != address {
            CredentialFile { grpc_address: address.to_owned(), ..known }.write(&path)?;
        }
    }
    Ok(new)
}
