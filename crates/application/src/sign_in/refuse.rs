use varco_domain::{OrganizationId, SignInRefusal, UserId};

use super::SignInError;
use super::origin::Origin;
use crate::Environment;
use crate::retry::retry;
use crate::storage::{SignInAccount, SignInFailure, StorageError, UnitOfWork};

/// Whom a sign-in was about, as far as that is known.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct About {
    /// The account; `None` if no account was named.
    pub(crate) user: Option<UserId>,
    /// Whose administrators are told; `None` for the operators alone.
    pub(crate) home: Option<OrganizationId>,
}

impl From<&SignInAccount> for About {
    fn from(account: &SignInAccount) -> Self {
        Some(account).into()
    }
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
    keep(env, account, refusal, origin).await?;
    Err(SignInError::Refused)
}

/// Keeps for administrators why a sign-in was refused, however many writers are in the way: for the
/// caller, to come back would be another try.
pub(super) async fn keep(
    env: &Environment,
    account: impl Into<About>,
    refusal: SignInRefusal,
    origin: &Origin,
) -> Result<(), StorageError> {
    let about = account.into();
    retry(StorageError::is_contention, || keep_refusal(env, about, refusal, origin)).await
}

/// Keeps for administrators why a sign-in was refused.
pub(crate) async fn keep_refusal(
    env: &Environment,
    about: About,
    refusal: SignInRefusal,
    origin: &Origin,
) -> Result<(), StorageError> {
    let mut work = env.store.begin().await?;
    note_refusal(env, work.as_mut(), about, refusal, origin).await?;
    work.commit().await
}

/// As `keep_refusal`, in a unit of work that is open.
pub(super) async fn note_refusal(
    env: &Environment,
    work: &mut dyn UnitOfWork,
    about: About,
    refusal: SignInRefusal,
    origin: &Origin,
) -> Result<(), StorageError> {
    let failure = SignInFailure {
        id: env.new_id(),
        user: about.user,
        home: about.home,
        occurred_at: env.clock.now(),
        refusal,
        client: origin.client.clone(),
    };
    work.sign_ins().insert_failure(&failure).await
}
