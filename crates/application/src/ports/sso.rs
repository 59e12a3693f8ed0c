//! The port to the providers of single sign-on.

use async_trait::async_trait;
use varco_domain::{ExternalIdentity, RedirectUri, SsoProvider, Timestamp};

use super::PlainSecret;

/// Talks to providers as OpenID Connect has it: authorization code with PKCE.
///
/// A provider is somebody else's program: it may be slow, wrong or hostile. What it answers is bounded
/// in time and size, and it proves nothing that is not signed by its own keys for us and for this
/// very request.
#[async_trait]
pub trait SsoClient: Send + Sync {
    /// Gives the address to send a browser to, which asks the provider who sits there.
    async fn authorization_url(
        &self,
        provider: &SsoProvider,
        redirect_uri: &RedirectUri,
        challenge: &SsoChallenge,
        now: Timestamp,
    ) -> Result<String, SsoFailure>;

    /// Exchanges the code that the browser brought back for who sits there.
    async fn identify(&self, answer: &SsoAnswer<'_>, now: Timestamp) -> Result<ExternalIdentity, SsoFailure>;
}

/// What makes one request unlike any other. Each is 256 random bits in letters that need no escape.
#[derive(Clone, Debug)]
pub struct SsoChallenge {
    /// Comes back with the browser.
    pub state: PlainSecret,
    /// Comes back in what the provider signs.
    pub nonce: PlainSecret,
    /// Proves that whoever exchanges the code also asked for it; the browser carries its digest alone.
    pub verifier: PlainSecret,
}

/// What the browser brought back, and what it must fit.
#[derive(Clone, Debug)]
pub struct SsoAnswer<'a> {
    /// Who answered.
    pub provider: &'a SsoProvider,
    /// Our secret there.
    pub secret: &'a PlainSecret,
    /// Where the browser came back to.
    pub redirect_uri: &'a RedirectUri,
    /// What the browser was sent with.
    pub nonce: &'a PlainSecret,
    /// What the browser was sent with.
    pub verifier: &'a PlainSecret,
    /// What it brought back.
    pub unverified_code: &'a PlainSecret,
}

/// Why a provider did not help. The texts are fixed: nothing of what it said gets into a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SsoFailure {
    /// It cannot be talked to now. Another time it may.
    #[error("the provider does not answer as it should: {0}")]
    Unavailable(&'static str),
    /// It said no, or what it said proves nothing.
    #[error("the provider proves nothing: {0}")]
    Refused(&'static str),
}
