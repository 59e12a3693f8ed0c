use std::sync::Arc;

use varco_domain::{OrganizationId, PermissionKey, RoleId};

use super::Index;
use super::organization::{Membership, Organization};
use crate::Fact;
use crate::structure::Bits;

impl Index {
    /// Takes in one fact. Taking it in again changes nothing.
    pub fn apply(&mut self, fact: &Fact) {
        match fact {
            Fact::Catalog { key, permissions } => self.permissions.offer(key, permissions),
            Fact::Subscribed { organization, catalog } => {
                let catalog = self.permissions.catalog(catalog);
                self.change(*organization, |it| it.subscribed.set(catalog, true));
            }
            Fact::Unsubscribed { organization, catalog } => {
                let catalog = self.permissions.catalog(catalog);
                self.change_known(*organization, |it| it.subscribed.set(catalog, false));
            }
            Fact::OrganizationGone { organization } => self.organizations.remove(organization),
            Fact::Account { user, status } => self.accounts.insert(*user, *status),
            Fact::AccountGone { user } => self.accounts.remove(user),
            Fact::Member { organization, subject, app_access, expires_at } => {
                let membership = Membership { app_access: *app_access, expires_at: *expires_at };
                self.change(*organization, |it| it.set_membership(*subject, Some(membership)));
            }
            Fact::MemberGone { organization, subject } => {
                self.change_known(*organization, |it| it.set_membership(*subject, None));
            }
            Fact::Unit { organization, unit, parent } => self.change(*organization, |it| it.units.set(*unit, *parent)),
            Fact::UnitGone { organization, unit } => self.change_known(*organization, |it| it.units.remove(*unit)),
            Fact::Role { organization, role, permissions } => self.set_role(*organization, *role, permissions),
            Fact::RoleGone { organization, role } => self.change_known(*organization, |it| it.roles.remove(*role)),
            Fact::Entry { organization, subject, unit, entry } => {
                self.change(*organization, |it| it.set_entry(*subject, *unit, entry));
            }
            Fact::EntryGone { organization, subject, unit } => {
                self.change_known(*organization, |it| it.remove_entry(*subject, *unit));
            }
        }
    }

    fn set_role(&mut self, organization: OrganizationId, role: RoleId, permissions: &[PermissionKey]) {
        let permissions: Bits = permissions.iter().map(|key| self.permissions.number(key)).collect();
        self.change(organization, |it| it.roles.set(role, permissions));
    }

    fn change(&mut self, organization: OrganizationId, change: impl FnOnce(&mut Organization)) {
        self.organizations.upsert(organization, |it| change(Arc::make_mut(it)));
    }

    /// That something is gone brings no organization into being.
    fn change_known(&mut self, organization: OrganizationId, change: impl FnOnce(&mut Organization)) {
        if let Some(it) = self.organizations.get_mut(&organization) {
            change(Arc::make_mut(it));
        }
    }
}
