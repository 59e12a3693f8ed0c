//! The first operator: somebody has to be able to call.
//!
//! The secret is in clear only once, so a crash between the commit and the file must not lose it.
//! The file is therefore reserved, empty, before the operator is created. An empty file at a later
//! start says that the secret never got into it: it is replaced.

use std::path::Path;

use anyhow::{Context, bail};
use varco_application::service_accounts::{
    CreateSecret, ListServiceAccounts, RevokeSecret, bootstrap_operator, create_secret, list_service_accounts,
    revoke_secret,
};
use varco_application::{Caller, Environment, Mode, PlainSecret};
use varco_domain::{MAX_ACTIVE_SECRETS, SecretTtl, ServiceAccount, Username};

use crate::credential_file::CredentialFile;
use crate::private_file;

const USERNAME: &str = "operator";

/// Names what a start does in the log.
const REQUEST_ID: &str = "first-start";

/// The state of a credential's file before anything is done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FileState {
    Absent,
    /// Empty: a start was cut off.
    Reserved,
    Written,
}

/// What a missing file means while there is an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingFile {
    /// It was taken away on purpose: whoever has the secret keeps it.
    Leave,
    /// The file is the secret's only home: a new secret is made.
    Replace,
}

/// Makes sure that an operator can call, and writes the credential if a secret is new. Says whether
/// one is.
pub async fn ensure_operator(
    env: &Environment,
    path: &Path,
    address: &str,
    missing: MissingFile,
) -> anyhow::Result<Option<CredentialFile>> {
    let state = file_state(path)?;
    let has_operator = has_working_operator(env).await?;
    match (state, has_operator) {
        (FileState::Written, true) => return Ok(None),
        (FileState::Absent, true) if missing == MissingFile::Leave => return Ok(None),
        (FileState::Written, false) => bail!(
            "there is no operator whose secret works, and `{}` holds a credential already, which is never \
             overwritten: move it away, then start again to get a new operator credential",
            path.display()
        ),
        (FileState::Absent, _) => private_file::reserve(path)
            .with_context(|| format!("could not make `{}` for the operator's credential", path.display()))?,
        (FileState::Reserved, _) => {}
    }
    let created = match create(env).await? {
        Some(created) => Some(created),
        // Another server was first, and the credential is in its file.
        None if state == FileState::Absent && missing == MissingFile::Leave => None,
        None => Some(replace_secret(env).await?),
    };
    let Some((account, secret)) = created else {
        std::fs::remove_file(path).with_context(|| format!("could not remove `{}`", path.display()))?;
        return Ok(None);
    };
    let credential = CredentialFile {
        service_account_id: account.id.to_string(),
        username: account.username.to_string(),
        client_secret: secret.expose().to_owned(),
        grpc_address: address.to_owned(),
    };
    credential.write(path)?;
    Ok(Some(credential))
}

/// Fails unless an operator can call.
pub async fn require_operator(env: &Environment) -> anyhow::Result<()> {
    if !has_working_operator(env).await? {
        bail!(
            "there is no operator yet, so nobody could call: set bootstrap.operator_credential_file to where the \
             first operator's credential shall be written, and start again"
        );
    }
    Ok(())
}

fn file_state(path: &Path) -> anyhow::Result<FileState> {
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.len() == 0 => Ok(FileState::Reserved),
        Ok(_) => Ok(FileState::Written),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(FileState::Absent),
        Err(error) => Err(error).with_context(|| format!("could not look at `{}`", path.display())),
    }
}

async fn has_working_operator(env: &Environment) -> anyhow::Result<bool> {
    let now = env.clock.now();
    Ok(operators(env).await?.iter().any(|operator| operator.active_secrets(now) > 0))
}

async fn operators(env: &Environment) -> anyhow::Result<Vec<ServiceAccount>> {
    let page = list_service_accounts(env, &ListServiceAccounts { organization: None, after: None, limit: 1000 }).await;
    Ok(page.context("could not read the operators")?.items)
}

/// Creates the operator, unless there is one that can call.
async fn create(env: &Environment) -> anyhow::Result<Option<(ServiceAccount, PlainSecret)>> {
    let caller = Caller::system(REQUEST_ID);
    bootstrap_operator(env, &caller, &username()?).await.context("could not create the operator")
}

/// Gives the operator a secret in place of one that nobody ever learned.
async fn replace_secret(env: &Environment) -> anyhow::Result<(ServiceAccount, PlainSecret)> {
    let (caller, username) = (Caller::system(REQUEST_ID), username()?);
    let Some(operator) = operators(env).await?.into_iter().find(|operator| operator.username == username) else {
        bail!("another operator than `{USERNAME}` is there; let it create a secret, or restore the credential's file");
    };
    let is_full = operator.active_secrets(env.clock.now()) >= MAX_ACTIVE_SECRETS;
    let unused = operator.secrets.iter().filter(|secret| secret.last_used_at.is_none());
    for secret in unused.take(usize::from(is_full)) {
        let command = RevokeSecret { organization: None, account: operator.id, secret: secret.id, mode: Mode::Execute };
        revoke_secret(env, &caller, &command).await.context("could not revoke a secret that nobody learned")?;
    }
    let command = CreateSecret { organization: None, account: operator.id, ttl: SecretTtl::default() };
    let new = create_secret(env, &caller, &command).await.context("could not give the operator a new secret")?;
    Ok((operator, new.value.plain_secret))
}

fn username() -> anyhow::Result<Username> {
    Username::parse(USERNAME).context("the operator's name is a username")
}
