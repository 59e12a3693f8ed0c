use varco_domain::{Organization, Session, SignInRefusal, Step, Timestamp, User, UserStatus};

use super::SignInError;
use super::origin::Origin;
use super::refuse::note_refusal;
use crate::retry::retry;
use crate::storage::{Challenge, SignInAccount, StorageError, StoredPassword, StoredPin, ThrottleKey, UnitOfWork};
use crate::{Environment, SecretDigest};

/// How often one step may be tried: a PIN could be guessed, a chosen password only be too weak.
const MAX_PIN_TRIES: u32 = 5;
const MAX_TRIES: u32 = 20;

/// A step that was counted as tried and may be verified.
pub(super) struct Tried {
    /// The step.
    pub(super) challenge: Challenge,
    /// Whose, and where it may go.
    pub(super) account: SignInAccount,
    /// The same account.
    pub(super) user: User,
    /// Where it lives.
    pub(super) home: Organization,
    /// What it has.
    pub(super) password: Option<StoredPassword>,
    /// What it has.
    pub(super) pin: Option<StoredPin>,
    /// The session in whose place another is to begin.
    pub(super) replaced: Option<Session>,
}

/// Tries at a PIN are counted for the challenge and for the account: whoever can have new challenges
/// must not have new tries with them.
///
/// Invariant: the counts are durable before anything is verified, on whatever replica.
pub(super) async fn try_challenge(
    env: &Environment,
    digest: &SecretDigest,
    origin: &Origin,
) -> Result<Tried, SignInError> {
    let mut work = env.store.begin().await?;
    let now = env.clock.now();
    let challenge = work.sign_ins().try_challenge(digest, now).await?.ok_or(SignInError::Refused)?;
    // With an account go its refusals.
    let account = work.sign_ins().account(challenge.user, now).await?.ok_or(SignInError::Refused)?;
    let counted = count(work.as_mut(), digest, &challenge, now).await?;
    let refused = match counted {
        Err(error) => Some((error, SignInRefusal::TooManyAttempts)),
        Ok(()) if account.status != UserStatus::Active => Some((SignInError::Refused, SignInRefusal::Suspended)),
        Ok(()) => None,
    };
    if let Some((error, refusal)) = refused {
        note_refusal(env, work.as_mut(), (&account).into(), refusal, origin).await?;
        work.commit().await?;
        return Err(error);
    }
    let tried = read(work.as_mut(), challenge, account, now).await?;
    work.commit().await?;
    Ok(tried)
}

async fn count(
    work: &mut dyn UnitOfWork,
    digest: &SecretDigest,
    challenge: &Challenge,
    now: Timestamp,
) -> Result<Result<(), SignInError>, StorageError> {
    let is_pin = challenge.step == Step::Pin;
    if challenge.attempts > if is_pin { MAX_PIN_TRIES } else { MAX_TRIES } {
        work.sign_ins().take_challenge(digest, now).await?;
        return Ok(Err(SignInError::Refused));
    }
    if !is_pin {
        return Ok(Ok(()));
    }
    let counted = work.sign_ins().count_try(&ThrottleKey::Pin(challenge.user), now).await?;
    Ok(counted.map(drop).map_err(|early| SignInError::TooManyAttempts { wait: early.wait }))
}

async fn read(
    work: &mut dyn UnitOfWork,
    challenge: Challenge,
    account: SignInAccount,
    now: Timestamp,
) -> Result<Tried, SignInError> {
    let user = work.users().find_account(account.user).await?.ok_or(SignInError::Refused)?;
    let home = work.organizations().find(user.home).await?.ok_or(SignInError::Refused)?;
    let password = work.credentials().find_password(user.id).await?;
    let pin = work.credentials().find_pin(user.id).await?;
    let replaced = match challenge.replaced {
        Some(session) => Some(work.sessions().find(session, now).await?.ok_or(SignInError::Refused)?),
        None => None,
    };
    Ok(Tried { challenge, account, user, home, password, pin, replaced })
}

/// What was not looked at is no try, and whoever comes again as told finds room.
pub(super) async fn give_back(
    env: &Environment,
    digest: &SecretDigest,
    challenge: &Challenge,
) -> Result<(), StorageError> {
    retry(StorageError::is_contention, || take_back(env, digest, challenge)).await
}

async fn take_back(env: &Environment, digest: &SecretDigest, challenge: &Challenge) -> Result<(), StorageError> {
    let mut work = env.store.begin().await?;
    work.sign_ins().give_back_challenge(digest).await?;
    if challenge.step == Step::Pin {
        work.sign_ins().give_back_try(&ThrottleKey::Pin(challenge.user)).await?;
    }
    work.commit().await
}
