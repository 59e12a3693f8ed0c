use varco_domain::{EventKind, SessionEnd, SessionId, User};

use super::SignInError;
use crate::credentials::password_changed;
use crate::sessions::end_sessions;
use crate::sso::Vouched;
use crate::storage::{SessionsOf, StoredPassword, ThrottleKey};
use crate::write::{Change, Write};
use crate::{Environment, PasswordHash, SecretDigest};

/// What a step has proved with nothing open, to be held against storage once more.
pub(crate) enum Proved {
    /// The password was right.
    Password {
        /// The one that was.
        current: PasswordHash,
        /// The same password hashed anew, if it was hashed more weakly than passwords are today.
        anew: Option<PasswordHash>,
        /// Where the try was counted.
        counted: Vec<ThrottleKey>,
    },
    /// Another password was chosen in place of the one with which the sign-in began.
    NewPassword {
        /// The step.
        challenge: SecretDigest,
        /// The one to be replaced.
        current: PasswordHash,
        /// The one that was chosen.
        chosen: PasswordHash,
    },
    /// The PIN was right.
    Pin {
        /// The step.
        challenge: SecretDigest,
        /// The one that was.
        pin: PasswordHash,
    },
    /// An organization was chosen.
    Organization {
        /// The step.
        challenge: SecretDigest,
    },
    /// A provider of single sign-on said who it is.
    Provider(Vouched),
    /// A session, which must still be there.
    Session(SessionId),
}

impl Proved {
    /// Whether it is the current password. Only to whoever just gave that one may another be chosen: a
    /// session, or a provider, proves who it is and not that it knows the password.
    pub(super) const fn is_password(&self) -> bool {
        matches!(self, Self::Password { .. })
    }

    /// Uses the proof up, if what it was held against is still so. The user's home must be locked.
    ///
    /// Invariant: of many who present the same challenge, or prove the same password to replace it,
    /// one goes on.
    pub(super) async fn accept(self, write: &mut Write<'_>, env: &Environment, user: &User) -> Result<(), SignInError> {
        match self {
            Self::Password { current, anew, counted } => {
                accept_password(write, user, &current, anew).await?;
                give_back(write, &counted).await
            }
            Self::NewPassword { challenge, current, chosen } => {
                take(write, &challenge).await?;
                let password = StoredPassword { hash: chosen, changed_at: write.now(), must_change: false };
                if !write.work().credentials().replace_password(user.id, &current, &password).await? {
                    return Err(SignInError::Refused);
                }
                end_sessions(write, SessionsOf::User(user.id), None, SessionEnd::PasswordChanged).await?;
                Ok(password_changed(write, env, user).await?)
            }
            Self::Pin { challenge, pin } => {
                take(write, &challenge).await?;
                accept_pin(write, user, &pin).await
            }
            Self::Organization { challenge } => take(write, &challenge).await,
            Self::Provider(vouched) => {
                if vouched.lets_in(write, user).await? { Ok(()) } else { Err(SignInError::Refused) }
            }
            Self::Session(session) => {
                let now = write.now();
                let session = write.work().sessions().find(session, now).await?;
                session.filter(|session| session.user == user.id).map(drop).ok_or(SignInError::Refused)
            }
        }
    }
}

async fn take(write: &mut Write<'_>, challenge: &SecretDigest) -> Result<(), SignInError> {
    let now = write.now();
    if write.work().sign_ins().take_challenge(challenge, now).await? { Ok(()) } else { Err(SignInError::Refused) }
}

async fn accept_password(
    write: &mut Write<'_>,
    user: &User,
    current: &PasswordHash,
    anew: Option<PasswordHash>,
) -> Result<(), SignInError> {
    let stored = write.work().credentials().find_password(user.id).await?;
    let now = write.now();
    let stored = stored.filter(|stored| stored.hash == *current && stored.works_at(now)).ok_or(SignInError::Refused)?;
    if let Some(hash) = anew {
        write.work().credentials().replace_password(user.id, current, &StoredPassword { hash, ..stored }).await?;
    }
    Ok(())
}

/// Who knows the password was not guessing. Whoever shares the source sees nothing of it: to them it is
/// as if it had not been tried.
async fn give_back(write: &mut Write<'_>, counted: &[ThrottleKey]) -> Result<(), SignInError> {
    for key in counted {
        write.work().sign_ins().give_back_try(key).await?;
    }
    Ok(())
}

async fn accept_pin(write: &mut Write<'_>, user: &User, pin: &PasswordHash) -> Result<(), SignInError> {
    let stored = write.work().credentials().find_pin(user.id).await?;
    stored.filter(|stored| stored.hash == *pin).ok_or(SignInError::Refused)?;
    write.work().sign_ins().forget_tries(&ThrottleKey::Pin(user.id)).await?;
    if write.work().credentials().activate_pin(user.id, pin).await? {
        write.record(EventKind::UserPinActivated, Some(user.home), &[("user", &user.id)], Change::default());
    }
    Ok(())
}
