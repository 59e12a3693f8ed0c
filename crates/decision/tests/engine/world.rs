//! A world as the service keeps it: domain operations on what a database would hold, told as facts.

use std::collections::{BTreeMap, BTreeSet};

use varco_decision::Fact;
use varco_domain::{
    AssignmentRefused, CatalogKey, OrganizationId, PermissionKey, RoleId, SubjectEntries, SubjectId, Timestamp, UnitId,
    UnitTree, UserId, UserStatus,
};

use crate::dice;
use crate::operation::{Operation, Refused};

#[derive(Clone, Default)]
pub(crate) struct Tree(pub(crate) BTreeMap<UnitId, Option<UnitId>>);

impl UnitTree<UnitId> for Tree {
    fn parent(&self, unit: UnitId) -> Option<UnitId> {
        self.0.get(&unit).copied().flatten()
    }
}

impl Tree {
    fn path(&self, unit: UnitId) -> Vec<UnitId> {
        std::iter::successors(Some(unit), |unit| self.parent(*unit)).collect()
    }

    fn subtree(&self, unit: UnitId) -> Vec<UnitId> {
        self.0.keys().copied().filter(|below| self.path(*below).contains(&unit)).collect()
    }
}

#[derive(Clone)]
pub(crate) struct World {
    pub(crate) organization: OrganizationId,
    pub(crate) tree: Tree,
    entries: BTreeMap<SubjectId, SubjectEntries>,
    roles: BTreeMap<RoleId, BTreeSet<PermissionKey>>,
    accounts: BTreeMap<UserId, UserStatus>,
    members: BTreeMap<SubjectId, (bool, Option<Timestamp>)>,
    subscribed: BTreeSet<CatalogKey>,
    catalogs: BTreeMap<CatalogKey, BTreeSet<PermissionKey>>,
}

impl World {
    pub(crate) fn new(root: UnitId) -> Self {
        Self {
            organization: dice::organization(0),
            tree: Tree(BTreeMap::from([(root, None)])),
            entries: BTreeMap::new(),
            roles: BTreeMap::new(),
            accounts: BTreeMap::new(),
            members: BTreeMap::new(),
            subscribed: BTreeSet::new(),
            catalogs: BTreeMap::new(),
        }
    }

    /// Does one operation; tells what has changed.
    pub(crate) fn play(&mut self, operation: &Operation) -> Result<Vec<Fact>, Refused> {
        let before = self.clone();
        self.act(operation)?;
        Ok(self.facts_since(&before))
    }

    fn act(&mut self, operation: &Operation) -> Result<(), Refused> {
        match operation.clone() {
            Operation::CreateUnit { unit, parent } => self.create_unit(unit, parent)?,
            Operation::MoveUnit { unit, parent } => self.move_unit(unit, parent)?,
            Operation::DeleteUnit { unit } => self.delete_unit(unit)?,
            Operation::Grant { subject, unit, roles } => {
                self.edit(subject, unit, |it, tree| it.grant(tree, unit, &roles))?;
            }
            Operation::Revoke { subject, unit, roles } => {
                self.edit(subject, unit, |it, tree| it.revoke(tree, unit, &roles))?;
            }
            Operation::Enable { subject, unit, mode } => {
                self.edit(subject, unit, |it, tree| it.enable(tree, unit, mode))?;
            }
            Operation::Disable { subject, unit } => self.edit(subject, unit, |it, _| it.disable(unit))?,
            Operation::Break { subject, unit } => {
                self.edit(subject, unit, |it, tree| it.break_inheritance(tree, unit))?;
            }
            Operation::SetRole { role, permissions } => drop(self.roles.insert(role, permissions)),
            Operation::DeleteRole { role } => self.delete_role(role),
            Operation::SetStatus { user, status } => drop(self.accounts.insert(user, status)),
            Operation::RemoveAccount { user } => {
                self.accounts.remove(&user);
                self.remove_member(SubjectId::User(user));
            }
            Operation::SetMember { subject, app_access, expires_at } => {
                self.members.insert(subject, (app_access, expires_at));
            }
            Operation::RemoveMember { subject } => self.remove_member(subject),
            Operation::Subscribe { catalog } => drop(self.subscribed.insert(catalog)),
            Operation::Unsubscribe { catalog } => drop(self.subscribed.remove(&catalog)),
            Operation::ApplyCatalog { catalog, permissions } => drop(self.catalogs.insert(catalog, permissions)),
        }
        Ok(())
    }

    fn edit(
        &mut self,
        subject: SubjectId,
        unit: UnitId,
        edit: impl FnOnce(&mut SubjectEntries, &Tree) -> Result<(), AssignmentRefused>,
    ) -> Result<(), Refused> {
        if !self.tree.0.contains_key(&unit) || !self.members.contains_key(&subject) {
            return Err("UNKNOWN");
        }
        edit(self.entries.entry(subject).or_default(), &self.tree).map_err(|refused| match refused {
            AssignmentRefused::InheritedHere => "INHERITED_HERE",
            AssignmentRefused::NoRolesHere => "NO_ROLES_HERE",
            AssignmentRefused::NotPropagating => "NOT_PROPAGATING",
            AssignmentRefused::NotInherited => "NOT_INHERITED",
        })
    }

    fn create_unit(&mut self, unit: UnitId, parent: UnitId) -> Result<(), Refused> {
        if !self.tree.0.contains_key(&parent) {
            return Err("UNKNOWN");
        }
        if self.tree.path(parent).len() >= 32 {
            return Err("DEPTH");
        }
        self.tree.0.insert(unit, Some(parent));
        Ok(())
    }

    fn move_unit(&mut self, unit: UnitId, parent: UnitId) -> Result<(), Refused> {
        if !self.tree.0.contains_key(&unit) || !self.tree.0.contains_key(&parent) {
            return Err("UNKNOWN");
        }
        let below = self.tree.subtree(unit);
        if below.contains(&parent) {
            return Err("CYCLE");
        }
        let height = below.iter().map(|it| self.tree.path(*it).len()).max().unwrap_or(0);
        if self.tree.path(parent).len() + height - self.tree.path(unit).len() >= 32 {
            return Err("DEPTH");
        }
        self.tree.0.insert(unit, Some(parent));
        Ok(())
    }

    fn delete_unit(&mut self, unit: UnitId) -> Result<(), Refused> {
        if !self.tree.0.contains_key(&unit) {
            return Err("UNKNOWN");
        }
        self.tree.parent(unit).ok_or("ROOT")?;
        let gone = self.tree.subtree(unit);
        self.tree.0.retain(|unit, _| !gone.contains(unit));
        for entries in self.entries.values_mut() {
            let kept = entries.iter().filter(|(unit, _)| !gone.contains(unit));
            *entries = SubjectEntries::new(kept.map(|(unit, entry)| (unit, entry.clone())).collect());
        }
        Ok(())
    }

    fn delete_role(&mut self, role: RoleId) {
        self.roles.remove(&role);
        for entries in self.entries.values_mut() {
            let units: Vec<_> =
                entries.iter().filter(|(_, it)| it.roles.contains(&role)).map(|(unit, _)| unit).collect();
            for unit in units {
                entries.revoke(&self.tree, unit, &BTreeSet::from([role])).unwrap();
            }
        }
    }

    fn remove_member(&mut self, subject: SubjectId) {
        self.members.remove(&subject);
        self.entries.remove(&subject);
    }

    /// Everything, as a snapshot of the database would tell it.
    pub(crate) fn facts(&self) -> Vec<Fact> {
        let organization = self.organization;
        let mut facts = Vec::new();
        facts.extend(self.entries.iter().flat_map(|(subject, entries)| {
            let fact = |(unit, entry): (UnitId, &varco_domain::Entry)| Fact::Entry {
                organization,
                subject: *subject,
                unit,
                entry: entry.clone(),
            };
            entries.iter().map(fact).collect::<Vec<_>>()
        }));
        facts.extend(self.roles.iter().map(|(role, keys)| Fact::Role {
            organization,
            role: *role,
            permissions: keys.iter().cloned().collect(),
        }));
        facts.extend(self.members.iter().map(|(subject, (app, end))| Fact::Member {
            organization,
            subject: *subject,
            app_access: *app,
            expires_at: *end,
        }));
        facts.extend(self.accounts.iter().map(|(user, status)| Fact::Account { user: *user, status: *status }));
        facts.extend(self.subscribed.iter().map(|key| Fact::Subscribed { organization, catalog: key.clone() }));
        facts.extend(
            self.catalogs
                .iter()
                .map(|(key, keys)| Fact::Catalog { key: key.clone(), permissions: keys.iter().cloned().collect() }),
        );
        facts.extend(self.tree.0.iter().map(|(unit, parent)| Fact::Unit {
            organization,
            unit: *unit,
            parent: *parent,
        }));
        facts
    }

    /// What is new or other, then what is gone; what is gone last so that order shows.
    fn facts_since(&self, before: &Self) -> Vec<Fact> {
        let (then, now) = (before.facts(), self.facts());
        let key = |fact: &Fact| gone(fact);
        let keys: Vec<_> = now.iter().map(key).collect();
        let lost = then.iter().map(key).filter(|lost| !keys.contains(lost));
        now.iter().filter(|fact| !then.contains(fact)).cloned().chain(lost).collect()
    }
}

/// The fact that takes this one back.
pub(crate) fn gone(fact: &Fact) -> Fact {
    match fact.clone() {
        Fact::Catalog { key, .. } => Fact::Catalog { key, permissions: Vec::new() },
        Fact::Subscribed { organization, catalog } => Fact::Unsubscribed { organization, catalog },
        Fact::Account { user, .. } => Fact::AccountGone { user },
        Fact::Member { organization, subject, .. } => Fact::MemberGone { organization, subject },
        Fact::Unit { organization, unit, .. } => Fact::UnitGone { organization, unit },
        Fact::Role { organization, role, .. } => Fact::RoleGone { organization, role },
        Fact::Entry { organization, subject, unit, .. } => Fact::EntryGone { organization, subject, unit },
        gone => gone,
    }
}
