//! The rules of access once more, written to be obviously right: nothing but facts, and every
//! answer found anew by walking up the tree. Shares no code with the engine or the domain.

use std::collections::{HashMap, HashSet};

use varco_decision::{Question, Reason};
use varco_domain::{RoleId, SubjectId, Timestamp, UnitId, UserId, UserStatus};

#[derive(Clone, Default, PartialEq)]
pub(crate) struct NaiveEntry {
    pub(crate) roles: HashSet<RoleId>,
    pub(crate) propagates: bool,
    pub(crate) barrier: bool,
}

#[derive(Clone, Default, PartialEq)]
pub(crate) struct Naive {
    pub(crate) parents: HashMap<UnitId, Option<UnitId>>,
    pub(crate) entries: HashMap<(SubjectId, UnitId), NaiveEntry>,
    pub(crate) roles: HashMap<RoleId, HashSet<String>>,
    pub(crate) accounts: HashMap<UserId, UserStatus>,
    pub(crate) members: HashMap<SubjectId, (bool, Option<Timestamp>)>,
    pub(crate) subscribed: HashSet<String>,
    pub(crate) catalogs: HashMap<String, HashSet<String>>,
}

impl Naive {
    /// The roles that would come down to a unit, and from where.
    pub(crate) fn fed_by(&self, subject: SubjectId, unit: UnitId) -> Option<(UnitId, &NaiveEntry)> {
        let above = self.parents[&unit]?;
        match self.entries.get(&(subject, above)) {
            Some(entry) if entry.propagates => (!entry.roles.is_empty()).then_some((above, entry)),
            Some(entry) if entry.barrier => None,
            _ => self.fed_by(subject, above),
        }
    }

    /// The effective roles, and the unit that they are inherited from.
    pub(crate) fn effective(&self, subject: SubjectId, unit: UnitId) -> (HashSet<RoleId>, Option<UnitId>) {
        if let Some(entry) = self.entries.get(&(subject, unit)) {
            return (entry.roles.clone(), None);
        }
        match self.fed_by(subject, unit) {
            Some((source, entry)) => (entry.roles.clone(), Some(source)),
            None => (HashSet::new(), None),
        }
    }

    pub(crate) fn is_member(&self, subject: SubjectId) -> bool {
        let has_account = match subject {
            SubjectId::User(user) => self.accounts.contains_key(&user),
            SubjectId::ServiceAccount(_) => true,
        };
        match self.members.get(&subject) {
            Some((_, Some(end))) => has_account && crate::dice::NOW < *end,
            Some((_, None)) => has_account,
            None => false,
        }
    }

    pub(crate) fn decide(&self, question: &Question<'_>) -> Reason {
        if !self.is_member(question.subject) {
            return Reason::NotAMember;
        }
        if let SubjectId::User(user) = question.subject {
            if self.accounts[&user] != UserStatus::Active {
                return Reason::UserNotActive;
            }
            if !self.members[&question.subject].0 {
                return Reason::NoAppAccess;
            }
        }
        if !self.parents.contains_key(&question.unit) {
            return Reason::NoSuchUnit;
        }
        let catalog = question.permission.split(':').next().unwrap_or_default();
        let is_offered = self.catalogs.get(catalog).is_some_and(|keys| keys.contains(question.permission));
        if !is_offered || !self.subscribed.contains(catalog) {
            return Reason::NoSuchPermission;
        }
        let (roles, _) = self.effective(question.subject, question.unit);
        if roles.is_empty() {
            return Reason::NoRoleHere;
        }
        let grants = |role| self.roles.get(role).is_some_and(|keys| keys.contains(question.permission));
        if roles.iter().any(grants) { Reason::Allowed } else { Reason::NotGranted }
    }
}
