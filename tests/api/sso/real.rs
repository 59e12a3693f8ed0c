use varco_testkit::{OidcProvider, on_every_database};

use super::*;
use crate::calls::refusal;

on_every_database! {
    async fn a_provider_that_nobody_here_wrote_activates_and_lets_in(server: TestServer) {
        let provider = OidcProvider::start().await;
        server.clock.set(provider.now());
        let acme = server.organization("Acme").await;
        ask!(acme.organizations().set_sso_provider(provider_at(&acme, &provider.issuer))).unwrap();
        let user = acme.invite_person("ana", v1::BackOfficeLevel::None).await;
        let token = server.last_mail("ana@example.com").await.value("token").to_owned();

        let begun = begin_now(&server, "", &token).await;
        let back = provider.sign_in(&begun.authorization_url, "ana-at-the-provider").await;
        assert_eq!((&back.state, &back.issuer), (&begun.state, &provider.issuer));
        assert_eq!(user_of(complete(&server, &back).await.unwrap()), user);

        let begun = begin_now(&server, &acme.organization, "").await;
        let back = provider.sign_in(&begun.authorization_url, "ana-at-the-provider").await;
        assert_eq!(user_of(complete(&server, &back).await.unwrap()), user);
        assert_eq!(refusal(complete(&server, &back).await), SSO_FAILED, "once");

        let begun = begin_now(&server, &acme.organization, "").await;
        let back = provider.sign_in(&begun.authorization_url, "somebody-else").await;
        assert_eq!(refusal(complete(&server, &back).await), SSO_FAILED);
    }
}

/// As `begin` without letting time pass: it would go ahead of the machine's.
async fn begin_now(server: &TestServer, organization: &str, link: &str) -> v1::BeginSsoResponse {
    let request = v1::BeginSsoRequest {
        organization_id: organization.to_owned(),
        redirect_uri: SSO_REDIRECT_URI.to_owned(),
        activation_token: link.to_owned(),
        client: None,
    };
    ask!(server.anonymous().begin_sso(request)).unwrap()
}
