use std::fmt;
use std::time::Duration;

use uuid::Uuid;
use varco_domain::{ServiceAccountId, Timestamp, Username};

use crate::storage::{IssuedToken, SecretHolder, StorageError, UnitOfWork};
use crate::{Environment, PlainSecret, SecretDigest};

/// How long a token works. Short, so that one that leaks without being noticed soon ends; what is
/// noticed ends at once, by revoking its secret.
const TOKEN_TTL: Duration = Duration::from_hours(1);

/// Looked for where nobody was named properly, so that storage works the same for any client id.
const NOBODY: ServiceAccountId = ServiceAccountId::from_uuid(Uuid::nil());
const NOBODY_NAME: &str = "nobody";

/// What a client presents.
pub struct Credentials {
    /// A service account's id or username.
    pub client_id: String,
    /// One of its secrets.
    pub unverified_secret: PlainSecret,
}

impl fmt::Debug for Credentials {
    /// Without the client id as well: people paste secrets into the wrong field.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials([redacted])")
    }
}

/// A new access token.
#[derive(Clone, Debug)]
pub struct AccessToken {
    /// To be shown once.
    pub token: PlainSecret,
    /// How long it works.
    pub expires_in: Duration,
}

/// Why no token is issued.
#[derive(Debug, thiserror::Error)]
pub enum IssueServiceTokenError {
    /// The account is unknown or the secret is wrong, expired or revoked; nobody is told which.
    #[error("the client id or the client secret is wrong")]
    CredentialsInvalid,
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Exchanges a secret for an access token. Notes no event: who may do what does not change.
pub async fn issue_service_token(
    env: &Environment,
    credentials: &Credentials,
) -> Result<AccessToken, IssueServiceTokenError> {
    let secret = env.secrets.digest(credentials.unverified_secret.expose());
    let client = ClientId::read(&credentials.client_id);
    let now = env.clock.now();
    // Whoever guesses must not hold up the writers: they are met only with a secret that works.
    let mut reader = env.store.begin_read().await?;
    find_holder(reader.as_mut(), &client, &secret, now).await?;
    drop(reader);

    let mut work = env.store.begin().await?;
    let holder = find_holder(work.as_mut(), &client, &secret, now).await?;
    let token = env.secrets.generate_token();
    let expires_at = now.plus(TOKEN_TTL).min(holder.expires_at);
    let digest = env.secrets.digest(token.expose());
    let issued = IssuedToken { digest, account: holder.account, secret: holder.secret, expires_at };
    work.service_accounts().insert_token(&issued, now).await?;
    work.commit().await?;
    Ok(AccessToken { token, expires_in: expires_at.since(now) })
}

/// Asks storage for the same two things whether the account exists or not.
async fn find_holder(
    work: &mut dyn UnitOfWork,
    client: &ClientId,
    secret: &SecretDigest,
    now: Timestamp,
) -> Result<SecretHolder, IssueServiceTokenError> {
    let named = work.service_accounts().find_by_username(&client.username).await?;
    let account = client.account.or(named).unwrap_or(NOBODY);
    let holder = work.service_accounts().find_secret(account, secret, now).await?;
    holder.ok_or(IssueServiceTokenError::CredentialsInvalid)
}

/// Whom a client id names.
struct ClientId {
    /// Given if it is an id, or nothing at all; then the username does not count.
    account: Option<ServiceAccountId>,
    username: Username,
}

impl ClientId {
    fn read(text: &str) -> Self {
        if let Ok(account) = ServiceAccountId::parse(text) {
            return Self { account: Some(account), username: nobody_name() };
        }
        match Username::parse(text) {
            Ok(username) => Self { account: None, username },
            Err(_) => Self { account: Some(NOBODY), username: nobody_name() },
        }
    }
}

fn nobody_name() -> Username {
    Username::parse(NOBODY_NAME).expect("six letters are a username")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_secret() {
        let secret = || PlainSecret::new("varco_secret_canary".to_owned());
        let credentials = Credentials { client_id: "varco_secret_canary".to_owned(), unverified_secret: secret() };
        let token = AccessToken { token: secret(), expires_in: TOKEN_TTL };

        assert!(!format!("{credentials:?}{token:?}").contains("canary"));
    }

    #[test]
    fn what_is_neither_id_nor_username_names_nobody() {
        for text in ["", "a", "sa_", "two words", "SA_01H455VB4PEX5VSKNK084SN02Q!"] {
            assert_eq!(ClientId::read(text).account, Some(NOBODY), "{text}");
        }
        assert_eq!(ClientId::read("Robot").account, None);
    }
}
