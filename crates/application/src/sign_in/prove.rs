use varco_domain::{EventKind, SessionEnd, SessionId, SignInRefusal, User};

use crate::credentials::password_changed;
use crate::sessions::end_sessions;
use crate::sso::Vouched;
use crate::storage::{SessionsOf, StorageError, StoredPassword, ThrottleKey};
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

    /// Uses the proof up, or says why it proves nothing any more, where what it was held against is no
    /// longer so. The user's home must be locked.
    ///
    /// Invariant: of many who present the same challenge, or prove the same password to replace it,
    /// one goes on.
    pub(super) async fn accept(&self, write: &mut Write<'_>, env: &Environment, user: &User) -> Accepted {
        match self {
            Self::Password { current, anew, counted } => {
                accept_password(write, user, current, anew.as_ref(), counted).await
            }
            Self::NewPassword { challenge, current, chosen } => {
                let is_taken = take(write, challenge).await?;
                if !is_taken || !replace(write, user, current, chosen).await? {
                    return Ok(Err(SignInRefusal::WrongPassword));
                }
                end_sessions(write, SessionsOf::User(user.id), None, SessionEnd::PasswordChanged).await?;
                password_changed(write, env, user).await.map(Ok)
            }
            Self::Pin { challenge, pin } => {
                let is_accepted = take(write, challenge).await? && accept_pin(write, user, pin).await?;
                Ok(held(is_accepted, SignInRefusal::WrongPin))
            }
            Self::Organization { challenge } => Ok(held(take(write, challenge).await?, SignInRefusal::NoAccess)),
            Self::Provider(vouched) => Ok(held(vouched.lets_in(write, user).await?, SignInRefusal::ProviderRefused)),
            Self::Session(session) => {
                let now = write.now();
                let session = write.work().sessions().find(*session, now).await?;
                let is_own = session.is_some_and(|session| session.user == user.id);
                Ok(held(is_own, SignInRefusal::NoAccess))
            }
        }
    }
}

/// What storage says, and in it whether the proof still holds.
type Accepted = Result<Result<(), SignInRefusal>, StorageError>;

fn held(holds: bool, refusal: SignInRefusal) -> Result<(), SignInRefusal> {
    if holds { Ok(()) } else { Err(refusal) }
}

async fn take(write: &mut Write<'_>, challenge: &SecretDigest) -> Result<bool, StorageError> {
    let now = write.now();
    write.work().sign_ins().take_challenge(challenge, now).await
}

async fn replace(
    write: &mut Write<'_>,
    user: &User,
    current: &PasswordHash,
    chosen: &PasswordHash,
) -> Result<bool, StorageError> {
    let password = StoredPassword { hash: chosen.clone(), changed_at: write.now(), must_change: false };
    write.work().credentials().replace_password(user.id, current, &password).await
}

/// Who knows the password was not guessing. Whoever shares the source sees nothing of it: to them it is
/// as if it had not been tried.
async fn accept_password(
    write: &mut Write<'_>,
    user: &User,
    current: &PasswordHash,
    anew: Option<&PasswordHash>,
    counted: &[ThrottleKey],
) -> Accepted {
    let now = write.now();
    let stored = match write.work().credentials().find_password(user.id).await? {
        Some(stored) if stored.hash != *current => return Ok(Err(SignInRefusal::WrongPassword)),
        Some(stored) if !stored.works_at(now) => return Ok(Err(SignInRefusal::PasswordExpired)),
        Some(stored) => stored,
        None => return Ok(Err(SignInRefusal::NoPassword)),
    };
    if let Some(hash) = anew.cloned() {
        write.work().credentials().replace_password(user.id, current, &StoredPassword { hash, ..stored }).await?;
    }
    for key in counted {
        write.work().sign_ins().give_back_try(key).await?;
    }
    Ok(Ok(()))
}

async fn accept_pin(write: &mut Write<'_>, user: &User, pin: &PasswordHash) -> Result<bool, StorageError> {
    let stored = write.work().credentials().find_pin(user.id).await?;
    if stored.is_none_or(|stored| stored.hash != *pin) {
        return Ok(false);
    }
    write.work().sign_ins().forget_tries(&ThrottleKey::Pin(user.id)).await?;
    if write.work().credentials().activate_pin(user.id, pin).await? {
        write.record(EventKind::UserPinActivated, Some(user.home), &[("user", &user.id)], Change::default());
    }
    Ok(true)
}
