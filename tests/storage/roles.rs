use varco_application::storage::{StorageError, UniqueKey};
use varco_domain::*;
use varco_testkit::databases::TestDatabase;
use varco_testkit::on_every_database;

use crate::world::*;

fn predefined(organization: OrganizationId, name: &str) -> Role {
    let key_of_role = PredefinedRoleKey::parse("reader").unwrap();
    let origin = RoleOrigin::Predefined { catalog: key("privacy"), key: key_of_role };
    Role { origin, permissions: permissions(&[]), description: Description::default(), ..role(organization, name) }
}

on_every_database! {
    async fn a_role_reads_back_in_its_organization_alone(database: TestDatabase) {
        let store = database.open().await;
        let (acme, other) = (tenant(&store, "Acme").await.id(), tenant(&store, "Other").await.id());
        let (custom, shipped) = (role(acme, "Editor"), predefined(acme, "Reader"));
        commit!(store, |work| work.roles().insert(&custom), work.roles().insert(&shipped));
        let mut work = read(&store).await;

        assert_eq!(work.roles().find(acme, custom.id).await.unwrap(), Some(custom.clone()));
        assert_eq!(work.roles().find(acme, shipped.id).await.unwrap(), Some(shipped.clone()));
        assert_eq!(work.roles().find(other, custom.id).await.unwrap(), None);
        let asked = [shipped.id, custom.id, id(), custom.id];
        assert_eq!(work.roles().existing_among(acme, &asked).await.unwrap(), [custom.id, shipped.id]);
        assert_eq!(work.roles().existing_among(other, &asked).await.unwrap(), []);
    }

    async fn a_name_is_taken_once_in_an_organization(database: TestDatabase) {
        let store = database.open().await;
        let (acme, other) = (tenant(&store, "Acme").await.id(), tenant(&store, "Other").await.id());
        let mut second = role(acme, "Second");
        commit!(store, |work| work.roles().insert(&role(acme, "Editor")), work.roles().insert(&second),
            work.roles().insert(&role(other, "editor")));

        let mut work = begin(&store).await;
        let refused = work.roles().insert(&role(acme, "EDITOR")).await;
        assert!(matches!(refused, Err(StorageError::Duplicate(UniqueKey::RoleName))), "{refused:?}");
        drop(work);
        second.name = label("editor");
        let mut work = begin(&store).await;
        let refused = work.roles().update(&mut second).await;
        assert!(matches!(refused, Err(StorageError::Duplicate(UniqueKey::RoleName))), "{refused:?}");
    }

    async fn an_update_replaces_the_permissions_or_is_stale(database: TestDatabase) {
        let store = database.open().await;
        let acme = tenant(&store, "Acme").await.id();
        let mut role = role(acme, "Editor");
        commit!(store, |work| work.roles().insert(&role));
        let mut stale = role.clone();
        role.permissions = permissions(&["privacy:register.view", "privacy:Zeta.x", "privacy:a_b.x"]);
        role.name = label("Viewer");
        commit!(store, |work| work.roles().update(&mut role));

        let mut work = begin(&store).await;
        let refused = work.roles().update(&mut stale).await;
        assert!(matches!(refused, Err(StorageError::Stale)), "{refused:?}");
        drop(work);
        assert_eq!(read(&store).await.roles().find(acme, role.id).await.unwrap(), Some(role));
    }

    async fn holders_are_counted_once_however_many_units(database: TestDatabase) {
        let store = database.open().await;
        let tenant = tenant(&store, "Acme").await;
        let (ana, bea) = (member(&store, tenant.id(), "ana").await, member(&store, tenant.id(), "bea").await);
        let (held, unheld) = (role(tenant.id(), "Held"), role(tenant.id(), "Unheld"));
        let below = unit(tenant.id(), Some(&tenant.root), "Below");
        let (ana, bea) = (SubjectId::User(ana.user.id), SubjectId::User(bea.user.id));
        let with = entry(&[held.id]);
        let changes = [put(ana, tenant.root.id, &with), put(ana, below.id, &with), put(bea, below.id, &with)];
        commit!(store, |work| work.units().insert(&below), work.roles().insert(&held), work.roles().insert(&unheld),
            work.assignments().apply(tenant.id(), &changes));
        let mut work = read(&store).await;

        assert_eq!(work.roles().count_holders(tenant.id(), held.id).await.unwrap(), 2);
        assert_eq!(work.roles().count_holders(tenant.id(), unheld.id).await.unwrap(), 0);
        let listed = work.roles().list(tenant.id(), None, None, 10).await.unwrap().items;
        let holders: Vec<_> = listed.iter().map(|summary| (summary.role.id, summary.holders)).collect();
        assert_eq!(holders, [(unheld.id, 0), (held.id, 2)]);
    }

    async fn roles_are_listed_newest_first(database: TestDatabase) {
        let store = database.open().await;
        let acme = tenant(&store, "Acme").await.id();
        let roles = [role(acme, "b"), predefined(acme, "c"), role(acme, "a")];
        for role in &roles {
            commit!(store, |work| work.roles().insert(role));
        }
        let mut work = read(&store).await;

        let first = work.roles().list(acme, None, None, 2).await.unwrap();
        assert!(first.has_more);
        let rest = work.roles().list(acme, None, Some(first.items[1].role.id), 2).await.unwrap();
        assert!(!rest.has_more);
        let listed: Vec<_> = first.items.iter().chain(&rest.items).map(|summary| summary.role.clone()).collect();
        let [oldest, middle, newest] = roles;
        assert_eq!(listed, [newest.clone(), middle.clone(), oldest.clone()]);
        let shipped = work.roles().list(acme, Some(true), None, 5).await.unwrap().items;
        assert_eq!(shipped.iter().map(|summary| &summary.role).collect::<Vec<_>>(), [&middle]);
        let custom = work.roles().list(acme, Some(false), None, 5).await.unwrap().items;
        assert_eq!(custom.iter().map(|summary| &summary.role).collect::<Vec<_>>(), [&newest, &oldest]);
    }

    async fn a_role_goes_unless_someone_holds_it(database: TestDatabase) {
        let store = database.open().await;
        let tenant = tenant(&store, "Acme").await;
        let ana = member(&store, tenant.id(), "ana").await;
        let (held, free) = (role(tenant.id(), "Held"), role(tenant.id(), "Free"));
        let assigned = put(SubjectId::User(ana.user.id), tenant.root.id, &entry(&[held.id]));
        commit!(store, |work| work.roles().insert(&held), work.roles().insert(&free),
            work.assignments().apply(tenant.id(), &[assigned]), work.roles().delete(tenant.id(), free.id));

        let refused = attempt!(store, |work| work.roles().delete(tenant.id(), held.id));
        assert!(refused.as_ref().is_err_and(|error| error.starts_with("Contention")), "{refused:?}");
        assert_eq!(read(&store).await.roles().find(tenant.id(), free.id).await.unwrap(), None);
    }

    async fn granted_permissions_are_found_in_one_organization_or_in_any(database: TestDatabase) {
        let store = database.open().await;
        let (acme, other) = (tenant(&store, "Acme").await.id(), tenant(&store, "Other").await.id());
        commit!(store, |work| work.roles().insert(&role(acme, "Editor")));
        let (edit, unknown) = (permission("privacy:register.edit"), permission("privacy:register.EDIT"));
        let asked = [unknown, edit.clone(), edit.clone()];
        let mut work = read(&store).await;

        assert_eq!(work.roles().granted_among(Some(acme), &asked).await.unwrap(), std::slice::from_ref(&edit));
        assert_eq!(work.roles().granted_among(None, &asked).await.unwrap(), [edit]);
        assert_eq!(work.roles().granted_among(Some(other), &asked).await.unwrap(), []);
        assert_eq!(work.roles().granted_among(None, &[]).await.unwrap(), []);
    }
}
