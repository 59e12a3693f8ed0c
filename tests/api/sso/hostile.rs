use serde_json::json;
use varco_testkit::{Mischief, Returned, SSO_REDIRECT_URI, on_every_database};

use super::*;
use crate::calls::{bad_fields, refusal};

/// What only says that the provider is out of order; all else is a lie.
const OUT_OF_ORDER: [Mischief; 4] = [Mischief::Garbage, Mischief::Huge, Mischief::Redirect, Mischief::BadGateway];

on_every_database! {
    async fn no_lie_lets_anybody_in_and_the_truth_does(sso: Sso) {
        let ana = sso.member("ana", "a").await;
        let exchanges = sso.provider.exchanges();
        for mischief in Mischief::ALL {
            sso.provider.turn(*mischief);
            let back = sso.come_back("a").await;
            let came = complete(&sso.server, &back).await;
            match mischief {
                Mischief::None => assert_eq!(user_of(came.unwrap()), ana),
                it if OUT_OF_ORDER.contains(it) => assert_eq!(refusal(came), UNAVAILABLE, "{it:?}"),
                // A claim of another type makes the whole answer unreadable.
                Mischief::SubjectOfAnotherType => _ = came.unwrap_err(),
                it => assert_eq!(refusal(came), SSO_FAILED, "{it:?}"),
            }
        }
        assert_eq!(sso.provider.exchanges() - exchanges, Mischief::ALL.len(), "every one was asked, and once");
    }

    async fn no_lie_activates_an_account(sso: Sso) {
        let (user, token) = sso.invite("ana").await;
        for mischief in [Mischief::WrongNonce, Mischief::Unsigned, Mischief::WrongAudience, Mischief::EmptySubject] {
            sso.provider.turn(mischief);
            let back = sso.come_back_with(&token, "a").await;
            assert_eq!(refusal(complete(&sso.server, &back).await), SSO_FAILED, "{mischief:?}");
        }
        assert_eq!(sso.acme.user(&user).await.status(), v1::UserStatus::Invited);
        sso.provider.turn(Mischief::None);
        let back = sso.come_back_with(&token, "a").await;
        assert_eq!(user_of(complete(&sso.server, &back).await.unwrap()), user, "the link was not used up");
    }

    async fn a_state_works_once_whatever_came_of_it(sso: Sso) {
        sso.member("ana", "a").await;
        let back = sso.come_back("a").await;
        complete(&sso.server, &back).await.unwrap();
        let exchanges = sso.provider.exchanges();
        assert_eq!(refusal(complete(&sso.server, &back).await), SSO_FAILED);

        let back = sso.come_back("a").await;
        let wrong = Returned { code: "made-up".to_owned(), ..back.clone() };
        assert_eq!(refusal(complete(&sso.server, &wrong).await), SSO_FAILED);
        assert_eq!(refusal(complete(&sso.server, &back).await), SSO_FAILED);
        assert_eq!(sso.provider.exchanges() - exchanges, 1, "the provider was not asked twice");
    }

    async fn a_code_works_for_the_request_that_it_was_given_for(sso: Sso) {
        sso.member("ana", "a").await;
        let (first, second) = (sso.come_back("a").await, sso.come_back("a").await);
        let mixed = Returned { code: first.code.clone(), ..second };
        assert_eq!(refusal(complete(&sso.server, &mixed).await), SSO_FAILED, "the verifier is another");
        let made_up = Returned { state: "made-up".to_owned(), ..first };
        assert_eq!(refusal(complete(&sso.server, &made_up).await), SSO_FAILED);
        let back = sso.come_back("a").await;
        let mixed_up = Returned { issuer: "https://idp.example".to_owned(), ..back };
        assert_eq!(refusal(complete(&sso.server, &mixed_up).await), SSO_FAILED, "another provider gave the code");
    }

    async fn who_takes_too_long_starts_again(sso: Sso) {
        sso.member("ana", "a").await;
        let back = sso.come_back("a").await;
        sso.server.clock.advance(Duration::from_mins(10));
        assert_eq!(refusal(complete(&sso.server, &back).await), SSO_FAILED);
    }

    async fn a_browser_is_sent_back_where_the_provider_may_send_it(sso: Sso) {
        let foreign = [
            "https://evil.example/", "https://app.example.com/sso/callback", "https://app.example.com/sso/callback?tenant=1&a",
            "https://APP.example.com/sso/callback?tenant=1", "https://app.example.com/sso/callback?tenant=1#", "", "/",
        ];
        for uri in foreign {
            sso.server.clock.advance(Duration::from_secs(30));
            let request = v1::BeginSsoRequest {
                organization_id: sso.acme.organization.clone(),
                redirect_uri: uri.to_owned(),
                ..Default::default()
            };
            assert_eq!(bad_fields(ask!(sso.server.anonymous().begin_sso(request))), ["redirect_uri"], "{uri}");
        }
        assert!(begin(&sso.server, &sso.acme.organization, "").await.is_ok(), "{SSO_REDIRECT_URI}");
    }

    async fn a_provider_that_describes_itself_wrongly_is_not_used(sso: Sso) {
        let lies = [
            ("issuer", json!("https://idp.example")),
            ("authorization_endpoint", json!("http://idp.example/authorize")),
            ("jwks_uri", json!("http://idp.example/keys")),
            ("token_endpoint", json!(null)),
        ];
        for (field, lie) in lies {
            let provider = HostileProvider::start(&sso.server.clock).await;
            provider.describe_as(field, lie);
            ask!(sso.acme.organizations().set_sso_provider(provider_at(&sso.acme, &provider.issuer))).unwrap();
            let begun = begin(&sso.server, &sso.acme.organization, "").await;
            let Ok(begun) = begun else {
                assert_eq!(refusal(begun), UNAVAILABLE, "{field}");
                continue;
            };
            let back = provider.sign_in(&begun.authorization_url, "a");
            assert_eq!(refusal(complete(&sso.server, &back).await), UNAVAILABLE, "{field}");
        }
    }

    async fn a_secret_is_never_sent_without_encryption(sso: Sso) {
        let provider = HostileProvider::start(&sso.server.clock).await;
        provider.describe_as("token_endpoint", json!("http://idp.example/token"));
        ask!(sso.acme.organizations().set_sso_provider(provider_at(&sso.acme, &provider.issuer))).unwrap();
        let begun = begin(&sso.server, &sso.acme.organization, "").await.unwrap();
        let back = provider.sign_in(&begun.authorization_url, "a");
        assert_eq!(refusal(complete(&sso.server, &back).await), UNAVAILABLE);
    }

    async fn a_provider_that_is_not_there_keeps_nobody_waiting(sso: Sso) {
        let gone = "http://127.0.0.1:1";
        ask!(sso.acme.organizations().set_sso_provider(provider_at(&sso.acme, gone))).unwrap();
        for _ in 0..3 {
            assert_eq!(refusal(begin(&sso.server, &sso.acme.organization, "").await), UNAVAILABLE);
        }
    }

    async fn who_begins_too_often_has_to_wait(sso: Sso) {
        let mut refused = String::new();
        for _ in 0..40 {
            let request = v1::BeginSsoRequest {
                organization_id: sso.acme.organization.clone(),
                redirect_uri: SSO_REDIRECT_URI.to_owned(),
                ..Default::default()
            };
            if let Err(status) = ask!(sso.server.anonymous().begin_sso(request)) {
                refused = varco_testkit::status_text(&status);
                break;
            }
        }
        assert_eq!(refused, "RESOURCE_EXHAUSTED TOO_MANY_ATTEMPTS");
    }
}
