use std::cell::RefCell;

use varco_domain::{OrganizationId, Provision, RoleId, SubjectId, UnitId, UserStatus, provision};

use super::Moment;
use super::entries::{CompactEntry, Entries};
use super::organization::{Membership, Organization};
use crate::{Cell, Origin, Reason};

/// A subject seen as a member of one organization.
#[derive(Clone, Copy)]
pub(super) struct Member<'a> {
    pub(super) organization: &'a Organization,
    pub(super) subject: SubjectId,
    pub(super) entries: &'a Entries,
    status: UserStatus,
    app_access: bool,
}

impl<'a> Moment<'a> {
    /// The member, if the organization exists and the subject belongs to it.
    pub(super) fn member(self, organization: OrganizationId, subject: SubjectId) -> Option<Member<'a>> {
        self.member_of(self.index.organizations.get(&organization)?, subject)
    }

    pub(super) fn member_of(self, organization: &'a Organization, subject: SubjectId) -> Option<Member<'a>> {
        let holder = organization.holders.get(&subject)?;
        let Membership { app_access, expires_at } = holder.membership?;
        if expires_at.is_some_and(|end| end <= self.now) {
            return None;
        }
        let (status, app_access) = match subject {
            SubjectId::User(user) => (*self.index.accounts.get(&user)?, app_access),
            SubjectId::ServiceAccount(_) => (UserStatus::Active, true),
        };
        Some(Member { organization, subject, entries: &holder.entries, status, app_access })
    }
}

impl<'a> Member<'a> {
    /// Whether it may do anything at all.
    pub(super) fn admit(&self) -> Result<(), Reason> {
        match self.status {
            UserStatus::Active if self.app_access => Ok(()),
            UserStatus::Active => Err(Reason::NoAppAccess),
            UserStatus::Contact | UserStatus::Invited | UserStatus::Suspended => Err(Reason::UserNotActive),
        }
    }

    /// Whether one of the roles at a unit grants a permission.
    pub(super) fn judge(&self, unit: u32, permission: u32) -> Result<(), Reason> {
        let roles = self.roles(unit);
        let grants = |role: &u32| self.organization.roles.does_grant(*role, permission);
        match roles.iter().any(grants) {
            true => Ok(()),
            false if roles.is_empty() => Err(Reason::NoRoleHere),
            false => Err(Reason::NotGranted),
        }
    }

    /// The effective roles at a unit.
    pub(super) fn roles(&self, unit: u32) -> &'a [u32] {
        match self.provision(unit) {
            Provision::Direct(entry) | Provision::Inherited { entry, .. } => entry.roles,
            Provision::Nothing => &[],
        }
    }

    pub(super) fn provision(&self, unit: u32) -> Provision<u32, CompactEntry<'a>> {
        provision(&self.organization.units.walk(), unit, |at| self.entry(at))
    }

    /// An entry counts only where its unit exists.
    fn entry(&self, unit: u32) -> Option<CompactEntry<'a>> {
        self.entries.find(unit).filter(|_| self.organization.units.exists(unit))
    }

    /// The units that the search for roles looks at, from this one upwards.
    pub(super) fn walked(&self, unit: u32) -> Vec<UnitId> {
        let walked = RefCell::new(Vec::new());
        provision(&self.organization.units.walk(), unit, |at| {
            walked.borrow_mut().push(self.organization.units.id(at));
            self.entry(at)
        });
        walked.into_inner()
    }

    /// What is held at a unit that exists.
    pub(super) fn cell(&self, unit: u32) -> Cell {
        let (entry, origin) = match self.provision(unit) {
            Provision::Direct(entry) => (Some(entry), Origin::Direct),
            Provision::Inherited { source, entry } => {
                (Some(entry), Origin::Inherited { source: self.organization.units.id(source) })
            }
            Provision::Nothing => (None, Origin::Nothing),
        };
        let roles = entry.map_or(&[][..], |entry| entry.roles);
        let own = entry.filter(|_| !matches!(origin, Origin::Inherited { .. }));
        Cell {
            subject: self.subject,
            unit: self.organization.units.id(unit),
            roles: self.role_ids(roles.iter().copied()),
            origin,
            propagates: own.is_some_and(|entry| entry.propagates),
            barrier: own.is_some_and(|entry| entry.barrier),
        }
    }

    pub(super) fn role_ids(&self, roles: impl Iterator<Item = u32>) -> Vec<RoleId> {
        self.organization.roles.sorted_ids(roles)
    }
}
