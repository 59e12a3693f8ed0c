use std::time::Duration;

use varco_domain::{
    Demands, Organization, OrganizationId, Progress, Session, Shown, SignInRefusal, Step, User, UserStatus,
};

use super::begin_session::{Beginning, begin_session};
use super::origin::Origin;
use super::prove::Proved;
use super::refuse::refuse;
use super::{Answered, NextStep, SignInError};
use crate::Environment;
use crate::credentials::NewPin;
use crate::storage::{Challenge, SignInAccount, StorageError};
use crate::write::Write;

/// How long a sign-in waits for its next step.
const CHALLENGE_TTL: Duration = Duration::from_mins(10);

/// Where a sign-in stands, as it was read before something was verified.
pub(super) struct Conversation<'a> {
    /// Who signs in.
    pub(super) account: &'a SignInAccount,
    /// Whether it has a PIN.
    pub(super) has_pin: bool,
    /// What was shown, with this step.
    pub(super) shown: Shown,
    /// From where.
    pub(super) origin: &'a Origin,
    /// The session in whose place another begins; `None` for a sign-in.
    pub(super) replaced: Option<&'a Session>,
}

impl Conversation<'_> {
    /// The organization that is entered if nothing more is needed.
    fn target(&self) -> Option<OrganizationId> {
        let only = match self.account.doors.as_slice() {
            [only] => Some(only.door.organization),
            _ => None,
        };
        self.shown.organization.or(only)
    }

    /// Whether a PIN may be asked for that the user does not have.
    fn lacks_pin(&self, home: &Organization) -> bool {
        let is_demanded = home.policies.pin_required || self.account.doors.iter().any(|door| door.door.pin);
        is_demanded && !self.has_pin && !self.shown.pin
    }
}

/// Takes a step that was proved: a session begins, or the next step is asked for.
pub(super) async fn proceed(
    env: &Environment,
    conversation: &Conversation<'_>,
    proof: &Proved,
) -> Result<Answered, SignInError> {
    let account = conversation.account;
    let home = env.store.begin_read().await?.organizations().find(account.home).await?.ok_or(SignInError::Refused)?;
    let new_pin = if conversation.lacks_pin(&home) { Some(NewPin::generate(env).await?) } else { None };
    match take_step(env, conversation, proof, new_pin).await? {
        Taken::Answered(answered) => Ok(answered),
        Taken::Refused(refusal) => refuse(env, Some(account), refusal, conversation.origin).await,
    }
}

enum Taken {
    Answered(Answered),
    Refused(SignInRefusal),
}

async fn take_step(
    env: &Environment,
    conversation: &Conversation<'_>,
    proof: &Proved,
    new_pin: Option<NewPin>,
) -> Result<Taken, SignInError> {
    let (origin, shown, target) = (conversation.origin, &conversation.shown, conversation.target());
    let caller = origin.caller();
    let mut write = Write::begin(env, &caller).await?;
    let home = conversation.account.home;
    let locked = write.lock_all([home].into_iter().chain(target)).await?;
    let now = write.now();
    let account = write.work().sign_ins().account(conversation.account.user, now).await?;
    let user = write.work().users().find_account(conversation.account.user).await?;
    // What went or was stopped while something was verified lets nobody in. With an account go its
    // refusals.
    let (Some(account), Some(user)) = (account, user) else { return Err(SignInError::Refused) };
    if user.status != UserStatus::Active {
        return Ok(Taken::Refused(SignInRefusal::Suspended));
    }
    write.act_as(&user);
    if let Err(refusal) = proof.accept(&mut write, env, &user).await? {
        return Ok(Taken::Refused(refusal));
    }
    // One that was ended meanwhile lets nobody go on in its place.
    if let Some(replaced) = conversation.replaced
        && write.work().sessions().find(replaced.id, now).await?.is_none()
    {
        return Ok(Taken::Refused(SignInRefusal::NoAccess));
    }
    let organization = |id: OrganizationId| locked.iter().find(|it| it.id == id).ok_or(StorageError::Contention);
    let mut demands = demands(&mut write, &user, organization(home)?, &account).await?;
    demands.new_password &= proof.is_password();
    match demands.progress(shown) {
        Progress::Nowhere => Ok(Taken::Refused(SignInRefusal::NoAccess)),
        Progress::Done(entered) => {
            let beginning = Beginning { user: &user, organization: organization(entered)?, conversation };
            let session = begin_session(write, env, &beginning).await?;
            Ok(Taken::Answered(Answered::Session(Box::new(session))))
        }
        Progress::Next(step) => {
            if step == Step::Pin {
                have_pin(&mut write, env, &user, new_pin).await?;
            }
            let next = ask(write, env, account, step, conversation).await?;
            Ok(Taken::Answered(Answered::Next(next)))
        }
    }
}

async fn demands(
    write: &mut Write<'_>,
    user: &User,
    home: &Organization,
    account: &SignInAccount,
) -> Result<Demands, StorageError> {
    let now = write.now();
    let password = write.work().credentials().find_password(user.id).await?;
    let is_old = |changed_at: varco_domain::Timestamp| {
        home.policies.max_password_age.is_some_and(|age| changed_at.plus(age) <= now)
    };
    Ok(Demands {
        new_password: password.is_some_and(|password| password.must_change || is_old(password.changed_at)),
        pin: home.policies.pin_required,
        doors: account.doors.iter().map(|door| door.door).collect(),
    })
}

/// Whoever is asked for a PIN and never got one is mailed one now.
async fn have_pin(
    write: &mut Write<'_>,
    env: &Environment,
    user: &User,
    new_pin: Option<NewPin>,
) -> Result<(), StorageError> {
    if write.work().credentials().find_pin(user.id).await?.is_some() {
        return Ok(());
    }
    let new_pin = new_pin.ok_or(StorageError::Contention)?;
    new_pin.give(write, env, user, user.home).await
}

async fn ask(
    mut write: Write<'_>,
    env: &Environment,
    account: SignInAccount,
    step: Step,
    conversation: &Conversation<'_>,
) -> Result<NextStep, StorageError> {
    let token = env.secrets.generate_challenge_token();
    let expires_at = write.now().plus(CHALLENGE_TTL);
    let (shown, replaced) = (conversation.shown.clone(), conversation.replaced.map(|session| session.id));
    let challenge = Challenge { user: account.user, step, shown, replaced, expires_at, attempts: 0 };
    write.work().sign_ins().insert_challenge(&env.secrets.digest(token.expose()), &challenge).await?;
    write.finish_always().await?;
    let doors = if step == Step::Organization { account.doors } else { Vec::new() };
    Ok(NextStep { step, challenge: token, expires_in: CHALLENGE_TTL, doors })
}
