use varco_application::decision::Fact;
use varco_domain::*;
use varco_persistence::SeaStore;
use varco_testkit::databases::TestDatabase;
use varco_testkit::on_every_database;

use crate::world::*;

async fn facts(store: &SeaStore) -> (Revision, Vec<Fact>) {
    let mut facts = Vec::new();
    let head = read(store).await.log().facts(&mut |fact| facts.push(fact)).await.unwrap();
    (head, facts)
}

on_every_database! {
    async fn an_empty_store_has_no_facts(database: TestDatabase) {
        let store = database.open().await;
        assert_eq!(facts(&store).await, (Revision::ZERO, Vec::new()));
    }

    async fn every_fact_is_given_once(database: TestDatabase) {
        let store = database.open().await;
        let tenant = tenant(&store, "Acme").await;
        let organization = tenant.id();
        let leaf = unit(organization, Some(&tenant.root), "Leaf");
        let (full, empty) = (role(organization, "Full"), Role { permissions: permissions(&[]), ..role(organization, "Empty") });
        let (robot, operator) = (service_account(Some(organization), "robot"), service_account(None, "operator"));
        let ana = join(&store, User { status: UserStatus::Suspended, ..user(organization, "ana") }).await;
        let (user, program) = (SubjectId::User(ana.user.id), SubjectId::ServiceAccount(robot.id));
        let barrier = Entry { roles: [].into(), propagates: false, barrier: true };
        let both = entry(&[full.id, empty.id]);
        let catalog = catalog("privacy", &["a.b", "c.d"]);
        commit!(store, |work| work.units().insert(&leaf), work.roles().insert(&full), work.roles().insert(&empty),
            work.service_accounts().insert(&robot), work.service_accounts().insert(&operator),
            work.catalogs().insert(&catalog), work.organizations().subscribe(organization, &catalog.key),
            work.assignments().apply(organization, &[put(user, leaf.id, &both), put(program, leaf.id, &barrier)]),
            work.log().append(&mut [event(None, EventKind::CatalogApplied, &[])]));

        let expected = vec![
            Fact::Catalog { key: catalog.key.clone(), permissions: ["privacy:a.b", "privacy:c.d"].map(permission).into() },
            Fact::Subscribed { organization, catalog: catalog.key },
            Fact::Account { user: ana.user.id, status: UserStatus::Suspended },
            Fact::Member { organization, subject: user, app_access: true, expires_at: None },
            Fact::Member { organization, subject: program, app_access: true, expires_at: None },
            Fact::Unit { organization, unit: tenant.root.id, parent: None },
            Fact::Unit { organization, unit: leaf.id, parent: Some(tenant.root.id) },
            Fact::Role { organization, role: full.id, permissions: full.permissions.into_iter().collect() },
            Fact::Role { organization, role: empty.id, permissions: Vec::new() },
        ];
        let (head, given) = facts(&store).await;
        assert_eq!(head, Revision::new(1));
        let (given, entries) = given.split_at(expected.len());
        assert_eq!(given, expected);
        assert_eq!(entries.len(), 2);
        assert!(entries.contains(&Fact::Entry { organization, subject: user, unit: leaf.id, entry: both }));
        assert!(entries.contains(&Fact::Entry { organization, subject: program, unit: leaf.id, entry: barrier }));
    }
}
