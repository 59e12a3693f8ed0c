//! Single sign-on: where an organization's users prove who they are, and who they are there.

mod address;

pub use address::{AddressError, RedirectUri, SsoIssuer};

use crate::OrganizationId;

/// The provider by which users of an organization sign in (OpenID Connect). Its secret is kept apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SsoProvider {
    /// Whose users.
    pub organization: OrganizationId,
    /// Names the provider, and is where it is asked about itself.
    pub issuer: SsoIssuer,
    /// As what the provider knows us.
    pub client_id: SsoClientId,
    /// Where a browser may be sent back to.
    pub redirect_uris: Vec<RedirectUri>,
}

impl SsoProvider {
    /// How many places a browser may be sent back to.
    pub const MAX_REDIRECT_URIS: usize = 10;
}

/// Why a text is none of a provider's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to {} visible ASCII characters without spaces", MAX_NAME_BYTES)]
pub struct SsoNameError;

/// As OpenID Connect limits subjects.
const MAX_NAME_BYTES: usize = 255;

fn parse_name(text: &str) -> Result<String, SsoNameError> {
    let is_name = (1..=MAX_NAME_BYTES).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    if is_name { Ok(text.to_owned()) } else { Err(SsoNameError) }
}

/// As what a provider knows us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SsoClientId(String);

impl SsoClientId {
    /// Reads one.
    pub fn parse(text: &str) -> Result<Self, SsoNameError> {
        parse_name(text).map(Self)
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Who somebody is for a provider, which never gives the name to anybody else. Compared byte by byte.
#[derive(Clone, PartialEq, Eq)]
pub struct ExternalIdentity {
    /// The provider.
    pub issuer: SsoIssuer,
    subject: String,
}

impl ExternalIdentity {
    /// Takes what a provider calls somebody. Never empty: two people without a name would be one.
    pub fn parse(issuer: SsoIssuer, subject: &str) -> Result<Self, SsoNameError> {
        Ok(Self { issuer, subject: parse_name(subject)? })
    }

    /// What the provider calls the person.
    pub fn subject(&self) -> &str {
        &self.subject
    }
}

impl std::fmt::Debug for ExternalIdentity {
    /// Without the subject: it is somebody's personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ExternalIdentity").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_never_empty_or_endless() {
        let issuer = SsoIssuer::parse("https://idp.example").unwrap();
        let parsed = |subject: &str| ExternalIdentity::parse(issuer.clone(), subject);

        assert!(parsed("248289761001").is_ok() && parsed(&"a".repeat(255)).is_ok());
        for subject in ["", " ", "two words", "caff\u{e8}", "a\n", &"a".repeat(256)] {
            assert_eq!(parsed(subject), Err(SsoNameError), "{subject:?}");
        }
    }

    #[test]
    fn subjects_differ_by_case_and_by_issuer() {
        let identity =
            |issuer: &str, subject| ExternalIdentity::parse(SsoIssuer::parse(issuer).unwrap(), subject).unwrap();

        assert_ne!(identity("https://idp.example", "a"), identity("https://idp.example", "A"));
        assert_ne!(identity("https://idp.example", "a"), identity("https://idp.example/", "a"));
    }
}
