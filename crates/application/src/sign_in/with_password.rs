use std::fmt;

use varco_domain::{OrganizationId, Shown};

use super::admission::Way;
use super::admit::{Admitted, admit};
use super::let_in::take_place;
use super::origin::Origin;
use super::proceed::{Conversation, proceed};
use super::prove::Proved;
use super::refuse::refuse;
use super::{Answered, SignInError};
use crate::retry::retry;
use crate::storage::{SignInAccount, StorageError, ThrottleKey};
use crate::{Environment, HasherBusy, PasswordHash, PlainSecret, Verified};

/// The first step of a sign-in.
pub struct SignIn {
    /// A username or an address, as the user says.
    pub unverified_name: String,
    /// As the user says.
    pub unverified_password: PlainSecret,
    /// Where to; `None` to choose if there are several.
    pub organization: Option<OrganizationId>,
    /// From where.
    pub origin: Origin,
}

impl fmt::Debug for SignIn {
    /// Without the name as well: people type passwords into the wrong field.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignIn([redacted])")
    }
}

/// Signs in with a name and a password.
pub async fn sign_in(env: &Environment, command: &SignIn) -> Result<Answered, SignInError> {
    let _place = take_place(env, Way::Begin, command.origin.source).await?;
    let admitted = retry(SignInError::has_lost, || admit(env, command)).await?;
    let current = admitted.password_to_verify().map(|password| password.hash.clone());
    let verified = match verify(env, current.clone(), &command.unverified_password).await {
        Err(busy) => {
            give_back(env, &admitted.counted).await?;
            return Err(busy.into());
        }
        Ok(verified) => verified,
    };
    let (Some(account), Some(current), Some(anew)) = (&admitted.account, current, verified) else {
        return refuse(env, admitted.account.as_ref(), admitted.refusal(), &command.origin).await;
    };
    let proof = Proved::Password { current, anew, counted: admitted.counted.clone() };
    let answered = go_on(env, command, &admitted, account, &proof).await;
    if answered.as_ref().is_err_and(SignInError::is_no_try) {
        give_back(env, &admitted.counted).await?;
    }
    answered
}

/// What lost against other writers is tried again here: to come back would be another try.
async fn go_on(
    env: &Environment,
    command: &SignIn,
    admitted: &Admitted,
    account: &SignInAccount,
    proof: &Proved,
) -> Result<Answered, SignInError> {
    let conversation = Conversation {
        account,
        has_pin: admitted.has_pin,
        shown: Shown { pin: false, organization: command.organization },
        origin: &command.origin,
        replaced: None,
    };
    retry(SignInError::has_lost, || proceed(env, &conversation, proof)).await
}

/// What the password is to be stored as from now on if it is the right one; `Some(None)` to leave it.
async fn verify(
    env: &Environment,
    current: Option<PasswordHash>,
    unverified: &PlainSecret,
) -> Result<Option<Option<PasswordHash>>, HasherBusy> {
    Ok(match env.password_hasher.verify(current, unverified.clone()).await? {
        Verified::No => None,
        Verified::Yes => Some(None),
        Verified::YesButOutdated => Some(Some(env.password_hasher.hash(unverified.clone()).await?)),
    })
}

/// A password that was not looked at is no try, and whoever comes again as told finds room.
async fn give_back(env: &Environment, counted: &[ThrottleKey]) -> Result<(), StorageError> {
    retry(StorageError::is_contention, || take_back(env, counted)).await
}

async fn take_back(env: &Environment, counted: &[ThrottleKey]) -> Result<(), StorageError> {
    let mut work = env.store.begin().await?;
    for key in counted {
        work.sign_ins().give_back_try(key).await?;
    }
    work.commit().await
}
