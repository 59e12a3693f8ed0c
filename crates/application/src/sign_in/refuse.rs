use varco_domain::{OrganizationId, SignInRefusal, Timestamp, UserId};

use super::SignInError;
use super::origin::Origin;
use crate::Environment;
use crate::storage::{SignInAccount, SignInFailure, StorageError};

/// Whom a sign-in was about, as far as that is known.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct About {
    /// The account; `None` if no account was named.
    pub(crate) user: Option<UserId>,
    /// Whose administrators are told; `None` for the operators alone.
    pub(crate) home: Option<OrganizationId>,
}

impl From<Option<&SignInAccount>> for About {
    fn from(account: Option<&SignInAccount>) -> Self {
        Self { user: account.map(|account| account.user), home: account.map(|account| account.home) }
    }
}

/// Keeps for administrators why a sign-in was refused, and refuses it. Storage does the same for every
/// cause, also where there is no account.
pub(super) async fn refuse<T>(
    env: &Environment,
    account: Option<&SignInAccount>,
    refusal: SignInRefusal,
    origin: &Origin,
) -> Result<T, SignInError> {
    keep_refusal(env, account.into(), refusal, origin).await?;
    Err(SignInError::Refused)
}

/// Keeps for administrators why a sign-in was refused.
pub(crate) async fn keep_refusal(
    env: &Environment,
    about: About,
    refusal: SignInRefusal,
    origin: &Origin,
) -> Result<(), StorageError> {
    let mut work = env.store.begin().await?;
    let failure = failure(env, about, refusal, origin, env.clock.now());
    work.sign_ins().insert_failure(&failure).await?;
    work.commit().await
}

pub(super) fn failure(
    env: &Environment,
    about: About,
    refusal: SignInRefusal,
    origin: &Origin,
    now: Timestamp,
) -> SignInFailure {
    SignInFailure {
        id: env.new_id(),
        user: about.user,
        home: about.home,
        occurred_at: now,
        refusal,
        client: origin.client.clone(),
    }
}
