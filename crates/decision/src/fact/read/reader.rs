use varco_domain::{
    CatalogKey, Event, IdError, OrganizationId, PermissionKey, Record, RoleId, ServiceAccountId, SubjectId, Timestamp,
    UnitId, UserId, Value,
};

use crate::CorruptEvent;

/// Takes typed values out of an event.
pub(super) struct Reader<'a>(pub(super) &'a Event);

/// An identifier that an event names.
pub(super) trait Named: Sized {
    fn read(text: &str) -> Result<Self, IdError>;
}

macro_rules! named {
    ($($id:ident)*) => {$(
        impl Named for $id {
            fn read(text: &str) -> Result<Self, IdError> {
                Self::parse(text)
            }
        }
    )*};
}

named! { UserId UnitId RoleId ServiceAccountId SubjectId }

impl<'a> Reader<'a> {
    pub(super) fn given<T>(&self, field: &'static str, value: Option<T>) -> Result<T, CorruptEvent> {
        let Event { revision, ordinal, kind, .. } = self.0;
        value.ok_or(CorruptEvent { revision: *revision, ordinal: *ordinal, kind: kind.as_str(), field })
    }

    pub(super) fn organization(&self) -> Result<OrganizationId, CorruptEvent> {
        self.given("organization", self.0.organization)
    }

    pub(super) fn id<T: Named>(&self, kind: &'static str) -> Result<T, CorruptEvent> {
        self.given(kind, self.0.subject(kind).and_then(|text| T::read(text).ok()))
    }

    pub(super) fn user(&self) -> Result<SubjectId, CorruptEvent> {
        self.id("user").map(SubjectId::User)
    }

    pub(super) fn catalog(&self) -> Result<CatalogKey, CorruptEvent> {
        self.given("catalog", self.0.subject("catalog").and_then(CatalogKey::parse))
    }

    pub(super) fn after(&self) -> Result<&'a Record, CorruptEvent> {
        self.given("after", self.0.after.as_ref())
    }

    pub(super) fn flag(&self, name: &'static str) -> Result<bool, CorruptEvent> {
        self.given(name, self.after()?.flag(name))
    }

    /// An instant in microseconds, which may be absent.
    pub(super) fn instant(&self, name: &'static str) -> Result<Option<Timestamp>, CorruptEvent> {
        match self.after()?.0.get(name) {
            None => Ok(None),
            Some(Value::Integer(micros)) => Ok(Some(Timestamp::from_micros(*micros))),
            Some(_) => self.given(name, None),
        }
    }

    pub(super) fn texts(&self, name: &'static str) -> Result<Vec<&'a str>, CorruptEvent> {
        self.given(name, self.after()?.texts(name))
    }

    pub(super) fn permissions(&self) -> Result<Vec<PermissionKey>, CorruptEvent> {
        let keys = self.texts("permissions")?.into_iter().map(PermissionKey::parse).collect();
        self.given("permissions", keys)
    }
}
