use std::fmt;

use varco_domain::{OrganizationId, Shown};

use super::admission::Way;
use super::admit::admit;
use super::origin::Origin;
use super::proceed::{Conversation, proceed};
use super::prove::Proved;
use super::refuse::refuse;
use super::{Answered, SignInError};
use crate::storage::{StorageError, ThrottleKey};
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
    let _place = env.sign_ins.enter(Way::Begin, command.origin.source, env.clock.now())?;
    let admitted = admit(env, command).await?;
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
    let conversation = Conversation {
        account,
        has_pin: admitted.has_pin,
        shown: Shown { pin: false, organization: command.organization },
        origin: &command.origin,
        replaced: None,
    };
    proceed(env, conversation, Proved::Password { current, anew, counted: admitted.counted }).await
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
    let mut work = env.store.begin().await?;
    for key in counted {
        work.sign_ins().give_back_try(key).await?;
    }
    work.commit().await
}
