use imbl::Vector;
use varco_domain::RoleId;

use super::interned::Interned;
use crate::structure::Bits;

/// What the roles of an organization grant.
#[derive(Clone, Default)]
pub(super) struct Roles {
    ids: Interned<RoleId>,
    /// By number; `None` for a role that does not exist.
    grants: Vector<Option<Bits>>,
}

impl Roles {
    /// The number of a role, which need not exist: an entry may name it first.
    pub(super) fn number(&mut self, role: RoleId) -> u32 {
        let number = self.ids.intern(&role);
        if self.grants.len() <= number as usize {
            self.grants.push_back(None);
        }
        number
    }

    pub(super) fn set(&mut self, role: RoleId, permissions: Bits) {
        let number = self.number(role);
        self.grants.set(number as usize, Some(permissions));
    }

    pub(super) fn remove(&mut self, role: RoleId) {
        if let Some(number) = self.ids.number(&role) {
            self.grants.set(number as usize, None);
        }
    }

    pub(super) fn id(&self, number: u32) -> RoleId {
        *self.ids.key(number)
    }

    pub(super) fn grants(&self, role: u32) -> Option<&Bits> {
        self.grants.get(role as usize)?.as_ref()
    }

    pub(super) fn does_grant(&self, role: u32, permission: u32) -> bool {
        self.grants(role).is_some_and(|grants| grants.contains(permission))
    }

    /// Sorted identifiers of these roles.
    pub(super) fn sorted_ids(&self, numbers: impl Iterator<Item = u32>) -> Vec<RoleId> {
        let mut ids: Vec<_> = numbers.map(|number| self.id(number)).collect();
        ids.sort();
        ids
    }

    /// Every role with what it grants.
    pub(super) fn iter(&self) -> impl Iterator<Item = (RoleId, &Bits)> {
        let roles = (0..).zip(&self.grants);
        roles.filter_map(|(number, grants)| grants.as_ref().map(|grants| (self.id(number), grants)))
    }
}
