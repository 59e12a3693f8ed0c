use std::sync::Arc;

use tokio::task::JoinSet;
use varco_application::storage::{Link, LinkPurpose, StoredPassword, StoredPin};
use varco_application::{PasswordHash, SecretDigest};
use varco_domain::*;
use varco_persistence::SeaStore;
use varco_testkit::databases::TestDatabase;
use varco_testkit::on_every_database;

use crate::world::*;

fn password(hash: &str, must_change: bool) -> StoredPassword {
    StoredPassword { hash: PasswordHash(hash.to_owned()), changed_at: instant(), must_change }
}

fn link(user: UserId, byte: u8, purpose: LinkPurpose) -> Link {
    Link { digest: SecretDigest([byte; 32]), user, purpose, expires_at: instant().plus(HOUR) }
}

async fn ana(store: &SeaStore) -> UserId {
    let acme = tenant(store, "Acme").await.id();
    member(store, acme, "ana").await.user.id
}

on_every_database! {
    async fn a_password_is_stored_in_place_of_the_last(database: TestDatabase) {
        let store = database.open().await;
        let ana = ana(&store).await;
        let (first, second) = (password("one", false), password("two", true));

        let mut work = begin(&store).await;
        assert_eq!(work.credentials().find_password(ana).await.unwrap(), None);
        work.credentials().set_password(ana, &first).await.unwrap();
        assert_eq!(work.credentials().find_password(ana).await.unwrap(), Some(first));
        work.credentials().set_password(ana, &second).await.unwrap();
        assert_eq!(work.credentials().find_password(ana).await.unwrap(), Some(second));
    }

    async fn a_password_gives_way_only_if_it_is_the_one_that_was_proved(database: TestDatabase) {
        let store = database.open().await;
        let ana = ana(&store).await;
        let (first, second, third) = (password("one", true), password("two", false), password("three", false));
        commit!(&store, |work| work.credentials().set_password(ana, &first));

        let mut work = begin(&store).await;
        assert!(!work.credentials().replace_password(ana, &second.hash, &third).await.unwrap());
        assert_eq!(work.credentials().find_password(ana).await.unwrap(), Some(first.clone()));
        assert!(work.credentials().replace_password(ana, &first.hash, &second).await.unwrap());
        assert!(!work.credentials().replace_password(ana, &first.hash, &third).await.unwrap());
        assert_eq!(work.credentials().find_password(ana).await.unwrap(), Some(second));
    }

    async fn a_pin_becomes_active_once(database: TestDatabase) {
        let store = database.open().await;
        let ana = ana(&store).await;
        let pin = |hash: &str, is_active| StoredPin { hash: PasswordHash(hash.to_owned()), is_active };

        let mut work = begin(&store).await;
        assert_eq!(work.credentials().find_pin(ana).await.unwrap(), None);
        work.credentials().set_pin(ana, &pin("one", false)).await.unwrap();
        assert!(!work.credentials().activate_pin(ana, &PasswordHash("two".to_owned())).await.unwrap());
        assert!(work.credentials().activate_pin(ana, &PasswordHash("one".to_owned())).await.unwrap());
        assert!(!work.credentials().activate_pin(ana, &PasswordHash("one".to_owned())).await.unwrap());
        assert_eq!(work.credentials().find_pin(ana).await.unwrap(), Some(pin("one", true)));
        work.credentials().set_pin(ana, &pin("two", false)).await.unwrap();
        assert_eq!(work.credentials().find_pin(ana).await.unwrap(), Some(pin("two", false)));
    }

    async fn a_link_works_until_it_expires_and_once(database: TestDatabase) {
        let store = database.open().await;
        let ana = ana(&store).await;
        let sent = link(ana, 1, LinkPurpose::Activation);
        let Link { digest, expires_at, .. } = sent;
        let last = Timestamp::from_micros(expires_at.as_micros() - 1);
        commit!(&store, |work| work.credentials().put_link(&sent));

        let mut work = begin(&store).await;
        let links = work.credentials();
        assert_eq!(links.find_link(&digest, LinkPurpose::Activation, last).await.unwrap(), Some(sent));
        assert_eq!(links.find_link(&digest, LinkPurpose::Activation, expires_at).await.unwrap(), None);
        assert_eq!(links.find_link(&digest, LinkPurpose::PasswordReset, last).await.unwrap(), None);
        assert_eq!(links.take_link(&digest, LinkPurpose::Activation, expires_at).await.unwrap(), None);
        assert_eq!(links.take_link(&digest, LinkPurpose::PasswordReset, last).await.unwrap(), None);
        assert_eq!(links.take_link(&SecretDigest([9; 32]), LinkPurpose::Activation, last).await.unwrap(), None);
        assert_eq!(links.take_link(&digest, LinkPurpose::Activation, last).await.unwrap(), Some(sent));
        assert_eq!(links.take_link(&digest, LinkPurpose::Activation, last).await.unwrap(), None);
    }

    async fn a_later_link_takes_the_place_of_the_one_with_the_same_purpose(database: TestDatabase) {
        let store = database.open().await;
        let ana = ana(&store).await;
        let (first, second) = (link(ana, 1, LinkPurpose::Activation), link(ana, 2, LinkPurpose::Activation));
        let reset = link(ana, 3, LinkPurpose::PasswordReset);
        commit!(&store, |work| work.credentials().put_link(&first), work.credentials().put_link(&reset),
            work.credentials().put_link(&second));

        let mut work = begin(&store).await;
        let links = work.credentials();
        let now = instant();
        assert_eq!(links.find_link(&first.digest, LinkPurpose::Activation, now).await.unwrap(), None);
        assert_eq!(links.find_link(&second.digest, LinkPurpose::Activation, now).await.unwrap(), Some(second));
        links.delete_link(ana, LinkPurpose::Activation).await.unwrap();
        assert_eq!(links.find_link(&second.digest, LinkPurpose::Activation, now).await.unwrap(), None);
        assert_eq!(links.find_link(&reset.digest, LinkPurpose::PasswordReset, now).await.unwrap(), Some(reset));
    }

    async fn of_many_units_of_work_one_takes_the_link(database: TestDatabase) {
        let store = database.open().await;
        let ana = ana(&store).await;
        let sent = link(ana, 1, LinkPurpose::Activation);
        commit!(&store, |work| work.credentials().put_link(&sent));

        let mut takes = JoinSet::new();
        for _ in 0..20 {
            let store = Arc::clone(&store);
            takes.spawn(async move {
                let mut work = begin(&store).await;
                let taken = work.credentials().take_link(&sent.digest, sent.purpose, instant()).await.unwrap();
                work.commit().await.unwrap();
                taken.is_some()
            });
        }
        let taken = takes.join_all().await;
        assert_eq!(taken.into_iter().filter(|is_taken| *is_taken).count(), 1);
    }

    async fn everything_goes_with_the_account_or_when_it_is_told_to(database: TestDatabase) {
        let store = database.open().await;
        let acme = tenant(&store, "Acme").await.id();
        let (ana, bob) = (member(&store, acme, "ana").await.user.id, member(&store, acme, "bob").await.user.id);
        let pin = StoredPin { hash: PasswordHash("pin".to_owned()), is_active: false };
        for (user, byte) in [(ana, 1), (bob, 2)] {
            let sent = link(user, byte, LinkPurpose::PasswordReset);
            commit!(&store, |work| work.credentials().set_password(user, &password("one", false)),
                work.credentials().set_pin(user, &pin), work.credentials().put_link(&sent));
        }
        commit!(&store, |work| work.credentials().delete_all(ana));
        commit!(&store, |work| work.users().delete_membership(acme, bob), work.users().delete(bob));

        let mut work = read(&store).await;
        for (user, byte) in [(ana, 1), (bob, 2)] {
            let credentials = work.credentials();
            assert_eq!(credentials.find_password(user).await.unwrap(), None);
            assert_eq!(credentials.find_pin(user).await.unwrap(), None);
            let digest = SecretDigest([byte; 32]);
            assert_eq!(credentials.find_link(&digest, LinkPurpose::PasswordReset, instant()).await.unwrap(), None);
        }
    }
}
