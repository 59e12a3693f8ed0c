use std::collections::BTreeSet;
use std::fmt;

use crate::{Description, Label, Timestamp};

/// What one application can be permitted to do, and the roles that it ships.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalog {
    /// Names it.
    pub key: CatalogKey,
    /// For people.
    pub display_name: Label,
    /// A later one replaces an earlier one.
    pub version: u32,
    /// Sorted by key, each key once.
    pub permissions: Vec<CatalogPermission>,
    /// In the order given, each key once.
    pub predefined_roles: Vec<PredefinedRole>,
    /// When this version was applied.
    pub applied_at: Timestamp,
}

impl Catalog {
    /// How many permissions a catalog may have. An event shows a catalog as it was and as it is, and
    /// must fit a message of 4 MiB even where every key has the greatest length.
    pub const MAX_PERMISSIONS: usize = 5_000;
}

/// One thing that can be permitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogPermission {
    /// Names it.
    pub key: PermissionKey,
    /// What it lets one do.
    pub description: Description,
}

/// A role that comes with a catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PredefinedRole {
    /// Names it within the catalog.
    pub key: PredefinedRoleKey,
    /// The name it starts with.
    pub name: Label,
    /// What it is for.
    pub description: Description,
    /// Permissions of the same catalog.
    pub permissions: BTreeSet<PermissionKey>,
}

macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Reads a key: 2 to 64 of `a-z 0-9 -`, first a letter. `None` for anything else.
            pub fn parse(text: &str) -> Option<Self> {
                let is_key = (2..=64).contains(&text.len())
                    && text.starts_with(|first: char| first.is_ascii_lowercase())
                    && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
                is_key.then(|| Self(text.to_owned()))
            }

            /// The key.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

keys! {
    /// Names a catalog: the part of a permission's key before the colon.
    CatalogKey
    /// Names a predefined role within its catalog.
    PredefinedRoleKey
}

/// Names a permission: `catalog:path.action`, such as `privacy:register.edit`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PermissionKey(String);

impl PermissionKey {
    /// In characters, which are bytes here.
    pub const MAX_LENGTH: usize = 200;

    /// Reads a key: a catalog's key, a colon, two or more parts of `A-Z a-z 0-9 _ -` joined by
    /// dots. `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (catalog, path) = text.split_once(':')?;
        let is_part = |part: &str| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        };
        let is_key = text.len() <= Self::MAX_LENGTH
            && CatalogKey::parse(catalog).is_some()
            && path.contains('.')
            && path.split('.').all(is_part);
        is_key.then(|| Self(text.to_owned()))
    }

    /// The whole key.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The catalog it belongs to.
    pub fn catalog(&self) -> &str {
        self.0.split_once(':').map_or("", |(catalog, _)| catalog)
    }
}

impl fmt::Display for PermissionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::borrow::Borrow<str> for PermissionKey {
    fn borrow(&self) -> &str {
        &self.0
    }
}
