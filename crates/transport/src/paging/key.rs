use uuid::Uuid;
use varco_application::storage::EventKey;
use varco_domain::{CatalogKey, Id, Kind, PermissionKey, Revision, ServiceAccountId, SubjectId, UnitId, UserId};

/// The place of an item in a list.
pub(crate) trait PageKey: Sized {
    fn to_bytes(&self) -> Vec<u8>;
    fn from_bytes(bytes: &[u8]) -> Option<Self>;
}

impl<K: Kind> PageKey for Id<K> {
    fn to_bytes(&self) -> Vec<u8> {
        self.as_uuid().into_bytes().to_vec()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Uuid::from_slice(bytes).ok().map(Self::from_uuid)
    }
}

impl PageKey for SubjectId {
    fn to_bytes(&self) -> Vec<u8> {
        let kind = match self {
            Self::User(_) => 0,
            Self::ServiceAccount(_) => 1,
        };
        [&[kind], self.as_uuid().as_bytes().as_slice()].concat()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (kind, id) = bytes.split_first()?;
        match kind {
            0 => UserId::from_bytes(id).map(Self::User),
            1 => ServiceAccountId::from_bytes(id).map(Self::ServiceAccount),
            _ => None,
        }
    }
}

impl PageKey for (SubjectId, UnitId) {
    fn to_bytes(&self) -> Vec<u8> {
        [self.0.to_bytes(), self.1.to_bytes()].concat()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (subject, unit) = bytes.split_at_checked(17)?;
        Some((SubjectId::from_bytes(subject)?, UnitId::from_bytes(unit)?))
    }
}

impl PageKey for EventKey {
    fn to_bytes(&self) -> Vec<u8> {
        [self.revision.get().to_be_bytes().as_slice(), &self.ordinal.to_be_bytes()].concat()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (revision, ordinal) = bytes.split_first_chunk()?;
        let ordinal = u32::from_be_bytes(ordinal.try_into().ok()?);
        Some(Self { revision: Revision::new(u64::from_be_bytes(*revision)), ordinal })
    }
}

macro_rules! text_keys {
    ($($key:ty: $parse:expr;)*) => {$(
        impl PageKey for $key {
            fn to_bytes(&self) -> Vec<u8> {
                self.as_str().as_bytes().to_vec()
            }

            fn from_bytes(bytes: &[u8]) -> Option<Self> {
                std::str::from_utf8(bytes).ok().and_then($parse)
            }
        }
    )*};
}

text_keys! {
    CatalogKey: Self::parse;
    PermissionKey: Self::parse;
    varco_domain::Username: |text| Self::parse(text).ok();
}
