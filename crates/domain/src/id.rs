use std::fmt;
use std::marker::PhantomData;

use uuid::Uuid;

use crate::Timestamp;

/// What an identifier names; gives it its prefix and keeps kinds apart at compile time.
pub trait Kind {
    /// The part before the underscore.
    const PREFIX: &'static str;
}

macro_rules! kinds {
    ($($name:ident $alias:ident $prefix:literal $doc:literal)*) => {$(
        #[doc = $doc]
        pub type $alias = Id<$name>;

        /// Marks an identifier's kind.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {}

        impl Kind for $name {
            const PREFIX: &'static str = $prefix;
        }
    )*};
}

kinds! {
    OrganizationKind OrganizationId "org" "Names an organization."
    UserKind UserId "user" "Names a user's account."
    UnitKindOfId UnitId "unit" "Names a unit."
    RoleKind RoleId "role" "Names a role."
    ServiceAccountKind ServiceAccountId "sa" "Names a service account."
    SecretKind SecretId "secret" "Names a secret of a service account."
    SessionKind SessionId "session" "Names a session of a user."
    SignInFailureKind SignInFailureId "failure" "Names a sign-in that was refused."
    MailKindOfId MailId "mail" "Names a mail."
}

/// A UUIDv7 (RFC 9562) that is written as a prefix and 26 letters of Crockford's base 32
/// (the TypeID form), such as `user_01h455vb4pex5vsknk084sn02q`. Sorts by creation.
#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id<K> {
    uuid: Uuid,
    kind: PhantomData<K>,
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K> Copy for Id<K> {}

/// Why a text is no identifier of its kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Nothing was given.
    #[error("must be given: an identifier that begins with `{expected}_`")]
    Missing {
        /// The prefix of the kind asked for.
        expected: &'static str,
    },
    /// It names another kind of thing, or nothing.
    #[error("must begin with `{expected}_`")]
    Prefix {
        /// The prefix of the kind asked for.
        expected: &'static str,
    },
    /// The part after the prefix is not 26 letters of base 32.
    #[error("must be `{expected}_` and 26 of the characters 0-9 a-z without i, l, o, u")]
    Malformed {
        /// The prefix of the kind asked for.
        expected: &'static str,
    },
}

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const ENCODED_LENGTH: usize = 26;

const DIGITS: [u8; 256] = {
    let mut digits = [u8::MAX; 256];
    let mut value = 0;
    while value < 32 {
        digits[ALPHABET[value as usize] as usize] = value;
        value += 1;
    }
    digits
};

impl<K: Kind> Id<K> {
    /// Builds a new identifier from the time and ten random bytes.
    pub fn generate(now: Timestamp, random: [u8; 10]) -> Self {
        let milliseconds = u64::try_from(now.as_micros() / 1000).unwrap_or(0);
        Self::from_uuid(uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid())
    }

    /// Takes an identifier from storage.
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self { uuid, kind: PhantomData }
    }

    /// Gives the bare UUID, for storage.
    pub const fn as_uuid(&self) -> Uuid {
        self.uuid
    }

    /// Reads the written form. Only the canonical one is taken, so equal identifiers are equal texts.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let expected = K::PREFIX;
        if text.is_empty() {
            return Err(IdError::Missing { expected });
        }
        let encoded =
            text.strip_prefix(expected).and_then(|rest| rest.strip_prefix('_')).ok_or(IdError::Prefix { expected })?;
        decode(encoded.as_bytes()).map(Self::from_uuid).ok_or(IdError::Malformed { expected })
    }
}

/// Whether a text could be taken for an identifier, of whatever kind.
pub(crate) fn has_form_of_id(text: &str) -> bool {
    let is_digit = |byte: u8| DIGITS[usize::from(byte)] != u8::MAX;
    text.rsplit_once('_').is_some_and(|(prefix, encoded)| {
        !prefix.is_empty() && encoded.len() == ENCODED_LENGTH && encoded.bytes().all(is_digit)
    })
}

fn decode(encoded: &[u8]) -> Option<Uuid> {
    // 26 letters hold 130 bits: the first may only use its low three.
    if encoded.len() != ENCODED_LENGTH || DIGITS[usize::from(encoded[0])] > 7 {
        return None;
    }
    let mut bits: u128 = 0;
    for letter in encoded {
        let digit = DIGITS[usize::from(*letter)];
        if digit == u8::MAX {
            return None;
        }
        bits = bits << 5 | u128::from(digit);
    }
    Some(Uuid::from_u128(bits))
}

fn encode(uuid: Uuid) -> [u8; ENCODED_LENGTH] {
    let mut bits = uuid.as_u128();
    let mut encoded = [0; ENCODED_LENGTH];
    for letter in encoded.iter_mut().rev() {
        *letter = ALPHABET[(bits & 31) as usize];
        bits >>= 5;
    }
    encoded
}

impl<K: Kind> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let encoded = encode(self.uuid);
        let letters = std::str::from_utf8(&encoded).map_err(|_| fmt::Error)?;
        write!(f, "{}_{letters}", K::PREFIX)
    }
}

impl<K: Kind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Who holds roles: a user or a service account.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SubjectId {
    /// A person.
    User(UserId),
    /// A program.
    ServiceAccount(ServiceAccountId),
}

impl SubjectId {
    /// Reads `user_…` or `sa_…`.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        if text.starts_with("sa_") {
            return ServiceAccountId::parse(text).map(Self::ServiceAccount);
        }
        UserId::parse(text).map(Self::User)
    }

    /// Gives the bare UUID, for storage. The two kinds never share one: both are UUIDv7.
    pub const fn as_uuid(&self) -> Uuid {
        match self {
            Self::User(id) => id.as_uuid(),
            Self::ServiceAccount(id) => id.as_uuid(),
        }
    }
}

impl fmt::Display for SubjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => fmt::Display::fmt(id, f),
            Self::ServiceAccount(id) => fmt::Display::fmt(id, f),
        }
    }
}

impl fmt::Debug for SubjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
