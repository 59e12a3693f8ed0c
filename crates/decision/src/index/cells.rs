use std::ops::Bound;

use varco_domain::{OrganizationId, SubjectId, UnitId};

use super::Moment;
use super::member::Member;
use super::organization::Organization;
use super::reach::UnitRow;
use crate::{Cell, CellFilter};

impl Moment<'_> {
    /// What a subject holds at a unit; `None` if one of the two is unknown.
    pub fn cell(self, organization: OrganizationId, subject: SubjectId, unit: UnitId) -> Option<Cell> {
        let member = self.member(organization, subject)?;
        Some(member.cell(member.organization.units.find(unit)?))
    }

    /// The cells that have roles or an entry: at most `limit`, by subject and unit, those behind `after`.
    pub fn cells(
        self,
        organization: OrganizationId,
        filter: &CellFilter<'_>,
        after: Option<(SubjectId, UnitId)>,
        limit: usize,
    ) -> Vec<Cell> {
        let Some(organization) = self.index.organizations.get(&organization) else { return Vec::new() };
        let units = sorted_units(organization, filter.units);
        let subjects = subjects(organization, filter, &units, after.map(|(subject, _)| subject));
        let members = subjects.filter_map(|subject| self.member_of(organization, subject));
        let mut cells = Vec::new();
        for member in members {
            let after = after.filter(|(subject, _)| *subject == member.subject).map(|(_, unit)| unit);
            let room = limit - cells.len();
            let row = if filter.units.is_empty() { member.reach(after, room) } else { behind(&units, after) };
            cells.extend(row.filter_map(|(_, unit)| member.occupied_cell(unit)).take(room));
            if cells.len() == limit {
                break;
            }
        }
        cells
    }
}

impl Member<'_> {
    fn occupied_cell(&self, unit: u32) -> Option<Cell> {
        let is_occupied = self.entries.find(unit).is_some() || !self.roles(unit).is_empty();
        is_occupied.then(|| self.cell(unit))
    }
}

fn sorted_units(organization: &Organization, units: &[UnitId]) -> Vec<(UnitId, u32)> {
    let known = units.iter().filter_map(|unit| organization.units.find(*unit).map(|number| (*unit, number)));
    let mut units: Vec<_> = known.collect();
    units.sort_unstable();
    units.dedup();
    units
}

fn behind(units: &[(UnitId, u32)], after: Option<UnitId>) -> UnitRow<'_> {
    let start = after.map_or(0, |after| units.partition_point(|(unit, _)| *unit <= after));
    Box::new(units[start..].iter().copied())
}

/// Those who may have cells, in order, from one on.
fn subjects<'a>(
    organization: &'a Organization,
    filter: &CellFilter<'_>,
    units: &[(UnitId, u32)],
    start: Option<SubjectId>,
) -> Box<dyn Iterator<Item = SubjectId> + 'a> {
    let from = start.map_or(Bound::Unbounded, Bound::Included);
    if !filter.subjects.is_empty() {
        let mut chosen = filter.subjects.to_vec();
        chosen.retain(|subject| start.is_none_or(|start| start <= *subject));
        chosen.sort_unstable();
        chosen.dedup();
        return Box::new(chosen.into_iter());
    }
    if filter.units.is_empty() {
        return Box::new(organization.with_entries.from(from));
    }
    let units: Vec<_> = units.iter().map(|(_, number)| *number).collect();
    Box::new(organization.subjects_at(&units, from))
}
