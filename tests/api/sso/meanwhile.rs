//! What changes while the provider is asked, or a password is hashed.

use varco_testkit::{PASSWORD, Returned, on_every_database};

use super::provider::{remove, set};
use super::*;
use crate::calls::{patiently, refusal};

impl Sso {
    /// Takes a browser that came back, and lets this happen while the provider is asked.
    async fn complete_while(&self, back: &Returned, work: impl Future<Output = ()>) -> Result<Answer, Status> {
        let pending = self.provider.hold();
        let (came, ()) = tokio::join!(complete(&self.server, back), pending.meanwhile(work));
        came
    }

    async fn set_again(&self, change: impl FnOnce(&mut v1::SetSsoProviderRequest)) {
        let mut request = provider_at(&self.acme, &self.provider.issuer);
        change(&mut request);
        set(&self.acme, request).await.unwrap();
    }

    async fn session_count(&self) -> usize {
        let events = self.acme.events_so_far().await;
        events.iter().filter(|event| event.r#type == "session.started").count()
    }
}

on_every_database! {
    async fn a_provider_that_is_taken_away_while_it_is_asked_lets_nobody_in(sso: Sso) {
        sso.member("ana", "a").await;
        let count = sso.session_count().await;
        let back = sso.come_back("a").await;
        let came = sso.complete_while(&back, async { _ = remove(&sso.acme, false).await.unwrap() }).await;
        assert_eq!(refusal(came), SSO_FAILED);
        assert_eq!(sso.session_count().await, count);
    }

    async fn a_provider_that_is_changed_while_it_is_asked_lets_nobody_in(sso: Sso) {
        let ana = sso.member("ana", "a").await;
        let back = sso.come_back("a").await;
        let came = sso.complete_while(&back, sso.set_again(|it| {
            it.sso_provider.as_mut().unwrap().client_id = "another".to_owned();
        })).await;
        assert_eq!(refusal(came), SSO_FAILED, "another client");

        sso.set_again(|_| ()).await;
        let back = sso.come_back("a").await;
        let came = sso.complete_while(&back, sso.set_again(|it| {
            it.sso_provider.as_mut().unwrap().issuer = "https://idp.example".to_owned();
        })).await;
        assert_eq!(refusal(came), SSO_FAILED, "another issuer");

        sso.set_again(|_| ()).await;
        let back = sso.come_back("a").await;
        let came = sso.complete_while(&back, async {
            remove(&sso.acme, false).await.unwrap();
            sso.set_again(|_| ()).await;
        }).await;
        assert_eq!(refusal(came), SSO_FAILED, "the same, set anew");
        let back = sso.come_back("a").await;
        assert_eq!(user_of(complete(&sso.server, &back).await.unwrap()), ana);
    }

    async fn a_provider_that_is_taken_away_while_it_is_asked_activates_nobody(sso: Sso) {
        let (user, token) = sso.invite("ana").await;
        let back = sso.come_back_with(&token, "a").await;
        let came = sso.complete_while(&back, async { _ = remove(&sso.acme, false).await.unwrap() }).await;
        assert_eq!(refusal(came), SSO_FAILED);
        assert_eq!(sso.acme.user(&user).await.status(), v1::UserStatus::Invited);

        let request = v1::ActivateAccountRequest { token, password: PASSWORD.to_owned() };
        ask!(sso.server.anonymous().activate_account(request)).unwrap();
    }

    async fn who_becomes_a_contact_while_the_provider_is_asked_is_not_let_in(sso: Sso) {
        let ana = sso.member("ana", "a").await;
        let back = sso.come_back("a").await;
        let request = v1::DeactivateSubAccountRequest {
            organization_id: sso.acme.organization.clone(),
            user_id: ana,
            validate_only: false,
        };
        let deactivate = async { _ = ask!(sso.acme.users().deactivate_sub_account(request)).unwrap() };
        assert_eq!(refusal(sso.complete_while(&back, deactivate).await), SSO_FAILED);
    }

    async fn a_browser_that_was_sent_to_one_provider_does_not_come_back_to_another(sso: Sso) {
        let other = HostileProvider::start(&sso.server.clock).await;
        let pending = sso.provider.hold();
        let begin = begin(&sso.server, &sso.acme.organization, "");
        let set = sso.set_again(|it| it.sso_provider.as_mut().unwrap().issuer.clone_from(&other.issuer));
        let (begun, ()) = tokio::join!(begin, pending.meanwhile(set));
        let back = sso.provider.sign_in(&begun.unwrap().authorization_url, "a");
        let back = Returned { issuer: String::new(), ..back };
        assert_eq!(refusal(complete(&sso.server, &back).await), SSO_FAILED);
        assert_eq!(other.exchanges(), 0, "it is shown no code that another gave");
    }

    async fn nobody_activates_with_a_password_once_a_provider_is_set(sso: Sso) {
        for round in 0..20 {
            let (user, token) = sso.invite(&format!("user-{round}")).await;
            remove(&sso.acme, false).await.unwrap();
            let request = v1::ActivateAccountRequest { token, password: PASSWORD.to_owned() };
            let (activated, ()) = tokio::join!(
                patiently(async || ask!(sso.server.anonymous().activate_account(request.clone()))),
                sso.set_again(|_| ()),
            );
            let status = sso.acme.user(&user).await.status();
            match activated {
                Ok(_) => assert_eq!(status, v1::UserStatus::Active),
                outcome => {
                    assert_eq!(refusal(outcome), "FAILED_PRECONDITION SSO_REQUIRED");
                    assert_eq!(status, v1::UserStatus::Invited);
                    continue;
                }
            }
            let events = sso.acme.events_so_far().await;
            let last = |kind: &str| events.iter().find(|event| event.r#type == kind).unwrap().revision;
            assert!(last("user.activated") < last("organization.sso_provider_set"), "round {round}");
        }
    }

    async fn many_who_come_back_at_once_are_all_let_in(sso: Sso) {
        let mut backs = Vec::new();
        for number in 0..10 {
            sso.member(&format!("user-{number}"), &format!("subject-{number}")).await;
        }
        for number in 0..10 {
            backs.push(sso.come_back(&format!("subject-{number}")).await);
        }
        sso.server.clock.advance(Duration::from_mins(1));
        let calls = backs.iter().map(|back| complete(&sso.server, back));
        for came in futures::future::join_all(calls).await {
            user_of(came.unwrap());
        }
    }
}
