use std::sync::Arc;
use std::time::Duration;

use tracing::Instrument;
use varco_domain::{EventKind, UserStatus};

use super::CredentialError;
use super::link::new_link;
use super::may_have_password::may_have_password;
use crate::mails::{MailContent, NewMail, enqueue};
use crate::retry::retry;
use crate::sign_in::{Origin, SignInError, Source, Way, let_in};
use crate::storage::{LinkPurpose, SignInName, StorageError, ThrottleKey};
use crate::users::lock_account;
use crate::write::{Change, Write};
use crate::{Caller, Environment, Mode};

/// How long a link to choose a password works.
const LINK_TTL: Duration = Duration::from_mins(10);

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
    let is_admitted = is_admitted(env, origin.source).await?;
    let requested =
        || RequestedReset { env: Arc::clone(env), caller: origin.caller(), name: username_or_email.to_owned() };
    Ok(is_admitted.then(requested))
}

/// Counts the call whether it is for somebody or not, so that it costs storage the same. What a source
/// has in memory keeps a flood away from there.
async fn is_admitted(env: &Environment, source: Source) -> Result<bool, StorageError> {
    match let_in(env, Way::Recover, source).await {
        Err(SignInError::Storage(error)) => Err(error),
        Err(_) => Ok(false),
        Ok(()) => retry(StorageError::is_contention, || count(env, source)).await,
    }
}

async fn count(env: &Environment, source: Source) -> Result<bool, StorageError> {
    let mut work = env.store.begin().await?;
    let counted = work.sign_ins().count_try(&ThrottleKey::LinksFrom(source.to_string()), env.clock.now()).await?;
    work.commit().await?;
    Ok(counted.is_ok())
}

impl RequestedReset {
    /// Mails the link if there is such a user, who may have a password. To be done when the answer
    /// has gone out.
    pub async fn mail(self) {
        let span = tracing::info_span!("password_reset", request.id = self.caller.request_id);
        self.mail_patiently().instrument(span).await;
    }

    async fn mail_patiently(self) {
        match retry(CredentialError::has_lost, || mail_link(&self.env, &self.caller, &self.name)).await {
            // It is done, or the account went since it was found.
            Ok(()) | Err(CredentialError::User(_)) => {}
            Err(error) => tracing::error!(%error, "a password reset was not mailed"),
        }
    }
}

async fn mail_link(env: &Environment, caller: &Caller, name: &str) -> Result<(), CredentialError> {
    let mut work = env.store.begin_read().await?;
    let found = work.sign_ins().find_account(&SignInName::parse(name), env.clock.now()).await?;
    drop(work);
    let Some(found) = found else { return Ok(()) };
    let mut write = Write::begin(env, caller).await?;
    let user = lock_account(&mut write, found.home, found.user).await?.user;
    if user.status != UserStatus::Active || !may_have_password(&mut write, &user).await? {
        return Ok(());
    }
    let now = write.now();
    if write.work().sign_ins().count_try(&ThrottleKey::LinksTo(user.id), now).await?.is_err() {
        return Ok(());
    }
    let (token, expires_at) = new_link(&mut write, env, user.id, LinkPurpose::PasswordReset, LINK_TTL).await?;
    write.record(EventKind::UserPasswordResetRequested, Some(user.home), &[("user", &user.id)], Change::default());
    let content = MailContent::PasswordReset { token, expires_at };
    enqueue(&mut write, env, &NewMail { organization: user.home, user: &user, content }).await?;
    write.finish(Mode::Execute).await?;
    Ok(())
}
