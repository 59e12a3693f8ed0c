use varco_application::storage::{MemberFilter, MemberOrder, MemberQuery, UnitQuery, UnitScope};
use varco_domain::*;
use varco_persistence::SeaStore;
use varco_testkit::databases::TestDatabase;
use varco_testkit::on_every_database;

use crate::world::*;

fn words(text: &str) -> SearchWords {
    SearchWords::parse(text).unwrap()
}

async fn members(store: &SeaStore, organization: OrganizationId, text: &str) -> Vec<String> {
    let filter = MemberFilter { words: words(text), ..MemberFilter::default() };
    let mut work = read(store).await;
    let count = work.users().count(organization, &filter).await.unwrap();
    let query = MemberQuery { filter, order: MemberOrder::Username { after: None }, limit: 10 };
    let found = work.users().list(organization, &query).await.unwrap().items;
    assert_eq!(count, found.len() as u64, "{text}");
    found.iter().map(|member| member.user.username.to_string()).collect()
}

async fn units(store: &SeaStore, organization: OrganizationId, text: &str) -> Vec<String> {
    let query = UnitQuery { scope: UnitScope::Whole, words: words(text), after: None, limit: 10 };
    let mut work = read(store).await;
    let found = work.units().list(organization, &query).await.unwrap().items;
    assert_eq!(work.units().count(organization, &query).await.unwrap(), found.len() as u64, "{text}");
    found.iter().map(|unit| unit.name.to_string()).collect()
}

fn named(home: OrganizationId, name: &str, first: &str, last: &str) -> User {
    let mut user = user(home, name);
    user.profile.first_name = label(first);
    user.profile.last_name = label(last);
    user
}

on_every_database! {
    async fn every_word_must_begin_a_term_of_a_member(database: TestDatabase) {
        let store = database.open().await;
        let (home, other) = (tenant(&store, "Home").await.id(), tenant(&store, "Other").await.id());
        join(&store, named(home, "maria.rossi", "Maria", "Rossi")).await;
        join(&store, named(home, "mario", "Mario", "de Rosa")).await;
        join(&store, named(home, "jose", "Jos\u{e9}", "\u{d1}and\u{fa}")).await;
        join(&store, named(other, "maria2", "Maria", "Rossi")).await;

        assert_eq!(members(&store, home, "").await, ["jose", "maria.rossi", "mario"]);
        assert_eq!(members(&store, home, "MARI").await, ["maria.rossi", "mario"]);
        assert_eq!(members(&store, home, "ros mari").await, ["maria.rossi", "mario"]);
        assert_eq!(members(&store, home, "rossi maria").await, ["maria.rossi"]);
        assert_eq!(members(&store, home, "rosa de").await, ["mario"]);
        assert_eq!(members(&store, home, "\u{f1}AND").await, ["jose"]);
        assert_eq!(members(&store, home, "maria.rossi@ex").await, ["maria.rossi"]);
        assert_eq!(members(&store, home, "example").await, ["jose", "maria.rossi", "mario"]);
        assert!(members(&store, home, "ossi").await.is_empty(), "a term is not found from its middle");
        assert!(members(&store, home, "maria2").await.is_empty(), "of another organization");
    }

    async fn wildcards_are_characters(database: TestDatabase) {
        let store = database.open().await;
        let tenant = tenant(&store, "Home").await;
        for name in ["100% wool", "100 sheep", "a_b", "axb"] {
            let unit = unit(tenant.id(), Some(&tenant.root), name);
            commit!(store, |work| work.units().insert(&unit));
        }

        assert_eq!(units(&store, tenant.id(), "100%").await, ["100% wool"]);
        assert_eq!(units(&store, tenant.id(), "a_").await, ["a_b"]);
        assert!(units(&store, tenant.id(), "%").await.is_empty());
    }

    async fn a_renamed_unit_and_an_edited_account_are_found_anew(database: TestDatabase) {
        let store = database.open().await;
        let tenant = tenant(&store, "Home").await;
        let mut unit = unit(tenant.id(), Some(&tenant.root), "\u{15e}i\u{15f}li");
        commit!(store, |work| work.units().insert(&unit));
        let mut ana = join(&store, named(tenant.id(), "ana", "Ana", "Verdi")).await.user;
        unit.name = label("Kad\u{131}k\u{f6}y");
        ana.profile.last_name = label("Neri");
        commit!(store, |work| work.units().update(&mut unit), work.users().update(&mut ana));

        assert_eq!(units(&store, tenant.id(), "kad\u{131}").await, ["Kad\u{131}k\u{f6}y"]);
        assert!(units(&store, tenant.id(), "\u{15f}i").await.is_empty());
        assert_eq!(members(&store, tenant.id(), "ner").await, ["ana"]);
        assert!(members(&store, tenant.id(), "ver").await.is_empty());
    }

    async fn a_word_at_the_end_of_unicode_is_a_prefix_too(database: TestDatabase) {
        let store = database.open().await;
        let tenant = tenant(&store, "Home").await;
        for name in ["\u{1f600} team", "\u{d7fb}y"] {
            let unit = unit(tenant.id(), Some(&tenant.root), name);
            commit!(store, |work| work.units().insert(&unit));
        }

        assert_eq!(units(&store, tenant.id(), "\u{1f600}").await, ["\u{1f600} team"]);
        assert_eq!(units(&store, tenant.id(), "\u{d7fb}").await, ["\u{d7fb}y"]);
    }
}
