//! A role that goes is taken from all who hold it.

use std::collections::BTreeSet;
use std::iter::successors;

use varco_domain::{EventKind, OrganizationId, RoleId, SubjectEntries, UnitId, UnitTree};

use super::alter::changes;
use super::clear::apply_changes;
use crate::storage::{StorageError, UnitAncestors};
use crate::write::Write;

/// Revokes a role from every entry that holds it, in an organization that must be locked. Gives
/// how many there were.
pub(crate) async fn revoke_role_everywhere(
    write: &mut Write<'_>,
    organization: OrganizationId,
    role: RoleId,
) -> Result<usize, StorageError> {
    let holders = write.work().assignments().holders(organization, role).await?;
    let entries = write.work().assignments().of_subjects(organization, &holders).await?;
    let units: BTreeSet<UnitId> = entries.values().flat_map(|entries| units_with(entries, role)).collect();
    let units: Vec<UnitId> = units.into_iter().collect();
    let tree = write.work().units().ancestors(organization, &units).await?;

    let mut all = Vec::new();
    for (subject, before) in &entries {
        let after = without_role(before, &tree, role);
        all.extend(changes(*subject, before, &after));
    }
    all.sort_unstable_by_key(|change| (change.subject, change.unit));
    apply_changes(write, organization, EventKind::AssignmentRevoked, &all).await?;
    Ok(all.len())
}

/// From the top down: whether an entry left empty must stay depends on those above it as they
/// will be.
fn without_role(before: &SubjectEntries, tree: &UnitAncestors, role: RoleId) -> SubjectEntries {
    let mut after = before.clone();
    let mut units: Vec<UnitId> = units_with(before, role).collect();
    units.sort_unstable_by_key(|unit| successors(tree.parent(*unit), |above| tree.parent(*above)).count());
    for unit in units {
        // Only what is inherited is refused, and nothing is inherited where an entry stands.
        let _ = after.revoke(tree, unit, &BTreeSet::from([role]));
    }
    after
}

fn units_with(entries: &SubjectEntries, role: RoleId) -> impl Iterator<Item = UnitId> {
    entries.iter().filter(move |(_, entry)| entry.roles.contains(&role)).map(|(unit, _)| unit)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use uuid::Uuid;
    use varco_domain::{Entry, Id, Kind};

    use super::*;

    fn id<K: Kind>(number: u128) -> Id<K> {
        Id::from_uuid(Uuid::from_u128(number))
    }

    fn entry(roles: &[u128], propagates: bool, barrier: bool) -> Entry {
        Entry { roles: roles.iter().map(|role| id(*role)).collect(), propagates, barrier }
    }

    /// Takes role 1 from entries in the chain of units 1, 2, 3 from the root down.
    fn without_role_1(entries: &[(u128, Entry)]) -> Vec<(UnitId, Entry)> {
        let tree = UnitAncestors([(id(1), None), (id(2), Some(id(1))), (id(3), Some(id(2)))].into());
        let entries: BTreeMap<UnitId, Entry> = entries.iter().map(|(unit, entry)| (id(*unit), entry.clone())).collect();
        let after = without_role(&SubjectEntries::new(entries), &tree, id(1));
        after.iter().map(|(unit, entry)| (unit, entry.clone())).collect()
    }

    #[test]
    fn other_roles_of_an_entry_stay() {
        assert_eq!(without_role_1(&[(2, entry(&[1, 7], true, false))]), [(id(2), entry(&[7], true, false))]);
    }

    #[test]
    fn an_entry_left_empty_stays_where_something_above_would_come_in() {
        let above = entry(&[7], true, false);
        let left = without_role_1(&[(1, above.clone()), (3, entry(&[1], false, false))]);

        assert_eq!(left, [(id(1), above), (id(3), entry(&[], false, false))]);
    }

    #[test]
    fn an_entry_left_empty_stays_where_it_is_a_barrier() {
        assert_eq!(without_role_1(&[(2, entry(&[1], false, true))]), [(id(2), entry(&[], false, true))]);
    }

    #[test]
    fn entries_that_fed_only_each_other_all_disappear() {
        let left = without_role_1(&[(1, entry(&[1], true, false)), (3, entry(&[1], false, false))]);

        assert_eq!(left, []);
    }
}
