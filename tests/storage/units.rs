use std::collections::HashMap;

use varco_application::storage::{StorageError, UniqueKey, UnitAncestors, UnitQuery, UnitScope};
use varco_domain::*;
use varco_persistence::SeaStore;
use varco_testkit::databases::TestDatabase;
use varco_testkit::on_every_database;

use crate::world::*;

/// A root with two branches, one of them two deep.
struct Tree {
    tenant: Tenant,
    left: Unit,
    right: Unit,
    leaf: Unit,
}

async fn tree(store: &SeaStore) -> Tree {
    let tenant = tenant(store, "Acme").await;
    let left = unit(tenant.id(), Some(&tenant.root), "Left");
    let right = unit(tenant.id(), Some(&tenant.root), "Right");
    let leaf = unit(tenant.id(), Some(&left), "Leaf");
    commit!(store, |work| work.units().insert(&left), work.units().insert(&right), work.units().insert(&leaf));
    Tree { tenant, left, right, leaf }
}

fn query(scope: UnitScope) -> UnitQuery {
    UnitQuery { scope, words: SearchWords::default(), after: None, limit: 100 }
}

async fn listed(store: &SeaStore, organization: OrganizationId, scope: UnitScope) -> Vec<String> {
    let mut work = read(store).await;
    let page = work.units().list(organization, &query(scope)).await.unwrap();
    assert_eq!(work.units().count(organization, &query(scope)).await.unwrap(), page.items.len() as u64);
    page.items.iter().map(|unit| unit.name.to_string()).collect()
}

on_every_database! {
    async fn a_unit_reads_back_in_its_organization_alone(database: TestDatabase) {
        let store = database.open().await;
        let Tree { tenant: acme, leaf, .. } = tree(&store).await;
        let other = tenant(&store, "Other").await;
        let mut work = read(&store).await;

        assert_eq!(work.units().find(acme.id(), leaf.id).await.unwrap(), Some(leaf.clone()));
        assert_eq!(work.units().find(other.id(), leaf.id).await.unwrap(), None);
        assert_eq!(work.units().subtree(other.id(), leaf.id).await.unwrap(), []);
        assert_eq!(work.units().ancestors(other.id(), &[leaf.id]).await.unwrap(), UnitAncestors::default());
    }

    async fn siblings_have_different_names(database: TestDatabase) {
        let store = database.open().await;
        let Tree { tenant, left, mut right, .. } = tree(&store).await;
        commit!(store, |work| work.units().insert(&unit(tenant.id(), Some(&left), "LEFT")));

        let mut work = begin(&store).await;
        let refused = work.units().insert(&unit(tenant.id(), Some(&tenant.root), "LEFT")).await;
        assert!(matches!(refused, Err(StorageError::Duplicate(UniqueKey::UnitName))), "{refused:?}");
        drop(work);
        right.name = label("left");
        let mut work = begin(&store).await;
        let refused = work.units().update(&mut right).await;
        assert!(matches!(refused, Err(StorageError::Duplicate(UniqueKey::UnitName))), "{refused:?}");
    }

    async fn a_unit_cannot_hang_in_another_organization(database: TestDatabase) {
        let store = database.open().await;
        let Tree { left, .. } = tree(&store).await;
        let other = tenant(&store, "Other").await;

        let mut work = begin(&store).await;
        let refused = work.units().insert(&unit(other.id(), Some(&left), "Stray")).await;
        assert!(matches!(refused, Err(StorageError::Contention)), "{refused:?}");
    }

    async fn an_update_of_an_old_unit_is_stale(database: TestDatabase) {
        let store = database.open().await;
        let Tree { tenant, right, mut leaf, .. } = tree(&store).await;
        let mut stale = leaf.clone();
        leaf.kind = UnitKind::Project;
        leaf.parent = Some(right.id);
        commit!(store, |work| work.units().update(&mut leaf));

        let mut work = begin(&store).await;
        let refused = work.units().update(&mut stale).await;
        assert!(matches!(refused, Err(StorageError::Stale)), "{refused:?}");
        drop(work);
        assert_eq!(read(&store).await.units().find(tenant.id(), leaf.id).await.unwrap(), Some(leaf));
    }

    async fn ancestors_are_the_parents_up_to_the_root(database: TestDatabase) {
        let store = database.open().await;
        let Tree { tenant, left, right, leaf } = tree(&store).await;
        let mut work = read(&store).await;

        let found = work.units().ancestors(tenant.id(), &[leaf.id, right.id, leaf.id, id()]).await.unwrap();
        let root = tenant.root.id;
        let expected =
            HashMap::from([(leaf.id, Some(left.id)), (left.id, Some(root)), (right.id, Some(root)), (root, None)]);
        assert_eq!(found, UnitAncestors(expected));
        assert_eq!(work.units().ancestors(tenant.id(), &[]).await.unwrap(), UnitAncestors::default());
    }

    async fn a_subtree_has_parents_before_children(database: TestDatabase) {
        let store = database.open().await;
        let Tree { tenant, left, right, leaf } = tree(&store).await;
        let mut work = read(&store).await;

        let whole = work.units().subtree(tenant.id(), tenant.root.id).await.unwrap();
        assert_eq!(whole, [tenant.root, left.clone(), right, leaf.clone()]);
        assert_eq!(work.units().subtree(tenant.organization.id, left.id).await.unwrap(), [left, leaf]);
        assert_eq!(work.units().subtree(tenant.organization.id, id()).await.unwrap(), []);
    }

    async fn units_are_listed_in_each_scope(database: TestDatabase) {
        let store = database.open().await;
        let Tree { tenant, left, .. } = tree(&store).await;

        assert_eq!(listed(&store, tenant.id(), UnitScope::Whole).await, ["Acme", "Left", "Right", "Leaf"]);
        assert_eq!(listed(&store, tenant.id(), UnitScope::Children(tenant.root.id)).await, ["Left", "Right"]);
        assert_eq!(listed(&store, tenant.id(), UnitScope::Subtree(left.id)).await, ["Left", "Leaf"]);
        assert!(listed(&store, tenant.id(), UnitScope::Subtree(id())).await.is_empty());
    }

    async fn a_walk_meets_every_unit_once_while_others_are_made(database: TestDatabase) {
        let store = database.open().await;
        let Tree { tenant, left, right, leaf } = tree(&store).await;
        let (mut seen, mut after) = (Vec::new(), None);
        for made in 0.. {
            let query = UnitQuery { after, limit: 1, ..query(UnitScope::Subtree(tenant.root.id)) };
            let page = read(&store).await.units().list(tenant.id(), &query).await.unwrap();
            seen.extend(page.items.iter().map(|unit| unit.id));
            after = page.items.last().map(|unit| unit.id);
            if made == 0 {
                commit!(store, |work| work.units().insert(&unit(tenant.id(), Some(&leaf), "Late")));
            }
            if !page.has_more {
                break;
            }
        }
        assert_eq!(seen[..4], [tenant.root.id, left.id, right.id, leaf.id]);
        assert_eq!(seen.len(), 5);
    }

    async fn depths_shift_together(database: TestDatabase) {
        let store = database.open().await;
        let Tree { tenant, left, right, leaf } = tree(&store).await;
        commit!(store, |work| work.units().shift_depth(tenant.id(), &[left.id, leaf.id], 4),
            work.units().shift_depth(tenant.id(), &[left.id], -1), work.units().shift_depth(tenant.id(), &[], 1));

        let mut work = read(&store).await;
        let whole = work.units().list(tenant.id(), &query(UnitScope::Whole)).await.unwrap().items;
        let depths: Vec<_> = whole.iter().map(|unit| (unit.id, unit.depth, unit.version)).collect();
        let first = Version::FIRST;
        let expected = [(tenant.root.id, 1, first), (left.id, 5, first), (right.id, 2, first), (leaf.id, 7, first)];
        assert_eq!(depths, expected);
    }

    async fn units_are_deleted_in_any_order(database: TestDatabase) {
        let store = database.open().await;
        let Tree { tenant, left, right, leaf } = tree(&store).await;
        commit!(store, |work| work.units().delete(tenant.id(), &[left.id, leaf.id]));

        assert_eq!(listed(&store, tenant.id(), UnitScope::Whole).await, ["Acme", "Right"]);
        commit!(store, |work| work.units().delete(tenant.id(), &[]),
            work.units().insert(&unit(tenant.id(), Some(&right), "Left")));
    }

    async fn a_unit_with_entries_or_with_units_below_stays(database: TestDatabase) {
        let store = database.open().await;
        let Tree { tenant, left, leaf, .. } = tree(&store).await;
        let ana = member(&store, tenant.id(), "ana").await;
        let assigned = put(SubjectId::User(ana.user.id), leaf.id, &entry(&[]));
        commit!(store, |work| work.assignments().apply(tenant.id(), &[assigned]));

        for kept in [left.id, leaf.id] {
            let refused = attempt!(store, |work| work.units().delete(tenant.id(), &[kept]));
            assert!(refused.as_ref().is_err_and(|error| error.starts_with("Contention")), "{refused:?}");
        }
    }
}
