use std::collections::BTreeSet;

use super::AssignmentRefused as R;
use super::*;
use crate::{Timestamp, UnitId};

/// Units in one line: number 0 is the root, each other one is below the one before.
struct Line;

impl UnitTree<UnitId> for Line {
    fn parent(&self, of: UnitId) -> Option<UnitId> {
        (1..9).find(|number| unit(*number) == of).map(|number| unit(number - 1))
    }
}

fn unit(number: u8) -> UnitId {
    UnitId::generate(Timestamp::EPOCH, [number; 10])
}

fn roles(numbers: &[u8]) -> BTreeSet<RoleId> {
    numbers.iter().map(|number| RoleId::generate(Timestamp::EPOCH, [*number; 10])).collect()
}

const PLAIN: (bool, bool) = (false, false);
const SOURCE: (bool, bool) = (true, false);
const BARRIER: (bool, bool) = (false, true);

fn entries(of: &[(u8, &[u8], (bool, bool))]) -> SubjectEntries {
    let entries = of.iter().map(|(at, held, (propagates, barrier))| {
        (unit(*at), Entry { roles: roles(held), propagates: *propagates, barrier: *barrier })
    });
    SubjectEntries::new(entries.collect())
}

/// The roles at a unit and the unit they come from.
fn held(entries: &SubjectEntries, at: u8) -> (BTreeSet<RoleId>, Option<UnitId>) {
    match entries.provision(&Line, unit(at)) {
        Provision::Direct(entry) => (entry.roles.clone(), None),
        Provision::Inherited { source, entry } => (entry.roles.clone(), Some(source)),
        Provision::Nothing => (BTreeSet::new(), None),
    }
}

#[test]
fn an_entry_decides_alone_where_it_stands() {
    let entries = entries(&[(0, &[1], SOURCE), (1, &[2], PLAIN), (2, &[], PLAIN)]);
    assert_eq!(held(&entries, 1), (roles(&[2]), None));
    assert_eq!(held(&entries, 2), (roles(&[]), None));
}

#[test]
fn the_nearest_source_gives_and_plain_entries_are_passed_over() {
    let entries = entries(&[(0, &[1], SOURCE), (2, &[2], SOURCE), (4, &[3], PLAIN)]);
    assert_eq!(held(&entries, 1), (roles(&[1]), Some(unit(0))));
    assert_eq!(held(&entries, 5), (roles(&[2]), Some(unit(2))));
}

#[test]
fn a_barrier_and_an_empty_source_give_nothing() {
    let entries = entries(&[(0, &[1], SOURCE), (2, &[2], BARRIER), (5, &[], SOURCE)]);
    assert_eq!(held(&entries, 3), (roles(&[]), None));
    assert_eq!(held(&entries, 6), (roles(&[]), None));
}

#[test]
fn revoking_the_last_role_keeps_the_entry_only_where_it_holds_something_back() {
    let revoke = |mut entries: SubjectEntries| {
        entries.revoke(&Line, unit(3), &roles(&[2])).unwrap();
        entries.get(unit(3)).is_some()
    };
    assert!(!revoke(entries(&[(3, &[2], PLAIN)])));
    assert!(revoke(entries(&[(3, &[2], BARRIER)])));
    assert!(revoke(entries(&[(0, &[1], SOURCE), (3, &[2], PLAIN)])));
    assert!(!revoke(entries(&[(0, &[1], SOURCE), (1, &[4], BARRIER), (3, &[2], SOURCE)])));
}

#[test]
fn breaking_copies_the_roles_and_ends_the_chain() {
    let mut entries = entries(&[(0, &[1], SOURCE)]);
    entries.break_inheritance(&Line, unit(2)).unwrap();
    assert_eq!(held(&entries, 2), (roles(&[1]), None));
    assert_eq!(held(&entries, 3), (roles(&[]), None));
    assert_eq!(held(&entries, 1), (roles(&[1]), Some(unit(0))));
}

#[test]
fn keeping_clears_barriers_and_replacing_clears_entries_below() {
    let before = entries(&[(1, &[1], PLAIN), (2, &[2], BARRIER), (4, &[], BARRIER)]);
    let mut kept = before.clone();
    kept.enable(&Line, unit(1), InheritanceMode::Keep).unwrap();
    assert_eq!(kept, entries(&[(1, &[1], SOURCE), (2, &[2], PLAIN)]));
    let mut replaced = before;
    replaced.enable(&Line, unit(1), InheritanceMode::Replace).unwrap();
    assert_eq!(replaced, entries(&[(1, &[1], SOURCE)]));
}

#[test]
fn what_cannot_be_done_is_refused() {
    let mut entries = entries(&[(0, &[1], SOURCE), (3, &[], PLAIN)]);
    let refused = [
        entries.grant(&Line, unit(1), &roles(&[1])),
        entries.revoke(&Line, unit(1), &roles(&[1])),
        entries.enable(&Line, unit(1), InheritanceMode::Keep),
        entries.enable(&Line, unit(3), InheritanceMode::Keep),
        entries.disable(unit(3)),
        entries.break_inheritance(&Line, unit(0)),
    ];
    let expected =
        [R::InheritedHere, R::InheritedHere, R::InheritedHere, R::NoRolesHere, R::NotPropagating, R::NotInherited];
    assert_eq!(refused, expected.map(Err));
}

#[test]
fn changes_name_what_came_what_went_and_what_is_other() {
    let (then, now) = (
        entries(&[(1, &[1], PLAIN), (2, &[2], PLAIN), (3, &[3], PLAIN)]),
        entries(&[(1, &[1], PLAIN), (2, &[4], PLAIN), (5, &[5], PLAIN)]),
    );
    let changes = now.changes_since(&then);
    assert_eq!(
        changes,
        [
            (unit(2), then.get(unit(2)), now.get(unit(2))),
            (unit(3), then.get(unit(3)), None),
            (unit(5), None, now.get(unit(5))),
        ]
    );
}
