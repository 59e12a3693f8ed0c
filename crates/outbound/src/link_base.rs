use std::fmt;
use std::net::IpAddr;

use http::Uri;

/// What links in mails begin with: the address of the application that people use. From the
/// configuration alone, so that no caller can point a link elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkBase(String);

/// A text is no address that links can begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be an address such as https://app.example.com, without query and fragment; http only for this machine")]
pub struct LinkBaseError;

impl LinkBase {
    /// Reads an address.
    pub fn parse(text: &str) -> Result<Self, LinkBaseError> {
        let uri: Uri = text.parse().map_err(|_| LinkBaseError)?;
        let host = uri.host().ok_or(LinkBaseError)?;
        let has_user = uri.authority().is_some_and(|authority| authority.as_str().contains('@'));
        let is_safe = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => is_this_machine(host),
            _ => false,
        };
        if !is_safe || has_user || uri.query().is_some() || text.contains('#') {
            return Err(LinkBaseError);
        }
        Ok(Self(text.trim_end_matches('/').to_owned()))
    }

    /// A link to a page, with a token behind the `#`: browsers keep that part to themselves.
    pub(crate) fn with_token(&self, page: &str, token: &str) -> String {
        let mut link = format!("{self}/{page}#token=");
        for byte in token.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                link.push(char::from(byte));
            } else {
                link.extend(['%', hex(byte >> 4), hex(byte & 15)]);
            }
        }
        link
    }
}

/// A digit of base 16, in capitals (RFC 3986 section 2.1).
fn hex(digit: u8) -> char {
    char::from_digit(digit.into(), 16).unwrap_or_default().to_ascii_uppercase()
}

/// Whether a host is this machine.
pub fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    address.map_or(host == "localhost", |address| address.to_canonical().is_loopback())
}

impl fmt::Display for LinkBase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_begin_with_the_address_and_hide_the_token_from_servers() {
        for (base, link) in [
            ("https://app.example.com", "https://app.example.com/activate#token=a_b-1"),
            ("https://app.example.com/portal/", "https://app.example.com/portal/activate#token=a_b-1"),
            ("http://localhost:3000", "http://localhost:3000/activate#token=a_b-1"),
            ("http://[::1]:3000", "http://[::1]:3000/activate#token=a_b-1"),
        ] {
            assert_eq!(LinkBase::parse(base).unwrap().with_token("activate", "a_b-1"), link);
        }
        let hostile = LinkBase::parse("https://a.example").unwrap().with_token("activate", "a&b#\"<é>");
        assert_eq!(hostile, "https://a.example/activate#token=a%26b%23%22%3C%C3%A9%3E");
    }

    #[test]
    fn what_is_no_safe_address_is_refused() {
        for wrong in [
            "",
            "app.example.com",
            "/activate",
            "http://app.example.com",
            "ftp://app.example.com",
            "https://",
            "https://user:pass@app.example.com",
            "https://app.example.com?next=",
            "https://app.example.com/#/",
            "javascript:alert(1)",
        ] {
            assert_eq!(LinkBase::parse(wrong), Err(LinkBaseError), "{wrong}");
        }
    }
}
