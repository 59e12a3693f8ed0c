use std::ops::Bound;
use std::sync::Arc;

use varco_domain::{Entry, OrganizationId, RoleId, SubjectId, Timestamp, UnitId, UserId, UserStatus};

use super::Index;
use crate::{CellFilter, Fact};

const SIZE: usize = 20_000;

fn bytes(number: usize) -> [u8; 10] {
    let mut bytes = [0; 10];
    bytes[2..].copy_from_slice(&(number as u64).to_be_bytes());
    bytes
}

fn organization(number: usize) -> OrganizationId {
    OrganizationId::generate(Timestamp::EPOCH, bytes(number))
}

fn unit(number: usize) -> UnitId {
    UnitId::generate(Timestamp::EPOCH, bytes(number))
}

fn subject(number: usize) -> SubjectId {
    SubjectId::User(UserId::generate(Timestamp::EPOCH, bytes(number)))
}

fn entry(organization: OrganizationId, holder: usize, at: usize) -> Fact {
    let roles = [RoleId::generate(Timestamp::EPOCH, bytes(0))].into();
    Fact::Entry {
        organization,
        subject: subject(holder),
        unit: unit(at),
        entry: Entry { roles, propagates: true, barrier: false },
    }
}

/// A root and 20,000 units below it; as many members: the even ones have a role at the root, the
/// odd ones each at a unit of their own.
fn large_index() -> Index {
    let mut index = Index::default();
    let it = organization(0);
    index.apply(&Fact::Unit { organization: organization(1), unit: unit(0), parent: None });
    index.apply(&Fact::Unit { organization: it, unit: unit(0), parent: None });
    for number in 1..=SIZE {
        let SubjectId::User(user) = subject(number) else { unreachable!() };
        index.apply(&Fact::Unit { organization: it, unit: unit(number), parent: Some(unit(0)) });
        index.apply(&Fact::Account { user, status: UserStatus::Active });
        index.apply(&Fact::Member { organization: it, subject: subject(number), app_access: true, expires_at: None });
        index.apply(&entry(it, number, if number % 2 == 0 { 0 } else { number }));
    }
    index
}

#[test]
fn a_late_page_looks_at_no_more_than_an_early_one() {
    let index = large_index();
    let it = index.organizations.get(&organization(0)).unwrap();
    let place = it.units.find(unit(SIZE - 1)).unwrap();
    for start in [2, SIZE / 2, SIZE - 200] {
        // Everyone posted there or above holds roles there, so a page of 50 looks at 50.
        let page = it.subjects_at(&[place], Bound::Excluded(subject(start))).take(50);
        let held = page
            .filter(|candidate| !index.at(Timestamp::EPOCH).member_of(it, *candidate).unwrap().roles(place).is_empty());
        assert_eq!(held.count(), 50);
    }
}

#[test]
fn a_late_page_of_cells_begins_where_the_last_one_ended() {
    let index = large_index();
    let filter = CellFilter::default();
    for start in [3, SIZE / 2 + 1, SIZE - 201] {
        let after = Some((subject(start), unit(start)));
        let page = index.at(Timestamp::EPOCH).cells(organization(0), &filter, after, 50);
        assert_eq!((page.len(), page[0].subject, page[0].unit), (50, subject(start + 1), unit(0)));
        assert_eq!(page[49].unit, unit(49));
    }
}

#[test]
fn a_member_with_few_units_is_not_looked_for_in_all() {
    let index = large_index();
    let few = index.at(Timestamp::EPOCH).member(organization(0), subject(SIZE - 1)).unwrap();
    assert_eq!(few.reach(None, 50).count(), 1);
    let many = index.at(Timestamp::EPOCH).member(organization(0), subject(SIZE)).unwrap();
    let late = many.reach(Some(unit(SIZE - 100)), 50).take(50);
    assert!(late.map(|(id, _)| id).eq((SIZE - 99..SIZE - 49).map(unit)));
}

#[test]
fn a_change_copies_what_lies_on_its_way_and_leaves_the_clone_alone() {
    let before = large_index();
    let mut after = before.clone();
    after.apply(&entry(organization(0), 7, 8));

    let of = |index: &Index, number| index.organizations.get(&organization(number)).cloned().unwrap();
    assert!(Arc::ptr_eq(&of(&before, 1), &of(&after, 1)));
    assert_eq!(before.accounts.copied_buckets(&after.accounts), 0);
    let (then, now) = (of(&before, 0), of(&after, 0));
    assert!(then.units.is_shared_with(&now.units));
    assert_eq!(then.holders.copied_buckets(&now.holders), 1);
    assert!(then.posts.copied_buckets(&now.posts) <= 2);
    assert_eq!(then.with_entries.copied_leaves(&now.with_entries), 0);
    assert!(before.at(Timestamp::EPOCH).cell(organization(0), subject(7), unit(8)).unwrap().roles.is_empty());
    assert_eq!(after.at(Timestamp::EPOCH).cell(organization(0), subject(7), unit(8)).unwrap().roles.len(), 1);
}

#[test]
fn control_an_index_built_anew_shares_nothing() {
    let (one, other) = (large_index(), large_index());
    let of = |index: &Index| index.organizations.get(&organization(0)).cloned().unwrap();
    assert!(!of(&one).units.is_shared_with(&of(&other).units));
    assert!(of(&one).posts.copied_buckets(&of(&other).posts) > 100);
    assert!(of(&one).with_entries.copied_leaves(&of(&other).with_entries) > 100);
    assert!(one.accounts.copied_buckets(&other.accounts) > 1000);
}
