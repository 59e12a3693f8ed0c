use varco_domain::{Organization, OrganizationId, Session, SignInRefusal, Step, User, UserStatus};

use super::admission::Way;
use super::origin::Origin;
use super::proceed::{Conversation, proceed};
use super::prove::Proved;
use super::refuse::refuse;
use super::{Answered, SignInError};
use crate::credentials::choose_password;
use crate::storage::{Challenge, SignInAccount, StoredPassword, StoredPin, ThrottleKey};
use crate::{Environment, PlainSecret, SecretDigest, Verified};

/// How often one step may be tried: a PIN could be guessed, a chosen password only be too weak.
const MAX_PIN_TRIES: u32 = 5;
const MAX_TRIES: u32 = 20;

/// The next step of a sign-in.
#[derive(Clone, Debug)]
pub struct ContinueSignIn {
    /// As the step before gave it.
    pub unverified_challenge: PlainSecret,
    /// What was asked for.
    pub answer: Answer,
    /// From where.
    pub origin: Origin,
}

/// What a step gives.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A password, chosen just now.
    NewPassword(PlainSecret),
    /// The PIN, as the user says.
    Pin(PlainSecret),
    /// Where to.
    Organization(OrganizationId),
}

/// Goes on with a sign-in.
pub async fn continue_sign_in(env: &Environment, command: &ContinueSignIn) -> Result<Answered, SignInError> {
    let _place = env.sign_ins.enter(Way::Continue, command.origin.source, env.clock.now())?;
    let digest = env.secrets.digest(command.unverified_challenge.expose());
    let tried = try_challenge(env, &digest).await?;
    let mut shown = tried.challenge.shown.clone();
    let proof = match (tried.challenge.step, &command.answer) {
        (Step::NewPassword, Answer::NewPassword(password)) => tried.new_password(env, digest, password).await?,
        (Step::Pin, Answer::Pin(pin)) => {
            let Some(proof) = tried.pin(env, digest, pin).await? else {
                return refuse(env, Some(&tried.account), SignInRefusal::WrongPin, &command.origin).await;
            };
            shown.pin = true;
            proof
        }
        (Step::Organization, Answer::Organization(organization)) => {
            let is_open = tried.account.doors.iter().any(|door| door.door.organization == *organization);
            if !is_open {
                return Err(SignInError::OrganizationNotFound);
            }
            shown.organization = Some(*organization);
            Proved::Organization { challenge: digest }
        }
        // Not what was asked for.
        _ => return Err(SignInError::Refused),
    };
    let has_pin = tried.pin.is_some();
    let replaced = tried.replaced.as_ref();
    let conversation = Conversation { account: &tried.account, has_pin, shown, origin: &command.origin, replaced };
    proceed(env, conversation, proof).await
}

/// A step that was counted as tried and may be verified.
struct Tried {
    challenge: Challenge,
    account: SignInAccount,
    user: User,
    home: Organization,
    password: Option<StoredPassword>,
    pin: Option<StoredPin>,
    replaced: Option<Session>,
}

/// Tries at a PIN are counted for the challenge and for the account: whoever can have new challenges
/// must not have new tries with them.
///
/// Invariant: the counts are durable before anything is verified, on whatever replica.
async fn try_challenge(env: &Environment, digest: &SecretDigest) -> Result<Tried, SignInError> {
    let mut work = env.store.begin().await?;
    let now = env.clock.now();
    let challenge = work.sign_ins().try_challenge(digest, now).await?.ok_or(SignInError::Refused)?;
    let limit = if challenge.step == Step::Pin { MAX_PIN_TRIES } else { MAX_TRIES };
    if challenge.attempts > limit {
        work.sign_ins().take_challenge(digest, now).await?;
        work.commit().await?;
        return Err(SignInError::Refused);
    }
    if challenge.step == Step::Pin
        && let Err(early) = work.sign_ins().count_try(&ThrottleKey::Pin(challenge.user), now).await?
    {
        work.commit().await?;
        return Err(SignInError::TooManyAttempts { wait: early.wait });
    }
    let account = work.sign_ins().account(challenge.user, now).await?.ok_or(SignInError::Refused)?;
    let user = work.users().find_account(challenge.user).await?.ok_or(SignInError::Refused)?;
    if user.status != UserStatus::Active {
        return Err(SignInError::Refused);
    }
    let home = work.organizations().find(user.home).await?.ok_or(SignInError::Refused)?;
    let password = work.credentials().find_password(user.id).await?;
    let pin = work.credentials().find_pin(user.id).await?;
    let replaced = match challenge.replaced {
        Some(session) => Some(work.sessions().find(session, now).await?.ok_or(SignInError::Refused)?),
        None => None,
    };
    work.commit().await?;
    Ok(Tried { challenge, account, user, home, password, pin, replaced })
}

impl Tried {
    async fn new_password(
        &self,
        env: &Environment,
        challenge: SecretDigest,
        chosen: &PlainSecret,
    ) -> Result<Proved, SignInError> {
        let current = self.password.as_ref().ok_or(SignInError::Refused)?.hash.clone();
        let chosen = choose_password(env, &self.user, &self.home, chosen, Some(&current)).await?;
        Ok(Proved::NewPassword { challenge, current, chosen })
    }

    async fn pin(
        &self,
        env: &Environment,
        challenge: SecretDigest,
        presented: &PlainSecret,
    ) -> Result<Option<Proved>, SignInError> {
        let stored = self.pin.as_ref().map(|pin| pin.hash.clone());
        let verified = env.password_hasher.verify(stored.clone(), presented.clone()).await?;
        Ok(stored.filter(|_| verified != Verified::No).map(|pin| Proved::Pin { challenge, pin }))
    }
}
