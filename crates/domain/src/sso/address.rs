use std::fmt;

use url::{Host, Url};

/// Why a text is no issuer or redirect URI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Longer than any address is.
    #[error("must be 1 to {} characters", MAX_BYTES)]
    Length,
    /// No address, or with characters that programs read in different ways.
    #[error("must be an absolute URL of visible ASCII characters without backslashes")]
    Malformed,
    /// What it says could be read or changed on the way.
    #[error("must begin with https://, or with http:// and name this machine (localhost, 127.0.0.1 or [::1])")]
    Unprotected,
    /// A name or a password before the host.
    #[error("must not hold a user name or a password")]
    Credentials,
    /// A query where none may be.
    #[error("must have no query (`?`)")]
    Query,
    /// A fragment.
    #[error("must have no fragment (`#`)")]
    Fragment,
}

const MAX_BYTES: usize = 1000;

/// Reads an address that is protected on its way. What `Url` would silently mend is refused.
fn parse(text: &str) -> Result<Url, AddressError> {
    if !(1..=MAX_BYTES).contains(&text.len()) {
        return Err(AddressError::Length);
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\') {
        return Err(AddressError::Malformed);
    }
    let url = Url::parse(text).map_err(|_| AddressError::Malformed)?;
    let is_protected = match url.scheme() {
        "https" => url.has_host() && text.starts_with("https://"),
        "http" => is_loopback(&url) && text.starts_with("http://"),
        _ => false,
    };
    if !is_protected {
        return Err(AddressError::Unprotected);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(AddressError::Credentials);
    }
    if url.fragment().is_some() {
        return Err(AddressError::Fragment);
    }
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Names an OpenID provider: its address, kept and compared as it is written.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct SsoIssuer {
    text: String,
    is_loopback: bool,
}

impl SsoIssuer {
    /// Reads an issuer.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let url = parse(text)?;
        if url.query().is_some() {
            return Err(AddressError::Query);
        }
        Ok(Self { text: text.to_owned(), is_loopback: is_loopback(&url) && url.scheme() == "http" })
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it is reached on this machine, without encryption.
    pub fn is_loopback(&self) -> bool {
        self.is_loopback
    }
}

impl fmt::Debug for SsoIssuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Where a provider sends the browser back to, kept and compared as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedirectUri(String);

impl RedirectUri {
    /// Reads a redirect URI.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        parse(text).map(|_| Self(text.to_owned()))
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_protected_on_its_way_or_goes_nowhere() {
        for text in
            ["https://idp.example", "https://idp.example/tenant/", "http://localhost:8080", "http://127.0.0.1:1/a"]
        {
            assert_eq!(SsoIssuer::parse(text).unwrap().as_str(), text);
        }
        assert!(SsoIssuer::parse("http://[::1]:8080").is_ok());
        for text in ["http://idp.example", "http://localhost.example", "http://127.0.0.1.example", "http://10.0.0.1"] {
            assert_eq!(SsoIssuer::parse(text), Err(AddressError::Unprotected), "{text}");
        }
        for text in ["ftp://idp.example", "file:///etc/passwd", "javascript:alert(1)", "HTTPS://idp.example"] {
            assert_eq!(SsoIssuer::parse(text), Err(AddressError::Unprotected), "{text}");
        }
    }

    #[test]
    fn what_programs_read_in_different_ways_is_refused() {
        let malformed =
            ["idp.example", "//idp.example", "https:", "https://", "https://idp.example\\@evil.example", "https://a b"];
        for text in malformed {
            assert_eq!(RedirectUri::parse(text), Err(AddressError::Malformed), "{text}");
        }
        for text in ["https://idp.example/\n", "\thttps://idp.example", "https://caff\u{e8}.example"] {
            assert_eq!(RedirectUri::parse(text), Err(AddressError::Malformed), "{text:?}");
        }
        assert_eq!(RedirectUri::parse("https:/idp.example"), Err(AddressError::Unprotected));
        assert_eq!(RedirectUri::parse("https://idp.example@evil.example"), Err(AddressError::Credentials));
        assert_eq!(RedirectUri::parse(""), Err(AddressError::Length));
        assert_eq!(RedirectUri::parse(&format!("https://{}", "a".repeat(1000))), Err(AddressError::Length));
    }

    #[test]
    fn only_a_redirect_uri_has_a_query_and_neither_a_fragment() {
        assert!(RedirectUri::parse("https://app.example/callback?tenant=1").is_ok());
        assert_eq!(SsoIssuer::parse("https://idp.example?tenant=1"), Err(AddressError::Query));
        for text in ["https://app.example/#", "https://app.example/#token"] {
            assert_eq!(RedirectUri::parse(text), Err(AddressError::Fragment));
            assert_eq!(SsoIssuer::parse(text), Err(AddressError::Fragment));
        }
    }

    #[test]
    fn an_issuer_on_this_machine_says_so() {
        assert!(SsoIssuer::parse("http://localhost:1").unwrap().is_loopback());
        assert!(!SsoIssuer::parse("https://localhost:1").unwrap().is_loopback());
    }
}
