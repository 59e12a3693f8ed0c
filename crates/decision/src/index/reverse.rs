use std::collections::BTreeSet;
use std::ops::Bound;

use varco_domain::{OrganizationId, SubjectId, UnitId, UnitTree};

use super::Moment;
use super::merged::Merged;
use super::organization::{Organization, Post};

impl Moment<'_> {
    /// Where a subject may do this: at most `limit` units, by id, those behind `after`.
    pub fn units_with(
        self,
        organization: OrganizationId,
        subject: SubjectId,
        permission: &str,
        after: Option<UnitId>,
        limit: usize,
    ) -> Vec<UnitId> {
        let Some(member) = self.member(organization, subject).filter(|member| member.admit().is_ok()) else {
            return Vec::new();
        };
        let Some(permission) = self.index.permissions.find(permission, &member.organization.subscribed) else {
            return Vec::new();
        };
        let allowed = member.reach(after, limit).filter(|(_, unit)| member.judge(*unit, permission).is_ok());
        allowed.map(|(id, _)| id).take(limit).collect()
    }

    /// Who may do this here: at most `limit` subjects, by id, those behind `after`.
    pub fn subjects_with(
        self,
        organization: OrganizationId,
        permission: &str,
        unit: UnitId,
        after: Option<SubjectId>,
        limit: usize,
    ) -> Vec<SubjectId> {
        let Some(organization) = self.index.organizations.get(&organization) else { return Vec::new() };
        let Some(unit) = organization.units.find(unit) else { return Vec::new() };
        let Some(permission) = self.index.permissions.find(permission, &organization.subscribed) else {
            return Vec::new();
        };
        let is_allowed = |subject: &SubjectId| {
            let member = self.member_of(organization, *subject);
            member.is_some_and(|member| member.admit().is_ok() && member.judge(unit, permission).is_ok())
        };
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        organization.subjects_at(&[unit], from).filter(is_allowed).take(limit).collect()
    }
}

impl Organization {
    /// In order, everyone who has an entry at one of these units, or one above that could feed it.
    pub(super) fn subjects_at(&self, units: &[u32], from: Bound<SubjectId>) -> Merged<'_> {
        let mut places = BTreeSet::new();
        for unit in units {
            places.extend([(*unit, false), (*unit, true)]);
            let tree = self.units.walk();
            let mut above = tree.parent(*unit);
            while let Some(unit) = above {
                places.insert((unit, true));
                above = tree.parent(unit);
            }
        }
        let posts = places.into_iter().filter_map(|(unit, feeds)| self.posts.get(&Post { unit, feeds }));
        Merged::new(posts.map(|subjects| subjects.from(from)))
    }
}
