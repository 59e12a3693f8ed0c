use std::time::Duration;

use varco_domain::{OrganizationId, RedirectUri, SsoProvider, Timestamp, UserStatus};

use super::seal::{Expected, seal_expected};
use super::{SsoError, failed};
use crate::credentials::CredentialError;
use crate::retry::retry;
use crate::sign_in::{Origin, SignInError, Way, let_in};
use crate::storage::{LinkPurpose, SsoRequest, StorageError, ThrottleKey, UnitOfWork};
use crate::{Environment, PlainSecret, SecretDigest, SsoChallenge};

/// How long a browser may be on its way.
const REQUEST_TTL: Duration = Duration::from_mins(10);

/// A browser to send to a provider.
#[derive(Clone, Debug)]
pub struct BeginSso {
    /// Whose provider.
    pub whose: Whose,
    /// Where the provider sends the browser back to.
    pub redirect_uri: RedirectUri,
    /// From where.
    pub origin: Origin,
}

/// Whose provider a browser is sent to.
#[derive(Clone, Debug)]
pub enum Whose {
    /// That of an organization, to sign in.
    Organization(OrganizationId),
    /// That of the home of whom an activation link was mailed to, to activate the account.
    Invited {
        /// Of the link.
        unverified_token: PlainSecret,
        /// Which that is, if the caller knows.
        organization: Option<OrganizationId>,
    },
}

/// A browser on its way.
#[derive(Clone, Debug)]
pub struct SsoBegun {
    /// Where to send it.
    pub authorization_url: PlainSecret,
    /// What it will bring back, for who sent it to compare.
    pub state: PlainSecret,
    /// How long it may take.
    pub expires_in: Duration,
}

/// Prepares to send a browser to a provider. Its activation link, if it has one, is noted here, so that
/// nobody can make it another's on the way back.
///
/// Invariant: the call is counted whatever comes of it.
pub async fn begin_sso(env: &Environment, command: &BeginSso) -> Result<SsoBegun, SsoError> {
    let_in(env, Way::Sso, command.origin.source).await?;
    retry(SsoError::has_lost, || count_call(env, &command.origin)).await?;
    let (provider, link) = look_up(env, command).await?;
    let random = || env.secrets.generate_sso_secret();
    let challenge = SsoChallenge { state: random(), nonce: random(), verifier: random() };
    let now = env.clock.now();
    let url = env.sso.authorization_url(&provider, &command.redirect_uri, &challenge, now).await;
    let url = url.map_err(|failure| failed(provider.organization, failure))?;
    let SsoChallenge { state, nonce, verifier } = challenge;
    let digest = env.secrets.digest(state.expose());
    let request = SsoRequest {
        state: digest,
        organization: provider.organization,
        redirect_uri: command.redirect_uri.clone(),
        sealed_expected: seal_expected(env, &digest, &provider, &Expected { nonce, verifier }),
        link,
        expires_at: now.plus(REQUEST_TTL),
    };
    retry(StorageError::is_contention, || store(env, &request, now)).await?;
    Ok(SsoBegun { authorization_url: PlainSecret::new(url), state, expires_in: REQUEST_TTL })
}

async fn store(env: &Environment, request: &SsoRequest, now: Timestamp) -> Result<(), StorageError> {
    let mut work = env.store.begin().await?;
    work.sso().insert_request(request, now).await?;
    work.commit().await
}

async fn look_up(env: &Environment, command: &BeginSso) -> Result<(SsoProvider, Option<SecretDigest>), SsoError> {
    let mut work = env.store.begin_read().await?;
    let (organization, link) = match &command.whose {
        Whose::Organization(organization) => (*organization, None),
        Whose::Invited { unverified_token, organization } => {
            let link = env.secrets.digest(unverified_token.expose());
            let home = home_of_invited(env, work.as_mut(), &link).await?;
            if organization.is_some_and(|named| named != home) {
                return Err(CredentialError::LinkInvalid.into());
            }
            (home, Some(link))
        }
    };
    let stored = work.sso().find_provider(organization).await?.ok_or(SsoError::ProviderNotFound)?;
    if !stored.provider.redirect_uris.contains(&command.redirect_uri) {
        return Err(SsoError::RedirectUriUnknown);
    }
    Ok((stored.provider, link))
}

async fn count_call(env: &Environment, origin: &Origin) -> Result<(), SsoError> {
    let mut work = env.store.begin().await?;
    count(env, work.as_mut(), origin).await?;
    Ok(work.commit().await?)
}

/// Counts one more of a source, like a try to sign in: each makes us store something or ask a provider.
pub(super) async fn count(env: &Environment, work: &mut dyn UnitOfWork, origin: &Origin) -> Result<(), SsoError> {
    let (key, now) = (ThrottleKey::Source(origin.source.to_string()), env.clock.now());
    let counted = work.sign_ins().count_try(&key, now).await?;
    counted.map(drop).map_err(|early| SignInError::TooManyAttempts { wait: early.wait }.into())
}

async fn home_of_invited(
    env: &Environment,
    work: &mut dyn UnitOfWork,
    link: &SecretDigest,
) -> Result<OrganizationId, SsoError> {
    let link = work.credentials().find_link(link, LinkPurpose::Activation, env.clock.now()).await?;
    let user = match link {
        Some(link) => work.users().find_account(link.user).await?,
        None => None,
    };
    let invited = user.filter(|user| user.status == UserStatus::Invited).ok_or(CredentialError::LinkInvalid)?;
    Ok(invited.home)
}
