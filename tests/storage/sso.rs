use varco_application::SecretDigest;
use varco_application::storage::{SsoRequest, StorageError, StoredSsoProvider, UniqueKey};
use varco_domain::*;
use varco_testkit::databases::TestDatabase;
use varco_testkit::on_every_database;

use crate::world::*;

fn issuer(text: &str) -> SsoIssuer {
    SsoIssuer::parse(text).unwrap()
}

fn uri(text: &str) -> RedirectUri {
    RedirectUri::parse(text).unwrap()
}

fn provider(organization: OrganizationId) -> StoredSsoProvider {
    let provider = SsoProvider {
        organization,
        issuer: issuer("https://idp.example"),
        client_id: SsoClientId::parse("varco").unwrap(),
        redirect_uris: vec![uri("https://app.example/b"), uri("https://app.example/a")],
    };
    StoredSsoProvider { provider, sealed_secret: vec![0, 255, 1] }
}

fn request(organization: OrganizationId, state: u8) -> SsoRequest {
    SsoRequest {
        state: SecretDigest([state; 32]),
        organization,
        redirect_uri: uri("https://app.example/a"),
        sealed_expected: vec![9, 0],
        link: None,
        expires_at: instant().plus(HOUR),
    }
}

fn identity(issuer_text: &str, subject: &str) -> ExternalIdentity {
    ExternalIdentity::parse(issuer(issuer_text), subject).unwrap()
}

on_every_database! {
    async fn a_provider_is_found_where_it_belongs_and_replaced_whole(database: TestDatabase) {
        let store = database.open().await;
        let (acme, other) = (tenant(&store, "Acme").await.id(), tenant(&store, "Other").await.id());
        let first = provider(acme);
        commit!(store, |work| work.sso().set_provider(&first));
        let found = read(&store).await.sso().find_provider(acme).await.unwrap();
        assert_eq!(found, Some(first.clone()));
        assert_eq!(read(&store).await.sso().find_provider(other).await.unwrap(), None);

        let mut second = first;
        second.provider.redirect_uris.truncate(1);
        second.sealed_secret = Vec::new();
        commit!(store, |work| work.sso().set_provider(&second));
        assert_eq!(read(&store).await.sso().find_provider(acme).await.unwrap(), Some(second));
        commit!(store, |work| work.sso().delete_provider(acme));
        assert_eq!(read(&store).await.sso().find_provider(acme).await.unwrap(), None);
    }

    async fn a_request_is_taken_once_and_only_in_time(database: TestDatabase) {
        let store = database.open().await;
        let acme = tenant(&store, "Acme").await.id();
        let (late, early) = (request(acme, 1), request(acme, 2));
        let with_link = SsoRequest { link: Some(SecretDigest([7; 32])), ..request(acme, 3) };
        let now = instant();
        commit!(store, |work| work.sso().insert_request(&late, now), work.sso().insert_request(&early, now),
            work.sso().insert_request(&with_link, now));

        let mut work = begin(&store).await;
        assert_eq!(work.sso().take_request(&late.state, late.expires_at).await.unwrap(), None);
        let last = Timestamp::from_micros(early.expires_at.as_micros() - 1);
        assert_eq!(work.sso().take_request(&early.state, last).await.unwrap(), Some(early.clone()));
        assert_eq!(work.sso().take_request(&early.state, last).await.unwrap(), None);
        assert_eq!(work.sso().take_request(&with_link.state, now).await.unwrap(), Some(with_link));
        assert_eq!(work.sso().take_request(&SecretDigest([9; 32]), now).await.unwrap(), None);
    }

    async fn requests_that_expired_are_forgotten_and_others_go_with_their_provider(database: TestDatabase) {
        let store = database.open().await;
        let (acme, other) = (tenant(&store, "Acme").await.id(), tenant(&store, "Other").await.id());
        let (old, new, foreign) = (request(acme, 1), request(acme, 2), request(other, 3));
        let new = SsoRequest { expires_at: old.expires_at.plus(HOUR), ..new };
        let foreign = SsoRequest { expires_at: old.expires_at, ..foreign };
        let now = instant();
        commit!(store, |work| work.sso().insert_request(&old, now), work.sso().insert_request(&foreign, now));
        commit!(store, |work| work.sso().insert_request(&new, old.expires_at));
        let mut work = begin(&store).await;
        assert_eq!(work.sso().take_request(&old.state, now).await.unwrap(), None);
        assert_eq!(work.sso().take_request(&foreign.state, now).await.unwrap(), None, "it had expired as well");
        drop(work);

        let foreign = SsoRequest { expires_at: new.expires_at, ..foreign };
        commit!(store, |work| work.sso().insert_request(&foreign, now), work.sso().set_provider(&provider(acme)));
        let mut work = begin(&store).await;
        assert_eq!(work.sso().take_request(&new.state, now).await.unwrap(), None);
        assert_eq!(work.sso().take_request(&foreign.state, now).await.unwrap(), Some(foreign));
    }

    async fn an_identity_is_one_persons_byte_by_byte(database: TestDatabase) {
        let store = database.open().await;
        let acme = tenant(&store, "Acme").await.id();
        let (ana, leo) = (member(&store, acme, "ana").await.user.id, member(&store, acme, "leo").await.user.id);
        let (small, capital) = (identity("https://idp.example", "a"), identity("https://idp.example", "A"));
        let elsewhere = identity("https://idp.example/", "a");
        let now = instant();
        commit!(store, |work| work.sso().link(&small, ana, now), work.sso().link(&capital, leo, now));

        let refused = attempt!(store, |work| work.sso().link(&small, leo, now));
        assert_eq!(refused, Err(format!("{:?}", StorageError::Duplicate(UniqueKey::ExternalIdentity))));
        let mut work = read(&store).await;
        assert_eq!(work.sso().find_user(&small).await.unwrap(), Some(ana));
        assert_eq!(work.sso().find_user(&capital).await.unwrap(), Some(leo));
        assert_eq!(work.sso().find_user(&elsewhere).await.unwrap(), None);
    }

    async fn who_is_known_to_an_issuer_is_known_to_no_other(database: TestDatabase) {
        let store = database.open().await;
        let acme = tenant(&store, "Acme").await.id();
        let (ana, leo) = (member(&store, acme, "ana").await.user.id, member(&store, acme, "leo").await.user.id);
        let now = instant();
        commit!(store, |work| work.sso().link(&identity("https://idp.example", "a"), ana, now));

        let mut work = read(&store).await;
        let (here, elsewhere) = (issuer("https://idp.example"), issuer("https://idp.example/"));
        assert!(work.sso().is_known_to(&here, ana).await.unwrap());
        assert!(!work.sso().is_known_to(&here, leo).await.unwrap());
        assert!(!work.sso().is_known_to(&elsewhere, ana).await.unwrap());
    }

    async fn identities_go_with_the_account_and_with_its_credentials(database: TestDatabase) {
        let store = database.open().await;
        let acme = tenant(&store, "Acme").await.id();
        let (ana, leo) = (member(&store, acme, "ana").await.user.id, member(&store, acme, "leo").await.user.id);
        let (of_ana, of_leo) = (identity("https://idp.example", "a"), identity("https://idp.example", "l"));
        let now = instant();
        commit!(store, |work| work.sso().link(&of_ana, ana, now), work.sso().link(&of_leo, leo, now));

        commit!(store, |work| work.credentials().delete_all(ana), work.users().delete_membership(acme, leo),
            work.users().delete(leo));
        let mut work = read(&store).await;
        assert_eq!(work.sso().find_user(&of_ana).await.unwrap(), None);
        assert_eq!(work.sso().find_user(&of_leo).await.unwrap(), None);
    }
}
