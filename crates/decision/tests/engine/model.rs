//! The operations of section 5, once more: straight from the text, on the naive facts.

use std::collections::{BTreeSet, HashMap};

use varco_domain::{InheritanceMode, RoleId, SubjectId, UnitId};

use crate::naive::{Naive, NaiveEntry};
use crate::operation::{Operation, Refused};

impl Naive {
    pub(crate) fn new(root: UnitId) -> Self {
        Self { parents: HashMap::from([(root, None)]), ..Self::default() }
    }

    /// Does one operation; a refused one changes nothing.
    pub(crate) fn play(&mut self, operation: &Operation) -> Result<(), Refused> {
        self.knows(operation)?;
        match operation.clone() {
            Operation::CreateUnit { unit, parent } => self.create(unit, parent)?,
            Operation::MoveUnit { unit, parent } => self.shift(unit, parent)?,
            Operation::DeleteUnit { unit } => {
                self.parents[&unit].ok_or("ROOT")?;
                let gone: Vec<_> = self.parents.keys().copied().filter(|it| self.is_within(*it, unit)).collect();
                self.parents.retain(|it, _| !gone.contains(it));
                self.entries.retain(|(_, it), _| !gone.contains(it));
            }
            Operation::Grant { subject, unit, roles } => {
                self.no_inheritance(subject, unit)?;
                if !roles.is_empty() {
                    self.entries.entry((subject, unit)).or_default().roles.extend(roles);
                }
            }
            Operation::Revoke { subject, unit, roles } => {
                self.no_inheritance(subject, unit)?;
                self.take(subject, unit, &roles);
            }
            Operation::Enable { subject, unit, mode } => self.enable(subject, unit, mode)?,
            Operation::Disable { subject, unit } => {
                let entry = self.entries.get_mut(&(subject, unit)).filter(|entry| entry.propagates);
                let entry = entry.ok_or("NOT_PROPAGATING")?;
                (entry.propagates, entry.barrier) = (false, true);
            }
            Operation::Break { subject, unit } => {
                let (roles, source) = self.effective(subject, unit);
                source.ok_or("NOT_INHERITED")?;
                self.entries.insert((subject, unit), NaiveEntry { roles, propagates: false, barrier: true });
            }
            other => self.administer(other),
        }
        Ok(())
    }

    fn administer(&mut self, operation: Operation) {
        let text = |keys: BTreeSet<varco_domain::PermissionKey>| keys.iter().map(ToString::to_string).collect();
        match operation {
            Operation::SetRole { role, permissions } => drop(self.roles.insert(role, text(permissions))),
            Operation::DeleteRole { role } => self.delete_role(role),
            Operation::SetStatus { user, status } => drop(self.accounts.insert(user, status)),
            Operation::RemoveAccount { user } => {
                self.accounts.remove(&user);
                self.dismiss(SubjectId::User(user));
            }
            Operation::SetMember { subject, app_access, expires_at } => {
                self.members.insert(subject, (app_access, expires_at));
            }
            Operation::RemoveMember { subject } => self.dismiss(subject),
            Operation::Subscribe { catalog } => drop(self.subscribed.insert(catalog.to_string())),
            Operation::Unsubscribe { catalog } => drop(self.subscribed.remove(catalog.as_str())),
            Operation::ApplyCatalog { catalog, permissions } => {
                self.catalogs.insert(catalog.to_string(), text(permissions));
            }
            other => panic!("{other:?} is about units or entries"),
        }
    }

    fn knows(&self, operation: &Operation) -> Result<(), Refused> {
        let is_known = match operation {
            Operation::CreateUnit { parent, .. } => self.parents.contains_key(parent),
            Operation::MoveUnit { unit, parent } => {
                self.parents.contains_key(unit) && self.parents.contains_key(parent)
            }
            Operation::DeleteUnit { unit } => self.parents.contains_key(unit),
            Operation::Grant { subject, unit, .. }
            | Operation::Revoke { subject, unit, .. }
            | Operation::Enable { subject, unit, .. }
            | Operation::Disable { subject, unit }
            | Operation::Break { subject, unit } => {
                self.members.contains_key(subject) && self.parents.contains_key(unit)
            }
            _ => true,
        };
        is_known.then_some(()).ok_or("UNKNOWN")
    }

    fn no_inheritance(&self, subject: SubjectId, unit: UnitId) -> Result<(), Refused> {
        let inherits = !self.entries.contains_key(&(subject, unit)) && self.fed_by(subject, unit).is_some();
        if inherits { Err("INHERITED_HERE") } else { Ok(()) }
    }

    fn take(&mut self, subject: SubjectId, unit: UnitId, roles: &BTreeSet<RoleId>) {
        let Some(entry) = self.entries.get_mut(&(subject, unit)) else { return };
        entry.roles.retain(|role| !roles.contains(role));
        if entry.roles.is_empty() && !entry.barrier && self.fed_by(subject, unit).is_none() {
            self.entries.remove(&(subject, unit));
        }
    }

    fn enable(&mut self, subject: SubjectId, unit: UnitId, mode: InheritanceMode) -> Result<(), Refused> {
        self.no_inheritance(subject, unit)?;
        let entry = self.entries.get_mut(&(subject, unit)).ok_or("NO_ROLES_HERE")?;
        if entry.roles.is_empty() {
            return Err("NO_ROLES_HERE");
        }
        (entry.propagates, entry.barrier) = (true, false);
        let below: Vec<_> =
            self.parents.keys().copied().filter(|it| *it != unit && self.is_within(*it, unit)).collect();
        for unit in below {
            let Some(entry) = self.entries.get_mut(&(subject, unit)) else { continue };
            if mode == InheritanceMode::Replace || entry.roles.is_empty() {
                self.entries.remove(&(subject, unit));
            } else {
                entry.barrier = false;
            }
        }
        Ok(())
    }

    fn create(&mut self, unit: UnitId, parent: UnitId) -> Result<(), Refused> {
        if self.depth(parent) == 32 {
            return Err("DEPTH");
        }
        self.parents.insert(unit, Some(parent));
        Ok(())
    }

    fn shift(&mut self, unit: UnitId, parent: UnitId) -> Result<(), Refused> {
        if self.is_within(parent, unit) {
            return Err("CYCLE");
        }
        let old = self.parents.insert(unit, Some(parent));
        if self.parents.keys().any(|unit| self.depth(*unit) > 32) {
            self.parents.insert(unit, old.unwrap());
            return Err("DEPTH");
        }
        Ok(())
    }

    fn delete_role(&mut self, role: RoleId) {
        self.roles.remove(&role);
        // Which empty entries stay depends on the order, so the order is part of the rule.
        let mut held: Vec<_> =
            self.entries.iter().filter(|(_, entry)| entry.roles.contains(&role)).map(|(at, _)| *at).collect();
        held.sort();
        for (subject, unit) in held {
            self.take(subject, unit, &BTreeSet::from([role]));
        }
    }

    fn dismiss(&mut self, subject: SubjectId) {
        self.members.remove(&subject);
        self.entries.retain(|(other, _), _| *other != subject);
    }

    fn depth(&self, unit: UnitId) -> usize {
        self.parents[&unit].map_or(1, |above| self.depth(above) + 1)
    }

    fn is_within(&self, unit: UnitId, top: UnitId) -> bool {
        unit == top || self.parents[&unit].is_some_and(|above| self.is_within(above, top))
    }
}
