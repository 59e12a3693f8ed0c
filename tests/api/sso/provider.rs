use varco_testkit::on_every_database;

use super::*;
use crate::calls::{bad_fields, refusal};

const NOT_FOUND: &str = "NOT_FOUND SSO_PROVIDER_NOT_FOUND";

async fn get(acme: &OrganizationActor) -> Result<v1::GetSsoProviderResponse, Status> {
    let request = v1::GetSsoProviderRequest { organization_id: acme.organization.clone() };
    ask!(acme.organizations().get_sso_provider(request))
}

pub(super) async fn remove(
    acme: &OrganizationActor,
    validate_only: bool,
) -> Result<v1::RemoveSsoProviderResponse, Status> {
    let request = v1::RemoveSsoProviderRequest { organization_id: acme.organization.clone(), validate_only };
    ask!(acme.organizations().remove_sso_provider(request))
}

pub(super) async fn set(
    acme: &OrganizationActor,
    request: v1::SetSsoProviderRequest,
) -> Result<v1::SsoProvider, Status> {
    Ok(ask!(acme.organizations().set_sso_provider(request))?.sso_provider.unwrap())
}

on_every_database! {
    async fn a_provider_is_set_shown_and_removed(server: TestServer) {
        let acme = server.organization("Acme").await;
        assert_eq!(refusal(get(&acme).await), NOT_FOUND);
        assert_eq!(refusal(begin(&server, &acme.organization, "").await), NOT_FOUND);
        assert_eq!(refusal(remove(&acme, false).await), NOT_FOUND);

        let request = provider_at(&acme, "https://idp.example/tenant");
        let provider = set(&acme, request.clone()).await.unwrap();
        assert_eq!(Some(&provider), request.sso_provider.as_ref());
        assert_eq!(get(&acme).await.unwrap().sso_provider, Some(provider));
        let events = format!("{:?}", acme.events_so_far().await);
        assert!(events.contains("organization.sso_provider_set") && events.contains("https://idp.example/tenant"));
        assert!(!events.contains(SSO_CLIENT_SECRET), "the log holds no secret");

        let count = acme.event_count().await;
        set(&acme, v1::SetSsoProviderRequest { client_secret: String::new(), ..request }).await.unwrap();
        assert_eq!(acme.event_count().await, count, "nothing changed");
        remove(&acme, true).await.unwrap();
        assert!(get(&acme).await.is_ok());
        remove(&acme, false).await.unwrap();
        assert_eq!(refusal(get(&acme).await), NOT_FOUND);
    }

    async fn a_secret_goes_to_nobody_but_whom_it_was_given_for(server: TestServer) {
        let acme = server.organization("Acme").await;
        let request = provider_at(&acme, "https://idp.example");
        let without = |issuer: &str| {
            v1::SetSsoProviderRequest { client_secret: String::new(), ..provider_at(&acme, issuer) }
        };
        assert_eq!(bad_fields(set(&acme, without("https://idp.example")).await), ["client_secret"]);
        set(&acme, request).await.unwrap();
        assert!(set(&acme, without("https://idp.example")).await.is_ok());
        assert_eq!(bad_fields(set(&acme, without("https://evil.example")).await), ["client_secret"]);
        let mut other_client = without("https://idp.example");
        other_client.sso_provider.as_mut().unwrap().client_id = "another".to_owned();
        assert_eq!(bad_fields(set(&acme, other_client).await), ["client_secret"]);
    }

    async fn every_bad_field_is_named_at_once(server: TestServer) {
        let acme = server.organization("Acme").await;
        let provider = v1::SsoProvider {
            issuer: "http://idp.example".to_owned(),
            client_id: "two words".to_owned(),
            redirect_uris: vec!["https://app.example/".to_owned(), "javascript:alert(1)".to_owned()],
        };
        let request = v1::SetSsoProviderRequest {
            organization_id: acme.organization.clone(),
            sso_provider: Some(provider),
            client_secret: "a".repeat(1025),
            validate_only: false,
        };
        let named =
            ["sso_provider.issuer", "sso_provider.client_id", "sso_provider.redirect_uris[1]", "client_secret"];
        assert_eq!(bad_fields(set(&acme, request).await), named);
        let request = v1::SetSsoProviderRequest { organization_id: acme.organization.clone(), ..Default::default() };
        let named = ["sso_provider.issuer", "sso_provider.client_id", "sso_provider.redirect_uris"];
        assert_eq!(bad_fields(set(&acme, request).await), named);
    }

    async fn trying_changes_nothing(server: TestServer) {
        let acme = server.organization("Acme").await;
        let request =
            v1::SetSsoProviderRequest { validate_only: true, ..provider_at(&acme, "https://idp.example") };
        assert!(set(&acme, request).await.is_ok());
        assert_eq!(refusal(get(&acme).await), NOT_FOUND);
    }

    async fn without_its_provider_nobody_is_let_in_and_with_it_as_before(sso: Sso) {
        let ana = sso.member("ana", "a").await;
        let on_the_way = sso.come_back("a").await;
        remove(&sso.acme, false).await.unwrap();
        assert_eq!(refusal(complete(&sso.server, &on_the_way).await), SSO_FAILED);
        assert_eq!(refusal(begin(&sso.server, &sso.acme.organization, "").await), NOT_FOUND);
        set(&sso.acme, provider_at(&sso.acme, &sso.provider.issuer)).await.unwrap();
        assert_eq!(refusal(complete(&sso.server, &on_the_way).await), SSO_FAILED);
        let back = sso.come_back("a").await;
        assert_eq!(user_of(complete(&sso.server, &back).await.unwrap()), ana);
    }

    async fn a_provider_that_knows_us_by_another_secret_is_out_of_order(sso: Sso) {
        let request = v1::SetSsoProviderRequest {
            client_secret: "another-secret".to_owned(),
            ..provider_at(&sso.acme, &sso.provider.issuer)
        };
        set(&sso.acme, request).await.unwrap();
        let back = sso.come_back("a").await;
        assert_eq!(refusal(complete(&sso.server, &back).await), UNAVAILABLE);
    }
}
