//! Calls that come to nothing are counted as well, and refused without a writer.

use varco_application::Clock;
use varco_domain::OrganizationId;
use varco_proto::v1::SignInRefusal;
use varco_testkit::{Actor, TestServer, on_every_database};

use super::provider::remove;
use super::*;
use crate::calls::refusal;

const TOO_MANY: &str = "RESOURCE_EXHAUSTED TOO_MANY_ATTEMPTS";
const NOT_FOUND: &str = "NOT_FOUND SSO_PROVIDER_NOT_FOUND";

/// Begins a single sign-on with an organization that there is not, or with a link that nobody got.
async fn begin_in_vain(server: &TestServer, link: &str) -> String {
    let nobody = OrganizationId::from_uuid(uuid::Uuid::nil()).to_string();
    let organization = if link.is_empty() { nobody.as_str() } else { "" };
    let request = v1::BeginSsoRequest {
        organization_id: organization.to_owned(),
        redirect_uri: SSO_REDIRECT_URI.to_owned(),
        activation_token: link.to_owned(),
        client: None,
    };
    refusal(ask!(server.anonymous().begin_sso(request)))
}

async fn complete_in_vain(server: &TestServer) -> String {
    let (state, code, issuer) = ("made-up".to_owned(), "made-up".to_owned(), String::new());
    refusal(complete(server, &Returned { state, code, issuer }).await)
}

async fn recover(server: &TestServer, name: &str) {
    let request = v1::RequestPasswordResetRequest { username_or_email: name.to_owned(), client: None };
    ask!(server.anonymous().request_password_reset(request)).unwrap();
}

/// Why single sign-ons were refused, the newest first.
async fn kept(sso: &Sso) -> Vec<SignInRefusal> {
    let organization_id = sso.acme.organization.clone();
    let request = v1::ListFailedSignInsRequest { organization_id, ..Default::default() };
    let actor: &Actor = &sso.acme;
    let kept = ask!(actor.reports().list_failed_sign_ins(request)).unwrap().failed_sign_ins;
    kept.iter().map(v1::FailedSignIn::reason).collect()
}

on_every_database! {
    async fn beginnings_in_vain_are_counted_for_all_replicas(server: TestServer) {
        for link in ["", "made-up"] {
            server.clock.advance(Duration::from_mins(1));
            let now = server.clock.now();
            let mut answers = Vec::new();
            for number in 0..40 {
                // What this replica remembers goes with it.
                if number == 20 {
                    server.restart().await;
                }
                server.clock.set(now);
                answers.push(begin_in_vain(&server, link).await);
            }
            let expected = if link.is_empty() { NOT_FOUND } else { "FAILED_PRECONDITION LINK_INVALID" };
            assert_eq!(answers[..20], [expected; 20]);
            assert_eq!(answers[20..], [TOO_MANY; 20]);
        }
    }

    async fn a_flood_from_one_source_leaves_the_writer_alone(sso: Sso) {
        let server = &sso.server;
        server.clock.advance(Duration::from_mins(1));
        for _ in 0..10 {
            begin_in_vain(server, "").await;
            complete_in_vain(server).await;
        }
        for number in 0..20 {
            recover(server, &format!("nobody-{number}")).await;
        }
        let (env, now) = (server.environment().await, server.clock.now());
        // Nobody else can write until it is dropped: what is refused now was refused without.
        let writer = env.store.begin().await.unwrap();
        for _ in 0..20 {
            server.clock.set(now);
            assert_eq!(begin_in_vain(server, "").await, TOO_MANY);
            assert_eq!(complete_in_vain(server).await, TOO_MANY);
            recover(server, "ana").await;
        }
        drop(writer);
    }

    async fn what_a_provider_no_longer_vouches_for_is_kept(sso: Sso) {
        sso.member("ana", "a").await;
        let (_, token) = sso.invite("leo").await;
        for link in ["", &token] {
            let before = kept(&sso).await.len();
            let begun = begin(&sso.server, if link.is_empty() { &sso.acme.organization } else { "" }, link).await;
            let back = sso.provider.sign_in(&begun.unwrap().authorization_url, "a");
            let pending = sso.provider.hold();
            let gone = async { _ = remove(&sso.acme, false).await.unwrap() };
            let (came, ()) = tokio::join!(complete(&sso.server, &back), pending.meanwhile(gone));
            assert_eq!(refusal(came), SSO_FAILED);
            let kept = kept(&sso).await;
            assert_eq!((kept[0], kept.len()), (SignInRefusal::ProviderRefused, before + 1), "{link}");
            ask!(sso.acme.organizations().set_sso_provider(provider_at(&sso.acme, &sso.provider.issuer))).unwrap();
        }
    }
}
