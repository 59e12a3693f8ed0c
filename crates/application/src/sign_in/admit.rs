use std::time::Duration;

use uuid::Uuid;
use varco_domain::{SignInRefusal, Timestamp, UserId, UserStatus};

use super::refuse::note_refusal;
use super::{SignInError, with_password::SignIn};
use crate::Environment;
use crate::storage::{SignInAccount, SignInName, StorageError, StoredPassword, ThrottleKey, UnitOfWork};

/// How long a source is remembered from which a user signed in.
pub(super) const KNOWN_FOR: Duration = Duration::from_hours(30 * 24);

/// Looked for where nobody was named, so that storage works the same for any name.
const NOBODY: UserId = UserId::from_uuid(Uuid::nil());

/// A try that was counted.
pub(super) struct Admitted {
    /// Whom the name names.
    pub(super) account: Option<SignInAccount>,
    /// Whether that account has a PIN.
    pub(super) has_pin: bool,
    /// Where the try was counted: as whoever signs in is told, and for the account.
    pub(super) counted: Vec<ThrottleKey>,
    password: Option<StoredPassword>,
    seen_at: Timestamp,
    /// Whether the account has had its tries, of which nobody outside is told.
    is_exhausted: bool,
}

impl Admitted {
    /// What the presented password is held against: nothing where no password may let anybody in.
    pub(super) fn password_to_verify(&self) -> Option<&StoredPassword> {
        let is_active = self.account.as_ref().is_some_and(|account| account.status == UserStatus::Active);
        let may_work = |password: &&StoredPassword| is_active && !self.is_exhausted && password.works_at(self.seen_at);
        self.password.as_ref().filter(may_work)
    }

    /// Why a password that did not match lets nobody in.
    pub(super) fn refusal(&self) -> SignInRefusal {
        match (self.account.as_ref().map(|account| account.status), &self.password) {
            (None, _) => SignInRefusal::UnknownUser,
            (Some(_), _) if self.is_exhausted => SignInRefusal::TooManyAttempts,
            (Some(UserStatus::Suspended), _) => SignInRefusal::Suspended,
            (Some(UserStatus::Invited), _) => SignInRefusal::NotActivated,
            (Some(UserStatus::Contact), _) | (Some(UserStatus::Active), None) => SignInRefusal::NoPassword,
            (Some(UserStatus::Active), Some(password)) if !password.works_at(self.seen_at) => {
                SignInRefusal::PasswordExpired
            }
            (Some(UserStatus::Active), Some(_)) => SignInRefusal::WrongPassword,
        }
    }
}

/// Counts a try before anything is verified, in one unit of work: the same reads and writes whether
/// there is such an account or not.
///
/// Invariant: the count is durable before the password is looked at, on whatever replica. Whether a try
/// is refused here depends on the source and on the name as it was typed, and on no account.
pub(super) async fn admit(env: &Environment, command: &SignIn) -> Result<Admitted, SignInError> {
    let (origin, source) = (&command.origin, command.origin.source.to_string());
    let mut work = env.store.begin().await?;
    let now = env.clock.now();
    // What is refused here leaves nothing behind: a flood of it must not cost the database.
    if let Err(early) = work.sign_ins().count_try(&ThrottleKey::Source(source.clone()), now).await? {
        return Err(SignInError::TooManyAttempts { wait: early.wait });
    }
    let counted = Counted::find(env, work.as_mut(), &command.unverified_name, &source, now).await?;
    if let Err(early) = work.sign_ins().count_try(&counted.name, now).await? {
        let about = counted.account.as_ref().into();
        note_refusal(env, work.as_mut(), about, SignInRefusal::TooManyAttempts, origin).await?;
        work.commit().await?;
        return Err(SignInError::TooManyAttempts { wait: early.wait });
    }
    let is_exhausted = work.sign_ins().count_try(&counted.of_account, now).await?.is_err();
    let user = counted.user();
    let password = work.credentials().find_password(user).await?;
    let has_pin = work.credentials().find_pin(user).await?.is_some();
    work.commit().await?;
    let Counted { account, name, of_account } = counted;
    let counted = if is_exhausted { vec![name] } else { vec![name, of_account] };
    Ok(Admitted { account, has_pin, counted, password, seen_at: now, is_exhausted })
}

/// What is tried, and where it counts.
struct Counted {
    account: Option<SignInAccount>,
    /// Told to whoever tries.
    name: ThrottleKey,
    /// Told to nobody. A name that no account has is counted as well, for the work of it.
    of_account: ThrottleKey,
}

impl Counted {
    async fn find(
        env: &Environment,
        work: &mut dyn UnitOfWork,
        unverified_name: &str,
        source: &str,
        now: Timestamp,
    ) -> Result<Self, StorageError> {
        let since = now.minus(KNOWN_FOR);
        let name = env.secrets.digest(&SignInName::folded(unverified_name));
        let account = work.sign_ins().find_account(&SignInName::parse(unverified_name), now).await?;
        let user = account.as_ref().map_or(NOBODY, |account| account.user);
        let is_known = work.sign_ins().is_known_source(user, source, since).await?;
        let is_used = work.sign_ins().is_used_source(source, since).await?;
        let of_account = match &account {
            Some(_) if is_known => ThrottleKey::Known(user, source.to_owned()),
            Some(_) => ThrottleKey::Account(user),
            None => ThrottleKey::Nobody(name),
        };
        Ok(Self { account, name: ThrottleKey::Name { name, source: source.to_owned(), is_used }, of_account })
    }

    fn user(&self) -> UserId {
        self.account.as_ref().map_or(NOBODY, |account| account.user)
    }
}
