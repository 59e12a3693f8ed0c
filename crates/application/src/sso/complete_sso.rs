use varco_domain::{ExternalIdentity, OrganizationId, SignInRefusal, UserId};

use super::activate::activate;
use super::begin_sso::count;
use super::seal::{open_expected, open_secret};
use super::vouched::Vouched;
use super::{SsoError, failed};
use crate::retry::retry;
use crate::sign_in::{About, Answered, Origin, SignInError, Way, enter, keep_refusal, let_in};
use crate::storage::{SsoRequest, StorageError, StoredSsoProvider};
use crate::{Environment, PlainSecret, SsoAnswer};

/// No provider gives longer codes.
const MAX_CODE_BYTES: usize = 4096;

/// A browser that came back from a provider.
#[derive(Clone, Debug)]
pub struct CompleteSso {
    /// What it was sent with.
    pub unverified_state: PlainSecret,
    /// What it got.
    pub unverified_code: PlainSecret,
    /// Who gave it, if the answer says so (RFC 9207).
    pub unverified_issuer: Option<String>,
    /// From where.
    pub origin: Origin,
}

/// Signs in whom the provider names, or first activates the account that the browser was sent for.
///
/// Invariant: the state is used up before the provider is asked, so nothing is asked or answered twice.
/// What comes after is tried again here where it lost against other writers: the caller cannot.
pub async fn complete_sso(env: &Environment, command: &CompleteSso) -> Result<Answered, SsoError> {
    let_in(env, Way::Sso, command.origin.source).await?;
    let request = retry(SsoError::has_lost, || take(env, command)).await?;
    let (request, stored) = request.ok_or(SsoError::Refused)?;
    let organization = request.organization;
    let Some(stored) = stored else {
        return refuse(env, command, organization, SignInRefusal::ProviderRefused).await;
    };
    let identity = match identify(env, command, &request, &stored).await {
        Err(SsoError::Refused) => return refuse(env, command, organization, SignInRefusal::ProviderRefused).await,
        identified => identified?,
    };
    let vouched = Vouched { by: stored, identity };
    let found = match &request.link {
        Some(link) => match retry(SsoError::has_lost, || activate(env, &command.origin, link, &vouched)).await {
            Err(SsoError::Refused) => return refuse(env, command, organization, SignInRefusal::ProviderRefused).await,
            activated => Some(activated?),
        },
        None => find_user(env, &vouched).await?,
    };
    let Some(user) = found else {
        return refuse(env, command, organization, SignInRefusal::UnknownIdentity).await;
    };
    Ok(retry(SignInError::has_lost, || enter(env, user, &vouched, &command.origin)).await?)
}

/// Uses up the state. Gives what it stands for, with the provider unless that is gone.
async fn take(
    env: &Environment,
    command: &CompleteSso,
) -> Result<Option<(SsoRequest, Option<StoredSsoProvider>)>, SsoError> {
    let state = env.secrets.digest(command.unverified_state.expose());
    let mut work = env.store.begin().await?;
    count(env, work.as_mut(), &command.origin).await?;
    let taken = work.sso().take_request(&state, env.clock.now()).await?;
    let provider = match &taken {
        Some(request) => work.sso().find_provider(request.organization).await?,
        None => None,
    };
    work.commit().await?;
    Ok(taken.map(|request| (request, provider)))
}

/// Asks the provider who sits at the browser, with nothing open.
async fn identify(
    env: &Environment,
    command: &CompleteSso,
    request: &SsoRequest,
    stored: &StoredSsoProvider,
) -> Result<ExternalIdentity, SsoError> {
    let (provider, organization) = (&stored.provider, request.organization);
    let is_other = |issuer: &String| issuer != provider.issuer.as_str();
    if command.unverified_issuer.as_ref().is_some_and(is_other) || !is_code(&command.unverified_code) {
        return Err(SsoError::Refused);
    }
    // What cannot be opened was sealed by another installation: then nothing is there to use.
    let secret = open_secret(env, organization, &stored.sealed_secret).ok_or(SsoError::ProviderUnavailable)?;
    let expected = open_expected(env, request, provider).ok_or(SsoError::Refused)?;
    let answer = SsoAnswer {
        provider,
        secret: &secret,
        redirect_uri: &request.redirect_uri,
        nonce: &expected.nonce,
        verifier: &expected.verifier,
        unverified_code: &command.unverified_code,
    };
    let identified = env.sso.identify(&answer, env.clock.now()).await;
    identified.map_err(|failure| failed(organization, failure))
}

fn is_code(code: &PlainSecret) -> bool {
    (1..=MAX_CODE_BYTES).contains(&code.expose().len())
}

/// The account that somebody at the provider is linked to, if it lives in the organization.
async fn find_user(env: &Environment, vouched: &Vouched) -> Result<Option<UserId>, StorageError> {
    let mut work = env.store.begin_read().await?;
    let Some(user) = work.sso().find_user(&vouched.identity).await? else { return Ok(None) };
    let account = work.users().find_account(user).await?;
    Ok(account.filter(|account| account.home == vouched.organization()).map(|account| account.id))
}

/// Keeps for administrators why it was refused, and refuses it.
async fn refuse<T>(
    env: &Environment,
    command: &CompleteSso,
    organization: OrganizationId,
    refusal: SignInRefusal,
) -> Result<T, SsoError> {
    let about = About { user: None, home: Some(organization) };
    retry(StorageError::is_contention, || keep_refusal(env, about, refusal, &command.origin)).await?;
    Err(SsoError::Refused)
}
