use std::collections::BTreeMap;

use varco_domain::{MailKind, Timestamp};
use zeroize::Zeroizing;

use crate::PlainSecret;

/// What a mail says in particular, by its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailContent {
    /// A link to activate an account.
    Invitation {
        /// Of the link.
        token: PlainSecret,
        /// Of the link.
        expires_at: Timestamp,
    },
    /// An account is active.
    Activated,
    /// A password that must be changed at the next sign-in.
    TemporaryPassword {
        /// In clear.
        password: PlainSecret,
    },
    /// A link to choose a new password.
    PasswordReset {
        /// Of the link.
        token: PlainSecret,
        /// Of the link.
        expires_at: Timestamp,
    },
    /// A password was changed.
    PasswordChanged,
    /// A PIN that is active from its first use.
    NewPin {
        /// In clear.
        pin: PlainSecret,
    },
}

impl MailContent {
    /// Which kind of mail says this.
    pub const fn kind(&self) -> MailKind {
        match self {
            Self::Invitation { .. } => MailKind::Invitation,
            Self::Activated => MailKind::Activated,
            Self::TemporaryPassword { .. } => MailKind::TemporaryPassword,
            Self::PasswordReset { .. } => MailKind::PasswordReset,
            Self::PasswordChanged => MailKind::PasswordChanged,
            Self::NewPin { .. } => MailKind::NewPin,
        }
    }

    pub(super) fn values(&self) -> MailValues {
        let values = MailValues::default();
        match self {
            Self::Invitation { token, expires_at } | Self::PasswordReset { token, expires_at } => {
                values.with("token", token.expose()).with("expires_at", &expires_at.as_micros().to_string())
            }
            Self::TemporaryPassword { password } => values.with("password", password.expose()),
            Self::NewPin { pin } => values.with("pin", pin.expose()),
            Self::Activated | Self::PasswordChanged => values,
        }
    }
}

/// What stands in the places of a mail's template, by name: people's names and the secrets that the
/// mail brings. `Debug` shows the names of the places alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailValues(BTreeMap<String, PlainSecret>);

impl MailValues {
    /// Adds a value.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.0.insert(name.to_owned(), PlainSecret::new(value.to_owned()));
        self
    }

    /// What stands in a place.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(PlainSecret::expose)
    }

    /// An instant that stands in a place.
    pub fn instant(&self, name: &str) -> Option<Timestamp> {
        self.get(name)?.parse().ok().map(Timestamp::from_micros)
    }

    /// Every place and what stands there.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.expose()))
    }

    /// Each text after its length, so that no text is taken for two.
    pub(super) fn encode(&self) -> Zeroizing<Vec<u8>> {
        let texts = || self.iter().flat_map(|(name, value)| [name, value]);
        // Room for all of it at once: bytes that grow leave copies behind.
        let length = texts().map(|text| text.len() + size_of::<u32>()).sum();
        let mut bytes = Zeroizing::new(Vec::with_capacity(length));
        for text in texts() {
            let length = u32::try_from(text.len()).expect("what a mail says is far below 4 GiB");
            bytes.extend_from_slice(&length.to_be_bytes());
            bytes.extend_from_slice(text.as_bytes());
        }
        bytes
    }

    /// Reads what `encode` wrote.
    pub(super) fn decode(mut bytes: &[u8]) -> Option<Self> {
        let mut values = Self::default();
        while !bytes.is_empty() {
            let name = next_text(&mut bytes)?;
            let value = next_text(&mut bytes)?;
            values = values.with(name, value);
        }
        Some(values)
    }
}

fn next_text<'a>(bytes: &mut &'a [u8]) -> Option<&'a str> {
    let (length, rest) = bytes.split_first_chunk()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let (text, rest) = rest.split_at_checked(length)?;
    *bytes = rest;
    std::str::from_utf8(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_read_back_as_they_were_written() {
        for values in [MailValues::default(), MailValues::default().with("pin", "").with("name", "Zoë\n\0{{x}}")] {
            assert_eq!(MailValues::decode(&values.encode()), Some(values));
        }
    }

    #[test]
    fn what_was_cut_off_is_not_read() {
        let bytes = MailValues::default().with("pin", "402917").encode();

        for length in 1..bytes.len() {
            assert_eq!(MailValues::decode(&bytes[..length]), None, "{length} bytes");
        }
    }

    #[test]
    fn debug_shows_no_value() {
        let pin = MailContent::NewPin { pin: PlainSecret::new("402917".to_owned()) };

        assert!(!format!("{pin:?} {:?}", pin.values().with("name", "Ada")).contains(['4', 'A']));
    }
}
