//! How the client commands reach a server.

use std::path::PathBuf;

use anyhow::{Context, bail};
use varco_client::{Client, Credential, Server};

use crate::cli::{ClientOptions, ServerOptions};
use crate::credential_file::CredentialFile;

const DEFAULT_ADDRESS: &str = "http://127.0.0.1:50051";

/// The server that the options name.
pub(super) fn server(options: &ServerOptions, otherwise: Option<&str>) -> anyhow::Result<Server> {
    let address = options.address.as_deref().or(otherwise).unwrap_or(DEFAULT_ADDRESS);
    let server = Server::new(address);
    let Some(path) = &options.ca_certificate else { return Ok(server) };
    let pem = std::fs::read(path).with_context(|| format!("could not read `{}`", path.display()))?;
    Ok(server.with_ca_certificate(pem))
}

/// A client that calls as the options say, and the server that it calls.
pub(super) async fn connect(options: &ClientOptions) -> anyhow::Result<(Client, Server)> {
    let credential = credential(options)?;
    let server = server(&options.server, Some(&credential.grpc_address))?;
    let proof = Credential::new(credential.service_account_id, credential.client_secret);
    match Client::connect_to(&server, proof).await {
        Ok(client) => Ok((client, server)),
        Err(error @ varco_client::Error::Unreachable { .. }) => Err(error).context(no_server(&server)),
        Err(error) => Err(error).context(format!("`{}` could not prove itself", credential.username)),
    }
}

/// What to do when nobody answers.
pub(super) fn no_server(server: &Server) -> String {
    let address = server.address();
    format!("no server answers at {address}: start one with `varco` or `cargo run`, or name another with --address")
}

fn credential(options: &ClientOptions) -> anyhow::Result<CredentialFile> {
    let path: PathBuf = options.credential.clone().unwrap_or_else(|| options.data_dir.join("operator.json"));
    if !path.exists() {
        bail!(
            "there is no credential at `{}`: start a server here with `varco` or `cargo run`, run this where one was \
             started, or name a credential with --credential FILE",
            path.display()
        );
    }
    CredentialFile::read(&path)
}
