//! Sets of every size that a statement may be split at.

use std::collections::BTreeMap;

use varco_application::decision::Fact;
use varco_application::storage::{EntryChange, EventKey};
use varco_domain::*;
use varco_persistence::SeaStore;
use varco_testkit::databases::TestDatabase;
use varco_testkit::on_every_database;

use crate::world::*;

const SIZES: [usize; 6] = [0, 1, 999, 1000, 1001, 40_000];

/// An organization with a role and so many subjects, who need no accounts here.
async fn crowd(store: &SeaStore, size: usize) -> (Tenant, RoleId, Vec<SubjectId>) {
    let tenant = tenant(store, &format!("Crowd {size}")).await;
    let role = role(tenant.id(), "Role");
    commit!(store, |work| work.roles().insert(&role));
    (tenant, role.id, (0..size).map(|_| SubjectId::User(id())).collect())
}

async fn apply(store: &SeaStore, organization: OrganizationId, changes: &[EntryChange]) {
    let mut events: Vec<Event> = changes
        .iter()
        .map(|change| {
            event(Some(organization), EventKind::AssignmentGranted, &[("subject", &change.subject.to_string())])
        })
        .collect();
    commit!(store, |work| work.assignments().apply(organization, changes), work.log().append(&mut events));
}

on_every_database! {
    async fn entries_and_events_of_any_number_are_stored_together(database: TestDatabase) {
        let store = database.open().await;
        for size in SIZES {
            let (tenant, role, subjects) = crowd(&store, size).await;
            let granted = entry(&[role]);
            let grants: Vec<_> = subjects.iter().map(|subject| put(*subject, tenant.root.id, &granted)).collect();
            apply(&store, tenant.id(), &grants).await;

            let mut work = read(&store).await;
            let found = work.assignments().of_subjects(tenant.id(), &subjects).await.unwrap();
            assert_eq!(found.len(), size);
            let expected = SubjectEntries::new(BTreeMap::from([(tenant.root.id, granted)]));
            assert!(found.values().all(|entries| *entries == expected));
            assert_eq!(work.assignments().holders(tenant.id(), role).await.unwrap(), subjects);
            let revision = work.log().head().await.unwrap();
            let start = EventKey { revision: Revision::new(revision.get() - 1), ordinal: u32::MAX };
            let events = work.log().after(start, size + 1).await.unwrap();
            assert_eq!(events.len(), size);
            assert!((0..).zip(&events).all(|(ordinal, event)| event.ordinal == ordinal && event.revision == revision));
            drop(work);

            let revokes: Vec<_> =
                grants.into_iter().map(|grant| EntryChange { before: grant.after, after: None, ..grant }).collect();
            apply(&store, tenant.id(), &revokes).await;
            let left = read(&store).await.assignments().of_subjects(tenant.id(), &subjects).await.unwrap();
            assert!(left.is_empty(), "{size}");
        }
    }

    async fn identifiers_of_any_number_are_looked_up(database: TestDatabase) {
        let store = database.open().await;
        let tenant = tenant(&store, "Acme").await;
        let ana = member(&store, tenant.id(), "ana").await.user.id;
        let role = role(tenant.id(), "Role");
        commit!(store, |work| work.roles().insert(&role));
        for size in SIZES {
            let mut users: Vec<UserId> = (1..size).map(|_| id()).collect();
            let mut units: Vec<UnitId> = (1..size).map(|_| id()).collect();
            let mut roles: Vec<RoleId> = (1..size).map(|_| id()).collect();
            users.push(ana);
            units.push(tenant.root.id);
            roles.push(role.id);
            let keys: Vec<_> = (0..size).map(|place| permission(&format!("privacy:register.p{place}"))).collect();
            let mut work = read(&store).await;

            assert_eq!(work.users().members_among(tenant.id(), &users).await.unwrap(), [ana]);
            assert_eq!(work.roles().existing_among(tenant.id(), &roles).await.unwrap(), [role.id]);
            assert_eq!(work.units().ancestors(tenant.id(), &units).await.unwrap().0.len(), 1);
            assert_eq!(work.assignments().subjects_at(tenant.id(), &units).await.unwrap(), []);
            assert_eq!(work.roles().granted_among(None, &keys).await.unwrap(), []);
            assert_eq!(work.catalogs().grantable_among(tenant.id(), &keys).await.unwrap(), []);
        }
    }

    async fn a_chain_of_units_is_deleted_across_statements(database: TestDatabase) {
        let store = database.open().await;
        let tenant = tenant(&store, "Acme").await;
        let mut work = begin(&store).await;
        let mut made: Vec<UnitId> = Vec::new();
        let mut above = tenant.root.clone();
        for place in 0..200 {
            let next = unit(tenant.id(), Some(&above), &format!("unit {place}"));
            work.units().insert(&next).await.unwrap();
            made.push(next.id);
            above = if place % 30 == 29 { tenant.root.clone() } else { next };
        }
        // Parents first, children in the last of several statements.
        let mut ids: Vec<UnitId> = made.iter().copied().chain((0..40_000).map(|_| id())).collect();
        let last = ids.len() - 1;
        ids.swap(1, last);
        work.units().shift_depth(tenant.id(), &ids, 3).await.unwrap();
        work.units().delete(tenant.id(), &ids).await.unwrap();
        work.commit().await.unwrap();

        assert_eq!(read(&store).await.units().subtree(tenant.id(), tenant.root.id).await.unwrap(), [tenant.root]);
    }

    async fn facts_are_complete_past_every_page(database: TestDatabase) {
        let store = database.open().await;
        let (tenant, role, subjects) = crowd(&store, 25_000).await;
        let below = unit(tenant.id(), Some(&tenant.root), "Below");
        let (granted, empty) = (entry(&[role]), Entry { barrier: true, ..entry(&[]) });
        let grants: Vec<_> = subjects
            .iter()
            .flat_map(|subject| [put(*subject, tenant.root.id, &granted), put(*subject, below.id, &empty)])
            .collect();
        commit!(store, |work| work.units().insert(&below), work.assignments().apply(tenant.id(), &grants));

        let (mut full, mut bare) = (0, 0);
        let mut count = |fact| match fact {
            Fact::Entry { entry, unit, .. } if unit == below.id && entry == empty => bare += 1,
            Fact::Entry { entry, unit, .. } if unit == tenant.root.id && entry == granted => full += 1,
            Fact::Entry { .. } => panic!("an entry that nobody stored: {fact:?}"),
            _ => (),
        };
        read(&store).await.log().facts(&mut count).await.unwrap();
        assert_eq!((full, bare), (25_000, 25_000));
    }
}
