use std::collections::{BTreeMap, HashMap};

use varco_application::storage::EntryChange;
use varco_domain::*;
use varco_persistence::SeaStore;
use varco_testkit::databases::TestDatabase;
use varco_testkit::on_every_database;

use crate::world::*;

/// An organization with two roles, a unit below its root, a user and a service account.
struct Stage {
    tenant: Tenant,
    below: Unit,
    reader: RoleId,
    editor: RoleId,
    ana: SubjectId,
    robot: SubjectId,
}

async fn stage(store: &SeaStore) -> Stage {
    let tenant = tenant(store, "Acme").await;
    let below = unit(tenant.id(), Some(&tenant.root), "Below");
    let (reader, editor) = (role(tenant.id(), "Reader"), role(tenant.id(), "Editor"));
    let robot = service_account(Some(tenant.id()), "robot");
    commit!(
        store,
        |work| work.units().insert(&below),
        work.roles().insert(&reader),
        work.roles().insert(&editor),
        work.service_accounts().insert(&robot)
    );
    let ana = SubjectId::User(member(store, tenant.id(), "ana").await.user.id);
    Stage { below, reader: reader.id, editor: editor.id, ana, robot: SubjectId::ServiceAccount(robot.id), tenant }
}

fn change(subject: SubjectId, unit: UnitId, before: Option<&Entry>, after: Option<&Entry>) -> EntryChange {
    EntryChange { subject, unit, before: before.cloned(), after: after.cloned() }
}

async fn all(store: &SeaStore, stage: &Stage) -> HashMap<SubjectId, SubjectEntries> {
    let subjects = [stage.ana, stage.robot, stage.ana, SubjectId::User(id())];
    read(store).await.assignments().of_subjects(stage.tenant.id(), &subjects).await.unwrap()
}

on_every_database! {
    async fn entries_read_back_with_their_roles_and_flags(database: TestDatabase) {
        let store = database.open().await;
        let stage = stage(&store).await;
        let (root, below) = (stage.tenant.root.id, stage.below.id);
        let both = entry(&[stage.reader, stage.editor]);
        let empty = Entry { barrier: true, ..Entry::default() };
        let changes = [put(stage.ana, root, &both), put(stage.ana, below, &empty), put(stage.robot, below, &both)];
        commit!(store, |work| work.assignments().apply(stage.tenant.id(), &changes));

        let expected = HashMap::from([
            (stage.ana, entries([(root, both.clone()), (below, empty)])),
            (stage.robot, entries([(below, both)])),
        ]);
        assert_eq!(all(&store, &stage).await, expected);
        let other = tenant(&store, "Other").await.id();
        let seen = read(&store).await.assignments().of_subjects(other, &[stage.ana]).await.unwrap();
        assert!(seen.is_empty(), "{seen:?}");
    }

    async fn changes_replace_and_delete_what_was_there(database: TestDatabase) {
        let store = database.open().await;
        let stage = stage(&store).await;
        let (root, below) = (stage.tenant.root.id, stage.below.id);
        let (reads, edits) = (entry(&[stage.reader]), Entry { barrier: true, propagates: false, ..entry(&[stage.editor]) });
        let first = [put(stage.ana, root, &reads), put(stage.ana, below, &reads), put(stage.robot, root, &reads)];
        commit!(store, |work| work.assignments().apply(stage.tenant.id(), &first));
        let second = [
            change(stage.ana, root, Some(&reads), Some(&edits)),
            change(stage.ana, below, Some(&reads), None),
            change(stage.robot, root, Some(&reads), Some(&reads)),
            change(stage.robot, below, None, None),
        ];
        commit!(store, |work| work.assignments().apply(stage.tenant.id(), &second));

        let expected =
            HashMap::from([(stage.ana, entries([(root, edits)])), (stage.robot, entries([(root, reads)]))]);
        assert_eq!(all(&store, &stage).await, expected);
    }

    async fn roles_are_added_to_and_taken_from_an_entry(database: TestDatabase) {
        let store = database.open().await;
        let stage = stage(&store).await;
        let root = stage.tenant.root.id;
        let (reads, edits) = (entry(&[stage.reader]), entry(&[stage.editor]));
        let (both, none) = (entry(&[stage.reader, stage.editor]), entry(&[]));
        let mut before = None;
        for after in [&reads, &both, &edits, &none, &reads] {
            let step = change(stage.ana, root, before, Some(after));
            commit!(store, |work| work.assignments().apply(stage.tenant.id(), &[step]));
            assert_eq!(all(&store, &stage).await[&stage.ana], SubjectEntries::new(BTreeMap::from([(root, after.clone())])));
            before = Some(after);
        }
    }

    async fn holders_and_subjects_are_sorted_and_named_once(database: TestDatabase) {
        let store = database.open().await;
        let stage = stage(&store).await;
        let (root, below) = (stage.tenant.root.id, stage.below.id);
        let (reads, empty) = (entry(&[stage.reader]), entry(&[]));
        let changes = [put(stage.robot, root, &reads), put(stage.ana, root, &reads), put(stage.ana, below, &reads)];
        let bea = SubjectId::User(member(&store, stage.tenant.id(), "bea").await.user.id);
        commit!(store, |work| work.assignments().apply(stage.tenant.id(), &changes),
            work.assignments().apply(stage.tenant.id(), &[put(bea, below, &empty)]));
        let mut work = read(&store).await;

        let organization = stage.tenant.id();
        assert_eq!(work.assignments().holders(organization, stage.reader).await.unwrap(), [stage.ana, stage.robot]);
        assert_eq!(work.assignments().holders(organization, stage.editor).await.unwrap(), []);
        let at = work.assignments().subjects_at(organization, &[below, root, below]).await.unwrap();
        assert_eq!(at, [stage.ana, bea, stage.robot]);
        assert_eq!(work.assignments().subjects_at(organization, &[below]).await.unwrap(), [stage.ana, bea]);
        assert_eq!(work.assignments().subjects_at(organization, &[]).await.unwrap(), []);
        assert_eq!(work.assignments().subjects_at(id(), &[below]).await.unwrap(), []);
    }

    async fn an_entry_cannot_reach_into_another_organization(database: TestDatabase) {
        let store = database.open().await;
        let stage = stage(&store).await;
        let other = tenant(&store, "Other").await;
        let stray_unit = put(stage.ana, stage.below.id, &entry(&[]));
        let stray_role = put(stage.ana, other.root.id, &entry(&[stage.reader]));

        for stray in [stray_unit, stray_role] {
            let refused = attempt!(store, |work| work.assignments().apply(other.id(), &[stray]));
            assert!(refused.as_ref().is_err_and(|error| error.starts_with("Contention")), "{refused:?}");
        }
    }
}
