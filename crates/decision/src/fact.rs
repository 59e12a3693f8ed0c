mod read;

use varco_domain::{
    CatalogKey, Entry, OrganizationId, PermissionKey, Revision, RoleId, SubjectId, Timestamp, UnitId, UserId,
    UserStatus,
};

/// What the index needs to know of one thing.
///
/// A fact says how the thing is now, or that it is gone. Facts about different things are
/// independent: none undoes another, so their order within a revision does not matter. The one
/// exception is [`Fact::OrganizationGone`], which takes everything of its organization away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// A catalog offers exactly these permissions.
    Catalog {
        /// The catalog.
        key: CatalogKey,
        /// All of them.
        permissions: Vec<PermissionKey>,
    },
    /// An organization uses a catalog.
    Subscribed {
        /// The organization.
        organization: OrganizationId,
        /// The catalog.
        catalog: CatalogKey,
    },
    /// An organization does not use a catalog.
    Unsubscribed {
        /// The organization.
        organization: OrganizationId,
        /// The catalog.
        catalog: CatalogKey,
    },
    /// An organization does not exist, nor does anything in it.
    OrganizationGone {
        /// The organization.
        organization: OrganizationId,
    },
    /// A user's account exists.
    Account {
        /// The user.
        user: UserId,
        /// Whether it may act.
        status: UserStatus,
    },
    /// A user's account does not exist.
    AccountGone {
        /// The user.
        user: UserId,
    },
    /// A subject belongs to an organization.
    Member {
        /// The organization.
        organization: OrganizationId,
        /// The user or the service account.
        subject: SubjectId,
        /// Whether a user may enter the application; of no concern to service accounts.
        app_access: bool,
        /// From when on the subject belongs there no longer, whatever other facts say; `None` for never.
        expires_at: Option<Timestamp>,
    },
    /// A subject does not belong to an organization.
    MemberGone {
        /// The organization.
        organization: OrganizationId,
        /// The user or the service account.
        subject: SubjectId,
    },
    /// A unit exists.
    Unit {
        /// The organization.
        organization: OrganizationId,
        /// The unit.
        unit: UnitId,
        /// The unit above; `None` for the root.
        parent: Option<UnitId>,
    },
    /// A unit does not exist.
    UnitGone {
        /// The organization.
        organization: OrganizationId,
        /// The unit.
        unit: UnitId,
    },
    /// A role grants exactly these permissions.
    Role {
        /// The organization.
        organization: OrganizationId,
        /// The role.
        role: RoleId,
        /// All of them.
        permissions: Vec<PermissionKey>,
    },
    /// A role does not exist.
    RoleGone {
        /// The organization.
        organization: OrganizationId,
        /// The role.
        role: RoleId,
    },
    /// An entry stands at a unit.
    Entry {
        /// The organization.
        organization: OrganizationId,
        /// The user or the service account.
        subject: SubjectId,
        /// The unit.
        unit: UnitId,
        /// The entry.
        entry: Entry,
    },
    /// No entry stands at a unit.
    EntryGone {
        /// The organization.
        organization: OrganizationId,
        /// The user or the service account.
        subject: SubjectId,
        /// The unit.
        unit: UnitId,
    },
}

/// An event that does not say what its kind promises.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("event {ordinal} of revision {revision}, `{kind}`, has no readable `{field}`")]
pub struct CorruptEvent {
    /// Of the event.
    pub revision: Revision,
    /// Of the event.
    pub ordinal: u32,
    /// Of the event.
    pub kind: &'static str,
    /// What is missing or unreadable.
    pub field: &'static str,
}
