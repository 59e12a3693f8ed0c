use std::process::ExitCode;

use anyhow::Context;
use varco_client::Error;
use varco_client::v1::CreateServiceAccountRequest;

use super::connection::connect;
use super::lookup;
use crate::cli::CreateServiceAccountOptions;
use crate::credential_file::CredentialFile;
use crate::lifecycle::say;

pub(super) async fn create(options: &CreateServiceAccountOptions) -> anyhow::Result<ExitCode> {
    let (client, server) = connect(&options.client).await?;
    let organization_id = lookup::organization(&client, options.organization.as_deref()).await?;
    let username = options.username.clone();
    let request = CreateServiceAccountRequest { organization_id, username, secret_ttl: None };
    let created = client.service_accounts().create_service_account(request).await.map_err(Error::from)?.into_inner();
    let account = created.service_account.context("the server answered without a service account")?;
    let credential = CredentialFile {
        service_account_id: account.service_account_id,
        username: account.username,
        client_secret: created.client_secret,
        grpc_address: server.address().to_owned(),
    };
    say(&credential.to_json()?)?;
    Ok(ExitCode::SUCCESS)
}
