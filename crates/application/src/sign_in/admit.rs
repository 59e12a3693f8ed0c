use std::time::Duration;

use uuid::Uuid;
use varco_domain::{Email, SignInRefusal, Timestamp, UserId, UserStatus, Username, fold};

use super::origin::Origin;
use super::refuse::failure;
use super::{SignInError, with_password::SignIn};
use crate::Environment;
use crate::storage::{SignInAccount, SignInName, StorageError, StoredPassword, ThrottleKey, UnitOfWork};

/// How long a source is remembered from which a user signed in.
pub(super) const KNOWN_FOR: Duration = Duration::from_hours(30 * 24);

/// Looked for where nobody was named, so that storage works the same for any name.
pub(super) const NOBODY: UserId = UserId::from_uuid(Uuid::nil());

/// No name of an account is longer, in bytes as given.
const MAX_NAME: usize = Email::MAX_LENGTH * 4;

/// A try that was counted and may be verified.
pub(super) struct Admitted {
    /// Whom the name names.
    pub(super) account: Option<SignInAccount>,
    /// Of that account.
    pub(super) password: Option<StoredPassword>,
    /// Whether that account has a PIN.
    pub(super) has_pin: bool,
}

impl Admitted {
    /// What the presented password is held against: nothing where no password may let anybody in.
    pub(super) fn password_of_active(&self) -> Option<&StoredPassword> {
        let is_active = self.account.as_ref().is_some_and(|account| account.status == UserStatus::Active);
        self.password.as_ref().filter(|_| is_active)
    }

    /// Why a password that did not match lets nobody in.
    pub(super) fn refusal(&self) -> SignInRefusal {
        match (self.account.as_ref().map(|account| account.status), &self.password) {
            (None, _) => SignInRefusal::UnknownUser,
            (Some(UserStatus::Suspended), _) => SignInRefusal::Suspended,
            (Some(UserStatus::Invited), _) => SignInRefusal::NotActivated,
            (Some(UserStatus::Contact), _) | (Some(UserStatus::Active), None) => SignInRefusal::NoPassword,
            (Some(UserStatus::Active), Some(_)) => SignInRefusal::WrongPassword,
        }
    }
}

/// Counts a try before anything is verified, in one unit of work: the same reads and writes whether
/// there is such an account or not.
///
/// Invariant: the count is durable before the password is looked at, on whatever replica.
pub(super) async fn admit(env: &Environment, command: &SignIn) -> Result<Admitted, SignInError> {
    let (origin, source) = (&command.origin, command.origin.source.to_string());
    let mut work = env.store.begin().await?;
    let now = env.clock.now();
    // What is refused here leaves nothing behind: a flood of it must not cost the database.
    if let Err(early) = work.sign_ins().count_try(&ThrottleKey::Source(source.clone()), now).await? {
        return Err(SignInError::TooManyAttempts { wait: early.wait });
    }
    let account = work.sign_ins().find_account(&name_of(&command.unverified_name), now).await?;
    let user = account.as_ref().map_or(NOBODY, |account| account.user);
    let is_known = work.sign_ins().is_known_source(user, &source, now.minus(KNOWN_FOR)).await?;
    let key = match &account {
        Some(_) if is_known => ThrottleKey::Known(user, source),
        Some(_) => ThrottleKey::Account(user),
        None => ThrottleKey::Name(env.secrets.digest(&fold(shortest(&command.unverified_name)))),
    };
    let counted = work.sign_ins().count_try(&key, now).await?;
    let password = work.credentials().find_password(user).await?;
    let has_pin = work.credentials().find_pin(user).await?.is_some();
    let admitted = Admitted { account, password, has_pin };
    if let Err(early) = counted {
        note_early(env, work.as_mut(), &admitted, origin, now).await?;
        work.commit().await?;
        return Err(SignInError::TooManyAttempts { wait: early.wait });
    }
    work.commit().await?;
    Ok(admitted)
}

async fn note_early(
    env: &Environment,
    work: &mut dyn UnitOfWork,
    admitted: &Admitted,
    origin: &Origin,
    now: Timestamp,
) -> Result<(), StorageError> {
    let account = admitted.account.as_ref();
    let failure = failure(env, account, SignInRefusal::TooManyAttempts, origin, now);
    work.sign_ins().insert_failure(&failure).await
}

/// A name without `@` is a username, one with it an address; what is neither names nobody.
fn name_of(text: &str) -> SignInName {
    let text = shortest(text);
    if let Ok(email) = Email::parse(text) {
        return SignInName::Email(email);
    }
    Username::parse(text).map_or(SignInName::Nobody, SignInName::Username)
}

/// Of a text that is no name anyway, no more than nothing is looked at.
fn shortest(text: &str) -> &str {
    if text.len() > MAX_NAME { "" } else { text.trim() }
}
