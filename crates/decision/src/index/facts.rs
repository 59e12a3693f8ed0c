use std::collections::BTreeMap;

use varco_domain::{Entry, OrganizationId, SubjectId};

use super::Index;
use super::entries::CompactEntry;
use super::organization::{Holder, Membership, Organization};
use crate::Fact;
use crate::structure::Bits;

impl Index {
    /// Every fact that stands, in a fixed order: indexes that know the same give equal lists.
    pub fn facts(&self) -> Vec<Fact> {
        let catalogs: BTreeMap<_, _> = self.permissions.offers().collect();
        let catalogs = catalogs.into_iter().map(|(key, offer)| Fact::Catalog {
            key: key.clone(),
            permissions: self.permissions.sorted_keys(offer.iter()),
        });
        let accounts: BTreeMap<_, _> = self.accounts.iter().collect();
        let accounts = accounts.into_iter().map(|(user, status)| Fact::Account { user: *user, status: *status });
        let organizations: BTreeMap<_, _> = self.organizations.iter().collect();
        let inside = organizations.into_iter().flat_map(|(id, organization)| self.facts_of(*id, organization));
        catalogs.chain(accounts).chain(inside).collect()
    }

    fn facts_of(&self, organization: OrganizationId, it: &Organization) -> Vec<Fact> {
        let mut catalogs: Vec<_> = it.subscribed.iter().map(|catalog| self.permissions.catalog_key(catalog)).collect();
        catalogs.sort();
        let subscribed = catalogs.into_iter().map(|key| Fact::Subscribed { organization, catalog: key.clone() });
        let units = it.units.iter().map(|(unit, parent)| Fact::Unit { organization, unit, parent });
        let roles: BTreeMap<_, _> = it.roles.iter().collect();
        let roles = roles.into_iter().map(|(role, grants)| self.role(organization, role, grants));
        let holders: BTreeMap<_, _> = it.holders.iter().collect();
        let held = holders.into_iter().flat_map(|(subject, holder)| it.holder_facts(organization, *subject, holder));
        subscribed.chain(units).chain(roles).chain(held).collect()
    }

    fn role(&self, organization: OrganizationId, role: varco_domain::RoleId, grants: &Bits) -> Fact {
        Fact::Role { organization, role, permissions: self.permissions.sorted_keys(grants.iter()) }
    }
}

impl Organization {
    fn holder_facts(&self, organization: OrganizationId, subject: SubjectId, holder: &Holder) -> Vec<Fact> {
        let member = holder.membership.map(|Membership { app_access, expires_at }| Fact::Member {
            organization,
            subject,
            app_access,
            expires_at,
        });
        let entries = holder.entries.iter().map(|(unit, entry)| (self.units.id(unit), self.entry(entry)));
        let entries: BTreeMap<_, _> = entries.collect();
        let entries = entries.into_iter().map(|(unit, entry)| Fact::Entry { organization, subject, unit, entry });
        member.into_iter().chain(entries).collect()
    }

    fn entry(&self, entry: CompactEntry<'_>) -> Entry {
        let roles = entry.roles.iter().map(|role| self.roles.id(*role)).collect();
        Entry { roles, propagates: entry.propagates, barrier: entry.barrier }
    }
}
