//! Controls of what every test ends with: its server's index is what the rows say.

use tokio::task::JoinSet;
use varco_decision::Index;
use varco_testkit::databases::Fixture;
use varco_testkit::{TestServer, on_every_database};

on_every_database! {
    async fn a_row_that_no_event_told_of_is_noticed(server: TestServer) {
        let mine = server.organization("mine").await;
        let user = mine.create_user("anna").await;
        let role = mine.create_role("Reader", &["test:things.view"]).await;
        mine.grant(&user, &mine.root_unit, &[&role]).await;
        assert_eq!(server.index_difference().await, "");
        server.database.tamper("UPDATE memberships SET app_access = false");

        let difference = server.index_difference().await;
        let [kept, rebuilt] = difference.lines().collect::<Vec<_>>()[..] else { panic!("{difference}") };
        assert!(kept.starts_with("- Member") && kept.contains("app_access: true"), "{difference}");
        assert!(rebuilt.starts_with("+ Member") && rebuilt.contains("app_access: false"), "{difference}");
        let mut at_end = JoinSet::new();
        at_end.spawn(server.at_end());
        assert!(at_end.join_next().await.unwrap().unwrap_err().is_panic(), "the test would not have failed");
        // There is nothing to look at any more when this test ends.
        server.stop().await;
    }

    async fn an_index_that_missed_any_fact_differs(server: TestServer) {
        let mine = server.organization("mine").await;
        let user = mine.create_user("anna").await;
        let role = mine.create_role("Reader", &["test:things.view"]).await;
        mine.grant(&user, &mine.root_unit, &[&role]).await;
        let facts = server.environment().await.feed.index().facts();
        let without = |missing: Option<usize>| {
            let mut index = Index::default();
            for (_, fact) in facts.iter().enumerate().filter(|(place, _)| Some(*place) != missing) {
                index.apply(fact);
            }
            index.facts()
        };

        assert_eq!(without(None), facts);
        for (place, fact) in facts.iter().enumerate() {
            assert_ne!(without(Some(place)), facts, "{fact:?}");
        }
    }
}
