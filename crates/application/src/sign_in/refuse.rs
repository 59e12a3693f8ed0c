use varco_domain::{SignInRefusal, Timestamp};

use super::SignInError;
use super::origin::Origin;
use crate::Environment;
use crate::storage::{SignInAccount, SignInFailure};

/// Keeps for administrators why a sign-in was refused, and refuses it. Storage does the same for every
/// cause, also where there is no account.
pub(super) async fn refuse<T>(
    env: &Environment,
    account: Option<&SignInAccount>,
    refusal: SignInRefusal,
    origin: &Origin,
) -> Result<T, SignInError> {
    let mut work = env.store.begin().await?;
    let failure = failure(env, account, refusal, origin, env.clock.now());
    work.sign_ins().insert_failure(&failure).await?;
    work.commit().await?;
    Err(SignInError::Refused)
}

pub(super) fn failure(
    env: &Environment,
    account: Option<&SignInAccount>,
    refusal: SignInRefusal,
    origin: &Origin,
    now: Timestamp,
) -> SignInFailure {
    SignInFailure {
        id: env.new_id(),
        user: account.map(|account| account.user),
        home: account.map(|account| account.home),
        occurred_at: now,
        refusal,
        client: origin.client.clone(),
    }
}
