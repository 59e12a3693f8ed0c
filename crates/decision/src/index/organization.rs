use varco_domain::{Entry, SubjectId, Timestamp, UnitId};

use super::entries::{CompactEntry, Entries};
use super::roles::Roles;
use super::units::Units;
use crate::structure::{Bits, PackedSet, Table};

/// What is known of one organization.
#[derive(Clone, Default)]
pub(super) struct Organization {
    /// Numbers of the catalogs that it uses.
    pub(super) subscribed: Bits,
    pub(super) units: Units,
    pub(super) roles: Roles,
    pub(super) holders: Table<SubjectId, Holder>,
    /// Those of the holders that have entries.
    pub(super) with_entries: PackedSet<SubjectId>,
    /// Who has an entry where.
    pub(super) posts: Table<Post, PackedSet<SubjectId>>,
}

/// A subject that is a member or has entries.
#[derive(Clone, Default)]
pub(super) struct Holder {
    pub(super) membership: Option<Membership>,
    pub(super) entries: Entries,
}

/// That a subject is a member.
#[derive(Clone, Copy)]
pub(super) struct Membership {
    pub(super) app_access: bool,
    pub(super) expires_at: Option<Timestamp>,
}

/// Where entries stand: a unit, by number, and whether they are such that units below may get
/// roles from them.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Post {
    pub(super) unit: u32,
    pub(super) feeds: bool,
}

impl Organization {
    pub(super) fn set_membership(&mut self, subject: SubjectId, membership: Option<Membership>) {
        self.change_holder(subject, |holder| holder.membership = membership);
    }

    pub(super) fn set_entry(&mut self, subject: SubjectId, unit: UnitId, entry: &Entry) {
        let unit = self.units.intern(unit);
        let roles: Vec<_> = entry.roles.iter().map(|role| self.roles.number(*role)).collect();
        let entry = CompactEntry { roles: &roles, propagates: entry.propagates, barrier: entry.barrier };
        self.put_entry(subject, unit, Some(entry));
    }

    pub(super) fn remove_entry(&mut self, subject: SubjectId, unit: UnitId) {
        if let Some(unit) = self.units.mentioned(unit) {
            self.put_entry(subject, unit, None);
        }
    }

    fn put_entry(&mut self, subject: SubjectId, unit: u32, entry: Option<CompactEntry<'_>>) {
        let feeds = |entry: CompactEntry<'_>| entry.feeds();
        let held = self.holders.get(&subject).map(|holder| &holder.entries);
        let was_listed = held.is_some_and(|entries| !entries.is_empty());
        let old = held.and_then(|entries| entries.find(unit)).map(feeds);
        let new = entry.map(feeds);
        if let Some(feeds) = old.filter(|_| old != new) {
            self.leave(Post { unit, feeds }, subject);
        }
        if let Some(feeds) = new.filter(|_| old != new) {
            self.posts.upsert(Post { unit, feeds }, |subjects| subjects.insert(subject));
        }
        self.change_holder(subject, |holder| holder.entries.set(unit, entry));
        self.list_holder(subject, was_listed);
    }

    fn change_holder(&mut self, subject: SubjectId, change: impl FnOnce(&mut Holder)) {
        self.holders.upsert(subject, change);
        let holder = self.holders.get(&subject);
        if holder.is_some_and(|holder| holder.membership.is_none() && holder.entries.is_empty()) {
            self.holders.remove(&subject);
        }
    }

    fn list_holder(&mut self, subject: SubjectId, was_listed: bool) {
        match self.holders.get(&subject).is_some_and(|holder| !holder.entries.is_empty()) {
            is_listed if is_listed == was_listed => (),
            true => self.with_entries.insert(subject),
            false => self.with_entries.remove(&subject),
        }
    }

    fn leave(&mut self, post: Post, subject: SubjectId) {
        let Some(subjects) = self.posts.get_mut(&post) else { return };
        subjects.remove(&subject);
        if subjects.is_empty() {
            self.posts.remove(&post);
        }
    }
}
