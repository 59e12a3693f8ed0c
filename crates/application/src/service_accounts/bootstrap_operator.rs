use std::time::Duration;

use varco_domain::{SecretTtl, ServiceAccount, Username};

use super::create_secret::add_secret;
use super::create_service_account::insert_account;
use super::{CreateServiceAccount, NewSecret, NewServiceAccount, ServiceAccountError};
use crate::storage::StorageError;
use crate::write::Write;
use crate::{Caller, Environment, Mode, PlainSecret};

/// How long the first operator's secret works: as long as any may, since nobody else could make
/// the next one.
const SECRET_TTL: Duration = Duration::from_hours(366 * 24);

/// How often replicas that start at once may get in each other's way.
const MAX_TRIES: u32 = 5;

/// Makes sure that an operator can call: creates the first one, or gives the one of this name a new
/// secret if no secret of any operator works any more. Gives nothing if there is nothing to do.
pub async fn bootstrap_operator(
    env: &Environment,
    caller: &Caller,
    username: &Username,
) -> Result<Option<(ServiceAccount, PlainSecret)>, ServiceAccountError> {
    let mut tries = 1;
    loop {
        match try_bootstrap(env, caller, username).await {
            // Another replica was first, or is in between: then there is something to see next time.
            Err(ServiceAccountError::NameTaken | ServiceAccountError::Storage(StorageError::Contention))
                if tries < MAX_TRIES =>
            {
                tries += 1;
            }
            result => return result,
        }
    }
}

async fn try_bootstrap(
    env: &Environment,
    caller: &Caller,
    username: &Username,
) -> Result<Option<(ServiceAccount, PlainSecret)>, ServiceAccountError> {
    let mut write = Write::begin(env, caller).await?;
    let operators = write.work().service_accounts().lock_operators().await?;
    if operators.iter().any(|operator| operator.active_secrets(write.now()) > 0) {
        return Ok(None);
    }
    let secret_ttl = SecretTtl::parse(SECRET_TTL).expect("366 days is the most that is allowed");
    let known = operators.into_iter().find(|operator| operator.username == *username);
    let NewServiceAccount { account, plain_secret } = if let Some(mut account) = known {
        let NewSecret { secret, plain_secret } = add_secret(&mut write, env, &account, secret_ttl).await?;
        account.secrets.push(secret);
        NewServiceAccount { account, plain_secret }
    } else {
        let command = CreateServiceAccount { organization: None, username: username.clone(), secret_ttl };
        insert_account(&mut write, env, &command).await?
    };
    write.finish(Mode::Execute).await?;
    Ok(Some((account, plain_secret)))
}
