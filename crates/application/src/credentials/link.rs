use std::time::Duration;

use varco_domain::{Organization, Timestamp, User, UserId};

use super::CredentialError;
use crate::storage::{Link, LinkPurpose, StorageError};
use crate::write::Write;
use crate::{Environment, PlainSecret, SecretDigest};

/// Makes a link for a user, in place of an older one of the same purpose. Gives its token, which is
/// kept nowhere, and when it stops to work.
pub(super) async fn new_link(
    write: &mut Write<'_>,
    env: &Environment,
    user: UserId,
    purpose: LinkPurpose,
    ttl: Duration,
) -> Result<(PlainSecret, Timestamp), StorageError> {
    let token = env.secrets.generate_link_token();
    let expires_at = write.now().plus(ttl);
    let link = Link { digest: env.secrets.digest(token.expose()), user, purpose, expires_at };
    write.work().credentials().put_link(&link).await?;
    Ok((token, expires_at))
}

/// The account that a link was mailed to, and its home. The link stays: it is used up only together
/// with what it is good for.
pub(crate) async fn holder(
    env: &Environment,
    digest: &SecretDigest,
    purpose: LinkPurpose,
) -> Result<(User, Organization), CredentialError> {
    let mut work = env.store.begin_read().await?;
    let link = work.credentials().find_link(digest, purpose, env.clock.now()).await?;
    let user = work.users().find_account(link.ok_or(CredentialError::LinkInvalid)?.user).await?;
    let user = user.ok_or(CredentialError::LinkInvalid)?;
    let home = work.organizations().find(user.home).await?;
    Ok((user, home.ok_or(CredentialError::LinkInvalid)?))
}

/// Uses up a link, which must be this user's.
///
/// Invariant: nothing that a link is good for happens in a unit of work that did not come through here.
pub(super) async fn take_link(
    write: &mut Write<'_>,
    digest: &SecretDigest,
    purpose: LinkPurpose,
    user: UserId,
) -> Result<(), CredentialError> {
    let now = write.now();
    let link = write.work().credentials().take_link(digest, purpose, now).await?;
    link.filter(|link| link.user == user).map(drop).ok_or(CredentialError::LinkInvalid)
}

impl CredentialError {
    /// What whoever holds a link hears when the account is not as the link needs it: nothing of the account.
    pub(crate) fn behind_a_link(self) -> Self {
        match self {
            Self::User(_) => Self::LinkInvalid,
            other => other,
        }
    }
}
