use varco_domain::{OrganizationId, Shown, SignInRefusal, Step};

use super::admission::Way;
use super::let_in::take_place;
use super::origin::Origin;
use super::proceed::{Conversation, proceed};
use super::prove::Proved;
use super::refuse::{keep, refuse};
use super::try_challenge::{Tried, give_back, try_challenge};
use super::{Answered, SignInError};
use crate::credentials::choose_password;
use crate::retry::retry;
use crate::{Environment, PasswordHash, PlainSecret, SecretDigest, Verified};

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

/// Goes on with a sign-in. What lost against other writers is tried again here: to come back would be
/// another try.
pub async fn continue_sign_in(env: &Environment, command: &ContinueSignIn) -> Result<Answered, SignInError> {
    let _place = take_place(env, Way::Continue, command.origin.source).await?;
    let digest = env.secrets.digest(command.unverified_challenge.expose());
    let tried = retry(SignInError::has_lost, || try_challenge(env, &digest, &command.origin)).await?;
    let answered = match tried.prove(env, digest, command).await {
        Ok(proof) => retry(SignInError::has_lost, || go_on(env, command, &tried, &proof)).await,
        // It was looked at, and only the refusal could not be kept.
        Err(error) if error.has_lost() => return Err(error),
        Err(error) => Err(error),
    };
    if answered.as_ref().is_err_and(SignInError::is_no_try) {
        give_back(env, &digest, &tried.challenge).await?;
    }
    answered
}

async fn go_on(
    env: &Environment,
    command: &ContinueSignIn,
    tried: &Tried,
    proof: &Proved,
) -> Result<Answered, SignInError> {
    let mut shown: Shown = tried.challenge.shown.clone();
    match &command.answer {
        Answer::NewPassword(_) => {}
        Answer::Pin(_) => shown.pin = true,
        Answer::Organization(organization) => shown.organization = Some(*organization),
    }
    let (has_pin, replaced) = (tried.pin.is_some(), tried.replaced.as_ref());
    let conversation = Conversation { account: &tried.account, has_pin, shown, origin: &command.origin, replaced };
    proceed(env, &conversation, proof).await
}

impl Tried {
    /// Holds the answer against what is stored, with nothing open.
    async fn prove(
        &self,
        env: &Environment,
        challenge: SecretDigest,
        command: &ContinueSignIn,
    ) -> Result<Proved, SignInError> {
        let refusal = match (self.challenge.step, &command.answer) {
            (Step::NewPassword, Answer::NewPassword(password)) => match &self.password {
                Some(stored) => return self.new_password(env, challenge, stored.hash.clone(), password).await,
                None => SignInRefusal::NoPassword,
            },
            (Step::Pin, Answer::Pin(pin)) => match self.pin(env, challenge, pin).await? {
                Some(proof) => return Ok(proof),
                None => SignInRefusal::WrongPin,
            },
            (Step::Organization, Answer::Organization(organization)) => {
                if self.account.doors.iter().any(|door| door.door.organization == *organization) {
                    return Ok(Proved::Organization { challenge });
                }
                keep(env, &self.account, SignInRefusal::NoAccess, &command.origin).await?;
                return Err(SignInError::OrganizationNotFound);
            }
            // Not what was asked for.
            (Step::NewPassword, _) => SignInRefusal::WrongPassword,
            (Step::Pin, _) => SignInRefusal::WrongPin,
            (Step::Organization, _) => SignInRefusal::NoAccess,
        };
        refuse(env, Some(&self.account), refusal, &command.origin).await
    }

    async fn new_password(
        &self,
        env: &Environment,
        challenge: SecretDigest,
        current: PasswordHash,
        chosen: &PlainSecret,
    ) -> Result<Proved, SignInError> {
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
