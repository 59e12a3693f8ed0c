use std::sync::Arc;
use std::time::Duration;

use tracing::Instrument;
use varco_domain::{Email, EventKind, User, UserStatus, Username};

use super::CredentialError;
use super::link::new_link;
use crate::mails::{MailContent, NewMail, enqueue};
use crate::sign_in::{Origin, Source};
use crate::storage::{Allowance, LinkPurpose, StorageError};
use crate::users::lock_account;
use crate::write::{Change, Write};
use crate::{Caller, Environment, Mode};

/// How long a link to choose a password works.
const LINK_TTL: Duration = Duration::from_mins(10);

/// How often one account may be mailed such a link.
const PER_ACCOUNT: Allowance = Allowance { burst: 3, interval: Duration::from_hours(1) };

/// How often such mails may be asked for from one source.
const PER_SOURCE: Allowance = Allowance { burst: 5, interval: Duration::from_mins(20) };

/// How often other writers may get in the way.
const MAX_TRIES: u32 = 5;

/// A password reset that somebody asked for.
pub struct RequestedReset {
    env: Arc<Environment>,
    caller: Caller,
    name: String,
}

/// Takes a request for a link by which whoever forgot the password may choose another. `None` if too
/// many came from there.
///
/// What the caller can see, the answer and its time, is the same whoever it is for: the account is not
/// looked for until the answer has gone out.
pub async fn request_password_reset(
    env: &Arc<Environment>,
    origin: &Origin,
    username_or_email: &str,
) -> Result<Option<RequestedReset>, StorageError> {
    let is_admitted = is_admitted(env, &origin.source).await?;
    let requested =
        || RequestedReset { env: Arc::clone(env), caller: origin.caller(), name: username_or_email.to_owned() };
    Ok(is_admitted.then(requested))
}

/// Counts the call whether it is for somebody or not, so that every call costs storage the same.
async fn is_admitted(env: &Environment, source: &Source) -> Result<bool, StorageError> {
    let key = env.secrets.digest(&format!("password reset from {source}"));
    let mut work = env.store.begin().await?;
    let is_admitted = work.credentials().admit_mail(&key, PER_SOURCE, env.clock.now()).await?;
    work.commit().await?;
    Ok(is_admitted)
}

impl RequestedReset {
    /// Mails the link if there is such a user, who has a password to forget. To be done when the answer
    /// has gone out.
    pub async fn mail(self) {
        let span = tracing::info_span!("password_reset", request.id = self.caller.request_id);
        self.mail_patiently().instrument(span).await;
    }

    async fn mail_patiently(self) {
        let mut tries = 1;
        loop {
            match mail_link(&self.env, &self.caller, &self.name).await {
                Err(CredentialError::Storage(StorageError::Contention)) if tries < MAX_TRIES => tries += 1,
                // It is done, or the account went since it was found.
                Ok(()) | Err(CredentialError::User(_)) => return,
                Err(error) => return tracing::error!(%error, "a password reset was not mailed"),
            }
        }
    }
}

async fn mail_link(env: &Environment, caller: &Caller, name: &str) -> Result<(), CredentialError> {
    let Some(found) = find(env, name).await? else { return Ok(()) };
    let mut write = Write::begin(env, caller).await?;
    let user = lock_account(&mut write, found.home, found.id).await?.user;
    let has_password = write.work().credentials().find_password(user.id).await?.is_some();
    if user.status != UserStatus::Active || !has_password {
        return Ok(());
    }
    let (key, now) = (env.secrets.digest(&format!("password reset of {}", user.id)), write.now());
    if !write.work().credentials().admit_mail(&key, PER_ACCOUNT, now).await? {
        return Ok(());
    }
    let (token, expires_at) = new_link(&mut write, env, user.id, LinkPurpose::PasswordReset, LINK_TTL).await?;
    write.record(EventKind::UserPasswordResetRequested, Some(user.home), &[("user", &user.id)], Change::default());
    let content = MailContent::PasswordReset { token, expires_at };
    enqueue(&mut write, env, &NewMail { organization: user.home, user: &user, content }).await?;
    write.finish(Mode::Execute).await?;
    Ok(())
}

/// A username has no `@`, an email has one.
async fn find(env: &Environment, name: &str) -> Result<Option<User>, StorageError> {
    let mut work = env.store.begin_read().await?;
    match (Email::parse(name), Username::parse(name)) {
        (Ok(email), _) => work.users().find_by_email(&email).await,
        (Err(_), Ok(username)) => work.users().find_by_username(&username).await,
        (Err(_), Err(_)) => Ok(None),
    }
}
